//! Counting: majorities, and how far at least k of several positions reach.

use crate::base::Position;
use crate::base::ids::MAX_NODES;

/// More than half of `nodes`.
#[must_use]
pub const fn majority(nodes: u8) -> u8 {
    nodes / 2 + 1
}

/// The furthest position that at least `k` of `reached` have reached; `None` if there are fewer
/// than `k`. With `k` = 0 there is nothing to wait for: the last position of all.
#[inline]
pub fn kth_largest(k: u8, reached: impl Iterator<Item = Position>) -> Option<Position> {
    if k == 0 {
        return Some(Position(u32::MAX));
    }
    if k == 1 {
        return reached.max();
    }
    let mut sorted = [Position::ZERO; MAX_NODES as usize];
    let mut count = 0;
    for position in reached.take(sorted.len()) {
        sorted[count] = position;
        count += 1;
    }
    let sorted = &mut sorted[..count];
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.get(usize::from(k) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_is_more_than_half() {
        assert_eq!([1, 2, 3, 4, 5, 7].map(majority), [1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn k_of_several_reach_the_kth_largest() {
        let reached = || [7, 3, 9, 3].into_iter().map(Position);
        let furthest = |k| kth_largest(k, reached()).map(|p| p.0);
        assert_eq!([1, 2, 3, 4].map(furthest), [Some(9), Some(7), Some(3), Some(3)]);
        assert_eq!(furthest(5), None);
        assert_eq!(kth_largest(1, [].into_iter()), None);
    }
}
