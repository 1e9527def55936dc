//! Plain values across the border: as JSON text, which is the quickest way over it. What comes in is
//! measured before it is copied.

use js_sys::{JSON, JsString};
use wasm_bindgen::{JsCast, JsValue};

use super::mistake::Mistake;
use lab::plain::Plain;
use scenario::{self, Json};

/// Letters of a document, a link or an option, at most.
pub const MOST_TEXT: u32 = 4_000_000;

/// A value for a script.
pub fn given(json: &Json) -> JsValue {
    JSON::parse(&json.to_string()).unwrap_or(JsValue::UNDEFINED)
}

/// What a script is told of it.
pub fn told(value: &impl Plain) -> JsValue {
    given(&value.plain())
}

/// What a script gave as `argument`; nothing if it left it out.
pub fn taken(value: &JsValue, argument: &str) -> Result<Option<Json>, Mistake> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let text = JSON::stringify(value).ok().filter(|text| text.is_string());
    let Some(text) = text else {
        let fix = "pass an object of numbers, strings, lists and objects, without cycles";
        return Err(Mistake::new("lab/not-plain", "this is no plain value", argument, fix));
    };
    let text = copied(&text, argument)?;
    Ok(Some(scenario::parse(&text)?))
}

/// The text of a string, unless it is too long.
pub fn copied(text: &JsString, argument: &str) -> Result<String, Mistake> {
    if text.length() > MOST_TEXT {
        let what = format!("this has {} letters", text.length());
        let fix = format!("{MOST_TEXT} are the most");
        return Err(Mistake::new("lab/too-long", what, argument, fix));
    }
    Ok(String::from(text))
}

/// The string, if it is one.
pub fn as_string<'a>(value: &'a JsValue, argument: &str) -> Result<Option<String>, Mistake> {
    let text: Option<&'a JsString> = value.dyn_ref();
    text.map(|text| copied(text, argument)).transpose()
}
