//! What reaches a frame from outside: whether it is seen, and messages of the page around it.
//!
//! Only the frame's own parent is listened to. A message is read field by field, and no more of it than a message of
//! ours can be long: sizes are looked at before anything is copied.

use super::Wish;
use crate::ui::intent::Intent;
use js_sys::{Array, JsString, Object, Reflect};
use scenario::Json;
use scenario::embed::message;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, MessageEvent, Window};
use yew::Callback;

/// A document of a scenario is not longer than so many characters and values, nor deeper than so many levels.
const CHARACTERS: u32 = 100_000;
const VALUES: u32 = 8_000;
const LEVELS: u32 = 16;

/// Listens while the frame lives.
pub struct Ears {
    heard: Closure<dyn FnMut(MessageEvent)>,
    observer: Option<IntersectionObserver>,
    _seen: Closure<dyn FnMut(Array)>,
}

impl Ears {
    /// Begins to listen.
    pub fn open(send: &Callback<Intent>) -> Self {
        let (told, sight) = (send.clone(), send.clone());
        let heard = Closure::new(move |event: MessageEvent| {
            let parent = parent();
            let own = event
                .source()
                .zip(parent)
                .is_some_and(|(source, parent)| JsValue::from(source) == JsValue::from(parent));
            let json = own.then(|| json(&event.data())).flatten();
            if let Some(message) = json.as_ref().and_then(message) {
                told.emit(Intent::Embed(Wish::Heard(message)));
            }
        });
        let seen = Closure::new(move |entries: Array| {
            let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
            if let Ok(entry) = last {
                sight.emit(Intent::Embed(Wish::Seen(entry.is_intersecting())));
            }
        });
        if let Some(window) = web_sys::window() {
            let _ =
                window.add_event_listener_with_callback("message", heard.as_ref().unchecked_ref());
        }
        let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok();
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        if let (Some(observer), Some(root)) = (&observer, root) {
            observer.observe(&root);
        } else {
            // Nobody can tell: then it is seen.
            send.emit(Intent::Embed(Wish::Seen(true)));
        }
        Self { heard, observer, _seen: seen }
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(window) = web_sys::window() {
            let heard = self.heard.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback("message", heard);
        }
    }
}

/// The page around, if there is one.
pub fn parent() -> Option<Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok().flatten()?;
    (JsValue::from(&parent) != JsValue::from(&window)).then_some(parent)
}

/// A message as a value, if it is small enough to be one of ours.
fn json(data: &JsValue) -> Option<Json> {
    let mut left = Left { characters: CHARACTERS, values: VALUES };
    data.is_object().then(|| left.value(data, 0)).flatten()
}

/// How much more may be read.
struct Left {
    characters: u32,
    values: u32,
}

impl Left {
    fn value(&mut self, value: &JsValue, level: u32) -> Option<Json> {
        self.values = self.values.checked_sub(1)?;
        if let Some(text) = value.dyn_ref::<JsString>() {
            return self.text(text).map(Json::Text);
        }
        if let Some(number) = value.as_f64() {
            return Some(Json::Number(number));
        }
        if let Some(on) = value.as_bool() {
            return Some(Json::Bool(on));
        }
        if value.is_null() {
            return Some(Json::Null);
        }
        if level == LEVELS || !value.is_object() {
            return None;
        }
        if let Some(list) = value.dyn_ref::<Array>() {
            if list.length() > self.values {
                return None;
            }
            return list
                .iter()
                .map(|one| self.value(&one, level + 1))
                .collect::<Option<_>>()
                .map(Json::List);
        }
        let object = value.dyn_ref::<Object>()?;
        let names = Object::keys(object);
        if names.length() > self.values {
            return None;
        }
        let mut fields = Vec::new();
        for name in names.iter() {
            let held = Reflect::get(object, &name).ok()?;
            // What a script leaves undefined it does not say.
            if held.is_undefined() {
                continue;
            }
            let name = self.text(name.dyn_ref::<JsString>()?)?;
            fields.push((name, self.value(&held, level + 1)?));
        }
        Some(Json::Object(fields))
    }

    fn text(&mut self, text: &JsString) -> Option<String> {
        self.characters = self.characters.checked_sub(text.length())?;
        Some(String::from(text))
    }
}
