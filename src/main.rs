//! The one binary: the page when built for a browser, the command line otherwise.
//!
//! It decides which protocols there are: what is not in the list is not in the program.

use replicarium::protocols::PROTOCOLS;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    replicarium::cli::main(PROTOCOLS)
}

/// In a browser the program waits to be called: by the page's loader, which opens the page, or by a
/// script.
#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(any(feature = "api", feature = "probe"))]
    replicarium::api::serve(PROTOCOLS);
}

/// Opens the page in the document.
#[cfg(all(target_arch = "wasm32", feature = "ui"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn open() {
    replicarium::ui::mount(PROTOCOLS);
}
