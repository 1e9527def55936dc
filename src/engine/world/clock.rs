//! A node's own clock: wrong by a skew, running at the wrong pace by a drift. Integers only, so
//! that it shows the same everywhere.

use crate::engine::base::{NodeId, SimTime};

/// How one node's clock is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockSetup {
    /// Whose.
    pub node: NodeId,
    /// How far it is ahead at the start, in microseconds; negative: behind.
    pub skew_us: i64,
    /// Microseconds that it gains in a second; negative: that it loses.
    pub drift_ppm: i32,
}

/// A clock.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Clock {
    skew_us: i64,
    drift_ppm: i32,
    // The skew was set then.
    since: SimTime,
}

impl Clock {
    /// The clock of a node at the start of a run.
    #[must_use]
    pub fn new(setup: &[ClockSetup], node: NodeId) -> Self {
        let wrong = setup.iter().rfind(|clock| clock.node == node);
        wrong.map_or_else(Self::default, |clock| Self {
            skew_us: clock.skew_us,
            drift_ppm: clock.drift_ppm,
            since: SimTime::ZERO,
        })
    }

    /// What it shows, in microseconds.
    #[must_use]
    pub fn reads(&self, now: SimTime) -> i64 {
        let now_us = i64::try_from(now.micros()).unwrap_or(i64::MAX);
        now_us.saturating_add(self.wrong_by(now))
    }

    /// How far it is ahead, in microseconds.
    #[must_use]
    pub fn wrong_by(&self, now: SimTime) -> i64 {
        if self.drift_ppm == 0 {
            return self.skew_us;
        }
        let running = i128::from(now.since(self.since).micros()) * i128::from(self.drift_ppm);
        let drifted = i64::try_from(running / 1_000_000).unwrap_or(i64::MAX);
        self.skew_us.saturating_add(drifted)
    }

    /// Somebody sets it: from now on it is ahead by so much, and drifts as before.
    pub fn set(&mut self, now: SimTime, skew_us: i64) {
        (self.skew_us, self.since) = (skew_us, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_by_its_skew_and_by_what_it_drifted() {
        let setup = [ClockSetup { node: NodeId(1), skew_us: -500, drift_ppm: 200 }];
        let mut clock = Clock::new(&setup, NodeId(1));
        assert_eq!(clock.reads(SimTime::ZERO), -500);
        assert_eq!(clock.reads(SimTime::from_millis(10_000)), 10_000_000 - 500 + 2_000);
        clock.set(SimTime::from_millis(10_000), 0);
        assert_eq!(clock.wrong_by(SimTime::from_millis(15_000)), 1_000);
        let right = Clock::new(&setup, NodeId(0));
        assert_eq!(right.reads(SimTime::from_millis(7)), 7_000);
    }
}
