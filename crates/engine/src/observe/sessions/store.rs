//! Reads where data are versions per key: what is newer, the versions say.

use super::seen::Sight;
use super::strands::{Entry, Fresh, List};
use super::{Anomaly, Known, Sessions};
use crate::base::{EventId, OpId, Position};
use crate::observe::history::{End, Operation};
use crate::protocol::parts::Conflicts;
use crate::protocol::{RecordRef, Records};

/// So many operations are looked through for the last read that had shown what a later one lacks.
const LOOKED_THROUGH: u32 = 10_000;

impl Sessions {
    pub(super) fn wrote_in_store(
        &mut self,
        op: OpId,
        operation: &Operation,
        position: Position,
        known: &Known<'_>,
    ) {
        let last_wins = known.conflicts == Conflicts::LastWriteWins;
        self.writes.follow(known.records, last_wins);
        let Some(version) = known.records.version(RecordRef::named(position)) else { return };
        let Some(place) = self.writes.place(op) else { return };
        let (ended, time) = (operation.ended_event, version.stamp);
        self.wrote(operation, 0, Fresh { op, ended, place, time }, true);
    }

    pub(super) fn read_in_store(
        &mut self,
        read: OpId,
        operation: &Operation,
        name: Position,
        known: &Known<'_>,
    ) {
        let last_wins = known.conflicts == Conflicts::LastWriteWins;
        self.writes.follow(known.records, last_wins);
        let shown = versions_of(name, known.records);
        let mut sight = self.writes.sight(operation.key(), &shown, last_wins, known.records);
        let own = self.owns.get(operation.client, operation.key());
        let before = self.lacking(own.saw, operation, &mut sight, known).map(|first| {
            self.last_that_showed(read, operation, &mut sight, known).unwrap_or(first)
        });
        let (missed, own_missed) = (
            self.lacking(self.key(operation), operation, &mut sight, known),
            self.lacking(own.wrote, operation, &mut sight, known),
        );
        let anomalies = [
            (Anomaly::Stale, missed),
            (Anomaly::OwnWriteMissing, own_missed),
            (Anomaly::BackInTime, before),
        ];
        for (anomaly, missed) in anomalies {
            if let Some(missed) = missed {
                self.slip(anomaly, (read, operation), missed, OpId::NONE);
            }
        }
        self.shown_in_store(read, operation, &shown, known);
    }

    /// A client was shown versions. Of those that its read before showed as well it is known already.
    fn shown_in_store(
        &mut self,
        read: OpId,
        operation: &Operation,
        shown: &[RecordRef],
        known: &Known<'_>,
    ) {
        let Some(own) = self.owns.of(operation.client, operation.key()) else { return };
        let last = own.read.replace(read).and_then(|last| known.history.get(last));
        let before = last.map_or_else(Vec::new, |last| shown_by(last, known));
        for at in shown.iter().filter(|at| before.binary_search(at).is_err()) {
            let record = known.records.get(*at).and_then(|record| self.writes.place(record.op));
            let (Some(place), Some(version)) = (record, known.records.version(*at)) else {
                continue;
            };
            let (ended, time) = (operation.ended_event, version.stamp);
            self.saw(operation, 0, Fresh { op: read, ended, place, time }, true);
        }
    }

    /// The newest told of a list, before the read began, that what it showed is older than.
    fn lacking(
        &self,
        list: List,
        operation: &Operation,
        sight: &mut Sight,
        known: &Known<'_>,
    ) -> Option<OpId> {
        let (base, latest) = (sight.base, sight.latest.map(|(stamp, _)| stamp));
        let found = self.strands.newest(
            list,
            operation.invoked_event,
            |_, entry| {
                let Some(version) = self.version_of(entry, known) else { return false };
                let it = (entry.place, version);
                self.writes.lacks(sight, operation.key(), it, known.records)
            },
            |_, entry| entry.furthest < base || latest.is_some_and(|latest| entry.latest < latest),
        );
        found.map(|entry| entry.op)
    }

    /// The version that an entry tells of: that of which a writer was told, or one that was shown.
    fn version_of(&self, entry: &Entry, known: &Known<'_>) -> Option<RecordRef> {
        let operation = known.history.get(entry.op)?;
        if let End::Written { position, .. } = operation.end {
            return Some(RecordRef::named(position));
        }
        let of_it = |at: &RecordRef| {
            let record = known.records.get(*at);
            record.and_then(|record| self.writes.place(record.op)) == Some(entry.place)
        };
        shown_by(operation, known).into_iter().filter(of_it).max()
    }

    /// The last read of this client at this key, answered before this one began, that had shown
    /// something newer.
    fn last_that_showed(
        &self,
        read: OpId,
        operation: &Operation,
        sight: &mut Sight,
        known: &Known<'_>,
    ) -> Option<OpId> {
        let mut earlier = (read.0.saturating_sub(LOOKED_THROUGH)..read.0).rev().map(OpId);
        earlier.find(|op| {
            let Some(other) = known.history.get(*op).filter(|other| {
                let ended = other.ended_event != EventId::NONE;
                let own = other.client == operation.client && other.key() == operation.key();
                own && ended && other.ended_event < operation.invoked_event
            }) else {
                return false;
            };
            shown_by(other, known).into_iter().any(|at| {
                let record = known.records.get(at);
                let place = record.and_then(|record| self.writes.place(record.op));
                let lacks = |place: u32| {
                    self.writes.lacks(sight, operation.key(), (place, at), known.records)
                };
                place.is_some_and(lacks)
            })
        })
    }
}

/// What a read showed; nothing of a write.
fn shown_by(operation: &Operation, known: &Known<'_>) -> Vec<RecordRef> {
    match operation.end {
        End::Value { version, .. } => versions_of(version, known.records),
        _ => Vec::new(),
    }
}

/// The versions that a name stands for, in their order: itself, or the siblings that were shown
/// together.
fn versions_of(name: Position, records: &Records) -> Vec<RecordRef> {
    let at = RecordRef::named(name);
    let mut siblings = records.joins(at).to_vec();
    if siblings.is_empty() && records.version(at).is_some() {
        siblings.push(at);
    }
    siblings.sort_unstable();
    siblings
}
