//! When the database did not answer: outages, in which somebody waited and nobody was served. Sentences, ledger, log,
//! time line and report all tell of these and of no others.

use crate::base::{Chunked, EventId, SimTime, Span};

/// So much longer than an operation takes at the least, and a wait is no ordinary one.
pub const SHORTEST: Span = Span::from_millis(250);

/// A time in which clients asked and nobody was served, as the clients see it: it begins when the
/// first of them asks that is not served, or with the last that is served while others wait, and it
/// ends when a client is told of success again. An operation that is refused or given up ends nothing. So it is longer,
/// by a way to a node and a way back, than the time in which the nodes could not have answered. Pauses in which nobody
/// asks belong to it if they are shorter than [`SHORTEST`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    /// When it began.
    pub from: SimTime,
    /// The event of that.
    pub began: EventId,
    /// When it was no ordinary wait any more.
    pub certain: SimTime,
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

/// When one kind of operation was not served. What is shorter than the quickest operation of that kind and
/// [`SHORTEST`] together is ordinary waiting: over a slow network every answer takes its time.
#[derive(Clone, Default, Debug)]
pub struct Availability {
    waiting: u32,
    // Since when somebody has asked without anybody being served.
    unserved: Option<(SimTime, EventId)>,
    // Since when nobody waits; means something if waiting = 0.
    idle: SimTime,
    // How long the quickest of those served so far had waited.
    quickest: Option<Span>,
    outages: Chunked<Outage>,
    total: Span,
}

impl Availability {
    /// Somebody begins to wait.
    #[inline]
    pub fn invoked(&mut self, at: SimTime, event: EventId) {
        if self.waiting == 0 {
            if at.since(self.idle) >= SHORTEST {
                self.close(self.idle, None);
            }
            self.unserved.get_or_insert((at, event));
        }
        self.waiting += 1;
    }

    /// Somebody waits no more; `served`: with success, after so long.
    #[inline]
    pub fn ended(&mut self, (at, event): (SimTime, EventId), served: Option<Span>) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.idle = at;
        }
        if let Some(waited) = served {
            // The very first answer tells what an ordinary wait is; later ones change it for later waits only.
            let known = *self.quickest.get_or_insert(waited);
            self.close(at, Some(event));
            self.quickest = Some(known.min(waited));
            self.unserved = (self.waiting > 0).then_some((at, event));
        }
    }

    /// How long a wait is an ordinary one.
    fn shortest(&self) -> Span {
        SHORTEST + self.quickest.unwrap_or(Span::ZERO)
    }

    /// The outage from a moment on, if it was long enough for one.
    fn outage(
        &self,
        (from, began): (SimTime, EventId),
        to: SimTime,
        ended: Option<EventId>,
    ) -> Option<Outage> {
        let outage = Outage { from, began, certain: from + self.shortest(), to, ended };
        (outage.to >= outage.certain).then_some(outage)
    }

    /// How long the outages until `now` were together, one that lasts included.
    #[must_use]
    pub fn total(&self, now: SimTime) -> Span {
        self.open(now).map_or(self.total, |outage| self.total + outage.length())
    }

    /// The outage that still lasts at `now`: somebody waits, or did just now.
    #[must_use]
    pub fn lasting(&self, now: SimTime) -> Option<Outage> {
        let asked = self.waiting > 0 || now.since(self.idle) < SHORTEST;
        self.open(now).filter(|_| asked)
    }

    /// The outages until `now`, in order; one that lasts is among them.
    pub fn outages(&self, now: SimTime) -> impl Iterator<Item = Outage> + '_ {
        self.outages.iter().copied().chain(self.open(now))
    }

    /// The outage that nobody's success has ended.
    fn open(&self, now: SimTime) -> Option<Outage> {
        let to = if self.waiting > 0 { now } else { self.idle };
        self.outage(self.unserved?, to, None)
    }

    #[inline]
    fn close(&mut self, to: SimTime, ended: Option<EventId>) {
        let Some(since) = self.unserved.take() else { return };
        if let Some(outage) = self.outage(since, to, ended) {
            self.total += outage.length();
            self.outages.push(outage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Option<Span> = Some(Span::from_millis(5));

    const fn ms(millis: u64) -> SimTime {
        SimTime::from_millis(millis)
    }

    #[test]
    fn an_outage_lasts_from_the_oldest_waiting_to_the_next_served() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1_000));
        writes.ended((ms(1_002), EventId(1_002)), QUICK);
        writes.invoked(ms(2_000), EventId(2_000));
        writes.invoked(ms(2_500), EventId(2_500));
        assert_eq!(writes.total(ms(2_254)), Span::ZERO);
        assert_eq!(writes.total(ms(5_000)), Span::from_millis(3_000));
        writes.ended((ms(6_000), EventId(6_000)), QUICK);
        writes.ended((ms(6_100), EventId(6_100)), QUICK);
        assert_eq!(writes.total(ms(9_000)), Span::from_millis(4_000));
        assert_eq!(writes.outages(ms(9_000)).count(), 1);
    }

    #[test]
    fn whoever_is_refused_or_gives_up_ends_no_outage() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1));
        writes.ended((ms(1_005), EventId(2)), QUICK);
        for (asked, refused) in [(2_000, 2_100), (2_200, 2_300), (2_500, 2_600)] {
            writes.invoked(ms(asked), EventId(3));
            writes.ended((ms(refused), EventId(4)), None);
        }
        assert_eq!(writes.lasting(ms(2_700)).map(|outage| outage.from), Some(ms(2_000)));
        writes.invoked(ms(2_700), EventId(5));
        writes.ended((ms(2_800), EventId(6)), QUICK);
        let outage = Outage {
            from: ms(2_000),
            began: EventId(3),
            certain: ms(2_255),
            to: ms(2_800),
            ended: Some(EventId(6)),
        };
        assert_eq!(writes.outages(ms(9_000)).collect::<Vec<_>>(), [outage]);
        assert_eq!(writes.total(ms(9_000)), outage.length());
    }

    #[test]
    fn a_time_in_which_nobody_asks_ends_an_outage() {
        let mut writes = Availability::default();
        writes.invoked(ms(1_000), EventId(1));
        writes.ended((ms(2_000), EventId(2)), None);
        assert_eq!(writes.lasting(ms(6_000)), None);
        writes.invoked(ms(7_000), EventId(3));
        writes.ended((ms(7_100), EventId(4)), QUICK);
        let outage = Outage {
            from: ms(1_000),
            began: EventId(1),
            certain: ms(1_250),
            to: ms(2_000),
            ended: None,
        };
        assert_eq!(writes.outages(ms(9_000)).collect::<Vec<_>>(), [outage]);
    }

    #[test]
    fn a_quicker_answer_does_not_move_an_outage_of_before() {
        let mut writes = Availability::default();
        let mut wait = |from, to| {
            writes.invoked(ms(from), EventId(1));
            writes.ended((ms(to), EventId(2)), Some(Span::from_millis(to - from)));
            writes.outages(ms(to)).next().map(|outage| outage.certain)
        };
        assert_eq!(wait(1_000, 1_020), None);
        for (from, to) in [(2_000, 4_000), (5_000, 5_001), (6_000, 6_001)] {
            assert_eq!(wait(from, to), Some(ms(2_270)));
        }
    }

    #[test]
    fn over_a_slow_network_waiting_for_an_answer_is_no_outage() {
        let mut writes = Availability::default();
        let (asked, waited) = ([0, 600, 1_100, 1_700], Span::from_millis(1_000));
        let mut both: Vec<(u64, bool)> = asked.iter().map(|at| (*at, true)).collect();
        both.extend(asked.iter().map(|at| (at + 1_000, false)));
        both.sort_unstable();
        for (at, asks) in both {
            match asks {
                true => writes.invoked(ms(at), EventId(1)),
                false => writes.ended((ms(at), EventId(2)), Some(waited)),
            }
        }
        assert_eq!(writes.total(ms(2_700)), Span::ZERO);
    }
}
