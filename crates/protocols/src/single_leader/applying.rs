//! Applying: from received to visible. Readers of a node see what it has applied, nothing else.
//!
//! Where applying takes time, records wait for the applier one after the other. Receiving, flushing,
//! confirming and heartbeats wait for nothing here, but for confirmations that mean "applied".

use super::SingleLeader;
use super::knobs::{ConfirmOn, Unapplied};
use super::message::Message;
use super::role::{Follower, Role};
use engine::base::{Position, SimTime};
use engine::protocol::parts::log::End;
use engine::protocol::{Applying, Effects, Note};

impl SingleLeader {
    /// How far readers of this node may see: at a leader what is committed, at others what is here.
    /// Where a confirmation means "in memory", that is enough; otherwise it must be durable.
    #[inline]
    fn visible(&self) -> Position {
        let held = match self.knobs.acknowledge.on {
            ConfirmOn::Received => self.log.last(),
            ConfirmOn::Flushed | ConfirmOn::Applied => self.flushed,
        };
        match &self.role {
            Role::Leader(leader) => self.committed.max(leader.found).min(held),
            Role::Follower(_) | Role::Candidate(_) | Role::Surveyor(_) | Role::Stranded(_) => held,
        }
    }

    /// Whether what may be seen is applied without the applier: a leader has executed its own writes.
    #[inline]
    fn applies_at_once(&self, applying: Applying) -> bool {
        match applying {
            Applying::AtOnce => true,
            Applying::SlowForOthers => matches!(self.role, Role::Leader(_)) && self.serves(),
            Applying::Slow => false,
        }
    }

    /// Whether it has applied all that it found in its log when it began to lead. A leader takes no
    /// write before, and answers reads as the follower that it was.
    #[inline]
    pub(super) fn serves(&self) -> bool {
        self.applies_first() == 0
    }

    /// How many of these are left.
    #[inline]
    pub(super) fn applies_first(&self) -> u32 {
        match &self.role {
            Role::Leader(leader) => leader.found.since(self.data.applied()),
            Role::Follower(_) | Role::Candidate(_) | Role::Surveyor(_) | Role::Stranded(_) => 0,
        }
    }

    /// Applies what may be seen: at once, or by the applier, one record after the other.
    #[inline]
    pub(super) fn apply_visible(&mut self, out: &mut Effects<'_, Self>) {
        let to = self.visible();
        if self.applies_at_once(out.applying) {
            return self.apply_upto(to, out);
        }
        let next = self.data.applied().next();
        if next > to {
            return;
        }
        if let Some((position, arrived)) = self.backlog.ask(next) {
            out.apply(position, arrived);
        }
    }

    /// Records up to the log's end have arrived: that is enough for readers where confirmations mean
    /// "in memory".
    #[inline]
    pub(super) fn on_received(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        if out.applying != Applying::AtOnce {
            self.backlog.received(self.log.last(), now);
        }
        if self.knobs.acknowledge.on == ConfirmOn::Received {
            self.apply_visible(out);
        }
    }

    /// The applier is done with a record. The log may have been cut back or replaced meanwhile.
    pub(super) fn on_applied(&mut self, position: Position, out: &mut Effects<'_, Self>) {
        self.backlog.done();
        if position == self.data.applied().next() && position <= self.visible() {
            self.apply_upto(position, out);
        }
        self.apply_visible(out);
        self.answer_waiting(out);
        if let Role::Follower(Follower { leader: Some(leader), attached: true, .. }) = self.role {
            if self.knobs.acknowledge.on == ConfirmOn::Applied {
                out.send(leader, Message::confirm(self));
            }
        }
        self.trim(out);
    }

    /// What counts of this node when a leader is chosen: what it would keep.
    pub(super) fn reach(&self) -> End {
        match self.knobs.failover.unapplied {
            Unapplied::Apply => self.log.end(),
            Unapplied::Discard => self.data.end(),
        }
    }

    /// The end of what a node that begins to lead must apply before it serves.
    pub(super) fn found(&self, applying: Applying) -> Position {
        if applying == Applying::AtOnce { Position::ZERO } else { self.log.last() }
    }

    /// Beginning to lead: what was received and not applied is applied before anybody is served, or
    /// thrown away.
    pub(super) fn settle_backlog(&mut self, out: &mut Effects<'_, Self>) {
        let (last, applied) = (self.log.last(), self.data.applied());
        if applied >= last {
            return;
        }
        match self.knobs.failover.unapplied {
            Unapplied::Apply if out.applying == Applying::AtOnce => {}
            Unapplied::Apply => out.note(Note::AppliesFirst { from: applied.next(), to: last }),
            Unapplied::Discard => {
                out.note(Note::Discarded { from: applied.next(), to: last });
                self.cut_back(applied, out);
            }
        }
    }
}
