//! Bringing a follower up: finding where the logs agree, then the log from there; or, where the log
//! no longer reaches back, a consistent snapshot in pieces and then the log from its position.

use super::copy_files::LEAST_PAUSE;
use super::knobs::{Method, Returning};
use super::message::Message;
use super::role::{Feeding, Follower, Incoming, Outgoing, Role};
use super::{Mark, SingleLeader, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::note::StepDown;
use engine::protocol::parts::frame::{self, Frame, Reign};
use engine::protocol::parts::log::End;
use engine::protocol::parts::{Data, Log};
use engine::protocol::{Effects, FrameRef, Note};

impl SingleLeader {
    /// Tells the leader where the own log ends, or goes on comparing where that was left.
    pub(super) fn say_hello(&mut self, out: &mut Effects<'_, Self>) {
        let last = self.log.last();
        let compared = match &self.role {
            Role::Follower(follower) => follower.compared,
            _ => None,
        };
        self.say_hello_at(compared.map_or(last, |at| at.min(last)), out);
    }

    fn say_hello_at(&mut self, at: Position, out: &mut Effects<'_, Self>) {
        let Role::Follower(Follower { leader: Some(leader), since, .. }) = self.role else {
            return;
        };
        let Some(End { epoch: of, chain, .. }) = self.log.at(at, out.records) else { return };
        let (epoch, fresh, flushed) = (self.reign.epoch, self.reign.fresh, self.flushed.min(at));
        out.send(leader, Message::Hello { epoch, since, at, of, chain, flushed, fresh });
    }

    /// A follower says where its log ends, or what it has where the logs were compared.
    pub(super) fn on_hello(
        &mut self,
        now: SimTime,
        from: NodeId,
        since: SimTime,
        (at, of, chain): (Position, Epoch, u64),
        (flushed, fresh): (Position, bool),
        out: &mut Effects<'_, Self>,
    ) {
        let (last, base, epoch) = (self.log.last(), self.log.base(), self.reign.epoch);
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        progress.heard = now;
        if since < progress.since {
            return;
        }
        if let Feeding::Snapshot(outgoing) = progress.feeding {
            // Said before the first piece came: the copy goes on. If it restarted or was emptied
            // since, what it had of the copy is gone, and another begins.
            if at < outgoing.position && since == progress.since {
                return;
            }
        }
        if matches!(progress.feeding, Feeding::Files(_)) && since == progress.since {
            return;
        }
        let again = progress.since == since;
        progress.since = since;
        if fresh || at < base {
            return self.copy_to(now, from, at.next(), fresh, out);
        }
        let own = self.log.at(at, out.records);
        if own.is_some_and(|own| own.chain == chain) {
            let Role::Leader(leader) = &mut self.role else { return };
            let Some(progress) = leader.progress.get_mut(from.index()) else { return };
            out.send(from, Message::Continue { epoch, since, from: at });
            if again && progress.feeding == Feeding::Log && progress.agreed == at {
                // Said again while the answer is on its way: what follows that is on its way too.
                return;
            }
            progress.feed_from_log(at, flushed, last);
            if at < last {
                out.note(Note::CatchUpFromLog { node: from, from: at.next() });
            }
            self.pump(from, out);
            self.look_whether_caught_up(from, out);
            return;
        }
        // They part before `at`. Nothing later than the follower's epoch there can be common.
        let highest = at.before().min(last);
        let compare = self.log.last_not_later(highest, of, out.records);
        if compare <= base && base > Position::ZERO {
            let agree = self.log.at(base, out.records).map(|end| end.epoch);
            if at <= base || agree.is_none() {
                return self.copy_to(now, from, at.next(), false, out);
            }
        }
        let of = self.log.at(compare, out.records).map_or(Epoch(0), |end| end.epoch);
        out.send(from, Message::Compare { epoch, since, at: compare, of });
    }

    /// The leader asks what stands at or before a position.
    pub(super) fn on_compare(
        &mut self,
        now: SimTime,
        from: NodeId,
        since: SimTime,
        (at, of): (Position, Epoch),
        out: &mut Effects<'_, Self>,
    ) {
        let Some(follower) = self.attempt(from, since) else { return };
        if follower.attached {
            // The leader that agreed was an earlier life of this one.
            follower.detach(now);
            return self.say_hello(out);
        }
        if at < self.log.base() {
            // What was there is gone here: only a full copy can tell.
            return self.start_over_unless_refused(now, from, out);
        }
        let at = self.log.last_not_later(at, of, out.records);
        let Some(follower) = self.attempt(from, since) else { return };
        if follower.compared.is_some_and(|compared| compared < at) {
            // The answer to a hello from before: this has come further.
            return;
        }
        follower.compared = Some(at);
        self.say_hello_at(at, out);
    }

    /// The follower that this node is, if the leader's answer is to its present attempt.
    pub(super) fn attempt(&mut self, leader: NodeId, since: SimTime) -> Option<&mut Follower> {
        let Role::Follower(follower) = &mut self.role else { return None };
        (follower.leader == Some(leader) && follower.since == since).then_some(follower)
    }

    /// The logs agree up to `position`; what stands here after it has parted. That is known only of
    /// the log as it was when it was asked about, and a node that is not attached stores nothing. A
    /// second answer, which comes after the log has grown, would cut off what the leader counts on.
    pub(super) fn on_continue(
        &mut self,
        now: SimTime,
        from: NodeId,
        since: SimTime,
        position: Position,
        out: &mut Effects<'_, Self>,
    ) {
        let Some(follower) = self.attempt(from, since) else { return };
        if follower.attached {
            return out.send(from, Message::confirm(self));
        }
        if position < self.log.base() {
            return self.start_over_unless_refused(now, from, out);
        }
        if position < self.log.last() && !self.mend(from, position, out) {
            return;
        }
        let Role::Follower(follower) = &mut self.role else { return };
        follower.attached = true;
        follower.early.clear();
        follower.incoming = None;
        out.send(from, Message::confirm(self));
    }

    /// The log has parted after `at`. A former leader does with that what the knob says; a mere
    /// follower always cuts its log back. Says whether it may follow now.
    fn mend(&mut self, leader: NodeId, at: Position, out: &mut Effects<'_, Self>) -> bool {
        if self.is_refused(at.next(), leader, out) {
            return false;
        }
        self.rewind(at, out);
        true
    }

    /// The log has parted before its base, so that it cannot be cut back.
    fn start_over_unless_refused(
        &mut self,
        now: SimTime,
        leader: NodeId,
        out: &mut Effects<'_, Self>,
    ) {
        if !self.is_refused(self.log.base(), leader, out) {
            self.start_over(now, out);
        }
    }

    /// Whether this is a former leader whose own records, from `first` on, have parted from the
    /// leader's, and such a one must not mend itself: then it waits for an administrator.
    fn is_refused(&mut self, first: Position, leader: NodeId, out: &mut Effects<'_, Self>) -> bool {
        let epoch = self.log.at(first, out.records).map(|end| end.epoch);
        let led = self.led_in.is_some_and(|led_in| epoch.is_some_and(|epoch| epoch <= led_in));
        let refused = led && self.knobs.failover.returning != Returning::Rewind;
        if refused {
            out.note(Note::Stranded { at: first.before() });
            self.role = Role::Stranded(leader);
            out.cancel_timer(Timer::Silence);
        }
        refused
    }

    /// Cuts the log back to `to` and rebuilds the data: PostgreSQL's `pg_rewind`.
    fn rewind(&mut self, to: Position, out: &mut Effects<'_, Self>) {
        out.note(Note::Rewound { from: self.log.last(), to });
        self.cut_back(to, out);
    }

    /// The same without a word about it.
    pub(super) fn cut_back(&mut self, to: Position, out: &mut Effects<'_, Self>) {
        self.log.truncate(to, out.records);
        let frame = frame::write_rewind(out.records, to);
        self.write(frame, out);
        self.era += 1;
        self.flushed = self.flushed.min(to);
        self.committed = self.committed.min(to);
        if self.backlog.cut(to) {
            out.stop_applying();
        }
        if self.data.applied() > to {
            self.data = self.base_data.clone();
            self.apply_upto(to, out);
        }
        out.flush(Mark::Log { position: to, era: self.era });
    }

    /// Throws everything away and asks for a full copy.
    fn start_over(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(Follower { leader, .. }) = self.role else { return };
        // Written before anything is cut off: a node that has forgotten what it confirmed must not
        // forget that it has.
        let emptied = self.reign.emptied || self.log.last() > Position::ZERO;
        self.led_in = None;
        let reign = Reign { leading: false, fresh: true, emptied, ..self.reign };
        self.set_reign(reign, Mark::Reign, out);
        self.log = Log::default();
        self.data = Data::default();
        self.base_data = Data::default();
        self.copied = None;
        if self.backlog.cut(Position::ZERO) {
            out.stop_applying();
        }
        (self.flushed, self.committed) = (Position::ZERO, Position::ZERO);
        self.era += 1;
        let frame = frame::write_rewind(out.records, Position::ZERO);
        self.write(frame, out);
        out.flush(Mark::Log { position: Position::ZERO, era: self.era });
        self.role = Role::Follower(Follower::of(leader, now));
        self.say_hello(out);
    }

    /// An administrator orders a full copy.
    pub(super) fn on_ordered_to_copy(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let leader = self.leader().filter(|leader| *leader != self.me);
        if let Role::Leader(_) = self.role {
            // A leader has nobody to copy from; it steps aside first.
            let (epoch, why) = (self.reign.epoch, StepDown::Ordered);
            out.note(Note::SteppedDown { epoch, later: epoch, why });
        }
        self.become_follower(now, out);
        if let Role::Follower(follower) = &mut self.role {
            follower.leader = leader;
        }
        self.start_over(now, out);
    }

    /// A follower lacks what the log no longer has, or has nothing at all.
    fn copy_to(
        &mut self,
        now: SimTime,
        node: NodeId,
        needs: Position,
        fresh: bool,
        out: &mut Effects<'_, Self>,
    ) {
        let (epoch, first) = (self.reign.epoch, self.log.base().next());
        if !fresh {
            out.note(Note::LogTruncatedMeanwhile { node, needs, first });
            if !self.knobs.catch_up.automatic {
                if let Role::Leader(leader) = &mut self.role {
                    leader.progress[node.index()].feeding = Feeding::Unknown;
                }
                return out.send(node, Message::Gone { epoch, first });
            }
        }
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        progress.heard = now;
        progress.caught_up = false;
        match self.knobs.catch_up.method {
            Method::Snapshot => self.take_snapshot(node, out),
            Method::Files => self.list_files(node, out),
        }
        let Role::Leader(leader) = &mut self.role else { return };
        if !std::mem::replace(&mut leader.piece_armed, true) {
            out.set_timer(Timer::Piece, Span::ZERO);
        }
    }

    /// Takes a consistent snapshot for a follower.
    fn take_snapshot(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let data = &self.data;
        let frame = frame::write_snapshot(out.records, |bytes| data.write(bytes));
        let position = self.data.applied();
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        progress.feeding =
            Feeding::Snapshot(Outgoing { position, frame, sent: 0, confirmed: 0, tick: u32::MAX });
        out.note(Note::CatchUpFromSnapshot { node, position, bytes: frame.len });
    }

    /// Time for the next piece of every snapshot under way, and for the next page.
    pub(super) fn on_piece_due(&mut self, out: &mut Effects<'_, Self>) {
        let epoch = self.reign.epoch;
        let catch_up = self.knobs.catch_up;
        let Role::Leader(leader) = &mut self.role else { return };
        leader.piece_armed = false;
        let mut busy = false;
        let mut pause = u64::from(catch_up.piece_bytes) * 1_000_000 / catch_up.bandwidth.max(1);
        for (node, progress) in (0_u8..).map(NodeId).zip(&mut leader.progress) {
            if let Feeding::Files(files) = &mut progress.feeding {
                let (since, of, at) = (progress.since, files.pages, self.data.applied());
                pause = catch_up.page_pause.micros();
                match Self::read_page(&self.data, files, catch_up.page_keys, out) {
                    Some((number, bytes)) => {
                        out.send(node, Message::Page { epoch, since, number, of, at, bytes });
                    }
                    None => pause = pause.max(LEAST_PAUSE.micros()),
                }
                busy |= files.confirmed <= files.pages;
            }
            let Feeding::Snapshot(outgoing) = &mut progress.feeding else { continue };
            if outgoing.sent < outgoing.frame.len {
                let (since, position) = (progress.since, outgoing.position);
                let offset = outgoing.sent;
                let bytes = outgoing.frame.piece(offset, catch_up.piece_bytes.max(1));
                outgoing.sent += bytes.len;
                let total = outgoing.frame.len;
                let piece = Message::Piece { epoch, since, position, bytes, offset, total };
                out.send(node, piece);
            }
            busy |= outgoing.confirmed < outgoing.frame.len;
        }
        if busy {
            leader.piece_armed = true;
            out.set_timer(Timer::Piece, Span::from_micros(pause.max(1)));
        }
    }

    /// A piece of a snapshot arrives.
    pub(super) fn on_piece(
        &mut self,
        now: SimTime,
        (from, since): (NodeId, SimTime),
        (position, total): (Position, u32),
        (bytes, offset): (FrameRef, u32),
        out: &mut Effects<'_, Self>,
    ) {
        let epoch = self.reign.epoch;
        let Some(follower) = self.attempt(from, since) else { return };
        if follower.attached {
            // A late hello made the leader copy, although it had agreed to continue meanwhile.
            follower.detach(now);
            return self.say_hello(out);
        }
        if follower.incoming.is_none() && offset > 0 {
            return;
        }
        let incoming = follower.incoming.get_or_insert_with(|| Incoming {
            position,
            total,
            ..Incoming::default()
        });
        if incoming.position != position || incoming.total != total {
            return;
        }
        if offset == incoming.got {
            incoming.got += bytes.len;
            incoming.pieces.push(bytes);
            out.note(Note::SnapshotArrived { bytes: incoming.got, of: total });
        }
        let upto = incoming.got;
        out.send(from, Message::PieceConfirm { epoch, since, position, upto });
        if upto == total {
            self.install(now, out);
        }
    }

    /// All pieces are here: open the snapshot and continue from its position.
    fn install(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(follower) = &mut self.role else { return };
        let Some(incoming) = follower.incoming.take() else { return };
        follower.detach(now);
        let mut whole = Vec::with_capacity(incoming.total as usize);
        for piece in incoming.pieces {
            whole.extend_from_slice(out.records.bytes(piece));
        }
        let Ok(Frame::Snapshot(image)) = frame::read(&whole) else { return };
        let Ok(mut data) = Data::read(image) else { return };
        let position = data.applied();
        data.ends_with(out.records.find(position, data.end().chain));
        let frame = out.records.store(|bytes| bytes.extend_from_slice(&whole));
        self.copied = None;
        self.adopt(data, frame, Note::SnapshotInstalled { position }, out);
    }

    /// This is the node's data from now on, and `frame` stands for it on its disk.
    pub(super) fn adopt(
        &mut self,
        data: Data,
        frame: FrameRef,
        note: Note,
        out: &mut Effects<'_, Self>,
    ) {
        let position = data.applied();
        self.log = Log::after(data.end());
        self.base_data = data.clone();
        self.data = data;
        if self.backlog.cut(Position::ZERO) {
            out.stop_applying();
        }
        self.committed = position;
        self.flushed = Position::ZERO;
        self.era += 1;
        let first_extent = self.extents;
        self.write(frame, out);
        (self.reign.fresh, self.reign.emptied) = (false, false);
        let reign = frame::write_reign(out.records, self.reign);
        self.write(reign, out);
        out.note(note);
        out.flush(Mark::Snapshot { position, era: self.era });
        out.flush(Mark::Front { first_extent });
    }

    /// A follower confirms a part of a snapshot.
    pub(super) fn on_piece_confirm(
        &mut self,
        now: SimTime,
        (from, since): (NodeId, SimTime),
        position: Position,
        upto: u32,
    ) {
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        progress.heard = now;
        if let Feeding::Snapshot(outgoing) = &mut progress.feeding {
            if outgoing.position == position && progress.since == since {
                outgoing.confirmed = outgoing.confirmed.max(upto.min(outgoing.frame.len));
                outgoing.sent = outgoing.sent.max(outgoing.confirmed);
            }
        }
    }

    /// Nothing of a snapshot was confirmed, although a later heartbeat was answered: send again
    /// from there.
    pub(super) fn resend_piece(&mut self, now: SimTime, node: NodeId) {
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        if let Feeding::Snapshot(outgoing) = &mut progress.feeding {
            let idle = outgoing.sent == outgoing.confirmed;
            let moved = idle || outgoing.confirmed != outgoing.tick;
            let stuck = !moved && progress.answered >= progress.tick_at + progress.overtakes;
            if stuck {
                outgoing.sent = outgoing.confirmed;
            }
            if moved || stuck {
                (outgoing.tick, progress.tick_at) = (outgoing.confirmed, now);
            }
        }
        if let Feeding::Files(files) = &mut progress.feeding {
            let moved = files.confirmed != files.tick || files.page == files.confirmed;
            let stuck = !moved && progress.answered >= progress.tick_at + progress.overtakes;
            if stuck {
                files.page = files.confirmed;
            }
            if moved || stuck {
                (files.tick, progress.tick_at) = (files.confirmed, now);
            }
        }
    }
}
