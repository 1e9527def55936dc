//! Reads where data are versions per key: what is newer, the versions say.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::strands::{Entry, Fresh, List};
use super::{Anomaly, Known, Sessions};
use crate::engine::base::{Key, OpId, Position};
use crate::engine::observe::history::Operation;
use crate::engine::observe::shown::{Shown, versions_of};
use crate::engine::protocol::parts::{Conflicts, Version, VersionVector};
use crate::engine::protocol::{RecordRef, Records};

/// What all deletions of each key had seen, and the one with the latest stamp: "nothing" may be what
/// they left.
#[derive(Clone, Default, Debug)]
pub struct Deletions {
    scanned: u32,
    keys: BTreeMap<Key, Rc<Deleted>>,
}

#[derive(Clone, Debug)]
struct Deleted {
    latest: Version,
    context: VersionVector,
}

impl Deletions {
    fn follow(&mut self, records: &Records) {
        let end = u32::try_from(records.len()).unwrap_or(u32::MAX);
        for at in (self.scanned..end).map(RecordRef) {
            let (Some(record), Some(version)) = (records.get(at), records.version(at)) else {
                continue;
            };
            if !version.deleted || !record.op.is_some() {
                continue;
            }
            let new = || Rc::new(Deleted { latest: version.clone(), context: version.context() });
            let deleted = Rc::make_mut(self.keys.entry(record.key).or_insert_with(new));
            deleted.context.merge(&version.context());
            if version.later(&deleted.latest).is_gt() {
                deleted.latest = version.clone();
            }
        }
        self.scanned = end;
    }

    fn of(&self, key: Key) -> Option<&Deleted> {
        self.keys.get(&key).map(|deleted| &**deleted)
    }
}

impl Sessions {
    pub(super) fn wrote_in_store(
        &mut self,
        op: OpId,
        operation: &Operation,
        position: Position,
        known: &Known<'_>,
    ) {
        let Some(version) = known.records.version(RecordRef::named(position)) else { return };
        let (ended, place, time) = (operation.ended, version.counter, version.stamp);
        self.wrote(operation, u32::from(version.writer.0), Fresh { op, ended, place, time });
    }

    pub(super) fn read_in_store(
        &mut self,
        read: OpId,
        operation: &Operation,
        name: Position,
        known: &Known<'_>,
    ) {
        self.deletions.follow(known.records);
        let mut shown = Shown::of(name, known.records, known.conflicts == Conflicts::LastWriteWins);
        if let Some(deleted) = self.deletions.of(operation.key()).filter(|_| shown.is_nothing()) {
            shown = shown.after(&deleted.latest, &deleted.context);
        }
        let own = self.owns.get(operation.client, operation.key());
        let (missed, own_missed, before) = (
            self.lacking(self.key(operation), operation, &shown),
            self.lacking(own.wrote, operation, &shown),
            self.lacking(own.saw, operation, &shown),
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
        for version in versions_of(name, known.records) {
            let (ended, place, time) = (operation.ended, version.counter, version.stamp);
            let fresh = Fresh { op: read, ended, place, time };
            self.saw(operation, u32::from(version.writer.0), fresh);
        }
    }

    /// The newest told of a list, before the read began, that what it showed is older than.
    fn lacking(&self, list: List, operation: &Operation, shown: &Shown) -> Option<OpId> {
        let found = self.strands.newest(
            list,
            operation.invoked,
            |writer, entry: &Entry| shown.lacks(writer, entry.place, entry.time),
            |writer, entry: &Entry| !shown.lacks(writer, entry.furthest, entry.latest),
        );
        found.map(|entry| entry.op)
    }
}
