//! Anti-entropy: two nodes compare hash trees of the keys that both hold, level by level, and
//! exchange what they have in the ranges that differ. Tombstones that are old enough go.
//!
//! Neither keeps a state of the comparison: each message says all that the next step needs.

use std::rc::Rc;

use super::{Leaderless, Message, Timer, boot};
use engine::base::{Key, NodeId, NodeSet, SimTime, Span};
use engine::protocol::facts::Comparison;
use engine::protocol::parts::Ring;
use engine::protocol::parts::Siblings;
use engine::protocol::parts::merkle::{Tree, leaf_at, leaf_of, place_of};
use engine::protocol::{Effects, Note, RecordRef};

impl Leaderless {
    /// The next comparison is due a random part of the period later or earlier, so that nodes do
    /// not march in step.
    pub(super) fn arm_comparison(&self, out: &mut Effects<'_, Self>) {
        if let Some(every) = self.knobs.anti_entropy {
            let quarter = Span::from_micros(every.micros() / 4);
            let least = Span::from_micros(every.micros() - quarter.micros());
            out.set_timer_within(Timer::Compare, least, every + quarter);
        }
    }

    /// Begins a comparison with the next node that answers.
    pub(super) fn on_compare_due(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        self.arm_comparison(out);
        let nodes = self.nodes.max(1);
        let after =
            |k: u8| NodeId(((u16::from(self.last_peer.0) + u16::from(k)) % u16::from(nodes)) as u8);
        let fits = |node: &NodeId| *node != self.me && !self.unresponsive.contains(*node);
        let Some(peer) = (1..=nodes).map(after).find(fits) else { return };
        self.last_peer = peer;
        let tree = self.tree_with(peer, out);
        out.send(peer, Message::Hashes { hashes: [(0, tree.at(0))].into() });
        self.compares(peer, now, &tree);
    }

    fn compares(&mut self, with: NodeId, at: SimTime, tree: &Tree) {
        let (hashes, differing) = (tree.hashes().to_vec(), Vec::new());
        self.compared = Some(Rc::new(Comparison { with, at, hashes, differing }));
    }

    fn differ(&mut self, with: NodeId, places: &[u16]) {
        if let Some(compared) = self.compared.as_mut().filter(|compared| compared.with == with) {
            let compared = Rc::make_mut(compared);
            compared.differing.extend(places);
            compared.differing.sort_unstable();
            compared.differing.dedup();
        }
    }

    /// The tree of the keys that both nodes shall hold.
    fn tree_with(&self, peer: NodeId, out: &Effects<'_, Self>) -> Tree {
        let digest = |(key, siblings): (Key, &Siblings)| (key, siblings.digest(out.records));
        let common = self.store.iter().filter(|(key, _)| self.both_hold(*key, peer));
        Tree::of(common.map(digest))
    }

    fn both_hold(&self, key: Key, peer: NodeId) -> bool {
        let preference = self.preference(key);
        preference.contains(&self.me) && preference.contains(&peer)
    }

    /// Another node's hashes: where they differ, the branches below are compared; at the leaves,
    /// the versions.
    pub(super) fn on_hashes(
        &mut self,
        now: SimTime,
        from: NodeId,
        hashes: &[(u16, u64)],
        out: &mut Effects<'_, Self>,
    ) {
        let tree = self.tree_with(from, out);
        if hashes.first().is_some_and(|(place, _)| *place == 0) {
            self.compares(from, now, &tree);
        }
        let differs = |(place, hash): &&(u16, u64)| tree.at(*place) != *hash;
        let differing: Vec<u16> = hashes.iter().filter(differs).map(|(place, _)| *place).collect();
        self.differ(from, &differing);
        let below =
            |place: &u16| [2 * place + 1, 2 * place + 2].map(|child| (child, tree.at(child)));
        let leaves: Vec<u16> = differing.iter().filter_map(|place| leaf_at(*place)).collect();
        if differing.is_empty() {
            return;
        }
        if leaves.is_empty() {
            let hashes: Rc<[(u16, u64)]> = differing.iter().flat_map(below).collect();
            out.send(from, Message::Hashes { hashes });
            return;
        }
        let ranges = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
        out.note(Note::RangesDiffer { node: from, ranges });
        let versions = self.versions_in(&leaves, from, &[]);
        out.send(from, Message::Exchange { leaves: leaves.into(), versions, answer: true });
    }

    /// The versions held in these ranges but for those that the other has told.
    fn versions_in(
        &self,
        leaves: &[u16],
        peer: NodeId,
        known: &[(Key, RecordRef)],
    ) -> Rc<[(Key, RecordRef)]> {
        let held = self.store.iter().filter(|(key, _)| leaves.contains(&leaf_of(*key)));
        let common = held.filter(|(key, _)| self.both_hold(*key, peer));
        let each = common.flat_map(|(key, siblings)| {
            siblings.as_slice().iter().map(move |record| (key, *record))
        });
        each.filter(|version| !known.contains(version)).collect()
    }

    /// What another node holds in ranges that differ.
    pub(super) fn on_exchange(
        &mut self,
        from: NodeId,
        leaves: &[u16],
        versions: &[(Key, RecordRef)],
        answer: bool,
        out: &mut Effects<'_, Self>,
    ) {
        let places: Vec<u16> = leaves.iter().map(|leaf| place_of(*leaf)).collect();
        self.differ(from, &places);
        if answer {
            let versions = self.versions_in(leaves, from, versions);
            if !versions.is_empty() {
                let leaves = leaves.into();
                out.send(from, Message::Exchange { leaves, versions, answer: false });
            }
        }
        self.fill(from, versions, out);
    }

    /// Takes versions in that were missing here.
    fn fill(&mut self, from: NodeId, versions: &[(Key, RecordRef)], out: &mut Effects<'_, Self>) {
        let mut filled = 0;
        for (key, record) in versions {
            filled += u32::from(self.keep(*key, *record, out));
        }
        if filled > 0 {
            out.note(Note::Filled { node: from, versions: filled });
            self.flush_for_nobody(out);
        }
    }

    /// A node without data asks for what it shall hold.
    pub(super) fn on_fetch(&mut self, from: NodeId, out: &mut Effects<'_, Self>) {
        self.ring = Ring::new(self.nodes.max(from.0 + 1), self.knobs.points);
        self.nodes = self.nodes.max(from.0 + 1);
        let theirs = self.store.iter().filter(|(key, _)| self.preference(*key).contains(&from));
        let versions = theirs
            .flat_map(|(key, siblings)| {
                siblings.as_slice().iter().map(move |record| (key, *record))
            })
            .collect();
        out.send(from, Message::Fetched { versions });
    }

    /// Another node has given this one what it shall hold.
    pub(super) fn on_fetched(
        &mut self,
        from: NodeId,
        versions: &[(Key, RecordRef)],
        out: &mut Effects<'_, Self>,
    ) {
        self.fill(from, versions, out);
        let fetching = !self.fetching.is_empty();
        self.fetching.remove(from);
        if fetching {
            self.join_if_complete(out);
        }
    }

    /// Asks all others for what this node shall hold; until they have answered, it answers no
    /// reads.
    pub(super) fn fetch(&mut self, out: &mut Effects<'_, Self>) {
        let frame = boot::emptied_frame(out.records);
        self.write(frame, out);
        self.flush_for_nobody(out);
        self.fetching = self.others().collect::<NodeSet>();
        for node in self.fetching.iter() {
            out.send(node, Message::Fetch);
        }
        out.set_timer(Timer::Knock, super::KNOCK_EVERY);
    }

    /// Those that have not answered are asked once more, and then done without.
    pub(super) fn fetch_again(&mut self, out: &mut Effects<'_, Self>) {
        if self.fetching.is_empty() {
            return;
        }
        for node in self.fetching.iter() {
            if self.unresponsive.contains(node) {
                self.fetching.remove(node);
            } else {
                self.unresponsive.insert(node);
                out.note(Note::Unresponsive { node });
                out.send(node, Message::Fetch);
            }
        }
        self.join_if_complete(out);
    }

    fn join_if_complete(&mut self, out: &mut Effects<'_, Self>) {
        if self.fetching.is_empty() {
            let frame = boot::joined_frame(out.records);
            self.write(frame, out);
            self.flush_for_nobody(out);
            let versions = u32::try_from(self.store.all().len()).unwrap_or(u32::MAX);
            out.note(Note::HasItsData { versions });
        }
    }

    /// An administrator replaced the disk.
    pub(super) fn on_ordered_to_copy(&mut self, out: &mut Effects<'_, Self>) {
        self.store = super::Store::new(self.knobs.versions);
        self.hints.clear();
        self.fetch(out);
    }

    /// Forgets tombstones that every replica should know by now. One that does not know them yet
    /// still has the value, and will give it back to the others.
    pub(super) fn on_sweep_due(&mut self, out: &mut Effects<'_, Self>) {
        let Some(kept) = self.knobs.tombstones else { return };
        self.arm_sweep(out);
        let age = i64::try_from(kept.micros()).unwrap_or(i64::MAX);
        let old: Vec<(Key, RecordRef)> = self
            .store
            .iter()
            .filter_map(|(key, siblings)| match siblings {
                Siblings::One(record) => Some((key, *record)),
                _ => None,
            })
            .filter(|(_, record)| {
                let version = out.records.version(*record);
                version.is_some_and(|v| v.deleted && v.stamp.saturating_add(age) <= out.clock)
            })
            .collect();
        for (key, record) in &old {
            self.store.forget(*key);
            let frame = boot::forgotten_frame(*key, out.records);
            self.write(frame, out);
            out.note(Note::TombstoneDropped { version: record.name() });
        }
        if !old.is_empty() {
            self.flush_for_nobody(out);
        }
    }

    pub(super) fn arm_sweep(&self, out: &mut Effects<'_, Self>) {
        if let Some(kept) = self.knobs.tombstones {
            let after = Span::from_micros((kept.micros() / 4).max(1_000));
            out.set_timer(Timer::Sweep, after);
        }
    }
}
