//! The one binary: the page when built for a browser, the command line otherwise.
fn main() {
    #[cfg(feature = "ui")]
    replicarium::ui::mount();
}
