//! What a node knows of a node that it sends its records to, and what makes it send any of them
//! again: proof that they were lost, never the mere passing of time.
//!
//! Every message that carries records says when it was sent; the successor's answers name the latest
//! that it has taken in (`echo`), and where its log ends. A record that left well before that message
//! and is still not there was lost. If nothing follows that could prove it, the sender asks, with a
//! message without records, after a time without progress that it measures and doubles. (TCP, RFC
//! 6298 and 6675.) A queue in front of a slow successor delays the answers as it delays the records:
//! it proves nothing, however long it is.

use std::collections::VecDeque;

use super::message::Receipt;
use engine::base::{NodeId, Position, SimTime, Span};
use engine::protocol::FrameRef;
use engine::protocol::parts::RoundTrip;

/// A successor.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// Which node.
    pub node: NodeId,
    /// How it is fed.
    pub feeding: Feeding,
    /// Its latest attempt to attach itself, as far as was heard.
    pub attempt: SimTime,
    /// The next position to send.
    pub next: Position,
    /// In a chain: at the end of it up to here. In a star, or if it joins: on its disk up to here.
    pub acked: Position,
    /// Whether nothing is committed before this one has it.
    pub counts: bool,
    /// If it joins: it is close once it has this.
    pub goal: Position,
    // In its log up to here.
    has: Position,
    // What is on its way to it: up to which position, and when that left last.
    under_way: VecDeque<(Position, SimTime)>,
    // The latest of the messages that it answered was sent then.
    echo: SimTime,
    // How long it takes to answer.
    round_trip: RoundTrip,
    // When something moved, or it was asked, last.
    quiet_since: SimTime,
    // `acked` then.
    tick: Position,
}

/// How a successor is fed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Feeding {
    /// It has not reported in this configuration.
    Unknown,
    /// From the log.
    Log,
    /// A snapshot.
    Snapshot(Outgoing),
}

/// A snapshot on its way out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outgoing {
    /// The data as of here.
    pub position: Position,
    /// The bytes.
    pub frame: FrameRef,
    /// Sent up to here.
    pub sent: u32,
    /// Confirmed up to here.
    pub confirmed: u32,
    /// When the first byte that is not confirmed left at the latest.
    pub since: SimTime,
}

/// Records that are sent again at once, at most.
const MOST_AGAIN: u32 = 256;

impl Link {
    /// A successor of which nothing was heard yet.
    #[must_use]
    pub fn unknown(node: NodeId, counts: bool) -> Self {
        Self {
            node,
            feeding: Feeding::Unknown,
            attempt: SimTime::ZERO,
            next: Position(1),
            acked: Position::ZERO,
            counts,
            goal: Position::ZERO,
            has: Position::ZERO,
            under_way: VecDeque::new(),
            echo: SimTime::ZERO,
            round_trip: RoundTrip::default(),
            quiet_since: SimTime::ZERO,
            tick: Position::ZERO,
        }
    }

    /// Its log agrees with the sender's up to `at`: it is fed from there.
    pub fn feed_from(&mut self, at: Position, now: SimTime) {
        (self.feeding, self.next, self.has) = (Feeding::Log, at.next(), at);
        self.under_way.clear();
        (self.tick, self.quiet_since) = (self.acked, now);
        self.round_trip.moved();
    }

    /// The records from `next` to `last` leave.
    pub fn sends(&mut self, last: Position, now: SimTime) {
        self.next = last.next();
        match self.under_way.back_mut() {
            Some((upto, at)) if *at == now => *upto = last,
            Some(_) => self.under_way.push_back((last, now)),
            None => {
                self.quiet_since = now;
                self.under_way.push_back((last, now));
            }
        }
    }

    /// It says what it has. Returns the positions that were lost on the way and leave again now: the
    /// first and the last. `beat` is the shortest span that the sender can wait.
    pub fn heard(
        &mut self,
        now: SimTime,
        receipt: Receipt,
        beat: Span,
    ) -> Option<(Position, Position)> {
        if receipt.echo > self.echo {
            self.echo = receipt.echo;
            self.round_trip.measured(now.since(receipt.echo));
        }
        if receipt.last > self.has {
            self.has = receipt.last;
            self.moves(now);
        }
        while self.under_way.front().is_some_and(|(upto, _)| *upto <= self.has) {
            self.under_way.pop_front();
        }
        self.next = self.next.max(self.has.next());
        // What was said before the latest that is known says nothing of what is missing now.
        if receipt.last < self.has {
            return None;
        }
        let late = self.round_trip.usual(Span::ZERO);
        let late = if late == Span::ZERO { beat } else { late };
        let lost = |(_, at): &&(Position, SimTime)| *at + late < receipt.echo;
        let (first, last) = (self.has.next(), Position(self.has.0 + MOST_AGAIN));
        let left = self.under_way.iter().take_while(lost).last();
        let mut last = left.map_or(self.has, |(upto, _)| last.min(*upto));
        // What came ahead of the gap is there.
        if receipt.early > first {
            last = last.min(receipt.early.before());
        }
        if last < first {
            return None;
        }
        while self.under_way.front().is_some_and(|(upto, _)| *upto <= last) {
            self.under_way.pop_front();
        }
        self.under_way.push_front((last, now));
        Some((first, last))
    }

    fn moves(&mut self, now: SimTime) {
        self.quiet_since = now;
        self.round_trip.moved();
    }

    /// Asked once per beat: whether to ask how far the successor is, because nothing moved for so
    /// long. The longer nothing moves, the rarer that is.
    pub fn asks(&mut self, now: SimTime, beat: Span) -> bool {
        if self.acked != self.tick {
            self.tick = self.acked;
            self.moves(now);
        }
        let waits = self.feeding == Feeding::Log && self.next > self.acked.next();
        if !waits || now.since(self.quiet_since) < self.round_trip.patience(beat) {
            return false;
        }
        self.quiet_since = now;
        self.round_trip.asked();
        true
    }

    /// The same for a snapshot.
    pub fn asks_for_piece(&mut self, now: SimTime, beat: Span) -> Option<Outgoing> {
        let Feeding::Snapshot(outgoing) = self.feeding else { return None };
        let since = self.quiet_since.max(outgoing.since);
        if outgoing.sent == outgoing.confirmed || now.since(since) < self.round_trip.patience(beat)
        {
            return None;
        }
        self.quiet_since = now;
        self.round_trip.asked();
        Some(outgoing)
    }

    /// It confirms a snapshot up to `upto`, having taken in what was sent at `echo`.
    pub fn piece_heard(&mut self, now: SimTime, upto: u32, echo: SimTime, beat: Span) {
        if echo > self.echo {
            self.echo = echo;
            self.round_trip.measured(now.since(echo));
        }
        let late = self.round_trip.usual(Span::ZERO).max(beat);
        let Feeding::Snapshot(outgoing) = &mut self.feeding else { return };
        let upto = upto.min(outgoing.frame.len);
        if upto > outgoing.confirmed {
            (outgoing.confirmed, outgoing.since) = (upto, now);
            outgoing.sent = outgoing.sent.max(upto);
            self.moves(now);
        } else if upto == outgoing.confirmed && outgoing.sent > upto && outgoing.since + late < echo
        {
            // What left long before is still not there: again from here.
            (outgoing.sent, outgoing.since) = (upto, now);
        }
    }
}
