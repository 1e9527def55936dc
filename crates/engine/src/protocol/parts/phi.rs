//! Suspicion that accumulates, instead of a time-out that strikes: the phi accrual failure
//! detector (Hayashibara, Défago, Yared, Katayama: *The φ Accrual Failure Detector*, SRDS 2004).
//!
//! phi(t) = -log10 P(the next heartbeat comes later than t), judged from the gaps between the last
//! heartbeats. At phi 1 one suspicion in ten is wrong if the gaps are as assumed, at phi 8 one in a
//! hundred million. What is done at which phi is for others.

use std::collections::VecDeque;

use crate::base::{SimTime, Span};

/// How gaps between heartbeats are taken to be distributed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gaps {
    /// Normally, with the mean and deviation of the window: Hayashibara, Akka.
    Normal,
    /// Exponentially, with the mean of the window: Cassandra.
    Exponential,
}

/// Settings of the detector.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Phi {
    /// The phi at which a leader is taken for dead.
    pub threshold: f64,
    /// So many of the last gaps are looked at.
    pub window: u16,
    /// A deviation is never taken to be smaller: heartbeats that came like clockwork for a while
    /// do not promise that they always will.
    pub min_deviation: Span,
    /// The distribution.
    pub gaps: Gaps,
}

/// Fewer gaps than these tell nothing.
pub const LEAST_GAPS: usize = 8;

/// The highest phi that is told apart from certainty.
const MOST: f64 = 300.0;

/// When heartbeats arrived: a sliding window of the gaps between them.
#[derive(Clone, Default, Debug)]
pub struct Arrivals {
    last: Option<SimTime>,
    gaps: VecDeque<u64>,
    // Of the gaps, in microseconds: exact, so that nothing drifts as the window slides.
    sum: u64,
    squares: u128,
}

impl Arrivals {
    /// A heartbeat arrived.
    pub fn heard(&mut self, now: SimTime, window: u16) {
        if let Some(last) = self.last.replace(now) {
            let gap = now.since(last).micros();
            self.gaps.push_back(gap);
            self.sum += gap;
            self.squares += square(gap);
            if self.gaps.len() > usize::from(window) {
                let old = self.gaps.pop_front().unwrap_or(0);
                self.sum -= old;
                self.squares -= square(old);
            }
        }
    }

    /// What they say about the next one; `None` while too few have come.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums of a run are far below 2^53")]
    pub fn expect(&self, phi: &Phi) -> Option<Accrual> {
        let last = self.last.filter(|_| self.gaps.len() >= LEAST_GAPS)?;
        let count = self.gaps.len() as u128;
        let spread = (count * self.squares).saturating_sub(square(self.sum));
        let deviation = libm::sqrt(spread as f64) / count as f64;
        Some(Accrual {
            last,
            mean: self.sum as f64 / count as f64,
            deviation: deviation.max(phi.min_deviation.micros() as f64).max(1.0),
            gaps: phi.gaps,
            threshold: phi.threshold,
        })
    }
}

const fn square(micros: u64) -> u128 {
    micros as u128 * micros as u128
}

/// How suspicion grows from now on if no further heartbeat comes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Accrual {
    /// When the last heartbeat came.
    pub last: SimTime,
    /// Mean of the gaps, in microseconds.
    pub mean: f64,
    /// Their standard deviation, in microseconds.
    pub deviation: f64,
    /// How they are taken to be distributed.
    pub gaps: Gaps,
    /// The phi at which the leader is taken for dead.
    pub threshold: f64,
}

impl Accrual {
    /// The suspicion at a time.
    #[must_use]
    pub fn phi(&self, now: SimTime) -> f64 {
        self.after(now.since(self.last).micros())
    }

    #[expect(clippy::cast_precision_loss, reason = "spans of a run are below 2^53 microseconds")]
    fn after(&self, micros: u64) -> f64 {
        let elapsed = micros as f64;
        if self.gaps == Gaps::Exponential {
            return (elapsed / self.mean.max(1.0) * core::f64::consts::LOG10_E).min(MOST);
        }
        let away = (elapsed - self.mean) / self.deviation;
        let later = 0.5 * libm::erfc(away * core::f64::consts::FRAC_1_SQRT_2);
        if later > 0.0 {
            (-libm::log(later) * core::f64::consts::LOG10_E).clamp(0.0, MOST)
        } else {
            MOST
        }
    }

    /// The instant at which the suspicion reaches the threshold, so that nobody has to poll.
    #[must_use]
    pub fn crosses(&self) -> SimTime {
        // The first microsecond with enough suspicion; it never shrinks while nothing comes.
        let (mut below, mut above) = (0_u64, 1_u64);
        while self.after(above) < self.threshold && above < 1 << 50 {
            (below, above) = (above, above * 2);
        }
        while above - below > 1 {
            let middle = below + (above - below) / 2;
            if self.after(middle) < self.threshold {
                below = middle;
            } else {
                above = middle;
            }
        }
        self.last + Span::from_micros(above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHI: Phi =
        Phi { threshold: 8.0, window: 10, min_deviation: Span::ZERO, gaps: Gaps::Normal };

    fn after(gaps: &[u64]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        let mut now = SimTime::ZERO;
        arrivals.heard(now, PHI.window);
        for gap in gaps {
            now += Span::from_millis(*gap);
            arrivals.heard(now, PHI.window);
        }
        arrivals
    }

    #[test]
    fn nothing_is_expected_before_enough_heartbeats_came() {
        assert_eq!(after(&[100; LEAST_GAPS - 1]).expect(&PHI), None);
        assert!(after(&[100; LEAST_GAPS]).expect(&PHI).is_some());
    }

    #[test]
    fn only_the_window_counts() {
        let gaps: Vec<u64> = [900; 20].into_iter().chain([90, 110].repeat(5)).collect();
        let accrual = after(&gaps).expect(&PHI).unwrap();
        assert_eq!((accrual.mean, accrual.deviation), (100_000.0, 10_000.0));
    }

    #[test]
    fn suspicion_grows_slowly_then_fast_and_reaches_its_threshold_where_it_says() {
        let accrual = after(&[90, 110].repeat(5)).expect(&PHI).unwrap();
        let at = |millis| accrual.phi(accrual.last + Span::from_millis(millis));
        assert!(at(50) < 0.01 && (at(100) - 0.301).abs() < 0.001, "{} {}", at(50), at(100));
        let crossing = accrual.crosses();
        assert_eq!(crossing.since(accrual.last), Span::from_micros(156_121));
        assert!(accrual.phi(crossing) >= 8.0);
    }

    #[test]
    fn heartbeats_like_clockwork_are_given_the_least_deviation() {
        let phi = Phi { min_deviation: Span::from_millis(50), ..PHI };
        let accrual = after(&[100; 10]).expect(&phi).unwrap();
        assert_eq!(accrual.deviation, 50_000.0);
    }
}
