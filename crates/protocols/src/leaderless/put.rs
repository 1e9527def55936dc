//! Coordinating a write: a new version, on the own disk first, then on its way to the others.

use super::calls::Work;
use super::replica::Owed;
use super::{Leaderless, Message};
use engine::base::{Epoch, Key, NodeId, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::{Siblings, Version, frame};
use engine::protocol::{Command, Effects, Note, Outcome, Record, RecordRef, Request};

impl Leaderless {
    /// A client wants to write. A node that does not hold the key passes the request on to the
    /// first that does and answers (DeCandia et al., section 5).
    pub(super) fn on_write(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let Command::Write { key, .. } = request.command else { return };
        let preference = self.preference(key);
        let answers = |node: &NodeId| !self.unresponsive.contains(*node);
        if !preference.contains(&self.me) {
            if let Some(holder) = preference.iter().copied().find(answers) {
                return out.send(holder, Message::Forward { request });
            }
            if !self.knobs.sloppy {
                return Self::refuse(&request, Refusal::TooFewReplicas, out);
            }
        }
        let reachable = preference.iter().filter(|node| answers(node)).count();
        if !self.knobs.sloppy && reachable < self.needed(self.knobs.w) {
            return Self::refuse(&request, Refusal::TooFewReplicas, out);
        }
        let record = self.version_of(&request, key, out);
        let Some(call) = self.begin(now, request, key, Work::Put { record }) else {
            return Self::refuse(&request, Refusal::Busy, out);
        };
        let number = call.number;
        self.store_here_first(now, number, record, &preference, out);
    }

    /// So many of a quorum as there can be.
    pub(super) fn needed(&self, quorum: u8) -> usize {
        usize::from(quorum.min(self.knobs.n).min(self.nodes))
    }

    /// The version that a request makes, or the one that an earlier attempt of it made.
    fn version_of(
        &mut self,
        request: &Request,
        key: Key,
        out: &mut Effects<'_, Self>,
    ) -> RecordRef {
        let known = self.sessions.find(request.client, request.number);
        if let Some(record) = known.filter(|_| request.idempotent) {
            return record;
        }
        let Command::Write { value, bytes, .. } = request.command else { return RecordRef::NONE };
        self.counter += 1;
        let held = self.held_of(key, out);
        let (seen, vector) = self.knobs.context.of_write(request.context, &held, out.records);
        let (writer, counter, stamp) = (self.me, self.counter, out.clock);
        let version = Version { vector, writer, counter, stamp, deleted: value == 0 };
        let draft = Record {
            op: request.id.op,
            client: request.client,
            number: if request.idempotent { request.number } else { 0 },
            key,
            value,
            value_bytes: bytes,
            ..Record::default()
        };
        let chain = draft.chain_after(u64::from(writer.0) << 32 | u64::from(counter));
        let record = frame::write_version(out.records, Record { chain, ..draft }, version, seen);
        let op = request.id.op;
        out.note(Note::Coordinated { op, version: record.name() });
        record
    }

    /// All that this node has of a key, also what it keeps for others.
    pub(super) fn held_of(&self, key: Key, out: &Effects<'_, Self>) -> Siblings {
        let mut versions = self.store.get(key).clone();
        for hint in self.hints.iter().filter(|hint| hint.key == key) {
            versions.merge(hint.record, self.store.conflicts(), out.records);
        }
        versions
    }

    /// Keeps the version on the own disk. Only when it is durable is it sent to others: otherwise
    /// its count might be given to another write after a power outage.
    fn store_here_first(
        &mut self,
        now: SimTime,
        number: u32,
        record: RecordRef,
        preference: &[NodeId],
        out: &mut Effects<'_, Self>,
    ) {
        if self.apart() {
            return self.send_puts(now, number, out);
        }
        let Some(call) = self.calls.get(number) else { return };
        call.asked.insert(self.me);
        let key = call.key;
        if preference.contains(&self.me) {
            self.keep(key, record, out);
        } else if let Some(owner) = preference.first() {
            self.keep_hint(*owner, key, record, out);
        }
        self.when_durable(now, Owed::Coordinate { call: number }, out);
    }

    /// Sends the version to the replicas.
    pub(super) fn send_puts(&mut self, now: SimTime, number: u32, out: &mut Effects<'_, Self>) {
        let Some(call) = self.calls.get(number) else { return };
        let (key, request) = (call.key, call.request);
        let Work::Put { record } = call.work else { return };
        call.silent_at = self.knobs.suspect_after.map(|after| now + after);
        let me = (!self.apart()).then_some(self.me);
        let mut replicas = self.preference(key);
        // The own copy is one of those that count.
        replicas.retain(|node| Some(*node) != me);
        let others = self.knobs.w.saturating_sub(u8::from(me.is_some()));
        let versions = self.versions_with(key, record, out);
        for node in self.chosen(&replicas, others, &request, now) {
            if self.unresponsive.contains(node) && (self.knobs.sloppy || self.knobs.hinted_handoff)
            {
                self.keep_for(node, number, key, record, out);
                continue;
            }
            if let Some(call) = self.calls.get(number) {
                call.asked.insert(node);
            }
            out.send(node, Message::Put { call: number, key, versions: versions.clone() });
        }
        self.arm_patience(out, now);
    }

    /// What is held of a key, with one version more if that is not obsolete.
    fn versions_with(&self, key: Key, record: RecordRef, out: &Effects<'_, Self>) -> Siblings {
        let mut versions = self.store.get(key).clone();
        versions.merge(record, self.store.conflicts(), out.records);
        versions
    }

    /// A version for a node that does not answer: with sloppy quorums the next node on the ring
    /// keeps it and counts, else this one keeps it and does not count.
    pub(super) fn keep_for(
        &mut self,
        owner: NodeId,
        number: u32,
        key: Key,
        record: RecordRef,
        out: &mut Effects<'_, Self>,
    ) {
        let Some(asked) = self.calls.get(number).map(|call| call.asked) else { return };
        let stand_in = if self.knobs.sloppy { self.stand_in(key, asked) } else { None };
        if let Some(stand_in) = stand_in {
            let versions = self.versions_with(key, record, out);
            if let Some(call) = self.calls.get(number) {
                call.asked.insert(stand_in);
            }
            out.send(stand_in, Message::Hint { call: number, owner, key, versions });
        } else if self.knobs.hinted_handoff {
            self.keep_hint(owner, key, record, out);
            self.flush_for_nobody(out);
        }
    }

    /// A replica has the version on its disk.
    pub(super) fn on_stored(&mut self, from: NodeId, number: u32, out: &mut Effects<'_, Self>) {
        let needed = self.needed(self.knobs.w);
        let Some(call) = self.calls.get(number) else { return };
        let Work::Put { record } = call.work else {
            return self.on_repair_stored(from, number, out);
        };
        call.heard.insert(from);
        if !call.answered && call.heard.len() as usize >= needed {
            call.answered = true;
            let position = record.name();
            let id = call.request.id;
            out.reply(id, Outcome::Written { position, epoch: Epoch(0) });
        }
        let Some(call) = self.calls.get(number) else { return };
        if call.answered && call.heard.and(call.asked) == call.asked {
            self.calls.finish(number);
        }
    }
}
