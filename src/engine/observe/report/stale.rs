//! Stale reads where data are versions per key: which answers had not seen a write that was
//! acknowledged before they were asked for.

use std::collections::BTreeMap;

use crate::engine::base::{Key, OpId, SimTime, sort};
use crate::engine::observe::history::{End, History, Operation};
use crate::engine::protocol::parts::{Version, VersionVector};
use crate::engine::protocol::{RecordRef, Records};

/// What was acknowledged of a key until a time.
#[derive(Default)]
struct Newest {
    seen: VersionVector,
    stamp: Option<Version>,
}

/// How many reads were answered with less than was acknowledged before they began.
pub fn in_versions(history: &History, records: &Records) -> u32 {
    let mut moments: Vec<(SimTime, bool, OpId)> = Vec::new();
    for (op, operation) in history.iter() {
        match operation.end {
            End::Written { .. } => moments.push((operation.ended, true, op)),
            End::Value { .. } => moments.push((operation.invoked, false, op)),
            _ => {}
        }
    }
    sort(&mut moments);
    let mut keys: BTreeMap<Key, Newest> = BTreeMap::new();
    let mut stale = 0;
    for (_, _, op) in moments {
        let Some(operation) = history.get(op) else { continue };
        let newest = keys.entry(operation.key()).or_default();
        match operation.end {
            End::Written { position, .. } => {
                if let Some(version) = records.version(RecordRef::named(position)) {
                    newest.acknowledge(version);
                }
            }
            _ => stale += u32::from(newest.is_missed_by(operation, records)),
        }
    }
    stale
}

impl Newest {
    fn acknowledge(&mut self, version: &Version) {
        self.seen.see(version.dot());
        let later = self.stamp.as_ref().is_none_or(|known| version.later(known).is_gt());
        if later {
            self.stamp = Some(version.clone());
        }
    }

    /// Whether an answer had not seen all of it, and shows a value with an earlier stamp.
    fn is_missed_by(&self, read: &Operation, records: &Records) -> bool {
        let End::Value { version, .. } = read.end else { return false };
        let Some(newest) = &self.stamp else { return false };
        let at = RecordRef::named(version);
        let Some(shown) = records.version(at) else { return true };
        let mut context = shown.context();
        for sibling in records.joins(at).iter().filter_map(|at| records.version(*at)) {
            context.merge(&sibling.context());
        }
        let seen_all = self.seen.entries().iter().all(|(node, count)| context.of(*node) >= *count);
        // Where the last write wins, what was dropped need not be seen.
        !seen_all && newest.dot() != shown.dot() && !context.has_seen(newest.dot()) && {
            let joined = !records.joins(at).is_empty();
            joined || newest.later(shown).is_gt()
        }
    }
}
