//! Reads: at the tail; in CRAQ at every node, after asking the tail where the own version is dirty.

use super::Chain;
use super::knobs::Variant;
use super::message::Message;
use super::replica::Replica;
use engine::base::{Key, NodeId, Position, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::data::Slot;
use engine::protocol::{Applying, Command, Effects, Outcome, Post, RequestId};

impl Replica {
    /// A client wants to read. With `at_leader`, it asks whom it takes for the tail.
    pub(super) fn on_read(
        &mut self,
        now: SimTime,
        id: RequestId,
        key: Key,
        at_leader: bool,
        out: &mut Effects<'_, Chain>,
    ) {
        let epoch = self.chain.epoch;
        let place = self.place();
        let (post, leader) = match self.knobs.variant {
            Variant::PrimaryBackup => (Post::Head, self.chain.head()),
            Variant::Chain | Variant::Craq | Variant::Weak => (Post::Tail, self.chain.tail()),
        };
        if !self.serves_reads(at_leader) {
            let leader = leader.filter(|leader| *leader != self.me);
            return out.reply(id, Outcome::NotLeader { post, leader, epoch });
        }
        let weak = self.knobs.variant == Variant::Weak;
        if let Some(why) = self.reason_to_refuse(now).filter(|_| !weak) {
            return out.reply(id, Outcome::Unavailable { why, epoch });
        }
        if weak {
            // Where applying takes time, what it has is what it has applied.
            let shown = match out.applying {
                Applying::AtOnce => self.log.last(),
                _ => self.data.applied(),
            };
            return self.answer_read(id, self.slot_at(key, shown, out), out);
        }
        let asks = self.knobs.variant == Variant::Craq && !place.is_last();
        match self.chain.tail().filter(|_| asks && self.changes(key, self.log.last(), out)) {
            Some(tail) => {
                self.queries.push((id, key));
                out.send(tail, Message::VersionQuery { epoch, id, key });
            }
            None => self.answer_read(id, self.data.get(key), out),
        }
    }

    /// Whether clients are right to ask this node for this.
    pub(super) fn serves(&self, command: &Command) -> bool {
        match command {
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => {
                self.place().is_first()
            }
            Command::Read { at_leader, .. } => self.serves_reads(*at_leader),
        }
    }

    fn serves_reads(&self, at_leader: bool) -> bool {
        let place = self.place();
        match self.knobs.variant {
            Variant::Chain => place.is_last(),
            Variant::PrimaryBackup => place.is_first(),
            Variant::Craq | Variant::Weak => place.is_member() && (!at_leader || place.is_last()),
        }
    }

    /// Why this node must not speak for the chain now.
    fn reason_to_refuse(&self, now: SimTime) -> Option<Refusal> {
        if !self.is_sure(now) {
            Some(Refusal::Unsure)
        } else if !self.ready || self.committed < self.settled {
            Some(Refusal::Copying)
        } else if self.answers() && self.data.applied() < self.committed {
            Some(Refusal::Applying)
        } else {
            None
        }
    }

    fn answer_read(&self, id: RequestId, slot: Slot, out: &mut Effects<'_, Chain>) {
        let (epoch, applied) = (self.chain.epoch, self.data.applied().max(slot.version));
        let Slot { value, version, .. } = slot;
        out.reply(id, Outcome::Value { value, version, applied, epoch });
    }

    /// A node asks the tail which version counts.
    pub(super) fn on_version_query(
        &mut self,
        now: SimTime,
        from: NodeId,
        id: RequestId,
        key: Key,
        out: &mut Effects<'_, Chain>,
    ) {
        let refused = self.reason_to_refuse(now).filter(|why| *why != Refusal::Applying);
        if self.place().is_last() && refused.is_none() {
            let version = self.slot_at(key, self.committed, out).version;
            let epoch = self.chain.epoch;
            out.send(from, Message::VersionAnswer { epoch, id, version });
        }
    }

    /// The tail's answer. What this node has at that position is what the tail has: it passed there.
    pub(super) fn on_version_answer(
        &mut self,
        id: RequestId,
        version: Position,
        out: &mut Effects<'_, Chain>,
    ) {
        let Some(at) = self.queries.iter().position(|(query, _)| *query == id) else { return };
        let (_, key) = self.queries.swap_remove(at);
        let own = self.data.get(key);
        if own.version >= version {
            return self.answer_read(id, own, out);
        }
        if self.record_of(version).is_some() {
            self.answer_read(id, self.slot_at(key, version, out), out);
        }
    }
}
