//! A node's log: which record stands at which position.
//!
//! ```text
//!   1 … base │ base+1 … applied … committed … flushed … last
//!   dropped, │ held
//!   a snapshot stands for it
//! ```
//! It holds numbers of records, not records; it does not know what is flushed or committed.

use crate::base::{Chunked, Epoch, Position};
use crate::protocol::{Record, RecordRef, Records};

/// The records of one node in order of position.
#[derive(Clone, Debug)]
pub struct Log {
    // The entry for position `origin + 1 + index`, with the disk extent that holds it.
    entries: Chunked<(RecordRef, u32)>,
    origin: Position,
    base: End,
    last: End,
}

/// A position with what stands there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// Where.
    pub position: Position,
    /// The record, as far as it is known.
    pub record: RecordRef,
    /// Digest of everything up to here.
    pub chain: u64,
    /// The epoch of the record.
    pub epoch: Epoch,
}

impl End {
    /// Before the first record.
    pub const START: Self =
        Self { position: Position::ZERO, record: RecordRef::NONE, chain: 0, epoch: Epoch(0) };
}

impl Default for Log {
    fn default() -> Self {
        Self::after(End::START)
    }
}

impl Log {
    /// An empty log that continues from `base`, for which a snapshot stands.
    #[must_use]
    pub fn after(base: End) -> Self {
        Self { entries: Chunked::default(), origin: base.position, base, last: base }
    }

    /// Its end.
    #[must_use]
    #[inline]
    pub fn end(&self) -> End {
        self.last
    }

    /// The last position.
    #[must_use]
    #[inline]
    pub fn last(&self) -> Position {
        self.last.position
    }

    /// Dropped up to and including here.
    #[must_use]
    pub fn base(&self) -> Position {
        self.base.position
    }

    /// The record at `position`, if held; at the base, the record that the log continues from.
    #[must_use]
    #[inline]
    pub fn get(&self, position: Position) -> Option<RecordRef> {
        if position == self.base.position {
            return (position.0 > 0 && self.base.record != RecordRef::NONE)
                .then_some(self.base.record);
        }
        if position < self.base.position {
            return None;
        }
        self.entry(position).map(|(record, _)| record)
    }

    fn entry(&self, position: Position) -> Option<(RecordRef, u32)> {
        let index = position.0.checked_sub(self.origin.0 + 1)?;
        self.entries.get(index as usize).copied()
    }

    /// The disk extent that holds the record at `position`.
    #[must_use]
    pub fn extent(&self, position: Position) -> Option<u32> {
        self.entry(position).map(|(_, extent)| extent)
    }

    /// What stands at `position`, the base included.
    #[must_use]
    pub fn at(&self, position: Position, records: &Records) -> Option<End> {
        if position == self.base.position {
            return Some(self.base);
        }
        let record = self.get(position)?;
        let found = records.get(record)?;
        Some(End { position, record, chain: found.chain, epoch: found.epoch })
    }

    /// Appends the record that stands right after the end.
    #[inline]
    pub fn push(&mut self, record: RecordRef, content: &Record, extent: u32) {
        debug_assert_eq!(content.position, self.last.position.next(), "a log has no gaps");
        self.entries.push((record, extent));
        self.last =
            End { position: content.position, record, chain: content.chain, epoch: content.epoch };
    }

    /// Drops everything after `to`, which must not lie before the base.
    pub fn truncate(&mut self, to: Position, records: &Records) {
        let Some(end) = self.at(to, records) else { return };
        self.entries.truncate(to.since(self.origin) as usize);
        self.last = end;
    }

    /// Drops everything up to and including `to`: a snapshot stands for it.
    pub fn drop_front(&mut self, to: Position, records: &Records) {
        if let Some(end) = self.at(to.min(self.last.position), records) {
            self.base = end;
            self.entries.forget_before(end.position.since(self.origin) as usize);
        }
    }

    /// The last position at or before `from` whose record is not of a later epoch than `epoch`.
    #[must_use]
    pub fn last_not_later(&self, from: Position, epoch: Epoch, records: &Records) -> Position {
        let mut at = from.min(self.last.position);
        while at > self.base.position && self.at(at, records).is_some_and(|end| end.epoch > epoch) {
            at = at.before();
        }
        at
    }
}
