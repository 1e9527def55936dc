//! What a machine wants done. The world does it after the step, in the order asked.

use super::Protocol;
use super::client::{Directions, Outcome, RequestId};
use super::note::Note;
use super::record::{FrameRef, Records};
use crate::base::{NodeId, Position, SimTime, Span};

/// One wish. Names are imperative; what really happens is an event, named in the past tense.
#[derive(Clone, Debug)]
pub enum Effect<P: Protocol> {
    /// Hand a message to a link. It may be delayed, lost or doubled there.
    Send {
        /// Who shall get it.
        to: NodeId,
        /// What it says.
        message: P::Message,
    },
    /// (Re)arm a timer; the span is counted by the node's own clock and drawn by the world.
    SetTimer {
        /// Which one; if it runs already, it starts anew.
        timer: P::Timer,
        /// The shortest span until it fires.
        from: Span,
        /// The end of the range, excluded; if it is `from`, exactly that span.
        to: Span,
    },
    /// Disarm a timer. Nothing happens if it is not running.
    CancelTimer(P::Timer),
    /// Append bytes to the disk. They are volatile until a flush.
    Write(FrameRef),
    /// Make everything written so far durable and then input `Flushed(mark)`. Flushes are done
    /// one after the other; those that are asked for while one is under way are done as one.
    Flush(P::Mark),
    /// Have the applier apply the record at `position`, which arrived at `arrived`, and then input
    /// `Applied(position)`. It works on one record at a time: a node asks for the next one after
    /// that. Only where `applying` is not `AtOnce`.
    Apply {
        /// Position of the record.
        position: Position,
        /// When the record arrived, by the node's own clock.
        arrived: SimTime,
    },
    /// Call off what the applier was asked for: the record is no longer there.
    StopApplying,
    /// Forget the front of the disk: a newer snapshot covers it.
    Discard {
        /// How many extents stay, counted from the last; what is not durable stays in any case.
        keep: u32,
    },
    /// Answer a client.
    Reply {
        /// Which operation, and which attempt of it, is answered.
        id: RequestId,
        /// What the client is told.
        outcome: Outcome,
    },
    /// Tell every client whom to ask from now on.
    Direct(Directions),
    /// Tell whoever watches. Changes nothing.
    Note(Note),
}

/// Collects the effects of a step, so that a step allocates nothing.
#[derive(Debug)]
pub struct Effects<'a, P: Protocol> {
    list: &'a mut Vec<Effect<P>>,
    /// Where records and bytes are put and looked up.
    pub records: &'a mut Records,
    /// What the node's own clock shows, in microseconds. It may be wrong, and it may jump.
    pub clock: i64,
    /// What the node's applier takes its time for.
    pub applying: Applying,
}

/// What a node's applier takes its time for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Applying {
    /// Nothing: a node applies at once what may be seen.
    #[default]
    AtOnce,
    /// What other nodes wrote. What a node writes itself it has executed already.
    SlowForOthers,
    /// Everything.
    Slow,
}

impl<'a, P: Protocol> Effects<'a, P> {
    /// Collects into `list`.
    pub fn new(list: &'a mut Vec<Effect<P>>, records: &'a mut Records) -> Self {
        Self { list, records, clock: 0, applying: Applying::AtOnce }
    }

    /// The same while the node's own clock shows this.
    #[must_use]
    pub fn at(mut self, clock: i64) -> Self {
        self.clock = clock;
        self
    }

    /// The same where the node's applier takes its time.
    #[must_use]
    pub fn applying(mut self, applying: Applying) -> Self {
        self.applying = applying;
        self
    }

    /// Has the applier apply the record at `position`, which arrived at `arrived`.
    pub fn apply(&mut self, position: Position, arrived: SimTime) {
        self.list.push(Effect::Apply { position, arrived });
    }

    /// Calls off what the applier was asked for.
    pub fn stop_applying(&mut self) {
        self.list.push(Effect::StopApplying);
    }

    /// Hands `message` to the link to `to`.
    #[inline]
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.list.push(Effect::Send { to, message });
    }

    /// (Re)arms `timer` to fire exactly `after` from now.
    pub fn set_timer(&mut self, timer: P::Timer, after: Span) {
        self.set_timer_within(timer, after, after);
    }

    /// (Re)arms `timer` to fire after a span drawn uniformly from [`from`, `to`).
    #[inline]
    pub fn set_timer_within(&mut self, timer: P::Timer, from: Span, to: Span) {
        self.list.push(Effect::SetTimer { timer, from, to });
    }

    /// Disarms `timer`.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.list.push(Effect::CancelTimer(timer));
    }

    /// Appends bytes to the disk.
    #[inline]
    pub fn write(&mut self, frame: FrameRef) {
        self.list.push(Effect::Write(frame));
    }

    /// Asks for a flush.
    #[inline]
    pub fn flush(&mut self, mark: P::Mark) {
        self.list.push(Effect::Flush(mark));
    }

    /// Forgets the front of the disk but for its last `keep` extents.
    pub fn discard(&mut self, keep: u32) {
        self.list.push(Effect::Discard { keep });
    }

    /// Answers a client.
    #[inline]
    pub fn reply(&mut self, id: RequestId, outcome: Outcome) {
        self.list.push(Effect::Reply { id, outcome });
    }

    /// Tells every client whom to ask from now on.
    pub fn direct(&mut self, directions: Directions) {
        self.list.push(Effect::Direct(directions));
    }

    /// Tells whoever watches.
    #[inline]
    pub fn note(&mut self, note: Note) {
        self.list.push(Effect::Note(note));
    }
}
