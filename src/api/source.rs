//! A lab from whatever a script has: a scenario as an object or as text, a whole run as the text of a
//! file, the name of a built-in scenario, a link, or an address with a link in it.

use wasm_bindgen::JsValue;

use super::arguments::{BUDGET, Options};
use super::mistake::Mistake;
use super::served;
use super::values::{as_string, taken};
use lab::{Lab, Opened, SimTime};
use scenario::{Json, Opening, link, presets};

const HOW: &str = "pass a scenario, its JSON text, the name of a built-in scenario, or a link";

/// The lab that `source` describes, with another seed or end where the options say so. Its playhead
/// stands where a link says, as far as the usual budget allows.
pub fn opened(source: &JsValue, options: &Options) -> Result<Lab, Mistake> {
    let mut opening = match as_string(source, "source")? {
        Some(text) => of_text(text.trim())?,
        None => {
            let document = taken(source, "source")?;
            let document = document
                .ok_or_else(|| Mistake::argument("source", "there is nothing to play", HOW))?;
            link::read_file(&document.to_string())?
        }
    };
    if let Some(seed) = options.get("seed") {
        opening.document.put("seed", seed.clone());
    }
    if let Some(until) = options.get("untilMs") {
        end_at(&mut opening.document, until);
    }
    let Opened { mut lab, at, .. } = Lab::open(&opening, served())?;
    reach(&mut lab, at.unwrap_or(SimTime::ZERO));
    Ok(lab)
}

/// What a text is, names, or links to.
fn of_text(text: &str) -> Result<Opening, Mistake> {
    if text.starts_with('{') {
        return Ok(link::read_file(text)?);
    }
    let link = text.split_once('#').map_or(text, |(_, link)| link);
    Ok(link::read(link, served())?)
}

fn reach(lab: &mut Lab, to: SimTime) {
    let mut left = BUDGET;
    while lab.now() < to && left > 0 {
        let advanced = lab.advance(to.since(lab.now()), left);
        left = left.saturating_sub(advanced.happened.max(1));
    }
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

/// No built-in scenario has this name.
pub fn unknown(name: &str) -> Mistake {
    let known: Vec<&str> = presets(served()).map(|preset| preset.name).collect();
    let what = format!("there is no scenario \"{name}\"");
    Mistake::new("lab/unknown-scenario", what, "name", format!("known are {}", known.join(", ")))
}
