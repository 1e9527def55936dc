//! Histories that somebody recorded, of any system, judged by the engine's checker for linearizability.
//!
//! A history is a list of records: `{"process":0,"type":"invoke","f":"write","key":"x","value":1}`, in JSON, in
//! EDN, as Jepsen's table, or made of Porcupine's operations (`format.rs`). `type` is `invoke`, `ok`, `fail` (it
//! did not happen) or `info` (outcome unknown: it may take effect at any later time, or never). Order is the
//! order of the records; times count only in Porcupine's. A process has at most one operation open; one that
//! never ends, or ends as `info`, stays open for ever. Without a key there is one register; a value of
//! `[key value]` has its key before it. Registers know `read`, `write` and `cas` with a value of two,
//! key-value stores `get`, `put` and `append`. Records of the fault injector (`:nemesis`) are marks: they are
//! counted, nothing more. Nothing here knows whether a history is linearizable.

mod edn;
mod explain;
mod fields;
mod format;
mod judge;
mod lines;
mod mistake;
mod names;
mod porcupine;
mod texts;

use format::recognise;
pub use format::{Format, decode, is_history};
pub use judge::{Failure, Hint, Judged, Order, Undecided};
pub use mistake::{Mistake, Problem};

pub use engine::observe::linearizable::Bounds;

use super::json::{Json, parse_exactly};
use engine::base::sort_by_key;
use names::Names;
use texts::StringInterner;

/// What the operations are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// Registers, `null` at first: `read`, `write`, `cas`.
    Register,
    /// Texts, empty at first: `get`, `put`, `append`.
    KeyValue,
}

impl Model {
    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::KeyValue => "kv",
        }
    }

    /// The functions that it knows.
    #[must_use]
    pub const fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Register => &["read", "write", "cas"],
            Self::KeyValue => &["get", "put", "append"],
        }
    }
}

/// What an operation does, with the numbers of its values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Function {
    /// `read` or `get`, with what it answered.
    Read(u32),
    /// `write` or `put`.
    Write(u32),
    /// `cas`, with what it answered.
    Swap { expected: u32, new: u32, applied: bool },
    /// `append`.
    Append(u32),
}

/// How an operation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// Nobody knows.
    Unknown,
    /// It was answered.
    Ok,
    /// It did not happen.
    Failed,
}

impl End {
    /// The type of the record that tells of it.
    const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "info",
            Self::Ok => "ok",
            Self::Failed => "fail",
        }
    }
}

/// An operation as it stands in the lines.
#[derive(Clone, Copy, Debug)]
struct Entry {
    process: u32,
    key: u32,
    function: Function,
    end: End,
    /// Which record its call is, from 1.
    call: u32,
    /// Which record its end is; 0 if there is none.
    ended: u32,
}

/// A history.
#[derive(Debug)]
pub struct Recorded {
    /// What it is about.
    pub model: Model,
    /// How it was written.
    pub format: Format,
    /// Records of the fault injector.
    pub marks: usize,
    entries: Vec<Entry>,
    processes: Names,
    keys: Names,
    values: Names,
    texts: StringInterner,
    /// By record, from 1: its line.
    lines: Vec<u32>,
    /// Several records stand in a line, so that lines do not say which one is meant.
    by_record: bool,
    /// The value of every key at the beginning, as the checker calls it.
    initial: u32,
}

impl Recorded {
    /// Reads a history in any of the formats; without a `model`, its functions say which it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(text: &str, model: Option<Model>) -> Result<Self, Vec<Problem>> {
        let Some(format) = recognise(text) else {
            let mistake = Mistake::NoFormat;
            return Err(vec![Problem { mistake, line: 1, record: 0, format: None }]);
        };
        lines::read(text, format, model)
    }

    /// Lets every key begin with this value instead of `null` or the empty text.
    pub fn set_initial(&mut self, value: &Json) {
        self.initial = match (self.model, value) {
            (Model::Register, value) => self.values.number(value),
            (Model::KeyValue, Json::Null) => 0,
            (Model::KeyValue, Json::Text(text)) => self.texts.number(text),
            (Model::KeyValue, other) => self.texts.number(&other.to_string()),
        };
    }

    /// A value as it is typed: JSON, a word of EDN, or else a text.
    #[must_use]
    pub fn value_of(typed: &str) -> Json {
        parse_exactly(typed).unwrap_or_else(|_| edn::scalar(typed))
    }

    /// How many operations were called.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.entries.len()
    }

    /// How many of them have an unknown outcome.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.entries.iter().filter(|entry| entry.end == End::Unknown).count()
    }

    /// How many keys they are about.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// An operation for a report: process, function, value, lines.
    fn json(&self, entry: &Entry) -> Json {
        let (f, value, applied) = match entry.function {
            Function::Read(value) => (0, self.value(value), None),
            Function::Write(value) => (1, self.value(value), None),
            Function::Append(value) => (2, self.value(value), None),
            Function::Swap { expected, new, applied } => {
                (2, Json::List(vec![self.value(expected), self.value(new)]), Some(applied))
            }
        };
        let known = entry.end == End::Ok;
        let reads = matches!(entry.function, Function::Read(_));
        let mut json = Json::object([
            ("process", self.processes.json(entry.process)),
            ("f", Json::from(self.model.functions()[f])),
            ("value", if reads && !known { Json::Null } else { value }),
        ]);
        if let Some(applied) = applied.filter(|_| known) {
            json.put("applied", Json::from(applied));
        }
        let places = self.places(entry).into_iter();
        let places = Json::List(places.map(|place| Json::from(f64::from(place))).collect());
        json.put(if self.by_record { "records" } else { "lines" }, places);
        json
    }

    /// The lines of an operation's call and end, each once; records where lines do not say which.
    fn places(&self, entry: &Entry) -> Vec<u32> {
        let records = [entry.call, entry.ended].into_iter().filter(|record| *record > 0);
        let shares = self.by_record;
        let line = |record: u32| self.lines.get(record as usize - 1).copied().unwrap_or(record);
        let mut places: Vec<u32> =
            records.map(|record| if shares { record } else { line(record) }).collect();
        places.dedup();
        places
    }

    /// The history as records of our own, in order: what was read, whatever it was written in.
    #[must_use]
    pub fn records(&self) -> Vec<Json> {
        let mut records: Vec<(u32, Json)> = Vec::with_capacity(2 * self.entries.len());
        for entry in &self.entries {
            let mut json = self.json(entry);
            json.remove("lines");
            json.remove("records");
            if self.keyed() {
                json.put("key", self.keys.json(entry.key));
            }
            let mut call = json.clone();
            call.put("type", Json::from("invoke"));
            call.remove("applied");
            if matches!(entry.function, Function::Read(_)) {
                call.put("value", Json::Null);
            }
            records.push((entry.call, call));
            if entry.ended > 0 {
                json.put("type", Json::from(entry.end.word()));
                records.push((entry.ended, json));
            }
        }
        sort_by_key(&mut records, |(record, _)| *record);
        records.into_iter().map(|(_, json)| json).collect()
    }

    /// Whether its operations name keys.
    fn keyed(&self) -> bool {
        self.keys.len() != 1 || self.keys.json(0) != Json::Null
    }

    fn value(&self, number: u32) -> Json {
        match self.model {
            Model::Register => self.values.json(number),
            Model::KeyValue => Json::text(self.texts.text(number)),
        }
    }
}
