//! What the page asks of the browser: sizes, the address, the theme, the clipboard.
//!
//! Storage and clipboard may be refused in a frame; the page works without them.

use super::intent::Intent;
use super::session::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, HtmlElement, KeyboardEvent, Window};
use yew::Callback;

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The HTML element of this id.
#[must_use]
pub fn html_of(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The inner width of an element, in pixels; a guess while it is not there or not laid out.
#[must_use]
pub fn width_of(id: &str) -> f64 {
    let element = document().and_then(|document| document.get_element_by_id(id));
    element
        .map(|element| f64::from(element.client_width()))
        .filter(|width| *width > 0.0)
        .unwrap_or(960.0)
}

/// What stands behind the hash of the address.
#[must_use]
pub fn link() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let text = hash.trim_start_matches('#');
    (!text.is_empty() && text != "stage").then(|| text.to_owned())
}

/// The query of the address.
#[must_use]
pub fn query() -> Option<String> {
    web_sys::window()?.location().search().ok()
}

/// Whether things should not glide.
#[must_use]
pub fn prefers_stillness() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

fn matches(query: &str) -> bool {
    let found = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    found.is_some_and(|list| list.matches())
}

const THEME: &str = "replicarium-theme";
const THEME_ATTRIBUTE: &str = "data-theme";

fn root() -> Option<Element> {
    document()?.document_element()
}

/// The theme that a reader chose before, if the browser remembers it.
pub fn restore_theme() {
    let stored = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    let theme = stored.and_then(|storage| storage.get_item(THEME).ok().flatten());
    if let (Some(root), Some(theme)) = (root(), theme) {
        let _ = root.set_attribute(THEME_ATTRIBUTE, &theme);
    }
}

/// From light to dark, or back.
pub fn other_theme() {
    let Some(root) = root() else { return };
    let dark = match root.get_attribute(THEME_ATTRIBUTE) {
        Some(theme) => theme == "dark",
        None => matches("(prefers-color-scheme: dark)"),
    };
    let theme = if dark { "light" } else { "dark" };
    let _ = root.set_attribute(THEME_ATTRIBUTE, theme);
    if let Some(storage) =
        web_sys::window().and_then(|window| window.local_storage().ok().flatten())
    {
        let _ = storage.set_item(THEME, theme);
    }
}

/// Writes the link into the address and, where allowed, the clipboard.
pub fn copy(link: &str, send: &Callback<Intent>) {
    let Some(window) = web_sys::window() else { return };
    let address = address(&window, link);
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        let written = window.navigator().clipboard().write_text(&address);
        let (yes, no) = (send.clone(), send.clone());
        let done =
            Closure::once_into_js(move |_: wasm_bindgen::JsValue| yes.emit(Intent::Shared(true)));
        let failed =
            Closure::once_into_js(move |_: wasm_bindgen::JsValue| no.emit(Intent::Shared(false)));
        let _ = js_sys::Reflect::get(&written, &"then".into()).and_then(|then| {
            then.unchecked_into::<js_sys::Function>().call2(&written, &done, &failed)
        });
    }
}

/// The address of this page with a link behind the hash.
fn address(window: &Window, link: &str) -> String {
    let here = window.location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}#{link}")
}

/// The address of the full page with a link, for a frame, whose own address has a query.
#[must_use]
pub fn page_address(link: &str) -> String {
    let here = web_sys::window().and_then(|window| window.location().href().ok());
    let here = here.unwrap_or_default();
    let page = here.split(['#', '?']).next().unwrap_or_default();
    format!("{page}#{link}")
}

/// Shows a theme from now on, or what the reader's machine prefers.
pub fn set_theme(theme: Option<&str>) {
    let Some(root) = root() else { return };
    let _ = match theme {
        Some(theme) => root.set_attribute(THEME_ATTRIBUTE, theme),
        None => root.remove_attribute(THEME_ATTRIBUTE),
    };
}

/// The full link for readers.
#[must_use]
pub fn full_link(link: &str) -> String {
    web_sys::window().map_or_else(|| link.to_owned(), |window| address(&window, link))
}

/// Whether the whole program is here. What is published begins with a light part of it; the page's loader marks on
/// the root element that the whole has taken over.
pub fn is_whole() -> bool {
    let Some(document) = document() else { return true };
    let divided = document.query_selector("script[data-whole]").ok().flatten().is_some();
    let arrived = document
        .document_element()
        .is_some_and(|root| root.get_attribute("data-whole").as_deref() == Some("here"));
    arrived || !divided
}

/// Leaves on the root element what the last screen needs should the program stop.
pub fn leave_traces(session: &Session) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-panic-link", &full_link(&session.link()));
    }
}

/// Listens to the window while the page lives.
pub struct Listeners {
    resized: Closure<dyn FnMut()>,
    key: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Listeners {
    /// Tells when the window changes its size, and keys that are pressed while nothing has the
    /// focus.
    #[must_use]
    pub fn new(send: &Callback<Intent>) -> Self {
        let (sized, keyed) = (send.clone(), send.clone());
        let resized = Closure::new(move || sized.emit(Intent::Resized));
        let key = Closure::new(move |event: KeyboardEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let nothing = target.is_none_or(|target| target.tag_name() == "BODY");
            if nothing && !event.ctrl_key() && !event.meta_key() && !event.alt_key() {
                if event.key() == " " {
                    event.prevent_default();
                }
                keyed.emit(Intent::Key(event.key()));
            }
        });
        if let Some(window) = web_sys::window() {
            let listen = |name, closure: &wasm_bindgen::JsValue| {
                let _ = window.add_event_listener_with_callback(name, closure.unchecked_ref());
            };
            listen("resize", resized.as_ref());
            listen("keydown", key.as_ref());
        }
        Self { resized, key }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let ignore = |name, closure: &wasm_bindgen::JsValue| {
                let _ = window.remove_event_listener_with_callback(name, closure.unchecked_ref());
            };
            ignore("resize", self.resized.as_ref());
            ignore("keydown", self.key.as_ref());
        }
    }
}
