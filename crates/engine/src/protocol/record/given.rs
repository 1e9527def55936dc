//! Who had been given what: whether the writer of one version of a key knew another.
//!
//! Each version names what its writer had been given: a version, or what stands for several siblings.
//! Following these names is exact. A version vector is what goes over the links and stands on disks;
//! it says up to which write of each node somebody has seen something, and no more than that: a client
//! that was told of a node's second write need not have been told of its first, which another client
//! may have made meanwhile. (Preguiça et al., *Dotted Version Vectors*, 2010, section 2.)

use std::collections::BTreeSet;

use super::{Records, Versioned};
use crate::protocol::RecordRef;
use crate::protocol::parts::version::{Causality, Version, VersionVector};

impl Records {
    /// All that somebody knows of a key who was given this version, or these siblings: for each node,
    /// the last of its writes. Of the writes before that it may not have been given every one;
    /// [`Self::saw`] tells which.
    #[must_use]
    pub fn context(&self, given: RecordRef) -> VersionVector {
        match self.versioned(given) {
            Some(Versioned { version, joined: true, .. }) => version.vector.clone(),
            Some(Versioned { version, .. }) => version.context(),
            None => VersionVector::default(),
        }
    }

    /// Whether the writer of `later`, or the reader that it stands for, had been given `earlier`: the
    /// version itself or one whose writer had been given it in turn. Two versions that retries made
    /// of one idempotent write are the same: who was given one was given the other.
    ///
    /// Exact, whatever was lost or came late: it follows who had been given what, while a vector
    /// alone would also count what the same node had taken in between from others.
    #[must_use]
    pub fn saw(&self, later: RecordRef, earlier: RecordRef) -> bool {
        self.saw_any(later, &self.retries_of(earlier))
    }

    /// Whether the writer of `later` had been given this very version, not only a retry's.
    #[must_use]
    pub fn saw_itself(&self, later: RecordRef, earlier: RecordRef) -> bool {
        self.saw_any(later, &[earlier])
    }

    fn saw_any(&self, later: RecordRef, wanted: &[RecordRef]) -> bool {
        let Some(given) = self.versioned(later) else { return false };
        let may_have = |at: &&RecordRef| self.may_have_seen(later, **at);
        let Some(first) = wanted.iter().filter(may_have).min().copied() else { return false };
        // Mostly it is among what was given last.
        if given.seen.iter().any(|at| wanted.contains(at)) {
            return true;
        }
        // Whoever was given a version wrote after it: the newest comes first, and none twice.
        let late = given.seen.iter().copied().filter(|at| *at > first);
        let mut front: BTreeSet<RecordRef> = late.collect();
        while let Some(at) = front.pop_last() {
            if wanted.contains(&at) {
                return true;
            }
            if let Some(versioned) = self.versioned(at) {
                front.extend(versioned.seen.iter().copied().filter(|before| *before >= first));
            }
        }
        false
    }

    /// Whether somebody who was given this version, or these siblings, was given `wanted`.
    #[must_use]
    pub fn gives(&self, given: RecordRef, wanted: RecordRef) -> bool {
        self.retries_of(wanted).contains(&given) || self.saw(given, wanted)
    }

    /// How two versions stand to each other.
    #[must_use]
    pub fn compare(&self, one: RecordRef, other: RecordRef) -> Causality {
        if one == other {
            return Causality::Same;
        }
        match (self.saw(one, other), self.saw(other, one)) {
            (true, _) => Causality::After,
            (false, true) => Causality::Before,
            (false, false) => Causality::Concurrent,
        }
    }

    /// How a version stands to each of several others. Asked one by one, each would be searched for
    /// anew among all that somebody had been given.
    #[must_use]
    pub fn compare_with(&self, one: RecordRef, others: &[RecordRef]) -> Vec<Causality> {
        if let [other] = others {
            return vec![self.compare(one, *other)];
        }
        let before = self.known_to(one, others);
        let after = self.who_knew(one, others);
        let stands = |other: &RecordRef| match () {
            () if *other == one => Causality::Same,
            () if self.retries_of(*other).iter().any(|at| before.contains(at)) => Causality::After,
            () if after.contains(other) => Causality::Before,
            () => Causality::Concurrent,
        };
        others.iter().map(stands).collect()
    }

    /// All that the writer of a version had been given, back to the oldest of these.
    fn known_to(&self, one: RecordRef, oldest_of: &[RecordRef]) -> BTreeSet<RecordRef> {
        let wanted = oldest_of.iter().flat_map(|at| self.retries_of(*at));
        let first = wanted.filter(|at| self.may_have_seen(one, *at)).min();
        first.map(|first| self.back_to(first, &[one])).unwrap_or_default()
    }

    /// Which of these had been given a version, or one that a retry made of it.
    fn who_knew(&self, one: RecordRef, to: &[RecordRef]) -> BTreeSet<RecordRef> {
        let wanted = self.retries_of(one);
        let Some(first) = wanted.iter().min().copied() else { return BTreeSet::new() };
        let may = |at: &RecordRef| wanted.iter().any(|wanted| self.may_have_seen(*at, *wanted));
        let to: Vec<RecordRef> = to.iter().copied().filter(may).collect();
        let mut all = self.back_to(first, &to);
        all.extend(to);
        let mut found = BTreeSet::new();
        // Whoever was given something wrote after it: the oldest first.
        for at in all {
            let seen = self.versioned(at).map_or(&[][..], |versioned| &versioned.seen);
            if seen.iter().any(|seen| wanted.contains(seen) || found.contains(seen)) {
                found.insert(at);
            }
        }
        found
    }

    /// All that the writers of these versions had been given, from `first` on.
    fn back_to(&self, first: RecordRef, writers: &[RecordRef]) -> BTreeSet<RecordRef> {
        let mut all = BTreeSet::new();
        let mut open = writers.to_vec();
        while let Some(at) = open.pop() {
            let seen = self.versioned(at).map_or(&[][..], |versioned| &versioned.seen);
            open.extend(seen.iter().copied().filter(|at| *at >= first && all.insert(*at)));
        }
        all
    }

    /// A vector says more than was given, never less.
    fn may_have_seen(&self, later: RecordRef, earlier: RecordRef) -> bool {
        let vector = self.versioned(later).map(|given| &given.version.vector);
        let dot = self.version(earlier).map(Version::dot);
        vector.zip(dot).is_some_and(|(vector, dot)| vector.has_seen(dot))
    }

    /// A version, and those that retries made of the same idempotent write with the same context.
    fn retries_of(&self, record: RecordRef) -> Vec<RecordRef> {
        let idempotent = self.get(record).filter(|content| content.number > 0);
        let several = idempotent.and_then(|content| self.several.get(&content.op));
        let Some(all) = several else { return vec![record] };
        let seen = |at: RecordRef| self.versioned(at).map(|versioned| &versioned.seen);
        all.iter().copied().filter(|at| seen(*at) == seen(record)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ClientId, NodeId, OpId};
    use crate::protocol::Record;
    use crate::protocol::parts::version::Version;

    /// A version by n1 of operation `op`, whose writer had been given `seen`.
    fn add(records: &mut Records, op: u32, number: u32, seen: &[RecordRef]) -> RecordRef {
        let mut vector = VersionVector::default();
        seen.iter().for_each(|given| vector.merge(&records.context(*given)));
        let counter = u32::try_from(records.len()).unwrap() + 1;
        let version = Version { vector, writer: NodeId(0), counter, stamp: 0, deleted: false };
        let (op, client) = (OpId(op), ClientId(0));
        let record = Record { op, client, number, ..Record::default() };
        records.add_versioned(record, version, seen.to_vec())
    }

    #[test]
    fn two_clients_that_write_in_turn_through_one_node_never_see_each_other() {
        let mut records = Records::default();
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        for turn in 0..6 {
            let last = |all: &[RecordRef]| all.last().copied().into_iter().collect::<Vec<_>>();
            mine.push(add(&mut records, turn * 2, 0, &last(&mine)));
            theirs.push(add(&mut records, turn * 2 + 1, 0, &last(&theirs)));
        }
        for (place, own) in mine.iter().enumerate() {
            assert!(mine[..place].iter().all(|before| records.saw(*own, *before)));
            assert!(
                theirs.iter().all(|other| records.compare(*own, *other) == Causality::Concurrent)
            );
        }
        // The vector alone could not tell: it counts up to n1's eleventh.
        let (own, other) = (records.version(mine[5]).unwrap(), records.version(theirs[3]).unwrap());
        assert!(own.vector.has_seen(other.dot()));
    }

    #[test]
    fn who_reads_siblings_is_given_each_of_them_and_all_before() {
        let mut records = Records::default();
        let first = add(&mut records, 0, 0, &[]);
        let (a, b) = (add(&mut records, 1, 0, &[first]), add(&mut records, 2, 0, &[]));
        let both = records.add_joined(b, &[a, b]);
        let after = add(&mut records, 3, 0, &[both]);
        assert!([first, a, b].iter().all(|before| records.saw(after, *before)));
        assert!(records.gives(both, first) && records.gives(a, a) && !records.gives(b, first));
        assert!(!records.saw(a, after));
    }

    #[test]
    fn many_at_once_stand_as_one_by_one() {
        let mut records = Records::default();
        let mut all: Vec<RecordRef> = Vec::new();
        let mut dice = 7_u32;
        let mut draw = |most: usize| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 16) as usize % most
        };
        for turn in 0..60 {
            let given = draw(4).min(all.len());
            let seen: Vec<RecordRef> = (0..given).map(|_| all[draw(all.len())]).collect();
            // Every fourth is made twice of the same.
            for _ in 0..1 + usize::from(turn % 4 == 0) {
                all.push(add(&mut records, turn, turn + 1, &seen));
            }
        }
        for one in &all {
            let together = records.compare_with(*one, &all);
            let alone: Vec<_> = all.iter().map(|other| records.compare(*one, *other)).collect();
            assert_eq!(together, alone, "{one:?}");
        }
    }

    #[test]
    fn retries_with_a_key_and_the_same_context_are_one_write() {
        let mut records = Records::default();
        let before = add(&mut records, 0, 1, &[]);
        let [first, again] = [1, 1].map(|op| add(&mut records, op, 2, &[before]));
        let other = add(&mut records, 1, 2, &[]);
        let after = add(&mut records, 2, 3, &[first]);
        assert!(records.saw(after, first) && records.saw(after, again));
        assert!(!records.saw(after, other), "it was made of something else");
        let [one, two] = [3, 3].map(|op| add(&mut records, op, 0, &[]));
        let late = add(&mut records, 4, 0, &[two]);
        assert!(!records.saw(late, one), "without a key they are two writes");
    }
}
