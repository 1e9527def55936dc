//! The knobs of a scenario, in the order in which people need them, each with a sentence.
//!
//! A knob is a place in the document: turning it edits the document, which is then read again.
//! How a knob looks is the page's business.

use super::json::{Json, parse};
use super::system::Scenario;

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
}

/// How a knob is set.
#[derive(Clone, PartialEq, Debug)]
pub enum Control {
    /// One of several: (JSON text to put into the document, what readers see), and which is.
    Choice { options: &'static [(&'static str, &'static str)], chosen: usize },
    /// A number; the range is what a slider offers, the document takes more.
    Number { value: f64, unit: &'static str, min: f64, max: f64, step: f64 },
    /// On or off.
    Switch { on: bool },
}

/// How a knob is set, without its state.
enum Shape {
    Choice(&'static [(&'static str, &'static str)]),
    Number(&'static str, f64, f64, f64),
    Switch,
}

/// When a knob has a meaning.
type When = fn(&Json) -> bool;

struct Entry(&'static str, &'static str, &'static str, Shape, When);

const ALWAYS: When = |_| true;
const SEMI_SYNC: When = |doc| word(doc, "acknowledge.mode") == "semi-sync";
const WAITS: When = |doc| word(doc, "acknowledge.mode") != "async";
const DEGRADES: When = |doc| doc.at(DEGRADE_AFTER).is_some();
const ACCRUES: When = |doc| doc.at(THRESHOLD).is_some();
const FROM_FOLLOWERS: When =
    |doc| doc.at(READ_FROM).and_then(Json::as_text).is_some_and(|from| from != "leader");
const MAJORITY: When = |doc| word(doc, "failover.promote") == "majority";
const NOT_MAJORITY: When = |doc| !MAJORITY(doc);

const READ_FROM: &str = "clients.0.read_from";
const THRESHOLD: &str = "cluster.knobs.failover.detect.phi.threshold";
const DEGRADE_AFTER: &str = "cluster.knobs.acknowledge.when_silent.degrade_after_ms";

fn word<'a>(doc: &'a Json, knob: &str) -> &'a str {
    let knobs = doc.at("cluster.knobs");
    knobs.and_then(|knobs| knobs.at(knob)).and_then(Json::as_text).unwrap_or_default()
}

/// Every knob, in the order of use.
const KNOBS: &[Entry] = &[
    Entry(
        "cluster.knobs.acknowledge.mode",
        "Mode",
        "Who must have a write before its client is told that it is saved.",
        Shape::Choice(&[
            (r#""async""#, "asynchronous"),
            (r#""semi-sync""#, "semi-synchronous"),
            (r#""sync""#, "synchronous"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.acknowledge.followers",
        "Confirmations",
        "How many followers must confirm: whichever are fastest, or the first of a fixed order.",
        Shape::Choice(&[
            (r#"{"any":1}"#, "any 1"),
            (r#"{"any":2}"#, "any 2"),
            (r#"{"first":1}"#, "the first 1"),
            (r#"{"first":2}"#, "the first 2"),
        ]),
        SEMI_SYNC,
    ),
    Entry(
        "cluster.knobs.acknowledge.on",
        "A confirmation means",
        "What has happened to a write on a node that confirms it.",
        Shape::Choice(&[
            (r#""received""#, "in memory"),
            (r#""flushed""#, "on disk"),
            (r#""applied""#, "readers see it"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.acknowledge.when_silent",
        "When nobody confirms",
        "Whether the leader waits for ever, or goes on without confirmations after a time.",
        Shape::Choice(&[
            (r#""block""#, "wait"),
            (r#"{"degrade_after_ms":2000}"#, "go on after a time"),
        ]),
        WAITS,
    ),
    Entry(
        DEGRADE_AFTER,
        "Goes on after",
        "How long the oldest write waits before the leader goes on alone.",
        Shape::Number("ms", 100.0, 30_000.0, 100.0),
        DEGRADES,
    ),
    Entry(
        "cluster.knobs.failover.detect.timeout_ms",
        "Time-out",
        "Silence after which a follower takes the leader for dead.",
        Shape::Number("ms", 100.0, 60_000.0, 100.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.detect.phi",
        "Suspicion",
        "Whether it strikes after a fixed time, or accumulates and learns how heartbeats come.",
        Shape::Choice(&[
            ("null", "a fixed time-out"),
            (r#"{"threshold":8,"min_deviation_ms":50}"#, "accumulates (phi)"),
        ]),
        ALWAYS,
    ),
    Entry(
        THRESHOLD,
        "Threshold",
        "The phi at which the leader is taken for dead.",
        Shape::Number("phi", 1.0, 16.0, 0.5),
        ACCRUES,
    ),
    Entry(
        "cluster.knobs.failover.heartbeat_ms",
        "Heartbeat",
        "How often a leader says that it is alive.",
        Shape::Number("ms", 10.0, 10_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.promote",
        "Who promotes",
        "Who decides that a follower becomes the leader.",
        Shape::Choice(&[
            (r#""majority""#, "a majority votes"),
            (r#""first-to-notice""#, "the first to notice"),
            (r#""by-hand""#, "you"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.choose",
        "Who is chosen",
        "The follower with the newest log, or the first of a fixed order, however old its data.",
        Shape::Choice(&[
            (r#""most-up-to-date""#, "the most up to date"),
            (r#"{"priority":[]}"#, "a fixed order"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.fencing",
        "Fencing",
        "Nodes turn away a leader of an older epoch, and a leader that is cut off stops.",
        Shape::Switch,
        MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.fencing",
        "Fencing",
        "Nodes turn away a leader of an older epoch.",
        Shape::Switch,
        NOT_MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.returning",
        "An old leader that returns",
        "What becomes of a former leader whose log has parted from the new one's.",
        Shape::Choice(&[
            (r#""rewind""#, "is rewound"),
            (r#""refuse""#, "is refused"),
            (r#""trust""#, "is trusted"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.retention.records",
        "Log kept",
        "Records that the leader keeps for followers that lag; who needs more is copied afresh.",
        Shape::Number("records", 0.0, 20_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.retention.slots",
        "Slots",
        "What a known follower still lacks is kept as well.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.automatic",
        "Copies by itself",
        "Whether the leader sends a snapshot when its log no longer reaches back far enough.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.bandwidth_bytes_per_s",
        "Pace of a copy",
        "How fast a snapshot is sent.",
        Shape::Number("bytes/s", 1_000.0, 10_000_000.0, 1_000.0),
        ALWAYS,
    ),
    Entry(
        "cluster.nodes",
        "Nodes",
        "How many nodes there are at the start.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "clients.0.writes_per_s",
        "Writes",
        "How much each client writes.",
        Shape::Number("per s", 0.0, 500.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "clients.0.reads_per_s",
        "Reads",
        "How much each client reads.",
        Shape::Number("per s", 0.0, 500.0, 1.0),
        ALWAYS,
    ),
    Entry(
        READ_FROM,
        "Reads from",
        "Whom clients ask for reads. A follower may not have what the leader has.",
        Shape::Choice(&[
            (r#""leader""#, "the leader"),
            (r#""any""#, "any node"),
            (r#""follower""#, "one follower"),
        ]),
        ALWAYS,
    ),
    Entry(
        "clients.0.session.sticky",
        "Stays with one node",
        "A client reads from the same node while that one answers.",
        Shape::Switch,
        |doc| doc.at(READ_FROM).and_then(Json::as_text) == Some("any"),
    ),
    Entry(
        "clients.0.session.remember_position",
        "Remembers its place",
        "A client says how far it has seen; a follower that is not as far sends it to the leader.",
        Shape::Switch,
        FROM_FOLLOWERS,
    ),
    Entry(
        "clients.0.session.own_writes_from_leader",
        "Own writes from the leader",
        "What a client has written itself it reads from the leader.",
        Shape::Switch,
        FROM_FOLLOWERS,
    ),
    Entry(
        "network.delay.base_ms",
        "Distance",
        "How long a message takes at least.",
        Shape::Number("ms", 0.0, 500.0, 0.1),
        ALWAYS,
    ),
    Entry(
        "network.delay.exponential_ms",
        "Jitter",
        "How much longer it takes on average.",
        Shape::Number("ms", 0.0, 500.0, 0.1),
        ALWAYS,
    ),
    Entry(
        "network.loss",
        "Loss",
        "The share of messages between nodes that are lost.",
        Shape::Number("", 0.0, 0.5, 0.01),
        ALWAYS,
    ),
    Entry(
        "disk.flush.constant_ms",
        "Flush",
        "How long it takes until what was written is safe from a power outage.",
        Shape::Number("ms", 0.0, 100.0, 0.1),
        ALWAYS,
    ),
];

/// The knobs that have a meaning in this scenario and a value that they can show.
#[must_use]
pub fn knobs(scenario: &Scenario) -> Vec<Knob> {
    let document = scenario.full();
    let wanted = KNOBS.iter().filter(|Entry(.., when)| when(&document));
    wanted
        .filter_map(|Entry(path, label, help, shape, _)| {
            let control = control(shape, present(&document, path)?)?;
            Some(Knob { path, label, help, control })
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
        Shape::Choice(options) => {
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
    let (Json::Object(fields), Json::Object(_)) = (option, value) else { return option == value };
    fields.iter().all(|(name, wanted)| {
        let counted = name == "any" || name == "first";
        value.field(name).is_some_and(|given| !counted || given == wanted)
    })
}

/// Turns a knob: sets what stands at `path` in the document of `scenario`.
///
/// Lists and delays are given as a whole: one that the document leaves out is filled in from what
/// it means, so that nothing else changes.
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
}

/// Parts of a document that are given as a whole or not at all, and have knobs within them.
const WHOLE: &[&str] = &["network.delay", "disk.flush"];
