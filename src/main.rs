//! The one binary: the page when built for a browser, the command line otherwise.
//!
//! It decides which protocols there are: what is not in the list is not in the program.

use replicarium::scenario::PROTOCOLS;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    replicarium::cli::main(PROTOCOLS)
}

#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(feature = "api")]
    replicarium::api::serve(PROTOCOLS);
    #[cfg(feature = "ui")]
    replicarium::ui::mount(PROTOCOLS);
}
