//! A replica's own part: keeping versions on its disk, confirming them when they are durable,
//! telling what it has.

use super::applying::Put;
use super::{Leaderless, Mark, Message};
use engine::base::{Key, NodeId, SimTime};
use engine::protocol::parts::Siblings;
use engine::protocol::{Applying, Effects, FrameRef, RecordRef};
use std::rc::Rc;

use super::boot;

/// Beyond so many extents for each one that is needed, and so many in all, the journal is written
/// anew.
const WASTE: (u32, u32) = (4, 2_048);

/// What is owed when something is durable.
#[derive(Clone, PartialEq, Debug)]
pub enum Owed {
    /// A confirmation to a coordinator.
    Stored { to: NodeId, call: u32 },
    /// The version of an own call is on the own disk.
    Coordinate { call: u32 },
    /// The own copy was repaired for a read.
    Repaired { call: u32 },
    /// A confirmation to a node that kept versions for this one.
    HandedOff { to: NodeId, versions: Rc<[(Key, RecordRef)]> },
    /// These versions to the applier.
    Apply(Put),
    /// Nothing.
    Nothing,
}

impl Leaderless {
    /// Takes a version in and writes it down if it is news.
    pub(super) fn keep(&mut self, key: Key, new: RecordRef, out: &mut Effects<'_, Self>) -> bool {
        let Some(record) = out.records.get(new).copied() else { return false };
        if !self.store.merge(key, new, out.records) {
            return false;
        }
        self.sessions.remember(record.client, record.number, new);
        self.write(record.frame, out);
        true
    }

    /// Takes several in; says how many were news.
    pub(super) fn keep_all(
        &mut self,
        key: Key,
        versions: &Siblings,
        out: &mut Effects<'_, Self>,
    ) -> u32 {
        versions.as_slice().iter().map(|new| u32::from(self.keep(key, *new, out))).sum()
    }

    pub(super) fn write(&mut self, frame: FrameRef, out: &mut Effects<'_, Self>) {
        self.extents += 1;
        out.write(frame);
    }

    /// Does what is owed when everything written so far is durable.
    pub(super) fn when_durable(&mut self, now: SimTime, owed: Owed, out: &mut Effects<'_, Self>) {
        let (each, least) = WASTE;
        let hints = u32::try_from(self.hints.len()).unwrap_or(u32::MAX);
        let needed = hints.saturating_add(self.store.count());
        if !self.rewriting && self.extents > least && self.extents / each > needed {
            self.rewrite(out);
        }
        let _ = now;
        self.flushes += 1;
        self.owed.push_back((self.flushes, owed));
        out.flush(Mark::Flush(self.flushes));
    }

    /// Makes everything written so far durable; nobody waits for it.
    pub(super) fn flush_for_nobody(&mut self, out: &mut Effects<'_, Self>) {
        self.when_durable(SimTime::ZERO, Owed::Nothing, out);
    }

    /// A flush is done: so are all before it.
    pub(super) fn on_flushed(&mut self, now: SimTime, number: u32, out: &mut Effects<'_, Self>) {
        while self.owed.front().is_some_and(|(waits, _)| *waits <= number) {
            let Some((_, owed)) = self.owed.pop_front() else { return };
            match owed {
                Owed::Stored { to, call } => out.send(to, Message::Stored { call }),
                Owed::Coordinate { call } => {
                    self.send_puts(now, call, out);
                    self.on_stored(self.me, call, out);
                }
                Owed::Repaired { call } => self.on_repair_stored(self.me, call, out),
                Owed::HandedOff { to, versions } => {
                    out.send(to, Message::HandedOff { versions });
                }
                Owed::Apply(put) => self.apply(put, out),
                Owed::Nothing => {}
            }
        }
    }

    /// Another node wants versions kept here. They are confirmed when they are durable, also those
    /// that are known already: they may not be durable yet.
    pub(super) fn on_put(
        &mut self,
        now: SimTime,
        from: NodeId,
        call: u32,
        key: Key,
        versions: &Siblings,
        out: &mut Effects<'_, Self>,
    ) {
        if out.applying != Applying::AtOnce {
            let versions = versions.clone();
            return self.put_later(Put { from, call, key, versions, arrived: now }, out);
        }
        self.keep_all(key, versions, out);
        let owed = if call == 0 { Owed::Nothing } else { Owed::Stored { to: from, call } };
        self.when_durable(now, owed, out);
    }

    /// A coordinator asks for a key. A node that lacks its data says nothing: "nothing there" would
    /// count as an answer.
    pub(super) fn on_get(
        &mut self,
        from: NodeId,
        call: u32,
        key: Key,
        out: &mut Effects<'_, Self>,
    ) {
        if !self.fetching.is_empty() {
            return;
        }
        let versions = self.held_of(key, out);
        out.send(from, Message::Versions { call, key, versions });
    }

    /// Writes the journal anew: what is held, and nothing of what was replaced.
    fn rewrite(&mut self, out: &mut Effects<'_, Self>) {
        self.rewriting = true;
        self.extents = 0;
        let counter = boot::counter_frame(self.counter, out.records);
        self.write(counter, out);
        for record in self.store.all().into_iter().chain(self.unapplied().collect::<Vec<_>>()) {
            if let Some(record) = out.records.get(record).copied() {
                self.write(record.frame, out);
            }
        }
        for index in 0..self.hints.len() {
            let frame = boot::hint_frame(&self.hints[index], out.records);
            self.write(frame, out);
        }
        if !self.fetching.is_empty() {
            let frame = boot::emptied_frame(out.records);
            self.write(frame, out);
        }
        out.flush(Mark::Rewritten);
    }

    /// The new journal is durable: the old one may go.
    pub(super) fn on_rewritten(&mut self, out: &mut Effects<'_, Self>) {
        self.rewriting = false;
        out.discard(self.extents);
    }
}
