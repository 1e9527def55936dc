//! Following: hearing the leader, storing what it ships, confirming what is held.

use super::knobs::{ConfirmOn, Detect, Promote};
use super::message::{Batch, Message};
use super::role::{Follower, Role, TimeOfDay};
use super::{Mark, SingleLeader, Timer};
use engine::base::{NodeId, Position, SimTime, Span};
use engine::protocol::note::{NodeLimit, StepDown};
use engine::protocol::parts::frame::Reign;
use engine::protocol::{Effects, Note, RecordRef};

/// What became of a shipped record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stored {
    Appended,
    Had,
    Kept,
    Parted,
}

impl SingleLeader {
    /// Becomes a follower of nobody yet, and waits for a leader.
    pub(super) fn become_follower(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        // A follower that hears of a later epoch goes on counting the silence: a candidate whose
        // log is too old must not put off the one that can win. One that asked whether it would be
        // voted for has counted it already, and begins anew.
        let counts_silence = matches!(&self.role, Role::Follower(f) if f.poll.is_none());
        self.role = Role::Follower(Follower::of(None, now));
        out.cancel_timer(Timer::Heartbeat);
        out.cancel_timer(Timer::Degrade);
        out.cancel_timer(Timer::Piece);
        out.cancel_timer(Timer::Election);
        if !counts_silence {
            self.arm_silence(now, out);
        }
    }

    /// Somebody leads in the present epoch.
    pub(super) fn believe_in(&mut self, now: SimTime, leader: NodeId, out: &mut Effects<'_, Self>) {
        let epoch = self.reign.epoch;
        match &mut self.role {
            Role::Follower(follower) if follower.leader != Some(leader) && leader != self.me => {
                let polled = follower.poll.is_some();
                *follower = Follower::of(Some(leader), now);
                out.note(Note::Follows { leader, epoch });
                if polled {
                    out.cancel_timer(Timer::Election);
                    self.arm_silence(now, out);
                }
            }
            Role::Stranded(led_by) => *led_by = leader,
            Role::Follower(_) | Role::Leader(_) | Role::Candidate(_) | Role::Surveyor(_) => {}
        }
    }

    /// Whether a message of the present epoch's leader is to be handled: two nodes may lead in one
    /// epoch where nobody votes; the lower name wins.
    fn heeds(&mut self, now: SimTime, from: NodeId, out: &mut Effects<'_, Self>) -> bool {
        match &self.role {
            Role::Leader(_) => {
                if from > self.me || !self.knobs.failover.fencing {
                    return false;
                }
                let (epoch, why) = (self.reign.epoch, StepDown::SameEpoch { by: from });
                out.note(Note::SteppedDown { epoch, later: epoch, why });
                self.set_reign(Reign { leading: false, ..self.reign }, Mark::Reign, out);
                self.become_follower(now, out);
            }
            Role::Candidate(_) | Role::Surveyor(_) => self.become_follower(now, out),
            Role::Follower(follower) if follower.leader.is_some_and(|leader| leader < from) => {
                return false;
            }
            Role::Follower(_) | Role::Stranded(_) => {}
        }
        self.believe_in(now, from, out);
        true
    }

    /// The leader is alive.
    pub(super) fn on_heartbeat(
        &mut self,
        now: SimTime,
        from: NodeId,
        committed: Position,
        (sent, stamp): (SimTime, i64),
        greet: bool,
        out: &mut Effects<'_, Self>,
    ) {
        if !self.heeds(now, from, out) {
            return;
        }
        self.heard_leader = now;
        let last = self.log.last();
        let since = match &self.role {
            Role::Follower(follower) if follower.attached => follower.since,
            _ => SimTime::NEVER,
        };
        out.send(from, Message::Alive { epoch: self.reign.epoch, sent, since, last });
        let trusts = self.hears_of_life(now, stamp, out.clock);
        let Role::Follower(follower) = &mut self.role else { return };
        if trusts && follower.suspects_since.take().is_some() {
            out.note(Note::TrustedAgain { leader: from });
        }
        if trusts && follower.poll.take().is_some() {
            out.cancel_timer(Timer::Election);
        }
        if greet && (follower.attached || follower.incoming.is_some()) {
            // The leader does not know this log: it restarted, or gave this follower up.
            follower.detach(now);
        }
        if follower.attached {
            self.committed = self.committed.max(committed.min(last));
        }
        // Heartbeats that come in a row, held up by a slow link, are answered by one hello: each
        // makes the leader send everything from there again.
        let lately = self.knobs.failover.heartbeat.micros() / 2;
        let asked = follower.asked.is_some_and(|asked| now.since(asked).micros() < lately);
        let hello = !follower.attached && !asked && (greet || follower.incoming.is_none());
        if hello {
            follower.asked = Some(now);
        }
        if trusts {
            self.arm_silence(now, out);
        }
        if hello {
            self.say_hello(out);
        }
    }

    /// Takes a heartbeat down that was sent when the leader's time of day was `stamp`, and arrives
    /// when the own is `clock`. Says whether it is a reason to trust the leader: one that comes when
    /// its successor is overdue is none, where freshness counts.
    fn hears_of_life(&mut self, now: SimTime, stamp: i64, clock: i64) -> bool {
        let failover = &self.knobs.failover;
        let Role::Follower(follower) = &mut self.role else { return false };
        match failover.detect {
            Detect::Timeout => true,
            Detect::Phi(phi) => {
                follower.arrivals.heard(now, phi.window);
                true
            }
            Detect::Freshness(shift) => {
                let vouched = (failover.heartbeat + shift).micros();
                let until = TimeOfDay(stamp.saturating_add_unsigned(vouched));
                follower.fresh_until = follower.fresh_until.max(until);
                follower.fresh_until > TimeOfDay(clock)
            }
        }
    }

    /// How long from now on the leader will have to be taken for dead if nothing more is heard, as
    /// far as its heartbeats tell; `None`: they do not yet, or no longer.
    fn doomed_in(&self, now: SimTime, clock: i64) -> Option<Span> {
        let Role::Follower(follower) = &self.role else { return None };
        let span = match self.knobs.failover.detect {
            Detect::Timeout => None,
            Detect::Phi(phi) => {
                follower.arrivals.expect(&phi).map(|accrual| accrual.crosses().since(now))
            }
            Detect::Freshness(_) => {
                let left = follower.fresh_until.0.saturating_sub(clock);
                Some(Span::from_micros(u64::try_from(left).unwrap_or(0)))
            }
        };
        span.filter(|span| *span > Span::ZERO)
    }

    /// Silence from now on counts against the leader. Under majority promotion every node waits a
    /// random while longer than it must, so that not all of them ask for votes at once.
    pub(super) fn arm_silence(&self, now: SimTime, out: &mut Effects<'_, Self>) {
        let failover = &self.knobs.failover;
        let (least, (from, to)) = match failover.promote {
            Promote::ByHand | Promote::FirstToNotice => {
                (failover.timeout, (failover.timeout, failover.timeout))
            }
            Promote::Majority => (failover.election_timeout.0, self.election_range()),
        };
        let (from, to) = match self.doomed_in(now, out.clock) {
            Some(span) => (span + (from - least), span + (to - least)),
            None => (from, to),
        };
        out.set_timer_within(Timer::Silence, from, to);
    }

    /// The leader ships records that follow `prev`.
    #[inline]
    pub(super) fn on_append(
        &mut self,
        now: SimTime,
        from: NodeId,
        prev: Position,
        batch: &Batch,
        committed: Position,
        out: &mut Effects<'_, Self>,
    ) {
        let attached =
            matches!(&self.role, Role::Follower(f) if f.attached && f.leader == Some(from));
        if !attached {
            // Not yet known to agree with this leader: the next heartbeat begins with a hello.
            self.heeds(now, from, out);
            return;
        }
        let before = self.log.last();
        let mut parted = false;
        for (record, n) in batch.as_slice().iter().zip(1..) {
            parted = self.store(Position(prev.0 + n), *record, out) == Stored::Parted;
            if parted {
                break;
            }
        }
        if self.log.last() > before {
            out.flush(Mark::Log { position: self.log.last(), era: self.era });
            self.on_received(now, out);
        }
        if parted {
            return self.part(now, out);
        }
        self.committed = self.committed.max(committed.min(self.log.last()));
        // Every append is answered: from memory if that is what a confirmation means, or at once
        // if there is nothing to wait for.
        if self.knobs.acknowledge.on == ConfirmOn::Received || self.log.last() == before {
            out.send(from, Message::confirm(self));
        }
    }

    #[inline]
    fn store(
        &mut self,
        position: Position,
        record: RecordRef,
        out: &mut Effects<'_, Self>,
    ) -> Stored {
        let last = self.log.last();
        if position <= last {
            let same = position <= self.log.base() || self.log.get(position) == Some(record);
            return if same || self.same_content(position, record, out) {
                Stored::Had
            } else {
                Stored::Parted
            };
        }
        let Role::Follower(follower) = &mut self.role else { return Stored::Kept };
        if position > last.next() {
            if !follower.early.keep(last, position, record) {
                out.note(Note::Limit(NodeLimit::Early));
            }
            return Stored::Kept;
        }
        let mut early = std::mem::take(&mut follower.early);
        let mut stored = self.store_next(record, out);
        if stored == Stored::Appended && !early.is_empty() {
            early.grew();
            while let Some(next) = early.take_next() {
                stored = self.store_next(next, out);
                if stored == Stored::Parted {
                    break;
                }
            }
        }
        if let Role::Follower(follower) = &mut self.role {
            follower.early = early;
        }
        stored
    }

    /// Stores the record for the position after the last, if it was written after what is here.
    #[inline]
    fn store_next(&mut self, reference: RecordRef, out: &mut Effects<'_, Self>) -> Stored {
        let Some(record) = out.records.get(reference) else { return Stored::Parted };
        if record.chain_after(self.log.end().chain) != record.chain {
            return Stored::Parted;
        }
        self.log.push(reference, record, self.extents);
        let frame = record.frame;
        self.write(frame, out);
        Stored::Appended
    }

    fn same_content(&self, position: Position, record: RecordRef, out: &Effects<'_, Self>) -> bool {
        let held = self.log.at(position, out.records).map(|end| end.chain);
        held.is_some() && held == out.records.get(record).map(|record| record.chain)
    }

    /// The log does not agree with the leader's after all: find out where they part.
    fn part(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        if let Role::Follower(follower) = &mut self.role {
            follower.detach(now);
        }
        self.say_hello(out);
    }

    /// Something became durable.
    #[inline]
    pub(super) fn on_flushed(&mut self, now: SimTime, mark: Mark, out: &mut Effects<'_, Self>) {
        match mark {
            Mark::Log { position, era } => {
                if era == self.era && position > self.flushed {
                    self.flushed = position;
                    self.on_log_flushed(now, out);
                }
            }
            Mark::Candidacy(epoch) => self.on_candidacy_flushed(now, epoch, out),
            Mark::Vote(to, epoch) => {
                if self.reign.epoch == epoch && self.reign.voted_for == Some(to) {
                    out.send(to, Message::Vote { epoch, given: true });
                }
            }
            Mark::Reign => {}
            Mark::Snapshot { position, era } => {
                if era == self.era {
                    self.flushed = self.flushed.max(position);
                    self.tell_the_leader(now, out);
                }
            }
            Mark::Front { first_extent } => out.discard(self.extents - first_extent),
        }
    }

    /// More is durable: confirms it if attached, and asks to be attached if not.
    fn tell_the_leader(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(Follower { leader: Some(leader), attached, .. }) = self.role else {
            return;
        };
        if attached {
            out.send(leader, Message::confirm(self));
        } else {
            if let Role::Follower(follower) = &mut self.role {
                follower.asked = Some(now);
            }
            self.say_hello(out);
        }
    }

    #[inline]
    fn on_log_flushed(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        match &self.role {
            Role::Leader(_) => {
                self.advance_commit(now, out);
                // What is committed but was not durable yet becomes visible now.
                self.apply_visible(out);
                self.answer_waiting(out);
            }
            Role::Follower(follower) => {
                let leader = follower.leader.filter(|_| follower.attached);
                self.apply_visible(out);
                if let Some(leader) = leader {
                    if self.knobs.acknowledge.on != ConfirmOn::Received {
                        out.send(leader, Message::confirm(self));
                    }
                }
                self.trim(out);
            }
            Role::Candidate(_) | Role::Surveyor(_) | Role::Stranded(_) => {
                self.apply_visible(out);
            }
        }
    }
}
