//! The knobs of a scenario, in the order in which people need them, each with a sentence.
//!
//! A knob is a place in the document: turning it edits the document, which is then read again.
//! How a knob looks is the page's business.

use super::json::{Json, parse};
use super::system::Scenario;
use super::unused::follow_knob;

mod surroundings;

pub use surroundings::WORKLOAD;

/// One knob and how it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Knob {
    /// Its place in the document, names and places in lists joined by dots.
    pub path: &'static str,
    /// A word or two.
    pub label: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// How it is set and how it stands.
    pub control: Control,
    /// What each choice does, in a few words; empty for all but the one large choice.
    pub says: &'static [&'static str],
}

/// How a knob is set.
#[derive(Clone, PartialEq, Debug)]
pub enum Control {
    /// One of several.
    Choice {
        /// What can be chosen: (JSON text to put into the document, what readers see).
        options: &'static [(&'static str, &'static str)],
        /// Which of them the document holds, counted from 0.
        chosen: usize,
    },
    /// A number.
    Number {
        /// What the document holds; it may lie beyond what the slider offers.
        value: f64,
        /// What it counts or is measured in, such as `ms`; empty: nothing.
        unit: &'static str,
        /// The least that a slider offers; the document may take less.
        min: f64,
        /// The most that a slider offers; the document may take more.
        max: f64,
        /// From one value of the slider to the next.
        step: f64,
    },
    /// On or off.
    Switch {
        /// Whether it is on.
        on: bool,
    },
}

/// How a knob is set, without its state.
pub enum Shape {
    /// The one large choice: (JSON text, what readers see), and what each does in a few words.
    Large(&'static [(&'static str, &'static str)], &'static [&'static str]),
    /// One of several: (JSON text, what readers see).
    Choice(&'static [(&'static str, &'static str)]),
    /// Unit, least, most and step of a slider.
    Number(&'static str, f64, f64, f64),
    /// On or off.
    Switch,
}

/// When a knob has a meaning.
pub type When = fn(&Json) -> bool;

/// A knob: path, label, one sentence, how it is set, when it has a meaning. The first of a
/// protocol is the page's one large choice.
pub struct Entry(pub &'static str, pub &'static str, pub &'static str, pub Shape, pub When);

/// It always has one.
pub const ALWAYS: When = |_| true;

/// The word that a protocol's knob has in a document.
#[must_use]
pub fn word<'a>(doc: &'a Json, knob: &str) -> &'a str {
    let knobs = doc.at("cluster.knobs");
    knobs.and_then(|knobs| knobs.at(knob)).and_then(Json::as_text).unwrap_or_default()
}

/// The knobs that have a meaning in this scenario and a value that they can show.
#[must_use]
pub fn knobs(scenario: &Scenario) -> Vec<Knob> {
    let document = scenario.full();
    let all = scenario.system.knobs().iter().chain(surroundings::KNOBS);
    let wanted = all.filter(|Entry(.., when)| when(&document));
    wanted
        .filter_map(|Entry(path, label, help, shape, _)| {
            let control = control(shape, present(&document, path)?)?;
            let says = if let Shape::Large(_, says) = shape { says } else { &[][..] };
            Some(Knob { path, label, help, control, says })
        })
        .collect()
}

/// The value at `path`; a part of a delay that is not there is zero.
fn present(document: &Json, path: &str) -> Option<Json> {
    let zero = || {
        let (parent, _) = path.rsplit_once('.')?;
        WHOLE.contains(&parent).then_some(Json::Number(0.0))
    };
    document.at(path).cloned().or_else(zero)
}

fn control(shape: &Shape, value: Json) -> Option<Control> {
    Some(match *shape {
        Shape::Choice(options) | Shape::Large(options, _) => {
            let alike =
                |(text, _): &(&str, &str)| parse(text).is_ok_and(|option| alike(&option, &value));
            Control::Choice { options, chosen: options.iter().position(alike)? }
        }
        Shape::Number(unit, min, max, step) => {
            Control::Number { value: value.as_number()?, unit, min, max, step }
        }
        Shape::Switch => Control::Switch { on: value == Json::Bool(true) },
    })
}

/// Whether a value is what an option stands for: the same word, the same count of followers, or
/// an object of the same kind whatever its times and nodes are.
fn alike(option: &Json, value: &Json) -> bool {
    let (fields, value) = match (option, value) {
        (Json::Object(fields), Json::Object(_)) => (fields, value),
        // One number stands for all: another knob sets it.
        (Json::Number(_), Json::Number(_)) => return true,
        _ => return option == value,
    };
    fields.iter().all(|(name, wanted)| {
        let counted = name == "any" || name == "first";
        value.field(name).is_some_and(|given| !counted || given == wanted)
    })
}

/// Turns a knob: sets what stands at `path` in the document of `scenario`.
///
/// Lists and delays are given as a whole: one that the document leaves out is filled in from what
/// it means, so that nothing else changes. Settings that mean nothing any more are left out, and
/// counts that have become impossible follow.
pub fn turn(document: &mut Json, scenario: &Scenario, path: &str, value: Json) {
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let whole = match path.split_once('.') {
        Some(("clients", _)) => Some("clients"),
        _ => WHOLE.iter().find(|whole| **whole == parent).copied(),
    };
    if let Some(whole) = whole.filter(|whole| document.at(whole).is_none()) {
        if let Some(meant) = scenario.full().at(whole) {
            document.set(whole, meant.clone());
        }
    }
    document.set(path, value);
    follow_knob(document, scenario.protocols);
}

/// Parts of a document that are given as a whole or not at all, and have knobs within them.
const WHOLE: &[&str] = &["network.delay", "disk.flush"];
