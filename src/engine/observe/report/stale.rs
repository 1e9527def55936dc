//! Stale reads where data are versions per key: which answers had not seen a write that was
//! acknowledged before they were asked for.

use std::collections::BTreeMap;

use crate::engine::base::{Key, OpId, SimTime, sort};
use crate::engine::observe::history::{End, History};
use crate::engine::observe::shown::Shown;
use crate::engine::protocol::parts::Version;
use crate::engine::protocol::{RecordRef, Records};

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
    // By key: the acknowledged version with the latest stamp.
    let mut newest: BTreeMap<Key, &Version> = BTreeMap::new();
    let mut stale = 0;
    for (_, _, op) in moments {
        let Some(operation) = history.get(op) else { continue };
        match operation.end {
            End::Written { position, .. } => {
                let Some(version) = records.version(RecordRef::named(position)) else { continue };
                let known = newest.entry(operation.key()).or_insert(version);
                if version.later(known).is_gt() {
                    *known = version;
                }
            }
            End::Value { version, .. } => {
                let newest = newest.get(&operation.key());
                let lacks = newest.is_some_and(|newest| Shown::of(version, records).lacks(newest));
                stale += u32::from(lacks);
            }
            _ => {}
        }
    }
    stale
}
