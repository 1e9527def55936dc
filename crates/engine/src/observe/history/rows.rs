//! The history in the interchange format of linearizability checkers.
//!
//! It knows no times, only the order of calls and answers.

use super::{End, History, Operation};
use crate::base::{EventId, OpId, sort};
use crate::protocol::Command;
use crate::protocol::client::Refusal;

/// A line of the history in the interchange format of linearizability checkers: order is the
/// order of the rows, there are no times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The operation.
    pub op: OpId,
    /// The event that it tells of.
    pub event: EventId,
    /// A sequence of operations that do not overlap. A client with several open requests has
    /// several; one whose operation ended as unknown never comes again.
    pub process: u32,
    /// `invoke`, `ok`, `fail` (did not happen) or `info` (outcome unknown).
    pub kind: &'static str,
    /// `write`, `read`, `cas`, or `transfer`, which no checker of single keys can judge.
    pub f: &'static str,
    /// Of a `cas`: what it expects, if anything was ever written.
    pub expected: Option<u64>,
    /// Of an answered `cas`: whether it was told to have taken effect.
    pub applied: Option<bool>,
    /// The key, `k7`.
    pub key: String,
    /// Written, or read; `None`: not known yet, or nothing was ever written to the key.
    pub value: Option<u64>,
}

impl History {
    /// The whole history as rows for a checker.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut order: Vec<(EventId, bool, OpId)> = Vec::new();
        for (id, operation) in self.iter() {
            order.push((operation.invoked_event, false, id));
            if operation.end != End::Pending {
                order.push((operation.ended_event, true, id));
            }
        }
        sort(&mut order);
        let mut processes = Processes::default();
        let row = |(event, ends, id): (EventId, bool, OpId)| {
            let operation = self.get(id)?;
            let process =
                if ends { processes.end(id, operation.is_known()) } else { processes.begin(id) };
            Some(operation.row(ends, process, (id, event)))
        };
        order.into_iter().filter_map(row).collect()
    }
}

impl Operation {
    fn row(&self, ends: bool, process: u32, (op, event): (OpId, EventId)) -> Row {
        let kind = match (ends, self.end) {
            (false, _) | (true, End::Pending) => "invoke",
            (true, End::Written { .. } | End::Value { .. }) => "ok",
            // Answered: the key was something else.
            (true, End::Refused { why: Some(Refusal::NotEqual) }) => "ok",
            // Told as a failure, but the write is where it did arrive.
            (true, End::Refused { why: Some(Refusal::QuorumMissed) }) if self.is_write() => "info",
            (true, End::Refused { .. }) => "fail",
            (true, End::Unknown) => "info",
        };
        let f = match self.command {
            Command::Write { .. } => "write",
            Command::Swap { .. } => "cas",
            Command::Transfer { .. } => "transfer",
            Command::Read { .. } => "read",
        };
        let known = self.is_write() || ends;
        let value = self.value().filter(|value| known && *value != 0);
        let expected = match self.command {
            Command::Swap { expected, .. } => Some(expected).filter(|value| *value != 0),
            _ => None,
        };
        let applied = (f == "cas" && kind == "ok").then(|| self.is_acknowledged());
        let key = self.key().to_string();
        Row { op, event, process, kind, f, expected, applied, key, value }
    }
}

/// Hands out the smallest process number that nothing runs under.
#[derive(Default)]
struct Processes {
    free: std::collections::BTreeSet<u32>,
    used: u32,
    running: std::collections::BTreeMap<OpId, u32>,
}

impl Processes {
    fn begin(&mut self, op: OpId) -> u32 {
        let process = self.free.pop_first().unwrap_or_else(|| {
            self.used += 1;
            self.used - 1
        });
        self.running.insert(op, process);
        process
    }

    fn end(&mut self, op: OpId, known: bool) -> u32 {
        let process = self.running.remove(&op).unwrap_or(0);
        if known {
            self.free.insert(process);
        }
        process
    }
}
