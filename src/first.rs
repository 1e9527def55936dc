//! The program of the first view: single-leader replication alone, so that the page stands soon. What
//! it lacks, the whole program has; the page's loader brings that one when it is asked for.

/// It waits to be called by the page's loader.
fn main() {}

/// Opens the page in the document.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn open() {
    replicarium::ui::mount(replicarium::scenario::FIRST);
}
