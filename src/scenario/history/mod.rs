//! Histories that somebody recorded, of any system: one JSON record a line, judged by the engine's
//! checker for linearizability.
//!
//! A record is `{"process":0,"type":"invoke","f":"write","key":"x","value":1}`; `type` is `invoke`,
//! `ok`, `fail` (it did not happen) or `info` (outcome unknown: it may take effect at any later
//! time, or never). There are no times: order is the order of the lines. A process has at most one
//! operation open; one that never ends, or ends as `info`, stays open for ever. Registers know
//! `read`, `write` and `cas` with a value of two, key-value stores `get`, `put` and `append`.
//! Nothing here knows whether a history is linearizable.

mod judge;
mod lines;
mod mistake;
mod names;
mod texts;

pub use judge::{Failure, Judged, Undecided};
pub use mistake::{Mistake, Problem};

pub use crate::engine::observe::linearizable::Bounds;

use super::json::Json;
use names::Names;
use texts::Ropes;

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

/// An operation as it stands in the lines.
#[derive(Clone, Copy, Debug)]
struct Entry {
    process: u32,
    key: u32,
    function: Function,
    end: End,
    /// The line of its call.
    call: u32,
    /// The line of its end; 0 if there is none.
    ended: u32,
}

/// A history.
#[derive(Debug)]
pub struct Recorded {
    /// What it is about.
    pub model: Model,
    entries: Vec<Entry>,
    processes: Names,
    keys: Names,
    values: Names,
    texts: Ropes,
}

impl Recorded {
    /// Reads the lines of a history; without a `model`, its functions say which it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(text: &str, model: Option<Model>) -> Result<Self, Vec<Problem>> {
        lines::read(text, model)
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
        let lines = [entry.call, entry.ended].into_iter().filter(|line| *line > 0);
        json.put("lines", Json::List(lines.map(|line| Json::from(f64::from(line))).collect()));
        json
    }

    fn value(&self, number: u32) -> Json {
        match self.model {
            Model::Register => self.values.json(number),
            Model::KeyValue => Json::text(self.texts.text(number)),
        }
    }
}
