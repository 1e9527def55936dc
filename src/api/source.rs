//! A lab from whatever a script has: a scenario as an object or as text, the name of a built-in one,
//! a link or an address with a link in it.

use wasm_bindgen::JsValue;

use super::arguments::Options;
use super::mistake::Mistake;
use super::served;
use super::values::{as_string, taken};
use crate::lab::{self, Lab};
use crate::scenario::{self, Json, preset, presets};

const HOW: &str = "pass a scenario, its JSON text, the name of a built-in scenario, or a link";

/// The lab that `source` describes, with another seed or end where the options say so.
pub fn opened(source: &JsValue, options: &Options) -> Result<Lab, Mistake> {
    let mut document = match as_string(source, "source")? {
        Some(text) => of_text(text.trim())?,
        None => taken(source, "source")?
            .ok_or_else(|| Mistake::argument("source", "there is nothing to play", HOW))?,
    };
    if let Some(seed) = options.get("seed") {
        document.put("seed", seed.clone());
    }
    if let Some(until) = options.get("untilMs") {
        end_at(&mut document, until);
    }
    Ok(Lab::load(&document, served())?)
}

/// Another end; what the script does after it is left out.
fn end_at(document: &mut Json, until: &Json) {
    let before = |line: &Json| {
        let at = line.field("at_ms").and_then(Json::as_number);
        at.zip(until.as_number()).is_none_or(|(at, until)| at <= until)
    };
    if let Some(Json::List(script)) = document.field("script") {
        let script = script.iter().filter(|line| before(line)).cloned().collect();
        document.put("script", Json::List(script));
    }
    document.put("until_ms", until.clone());
}

/// The document that a text is, names, or links to.
fn of_text(text: &str) -> Result<Json, Mistake> {
    if text.starts_with('{') {
        return Ok(scenario::parse(text)?);
    }
    let link = text.split_once('#').map_or(text, |(_, link)| link);
    let name_like = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if preset(served(), link).is_none() && link.chars().all(name_like) {
        return Err(unknown(link));
    }
    Ok(lab::opened(link, served())?)
}

/// No built-in scenario has this name.
pub fn unknown(name: &str) -> Mistake {
    let known: Vec<&str> = presets(served()).map(|preset| preset.name).collect();
    let what = format!("there is no scenario \"{name}\"");
    Mistake::new("lab/unknown-scenario", what, "source", format!("known are {}", known.join(", ")))
}
