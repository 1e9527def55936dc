//! Random streams: each named by what draws from it, all grown from the run's seed.
//!
//! A stream of its own for every directed link, disk, node and client means that the k-th message
//! on a link meets the same fate whatever the other parts of the run do: two modes are compared
//! under the same luck.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use super::digest::Digest;
use super::time::Span;

/// Who draws from a stream. The numbers are part of every digest: never renumber.
#[derive(Clone, Copy, Debug)]
pub enum StreamName {
    /// Delay, loss and duplication on the link from one node to another.
    Link(u8, u8),
    /// The way from a client to a node and back.
    ClientLink(u16, u8),
    /// Flush latency and torn tails of a node's disk.
    Disk(u8),
    /// Timer ranges of a node.
    Timers(u8),
    /// A client's arrivals, keys and choices.
    Client(u16),
    /// Random choices of the script.
    Faults,
    /// The time that a node's applier takes for a record.
    Applier(u8),
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Pcg32);

impl Stream {
    /// The stream `name` of the run with this seed.
    #[must_use]
    pub fn new(seed: u64, name: StreamName) -> Self {
        let (kind, a, b) = match name {
            StreamName::Link(from, to) => (1, u64::from(from), u64::from(to)),
            StreamName::ClientLink(client, node) => (2, u64::from(client), u64::from(node)),
            StreamName::Disk(node) => (3, u64::from(node), 0),
            StreamName::Timers(node) => (4, u64::from(node), 0),
            StreamName::Client(client) => (5, u64::from(client), 0),
            StreamName::Faults => (6, 0, 0),
            StreamName::Applier(node) => (7, u64::from(node), 0),
        };
        let state = Digest::default().with(seed).with(kind).with(a).with(b);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&state.value().to_le_bytes());
        bytes[8..].copy_from_slice(&state.with(0x5eed).value().to_le_bytes());
        Self(Pcg32::from_seed(bytes))
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in (0, 1]: never zero, so that its logarithm is finite.
    #[inline]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_wrap,
        reason = "exactly 53 bits are kept, and a signed number becomes a float in one instruction"
    )]
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as i64 as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform in `0..bound`; 0 if `bound` is 0. The bias is below 2^-32 for bounds up to 2^32.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// True with probability `p`. Draws one number whatever `p` is.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() <= p
    }

    /// Uniform in `[low, high)`; `low` if the range is empty.
    pub fn between(&mut self, low: Span, high: Span) -> Span {
        low + Span::from_micros(self.below(high.micros().saturating_sub(low.micros())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_different_names_and_seeds_differ() {
        let names = [
            StreamName::Link(0, 1),
            StreamName::Link(1, 0),
            StreamName::Disk(0),
            StreamName::Timers(0),
            StreamName::Client(0),
            StreamName::Faults,
        ];
        let mut seen: Vec<u64> = names.iter().map(|name| Stream::new(7, *name).bits()).collect();
        seen.extend(names.iter().map(|name| Stream::new(8, *name).bits()));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 12);
    }

    #[test]
    fn unit_is_uniform_and_never_zero() {
        let mut stream = Stream::new(1, StreamName::Faults);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.unit()).collect();
        let mean = draws.iter().sum::<f64>() / 100_000.0;
        assert!((mean - 0.5).abs() < 0.005, "mean {mean}");
        assert!(draws.iter().all(|u| *u > 0.0 && *u <= 1.0));
    }
}
