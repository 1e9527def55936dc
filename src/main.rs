//! The one binary: the page when built for a browser, the command line otherwise.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    replicarium::cli::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(feature = "ui")]
    replicarium::ui::mount();
}
