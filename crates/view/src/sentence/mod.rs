//! The sentence that tells the state of the promises at every moment, and the line that says why.
//!
//! It is told from a [`Situation`]: plain numbers, gathered from a run by [`gather`]. Every number
//! in it comes from the run; every claim is checked against what the nodes' logs really hold.

mod behind;
mod changes;
mod gather;
mod leaders;
mod losses;
mod order;
mod parted;
mod policy;
mod promises;
mod quorums;
mod row;
mod story;
mod tell;
#[cfg(test)]
mod tests;

pub use gather::{awaited, gather};
pub use parted::Parted;
pub use story::Told;
pub use tell::tell;

use engine::base::{Epoch, NodeId, Position, SimTime, Span};

use super::number::{clock, span};
use super::types::{Reason, Sentence};
use super::words;
use engine::base::EventId;
use engine::observe::Recorder;
use engine::observe::ledger::{Why, WriteCounts};
use engine::observe::metric::{Failover, Outage};
use engine::protocol::{Policy, Promise};
use engine::world::{Limit, Refused, Run, What};

/// The sentence at the playhead, as if the run were about every promise.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>) -> Sentence {
    sentence_about(run, &[])
}

/// The sentence at the playhead. Nothing in it is green while one of the promises is broken that the
/// run is about; none: all of them.
#[must_use]
pub fn sentence_about(run: &dyn Run<Recorder>, about: &[Promise]) -> Sentence {
    let mut sentence = match run.policy() {
        Policy::Leads(policy) => tell(&gather(run), &policy),
        Policy::Row(policy) => row::sentence(run, &policy),
        Policy::Quorums(policy) => quorums::sentence(run, &policy),
        Policy::Leaders(policy) => leaders::sentence(run, &policy),
    };
    promises::judge(&mut sentence, run, about);
    let limits = run.observer().milestones().limits();
    for event in limits {
        if let What::LimitReached(limit @ (Limit::Operations | Limit::InFlight)) = event.what {
            let text = format!("Since {} {}.", clock(event.at), words::limited(limit));
            sentence.add(text, Reason::of("limit", [event.id]));
        }
    }
    sentence
}

impl Sentence {
    /// Puts a reason at the end of the second line.
    fn add(&mut self, text: String, reason: Reason) {
        if !self.why.is_empty() {
            self.why.push(' ');
        }
        self.why += &text;
        self.reasons.push(reason);
    }
}

/// What clients saw of the time in which no write was acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outages {
    /// How long it was in all.
    pub total: Span,
    /// How often.
    pub count: u32,
    /// The last of them.
    pub last: Outage,
    /// Who was back just before the last of them ended.
    pub back: Option<NodeId>,
}

impl Outages {
    /// Those of a run that are over; `None` if there were none.
    #[must_use]
    pub fn of(run: &dyn Run<Recorder>) -> Option<Self> {
        let all = run.observer().write_availability().outages(run.now());
        let mut over = all.filter(|outage| outage.ended.is_some());
        let first = over.next()?;
        let first = Self { total: first.length(), count: 1, last: first, back: None };
        let mut all = over.fold(first, |sum, last| Self {
            total: sum.total + last.length(),
            count: sum.count + 1,
            last,
            back: None,
        });
        let milestones = run.observer().milestones();
        all.back = story::back_by(milestones, (all.last.from, all.last.to)).map(|(node, _)| node);
        Some(all)
    }

    /// "No write was acknowledged from 20.467 s to 24.582 s (4.1 s)."
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { total, count, last, back } = self;
        let (from, to, length) = (clock(last.from), clock(last.to), span(last.length()));
        let back = back.map_or_else(String::new, |node| format!(", until {node} was back"));
        match count {
            1 => format!("No write was acknowledged from {from} to {to} ({length}){back}."),
            _ => format!(
                "No write was acknowledged for {} in all, the last time from {from} to {to} ({length}){back}.",
                span(*total)
            ),
        }
    }

    /// As a story of its own, which ends with these words.
    fn told(&self, more: &str) -> Told {
        Told { weight: 72, text: self.sentence() + more, reason: self.reason() }
    }

    fn reason(&self) -> Reason {
        Reason::of("outage", [Some(self.last.began), self.last.ended].into_iter().flatten())
    }
}

impl Told {
    /// "No write has been acknowledged since 8.018 s (2.7 s)."
    fn lasting(outage: &Outage) -> Self {
        let (from, length) = (clock(outage.from), span(outage.length()));
        let text = format!("No write has been acknowledged since {from} ({length}).");
        Self { weight: 90, text, reason: Reason::of("outage", [outage.began]) }
    }
}

/// An order to promote a node that could not be carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RefusedPromotion {
    /// When.
    pub at: SimTime,
    /// Which node it was for.
    pub node: Option<NodeId>,
    /// Why not.
    pub why: Refused,
    /// The event.
    pub event: EventId,
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
    /// Of these, those that accept writes at the same time as another: the promise is broken.
    pub rivals: Vec<NodeId>,
    /// Of these, those that have never accepted a write.
    pub unasked: Vec<NodeId>,
    /// Running nodes that do not lead.
    pub followers: Vec<NodeId>,
    /// Why nobody leads or the leader is not heard, if so.
    pub absence: Option<Absence>,
    /// The last promotion.
    pub failover: Option<Failover>,
    /// Times in which clients went without service of writes, and that are over.
    pub outages: Option<Outages>,
    /// The last order to promote a node, if it was refused and nobody was promoted since.
    pub refused: Option<RefusedPromotion>,
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
    /// A leader that refuses writes because so many nodes are in step, the leader included.
    pub too_few: Option<(NodeId, u8)>,
    /// How long no write has been acknowledged although one was asked for.
    pub unserved: Option<Span>,
    /// What happened and is over.
    pub stories: Vec<Told>,
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
    /// Nothing comes from the leader.
    NotFed(NotFed),
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

/// Why a follower gets nothing from the leader, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotFed {
    /// So many records are missing.
    pub missing: u32,
    /// The leader.
    pub leader: NodeId,
    /// The link between them that is cut, from and to, if one is.
    pub cut: Option<(NodeId, NodeId)>,
    /// Since when.
    pub since: Option<SimTime>,
    /// Whether the leader gave it up.
    pub gave_up: bool,
}
