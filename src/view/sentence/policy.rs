//! What a configuration guarantees, in words: who has a write when its client is told "saved".

use crate::engine::base::{NodeId, Span};
use crate::engine::protocol::single_leader::knobs::{
    Acknowledge, ConfirmOn, Detect, Knobs, Mode, Promote, WhenSilent,
};
use crate::view::number::{names, one_decimal, span};

/// What readers must know of the settings to understand a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// When a client is told that its write is saved.
    pub acknowledge: Acknowledge,
    /// Who decides that a follower is promoted.
    pub promote: Promote,
    /// Silence after which the leader is taken for dead: at least, at most.
    pub silence: (Span, Span),
    /// How a dead leader is told from a living one.
    pub detect: Detect,
    /// Whether older leaders are turned away.
    pub fencing: bool,
}

impl Policy {
    /// The part of the settings that matters here.
    #[must_use]
    pub fn of(knobs: &Knobs) -> Self {
        Self {
            acknowledge: knobs.acknowledge.clone(),
            promote: knobs.failover.promote,
            silence: match knobs.failover.promote {
                Promote::Majority => knobs.failover.election_timeout,
                Promote::ByHand | Promote::FirstToNotice => {
                    (knobs.failover.timeout, knobs.failover.timeout)
                }
            },
            detect: knobs.failover.detect,
            fencing: knobs.failover.fencing,
        }
    }

    /// Whether any follower is waited for.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.acknowledge.mode != Mode::Asynchronous
    }

    /// Where a write is when its client is told.
    #[must_use]
    pub fn guarantee(&self, leader: NodeId, followers: &[NodeId]) -> String {
        let place = match self.acknowledge.on {
            ConfirmOn::Received => "in the memory of",
            ConfirmOn::Flushed => "on",
            ConfirmOn::Applied => "on, and readable from,",
        };
        let told = "when its client is told “saved”";
        match &self.acknowledge.mode {
            Mode::Asynchronous => {
                let others = names(followers);
                format!(
                    "Every write is {place} {leader} alone {told}; {others} get it a moment later."
                )
            }
            Mode::SemiSyncAny(k) => {
                format!("Every write is {place} {leader} and {} {told}.", at_least(*k))
            }
            Mode::SemiSyncFirst(k, list) => {
                let first = first_of(*k, list, leader, followers);
                format!("Every write is {place} {leader} and {} {told}.", names(&first))
            }
            Mode::Synchronous => {
                format!("Every write is {place} {leader} and every follower {told}.")
            }
        }
    }

    /// What one silent follower does to writes, and until when.
    #[must_use]
    pub fn when_blocked(&self, leader: NodeId) -> String {
        let rule = match &self.acknowledge.mode {
            Mode::Asynchronous => "The leader itself has not finished writing.".to_owned(),
            Mode::SemiSyncAny(k) | Mode::SemiSyncFirst(k, _) => {
                format!("Semi-synchronous: {} must confirm before a client is told.", at_least(*k))
            }
            Mode::Synchronous => {
                "Synchronous: every follower must confirm, so one silent follower stops all writes."
                    .to_owned()
            }
        };
        let until = match self.acknowledge.when_silent {
            WhenSilent::Block => format!("{leader} waits for as long as it takes."),
            WhenSilent::DegradeAfter(after) => {
                format!("After {} {leader} will answer without confirmations.", span(after))
            }
        };
        if self.waits() { format!("{rule} {until}") } else { rule }
    }

    /// When a silent leader is taken for dead: "After 3.0 s to 3.3 s of silence a follower takes n1
    /// for dead."
    #[must_use]
    pub fn notice(&self, leader: NodeId) -> String {
        let (least, most) = (span(self.silence.0), span(self.silence.1));
        let when = match self.detect {
            Detect::Phi(phi) => {
                let threshold = one_decimal(phi.threshold);
                format!("When its suspicion reaches {}", threshold.trim_end_matches(".0"))
            }
            Detect::Freshness(shift) => {
                format!("When the newest heartbeat's successor is {} overdue", span(shift))
            }
            Detect::Timeout if least == most => format!("After {least} of silence"),
            Detect::Timeout => format!("After {least} to {most} of silence"),
        };
        format!("{when} a follower takes {leader} for dead.")
    }

    /// Who may take over, for the time when nobody leads.
    #[must_use]
    pub fn takeover(&self) -> &'static str {
        match self.promote {
            Promote::ByHand => {
                "Nobody takes over by itself: an administrator must promote a follower."
            }
            Promote::FirstToNotice => "The first follower that notices chooses the new leader.",
            Promote::Majority => "A new leader needs the votes of a majority of all nodes.",
        }
    }
}

fn at_least(followers: u8) -> String {
    if followers == 1 {
        "at least one follower".to_owned()
    } else {
        format!("at least {followers} followers")
    }
}

/// The first `k` followers of a priority list; those not named come last, in order.
fn first_of(k: u8, list: &[NodeId], leader: NodeId, followers: &[NodeId]) -> Vec<NodeId> {
    let named = list.iter().filter(|node| followers.contains(node));
    let unnamed = followers.iter().filter(|node| !list.contains(node));
    named.chain(unnamed).filter(|node| **node != leader).take(usize::from(k)).copied().collect()
}
