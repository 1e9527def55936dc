//! Sessions: what each client was shown, read by read, and the reads that break what a session
//! takes for granted.
//!
//! It knows only what the clients were told, and which record was written after which. "Before"
//! always means: ended before the other began, so two reads that overlap prove nothing. What became
//! of a write later does not matter: who missed it missed it. Where one log is followed, the logs say
//! what is newer; where data are versions per key, the versions do, and nothing orders two keys.
//!
//! Every count and every verdict about reads is asked of here.

mod line;
mod seen;
mod store;
mod strands;

use super::history::{End, History, Operation};
use super::lines::{Lines, Spot};
use crate::base::{Chunked, ClientId, EventId, NodeId, OpId, SimTime};
use crate::protocol::parts::Conflicts;
use crate::protocol::{RecordRef, Records, Shape};
use line::Sights;
use seen::Writes;
use strands::{List, Owns, Strands};

/// What was wrong with a read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Anomaly {
    /// It lacked a write that was acknowledged before it began.
    Stale,
    /// It lacked a write that the same client had been told is saved.
    OwnWriteMissing,
    /// The same client had seen something newer at this key.
    BackInTime,
    /// The same client had seen a later write at another key: an effect without its cause.
    OutOfOrder,
}

/// A read that broke what a session takes for granted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slip {
    /// How.
    pub anomaly: Anomaly,
    /// Whose.
    pub client: ClientId,
    /// The read.
    pub read: OpId,
    /// The write that it lacked; for [`Anomaly::BackInTime`] the earlier read.
    pub missed: OpId,
    /// For [`Anomaly::OutOfOrder`]: the earlier read that saw what came later.
    pub seen: OpId,
    /// Who answered it.
    pub node: NodeId,
    /// When the client was told.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// The first of its kind in this session.
    pub first: bool,
}

/// How many kinds of anomalies there are.
const KINDS: usize = 4;

/// Everything that clients saw.
#[derive(Clone, Default, Debug)]
pub struct Sessions {
    strands: Strands,
    // By key: its acknowledged writes.
    keys: Chunked<List>,
    owns: Owns,
    sights: Sights,
    // Where data are versions per key.
    writes: Writes,
    slips: Chunked<Slip>,
    // By anomaly: how many, and the first, by its place in `slips`.
    counts: [(u32, u32); KINDS],
    // By client, one bit an anomaly: which it has met.
    met: Vec<u8>,
    reads: u32,
}

/// What an answer is compared by.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// All operations.
    pub history: &'a History,
    /// All records.
    pub records: &'a Records,
    /// All logs.
    pub lines: &'a Lines,
    /// The record that was shown, where the answer's position alone would not tell.
    pub exact: Option<RecordRef>,
    /// What the data are.
    pub shape: Shape,
    /// What is kept of concurrent versions.
    pub conflicts: Conflicts,
}

impl Sessions {
    /// An operation ended; does nothing unless it was answered. Where one log is followed: which
    /// place in the logs its client was told of.
    pub fn ended(&mut self, op: OpId, operation: &Operation, known: &Known<'_>) -> Option<Spot> {
        match (operation.end, known.shape) {
            (End::Written { position, .. }, Shape::Line) => {
                Some(self.wrote_in_line(op, operation, position, known))
            }
            (End::Value { version, .. }, Shape::Line) => {
                self.reads += 1;
                Some(self.read_in_line(op, operation, version, known))
            }
            (End::Written { position, .. }, Shape::Store) => {
                self.wrote_in_store(op, operation, position, known);
                None
            }
            (End::Value { version, .. }, Shape::Store) => {
                self.reads += 1;
                self.read_in_store(op, operation, version, known);
                None
            }
            (End::Pending | End::Refused { .. } | End::Unknown, _) => None,
        }
    }

    /// Every anomaly, in order.
    pub fn slips(&self) -> impl DoubleEndedIterator<Item = &Slip> {
        self.slips.iter()
    }

    /// How many reads were wrong in this way: each counts once.
    #[must_use]
    pub const fn count(&self, anomaly: Anomaly) -> u32 {
        self.counts[anomaly as usize].0
    }

    /// The first read that was wrong in this way.
    #[must_use]
    pub fn first(&self, anomaly: Anomaly) -> Option<&Slip> {
        let (count, first) = self.counts[anomaly as usize];
        self.slips.get(first as usize).filter(|_| count > 0)
    }

    /// What was wrong with a read that ended lately; the worst of it.
    #[must_use]
    pub fn of(&self, read: OpId) -> Option<Anomaly> {
        let lately = self.slips.iter().rev().take(64);
        lately.filter(|slip| slip.read == read).map(|slip| slip.anomaly).max()
    }

    /// Reads that were answered.
    #[must_use]
    pub const fn reads(&self) -> u32 {
        self.reads
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.strands.heap_bytes()
            + self.owns.heap_bytes()
            + self.slips.heap_bytes()
            + self.writes.heap_bytes()
    }

    fn key(&self, operation: &Operation) -> List {
        self.keys.get(operation.key().0 as usize).copied().unwrap_or_default()
    }

    /// A client was told that its write is saved; `all`: see [`Strands::push`].
    fn wrote(&mut self, operation: &Operation, name: u32, fresh: strands::Fresh, all: bool) {
        let key = operation.key();
        while self.keys.len() <= key.0 as usize {
            self.keys.push(List::default());
        }
        if let Some(list) = self.keys.get_mut(key.0 as usize) {
            self.strands.push(list, name, fresh, true);
        }
        if let Some(own) = self.owns.of(operation.client, key) {
            self.strands.push(&mut own.wrote, name, fresh, all);
        }
    }

    /// A client was shown a write; `all`: see [`Strands::push`].
    fn saw(&mut self, operation: &Operation, name: u32, fresh: strands::Fresh, all: bool) {
        if let Some(own) = self.owns.of(operation.client, operation.key()) {
            self.strands.push(&mut own.saw, name, fresh, all);
        }
    }

    fn slip(
        &mut self,
        anomaly: Anomaly,
        (read, operation): (OpId, &Operation),
        missed: OpId,
        seen: OpId,
    ) {
        let client = operation.client;
        if self.met.len() <= client.index() {
            self.met.resize(client.index() + 1, 0);
        }
        let bit = 1 << anomaly as u8;
        let first = self.met[client.index()] & bit == 0;
        self.met[client.index()] |= bit;
        let (count, place) = &mut self.counts[anomaly as usize];
        if *count == 0 {
            *place = u32::try_from(self.slips.len()).unwrap_or(u32::MAX);
        }
        *count += 1;
        self.slips.push(Slip {
            anomaly,
            client,
            read,
            missed,
            seen,
            node: operation.node.unwrap_or_default(),
            at: operation.ended,
            event: operation.ended_event,
            first,
        });
    }
}
