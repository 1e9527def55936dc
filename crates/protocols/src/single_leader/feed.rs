//! How a leader feeds its followers: shipping the log as it grows, catching up by batches, sending
//! again what was not confirmed.

use std::rc::Rc;

use super::SingleLeader;
use super::knobs::Mode;
use super::message::{Batch, Message};
use super::role::{Feeding, NOTHING_UNDER_WAY, Progress, Role};
use engine::base::{NodeId, Position, SimTime, Span};
use engine::protocol::parts::Log;
use engine::protocol::{Effects, Note, RecordRef};

impl SingleLeader {
    /// Ships the newest record to every follower that has all before it and room in its window.
    #[inline]
    pub(super) fn ship(&mut self, out: &mut Effects<'_, Self>) {
        let (end, epoch, committed) = (self.log.end(), self.reign.epoch, self.committed);
        let window = self.knobs.shipping.window_records;
        let me = self.me;
        let Role::Leader(leader) = &mut self.role else { return };
        for (node, progress) in (0_u8..).map(NodeId).zip(&mut leader.progress) {
            let ready = node != me
                && progress.feeding == Feeding::Log
                && progress.next == end.position
                && end.position.since(progress.received) <= window;
            if ready {
                progress.next = end.position.next();
                let prev = end.position.before();
                let records = Batch::One(end.record);
                out.send(node, Message::Append { epoch, prev, records, committed });
            }
        }
    }

    /// Sends what a follower lacks, in batches, as far as its window has room.
    pub(super) fn pump(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let (epoch, committed) = (self.reign.epoch, self.committed);
        let shipping = self.knobs.shipping;
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        while progress.feeding == Feeding::Log && progress.next <= self.log.last() {
            let under_way = progress.next.before().since(progress.received);
            let room = shipping.window_records.saturating_sub(under_way);
            let most = shipping.batch_records.min(room);
            let prev = progress.next.before();
            let Some(records) = batch(&self.log, prev, most) else { return };
            progress.next =
                Position(prev.0 + u32::try_from(records.as_slice().len()).unwrap_or(0) + 1);
            out.send(node, Message::Append { epoch, prev, records, committed });
        }
    }

    /// A follower confirms how far its log agrees with this leader's.
    #[inline]
    pub(super) fn on_confirm(
        &mut self,
        now: SimTime,
        from: NodeId,
        since: SimTime,
        reached: [Position; 3],
        out: &mut Effects<'_, Self>,
    ) {
        let last = self.log.last();
        let Role::Leader(leader) = &mut self.role else { return };
        let degraded = leader.degraded;
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        progress.heard = now;
        if progress.feeding != Feeding::Log || since != progress.since {
            return;
        }
        let [received, flushed, applied] = reached.map(|position| position.min(last));
        progress.received = progress.received.max(received);
        progress.flushed = progress.flushed.max(flushed);
        progress.applied = progress.applied.max(applied);
        progress.next = progress.next.max(progress.received.next());
        let lags = progress.next <= last;
        let closes_in = !progress.caught_up;
        let progress = *progress;
        if lags {
            self.pump(from, out);
        }
        if closes_in {
            self.look_whether_caught_up(from, out);
        }
        if degraded {
            self.rearm(out);
        }
        if self.confirmed(&progress) > self.committed {
            self.advance_commit(now, out);
        }
    }

    /// A follower is caught up when it has confirmed all that the leader had at an earlier look and
    /// nothing is left to send: only what is under way separates them.
    pub(super) fn look_whether_caught_up(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let last = self.log.last();
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        if progress.caught_up
            || progress.feeding != Feeding::Log
            || progress.received < progress.goal
        {
            return;
        }
        if progress.next <= last {
            progress.goal = last;
            return;
        }
        progress.caught_up = true;
        progress.required = true;
        let position = progress.received;
        out.note(Note::CaughtUp { node, position });
        self.note_synchronous(out);
        self.rearm(out);
    }

    /// A follower answered a heartbeat.
    pub(super) fn on_alive(
        &mut self,
        now: SimTime,
        from: NodeId,
        sent: SimTime,
        (since, theirs): (SimTime, Position),
        out: &mut Effects<'_, Self>,
    ) {
        let last = self.log.last();
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        progress.heard = now;
        // Where answers overtake one another, so may records: what is late is not lost yet. How late
        // it comes counts, not when it was asked for: a node that was frozen answers all at once.
        if sent < progress.answered {
            progress.overtakes = progress.overtakes.max(now.since(progress.answered_at));
        } else {
            (progress.answered, progress.answered_at) = (sent, now);
        }
        if progress.feeding == Feeding::Log && since == progress.since {
            progress.holds = progress.holds.max(theirs.min(last));
        }
        if !leader.lease_held && self.holds_lease(now, out) {
            self.advance_commit(now, out);
        }
    }

    /// Once per heartbeat: sends again what did not move, gives up who is silent for too long.
    pub(super) fn look_after(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        for node in self.others() {
            let Role::Leader(leader) = &mut self.role else { return };
            let Some(progress) = leader.progress.get_mut(node.index()) else { continue };
            if progress.is_stuck(now) {
                progress.next = progress.held_to().next();
                let from = progress.next;
                out.note(Note::Resent { to: node, from });
                self.pump(node, out);
            }
            self.ask_again(node, out);
            self.notice_truncation(node, out);
            self.resend_piece(now, node);
            self.give_up_if_silent(now, node, out);
        }
    }

    /// A follower is known to have what it has not confirmed: the confirmation may have been lost. If
    /// a write waits for it, or more is to be sent and the window is full, or it is still catching up,
    /// it is asked, with a message without records, which it answers at once.
    fn ask_again(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let Role::Leader(leader) = &self.role else { return };
        let Some(progress) = leader.progress.get(node.index()) else { return };
        let reached = self.confirmed(progress);
        let awaited = leader.waiting.front().is_some_and(|oldest| oldest.position > reached);
        let there = progress.held_to();
        let sent = progress.feeding == Feeding::Log && progress.next == there.next();
        let unfinished = progress.next <= self.log.last() || !progress.caught_up;
        let matters = awaited || unfinished && progress.received < there;
        let asks = matters && sent && reached < there && reached == progress.held;
        let (prev, epoch, committed) = (progress.received, self.reign.epoch, self.committed);
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        progress.held = reached;
        if asks {
            let records = Batch::Many(Rc::new([]));
            out.send(node, Message::Append { epoch, prev, records, committed });
        }
    }

    /// What a follower needs next is no longer in the log: it is asked to say hello, and the answer
    /// to that is a snapshot, or that it must be copied.
    fn notice_truncation(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let base = self.log.base();
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        if progress.feeding == Feeding::Log && progress.next <= base {
            progress.feeding = Feeding::Unknown;
            progress.caught_up = false;
            self.note_synchronous(out);
        }
    }

    /// PostgreSQL's `wal_sender_timeout`: a follower that was silent for too long is given up.
    fn give_up_if_silent(&mut self, now: SimTime, node: NodeId, out: &mut Effects<'_, Self>) {
        let Some(after) = self.knobs.acknowledge.give_up_after else { return };
        let Role::Leader(leader) = &self.role else { return };
        let Some(progress) = leader.progress.get(node.index()) else { return };
        let silent = progress.silent(now);
        if silent >= after && !matches!(progress.feeding, Feeding::GivenUp) {
            self.give_up(now, node, silent, out);
        }
    }

    /// A follower's system closed the connection: its process died.
    pub(super) fn on_peer_closed(
        &mut self,
        now: SimTime,
        peer: NodeId,
        out: &mut Effects<'_, Self>,
    ) {
        let Role::Leader(leader) = &self.role else { return };
        if leader.progress.get(peer.index()).is_some_and(|p| p.feeding != Feeding::GivenUp) {
            self.give_up(now, peer, Span::ZERO, out);
        }
    }

    fn give_up(&mut self, now: SimTime, node: NodeId, silent: Span, out: &mut Effects<'_, Self>) {
        let in_step = matches!(self.knobs.acknowledge.mode, Mode::InSync(_));
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        let drops = in_step && progress.required;
        let mattered = progress.caught_up || drops || progress.feeding != Feeding::Unknown;
        progress.feeding = Feeding::GivenUp;
        progress.caught_up = false;
        progress.required &= !drops;
        if mattered {
            out.note(Note::GaveUp { node, silent });
        }
        self.note_synchronous(out);
        self.advance_commit(now, out);
    }
}

/// Up to `most` records after `prev`; `None` if there is none to send.
fn batch(log: &Log, prev: Position, most: u32) -> Option<Batch> {
    let count = log.last().since(prev).min(most);
    let record = |n| log.get(Position(prev.0 + n));
    match count {
        0 => None,
        1 => record(1).map(Batch::One),
        _ => {
            let records: Option<Rc<[RecordRef]>> = (1..=count).map(record).collect();
            records.map(Batch::Many)
        }
    }
}

impl Progress {
    /// How far the follower's log is known to reach, confirmed or not: it may have said so when it
    /// answered a heartbeat, and still be waiting for its disk.
    const fn held_to(&self) -> Position {
        if self.holds.0 > self.received.0 { self.holds } else { self.received }
    }

    /// Asked once per heartbeat: whether what is under way was lost. It was if a heartbeat that left
    /// after it was answered, and it was not there then. A follower that is frozen, cut off, busy or
    /// behind a slow link answers none, and nothing is sent to it again.
    fn is_stuck(&mut self, now: SimTime) -> bool {
        let reached = self.held_to();
        if self.feeding != Feeding::Log || self.next <= reached.next() {
            self.tick = NOTHING_UNDER_WAY;
            return false;
        }
        let moved = reached != self.tick;
        let stuck = !moved && self.answered >= self.tick_at + self.overtakes;
        if moved || stuck {
            (self.tick, self.tick_at) = (reached, now);
        }
        stuck
    }

    /// The follower's log agrees with the leader's up to `at`; feed it from there.
    pub fn feed_from_log(&mut self, at: Position, flushed: Position, goal: Position) {
        self.feeding = Feeding::Log;
        self.next = at.next();
        self.received = at;
        (self.agreed, self.holds) = (at, at);
        self.flushed = flushed.min(at);
        self.applied = Position::ZERO;
        self.tick = NOTHING_UNDER_WAY;
        self.goal = goal;
        self.caught_up = false;
    }
}
