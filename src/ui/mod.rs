//! The page: everything that a reader sees and touches, drawn from views. It knows the lab and
//! nothing behind it.

mod app;
mod bars;
mod browser;
mod editor;
mod embed;
mod frames;
mod header;
mod inspector;
mod intent;
mod keys;
mod knobs;
mod ledger;
mod log;
mod modes;
mod pace;
mod page;
mod parts;
mod player;
mod sentence;
mod session;
mod share;
mod shared;
mod sheet;
mod stage;
mod timeline;
mod verdicts;
mod views;
mod words;

use scenario::Protocols;
use view::{figures, layout, shape};

/// What the page is started with.
#[derive(Clone, Copy, yew::Properties)]
pub struct Start {
    protocols: Protocols,
    /// The widths that stage and timeline will have, in pixels, if the opening picture tells.
    widths: (f64, f64),
}

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.protocols, other.protocols)
    }
}

/// Opens the page with these protocols where the document has room for it. Without a window (in Node, in a worker) it
/// does nothing: the same program serves scripts there.
pub fn mount(protocols: Protocols) {
    let Some(root) = browser::document().and_then(|document| document.get_element_by_id("app"))
    else {
        return;
    };
    yew::set_custom_panic_hook(Box::new(last_words));
    // The opening picture stands where the drawings will: it is measured before it goes.
    let widths = (browser::width_of("stage"), browser::width_of("timeline"));
    let start = Start { protocols, widths };
    yew::Renderer::<app::App>::with_root_and_props(root, start).render();
}

/// Leaves the last words on the root element, where the page's loader finds them.
fn last_words(info: &std::panic::PanicHookInfo<'_>) {
    if let Some(root) = browser::document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-panic", &info.to_string());
    }
}
