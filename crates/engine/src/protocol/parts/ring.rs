//! A ring of keys: every node stands at several points of it, and a key is held by the first
//! distinct nodes clockwise from its own point.
//!
//! Consistent hashing (Karger et al., 1997) as DeCandia et al., SOSP 2007, section 4.2, use it:
//! when a node joins, only the keys in front of its points move.

use std::rc::Rc;

use crate::base::{Key, NodeId, sort};

/// Where every node stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Ring {
    // Sorted by point.
    points: Rc<[(u32, NodeId)]>,
    nodes: u8,
}

/// Where a key stands on the ring.
#[must_use]
pub fn point_of(key: Key) -> u32 {
    scatter(u64::from(key.0) | 1 << 40)
}

/// Spreads numbers over the ring (Steele et al., *SplitMix*, 2014).
fn scatter(number: u64) -> u32 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 32) as u32
}

impl Ring {
    /// A ring of `nodes` nodes with so many points each.
    #[must_use]
    pub fn new(nodes: u8, points_each: u8) -> Self {
        let of_node = |node: u8| {
            let point = move |k: u8| scatter(u64::from(node) << 8 | u64::from(k));
            (0..points_each.max(1)).map(move |k| (point(k), NodeId(node)))
        };
        let mut points: Vec<(u32, NodeId)> = (0..nodes).flat_map(of_node).collect();
        sort(&mut points);
        Self { points: points.into(), nodes }
    }

    /// All nodes in the order in which a key meets them, each once.
    pub fn walk(&self, key: Key) -> Vec<NodeId> {
        let start = point_of(key);
        let first = self.points.partition_point(|(point, _)| *point < start);
        let mut met = Vec::with_capacity(usize::from(self.nodes));
        for index in 0..self.points.len() {
            let (_, node) = self.points[(first + index) % self.points.len()];
            if !met.contains(&node) {
                met.push(node);
                if met.len() == usize::from(self.nodes) {
                    break;
                }
            }
        }
        met
    }

    /// The preference list: the `n` nodes that shall hold a key.
    #[must_use]
    pub fn preference(&self, key: Key, n: u8) -> Vec<NodeId> {
        if n >= self.nodes {
            return (0..self.nodes).map(NodeId).collect();
        }
        let mut walk = self.walk(key);
        walk.truncate(usize::from(n));
        walk
    }

    /// The points with their nodes, in order.
    #[must_use]
    pub fn points(&self) -> Rc<[(u32, NodeId)]> {
        Rc::clone(&self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_list_names_distinct_nodes_and_all_nodes_get_their_share() {
        let ring = Ring::new(6, 16);
        let mut held = [0_u32; 6];
        for key in (0..6_000).map(Key) {
            let mut list = ring.preference(key, 3);
            list.iter().for_each(|node| held[node.index()] += 1);
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), 3);
        }
        assert!(held.iter().all(|held| (1_500..4_500).contains(held)), "{held:?}");
    }

    #[test]
    fn a_node_that_joins_takes_keys_over_and_moves_no_others() {
        let (before, after) = (Ring::new(5, 8), Ring::new(6, 8));
        for key in (0..2_000).map(Key) {
            let (old, new) = (before.preference(key, 3), after.preference(key, 3));
            let moved = new.iter().filter(|node| !old.contains(node)).copied();
            assert!(moved.eq(new.contains(&NodeId(5)).then_some(NodeId(5))), "{old:?} {new:?}");
        }
    }
}
