//! Applying: readers of a node see what it has applied, nothing else.
//!
//! Where applying takes time, committed records wait for the applier one after the other. Passing on
//! and acknowledging upwards do not wait for it, but at the end of the chain: what that acknowledges
//! its readers see.

use super::Chain;
use super::replica::Replica;
use engine::base::{Key, Position};
use engine::protocol::parts::data::Slot;
use engine::protocol::{Applying, Effects, Record};

impl Replica {
    /// Whether what is committed is applied without the applier: the first node has executed its own
    /// writes.
    pub(super) fn applies_at_once(&self, applying: Applying) -> bool {
        match applying {
            Applying::AtOnce => true,
            Applying::SlowForOthers => {
                self.place().is_first() && self.data.applied() >= self.settled
            }
            Applying::Slow => false,
        }
    }

    /// Applies what is committed; at the end of the chain, what may be committed up to `to`.
    pub(super) fn apply_next(&mut self, to: Position, out: &mut Effects<'_, Chain>) {
        if self.applies_at_once(out.applying) {
            return self.apply_upto(self.committed, out);
        }
        let to = if self.answers() { to.max(self.committed) } else { self.committed };
        let next = self.data.applied().next();
        if next <= to {
            if let Some((position, arrived)) = self.backlog.ask(next) {
                out.apply(position, arrived);
            }
        }
    }

    /// The applier is done with a record. The log may have been cut back or replaced meanwhile.
    pub(super) fn on_applied(&mut self, position: Position, out: &mut Effects<'_, Chain>) {
        self.backlog.done();
        if position == self.data.applied().next() {
            if position == self.committed.next() && self.answers() && position <= self.limit() {
                self.commit_upto(position, out);
            }
            self.apply_upto(position.min(self.committed), out);
        }
        self.advance(out);
    }

    /// Applies records up to `to`, which must be in the log.
    pub(super) fn apply_upto(&mut self, to: Position, out: &Effects<'_, Chain>) {
        while self.data.applied() < to {
            let Some(reference) = self.log.get(self.data.applied().next()) else { return };
            let Some(record) = out.records.get(reference) else { return };
            self.data.apply(reference, record);
        }
    }

    /// What stands in the log up to `to` and is not applied yet, newest first.
    pub(super) fn unapplied<'a>(
        &'a self,
        to: Position,
        out: &'a Effects<'_, Chain>,
    ) -> impl Iterator<Item = &'a Record> {
        let waiting = (self.data.applied().0 + 1..=to.0).rev().map(Position);
        waiting.filter_map(|at| out.records.get(self.log.get(at)?))
    }

    /// Whether something that stands in the log up to `to` and is not applied yet changes a key.
    pub(super) fn changes(&self, key: Key, to: Position, out: &Effects<'_, Chain>) -> bool {
        self.unapplied(to, out).any(|record| touches(record, key))
    }

    /// What a key holds once everything in the log up to `to` is applied.
    pub(super) fn slot_at(&self, key: Key, to: Position, out: &Effects<'_, Chain>) -> Slot {
        match self.unapplied(to, out).find(|record| touches(record, key)) {
            None => self.data.get(key),
            Some(record) if record.transferred().is_none() => {
                let (value, bytes, version) = (record.value, record.value_bytes, record.position);
                Slot { value, bytes, version }
            }
            // What a transfer leaves depends on what was there.
            Some(_) => {
                let mut data = self.data.clone();
                while data.applied() < to {
                    let Some(reference) = self.log.get(data.applied().next()) else { break };
                    let Some(record) = out.records.get(reference) else { break };
                    data.apply(reference, record);
                }
                data.get(key)
            }
        }
    }
}

fn touches(record: &Record, key: Key) -> bool {
    let other = record.transferred().map(|(to, _)| to);
    record.op.is_some() && (record.key == key || other == Some(key))
}
