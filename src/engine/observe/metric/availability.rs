//! When the database did not answer: stretches in which somebody waited and nobody was served.

use crate::engine::base::{Chunked, SimTime, Span};

/// Shorter stretches are ordinary waiting.
pub const SHORTEST: Span = Span::from_millis(250);

/// A stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Its start.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
}

/// When one kind of operation was not served. A stretch begins when somebody waits and nobody has
/// been served since, and it ends when somebody is served or nobody waits any more; it counts from
/// [`SHORTEST`] on.
#[derive(Clone, Default, Debug)]
pub struct Availability {
    waiting: u32,
    // Since when somebody has waited without anybody being served; means something if waiting > 0.
    since: SimTime,
    stretches: Chunked<Stretch>,
    total: Span,
}

impl Availability {
    /// Somebody begins to wait.
    #[inline]
    pub fn invoked(&mut self, at: SimTime) {
        if self.waiting == 0 {
            self.since = at;
        }
        self.waiting += 1;
    }

    /// Somebody waits no more; `served`: with success.
    #[inline]
    pub fn ended(&mut self, at: SimTime, served: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        if served || self.waiting == 0 {
            self.close(at);
            self.since = at;
        }
    }

    /// The whole time not served until `now`, a stretch that still lasts included.
    #[must_use]
    pub fn total(&self, now: SimTime) -> Span {
        self.lasting(now).map_or(self.total, |stretch| self.total + stretch.to.since(stretch.from))
    }

    /// The stretches until `now`, in order.
    pub fn stretches(&self, now: SimTime) -> impl Iterator<Item = Stretch> + '_ {
        self.stretches.iter().copied().chain(self.lasting(now))
    }

    /// The stretch that still lasts at `now`, if it counts already.
    #[must_use]
    pub fn lasting(&self, now: SimTime) -> Option<Stretch> {
        let stretch = Stretch { from: self.since, to: now };
        (self.waiting > 0 && now.since(self.since) >= SHORTEST).then_some(stretch)
    }

    #[inline]
    fn close(&mut self, at: SimTime) {
        if at.since(self.since) >= SHORTEST {
            self.stretches.push(Stretch { from: self.since, to: at });
            self.total += at.since(self.since);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> SimTime {
        SimTime::from_millis(millis)
    }

    #[test]
    fn a_stretch_lasts_from_the_oldest_waiting_to_the_next_served() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000));
        writes.ended(ms(1_002), true);
        writes.invoked(ms(2_000));
        writes.invoked(ms(2_500));
        assert_eq!(writes.total(ms(2_249)), Span::ZERO);
        assert_eq!(writes.total(ms(5_000)), Span::from_millis(3_000));
        writes.ended(ms(6_000), true);
        writes.ended(ms(6_100), true);
        assert_eq!(writes.total(ms(9_000)), Span::from_millis(4_000));
        assert_eq!(writes.stretches(ms(9_000)).count(), 1);
    }

    #[test]
    fn time_in_which_nobody_waits_is_not_counted() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000));
        writes.ended(ms(2_000), false);
        writes.invoked(ms(7_000));
        writes.ended(ms(7_100), true);
        assert_eq!(writes.total(ms(9_000)), Span::from_millis(1_000));
    }
}
