//! Clients' requests: a leader takes a write, puts it on its own disk, answers, and tells the others
//! afterwards.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::updates::Update;
use super::{Message, MultiLeader, Owed};
use engine::base::{Epoch, Key, NodeId, Position, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::{Conflicts, Context, Dot, Siblings, Version, VersionVector, frame};
use engine::protocol::{
    Command, Effects, Note, Outcome, Post, Record, RecordRef, Records, Request, RequestId,
};

impl MultiLeader {
    /// A client wants to write.
    pub(super) fn on_write(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let Command::Write { key, .. } = request.command else { return };
        if !self.layout.leads(self.me) {
            return self.name_my_leader(&request, out);
        }
        if let Some(home) = self.home_for(&request, key) {
            return out.send(home, Message::Forward { request });
        }
        let known = self.sessions.find(request.client, request.number);
        let owed = match known.filter(|_| request.idempotent) {
            Some(record) => Owed::Answer { id: request.id, record },
            None => {
                let update = self.update_of(&request, key, out);
                self.take_in(now, update.clone(), out);
                Owed::Publish { id: request.id, update }
            }
        };
        self.when_durable(owed, out);
    }

    /// The home leader of a key, if this write is for another. A client that asks again does so
    /// because nobody answered: then whoever is asked takes the write, and conflicts are no longer
    /// avoided.
    fn home_for(&self, request: &Request, key: Key) -> Option<NodeId> {
        let home = self.layout.home_of(key);
        let avoid = self.knobs.home_leader && request.id.attempt <= 1 && home != self.me;
        avoid.then_some(home)
    }

    fn name_my_leader(&self, request: &Request, out: &mut Effects<'_, Self>) {
        let leader = Some(self.layout.leader_of(self.me));
        let (post, epoch) = (Post::Leader, Epoch(0));
        out.reply(request.id, Outcome::NotLeader { post, leader, epoch });
    }

    /// The version that a request makes: it has seen what its client was given of the key, or by
    /// setting what this leader holds of it.
    fn update_of(&self, request: &Request, key: Key, out: &mut Effects<'_, Self>) -> Update {
        let Command::Write { value, bytes, .. } = request.command else {
            return Update { record: RecordRef::NONE, after: Rc::default() };
        };
        let (writer, counter) = (self.me, self.updates.highest(self.me) + 1);
        let (stamp, deleted) = (out.clock, value == 0);
        let (seen, vector) = self.context_of(request, key, deleted, out);
        // What its client was given elsewhere comes first, too, not only what this leader has.
        let after = self.knobs.causality.then(|| {
            let mut after = self.updates.seen().clone();
            after.merge(&vector);
            after
        });
        let version = Version { vector, writer, counter, stamp, deleted };
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
        out.note(Note::Coordinated { op: request.id.op, version: record.name() });
        Update { record, after: Rc::new(after.unwrap_or_default()) }
    }

    /// What a write of a key has seen. An increment takes the place of nothing, whatever its client
    /// knew; its vector tells only which of the others its leader had.
    fn context_of(
        &self,
        request: &Request,
        key: Key,
        deleted: bool,
        out: &Effects<'_, Self>,
    ) -> (Vec<RecordRef>, VersionVector) {
        let held = self.store.get(key);
        let gone = |at: &RecordRef| out.records.version(*at).is_some_and(|version| version.deleted);
        match self.store.conflicts() {
            Conflicts::Counter => (Vec::new(), held.context(out.records)),
            // An addition takes nothing away: of what is there only removals matter to it.
            Conflicts::AddWins if !deleted && self.knobs.context == Context::Server => {
                (held.as_slice().iter().copied().filter(gone).collect(), held.context(out.records))
            }
            _ => self.knobs.context.of_write(request.context, held, out.records),
        }
    }

    /// A write is on this leader's own disk: its client is told, and then the others. Its number
    /// was not sent before, so that it is never given to another write, whatever the disk forgets.
    pub(super) fn publish(
        &mut self,
        now: SimTime,
        id: RequestId,
        update: &Update,
        out: &mut Effects<'_, Self>,
    ) {
        let counter = out.records.version(update.record).map_or(0, |version| version.counter);
        self.durable = self.durable.max(counter);
        self.updates.goes_out(Dot { node: self.me, counter }, now);
        Self::answer_written(id, update.record, out);
        self.pass_on(now, self.me, update, out);
    }

    pub(super) fn answer_written(id: RequestId, record: RecordRef, out: &mut Effects<'_, Self>) {
        let (position, epoch) = (record.name(), Epoch(0));
        out.reply(id, Outcome::Written { position, epoch });
    }

    /// A client wants to read. A leader answers from its own data; a follower too, where a client
    /// does not insist on a leader.
    pub(super) fn on_read(&mut self, request: Request, out: &mut Effects<'_, Self>) {
        let Command::Read { key, at_leader } = request.command else { return };
        if at_leader && !self.layout.leads(self.me) {
            return self.name_my_leader(&request, out);
        }
        let epoch = Epoch(0);
        if self.copying {
            let why = Refusal::Copying;
            return out.reply(request.id, Outcome::Unavailable { why, epoch });
        }
        let (value, version) = self.value_of(key, out);
        let applied = Position::ZERO;
        out.reply(request.id, Outcome::Value { value, version, applied, epoch });
    }

    /// What a reader of a key is told, and the version that stands for it.
    fn value_of(&self, key: Key, out: &mut Effects<'_, Self>) -> (u64, Position) {
        let held = self.store.get(key).clone();
        let gone = |at: RecordRef| out.records.version(at).is_some_and(|version| version.deleted);
        let there: Vec<RecordRef> =
            held.as_slice().iter().copied().filter(|at| !gone(*at)).collect();
        let shown = match self.store.conflicts() {
            // In the order of their dots: the first is of the first site.
            Conflicts::SitePriority => there.first().copied(),
            _ => Siblings::of(&there).latest(out.records),
        };
        let value = |at: RecordRef| out.records.get(at).map_or(0, |record| record.value);
        let told = match self.store.conflicts() {
            Conflicts::Counter => increments(&there, out.records),
            _ => shown.map_or(0, value),
        };
        let version = match held.as_slice() {
            [] => Position::ZERO,
            [only] => only.name(),
            several => {
                let shown = shown.unwrap_or(several[0]);
                out.records.add_joined(shown, several).name()
            }
        };
        (told, version)
    }
}

/// How many increments these versions are. What retries of one idempotent increment became, at
/// whichever leaders, counts once.
fn increments(versions: &[RecordRef], records: &Records) -> u64 {
    let written = versions.iter().filter_map(|at| records.get(*at));
    let (with, without): (Vec<&Record>, Vec<&Record>) = written.partition(|r| r.number > 0);
    let different: BTreeSet<_> = with.iter().map(|record| (record.client, record.number)).collect();
    (without.len() + different.len()) as u64
}
