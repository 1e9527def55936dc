//! What scripts pass besides scenarios: times, options, what to inspect, what to wait for.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::mistake::Mistake;
use super::values::{as_string, taken};
use lab::export;
use lab::{EventId, NodeId, OpId, Selection, SimTime, Sort, Span};
use scenario::Json;
use view::TraceLine;
use view::number::micros;
use view::picture::Theme;

/// Happenings of one call, at most, unless a script says otherwise: a fraction of a second.
pub const BUDGET: u32 = 200_000;

/// A length of time in milliseconds.
pub fn span(ms: f64, argument: &str) -> Result<Span, Mistake> {
    if ms.is_nan() || ms < 0.0 {
        let fix = "write milliseconds of simulated time, 0 or more";
        return Err(Mistake::argument(argument, "this is no time", fix));
    }
    Ok(Span::from_micros(micros(ms)))
}

/// An instant in milliseconds.
pub fn instant(ms: f64, argument: &str) -> Result<SimTime, Mistake> {
    Ok(SimTime::ZERO + span(ms, argument)?)
}

/// The options of a call: an object, or nothing.
pub struct Options(Json);

impl Options {
    /// Reads them; all of their names must be `known`.
    pub fn read(value: &JsValue, known: &[&str]) -> Result<Self, Mistake> {
        let json = taken(value, "options")?.unwrap_or(Json::Object(Vec::new()));
        let Json::Object(fields) = &json else {
            let fix = format!("pass an object with some of {}", known.join(", "));
            return Err(Mistake::argument("options", "this is no object", fix));
        };
        match fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(Self(json)),
            Some((name, _)) => {
                let at = format!("options.{name}");
                let fix = format!("known are {}", known.join(", "));
                Err(Mistake::argument(&at, "there is no such option", fix))
            }
        }
    }

    /// The option of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.field(name).filter(|value| **value != Json::Null)
    }

    /// A time.
    pub fn time(&self, name: &str) -> Result<Option<SimTime>, Mistake> {
        let ms = |value: &Json| value.as_number().unwrap_or(f64::NAN);
        self.get(name).map(|value| instant(ms(value), &format!("options.{name}"))).transpose()
    }

    /// A number of things, at least one.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    pub fn count(&self, name: &str, usual: u32) -> Result<u32, Mistake> {
        let Some(value) = self.get(name) else { return Ok(usual) };
        match value.as_number().filter(|number| *number >= 1.0) {
            Some(number) => Ok(number.min(f64::from(u32::MAX)) as u32),
            None => {
                let fix = format!("write a whole number from 1 on; {usual} is usual");
                Err(Mistake::argument(
                    &format!("options.{name}"),
                    "this is no number of things",
                    fix,
                ))
            }
        }
    }
}

/// The node called so in a cluster of so many.
pub fn node(name: &str, nodes: u8, argument: &str) -> Result<NodeId, Mistake> {
    let number = name.strip_prefix('n').and_then(|number| number.parse::<u8>().ok());
    match number.filter(|number| (1..=nodes).contains(number)) {
        Some(number) => Ok(NodeId(number - 1)),
        None => {
            let what = format!("there is no node \"{name}\"");
            Err(Mistake::new("lab/unknown-node", what, argument, format!("write n1 to n{nodes}")))
        }
    }
}

/// How an export is to look.
pub fn export_options(value: &JsValue) -> Result<export::Options, Mistake> {
    let options = Options::read(value, &["theme", "caption", "link"])?;
    let text = |name: &str| options.get(name).and_then(Json::as_text).map(str::to_owned);
    let theme = match text("theme").as_deref() {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) => {
            let fix = "write light or dark";
            return Err(Mistake::argument("options.theme", "there is no such theme", fix));
        }
    };
    let caption = text("caption").unwrap_or_default();
    let mut looks = export::Options { theme, caption, ..export::Options::default() };
    if let Some(link) = text("link") {
        looks.link = link;
    }
    Ok(looks)
}

/// What is to be inspected.
pub fn selection(value: &JsValue, nodes: u8) -> Result<Selection, Mistake> {
    let json = taken(value, "what")?.unwrap_or(Json::Null);
    let name = |json: &Json| json.as_text().unwrap_or_default().to_owned();
    let field = |field| json.field(field);
    if let Some(json) = field("node") {
        return Ok(Selection::Node(node(&name(json), nodes, "what.node")?));
    }
    if let Some([a, b]) = field("link").map(Json::elements) {
        let ends = [a, b].map(|end| node(&name(end), nodes, "what.link"));
        let [a, b] = ends;
        return Ok(Selection::Link(a?, b?));
    }
    let number = |name| field(name).and_then(Json::as_number).map(whole);
    if let Some(event) = number("message") {
        return Ok(Selection::Message(EventId(event)));
    }
    if let Some(event) = number("event") {
        return Ok(Selection::Event(EventId(event)));
    }
    if let Some(op) = number("write") {
        return Ok(Selection::Write(OpId(op)));
    }
    let fix = "pass { node: \"n1\" }, { link: [\"n1\", \"n2\"] }, { message: 12 }, { event: 12 } or \
               { write: 3 }";
    Err(Mistake::argument("what", "this names nothing", fix))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn whole(number: f64) -> u32 {
    number.clamp(0.0, f64::from(u32::MAX)) as u32
}

/// What a run is played until.
pub enum Wait {
    /// An event of this sort, as readers think of it.
    Sort(Sort),
    /// A promise that was not broken yet is.
    Broken,
    /// An event that is recorded under this name, of this node if one is named.
    Named { sort: String, node: Option<String> },
    /// An event of which the function says that it is the one.
    Asked(Function),
}

impl Wait {
    /// Reads what a script waits for.
    pub fn read(value: &JsValue) -> Result<Self, Mistake> {
        if let Some(asked) = value.dyn_ref::<Function>() {
            return Ok(Self::Asked(asked.clone()));
        }
        if let Some(word) = as_string(value, "condition")? {
            let sort = Sort::WORDS.iter().find(|(known, _)| *known == word);
            return match sort {
                Some((_, sort)) => Ok(Self::Sort(*sort)),
                None if word == "promise-broken" => Ok(Self::Broken),
                None => {
                    let known: Vec<&str> = Sort::WORDS.iter().map(|(word, _)| *word).collect();
                    let fix = format!("known are {}, promise-broken", known.join(", "));
                    let what = format!("there is no condition \"{word}\"");
                    Err(Mistake::argument("condition", &what, fix))
                }
            };
        }
        let json = taken(value, "condition")?.unwrap_or(Json::Null);
        let text = |name| json.field(name).and_then(Json::as_text).map(str::to_owned);
        match text("sort") {
            Some(sort) => Ok(Self::Named { sort, node: text("node") }),
            None => Err(Mistake::argument(
                "condition",
                "this is nothing to wait for",
                "pass a word, { sort: \"crashed\", node: \"n1\" }, or a function of an event",
            )),
        }
    }

    /// Whether an event is the one, as far as that stands in its line.
    pub fn names(&self, line: &TraceLine) -> bool {
        match self {
            Self::Named { sort, node } => {
                let there = |node: &String| [&line.from, &line.to].contains(&&Some(node.clone()));
                line.sort == sort && node.as_ref().is_none_or(there)
            }
            _ => false,
        }
    }
}
