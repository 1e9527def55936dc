//! What a script or a reader does, as typed: a time, a word, and what the word needs.

use engine::base::SimTime;
use engine::world::fault::{Takes, heal_all};
use engine::world::{Action, Fault, Faults, Scripted, Target};

use crate::form::{Fields, Form, Growth, Kind, Place, Row, Slot, described, read_into, written};
use crate::json::Json;
use crate::mistake::Mistake;
use crate::slot::{Amount, Millis, Moment, SignedMillis, Switch, TargetOf, Whole};

use super::LONGEST_MS;

/// What an action needs to know, besides its time and word.
struct Arguments<'a>(&'a mut Action);

impl Fields for Arguments<'_> {
    fn fields(&mut self, form: &mut dyn Form) {
        let Action { fault, with } = self.0;
        for takes in fault.takes {
            match *takes {
                Takes::Node => {
                    let doc = "Which node, by name or role.";
                    form.required("node", doc, &mut TargetOf(&mut with.node));
                }
                Takes::Link => between(form, &mut with.node, &mut with.to),
                Takes::Message => {
                    let doc = "Which message, by the number of the event of its sending.";
                    let most = u64::from(u32::MAX);
                    form.required("message", doc, &mut Whole(&mut with.message.0, 1, most, ""));
                }
                Takes::Switch(name, doc) => form.field(name, doc, &mut Switch(&mut with.yes)),
                Takes::Count(name, doc, least, most, unit) => {
                    let (least, most) = (least.into(), most.into());
                    form.field(name, doc, &mut Whole(&mut with.count, least, most, unit));
                }
                Takes::Loss(name, doc) => {
                    form.field(name, doc, &mut Amount(&mut with.loss, 0.0, 1.0, ""));
                }
                Takes::Duplicate(name, doc) => {
                    form.field(name, doc, &mut Amount(&mut with.duplicate, 0.0, 1.0, ""));
                }
                Takes::Span(name, doc) => {
                    form.field(name, doc, &mut Millis(&mut with.span, 0.0, LONGEST_MS));
                }
                Takes::Ahead(name, doc) => {
                    form.field(name, doc, &mut SignedMillis(&mut with.ahead_us, LONGEST_MS));
                }
            }
        }
    }
}

fn between(form: &mut dyn Form, from: &mut Target, to: &mut Target) {
    let sound = problems(form);
    form.required("from", "Where messages come from.", &mut TargetOf(from));
    form.required("to", "Where they go.", &mut TargetOf(to));
    if from == to && problems(form) == sound {
        if let Some(place) = form.reader() {
            let node = TargetOf(from).write().as_text().unwrap_or_default().to_owned();
            place.report(Mistake::SameNode { node });
        }
    }
}

/// How many mistakes a reader has found so far.
pub(super) fn problems(form: &mut dyn Form) -> usize {
    form.reader().map_or(0, |place| place.problems.len())
}

/// One line of a script, or an action alone.
struct Line<'a> {
    at: Option<&'a mut SimTime>,
    action: &'a mut Action,
}

impl Fields for Line<'_> {
    fn fields(&mut self, form: &mut dyn Form) {
        if let Some(at) = &mut self.at {
            form.required(
                "at_ms",
                "When it happens.",
                &mut Millis(&mut Moment(at), 0.0, LONGEST_MS),
            );
            if let Some(place) = form.reader() {
                within_the_run(**at, place);
            }
        }
        let mut known = true;
        form.required("do", "What happens.", &mut Do(self.action, &mut known));
        if known && (form.gives("do") || form.reader().is_none()) {
            Arguments(self.action).fields(form);
        }
        if let (true, Some(place)) = (self.action.is("prolong"), form.reader()) {
            place.cluster.until += self.action.with.span;
        }
    }
}

/// Says if a line's time is never reached, and remembers it for the nodes that it names.
fn within_the_run(at: SimTime, place: &mut Place) {
    let until = place.cluster.until;
    if at > until {
        let (found_ms, until_ms) = (at.as_millis_f64(), until.as_millis_f64());
        place.in_field("at_ms", |place| place.report(Mistake::BadTime { found_ms, until_ms }));
    }
    place.now = Some(at);
}

/// The word for what happens.
struct Do<'a>(&'a mut Action, &'a mut bool);

impl Slot for Do<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let known = place.faults.iter().find(|fault| json.as_text() == Some(fault.word));
        *self.1 = known.is_some();
        match (known, json.as_text()) {
            (Some(fault), _) => *self.0 = Action::usual(fault),
            (None, None) => place.wrong_type(json, "the word for an action"),
            (None, Some(found)) => {
                let known = place.faults.iter().map(|fault| fault.word).collect();
                place.report(Mistake::UnknownAction { found: found.to_owned(), known });
            }
        }
    }

    fn write(&mut self) -> Json {
        Json::text(self.0.fault.word)
    }

    fn kind(&mut self) -> Kind {
        let Fault { word, doc, .. } = self.0.fault;
        Kind::Words(vec![(word, doc)])
    }
}

/// A whole script, of these faults.
pub struct Script<'a>(pub &'a mut Vec<Scripted>, pub Faults);

/// A script has at most so many lines.
const MOST_ACTIONS: u32 = 10_000;

impl Slot for Script<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(lines) = json else {
            place.wrong_type(json, "a list of actions in brackets");
            return;
        };
        if lines.len() > MOST_ACTIONS as usize {
            place.wrong_type(json, format!("a list of at most {MOST_ACTIONS} actions"));
            return;
        }
        place.faults = self.1;
        self.0.clear();
        for (index, json) in lines.iter().enumerate() {
            let line = place.in_element(index, |place| read_line(json, place));
            self.0.extend(line);
        }
    }

    fn write(&mut self) -> Json {
        Json::List(self.0.iter().map(scripted_json).collect())
    }

    fn kind(&mut self) -> Kind {
        let of = self.1.iter().map(|fault| {
            let mut action = Action::usual(fault);
            let mut at = SimTime::ZERO;
            let rows: Vec<Row> = described(&mut Line { at: Some(&mut at), action: &mut action });
            Kind::Object { rows, merged: false }
        });
        let of = Box::new(Kind::Either(of.collect()));
        Kind::List { of, least: 0, most: MOST_ACTIONS }
    }
}

/// A line that says when and what; nothing if it has a mistake that leaves that open.
fn read_line(json: &Json, place: &mut Place) -> Option<Scripted> {
    let before = place.problems.len();
    let (mut at, mut action) = (SimTime::ZERO, heal_all());
    read_into(&mut Line { at: Some(&mut at), action: &mut action }, json, place);
    place.now = None;
    (place.problems.len() == before).then_some(Scripted { at, action })
}

/// A line of a script as a document.
#[must_use]
pub fn scripted_json(scripted: &Scripted) -> Json {
    let (mut at, mut action) = (scripted.at, scripted.action);
    written(&mut Line { at: Some(&mut at), action: &mut action })
}

/// An action as a document, without a time.
#[must_use]
pub fn action_json(action: &Action) -> Json {
    written(&mut Line { at: None, action: &mut action.clone() })
}

/// Reads an action without a time: one of these faults, in a cluster of so many nodes.
///
/// # Errors
/// Everything that is wrong with it.
pub fn action_of(json: &Json, nodes: u8, faults: Faults) -> Result<Action, Vec<crate::Problem>> {
    let mut place = Place::new(Growth::fixed(nodes));
    place.faults = faults;
    let mut action = heal_all();
    read_into(&mut Line { at: None, action: &mut action }, json, &mut place);
    if place.problems.is_empty() { Ok(action) } else { Err(place.problems) }
}

/// An action in one line for logs: `cut from=n1 to=n2 both=true`.
#[must_use]
pub fn action_text(action: &Action) -> String {
    let Json::Object(fields) = action_json(action) else { return String::new() };
    let mut words = Vec::new();
    for (name, value) in &fields {
        match (name.as_str(), value) {
            ("do" | "node", Json::Text(text)) => words.push(text.clone()),
            (_, Json::Text(text)) => words.push(format!("{name}={text}")),
            (_, other) => words.push(format!("{name}={other}")),
        }
    }
    words.join(" ")
}
