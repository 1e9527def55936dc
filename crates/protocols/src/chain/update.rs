//! Updates: in at the head, from each node to the next in order, acknowledged at the end, and the
//! acknowledgements back, so that nobody holds in `Sent` what is everywhere.

use std::rc::Rc;

use super::link::{Feeding, Link};
use super::message::{Batch, Message, Passed, Receipt};
use super::replica::{Replica, Sent};
use super::{Chain, Mark};
use engine::base::{NodeId, Position, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::note::NodeLimit;
use engine::protocol::parts::frame;
use engine::protocol::record::transfer;
use engine::protocol::{
    Applying, Command, Effects, FrameRef, Note, Outcome, Post, Record, RecordRef, Request,
    RequestId,
};

/// Records that may be on their way to the end of the chain.
const MOST_SENT: usize = 100_000;
/// Records in one message, at most.
const BATCH: u32 = 64;
/// Records on their way to one successor without an acknowledgement, at most.
const WINDOW: u32 = 4_096;

impl Replica {
    /// A client wants to write.
    pub(super) fn on_write(
        &mut self,
        now: SimTime,
        request: Request,
        out: &mut Effects<'_, Chain>,
    ) {
        let (post, epoch) = (Post::Head, self.chain.epoch);
        let replaced = request.epoch > epoch;
        if !self.place().is_first() || replaced {
            let leader = self.chain.head().filter(|_| !replaced);
            return out.reply(request.id, Outcome::NotLeader { post, leader, epoch });
        }
        if self.sent.len() >= MOST_SENT {
            out.note(Note::Limit(NodeLimit::Waiting));
            return out.reply(request.id, Outcome::Unavailable { why: Refusal::Busy, epoch });
        }
        // Only what was asked before can have been taken before.
        let again = request.idempotent && request.id.attempt > 1;
        match again.then(|| self.already_taken(&request, out)).flatten() {
            Some(position) => self.pass_again(now, request.id, position, out),
            None if again && self.data.may_have_forgotten(request.client, request.number) => {
                out.reply(request.id, Outcome::Unavailable { why: Refusal::TooOld, epoch });
            }
            None if !self.condition_holds(request.command, out) => {
                self.found_another(now, request.id, out);
            }
            None => self.take(now, &request, out),
        }
    }

    /// Whether an update may be taken as far as its own condition goes: a compare-and-set looks at
    /// what the key will be once everything in the log is at the end of the chain. The head alone
    /// gives places, so nothing can come between.
    fn condition_holds(&self, command: Command, out: &Effects<'_, Chain>) -> bool {
        let Command::Swap { key, expected, .. } = command else { return true };
        self.slot_at(key, self.log.last(), out).value == expected
    }

    /// A compare-and-set found another value. Its client is told once that is at the end of the
    /// chain, by a head that cannot have been replaced.
    fn found_another(&mut self, now: SimTime, id: RequestId, out: &mut Effects<'_, Chain>) {
        if self.log.last() > self.committed {
            self.not_equal.push_back((self.log.last(), id));
            return;
        }
        let why = if self.is_sure(now) { Refusal::NotEqual } else { Refusal::Unsure };
        out.reply(id, Outcome::Unavailable { why, epoch: self.chain.epoch });
    }

    /// Tells those that waited for what they found to get to the end of the chain. Who is no longer
    /// the head says nothing.
    fn tell_not_equal(&mut self, out: &mut Effects<'_, Chain>) {
        if !self.place().is_first() {
            return self.not_equal.clear();
        }
        let (why, epoch) = (Refusal::NotEqual, self.chain.epoch);
        while let Some((at, id)) = self.not_equal.front().copied() {
            if at > self.committed {
                break;
            }
            self.not_equal.pop_front();
            out.reply(id, Outcome::Unavailable { why, epoch });
        }
    }

    /// Where an earlier attempt of this write stands.
    fn already_taken(&self, request: &Request, out: &Effects<'_, Chain>) -> Option<Position> {
        let same = |r: &&Record| (r.client, r.number) == (request.client, request.number);
        let unapplied = self.unapplied(self.log.last(), out).find(same);
        let found = unapplied.map(|record| record.position);
        found.or_else(|| self.data.find(request.client, request.number))
    }

    /// The head gives an update its place.
    fn take(&mut self, now: SimTime, request: &Request, out: &mut Effects<'_, Chain>) {
        let (key, value, bytes) = match request.command {
            Command::Write { key, value, bytes } | Command::Swap { key, value, bytes, .. } => {
                (key, value, bytes)
            }
            Command::Transfer { from, to, amount } => (from, transfer(to, amount), 0),
            Command::Read { .. } => return,
        };
        let end = self.log.end();
        let draft = Record {
            position: end.position.next(),
            epoch: self.chain.epoch,
            op: request.id.op,
            client: request.client,
            number: if request.idempotent { request.number } else { 0 },
            key,
            value,
            value_bytes: bytes,
            parent: end.record,
            chain: 0,
            frame: FrameRef::default(),
        };
        let record = Record { chain: draft.chain_after(end.chain), ..draft };
        let reference = frame::write_record(out.records, record);
        out.note(Note::Appended { op: request.id.op, position: record.position });
        self.store(now, Passed { record: reference, attempt: request.id.attempt }, out);
        out.flush(Mark::Log { position: self.log.last(), era: self.era });
    }

    /// Appends the record that follows. Says whether it does follow.
    pub(super) fn store(
        &mut self,
        now: SimTime,
        passed: Passed,
        out: &mut Effects<'_, Chain>,
    ) -> bool {
        let Some(record) = out.records.get(passed.record).copied() else { return false };
        let end = self.log.end();
        if record.position != end.position.next() || record.chain_after(end.chain) != record.chain {
            return false;
        }
        self.log.push(passed.record, &record, self.extents);
        if out.applying != Applying::AtOnce {
            self.backlog.received(record.position, now);
        }
        self.write(record.frame, out);
        let Passed { record, attempt } = passed;
        self.sent.push_back(Sent { record, attempt, since: now });
        true
    }

    /// The log is durable up to where it was not before: what was promised for that is done.
    pub(super) fn on_log_flushed(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        self.pump_all(now, out);
        self.advance(out);
        if self.confirms() {
            self.acknowledge(self.flushed, out);
        }
    }

    /// Whether it tells its predecessor what it has itself, being no link of a chain: a backup, or a
    /// node that joins.
    fn confirms(&self) -> bool {
        let place = self.place();
        !place.is_member() || (self.knobs.is_star() && !place.is_first())
    }

    /// Sends to every successor what is on the own disk and what it lacks.
    pub(super) fn pump_all(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        for at in 0..self.links.len() {
            self.pump(now, at, out);
        }
    }

    /// The same to one. Nothing goes out that is not on the own disk: what a node has, its
    /// predecessor has and will have.
    fn pump(&mut self, now: SimTime, at: usize, out: &mut Effects<'_, Chain>) {
        while let Some(link) = self.links.get(at) {
            let end = self.flushed.min(Position(link.acked.0 + WINDOW));
            if link.feeding != Feeding::Log || link.next > end {
                return;
            }
            let (to, first) = (link.node, link.next);
            let last = end.min(Position(first.0 + BATCH - 1));
            let Some(records) = self.batch(first, last) else { return };
            self.links[at].sends(last, now);
            self.send_records(now, to, first.before(), records, out);
        }
    }

    /// Sends what was lost on the way to a successor once more.
    fn send_again(
        &mut self,
        now: SimTime,
        to: NodeId,
        (first, last): (Position, Position),
        out: &mut Effects<'_, Chain>,
    ) {
        out.note(Note::Resent { to, from: first });
        let mut first = first;
        while first <= last {
            let end = last.min(Position(first.0 + BATCH - 1));
            let Some(records) = self.batch(first, end) else { return };
            self.send_records(now, to, first.before(), records, out);
            first = end.next();
        }
    }

    /// The records from `first` to `last`, both in the log.
    fn batch(&self, first: Position, last: Position) -> Option<Batch> {
        if first == last {
            return self.passed(first).map(Batch::One);
        }
        let all = (first.0..=last.0).map(|position| self.passed(Position(position)));
        all.collect::<Option<Rc<[Passed]>>>().map(Batch::Many)
    }

    /// Records that follow `prev`, or none: then the successor says how far it is.
    pub(super) fn send_records(
        &self,
        now: SimTime,
        to: NodeId,
        prev: Position,
        records: Batch,
        out: &mut Effects<'_, Chain>,
    ) {
        let (epoch, stable) = (self.chain.epoch, self.committed);
        out.send(to, Message::Forward { epoch, prev, records, stable, sent: now });
    }

    /// A record of the log as it is passed on.
    fn passed(&self, position: Position) -> Option<Passed> {
        let record = self.log.get(position)?;
        let sent = position.0.checked_sub(self.committed.0 + 1);
        let sent = sent.and_then(|at| self.sent.get(at as usize));
        Some(Passed { record, attempt: sent.map_or(0, |sent| sent.attempt) })
    }

    /// The predecessor passes records on.
    pub(super) fn on_forward(
        &mut self,
        now: SimTime,
        (from, sent): (NodeId, SimTime),
        prev: Position,
        batch: &Batch,
        stable: Position,
        out: &mut Effects<'_, Chain>,
    ) {
        if self.predecessor() != Some(from) || !self.attached {
            return;
        }
        self.echo = self.echo.max(sent);
        let before = self.log.last();
        for (passed, n) in batch.as_slice().iter().zip(1..) {
            self.receive(now, Position(prev.0 + n), *passed, out);
        }
        self.stable = self.stable.max(stable);
        if self.log.last() > before {
            out.flush(Mark::Log { position: self.log.last(), era: self.era });
        } else {
            // Asked, sent again, or ahead of a gap: what was said may have been lost.
            let known = if self.confirms() { self.flushed } else { self.committed };
            self.acknowledge(known, out);
        }
        self.advance(out);
    }

    fn receive(
        &mut self,
        now: SimTime,
        position: Position,
        passed: Passed,
        out: &mut Effects<'_, Chain>,
    ) {
        let last = self.log.last();
        if position > last.next() {
            if !self.early.keep(last, position, passed) {
                out.note(Note::Limit(NodeLimit::Early));
            }
            return;
        }
        if position <= last || !self.store(now, passed, out) {
            return;
        }
        self.early.grew();
        while let Some(next) = self.early.take_next() {
            if !self.store(now, next, out) {
                return;
            }
        }
    }

    /// A successor says what is at the end of the chain, or what it has.
    pub(super) fn on_ack(
        &mut self,
        now: SimTime,
        (from, attempt): (NodeId, SimTime),
        position: Position,
        receipt: Receipt,
        out: &mut Effects<'_, Chain>,
    ) {
        let (last, beat) = (self.log.last(), self.knobs.detect.heartbeat);
        let Some(link) = self.link(from) else { return };
        if link.attempt != attempt || link.feeding != Feeding::Log {
            return;
        }
        link.acked = link.acked.max(position.min(last));
        let receipt = Receipt { last: receipt.last.min(last), ..receipt };
        if let Some(lost) = link.heard(now, receipt, beat) {
            self.send_again(now, from, lost, out);
        }
        self.advance(out);
        self.pump_all(now, out);
        self.look_whether_ready(out);
    }

    /// How far the update propagation invariant lets this node go: what it has, and what everybody
    /// behind it has.
    pub(super) fn limit(&self) -> Position {
        let place = self.place();
        let told = self.knobs.is_star() && !place.is_first();
        if !place.is_member() || told {
            return if place.is_member() || self.attached {
                self.flushed.min(self.stable)
            } else {
                self.committed
            };
        }
        if place.is_last() && !self.ready {
            return self.committed;
        }
        let behind = self.links.iter().filter(|link| link.counts).map(|link: &Link| link.acked);
        behind.fold(self.flushed, Position::min)
    }

    /// Lets go of what is at the end of the chain: it becomes visible, whoever asked for it is
    /// answered, and the predecessor is told.
    pub(super) fn advance(&mut self, out: &mut Effects<'_, Chain>) {
        let to = self.limit();
        // The end of the chain acknowledges nothing that its readers do not see.
        if to > self.committed && (!self.answers() || self.applies_at_once(out.applying)) {
            self.commit_upto(to, out);
        }
        self.apply_next(to, out);
    }

    /// Lets go of what is at the end of the chain up to `to`.
    pub(super) fn commit_upto(&mut self, to: Position, out: &mut Effects<'_, Chain>) {
        let answers = self.answers();
        while self.committed < to {
            let Some(sent) = self.sent.pop_front() else { break };
            let Some(record) = out.records.get(sent.record).copied() else { break };
            self.committed = record.position;
            if answers && sent.attempt > 0 {
                let Record { position, epoch, op, .. } = record;
                let id = RequestId { op, attempt: sent.attempt };
                out.reply(id, Outcome::Written { position, epoch });
            }
        }
        if self.applies_at_once(out.applying) || answers {
            self.apply_upto(self.committed, out);
        }
        if answers {
            out.note(Note::Committed { position: self.committed });
        }
        self.tell_not_equal(out);
        if self.place().is_member() && !self.knobs.is_star() {
            self.acknowledge(self.committed, out);
        }
        self.look_whether_ready(out);
        self.trim(out);
    }

    /// Tells the predecessor.
    pub(super) fn acknowledge(&self, position: Position, out: &mut Effects<'_, Chain>) {
        let (epoch, attempt) = (self.chain.epoch, self.attempt);
        if let Some(to) = self.predecessor().filter(|_| self.attached) {
            let end = !self.confirms();
            let (last, echo) = (self.log.last(), self.echo);
            let early = self.early.first().map_or(Position::ZERO, |n| Position(last.0 + n));
            let receipt = Receipt { last, early, echo };
            out.send(to, Message::Ack { epoch, attempt, position, end, receipt });
        }
    }

    /// A client asks again for what was taken before: only the end of the chain may say that it is
    /// saved, so the question goes there, behind the write itself.
    fn pass_again(
        &mut self,
        now: SimTime,
        id: RequestId,
        position: Position,
        out: &mut Effects<'_, Chain>,
    ) {
        let (why, epoch) = (Refusal::Unsure, self.chain.epoch);
        if self.answers() && position <= self.committed && !self.is_sure(now) {
            return out.reply(id, Outcome::Unavailable { why, epoch });
        }
        self.on_again_at(id, position, out);
    }

    pub(super) fn on_again(
        &mut self,
        from: NodeId,
        id: RequestId,
        position: Position,
        out: &mut Effects<'_, Chain>,
    ) {
        if self.predecessor() == Some(from) && self.attached {
            self.on_again_at(id, position, out);
        }
    }

    fn on_again_at(&mut self, id: RequestId, position: Position, out: &mut Effects<'_, Chain>) {
        let epoch = self.chain.epoch;
        if position > self.committed {
            // It is answered when its record gets to the end.
            let at = position.since(self.committed) as usize - 1;
            if let Some(sent) = self.sent.get_mut(at) {
                sent.attempt = id.attempt;
            }
        } else if self.answers() {
            let record = self.log.get(position).and_then(|record| out.records.get(record));
            let epoch = record.map_or(epoch, |record| record.epoch);
            return out.reply(id, Outcome::Written { position, epoch });
        }
        if self.knobs.is_star() {
            return;
        }
        let next = self.links.iter().find(|link| link.feeding == Feeding::Log && link.counts);
        if let Some(link) = next {
            out.send(link.node, Message::Again { epoch, id, position });
        }
    }

    /// Whether a record is still known by this number.
    pub(super) fn record_of(&self, position: Position) -> Option<RecordRef> {
        self.log.get(position)
    }
}
