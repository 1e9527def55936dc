//! When a client is told "saved": who must confirm what, what happens when nobody does, and
//! whether a leader may still speak for the cluster.

use super::knobs::{ConfirmOn, Mode, WhenSilent};
use super::role::{Leader, Progress, Role, bit};
use super::{SingleLeader, Timer};
use engine::base::{NodeId, Position, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::quorum::{kth_largest, majority};
use engine::protocol::{Effects, Note, Outcome};

impl SingleLeader {
    /// How far a follower has confirmed, in the sense that the knob gives to it.
    #[inline]
    pub(super) fn confirmed(&self, progress: &Progress) -> Position {
        match self.knobs.acknowledge.on {
            ConfirmOn::Received => progress.received,
            ConfirmOn::Flushed => progress.flushed,
            ConfirmOn::Applied => progress.applied,
        }
    }

    /// How far the leader itself has what it promises. Its own visibility follows the commit, so
    /// "applied" asks of it only that the record is durable; the answer waits for the rest.
    fn own(&self) -> Position {
        match self.knobs.acknowledge.on {
            ConfirmOn::Received => self.log.last(),
            ConfirmOn::Flushed | ConfirmOn::Applied => self.flushed,
        }
    }

    /// How many followers are waited for.
    pub(super) fn needed(&self) -> u8 {
        match &self.knobs.acknowledge.mode {
            Mode::Asynchronous => 0,
            Mode::SemiSyncAny(k) | Mode::SemiSyncFirst(k, _) => *k,
            Mode::Synchronous => self.nodes - 1,
            Mode::InSync(_) => self.in_step() - 1,
        }
    }

    /// How many nodes are in step, the leader included.
    fn in_step(&self) -> u8 {
        let Role::Leader(leader) = &self.role else { return 1 };
        let nodes = self.synchronous_nodes(leader).count_ones() + 1;
        u8::try_from(nodes).unwrap_or(u8::MAX)
    }

    /// Whether too few nodes are in step for any write to be taken.
    pub(super) fn too_few_in_step(&self) -> bool {
        matches!(self.knobs.acknowledge.mode, Mode::InSync(least) if self.in_step() < least)
    }

    /// The position that the followers' confirmations cover, as the mode asks; `None` while too
    /// few count at all.
    #[inline]
    fn covered(&self, leader: &Leader) -> Option<Position> {
        match &self.knobs.acknowledge.mode {
            Mode::Asynchronous => Some(Position(u32::MAX)),
            Mode::SemiSyncAny(k) => {
                let counts = leader.progress.iter().filter(|p| p.caught_up);
                kth_largest(*k, counts.map(|p| self.confirmed(p)))
            }
            Mode::SemiSyncFirst(k, _) => {
                let chosen = self.synchronous_nodes(leader);
                let full = chosen.count_ones() >= u32::from(*k);
                full.then(|| self.least_confirmed(leader, chosen)).flatten()
            }
            Mode::InSync(_) if self.too_few_in_step() => None,
            Mode::Synchronous | Mode::InSync(_) => Some(
                self.least_confirmed(leader, self.synchronous_nodes(leader))
                    .unwrap_or(Position(u32::MAX)),
            ),
        }
    }

    fn least_confirmed(&self, leader: &Leader, nodes: u128) -> Option<Position> {
        let among = self.others().filter(|node| nodes & bit(*node) != 0);
        among.map(|node| self.confirmed(&leader.progress[node.index()])).min()
    }

    /// The followers that are waited for, one bit a node. `ANY k` waits for no one in particular:
    /// all that count are candidates.
    pub(super) fn synchronous_nodes(&self, leader: &Leader) -> u128 {
        let set =
            |nodes: &mut dyn Iterator<Item = NodeId>| nodes.fold(0, |set, node| set | bit(node));
        let counts = |node: &NodeId| leader.progress[node.index()].caught_up;
        match &self.knobs.acknowledge.mode {
            Mode::Asynchronous => 0,
            Mode::SemiSyncAny(_) => set(&mut self.others().filter(counts)),
            Mode::SemiSyncFirst(k, priority) => {
                let named = priority.iter().copied().filter(|n| *n != self.me && n.0 < self.nodes);
                let rest = self.others().filter(|node| !priority.contains(node));
                set(&mut named.chain(rest).filter(counts).take(usize::from(*k)))
            }
            Mode::Synchronous | Mode::InSync(_) => {
                set(&mut self.others().filter(|node| leader.progress[node.index()].required))
            }
        }
    }

    /// Commits what is confirmed, makes it visible, and answers those who wait for it.
    #[inline]
    pub(super) fn advance_commit(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Leader(leader) = &self.role else { return };
        let covered = if leader.degraded { Some(Position(u32::MAX)) } else { self.covered(leader) };
        let Some(to) = covered.map(|covered| covered.min(self.own())) else { return };
        // Raft, section 5.4.2: records of earlier epochs are committed only together with one of
        // the own epoch; a count alone could be undone by a later leader.
        if to <= self.committed || to < leader.reign_starts || !self.holds_lease(now, out) {
            return;
        }
        self.committed = to;
        out.note(Note::Committed { position: to });
        self.apply_visible(out);
        self.answer_waiting(out);
        self.trim(out);
    }

    /// Answers writes that are committed and that readers of the leader see: what was acknowledged is
    /// there for whoever asks next.
    pub(super) fn answer_waiting(&mut self, out: &mut Effects<'_, Self>) {
        let (answerable, epoch) = (self.answerable(), self.reign.epoch);
        let applied = self.data.applied();
        let Role::Leader(leader) = &mut self.role else { return };
        while let Some(waiting) =
            leader.waiting.front().copied().filter(|w| w.position <= answerable)
        {
            leader.waiting.pop_front();
            let position = waiting.position;
            let why = Refusal::NotEqual;
            out.reply(
                waiting.id,
                match waiting.saved {
                    true => Outcome::Written { position, epoch },
                    false => Outcome::Unavailable { why, epoch },
                },
            );
        }
        while leader.unapplied.front().is_some_and(|write| write.position <= applied) {
            leader.unapplied.pop_front();
        }
    }

    /// Up to here writes are committed, and readers of the leader see them.
    #[inline]
    pub(super) fn answerable(&self) -> Position {
        self.committed.min(self.data.applied())
    }

    /// Applies records up to `to`, which must be in the log.
    #[inline]
    pub(super) fn apply_upto(&mut self, to: Position, out: &Effects<'_, Self>) {
        while self.data.applied() < to {
            let next = self.data.applied().next();
            let Some(reference) = self.log.get(next) else { return };
            let Some(record) = out.records.get(reference) else { return };
            self.data.apply(reference, record);
        }
    }

    /// Starts the degrade timer when a write begins to wait.
    #[inline]
    pub(super) fn arm_degrade(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let WhenSilent::DegradeAfter(after) = self.knobs.acknowledge.when_silent else { return };
        let waits_for_nobody = self.needed() == 0;
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.degrade_armed || leader.degraded || waits_for_nobody {
            return;
        }
        if let Some(oldest) = leader.waiting.front() {
            leader.degrade_armed = true;
            let waited = now.since(oldest.since);
            out.set_timer(Timer::Degrade, after - waited);
        }
    }

    /// Nobody confirmed in time: from now on the leader answers without waiting. MySQL's
    /// `rpl_semi_sync_source_timeout`.
    pub(super) fn on_degrade_due(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let WhenSilent::DegradeAfter(after) = self.knobs.acknowledge.when_silent else { return };
        let last = self.log.last();
        let Role::Leader(leader) = &mut self.role else { return };
        leader.degrade_armed = false;
        let overdue = leader.waiting.front().is_some_and(|oldest| now.since(oldest.since) >= after);
        if overdue && !leader.degraded {
            leader.degraded = true;
            leader.rearm_at = last;
            out.note(Note::Degraded { after });
            self.advance_commit(now, out);
        } else {
            self.arm_degrade(now, out);
        }
    }

    /// Enough followers have confirmed what was there when the leader stopped waiting: it waits
    /// again.
    pub(super) fn rearm(&mut self, out: &mut Effects<'_, Self>) {
        let Role::Leader(leader) = &self.role else { return };
        if !leader.degraded || self.covered(leader).is_none_or(|covered| covered < leader.rearm_at)
        {
            return;
        }
        if let Role::Leader(leader) = &mut self.role {
            leader.degraded = false;
            out.note(Note::Rearmed);
        }
    }

    /// Says who became synchronous since the last look.
    pub(super) fn note_synchronous(&mut self, out: &mut Effects<'_, Self>) {
        let Role::Leader(leader) = &self.role else { return };
        let now = self.synchronous_nodes(leader);
        let before = leader.synchronous;
        if now == before {
            return;
        }
        let Mode::SemiSyncAny(_) = self.knobs.acknowledge.mode else {
            for node in self.others().filter(|node| now & !before & bit(*node) != 0) {
                out.note(Note::MadeSynchronous { node });
            }
            return self.set_synchronous(now);
        };
        self.set_synchronous(now);
    }

    fn set_synchronous(&mut self, nodes: u128) {
        if let Role::Leader(leader) = &mut self.role {
            leader.synchronous = nodes;
        }
    }

    /// Whether the leader may speak for the cluster: under majority promotion with fencing, a
    /// majority answered heartbeats that were sent less than a lease ago. Followers who answered
    /// vote for nobody else during that span, so no other leader can exist (Ongaro's dissertation,
    /// section 6.4.1).
    #[inline]
    pub(super) fn holds_lease(&mut self, now: SimTime, out: &mut Effects<'_, Self>) -> bool {
        if !(self.knobs.failover.fencing && self.votes_decide()) {
            return true;
        }
        let (lease, nodes) = (self.lease(), self.nodes);
        let me = self.me.index();
        let Role::Leader(leader) = &mut self.role else { return false };
        let others = leader.progress.iter().enumerate().filter(|(node, _)| *node != me);
        let answered = others.filter(|(_, p)| now.since(p.answered) < lease).count();
        let held = answered + 1 >= usize::from(majority(nodes));
        if held != leader.lease_held {
            leader.lease_held = held;
            out.note(if held { Note::LeaseRenewed } else { Note::LeaseEnded });
        }
        held
    }
}
