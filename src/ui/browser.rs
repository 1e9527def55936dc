//! What the page asks of the browser: sizes, the address, the theme, the clipboard.
//!
//! Storage and clipboard may be refused in a frame; the page works without them.

use super::intent::Intent;
use super::share::Wish;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, HtmlElement, HtmlSelectElement, KeyboardEvent, Window};
use yew::Callback;

/// Where the page's own link leads to: the stage, and no run.
const STAGE: &str = "stage";

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

/// The element that an event comes from, if it is one of this kind.
#[must_use]
pub fn target<T: JsCast>(event: &web_sys::Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// The place of what was chosen in the list that an event comes from.
#[must_use]
pub fn chosen_place(event: &web_sys::Event) -> Option<usize> {
    usize::try_from(target::<HtmlSelectElement>(event)?.selected_index()).ok()
}

/// The width of an element that is not there or not laid out: a guess.
pub const UNMEASURED: f64 = 960.0;

/// The inner width of an element, in pixels, or [`UNMEASURED`].
#[must_use]
pub fn width_of(id: &str) -> f64 {
    let element = document().and_then(|document| document.get_element_by_id(id));
    element
        .map(|element| f64::from(element.client_width()))
        .filter(|width| *width > 0.0)
        .unwrap_or(UNMEASURED)
}

/// Brings the sentence back into sight where there is room for little else and it is above the edge: it
/// answers what a reader has just done. It jumps, as still readers want it.
pub fn show_answer() {
    let sentence = document().and_then(|it| it.query_selector(".sentence").ok().flatten());
    let above = |it: &web_sys::Element| it.get_bounding_client_rect().top() < 0.0;
    if let Some(sentence) = sentence.filter(|it| matches("(max-width: 600px)") && above(it)) {
        sentence.scroll_into_view();
    }
}

/// What stands behind the hash of the address, or nothing.
#[must_use]
pub fn hash() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    Some(hash.trim_start_matches('#').to_owned())
}

/// The link that stands behind the hash of the address, if one does.
#[must_use]
pub fn link() -> Option<String> {
    hash().filter(|text| !text.is_empty() && text != STAGE)
}

/// The query of the address, if the page's loader has found in it that the page is a frame in another page. The first
/// view of a page that is none reads no query.
#[must_use]
pub fn frame_query() -> Option<String> {
    root()?.get_attribute("data-embed")?;
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

/// The theme that somebody chose who handed this on, for this visit.
pub fn show_theme(dark: Option<bool>) {
    if let (Some(root), Some(dark)) = (root(), dark) {
        let _ = root.set_attribute(THEME_ATTRIBUTE, if dark { "dark" } else { "light" });
    }
}

/// Whether a theme was chosen, and it is the dark one.
#[must_use]
pub fn chosen_theme() -> Option<bool> {
    root()?.get_attribute(THEME_ATTRIBUTE).map(|theme| theme == "dark")
}

/// Whether the page is dark, by choice or as the browser asks.
#[must_use]
pub fn is_dark() -> bool {
    chosen_theme().unwrap_or_else(|| matches("(prefers-color-scheme: dark)"))
}

/// From light to dark, or back.
pub fn other_theme() {
    let Some(root) = root() else { return };
    let theme = if is_dark() { "light" } else { "dark" };
    let _ = root.set_attribute(THEME_ATTRIBUTE, theme);
    if let Some(storage) =
        web_sys::window().and_then(|window| window.local_storage().ok().flatten())
    {
        let _ = storage.set_item(THEME, theme);
    }
}

/// Writes the link into the address, where that is allowed.
pub fn put_into_address(link: &str) {
    let Some(window) = web_sys::window() else { return };
    if let Ok(history) = window.history() {
        let address = address(&window, link);
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// Puts a text into the clipboard, and tells whether the browser let us.
pub fn copy(text: &str, send: &Callback<Intent>) {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return };
    if !has(&navigator, "clipboard") {
        send.emit(Intent::Sharing(Wish::Copied(false)));
        return;
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text));
    let send = send.clone();
    spawn_local(async move { send.emit(Intent::Sharing(Wish::Copied(written.await.is_ok()))) });
}

/// Whether the browser has a way of its own to hand things on.
#[must_use]
pub fn can_hand_on() -> bool {
    web_sys::window().is_some_and(|window| has(&window.navigator(), "share"))
}

/// Hands an address on in the browser's own way. A reader who changes their mind is no mistake.
pub fn hand_on(title: &str, address: &str) {
    let Some(window) = web_sys::window() else { return };
    let data = web_sys::ShareData::new();
    data.set_title(title);
    data.set_url(address);
    let handed = JsFuture::from(window.navigator().share_with_data(&data));
    spawn_local(async move { drop(handed.await) });
}

fn has(navigator: &web_sys::Navigator, what: &str) -> bool {
    let found = js_sys::Reflect::get(navigator, &what.into());
    found.is_ok_and(|found| !found.is_undefined() && !found.is_null())
}

/// The folder that the page lies in, with its closing slash.
#[must_use]
pub fn folder() -> String {
    let here =
        web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = here.split(['#', '?']).next().unwrap_or_default();
    page.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// The address of this page with a link behind the hash.
fn address(window: &Window, link: &str) -> String {
    let here = window.location().href().unwrap_or_default();
    // What the loader writes behind a question mark is of this visit only.
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

/// Leaves on the root element what the last screen needs should the program stop.
pub fn leave_trace(link: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-panic-link", &full_link(link));
    }
}

/// Keeps the address leading to this run, so that loading the page again loses nothing. `opened`: what another run was
/// opened by; the browser's way back leads to the one before. If that was the address itself, it stays as it was typed.
pub fn keep_address(link: &str, opened: Option<&str>) {
    let Some(window) = web_sys::window() else { return };
    if hash().is_some_and(|hash| hash == link || opened == Some(&hash)) {
        return;
    }
    let Ok(history) = window.history() else { return };
    let (state, address) = (wasm_bindgen::JsValue::NULL, address(&window, link));
    let _ = if opened.is_some() {
        history.push_state_with_url(&state, "", Some(&address))
    } else {
        history.replace_state_with_url(&state, "", Some(&address))
    };
}

/// Listens to the window while the page lives.
pub struct Listeners {
    resized: Closure<dyn FnMut()>,
    followed: Closure<dyn FnMut()>,
    key: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Listeners {
    /// Tells when the window changes its size, when another link comes into the address, and keys that are pressed
    /// while nothing has the focus.
    #[must_use]
    pub fn new(send: &Callback<Intent>) -> Self {
        let (sized, keyed, linked) = (send.clone(), send.clone(), send.clone());
        let resized = Closure::new(move || sized.emit(Intent::Resized));
        let followed = Closure::new(move || {
            // Back to the address without a link: to the run that the page begins with.
            if let Some(link) = hash().filter(|text| text != STAGE) {
                linked.emit(Intent::Open(link));
            }
        });
        let key = Closure::new(move |event: KeyboardEvent| {
            let nothing =
                target::<Element>(&event).is_none_or(|target| target.tag_name() == "BODY");
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
            listen("hashchange", followed.as_ref());
            listen("keydown", key.as_ref());
        }
        Self { resized, followed, key }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let ignore = |name, closure: &wasm_bindgen::JsValue| {
                let _ = window.remove_event_listener_with_callback(name, closure.unchecked_ref());
            };
            ignore("resize", self.resized.as_ref());
            ignore("hashchange", self.followed.as_ref());
            ignore("keydown", self.key.as_ref());
        }
    }
}
