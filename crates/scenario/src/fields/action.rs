//! What a script or a reader does, as typed: a time, a word, and what the word needs.

use engine::base::{EventId, NodeId, SimTime, Span};
use engine::world::{Action, Scripted, Target};

use crate::form::{Fields, Form, Growth, Kind, Place, Row, Slot, described, read_into, written};
use crate::json::Json;
use crate::mistake::Mistake;
use crate::slot::{Amount, Millis, Moment, SignedMillis, Switch, TargetOf, Whole};

use super::LONGEST_MS;

/// Every action: its word, what it does, and a blank of it.
pub const ACTIONS: &[(&str, &str, Action)] = &[
    ("crash", "Kill the process; its disk and what it handed to its links stay.", Action::Crash(N)),
    (
        "power-off",
        "The machine loses power, and with it what was not flushed.",
        Action::PowerOff(N),
    ),
    ("pause", "Stop the process with its connections open.", Action::Pause(N)),
    ("resume", "Let a paused process go on.", Action::Resume(N)),
    ("restart", "Start a crashed or powered-off node again.", Action::Restart(N)),
    ("cut", "Cut a link.", Action::Cut { from: N, to: N, both: false }),
    ("heal", "Mend what was cut between two nodes, both ways.", Action::Heal { from: N, to: N }),
    ("isolate", "Cut every link of a node.", Action::Isolate { node: N, clients: false }),
    ("heal-all", "Mend every link.", Action::HealAll),
    ("slow-disk", "Flushes take many times as long.", Action::SlowDisk { node: N, factor: 10 }),
    ("full-disk", "The disk takes no more bytes.", Action::FullDisk { node: N, full: true }),
    (
        "disturb",
        "From now on a link loses, doubles and delays.",
        Action::Disturb { from: N, to: N, loss: 0.0, duplicate: 0.0, extra: Span::ZERO },
    ),
    ("skew-clock", "A node's clock is set.", Action::SkewClock { node: N, skew_us: 0 }),
    (
        "pause-applying",
        "A node goes on receiving and confirming, and applies nothing.",
        Action::PauseApplying(N),
    ),
    ("resume-applying", "A node applies again.", Action::ResumeApplying(N)),
    ("promote", "An administrator promotes a node.", Action::Promote(N)),
    ("copy-afresh", "A node throws its data away and copies everything.", Action::CopyAfresh(N)),
    ("add-follower", "A new, empty node joins.", Action::AddFollower),
    ("quiet-clients", "Every client falls silent.", Action::QuietClients(true)),
    (
        "prolong",
        "The run ends later, and clients whose time was over go on.",
        Action::Prolong(LONGER),
    ),
    ("drop-message", "A message in flight is lost.", Action::DropMessage(EventId::NONE)),
    ("delay-message", "A message arrives later.", Action::DelayMessage(EventId::NONE, LATER)),
    (
        "duplicate-message",
        "A message in flight arrives twice.",
        Action::DuplicateMessage(EventId::NONE, LATER),
    ),
    ("deliver-now", "A message in flight arrives now.", Action::DeliverNow(EventId::NONE)),
];

const N: Target = Target::Node(NodeId(0));
const LATER: Span = Span::from_millis(100);
const LONGER: Span = Span::from_millis(20_000);

/// The word for an action.
#[must_use]
pub fn word_of(action: &Action) -> &'static str {
    match action {
        Action::Crash(_) => "crash",
        Action::PowerOff(_) => "power-off",
        Action::Pause(_) => "pause",
        Action::Resume(_) => "resume",
        Action::Restart(_) => "restart",
        Action::Cut { .. } => "cut",
        Action::Heal { .. } => "heal",
        Action::Isolate { .. } => "isolate",
        Action::HealAll => "heal-all",
        Action::SlowDisk { .. } => "slow-disk",
        Action::FullDisk { .. } => "full-disk",
        Action::Disturb { .. } => "disturb",
        Action::SkewClock { .. } => "skew-clock",
        Action::PauseApplying(_) => "pause-applying",
        Action::ResumeApplying(_) => "resume-applying",
        Action::Promote(_) => "promote",
        Action::CopyAfresh(_) => "copy-afresh",
        Action::AddFollower => "add-follower",
        Action::QuietClients(_) => "quiet-clients",
        Action::Prolong(_) => "prolong",
        Action::DropMessage(_) => "drop-message",
        Action::DelayMessage(..) => "delay-message",
        Action::DuplicateMessage(..) => "duplicate-message",
        Action::DeliverNow(_) => "deliver-now",
    }
}

/// The fields that an action has besides its time and word.
struct Arguments<'a>(&'a mut Action);

impl Fields for Arguments<'_> {
    fn fields(&mut self, form: &mut dyn Form) {
        match self.0 {
            Action::Crash(node)
            | Action::PowerOff(node)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::Restart(node)
            | Action::PauseApplying(node)
            | Action::ResumeApplying(node)
            | Action::Promote(node)
            | Action::CopyAfresh(node) => on_node(form, node),
            Action::Cut { from, to, both } => {
                between(form, from, to);
                form.field("both", "Whether the way back is cut too.", &mut Switch(both));
            }
            Action::Heal { from, to } => between(form, from, to),
            Action::Isolate { node, clients } => {
                on_node(form, node);
                form.field("clients", "Whether its clients are cut off too.", &mut Switch(clients));
            }
            Action::HealAll | Action::AddFollower => {}
            Action::SlowDisk { node, factor } => {
                on_node(form, node);
                let doc = "How many times as long a flush takes; 1 is normal.";
                form.field("factor", doc, &mut Whole(factor, 1, 1_000_000, "times"));
            }
            Action::FullDisk { node, full } => {
                on_node(form, node);
                form.field("full", "False: it takes bytes again.", &mut Switch(full));
            }
            Action::Disturb { from, to, loss, duplicate, extra } => {
                between(form, from, to);
                form.field("loss", "Share that is lost.", &mut Amount(loss, 0.0, 1.0, ""));
                let doc = "Share that arrives twice.";
                form.field("duplicate", doc, &mut Amount(duplicate, 0.0, 1.0, ""));
                form.field("extra_ms", "Added delay.", &mut Millis(extra, 0.0, LONGEST_MS));
            }
            Action::SkewClock { node, skew_us } => {
                on_node(form, node);
                let doc = "How far it is ahead from now on; negative: behind.";
                form.field("skew_ms", doc, &mut SignedMillis(skew_us, LONGEST_MS));
            }
            Action::QuietClients(quiet) => {
                form.field("quiet", "False: they go on.", &mut Switch(quiet));
            }
            Action::Prolong(by) => {
                form.field("by_ms", "How much later.", &mut Millis(by, 0.0, LONGEST_MS));
            }
            Action::DropMessage(message) | Action::DeliverNow(message) => on_message(form, message),
            Action::DelayMessage(message, by) | Action::DuplicateMessage(message, by) => {
                on_message(form, message);
                form.field("by_ms", "How much later.", &mut Millis(by, 0.0, LONGEST_MS));
            }
        }
    }
}

fn on_node(form: &mut dyn Form, node: &mut Target) {
    form.required("node", "Which node, by name or role.", &mut TargetOf(node));
}

fn on_message(form: &mut dyn Form, message: &mut EventId) {
    let doc = "Which message, by the number of the event of its sending.";
    form.required("message", doc, &mut Whole(&mut message.0, 1, u64::from(u32::MAX), ""));
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
        if let (Action::Prolong(by), Some(place)) = (&*self.action, form.reader()) {
            place.cluster.until += *by;
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
        let known = ACTIONS.iter().find(|(word, ..)| json.as_text() == Some(word));
        *self.1 = known.is_some();
        match (known, json.as_text()) {
            (Some((.., blank)), _) => *self.0 = blank.clone(),
            (None, None) => place.wrong_type(json, "the word for an action"),
            (None, Some(found)) => place.report(Mistake::UnknownAction {
                found: found.to_owned(),
                known: ACTIONS.iter().map(|(word, ..)| *word).collect(),
            }),
        }
    }

    fn write(&mut self) -> Json {
        Json::text(word_of(self.0))
    }

    fn kind(&mut self) -> Kind {
        let word = word_of(self.0);
        let doc = ACTIONS.iter().find(|(known, ..)| *known == word).map_or("", |(_, doc, _)| doc);
        Kind::Words(vec![(word, doc)])
    }
}

/// A whole script.
pub struct Script<'a>(pub &'a mut Vec<Scripted>);

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
        let of = ACTIONS.iter().map(|(.., blank)| {
            let mut action = blank.clone();
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
    let (mut at, mut action) = (SimTime::ZERO, Action::HealAll);
    read_into(&mut Line { at: Some(&mut at), action: &mut action }, json, place);
    place.now = None;
    (place.problems.len() == before).then_some(Scripted { at, action })
}

/// A line of a script as a document.
#[must_use]
pub fn scripted_json(scripted: &Scripted) -> Json {
    let (mut at, mut action) = (scripted.at, scripted.action.clone());
    written(&mut Line { at: Some(&mut at), action: &mut action })
}

/// An action as a document, without a time.
#[must_use]
pub fn action_json(action: &Action) -> Json {
    written(&mut Line { at: None, action: &mut action.clone() })
}

/// Reads an action without a time, in a cluster of so many nodes.
///
/// # Errors
/// Everything that is wrong with it.
pub fn action_of(json: &Json, nodes: u8) -> Result<Action, Vec<crate::Problem>> {
    let mut place = Place::new(Growth::fixed(nodes));
    let mut action = Action::HealAll;
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
