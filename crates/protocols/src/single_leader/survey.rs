//! First-to-notice promotion: whoever first takes the leader for dead asks all others how far their
//! logs reach, and appoints one. Nobody votes, so a mistaken suspicion is enough for two leaders;
//! only fencing by epoch stands between them.

use std::cmp::Reverse;

use super::knobs::Choose;
use super::message::Message;
use super::role::{Role, Standing, Surveyor, bit};
use super::{SingleLeader, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime};
use engine::protocol::{Effects, Note};

/// A survey waits for answers for so many heartbeat intervals.
const PATIENCE: u64 = 2;

impl SingleLeader {
    pub(super) fn begin_survey(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let (epoch, end) = (self.reign.epoch.next(), self.reach());
        let best = Standing { node: self.me, of: end.epoch, last: end.position };
        let silent = self.leader();
        self.role = Role::Surveyor(Surveyor { epoch, silent, answered: 0, best, since: now });
        out.note(Note::Surveyed { epoch });
        for node in self.others() {
            out.send(node, Message::Survey { epoch });
        }
        out.set_timer(Timer::Election, self.knobs.failover.heartbeat.times(PATIENCE));
        self.appoint_if_all_answered(now, out);
    }

    /// Somebody asks how far the log reaches.
    pub(super) fn on_survey(
        &mut self,
        now: SimTime,
        from: NodeId,
        epoch: Epoch,
        out: &mut Effects<'_, Self>,
    ) {
        match &self.role {
            Role::Leader(_) => {
                // Alive after all: say so at once.
                let (epoch, committed) = (self.reign.epoch, self.committed);
                let (stamp, greet) = (out.clock, false);
                let alive = Message::Heartbeat { epoch, committed, sent: now, stamp, greet };
                return out.send(from, alive);
            }
            // Two noticed at the same time: the lower name goes on.
            Role::Surveyor(_) if from > self.me => return,
            Role::Surveyor(_) => self.become_follower(now, out),
            Role::Stranded(_) => return,
            Role::Follower(_) if self.reign.fresh => return,
            Role::Follower(_) | Role::Candidate(_) => self.arm_silence(now, out),
        }
        let end = self.reach();
        if epoch > self.reign.epoch {
            out.send(from, Message::Standing { epoch, last: end.position, of: end.epoch });
        }
    }

    /// Somebody says how far its log reaches.
    pub(super) fn on_standing(
        &mut self,
        now: SimTime,
        from: NodeId,
        epoch: Epoch,
        last: Position,
        of: Epoch,
        out: &mut Effects<'_, Self>,
    ) {
        let Role::Surveyor(mut surveyor) = self.role else { return };
        if surveyor.epoch != epoch {
            return;
        }
        surveyor.answered |= bit(from);
        let other = Standing { node: from, of, last };
        if self.is_better(other, surveyor.best) {
            surveyor.best = other;
        }
        self.role = Role::Surveyor(surveyor);
        self.appoint_if_all_answered(now, out);
    }

    fn is_better(&self, one: Standing, other: Standing) -> bool {
        match self.knobs.failover.choose {
            Choose::MostUpToDate => {
                let merit = |s: Standing| (s.of, s.last, Reverse(s.node));
                merit(one) > merit(other)
            }
            Choose::Priority(_) => {
                (self.rank(one.node), one.node) < (self.rank(other.node), other.node)
            }
        }
    }

    fn appoint_if_all_answered(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Surveyor(surveyor) = &self.role else { return };
        let awaited = self.others().filter(|node| Some(*node) != surveyor.silent);
        if awaited.into_iter().all(|node| surveyor.answered & bit(node) != 0) {
            self.appoint_the_best(now, out);
        }
    }

    pub(super) fn appoint_the_best(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Surveyor(Surveyor { epoch, best, .. }) = self.role else { return };
        if best.node == self.me {
            self.lead_by_appointment(now, epoch, out);
        } else {
            out.send(best.node, Message::Appoint { epoch });
            self.become_follower(now, out);
        }
    }

    /// Somebody says "you lead".
    pub(super) fn on_appoint(&mut self, now: SimTime, epoch: Epoch, out: &mut Effects<'_, Self>) {
        if epoch > self.reign.epoch && !matches!(self.role, Role::Leader(_) | Role::Stranded(_)) {
            self.lead_by_appointment(now, epoch, out);
        }
    }

    fn lead_by_appointment(&mut self, now: SimTime, epoch: Epoch, out: &mut Effects<'_, Self>) {
        self.reign.epoch = epoch;
        self.reign.voted_for = Some(self.me);
        self.begin_reign(now, u128::MAX, now, out);
    }
}
