//! Bounds that grow from round to round, so that a key that is hard to judge does not keep another waiting
//! that is refuted at once.

use super::Bounds;

/// Steps for a key in the first round, and how much more each round allows.
const FIRST: u64 = 20_000;
const FACTOR: u64 = 10;

/// What a key may cost in each round; the last round allows `bounds`. All rounds together cost little more than
/// the last.
pub fn rounds(bounds: Bounds) -> impl Iterator<Item = Bounds> {
    let steps = core::iter::successors(Some(FIRST.min(bounds.steps)), move |steps| {
        (*steps < bounds.steps).then(|| steps.saturating_mul(FACTOR).min(bounds.steps))
    });
    steps.map(move |steps| Bounds { steps, ..bounds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_grow_and_end_with_the_bounds() {
        let steps = |most| {
            let bounds = Bounds { steps: most, ..Bounds::default() };
            rounds(bounds).map(|round| round.steps).collect::<Vec<u64>>()
        };
        assert_eq!(steps(3_000_000), [20_000, 200_000, 2_000_000, 3_000_000]);
        assert_eq!(steps(20_000), [20_000]);
        assert_eq!(steps(1), [1]);
        assert_eq!(steps(u64::MAX).last(), Some(&u64::MAX));
    }
}
