//! A hash tree over ranges of keys: two nodes find where they differ by comparing few hashes.
//!
//! Merkle, 1988; DeCandia et al., SOSP 2007, section 4.7. A leaf stands for a sixteenth of the
//! ring; what it says does not depend on the order in which its keys are added.

use crate::base::{Digest, Key};

use super::ring::point_of;

/// Levels below the root.
pub const DEPTH: u32 = 4;

/// Leaves.
pub const LEAVES: u16 = 1 << DEPTH;

/// A tree: the root at 0, the branches of `i` at `2i + 1` and `2i + 2`.
#[derive(Clone, PartialEq, Debug)]
pub struct Tree {
    hashes: Vec<u64>,
}

/// The leaf of a key.
#[must_use]
pub fn leaf_of(key: Key) -> u16 {
    (point_of(key) >> (32 - DEPTH)) as u16
}

/// The place of a leaf in the tree.
#[must_use]
pub const fn place_of(leaf: u16) -> u16 {
    leaf + LEAVES - 1
}

/// The leaf at a place; `None` for an inner one.
#[must_use]
pub const fn leaf_at(place: u16) -> Option<u16> {
    place.checked_sub(LEAVES - 1)
}

impl Tree {
    /// The tree of these keys and the digests of what is held of them.
    pub fn of(keys: impl Iterator<Item = (Key, u64)>) -> Self {
        let mut hashes = vec![0_u64; usize::from(2 * LEAVES - 1)];
        for (key, digest) in keys {
            let mixed = Digest::default().with(u64::from(key.0)).with(digest).value();
            let place = usize::from(place_of(leaf_of(key)));
            hashes[place] = hashes[place].wrapping_add(mixed);
        }
        for place in (0..usize::from(LEAVES) - 1).rev() {
            let (left, right) = (hashes[2 * place + 1], hashes[2 * place + 2]);
            // An empty range has the hash 0, however large it is.
            if left != 0 || right != 0 {
                hashes[place] = Digest::default().with(left).with(right).value();
            }
        }
        Self { hashes }
    }

    /// The hash at a place.
    #[must_use]
    pub fn at(&self, place: u16) -> u64 {
        self.hashes.get(usize::from(place)).copied().unwrap_or(0)
    }

    /// All hashes.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(change: impl Fn(u32) -> u64) -> Tree {
        Tree::of((0..100).map(|key| (Key(key), change(key))))
    }

    #[test]
    fn one_changed_key_changes_the_hashes_on_its_way_to_the_root_and_no_others() {
        let (one, other) = (tree(u64::from), tree(|key| u64::from(key) + u64::from(key == 42)));
        let mut expected = Vec::new();
        let mut place = place_of(leaf_of(Key(42)));
        loop {
            expected.insert(0, place);
            let Some(child) = place.checked_sub(1) else { break };
            place = child / 2;
        }
        let differs = (0..2 * LEAVES - 1).filter(|place| one.at(*place) != other.at(*place));
        assert_eq!(differs.collect::<Vec<_>>(), expected);
        assert_eq!(expected.len(), 5);
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let backwards = Tree::of((0..100).rev().map(|key| (Key(key), u64::from(key))));
        assert_eq!(tree(u64::from), backwards);
        assert_eq!(Tree::of(core::iter::empty()).at(0), 0);
    }
}
