//! What a configuration guarantees, in words: who has a write when its client is told "saved".

use crate::number::{names, one_decimal, span, who};
use engine::base::NodeId;
use engine::protocol::policy::{Copies, Detect, Held, Leads, Takeover};

/// What the settings of one leader guarantee, in words.
pub trait InWords {
    /// Whether any follower is waited for.
    #[must_use]
    fn waits(&self) -> bool;
    /// Where a write is when its client is told.
    #[must_use]
    fn guarantee(&self, leader: NodeId, followers: &[NodeId]) -> String;
    /// What one silent follower does to writes, and until when.
    #[must_use]
    fn when_blocked(&self, leader: NodeId) -> String;
    /// Whom a leader that waits for followers in step no longer waits for, and what it refuses.
    #[must_use]
    fn in_step(&self, leader: NodeId) -> String;
    /// When a silent leader is taken for dead: "After 3.0 s to 3.3 s without a heartbeat a follower
    /// takes n1 for dead."
    #[must_use]
    fn notice(&self, leader: NodeId) -> String;
    /// Who may take over, for the time when nobody leads.
    #[must_use]
    fn who_takes_over(&self) -> &'static str;
}

impl InWords for Leads {
    fn waits(&self) -> bool {
        self.copies != Copies::Nobody
    }

    fn guarantee(&self, leader: NodeId, followers: &[NodeId]) -> String {
        let place = match self.held {
            Held::Received => "in the memory of",
            Held::Flushed => "on",
            Held::Applied => "on, and readable from,",
        };
        let told = "when its client is told “saved”";
        match &self.copies {
            Copies::Nobody => {
                let later = match followers {
                    [] => String::new(),
                    _ => format!("; {} it a moment later", who(followers, "gets", "get")),
                };
                format!("Every write is {place} {leader} alone {told}{later}.")
            }
            Copies::Any(k) => {
                format!("Every write is {place} {leader} and {} {told}.", at_least(*k))
            }
            Copies::First(k, list) => {
                let first = first_of(*k, list, leader, followers);
                format!("Every write is {place} {leader} and {} {told}.", names(&first))
            }
            Copies::Everybody => {
                format!("Every write is {place} {leader} and every follower {told}.")
            }
            Copies::InSync { after, .. } => {
                let out = after.map_or_else(String::new, |after| {
                    format!(" One that is silent for {} is out of step.", span(after))
                });
                format!("Every write is {place} {leader} and every follower in step {told}.{out}")
            }
        }
    }

    fn when_blocked(&self, leader: NodeId) -> String {
        let rule = match &self.copies {
            Copies::Nobody => "The leader itself has not finished writing.".to_owned(),
            Copies::Any(k) | Copies::First(k, _) => {
                format!("Semi-synchronous: {} must confirm before a client is told.", at_least(*k))
            }
            Copies::Everybody => {
                "Synchronous: every follower must confirm, so one silent follower stops all writes."
                    .to_owned()
            }
            Copies::InSync { .. } => "Synchronous: every follower in step must confirm.".to_owned(),
        };
        let until = match self.degrade_after {
            None if matches!(self.copies, Copies::InSync { .. }) => self.in_step(leader),
            None => format!("{leader} waits for as long as it takes."),
            Some(after) => {
                format!("After {} {leader} will answer without confirmations.", span(after))
            }
        };
        if self.waits() { format!("{rule} {until}") } else { rule }
    }

    fn in_step(&self, leader: NodeId) -> String {
        let Copies::InSync { least, after } = self.copies else { return String::new() };
        let out = match after {
            Some(after) => format!("One that is silent for {} is not waited for.", span(after)),
            None => format!("{leader} waits for as long as it takes."),
        };
        match least {
            0 | 1 => out,
            _ => format!("{out} With fewer than {least} nodes in step {leader} refuses writes."),
        }
    }

    fn notice(&self, leader: NodeId) -> String {
        let (least, most) = (span(self.silence.0), span(self.silence.1));
        let when = match self.detect {
            Detect::Phi(threshold) => {
                let threshold = one_decimal(threshold);
                format!("When its suspicion reaches {}", threshold.trim_end_matches(".0"))
            }
            Detect::Freshness(shift) => {
                format!("When the newest heartbeat's successor is {} overdue", span(shift))
            }
            Detect::Timeout if least == most => format!("After {least} without a heartbeat"),
            Detect::Timeout => {
                format!("After {least} to {most} without a heartbeat")
            }
        };
        format!("{when} a follower takes {leader} for dead.")
    }

    fn who_takes_over(&self) -> &'static str {
        match self.takeover {
            Takeover::ByHand => {
                "Nobody takes over by itself: an administrator must promote a follower."
            }
            Takeover::FirstToNotice => "The first follower that notices chooses the new leader.",
            Takeover::Majority => "A new leader needs the votes of a majority of all nodes.",
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
