//! What a reader of a key was shown, and which writes that lacks, where data are versions per key.
//!
//! Vectors say more than was given, so it follows what each writer had been given, version by version.
//! Writes are what counts: one that became several versions, because its client asked again, is seen
//! with any of them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::base::{Chunked, Key, OpId};
use crate::protocol::parts::version::Dot;
use crate::protocol::{RecordRef, Records};

/// The writes of every key, in the order in which they first became versions.
#[derive(Clone, Default, Debug)]
pub struct Writes {
    scanned: u32,
    keys: BTreeMap<Key, Rc<OfKey>>,
    // By operation: its place among the writes of its key, counted from 1; 0: it is none.
    places: Chunked<u32>,
    // By record: whoever is given it was given every write of its key before this place. Only where
    // stamps do not decide.
    bases: Chunked<u32>,
}

#[derive(Clone, Default, Debug)]
struct OfKey {
    // The first version of each write.
    firsts: Vec<RecordRef>,
    deletions: Vec<RecordRef>,
}

impl Writes {
    /// Reads the versions that were made since; `last_wins`: stamps decide.
    pub fn follow(&mut self, records: &Records, last_wins: bool) {
        let end = u32::try_from(records.len()).unwrap_or(u32::MAX);
        for at in (self.scanned..end).map(RecordRef) {
            let key = self.extend(at, records).filter(|_| !last_wins);
            let base = key.map_or(0, |key| self.base(key, &[at], records, &mut Walk::from(&[at])));
            self.bases.push(base);
        }
        self.scanned = end;
    }

    /// Takes down a version that a write became; says of which key.
    fn extend(&mut self, at: RecordRef, records: &Records) -> Option<Key> {
        let (record, version) = (records.get(at)?, records.version(at)?);
        if !record.op.is_some() {
            return None;
        }
        while self.places.len() <= record.op.index() {
            self.places.push(0);
        }
        let of_key = Rc::make_mut(self.keys.entry(record.key).or_default());
        if version.deleted {
            of_key.deletions.push(at);
        }
        if let Some(place) = self.places.get_mut(record.op.index()).filter(|place| **place == 0) {
            of_key.firsts.push(at);
            *place = u32::try_from(of_key.firsts.len()).unwrap_or(u32::MAX);
        }
        Some(record.key)
    }

    /// Where a write stands among those of its key, counted from 1.
    #[must_use]
    pub fn place(&self, write: OpId) -> Option<u32> {
        self.places.get(write.index()).copied().filter(|place| *place > 0)
    }

    /// The first place of a key whose write was not given to whoever is given these versions.
    fn base(&self, key: Key, given: &[RecordRef], records: &Records, walk: &mut Walk) -> u32 {
        let Some(of_key) = self.keys.get(&key) else { return 1 };
        let known = |at: &RecordRef| self.bases.get(at.0 as usize).copied().unwrap_or_default();
        let before = |at: &RecordRef| {
            let earlier = records.given(*at).iter();
            let joined = earlier.clone().flat_map(|at| records.joins(*at));
            earlier.chain(joined).map(known).max().unwrap_or_default().max(known(at))
        };
        let mut base = given.iter().map(before).max().unwrap_or_default().max(1);
        while let Some(first) = of_key.firsts.get(base as usize - 1).copied() {
            let write = records.get(first).map_or(OpId::NONE, |record| record.op);
            if !walk.has(write, first, records) {
                break;
            }
            base += 1;
        }
        base
    }

    /// What a reader of a key was shown: these versions; none: what the deletions of the key left.
    /// `last_wins`: where stamps decide, what counts is the latest one shown.
    #[must_use]
    pub fn sight(
        &self,
        key: Key,
        shown: &[RecordRef],
        last_wins: bool,
        records: &Records,
    ) -> Sight {
        let gone = self.keys.get(&key).filter(|_| shown.is_empty());
        let shown = gone.map_or(shown, |of_key| &of_key.deletions);
        let mut walk = Walk::from(shown);
        let rank = |at: &RecordRef| records.version(*at).map(|v| (v.stamp, v.dot()));
        let latest = shown.iter().filter_map(rank).max().filter(|_| last_wins);
        // Whatever loses by its stamp is not missed: how much was given needs no answer.
        let base = if last_wins { 1 } else { self.base(key, shown, records, &mut walk) };
        Sight { latest, base, walk }
    }

    /// Whether a reader who had this sight of a key lacks a write of it, by its place. `version`: of
    /// that write, the one that its client was told of, or that was shown.
    pub fn lacks(
        &self,
        sight: &mut Sight,
        key: Key,
        (place, version): (u32, RecordRef),
        records: &Records,
    ) -> bool {
        let rank = records.version(version).map(|version| (version.stamp, version.dot()));
        if place < sight.base || sight.latest.is_some_and(|latest| rank <= Some(latest)) {
            return false;
        }
        let first = self.keys.get(&key).and_then(|all| all.firsts.get(place as usize - 1)).copied();
        let Some((first, write)) = first.and_then(|at| Some((at, records.get(at)?.op))) else {
            return false;
        };
        !sight.walk.has(write, first, records)
    }

    /// Bytes of heap held, about.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let lists = self.keys.values().map(|of_key| of_key.firsts.capacity() * 4);
        self.places.heap_bytes() + self.bases.heap_bytes() + lists.sum::<usize>()
    }
}

/// What a reader was shown of a key.
#[derive(Debug)]
pub struct Sight {
    /// Where the last write wins: the latest stamp shown, and whose.
    pub latest: Option<(i64, Dot)>,
    /// All writes before this place were seen.
    pub base: u32,
    walk: Walk,
}

/// Goes from what was given to what the writers of that had been given, the newest first.
#[derive(Debug)]
struct Walk {
    front: BTreeSet<RecordRef>,
    met: BTreeSet<OpId>,
}

impl Walk {
    fn from(given: &[RecordRef]) -> Self {
        Self { front: given.iter().copied().collect(), met: BTreeSet::new() }
    }

    /// Whether a write is met whose first version this is. Who was given a version wrote after it.
    fn has(&mut self, write: OpId, first: RecordRef, records: &Records) -> bool {
        while let Some(at) = self.front.last().copied().filter(|at| *at >= first) {
            self.front.pop_last();
            if let Some(record) = records.get(at).filter(|record| record.op.is_some()) {
                self.met.insert(record.op);
            }
            self.front.extend(records.given(at).iter().copied());
        }
        self.met.contains(&write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::NodeId;
    use crate::protocol::Record;
    use crate::protocol::parts::version::{Version, VersionVector};

    const KEY: Key = Key(3);

    /// A version of this operation, whose writer had been given `seen`.
    fn add(records: &mut Records, op: u32, stamp: i64, seen: &[RecordRef]) -> RecordRef {
        let mut vector = VersionVector::default();
        seen.iter().for_each(|given| vector.merge(&records.context(*given)));
        let counter = u32::try_from(records.len()).unwrap() + 1;
        let version = Version { vector, writer: NodeId(0), counter, stamp, deleted: false };
        let record = Record { op: OpId(op), key: KEY, ..Record::default() };
        records.add_versioned(record, version, seen.to_vec())
    }

    /// Which of these versions' writes somebody lacks who is shown some.
    fn lacking(
        shown: &[RecordRef],
        last_wins: bool,
        all: &[RecordRef],
        records: &Records,
    ) -> usize {
        let mut writes = Writes::default();
        writes.follow(records, last_wins);
        let mut sight = writes.sight(KEY, shown, last_wins, records);
        let lacks = |at: &&RecordRef| {
            let place = writes.place(records.get(**at).unwrap().op).unwrap();
            writes.lacks(&mut sight, KEY, (place, **at), records)
        };
        all.iter().filter(lacks).count()
    }

    #[test]
    fn what_a_vector_only_counts_was_not_given() {
        let mut records = Records::default();
        let mine = add(&mut records, 0, 1, &[]);
        let theirs = add(&mut records, 1, 2, &[]);
        let again = add(&mut records, 2, 3, &[theirs]);
        assert!(
            records.version(again).unwrap().vector.has_seen(records.version(mine).unwrap().dot())
        );
        assert_eq!(lacking(&[again], false, &[mine, theirs, again], &records), 1);
        assert_eq!(lacking(&[again], true, &[mine, theirs, again], &records), 0, "by its stamp");
    }

    #[test]
    fn a_write_of_several_versions_is_seen_with_any_of_them() {
        let mut records = Records::default();
        let first = add(&mut records, 0, 1, &[]);
        let other = add(&mut records, 1, 2, &[]);
        let again = add(&mut records, 0, 3, &[other]);
        let after = add(&mut records, 2, 4, &[first]);
        assert_eq!(lacking(&[first], false, &[again], &records), 0);
        assert_eq!(lacking(&[after], false, &[again], &records), 0);
        assert_eq!(lacking(&[other], false, &[again], &records), 1);
        assert_eq!(lacking(&[after], true, &[other, again], &records), 0);
        assert_eq!(lacking(&[other], true, &[first, again], &records), 1, "told of the second");
    }

    #[test]
    fn who_sees_all_need_not_be_followed_to_the_beginning() {
        let mut records = Records::default();
        let mut all = vec![add(&mut records, 0, 0, &[])];
        for op in 1..200 {
            let both = [all[all.len() - 1], all[all.len().saturating_sub(2)]];
            all.push(add(&mut records, op, 0, &both));
        }
        let mut writes = Writes::default();
        writes.follow(&records, false);
        let sight = writes.sight(KEY, &all[199..], false, &records);
        assert_eq!(sight.base, 201);
        assert!(sight.walk.met.len() < 5);
        assert_eq!(lacking(&all[150..151], false, &all, &records), 49);
    }
}
