//! The one binary: the page when built for a browser, the command line otherwise.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    replicarium::cli::main()
}

/// In a browser the program waits to be called: by the page's loader, which opens the page, or by a
/// script.
#[cfg(target_arch = "wasm32")]
fn main() {}

/// Opens the page in the document.
#[cfg(all(target_arch = "wasm32", feature = "ui"))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn open() {
    replicarium::ui::mount();
}
