//! Data that keeps versions per key instead of following one log: the newest version of each key,
//! or several that are concurrent, its siblings.
//!
//! Merging the same versions in any order gives the same data; that is why such replicas need no
//! leader. It holds numbers of records; what a version is worth is asked of [`Records`].

use core::cmp::Ordering;
use std::rc::Rc;

use super::version::{Causality, VersionVector};
use crate::base::{Chunked, Digest, Key, Position};
use crate::protocol::{RecordRef, Records};

/// What is kept where two versions of a key are concurrent.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Conflicts {
    /// Both: readers get both, and a write that has seen both replaces both.
    #[default]
    Siblings,
    /// The one with the later stamp; the other is gone, and nobody is told.
    LastWriteWins,
    /// Every one ever made: the key is how many there are.
    Counter,
    /// The key is a set: additions, until a removal that has seen them; removals, until another.
    AddWins,
    /// Both, as siblings; readers are shown that of the first node.
    SitePriority,
}

/// Whose knowledge a write carries: what it replaces, and what it stands beside.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Context {
    /// The client's: what its last answer about the key named. A client that was given nothing of the
    /// key writes beside whatever is there (DeCandia et al., SOSP 2007, section 4.4: `put(key,
    /// context, object)`; Riak's causal context).
    #[default]
    Client,
    /// The node's that takes the write: whatever it holds of the key counts as known to the client
    /// (an `UPDATE` in multi-leader SQL replaces the row that its leader has, as in PostgreSQL's
    /// logical replication; a removal in Redis Active-Active removes what its replica has observed).
    Server,
}

impl Context {
    /// What a write of `key` has seen: the versions, and of each node the last write. `given`: the
    /// name of what the client was given last.
    #[must_use]
    pub fn of_write(
        self,
        given: Position,
        held: &Siblings,
        records: &Records,
    ) -> (Vec<RecordRef>, VersionVector) {
        match self {
            Self::Client => {
                let given = RecordRef::named(given);
                let seen: Vec<RecordRef> =
                    records.version(given).map(|_| given).into_iter().collect();
                (seen, records.context(given))
            }
            Self::Server => (held.as_slice().to_vec(), held.context(records)),
        }
    }
}

/// Versions of one key, in the order of their dots; usually one.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Siblings {
    /// Never written, as far as known here.
    #[default]
    None,
    /// The usual case.
    One(RecordRef),
    /// Concurrent ones.
    Many(Rc<[RecordRef]>),
}

impl Siblings {
    /// The records.
    #[must_use]
    pub fn as_slice(&self) -> &[RecordRef] {
        match self {
            Self::None => &[],
            Self::One(record) => std::slice::from_ref(record),
            Self::Many(records) => records,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.as_slice().len()).unwrap_or(u32::MAX)
    }

    /// Whether the key was never written, as far as known here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// These records, which must be in the order of their dots.
    #[must_use]
    pub fn of(records: &[RecordRef]) -> Self {
        match records {
            [] => Self::None,
            [record] => Self::One(*record),
            many => Self::Many(many.into()),
        }
    }

    /// Of each node, the last write that somebody has seen who has read all of them.
    #[must_use]
    pub fn context(&self, records: &Records) -> VersionVector {
        let mut context = VersionVector::default();
        for version in self.as_slice().iter().filter_map(|record| records.version(*record)) {
            context.merge(&version.vector);
            context.see(version.dot());
        }
        context
    }

    /// The same with one more version. Says whether that changed anything.
    pub fn merge(&mut self, new: RecordRef, conflicts: Conflicts, records: &Records) -> bool {
        let Some(version) = records.version(new) else { return false };
        if self.as_slice().contains(&new) {
            return false;
        }
        let deletes = |at: &RecordRef| records.version(*at).is_some_and(|version| version.deleted);
        let stands = match conflicts {
            Conflicts::LastWriteWins | Conflicts::Counter => Vec::new(),
            Conflicts::AddWins if !version.deleted && !self.as_slice().iter().any(deletes) => {
                Vec::new()
            }
            _ => records.compare_with(new, self.as_slice()),
        };
        let mut kept = Vec::new();
        let mut place = 0;
        for (index, known) in self.as_slice().iter().enumerate() {
            let Some(other) = records.version(*known) else { continue };
            let causality = stands.get(index).copied().unwrap_or(Causality::Concurrent);
            let stays = match conflicts {
                Conflicts::LastWriteWins if version.later(other) != Ordering::Greater => {
                    return false;
                }
                Conflicts::LastWriteWins => false,
                Conflicts::Counter => true,
                // An addition takes nothing away.
                Conflicts::AddWins if !other.deleted && !version.deleted => true,
                Conflicts::Siblings | Conflicts::AddWins | Conflicts::SitePriority => {
                    match causality {
                        Causality::Same => return false,
                        Causality::Concurrent => true,
                        Causality::Before if conflicts == Conflicts::AddWins && !other.deleted => {
                            true
                        }
                        Causality::After if conflicts == Conflicts::AddWins && !version.deleted => {
                            true
                        }
                        Causality::Before => return false,
                        Causality::After => false,
                    }
                }
            };
            if stays {
                place += usize::from(other.dot() < version.dot());
                kept.push(*known);
            }
        }
        kept.insert(place, new);
        *self = Self::of(&kept);
        true
    }

    /// Merges all of another's. Says whether that changed anything.
    pub fn merge_all(&mut self, other: &Self, conflicts: Conflicts, records: &Records) -> bool {
        let mut changed = false;
        for new in other.as_slice() {
            changed |= self.merge(*new, conflicts, records);
        }
        changed
    }

    /// The one that a reader who wants a single value is shown: the latest stamp.
    #[must_use]
    pub fn latest(&self, records: &Records) -> Option<RecordRef> {
        let mut latest: Option<RecordRef> = None;
        for record in self.as_slice() {
            let later =
                match (latest.and_then(|known| records.version(known)), records.version(*record)) {
                    (Some(known), Some(version)) => version.later(known) == Ordering::Greater,
                    (known, _) => known.is_none(),
                };
            if later {
                latest = Some(*record);
            }
        }
        latest
    }

    /// A digest of it.
    #[must_use]
    pub fn digest(&self, records: &Records) -> u64 {
        let mut digest = Digest::default();
        for record in self.as_slice().iter().filter_map(|record| records.get(*record)) {
            digest.fold(record.chain);
        }
        digest.value()
    }
}

/// The versions that a node holds, by key.
#[derive(Clone, Default, Debug)]
pub struct Store {
    keys: Chunked<Siblings>,
    conflicts: Conflicts,
    // Versions held in all.
    count: u32,
}

impl Store {
    /// An empty one.
    #[must_use]
    pub fn new(conflicts: Conflicts) -> Self {
        Self { keys: Chunked::default(), conflicts, count: 0 }
    }

    /// What is kept where versions are concurrent.
    #[must_use]
    pub fn conflicts(&self) -> Conflicts {
        self.conflicts
    }

    /// What is held of a key.
    #[must_use]
    pub fn get(&self, key: Key) -> &Siblings {
        const NONE: &Siblings = &Siblings::None;
        self.keys.get(key.0 as usize).unwrap_or(NONE)
    }

    /// Every key of which something is held.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Siblings)> + '_ {
        let held = (0..).map(Key).zip(self.keys.iter());
        held.filter(|(_, siblings)| **siblings != Siblings::None)
    }

    /// Takes a version in. Says whether that changed anything.
    pub fn merge(&mut self, key: Key, new: RecordRef, records: &Records) -> bool {
        while self.keys.len() <= key.0 as usize {
            self.keys.push(Siblings::None);
        }
        let conflicts = self.conflicts;
        let Some(known) = self.keys.get_mut(key.0 as usize) else { return false };
        let before = known.len();
        let changed = known.merge(new, conflicts, records);
        self.count = self.count + known.len() - before;
        changed
    }

    /// How many versions are held.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Forgets a key.
    pub fn forget(&mut self, key: Key) {
        if let Some(known) = self.keys.get_mut(key.0 as usize) {
            self.count -= known.len();
            *known = Siblings::None;
        }
    }

    /// Every version held.
    #[must_use]
    pub fn all(&self) -> Vec<RecordRef> {
        self.iter().flat_map(|(_, siblings)| siblings.as_slice().iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::NodeId;
    use crate::protocol::Record;
    use crate::protocol::parts::version::Version;

    fn add(
        records: &mut Records,
        seen: &[RecordRef],
        node: u8,
        counter: u32,
        stamp: i64,
    ) -> RecordRef {
        let mut vector = VersionVector::default();
        for version in seen.iter().filter_map(|record| records.version(*record)) {
            vector.merge(&version.context());
        }
        let writer = NodeId(node);
        let chain = u64::from(node) << 32 | u64::from(counter);
        let record = Record { chain, ..Record::default() };
        let version = Version { vector, writer, counter, stamp, deleted: false };
        records.add_versioned(record, version, seen.to_vec())
    }

    #[test]
    fn concurrent_versions_stay_until_one_that_has_seen_them() {
        let records = &mut Records::default();
        let a = add(records, &[], 0, 1, 10);
        let b = add(records, &[], 1, 1, 20);
        let c = add(records, &[a, b], 2, 1, 5);
        let mut store = Store::new(Conflicts::Siblings);
        assert!(store.merge(Key(0), b, records) && store.merge(Key(0), a, records));
        assert_eq!(store.get(Key(0)).as_slice(), [a, b]);
        assert!(!store.merge(Key(0), a, records), "known already");
        assert_eq!(store.get(Key(0)).latest(records), Some(b));
        assert!(store.merge(Key(0), c, records));
        assert_eq!(store.all(), [c]);
        assert!(!store.merge(Key(0), b, records), "it was replaced");
    }

    #[test]
    fn the_order_of_merging_does_not_matter() {
        for conflicts in [Conflicts::Siblings, Conflicts::LastWriteWins] {
            let records = &mut Records::default();
            let a = add(records, &[], 0, 1, 10);
            let b = add(records, &[a], 1, 1, 5);
            let c = add(records, &[a], 0, 2, 30);
            let d = add(records, &[b], 2, 1, 20);
            let orders = [[a, b, c, d], [d, c, b, a], [c, a, d, b], [b, d, a, c]];
            let merged = orders.map(|order| {
                let mut siblings = Siblings::None;
                order.iter().for_each(|new| _ = siblings.merge(*new, conflicts, records));
                siblings.as_slice().to_vec()
            });
            assert!(merged.iter().all(|other| *other == merged[0]), "{merged:?}");
            let expected = if conflicts == Conflicts::Siblings { vec![c, d] } else { vec![c] };
            assert_eq!(merged[0], expected);
        }
    }

    #[test]
    fn where_the_last_write_wins_the_stamp_decides_alone() {
        let records = &mut Records::default();
        let fast = add(records, &[], 0, 1, 500);
        let slow = add(records, &[fast], 1, 1, 40);
        let mut store = Store::new(Conflicts::LastWriteWins);
        store.merge(Key(3), fast, records);
        assert!(!store.merge(Key(3), slow, records));
        assert_eq!(store.all(), [fast]);
    }
}
