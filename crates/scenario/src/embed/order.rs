//! Messages from the page around a frame: known shapes become orders, everything else is refused.

use super::value::{cut, in_range, whole};
use crate::fields::LONGEST_MS;
use crate::{Json, Mistake, Problem, parse};

/// What the page around asks for.
#[derive(Clone, PartialEq, Debug)]
pub enum Order {
    /// Let time pass.
    Play,
    /// Let it stand still.
    Pause,
    /// Put the playhead at so many milliseconds.
    Seek(f64),
    /// Do something to the cluster: a line of a script without its time. Which nodes there are, the run knows.
    Act(Json),
    /// Show another run.
    Load(Source, Option<u32>),
    /// Change an attribute.
    Set(String, String),
    /// Tell where the run stands.
    State,
}

/// Where a run comes from.
#[derive(Clone, PartialEq, Debug)]
pub enum Source {
    /// The name of a built-in scenario, or a link.
    Link(String),
    /// The document of a scenario.
    Document(Json),
}

/// What an answer is recognized by.
#[derive(Clone, PartialEq, Debug)]
pub enum Id {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A message that is meant for a frame.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// Whoever gives one gets an answer.
    pub id: Option<Id>,
    /// What it asks for, or what is wrong with it.
    pub order: Result<Order, Problem>,
}

/// The version of the messages, and the field that says it.
pub const MARK: &str = "replicarium";
const VERSION: f64 = 1.0;
/// Longer texts are not read.
pub const LONGEST_TEXT: usize = 100_000;
const LONGEST_ID: usize = 64;

/// The orders, and the fields that each may have besides `replicarium`, `id` and `do`.
const ORDERS: [(&str, &[&str]); 7] = [
    ("play", &[]),
    ("pause", &[]),
    ("seek", &["ms"]),
    ("act", &["action"]),
    ("load", &["scenario", "link", "seed"]),
    ("set", &["name", "value"]),
    ("state", &[]),
];

/// What a message says; nothing if it is not one of ours.
#[must_use]
pub fn message(json: &Json) -> Option<Message> {
    let Json::Object(fields) = json else { return None };
    let marked = json.field(MARK).and_then(Json::as_number) == Some(VERSION);
    let asked = json.field("do").and_then(Json::as_text).filter(|_| marked)?;
    let id = match json.field("id") {
        Some(Json::Number(number)) => Some(Id::Number(*number)),
        Some(Json::Text(text)) if text.len() <= LONGEST_ID => Some(Id::Text(text.clone())),
        _ => None,
    };
    Some(Message { id, order: order(asked, json, fields) })
}

fn order(asked: &str, json: &Json, fields: &[(String, Json)]) -> Result<Order, Problem> {
    let Some((_, own)) = ORDERS.iter().find(|(name, _)| *name == asked) else {
        let known = ORDERS.iter().map(|(name, _)| *name).collect();
        return Err(problem("do", Mistake::UnknownWord { found: cut(asked), known }));
    };
    let strange = |name: &&String| {
        ![MARK, "id", "do"].contains(&name.as_str()) && !own.contains(&name.as_str())
    };
    if let Some(name) = fields.iter().map(|(name, _)| name).find(strange) {
        let mut known = vec![MARK, "id", "do"];
        known.extend_from_slice(own);
        return Err(problem("", Mistake::UnknownField { name: cut(name), known }));
    }
    if json.field("id").is_some_and(|id| !is_id(id)) {
        return Err(wrong("id", json, "a number, or a string of at most 64 bytes"));
    }
    match asked {
        "play" => Ok(Order::Play),
        "pause" => Ok(Order::Pause),
        "state" => Ok(Order::State),
        "seek" => {
            let ms = json.field("ms").and_then(Json::as_number);
            let ms = ms.ok_or_else(|| wrong("ms", json, "a time in milliseconds"))?;
            let ms = in_range(ms, 0.0, LONGEST_MS, "ms");
            ms.map(Order::Seek).map_err(|mistake| problem("ms", mistake))
        }
        "act" => match json.field("action") {
            Some(action @ Json::Object(_)) => Ok(Order::Act(action.clone())),
            _ => Err(wrong(
                "action",
                json,
                "an object such as {\"do\":\"crash\",\"node\":\"leader\"}",
            )),
        },
        "load" => load(json),
        _ => {
            let name = short_text(json, "name")?;
            Ok(Order::Set(name, short_text(json, "value")?))
        }
    }
}

fn is_id(id: &Json) -> bool {
    matches!(id, Json::Number(_)) || id.as_text().is_some_and(|text| text.len() <= LONGEST_ID)
}

fn load(json: &Json) -> Result<Order, Problem> {
    let seed = match json.field("seed") {
        None => None,
        Some(Json::Number(seed)) => Some(whole(*seed).map_err(|mistake| problem("seed", mistake))?),
        Some(_) => return Err(wrong("seed", json, "a whole number")),
    };
    let source = match (json.field("scenario"), json.field("link")) {
        (Some(_), Some(_)) => {
            return Err(problem("", Mistake::Contradiction { one: "scenario", other: "link" }));
        }
        (Some(document @ Json::Object(_)), None) => Source::Document(document.clone()),
        (Some(Json::Text(text)), None) => text_source(text)?,
        (None, Some(Json::Text(link))) => Source::Link(link.trim_start_matches('#').to_owned()),
        (Some(_), None) => {
            return Err(wrong(
                "scenario",
                json,
                "the name of a scenario, or a scenario's document",
            ));
        }
        (None, Some(_)) => return Err(wrong("link", json, "a link's part behind the #")),
        (None, None) => {
            let doc = "The name of a scenario, or a scenario's document.";
            return Err(problem("", Mistake::MissingField { name: "scenario", doc }));
        }
    };
    Ok(Order::Load(source, seed))
}

/// A document written as text, or a name.
fn text_source(text: &str) -> Result<Source, Problem> {
    if text.len() > LONGEST_TEXT {
        let (found, max) = (text.len() as f64, LONGEST_TEXT as f64);
        let mistake = Mistake::OutOfRange { found, min: 0.0, max, unit: "bytes" };
        return Err(problem("scenario", mistake));
    }
    if text.trim_start().starts_with('{') {
        let document = parse(text);
        return document.map(Source::Document).map_err(|found| problem("scenario", found.mistake));
    }
    Ok(Source::Link(text.to_owned()))
}

fn short_text(json: &Json, name: &'static str) -> Result<String, Problem> {
    let text = json.field(name).and_then(Json::as_text).filter(|text| text.len() <= 200);
    text.map(ToOwned::to_owned).ok_or_else(|| wrong(name, json, "a string of at most 200 bytes"))
}

fn wrong(name: &'static str, json: &Json, wanted: &str) -> Problem {
    let found = json.field(name).map_or("nothing", Json::word);
    problem(name, Mistake::WrongType { found, wanted: wanted.to_owned() })
}

fn problem(field: &str, mistake: Mistake) -> Problem {
    let at = if field.is_empty() { "message".to_owned() } else { format!("message.{field}") };
    Problem { mistake, at }
}
