//! The sentence that tells the state of the promises at every moment, and the line that says why.
//!
//! It is told from a [`Situation`]: plain numbers, gathered from a run by [`gather`]. Every number
//! in it comes from the run; every claim is checked against what the nodes' logs really hold.

mod gather;
mod leaders;
mod losses;
mod policy;
mod quorums;
mod row;
mod tell;
#[cfg(test)]
mod tests;

pub use gather::{awaited, gather};
pub use tell::tell;

use crate::engine::base::{Epoch, NodeId, Position, SimTime, Span};

use super::types::Sentence;
use crate::engine::observe::Recorder;
use crate::engine::observe::ledger::{DeathKind, Why, WriteCounts};
use crate::engine::protocol::Policy;
use crate::engine::world::Run;

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>) -> Sentence {
    match run.policy() {
        Policy::Leads(policy) => tell(&gather(run), &policy),
        Policy::Row(policy) => row::sentence(run, &policy),
        Policy::Quorums(policy) => quorums::sentence(run, &policy),
        Policy::Leaders(policy) => leaders::sentence(run, &policy),
    }
}

/// What the sentence is told from.
#[derive(Clone, PartialEq, Debug)]
pub struct Situation {
    /// The present.
    pub now: SimTime,
    /// How many writes met which fate.
    pub writes: WriteCounts,
    /// The nodes that lead and would accept a write now, the newest epoch first.
    pub leaders: Vec<(NodeId, Epoch)>,
    /// Running nodes that do not lead.
    pub followers: Vec<NodeId>,
    /// Why nobody leads or the leader is not heard, if so.
    pub absence: Option<Absence>,
    /// The last promotion.
    pub failover: Option<Takeover>,
    /// The losses, grouped by what they have in common, the largest group first.
    pub losses: Vec<Losses>,
    /// A leader waits for confirmations.
    pub blocked: Option<Blocked>,
    /// A leader answers without confirmations.
    pub degraded: Option<NodeId>,
    /// What followers that are not up to date do.
    pub behind: Vec<Behind>,
    /// A node whose accounts do not add up: what they hold, and what they should.
    pub wrong_total: Option<(NodeId, u64, u64)>,
    /// The leader's disk takes nothing.
    pub full: Option<NodeId>,
    /// Leaders of older epochs that accept nothing any more.
    pub stopped: Vec<NodeId>,
    /// A leader that knows it may have been replaced and accepts nothing.
    pub lapsed: Option<NodeId>,
    /// A new leader that serves nobody before it has applied so many records.
    pub applies_first: Option<(NodeId, u32)>,
    /// How long no write has been acknowledged although one was asked for.
    pub unserved: Option<Span>,
}

/// A leader that is gone, or not heard.
#[derive(Clone, PartialEq, Debug)]
pub struct Absence {
    /// The last leader.
    pub leader: NodeId,
    /// What became of it.
    pub kind: AbsenceKind,
    /// Acknowledged writes that stand in no log of another node that runs.
    pub at_risk: u32,
    /// Nodes that take it for dead.
    pub suspected_by: Vec<NodeId>,
    /// Nodes that want to lead.
    pub candidates: Vec<NodeId>,
}

/// What became of a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbsenceKind {
    /// Its process died.
    Crashed,
    /// Its machine lost power.
    LostPower,
    /// It is paused.
    Paused,
    /// It runs, but no other node hears it.
    CutOff,
    /// It runs again or still, and does not lead.
    NotLeading,
}

/// That a node took over from another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Takeover {
    /// Who led before.
    pub old: NodeId,
    /// Who leads now.
    pub new: NodeId,
    /// The new epoch.
    pub epoch: Epoch,
    /// What stopped the old one, and when, if anything did.
    pub death: Option<(DeathKind, SimTime)>,
    /// When the old one was first suspected; `None`: an order.
    pub suspected: Option<SimTime>,
    /// When the new one began to lead.
    pub at: SimTime,
}

/// Lost writes that have their story in common.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Losses {
    /// How many.
    pub count: u32,
    /// The reason of the last of them.
    pub why: Why,
    /// The shortest time from acknowledgement to the death, if there was one.
    pub closest: Option<Span>,
}

/// Writes that wait for confirmations.
#[derive(Clone, PartialEq, Debug)]
pub struct Blocked {
    /// The leader.
    pub leader: NodeId,
    /// Who has not confirmed.
    pub nodes: Vec<NodeId>,
    /// How many of them are needed.
    pub needed: u8,
    /// Since when.
    pub since: SimTime,
}

/// A follower that is not up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Behind {
    /// Which.
    pub node: NodeId,
    /// How it is brought up to date.
    pub how: BehindHow,
}

/// How a follower is brought up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BehindHow {
    /// It receives older records from the leader's log: so many are missing.
    FromLog(u32),
    /// It receives a snapshot: bytes so far, and in all.
    Snapshot(u32, u32),
    /// It receives data files: pages so far, and in all.
    Files(u32, u32),
    /// Its log parts from the leader's.
    Stranded,
    /// It waits for its copying to begin.
    Waiting,
    /// What it needs next is no longer in the leader's log, which begins there.
    Truncated(Position),
}
