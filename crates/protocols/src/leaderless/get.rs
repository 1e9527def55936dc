//! Coordinating a read: asking replicas, merging what they have, mending those that have less.

use super::calls::Work;
use super::knobs::ReadRepair;
use super::replica::Owed;
use super::{Leaderless, Message};
use engine::base::{Epoch, Key, NodeId, NodeSet, Position, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::Siblings;
use engine::protocol::{Command, Effects, Note, Outcome, Request};

impl Leaderless {
    /// A client wants to read. Any node coordinates reads.
    pub(super) fn on_read(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let Command::Read { key, .. } = request.command else { return };
        let preference = self.preference(key);
        let silent = |node: &&NodeId| self.unresponsive.contains(**node);
        let reachable = preference.len() - preference.iter().filter(silent).count();
        if !self.knobs.sloppy && reachable < self.needed(self.knobs.r) {
            return Self::refuse(&request, Refusal::TooFewReplicas, out);
        }
        let (told, merged, repairing) = (Vec::new(), Siblings::None, NodeSet::default());
        let work = Work::Get { told, merged, repairing };
        let Some(call) = self.begin(now, request, key, work) else {
            return Self::refuse(&request, Refusal::Busy, out);
        };
        let number = call.number;
        for node in self.chosen(&preference, self.knobs.r, &request, now) {
            if self.knobs.sloppy && self.unresponsive.contains(node) {
                self.ask_instead(number, key, out);
            } else {
                self.ask_for(node, number, key, out);
            }
        }
        self.arm_patience(out, now);
        if preference.contains(&self.me) && !self.apart() && self.fetching.is_empty() {
            let own = self.store.get(key).clone();
            self.on_versions(now, self.me, number, &own, out);
        }
    }

    fn ask_for(&mut self, node: NodeId, number: u32, key: Key, out: &mut Effects<'_, Self>) {
        let Some(call) = self.calls.get(number) else { return };
        call.asked.insert(node);
        if node != self.me || self.apart() {
            out.send(node, Message::Get { call: number, key });
        }
    }

    /// With sloppy quorums, the next node on the ring is asked in the place of one that is silent.
    pub(super) fn ask_instead(&mut self, number: u32, key: Key, out: &mut Effects<'_, Self>) {
        if !self.knobs.sloppy {
            return;
        }
        let Some(asked) = self.calls.get(number).map(|call| call.asked) else { return };
        if let Some(stand_in) = self.stand_in(key, asked) {
            self.ask_for(stand_in, number, key, out);
        }
    }

    /// A replica answers a read.
    pub(super) fn on_versions(
        &mut self,
        now: SimTime,
        from: NodeId,
        number: u32,
        versions: &Siblings,
        out: &mut Effects<'_, Self>,
    ) {
        let needed = self.needed(self.knobs.r);
        let conflicts = self.store.conflicts();
        let Some(call) = self.calls.get(number) else { return };
        let Work::Get { told, merged, .. } = &mut call.work else { return };
        if call.heard.contains(from) {
            return;
        }
        call.heard.insert(from);
        told.push((from, versions.clone()));
        merged.merge_all(versions, conflicts, out.records);
        if call.answered {
            self.mend(now, number, out);
        } else if call.heard.len() as usize == needed {
            match self.knobs.read_repair {
                ReadRepair::Off => self.answer_read(number, out),
                ReadRepair::Asynchronous => {
                    self.answer_read(number, out);
                    self.mend(now, number, out);
                }
                ReadRepair::Blocking => {
                    self.mend(now, number, out);
                    self.answer_if_repaired(number, out);
                }
            }
        }
        let Some(call) = self.calls.get(number) else { return };
        if call.answered && call.heard.and(call.asked) == call.asked {
            self.calls.finish(number);
        }
    }

    /// Read repair (DeCandia et al., section 5): who answered with less than all of them together
    /// is sent the rest.
    fn mend(&mut self, now: SimTime, number: u32, out: &mut Effects<'_, Self>) {
        let blocking = match self.knobs.read_repair {
            ReadRepair::Off => return,
            ReadRepair::Asynchronous => false,
            ReadRepair::Blocking => true,
        };
        let conflicts = self.store.conflicts();
        let Some(call) = self.calls.get(number) else { return };
        let key = call.key;
        let awaited = blocking && !call.answered;
        let Work::Get { told, merged, repairing } = &mut call.work else { return };
        let merged = merged.clone();
        let mut behind = Vec::new();
        for (node, versions) in told {
            if versions.merge_all(&merged, conflicts, out.records) {
                behind.push(*node);
                if awaited {
                    repairing.insert(*node);
                }
            }
        }
        let back = if awaited { number } else { 0 };
        for node in behind {
            let version = merged.latest(out.records).map_or(Position::ZERO, |record| record.name());
            out.note(Note::Repaired { node, version });
            if node == self.me && !self.apart() {
                self.keep_all(key, &merged, out);
                self.when_durable(now, Owed::Repaired { call: back }, out);
            } else {
                let versions = merged.clone();
                out.send(node, Message::Repair { call: back, key, versions });
            }
        }
    }

    /// A replica that was behind has the rest on its disk.
    pub(super) fn on_repair_stored(
        &mut self,
        from: NodeId,
        number: u32,
        out: &mut Effects<'_, Self>,
    ) {
        let Some(call) = self.calls.get(number) else { return };
        if let Work::Get { repairing, .. } = &mut call.work {
            repairing.remove(from);
        }
        self.answer_if_repaired(number, out);
    }

    fn answer_if_repaired(&mut self, number: u32, out: &mut Effects<'_, Self>) {
        let Some(call) = self.calls.get(number) else { return };
        let Work::Get { repairing, .. } = &call.work else { return };
        if !call.answered && repairing.is_empty() {
            self.answer_read(number, out);
        }
    }

    /// The client is told what is known. Siblings are told as one answer that names them all.
    fn answer_read(&mut self, number: u32, out: &mut Effects<'_, Self>) {
        let Some(call) = self.calls.get(number) else { return };
        let Work::Get { merged, .. } = &call.work else { return };
        let (merged, id) = (merged.clone(), call.request.id);
        call.answered = true;
        let gone = |record| out.records.version(record).is_some_and(|version| version.deleted);
        let there: Vec<_> = merged.as_slice().iter().copied().filter(|r| !gone(*r)).collect();
        let shown = Siblings::of(&there).latest(out.records);
        let value = shown.and_then(|record| out.records.get(record)).map_or(0, |r| r.value);
        let version = match merged.as_slice() {
            [] => Position::ZERO,
            [only] => only.name(),
            several => {
                let shown = shown.unwrap_or(several[0]);
                out.records.add_joined(shown, several).name()
            }
        };
        let (applied, epoch) = (Position::ZERO, Epoch(0));
        out.reply(id, Outcome::Value { value, version, applied, epoch });
    }
}
