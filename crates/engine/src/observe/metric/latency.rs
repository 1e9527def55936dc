//! How long operations took, exactly: from the client's decision to its first final answer.

use crate::base::Span;
use crate::base::sort;
use crate::observe::history::{End, History};

/// Percentiles of the time that successful operations took. All zero if there were none.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Latency {
    /// How many operations.
    pub count: u32,
    /// Half took at most this long.
    pub p50: Span,
    /// 90 in 100 took at most this long.
    pub p90: Span,
    /// 99 in 100.
    pub p99: Span,
    /// 999 in 1,000.
    pub p999: Span,
    /// The longest.
    pub max: Span,
    /// The mean.
    pub mean: Span,
}

impl Latency {
    /// Of the acknowledged writes, or of the answered reads.
    #[must_use]
    pub fn of(history: &History, writes: bool) -> Self {
        let answered = history.iter().filter(|(_, operation)| {
            operation.is_write() == writes
                && matches!(operation.end, End::Written { .. } | End::Value { .. })
        });
        Self::of_times(
            answered.map(|(_, operation)| operation.ended.since(operation.invoked)).collect(),
        )
    }

    /// Of these times. The percentile p is the smallest that at least p of all do not exceed.
    #[must_use]
    pub fn of_times(mut times: Vec<Span>) -> Self {
        sort(&mut times);
        let Some(max) = times.last().copied() else { return Self::default() };
        let count = times.len() as u64;
        let at = |per_mille: u64| {
            let rank = (count * per_mille).div_ceil(1_000).max(1) - 1;
            usize::try_from(rank).ok().and_then(|rank| times.get(rank)).copied().unwrap_or(max)
        };
        let sum: u64 = times.iter().map(|time| time.micros()).sum();
        Self {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            p50: at(500),
            p90: at(900),
            p99: at(990),
            p999: at(999),
            max,
            mean: Span::from_micros(sum / count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let latency = Latency::of_times((1..=200).rev().map(Span::from_millis).collect());
        let expected = [100, 180, 198, 200, 200].map(Span::from_millis);
        assert_eq!([latency.p50, latency.p90, latency.p99, latency.p999, latency.max], expected);
        assert_eq!(Latency::of_times(Vec::new()), Latency::default());
    }
}
