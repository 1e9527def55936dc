//! Files in the browser: read when dropped or chosen. None is read that is too large.

use super::Kept;
use super::notice::Notice;
use crate::ui::intent::{Intent, Sheet};
use crate::ui::shared::Shared;
use crate::ui::words::editor as words;
use lab::dropped::{self, Dropped, MOST_BYTES};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};
use yew::Callback;

/// What became of a file.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// Files are held over the page, or not any more.
    Dragging(bool),
    /// A file was opened; its text.
    Opened(String),
    /// Say something about a file.
    Notice(Notice),
    /// Play the document that this text is.
    Run(String),
}

/// What files and the editor leave on the page.
#[derive(Default)]
pub struct Files {
    /// Files are held over the page.
    pub dragging: bool,
    /// What the editor goes on with.
    pub kept: Kept,
    /// The file that the open editor is to take.
    pub arrived: Shared<Option<String>>,
    /// What is said about a file.
    pub notice: Option<Notice>,
}

impl Files {
    /// Does what a file asks for, where this sheet is `open`. Tells the text that is to be played, and whether the
    /// editor is to show what is wrong with it.
    pub fn update(&mut self, wish: Wish, open: &mut Option<Sheet>) -> Option<(String, bool)> {
        match wish {
            Wish::Dragging(over) => self.dragging = over,
            Wish::Notice(notice) => {
                self.notice = Some(notice);
                *open = Some(Sheet::Notice { back: *open == Some(Sheet::Editor) });
            }
            Wish::Opened(text) => {
                let kind = dropped::sort(&text);
                if let Some(notice) = Notice::of(kind, &text) {
                    return self.update(Wish::Notice(notice), open);
                }
                if kind == Dropped::Run || *open != Some(Sheet::Editor) {
                    return Some((text, kind == Dropped::Document));
                }
                self.arrived = Some(text).into();
            }
            Wish::Run(text) => {
                self.kept = Kept::default();
                return Some((text, false));
            }
        }
        None
    }
}

/// Reads a file and tells what was in it, or why it is not read.
pub fn read(file: File, send: Callback<Intent>) {
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let too_large = file.size() > MOST_BYTES as f64;
    if too_large {
        send.emit(Intent::File(Wish::Notice(Notice::foreign(words::TOO_LARGE))));
        return;
    }
    yew::platform::spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        send.emit(Intent::File(match text {
            Some(text) => Wish::Opened(text),
            None => Wish::Notice(Notice::foreign(words::UNREADABLE)),
        }));
    });
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
    let dragging = |over| send.emit(Intent::File(Wish::Dragging(over)));
    match event.type_().as_str() {
        "dragenter" => dragging(true),
        // Into nothing: out of the window.
        "dragleave" if event.related_target().is_none() => dragging(false),
        "drop" => {
            dragging(false);
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
