//! A node's own clock: wrong by a skew, running at the wrong pace by a drift. Integers only, so
//! that it shows the same everywhere.
//!
//! It is two clocks, as in an operating system: the time of day, which may be set and jumps then,
//! and the time that has elapsed, which only its pace makes wrong. Timers, timeouts and leases go
//! by the latter, stamps by the former.

use crate::base::{NodeId, SimTime};

/// Microseconds that a right clock counts in a second.
const RIGHT: u64 = 1_000_000;
const RIGHT_PPM: i64 = 1_000_000;

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

    /// The time that has elapsed since the run began, as this clock counts it. Neither skew nor
    /// setting the clock changes it.
    #[inline]
    #[must_use]
    pub fn elapsed(&self, now: SimTime) -> SimTime {
        if self.drift_ppm == 0 { now } else { self.counted(now) }
    }

    #[cold]
    fn counted(&self, now: SimTime) -> SimTime {
        let counted = u128::from(now.micros()) * u128::from(self.pace()) / u128::from(RIGHT);
        SimTime::from_micros(u64::try_from(counted).unwrap_or(u64::MAX))
    }

    /// The first instant at which `elapsed` is `counted` or more; [`SimTime::NEVER`] for a clock
    /// that stands still.
    #[inline]
    #[must_use]
    pub fn instant(&self, counted: SimTime) -> SimTime {
        if self.drift_ppm == 0 {
            return counted;
        }
        let right = u128::from(counted.micros()) * u128::from(RIGHT);
        let pace = u128::from(self.pace());
        let micros = if pace == 0 { u128::MAX } else { right.div_ceil(pace) };
        u64::try_from(micros).map_or(SimTime::NEVER, SimTime::from_micros)
    }

    /// How many microseconds it counts in a second.
    fn pace(&self) -> u64 {
        u64::try_from(i64::from(self.drift_ppm) + RIGHT_PPM).unwrap_or(0)
    }

    /// Whether it runs at the wrong pace.
    #[must_use]
    pub const fn drifts(&self) -> bool {
        self.drift_ppm != 0
    }

    /// A span that this clock counted, given in microseconds, as it really was.
    #[must_use]
    pub fn really(&self, micros: f64) -> f64 {
        micros / (1.0 + f64::from(self.drift_ppm) / 1e6)
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

    #[test]
    fn what_has_elapsed_goes_by_the_pace_alone_and_a_timer_fires_when_it_is_counted() {
        for (drift_ppm, fires_us) in [(-400_000, 1_666_667), (0, 1_000_000), (400_000, 714_286)] {
            let setup = [ClockSetup { node: NodeId(1), skew_us: -70_000, drift_ppm }];
            let mut clock = Clock::new(&setup, NodeId(1));
            let second = SimTime::from_millis(1_000);
            assert_eq!(clock.instant(second), SimTime::from_micros(fires_us), "{drift_ppm}");
            clock.set(second, 5_000_000);
            assert_eq!(clock.instant(second), SimTime::from_micros(fires_us), "{drift_ppm} set");
            for micros in (0..3_000_000).step_by(99_991) {
                let counted = SimTime::from_micros(micros);
                let at = clock.instant(counted);
                assert!(clock.elapsed(at) >= counted, "{drift_ppm}: {micros} is not too early");
                let before = SimTime::from_micros(at.micros().saturating_sub(1));
                assert!(
                    at == SimTime::ZERO || clock.elapsed(before) < counted,
                    "{drift_ppm}: {micros} is not too late"
                );
            }
        }
    }

    #[test]
    fn a_clock_that_stands_still_never_gets_there() {
        let setup = [ClockSetup { node: NodeId(1), skew_us: 0, drift_ppm: -1_000_000 }];
        let clock = Clock::new(&setup, NodeId(1));
        assert_eq!(clock.elapsed(SimTime::from_millis(9)), SimTime::ZERO);
        assert_eq!(clock.instant(SimTime::from_millis(9)), SimTime::NEVER);
    }
}
