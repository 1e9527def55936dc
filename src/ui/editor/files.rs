//! Files in the browser: read when dropped or chosen, and saved. None is read that is too large.

use super::notice::Notice;
use crate::ui::browser;
use crate::ui::intent::Intent;
use crate::ui::words::editor as words;
use lab::dropped::MOST_BYTES;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, HtmlAnchorElement, Url};
use yew::Callback;

/// Reads a file and tells what was in it, or why it is not read.
pub fn read(file: File, send: Callback<Intent>) {
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let too_large = file.size() > MOST_BYTES as f64;
    if too_large {
        send.emit(Intent::Notice(Notice::foreign(words::TOO_LARGE)));
        return;
    }
    yew::platform::spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        send.emit(match text {
            Some(text) => Intent::Opened(text),
            None => Intent::Notice(Notice::foreign(words::UNREADABLE)),
        });
    });
}

/// Offers a text as a file to be saved.
pub fn save(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &kind) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = browser::document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = Url::revoke_object_url(&address);
}

/// The text at an address beside the page; `None` if it does not come.
pub async fn beside(name: &str) -> Option<String> {
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str(name)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Listens for files that are dragged over the window while the page lives.
pub struct Drops {
    listener: Closure<dyn FnMut(DragEvent)>,
}

const EVENTS: [&str; 4] = ["dragenter", "dragover", "dragleave", "drop"];

impl Drops {
    /// Tells when files are held over the page, and what was in one that was dropped.
    #[must_use]
    pub fn new(send: &Callback<Intent>) -> Self {
        let send = send.clone();
        let listener = Closure::new(move |event: DragEvent| heard(&event, &send));
        if let Some(window) = web_sys::window() {
            for name in EVENTS {
                let function = listener.as_ref().unchecked_ref();
                let _ = window.add_event_listener_with_callback(name, function);
            }
        }
        Self { listener }
    }
}

fn heard(event: &DragEvent, send: &Callback<Intent>) {
    let Some(data) = event.data_transfer() else { return };
    if !data.types().includes(&"Files".into(), 0) {
        return;
    }
    event.prevent_default();
    match event.type_().as_str() {
        "dragenter" => send.emit(Intent::Dragging(true)),
        // Into nothing: out of the window.
        "dragleave" if event.related_target().is_none() => send.emit(Intent::Dragging(false)),
        "drop" => {
            send.emit(Intent::Dragging(false));
            if let Some(file) = data.files().and_then(|files| files.get(0)) {
                read(file, send.clone());
            }
        }
        _ => {}
    }
}

impl Drop for Drops {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            for name in EVENTS {
                let function = self.listener.as_ref().unchecked_ref();
                let _ = window.remove_event_listener_with_callback(name, function);
            }
        }
    }
}
