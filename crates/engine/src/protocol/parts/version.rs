//! Versions: what the writer of a value had seen when it wrote, so that two values of one key can
//! be told apart as older, newer or concurrent.
//!
//! A write is named by its *dot*: the node that took it and that node's count. Its vector says
//! which dots its writer had seen; the write itself is not in it. Keeping the two apart (Preguiça
//! et al., *Dotted Version Vectors*, 2010) means that two clients that write through the same node
//! without having seen each other are found to be concurrent; a vector with the write in it
//! (DeCandia et al., SOSP 2007, section 4.4) would call the second newer and lose the first.

use core::cmp::Ordering;

use crate::base::NodeId;

/// The name of a write: the node that took it, and that node's count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Dot {
    /// Who took it.
    pub node: NodeId,
    /// The how-manieth of that node, counted from 1.
    pub counter: u32,
}

/// For each node, up to which of its writes something has seen.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct VersionVector(
    // Sorted by node, without zeroes.
    Vec<(NodeId, u32)>,
);

/// How two vectors or versions stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Causality {
    /// They are the same.
    Same,
    /// The first came before the second.
    Before,
    /// The first came after the second.
    After,
    /// Neither has seen the other.
    Concurrent,
}

impl VersionVector {
    /// Up to which write of `node`; 0: none.
    #[must_use]
    pub fn of(&self, node: NodeId) -> u32 {
        let place = self.0.binary_search_by_key(&node, |(known, _)| *known);
        place.map_or(0, |index| self.0[index].1)
    }

    /// Whether it has seen this write.
    #[must_use]
    pub fn has_seen(&self, dot: Dot) -> bool {
        self.of(dot.node) >= dot.counter
    }

    /// It sees this write, and all before it of the same node.
    pub fn see(&mut self, dot: Dot) {
        if dot.counter == 0 {
            return;
        }
        match self.0.binary_search_by_key(&dot.node, |(known, _)| *known) {
            Ok(index) => self.0[index].1 = self.0[index].1.max(dot.counter),
            Err(index) => self.0.insert(index, (dot.node, dot.counter)),
        }
    }

    /// It sees all that `other` has seen.
    pub fn merge(&mut self, other: &Self) {
        for (node, counter) in &other.0 {
            self.see(Dot { node: *node, counter: *counter });
        }
    }

    /// How it stands to another.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Causality {
        let covers = |a: &Self, b: &Self| b.0.iter().all(|(node, counter)| a.of(*node) >= *counter);
        match (covers(self, other), covers(other, self)) {
            (true, true) => Causality::Same,
            (true, false) => Causality::After,
            (false, true) => Causality::Before,
            (false, false) => Causality::Concurrent,
        }
    }

    /// Its entries, in the order of the nodes.
    #[must_use]
    pub fn entries(&self) -> &[(NodeId, u32)] {
        &self.0
    }
}

/// What is known of a write besides its value.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Version {
    /// Of each node, the last write of the key that its writer had seen; the write itself is not in
    /// it. Of the writes before that it may have seen some and not others:
    /// [`Records::saw`](crate::protocol::Records::saw) knows which.
    pub vector: VersionVector,
    /// The node that took it.
    pub writer: NodeId,
    /// That node's count of writes.
    pub counter: u32,
    /// What that node's clock showed, in microseconds.
    pub stamp: i64,
    /// Whether it takes the value away: a tombstone.
    pub deleted: bool,
}

impl Version {
    /// Its name.
    #[must_use]
    pub fn dot(&self) -> Dot {
        Dot { node: self.writer, counter: self.counter }
    }

    /// Whether its writer had seen the other, where nodes show each client all that they hold.
    #[must_use]
    pub fn saw(&self, other: &Self) -> bool {
        self.vector.has_seen(other.dot())
    }

    /// How it stands to another, where nodes show each client all that they hold.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Causality {
        match (self.dot() == other.dot(), self.saw(other), other.saw(self)) {
            (true, ..) => Causality::Same,
            (false, true, _) => Causality::After,
            (false, false, true) => Causality::Before,
            (false, false, false) => Causality::Concurrent,
        }
    }

    /// Which of two wins where the last write wins: the later stamp, then the higher writer, then
    /// its later write. What they had seen does not matter, and that is the fault of the rule.
    #[must_use]
    pub fn later(&self, other: &Self) -> Ordering {
        (self.stamp, self.dot()).cmp(&(other.stamp, other.dot()))
    }

    /// All that somebody knows who has read it: what a later write has seen.
    #[must_use]
    pub fn context(&self) -> VersionVector {
        let mut context = self.vector.clone();
        context.see(self.dot());
        context
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(entries: &[(u8, u32)]) -> VersionVector {
        let mut vector = VersionVector::default();
        entries.iter().for_each(|(node, counter)| vector.see(dot(*node, *counter)));
        vector
    }

    fn dot(node: u8, counter: u32) -> Dot {
        Dot { node: NodeId(node), counter }
    }

    fn version(seen: &[(u8, u32)], node: u8, counter: u32, stamp: i64) -> Version {
        let writer = NodeId(node);
        Version { vector: vector(seen), writer, counter, stamp, deleted: false }
    }

    #[test]
    fn a_vector_covers_another_or_they_are_concurrent() {
        let (old, new) = (vector(&[(0, 1)]), vector(&[(0, 2), (1, 1)]));
        assert_eq!(new.compare(&old), Causality::After);
        assert_eq!(old.compare(&new), Causality::Before);
        assert_eq!(new.compare(&new), Causality::Same);
        assert_eq!(vector(&[(2, 1)]).compare(&new), Causality::Concurrent);
        let mut both = vector(&[(2, 1)]);
        both.merge(&new);
        assert_eq!(both.entries(), [(NodeId(0), 2), (NodeId(1), 1), (NodeId(2), 1)]);
    }

    #[test]
    fn two_blind_writes_through_one_node_are_concurrent() {
        let (first, second) = (version(&[], 0, 1, 10), version(&[], 0, 2, 20));
        assert_eq!(first.compare(&second), Causality::Concurrent);
        let third = Version { vector: first.context(), ..version(&[], 0, 3, 30) };
        assert_eq!(third.compare(&first), Causality::After);
        assert_eq!(third.compare(&second), Causality::Concurrent);
    }

    #[test]
    fn the_later_stamp_wins_even_over_a_write_that_had_seen_it() {
        let fast = version(&[], 0, 1, 500);
        let slow = Version { vector: fast.context(), ..version(&[], 1, 1, 40) };
        assert_eq!(slow.compare(&fast), Causality::After);
        assert_eq!(fast.later(&slow), Ordering::Greater);
    }
}
