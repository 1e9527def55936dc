//! Writes that were overwritten unseen: which version took their place, and why.

use super::death::Length;
use crate::base::{EventId, NodeId, OpId, SimTime, Span, sort};
use crate::observe::history::History;

/// A write that was dropped in favour of one that had not seen it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overwritten {
    /// The operation.
    pub op: OpId,
    /// The winner.
    pub by: OpId,
    /// The node that took the winner.
    pub writer: NodeId,
    /// How much later the winner's stamp is, in microseconds.
    pub later_us: i64,
    /// Whether the loser had even seen the winner: only a wrong clock does that.
    pub saw_winner: bool,
    /// When it was found.
    pub at: SimTime,
    /// The event that gave occasion.
    pub event: EventId,
}

impl Overwritten {
    /// The events that the sentence tells, in order: how the write was taken and acknowledged, and
    /// how the winner was taken.
    #[must_use]
    pub fn events(&self, history: &History) -> Vec<EventId> {
        let own = history.get(self.op).map(|own| [own.taken.event, own.ended_event]);
        let winner = history.get(self.by).map(|winner| winner.taken.event);
        let mut events: Vec<EventId> = own.into_iter().flatten().chain(winner).collect();
        events.retain(|event| *event != EventId::NONE);
        sort(&mut events);
        events
    }

    /// The reason in plain English, without a full stop; `winner` is what the winner is called.
    #[must_use]
    pub fn sentence(&self, winner: &str) -> String {
        let Self { writer, later_us, saw_winner, .. } = self;
        let later = Length(Span::from_micros(later_us.unsigned_abs()));
        if *saw_winner {
            format!(
                "it replaced {winner}, but the clock of {writer} had stamped that {later} later"
            )
        } else {
            format!("{winner}, taken by {writer}, had not seen it and has a stamp {later} later")
        }
    }
}
