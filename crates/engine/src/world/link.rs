//! Directed links: delay, loss, doubling, bandwidth, order, a finite buffer, cuts.
//!
//! A link knows bytes and times, not what a message says. What it holds belongs to it: its
//! sender's process may die, the message still arrives.

use crate::base::random::StreamName;
use crate::base::{Delay, NodeId, SimTime, Span, Stream};

use super::event::Dropped;
use super::setup::{LinkSetup, NetworkSetup};

/// What a link does with a message that it is handed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carried {
    /// It arrives then; the second time is that of its double, if it has one.
    Arrives(SimTime, Option<SimTime>),
    /// It never arrives.
    Dropped(Dropped),
}

/// One directed link.
#[derive(Clone, Debug)]
pub struct Link {
    setup: LinkSetup,
    stream: Stream,
    /// Whether nothing passes.
    pub cut: bool,
    /// Delay added by a disturbance.
    pub extra: Span,
    // Nothing arrives before this on an ordered link.
    last_arrival: SimTime,
    // The wire is busy until then.
    busy_until: SimTime,
    // Bytes handed to the link and not yet read by the receiver.
    held_bytes: u64,
}

impl Link {
    /// The link from one node to another in the run with this seed.
    #[must_use]
    pub fn new(network: &NetworkSetup, seed: u64, from: NodeId, to: NodeId) -> Self {
        Self {
            setup: network.of(from, to).clone(),
            stream: Stream::new(seed, StreamName::Link(from.0, to.0)),
            cut: false,
            extra: Span::ZERO,
            last_arrival: SimTime::ZERO,
            busy_until: SimTime::ZERO,
            held_bytes: 0,
        }
    }

    #[cfg(test)]
    fn carry(&mut self, now: SimTime, bytes: u32) -> Carried {
        self.carry_with(now, bytes, None)
    }

    /// Hands a message of `bytes` bytes to the link. Every message draws from the link's stream in
    /// the same way, whatever becomes of it. One with a delay of its own, to which a span is added,
    /// may overtake others.
    #[inline]
    pub fn carry_with(&mut self, now: SimTime, bytes: u32, own: Option<(&Delay, Span)>) -> Carried {
        let (way, more) = own.unwrap_or((&self.setup.delay, Span::ZERO));
        let delay = way.sample(&mut self.stream) + self.extra + more;
        let lost = self.setup.loss > 0.0 && self.stream.chance(self.setup.loss);
        let doubled = self.setup.duplicate > 0.0 && self.stream.chance(self.setup.duplicate);
        let again = if doubled { Some(self.setup.delay.sample(&mut self.stream)) } else { None };
        if self.cut {
            return Carried::Dropped(Dropped::Cut);
        }
        if lost {
            return Carried::Dropped(Dropped::Loss);
        }
        // Over an idle connection a receiver that reads gets anything, piece by piece.
        let full = self.held_bytes + u64::from(bytes) > self.setup.buffer_bytes;
        if full && self.held_bytes > 0 {
            return Carried::Dropped(Dropped::BufferFull);
        }
        let left = self.leaves(now, bytes);
        let arrival = left + delay;
        let arrival = if own.is_some() { arrival } else { self.in_order(arrival) };
        self.held_bytes += u64::from(bytes);
        let double = again.map(|delay| self.in_order(arrival + delay));
        if double.is_some() {
            self.held_bytes += u64::from(bytes);
        }
        Carried::Arrives(arrival, double)
    }

    /// When the last byte has left the sender.
    fn leaves(&mut self, now: SimTime, bytes: u32) -> SimTime {
        let Some(per_second) = self.setup.bandwidth.filter(|rate| *rate > 0) else {
            return now;
        };
        let takes = Span::from_micros(u64::from(bytes) * 1_000_000 / per_second);
        self.busy_until = self.busy_until.max(now) + takes;
        self.busy_until
    }

    fn in_order(&mut self, arrival: SimTime) -> SimTime {
        if !self.setup.ordered {
            return arrival;
        }
        self.last_arrival = self.last_arrival.max(arrival);
        self.last_arrival
    }

    /// When a message handed over just now would arrive at the earliest, for what a system says by
    /// itself (a closed connection): one base delay, without a draw.
    #[must_use]
    pub fn at_once(&self, now: SimTime) -> SimTime {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let mean = self.setup.delay.mean_micros().clamp(0.0, 1e9) as u64;
        let arrival = now + Span::from_micros(mean) + self.extra;
        if self.setup.ordered { arrival.max(self.last_arrival) } else { arrival }
    }

    /// Takes note that bytes handed over are no longer held: read, lost or dropped.
    #[inline]
    pub fn release(&mut self, bytes: u32) {
        self.held_bytes = self.held_bytes.saturating_sub(u64::from(bytes));
    }

    /// Changes loss, doubling and extra delay from now on.
    pub fn disturb(&mut self, loss: f64, duplicate: f64, extra: Span) {
        self.setup.loss = loss;
        self.setup.duplicate = duplicate;
        self.extra = extra;
    }

    /// Ends a disturbance: the link is again what the setup says. Says whether there was one.
    pub fn disturb_end(&mut self, network: &NetworkSetup, from: NodeId, to: NodeId) -> bool {
        let normal = network.of(from, to);
        let disturbed = (self.setup.loss, self.setup.duplicate, self.extra)
            != (normal.loss, normal.duplicate, Span::ZERO);
        (self.setup.loss, self.setup.duplicate) = (normal.loss, normal.duplicate);
        self.extra = Span::ZERO;
        disturbed
    }

    /// Whether it loses, doubles or delays more than it should.
    #[must_use]
    pub fn disturbed(&self) -> bool {
        self.extra > Span::ZERO || self.setup.loss > 0.0 || self.setup.duplicate > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(change: impl FnOnce(&mut LinkSetup)) -> Link {
        let mut all =
            LinkSetup { delay: Delay::constant(Span::from_millis(5)), ..Default::default() };
        change(&mut all);
        let network = NetworkSetup { all, links: Vec::new(), clients: None };
        Link::new(&network, 7, NodeId(0), NodeId(1))
    }

    #[test]
    fn the_kth_message_meets_the_same_fate_whatever_is_done_meanwhile() {
        let noisy = |setup: &mut LinkSetup| {
            setup.loss = 0.3;
            setup.duplicate = 0.2;
            setup.delay = Delay::base_exponential(Span::ZERO, Span::from_millis(3));
            setup.ordered = false;
        };
        let (mut one, mut other) = (link(noisy), link(noisy));
        for k in 0..200_u64 {
            let now = SimTime::from_millis(k * 100);
            other.cut = k == 50;
            let (a, b) = (one.carry(now, 100), other.carry(now, 2_000));
            assert!(k == 50 || a == b, "message {k}");
        }
    }

    #[test]
    fn an_ordered_link_never_lets_a_message_overtake_another() {
        let mut link =
            link(|l| l.delay = Delay::base_exponential(Span::ZERO, Span::from_millis(9)));
        let mut last = SimTime::ZERO;
        for k in 0..500 {
            let Carried::Arrives(at, None) = link.carry(SimTime::from_micros(k * 10), 10) else {
                panic!("nothing is lost here");
            };
            assert!(at >= last);
            last = at;
        }
    }

    #[test]
    fn a_full_buffer_turns_messages_away_until_something_is_read() {
        let mut link = link(|l| l.buffer_bytes = 250);
        let now = SimTime::ZERO;
        assert!(matches!(link.carry(now, 100), Carried::Arrives(..)));
        assert!(matches!(link.carry(now, 100), Carried::Arrives(..)));
        assert_eq!(link.carry(now, 100), Carried::Dropped(Dropped::BufferFull));
        link.release(100);
        assert!(matches!(link.carry(now, 100), Carried::Arrives(..)));
    }

    #[test]
    fn what_is_larger_than_the_buffer_passes_only_where_nothing_else_waits() {
        let mut link = link(|l| l.buffer_bytes = 250);
        let now = SimTime::ZERO;
        assert!(matches!(link.carry(now, 1_000), Carried::Arrives(..)));
        assert_eq!(link.carry(now, 1_000), Carried::Dropped(Dropped::BufferFull));
        link.release(1_000);
        assert!(matches!(link.carry(now, 1_000), Carried::Arrives(..)));
    }

    #[test]
    fn bandwidth_spaces_messages_out() {
        let mut link = link(|l| l.bandwidth = Some(1_000));
        let at = |carried| match carried {
            Carried::Arrives(at, _) => at.micros(),
            Carried::Dropped(why) => panic!("{why:?}"),
        };
        assert_eq!(at(link.carry(SimTime::ZERO, 100)), 105_000);
        assert_eq!(at(link.carry(SimTime::ZERO, 100)), 205_000);
    }
}
