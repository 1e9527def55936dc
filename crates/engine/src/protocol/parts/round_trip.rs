//! How long a message and its answer take, measured, and after which silence the sender asks again:
//! Jacobson and Karels' estimate as TCP uses it (RFC 6298), in whole microseconds.

use crate::base::Span;

/// The wait doubles at most so many times.
const MOST_DOUBLINGS: u32 = 6;

/// A measured round trip.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct RoundTrip {
    // The smoothed time, and the smoothed deviation from it; nothing was measured while both are 0.
    smoothed: u64,
    deviation: u64,
    // Questions since something moved.
    doublings: u32,
}

impl RoundTrip {
    /// A message was answered after this time.
    pub fn measured(&mut self, took: Span) {
        let took = took.micros().max(1);
        if self.smoothed == 0 {
            (self.smoothed, self.deviation) = (took, took / 2);
        } else {
            self.deviation = (3 * self.deviation + self.smoothed.abs_diff(took)) / 4;
            self.smoothed = (7 * self.smoothed + took) / 8;
        }
    }

    /// How much later than usual an answer may come: the round trip and four times its deviation,
    /// and no less than `least`.
    #[must_use]
    pub fn usual(&self, least: Span) -> Span {
        Span::from_micros(self.smoothed + 4 * self.deviation).max(least)
    }

    /// How long to wait before the sender asks: the usual time, doubled with each question that
    /// changed nothing.
    #[must_use]
    pub fn patience(&self, least: Span) -> Span {
        self.usual(least).times(1 << self.doublings)
    }

    /// The sender asked.
    pub fn asked(&mut self) {
        self.doublings = (self.doublings + 1).min(MOST_DOUBLINGS);
    }

    /// Something moved.
    pub const fn moved(&mut self) {
        self.doublings = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Span = Span::from_millis;

    #[test]
    fn steady_answers_bring_the_patience_down_to_the_round_trip() {
        let mut way = RoundTrip::default();
        assert_eq!(way.patience(MS(100)), MS(100));
        way.measured(MS(200));
        assert_eq!(way.patience(MS(100)), MS(600));
        (0..40).for_each(|_| way.measured(MS(200)));
        assert!(way.patience(MS(100)) < MS(202), "{:?}", way.patience(MS(100)));
    }

    #[test]
    fn patience_grows_with_every_question_until_something_moves() {
        let mut way = RoundTrip::default();
        way.asked();
        way.asked();
        assert_eq!(way.patience(MS(100)), MS(400));
        (0..100).for_each(|_| way.asked());
        assert_eq!(way.patience(MS(100)), MS(6_400));
        way.moved();
        assert_eq!(way.patience(MS(100)), MS(100));
    }
}
