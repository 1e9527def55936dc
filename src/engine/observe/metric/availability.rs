//! When the database did not answer: stretches in which somebody waited and nobody was served.

use crate::engine::base::{Chunked, EventId, SimTime, Span};

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

/// A time in which clients asked and nobody was served, as the clients see it: it begins when the
/// first of them asks that is not served, or with the last that is served while others wait, and it
/// ends when a client is told of success again. So it is longer, by a way to a node and a way back,
/// than the time in which the nodes could not have answered. Pauses in which nobody asks belong to
/// it if they are shorter than [`SHORTEST`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    /// When it began.
    pub from: SimTime,
    /// The event of that.
    pub began: EventId,
    /// When it ended, or the last moment at which somebody waited.
    pub to: SimTime,
    /// The event with which somebody was served again; none if nobody was.
    pub ended: Option<EventId>,
}

impl Outage {
    /// How long it was.
    #[must_use]
    pub fn length(&self) -> Span {
        self.to.since(self.from)
    }
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
    // Since when somebody has asked without anybody being served.
    unserved: Option<(SimTime, EventId)>,
    // Since when nobody waits; means something if waiting = 0.
    idle: SimTime,
    outages: Chunked<Outage>,
}

impl Availability {
    /// Somebody begins to wait.
    #[inline]
    pub fn invoked(&mut self, at: SimTime, event: EventId) {
        if self.waiting == 0 {
            self.since = at;
            if at.since(self.idle) >= SHORTEST {
                self.close_outage(self.idle, None);
            }
            self.unserved.get_or_insert((at, event));
        }
        self.waiting += 1;
    }

    /// Somebody waits no more; `served`: with success.
    #[inline]
    pub fn ended(&mut self, (at, event): (SimTime, EventId), served: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.idle = at;
        }
        if served {
            self.close_outage(at, Some(event));
            self.unserved = (self.waiting > 0).then_some((at, event));
        }
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

    /// The outages until `now`, in order; one that lasts is among them.
    pub fn outages(&self, now: SimTime) -> impl Iterator<Item = Outage> + '_ {
        let to = if self.waiting > 0 { now } else { self.idle };
        let lasts = self.unserved.map(|(from, began)| Outage { from, began, to, ended: None });
        let lasts = lasts.filter(|outage| outage.length() >= SHORTEST);
        self.outages.iter().copied().chain(lasts)
    }

    #[inline]
    fn close_outage(&mut self, to: SimTime, ended: Option<EventId>) {
        let Some((from, began)) = self.unserved.take() else { return };
        if to.since(from) >= SHORTEST {
            self.outages.push(Outage { from, began, to, ended });
        }
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
        writes.invoked(ms(1_000), EventId(1_000));
        writes.ended((ms(1_002), EventId(1_002)), true);
        writes.invoked(ms(2_000), EventId(2_000));
        writes.invoked(ms(2_500), EventId(2_500));
        assert_eq!(writes.total(ms(2_249)), Span::ZERO);
        assert_eq!(writes.total(ms(5_000)), Span::from_millis(3_000));
        writes.ended((ms(6_000), EventId(6_000)), true);
        writes.ended((ms(6_100), EventId(6_100)), true);
        assert_eq!(writes.total(ms(9_000)), Span::from_millis(4_000));
        assert_eq!(writes.stretches(ms(9_000)).count(), 1);
    }

    #[test]
    fn time_in_which_nobody_waits_is_not_counted() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1_000));
        writes.ended((ms(2_000), EventId(2_000)), false);
        writes.invoked(ms(7_000), EventId(7_000));
        writes.ended((ms(7_100), EventId(7_100)), true);
        assert_eq!(writes.total(ms(9_000)), Span::from_millis(1_000));
    }

    #[test]
    fn an_outage_bridges_short_moments_in_which_nobody_waits() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1));
        writes.ended((ms(1_005), EventId(2)), true);
        for (asked, refused) in [(2_000, 2_100), (2_200, 2_300), (2_500, 2_600)] {
            writes.invoked(ms(asked), EventId(3));
            writes.ended((ms(refused), EventId(4)), false);
        }
        assert_eq!(writes.total(ms(2_600)), Span::ZERO, "nobody waited for long");
        writes.invoked(ms(2_700), EventId(5));
        writes.ended((ms(2_800), EventId(6)), true);
        let outage =
            Outage { from: ms(2_000), began: EventId(3), to: ms(2_800), ended: Some(EventId(6)) };
        assert_eq!(writes.outages(ms(9_000)).collect::<Vec<_>>(), [outage]);
    }

    #[test]
    fn a_time_in_which_nobody_asks_ends_an_outage() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1));
        writes.ended((ms(2_000), EventId(2)), false);
        writes.invoked(ms(7_000), EventId(3));
        writes.ended((ms(7_100), EventId(4)), true);
        let outage = Outage { from: ms(1_000), began: EventId(1), to: ms(2_000), ended: None };
        assert_eq!(writes.outages(ms(9_000)).collect::<Vec<_>>(), [outage]);
    }
}
