//! Suspicions and promotions: who took whom for dead, rightly or not, and who led next.

use crate::engine::base::{Chunked, Epoch, EventId, NodeId, SimTime};
use crate::engine::observe::milestones::Milestones;
use crate::engine::protocol::Note;

/// A node took its leader for dead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suspicion {
    /// When.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// The suspected.
    pub node: NodeId,
    /// Who suspected it.
    pub by: NodeId,
    /// Whether it was really down. A paused or cut-off leader is not.
    pub true_crash: bool,
    /// When the same node heard from it again, if it did.
    pub trusted_again: Option<SimTime>,
}

/// One leader followed another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failover {
    /// When the old leader died, lost power or was paused, if it did.
    pub died: Option<SimTime>,
    /// When it was first suspected; `None`: an administrator ordered the promotion.
    pub suspected: Option<SimTime>,
    /// When the new one began to lead.
    pub promoted: SimTime,
    /// The event.
    pub event: EventId,
    /// Who led before.
    pub old: NodeId,
    /// Who led then.
    pub new: NodeId,
    /// The new reign.
    pub epoch: Epoch,
}

/// The epoch in which n1 leads a new cluster.
const FIRST_EPOCH: Epoch = Epoch(1);

/// All suspicions and promotions of a run.
#[derive(Clone, Default, Debug)]
pub struct Failovers {
    suspicions: Chunked<Suspicion>,
    promotions: Chunked<Failover>,
    // n1 is the first leader.
    leader: NodeId,
    // 0 until a leader has said its epoch.
    epoch: Epoch,
    led_since: SimTime,
}

impl Failovers {
    /// A node said something.
    pub fn noted(
        &mut self,
        by: NodeId,
        note: &Note,
        (at, event): (SimTime, EventId),
        milestones: &Milestones,
    ) {
        match *note {
            Note::Suspected { leader, .. } => self.suspicions.push(Suspicion {
                at,
                event,
                node: leader,
                by,
                true_crash: milestones.down().contains(leader),
                trusted_again: None,
            }),
            Note::TrustedAgain { leader } => self.trusted_again(by, leader, at),
            Note::Promoted { epoch, .. } | Note::BecameHead { epoch, .. } => {
                self.promoted(by, epoch, (at, event), milestones);
            }
            _ => {}
        }
    }

    /// Suspicions, in order.
    pub fn suspicions(&self) -> impl DoubleEndedIterator<Item = &Suspicion> {
        self.suspicions.iter()
    }

    /// Promotions, in order; neither the first leader's is among them nor that of a restarted
    /// leader that leads on in its epoch.
    pub fn promotions(&self) -> impl DoubleEndedIterator<Item = &Failover> {
        self.promotions.iter()
    }

    fn trusted_again(&mut self, by: NodeId, leader: NodeId, at: SimTime) {
        for index in (self.suspicions.first()..self.suspicions.len()).rev() {
            let Some(suspicion) = self.suspicions.get_mut(index) else { return };
            if suspicion.by == by && suspicion.node == leader {
                suspicion.trusted_again.get_or_insert(at);
                return;
            }
        }
    }

    fn promoted(
        &mut self,
        new: NodeId,
        epoch: Epoch,
        (at, event): (SimTime, EventId),
        milestones: &Milestones,
    ) {
        let (old, since) = (self.leader, self.led_since);
        let goes_on = new == old && epoch <= self.epoch.max(FIRST_EPOCH);
        (self.leader, self.epoch, self.led_since) = (new, epoch, at);
        if goes_on {
            return;
        }
        let of_this_reign = self.suspicions.iter().rev().take_while(|s| s.at >= since);
        let suspected = of_this_reign.filter(|s| s.node == old).map(|s| s.at).last();
        let died = milestones.death(old, since).map(|death| death.at);
        self.promotions.push(Failover { died, suspected, promoted: at, event, old, new, epoch });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::base::Position;

    #[test]
    fn a_leader_that_leads_on_after_a_restart_has_followed_nobody() {
        let mut failovers = Failovers::default();
        let milestones = Milestones::default();
        let mut promoted = |node, epoch, millis| {
            let note = Note::Promoted { epoch: Epoch(epoch), position: Position(9) };
            let when = (SimTime::from_millis(millis), EventId(1));
            failovers.noted(NodeId(node), &note, when, &milestones);
            failovers.promotions().count()
        };
        assert_eq!(promoted(0, 1, 5_000), 0, "n1 leads on in its first epoch");
        assert_eq!(promoted(1, 2, 9_000), 1);
        assert_eq!(promoted(1, 2, 12_000), 1);
        assert_eq!(promoted(1, 3, 15_000), 2, "elected anew");
    }
}
