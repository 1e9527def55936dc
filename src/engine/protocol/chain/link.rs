//! What a node knows of a node that it sends its records to.

use crate::engine::base::{NodeId, Position, SimTime};
use crate::engine::protocol::FrameRef;

/// A successor.
#[derive(Clone, Copy, PartialEq, Debug)]
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
    /// `acked` when it was last looked at, to notice that nothing moves …
    pub tick: Position,
    /// … and `next`: what was sent after that is not late yet …
    pub seen: Position,
    /// … and how many more looks are to pass before anything is sent again …
    pub patience: u32,
    /// … of so many.
    pub patient: u32,
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
    /// `confirmed` when it was last looked at.
    pub tick: u32,
}

/// Looks that pass at most before something is sent again.
const MOST_PATIENT: u32 = 8;

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
            tick: Position::ZERO,
            seen: Position(1),
            patience: 1,
            patient: 1,
        }
    }

    /// Asked once per beat: whether what is under way was lost. The longer nothing moves, the rarer
    /// it is sent again, so that a successor that stands still is not buried.
    pub fn is_stuck(&mut self) -> bool {
        let seen = std::mem::replace(&mut self.seen, self.next);
        let waits = self.feeding == Feeding::Log && seen > self.acked.next();
        if !waits || self.acked != self.tick {
            (self.tick, self.patience, self.patient) = (self.acked, 1, 1);
            return false;
        }
        self.patience = self.patience.saturating_sub(1);
        if self.patience > 0 {
            return false;
        }
        self.patient = (self.patient * 2).min(MOST_PATIENT);
        self.patience = self.patient;
        true
    }
}
