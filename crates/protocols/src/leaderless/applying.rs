//! Applying: a version that a coordinator sends is written down when it arrives, and readers of this
//! node see it when the applier is done with it. Only then is it confirmed: R and W meet in what
//! readers see, so that a replica's "I keep it" means both.
//!
//! Nothing else waits for that: reads, signs of life, what others hand over, and what this node
//! coordinates itself. A node that starts has read its journal: what lies there is applied.

use std::collections::VecDeque;

use super::replica::Owed;
use super::{Leaderless, Message};
use engine::base::{Key, NodeId, Position, SimTime};
use engine::protocol::parts::Siblings;
use engine::protocol::{Applying, Effects, RecordRef};

/// Versions of a key that a coordinator sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Put {
    /// Who.
    pub from: NodeId,
    /// Its call, to be confirmed; 0: none.
    pub call: u32,
    /// Of which key.
    pub key: Key,
    /// Which.
    pub versions: Siblings,
    /// When they arrived.
    pub arrived: SimTime,
}

/// What is written down and not shown yet, in the order of its arrival.
#[derive(Clone, Default, Debug)]
pub struct Unapplied {
    list: VecDeque<Put>,
    // The applier works on the first.
    asked: bool,
}

impl Unapplied {
    /// How many.
    pub fn count(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }
}

impl Put {
    /// What the applier knows it by.
    fn name(&self) -> Position {
        self.versions.as_slice().first().map_or(Position::ZERO, |record| record.name())
    }
}

impl Leaderless {
    /// Versions that arrived while applying takes time: they are written down first.
    pub(super) fn put_later(&mut self, put: Put, out: &mut Effects<'_, Self>) {
        for at in 0..put.versions.as_slice().len() {
            let record = out.records.get(put.versions.as_slice()[at]);
            if let Some(frame) = record.map(|record| record.frame) {
                self.write(frame, out);
            }
        }
        self.when_durable(put.arrived, Owed::Apply(put), out);
    }

    /// They are on the disk: it is the applier's turn.
    pub(super) fn apply(&mut self, put: Put, out: &mut Effects<'_, Self>) {
        self.unapplied.list.push_back(put);
        self.apply_next(out);
    }

    fn apply_next(&mut self, out: &mut Effects<'_, Self>) {
        while out.applying == Applying::AtOnce {
            let Some(put) = self.unapplied.list.pop_front() else { return };
            self.show(&put, out);
        }
        if let (false, Some(put)) = (self.unapplied.asked, self.unapplied.list.front()) {
            self.unapplied.asked = true;
            out.apply(put.name(), put.arrived);
        }
    }

    /// The applier is done with some.
    pub(super) fn on_applied(&mut self, version: Position, out: &mut Effects<'_, Self>) {
        self.unapplied.asked = false;
        if self.unapplied.list.front().is_some_and(|put| put.name() == version)
            && let Some(put) = self.unapplied.list.pop_front()
        {
            self.show(&put, out);
        }
        self.apply_next(out);
    }

    fn show(&mut self, put: &Put, out: &mut Effects<'_, Self>) {
        for record in put.versions.as_slice() {
            if self.store.merge(put.key, *record, out.records) {
                if let Some(found) = out.records.get(*record) {
                    self.sessions.remember(found.client, found.number, *record);
                }
            }
        }
        if put.call > 0 {
            out.send(put.from, Message::Stored { call: put.call });
        }
    }

    /// Versions that are here and that readers do not see yet.
    pub(super) fn unapplied(&self) -> impl Iterator<Item = RecordRef> {
        let owed = self.owed.iter().filter_map(|(_, owed)| match owed {
            Owed::Apply(put) => Some(put),
            _ => None,
        });
        let puts = owed.chain(&self.unapplied.list);
        puts.flat_map(|put| put.versions.as_slice()).copied()
    }
}
