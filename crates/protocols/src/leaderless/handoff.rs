//! Silent nodes: noticing them, keeping what is theirs, handing it over when they answer again.
//!
//! Who is silent is each node's own opinion (DeCandia et al., section 4.8.3): it takes another for
//! unresponsive when that does not answer its messages, and does without it until it does.

use std::rc::Rc;

use super::replica::Owed;
use super::{KNOCK_EVERY, Leaderless, Message, Timer, boot};
use engine::base::{Key, NodeId, SimTime};
use engine::protocol::parts::{RoundTrip, Siblings};
use engine::protocol::{Effects, Note, RecordRef};

/// A version kept for another node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Whose it is.
    pub owner: NodeId,
    /// Of which key.
    pub key: Key,
    /// The version.
    pub record: RecordRef,
}

/// A handing over under way to a node: since when, if so, and how long they take.
#[derive(Clone, Copy, Default, Debug)]
pub struct Handing {
    /// Since when; `None`: nothing is under way.
    pub since: Option<SimTime>,
    round_trip: RoundTrip,
}

/// At most so many versions are handed over at once.
const BATCH: usize = 64;

impl Leaderless {
    /// A node does not answer, or its connections were closed.
    pub(super) fn does_not_answer(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        if node == self.me || self.unresponsive.contains(node) {
            return;
        }
        if self.unresponsive.is_empty() && self.hints.is_empty() && self.fetching.is_empty() {
            out.set_timer(Timer::Knock, KNOCK_EVERY);
        }
        self.unresponsive.insert(node);
        if let Some(handing) = self.handing.get_mut(&node) {
            handing.since = None;
        }
        out.note(Note::Unresponsive { node });
    }

    /// A node was heard.
    pub(super) fn answers(&mut self, now: SimTime, node: NodeId, out: &mut Effects<'_, Self>) {
        if self.unresponsive.contains(node) {
            self.unresponsive.remove(node);
            out.note(Note::Responsive { node });
            self.hand_off(now, node, out);
        }
    }

    /// Asks those that did not answer whether they are back, and hands over what is left.
    pub(super) fn on_knock_due(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        for node in self.unresponsive.iter() {
            out.send(node, Message::Knock);
        }
        for node in self.others() {
            if !self.unresponsive.contains(node) {
                self.hand_off(now, node, out);
            }
        }
        self.fetch_again(out);
        self.knock_if_needed(out);
    }

    pub(super) fn knock_if_needed(&mut self, out: &mut Effects<'_, Self>) {
        let idle =
            self.unresponsive.is_empty() && self.hints.is_empty() && self.fetching.is_empty();
        if !idle {
            out.set_timer(Timer::Knock, KNOCK_EVERY);
        }
    }

    /// Keeps a version for a node, once.
    pub(super) fn keep_hint(
        &mut self,
        owner: NodeId,
        key: Key,
        record: RecordRef,
        out: &mut Effects<'_, Self>,
    ) {
        let hint = Hint { owner, key, record };
        if self.hints.contains(&hint) {
            return;
        }
        let idle =
            self.unresponsive.is_empty() && self.hints.is_empty() && self.fetching.is_empty();
        if idle {
            out.set_timer(Timer::Knock, KNOCK_EVERY);
        }
        if let Some(content) = out.records.get(record).copied() {
            self.sessions.remember(content.client, content.number, record);
        }
        self.hints.push(hint);
        let frame = boot::hint_frame(&hint, out.records);
        self.write(frame, out);
        out.note(Note::HintKept { node: owner, version: record.name() });
    }

    /// Another coordinator wants versions kept for a node that it does not reach.
    pub(super) fn on_hint(
        &mut self,
        now: SimTime,
        (from, call): (NodeId, u32),
        owner: NodeId,
        key: Key,
        versions: &Siblings,
        out: &mut Effects<'_, Self>,
    ) {
        for record in versions.as_slice() {
            self.keep_hint(owner, key, *record, out);
        }
        self.when_durable(now, Owed::Stored { to: from, call }, out);
    }

    /// Sends a node what was kept for it, unless that is on its way and not overdue.
    fn hand_off(&mut self, now: SimTime, to: NodeId, out: &mut Effects<'_, Self>) {
        let handing = self.handing.entry(to).or_default();
        let patience = handing.round_trip.patience(KNOCK_EVERY);
        if handing.since.is_some_and(|since| now.since(since) < patience) {
            return;
        }
        let kept = self.hints.iter().filter(|hint| hint.owner == to).take(BATCH);
        let versions: Rc<[(Key, RecordRef)]> = kept.map(|hint| (hint.key, hint.record)).collect();
        if !versions.is_empty() {
            if handing.since.replace(now).is_some() {
                handing.round_trip.asked();
            }
            out.send(to, Message::HandOff { versions });
        }
    }

    /// Another node kept versions for this one.
    pub(super) fn on_hand_off(
        &mut self,
        from: NodeId,
        versions: Rc<[(Key, RecordRef)]>,
        out: &mut Effects<'_, Self>,
    ) {
        for (key, record) in versions.iter() {
            self.keep(*key, *record, out);
        }
        self.when_durable(SimTime::ZERO, Owed::HandedOff { to: from, versions }, out);
    }

    /// The owner has them on its disk: they need not be kept any longer.
    pub(super) fn on_handed_off(
        &mut self,
        now: SimTime,
        from: NodeId,
        versions: &[(Key, RecordRef)],
        out: &mut Effects<'_, Self>,
    ) {
        let before = self.hints.len();
        let done = |hint: &Hint| hint.owner == from && versions.contains(&(hint.key, hint.record));
        self.hints.retain(|hint| !done(hint));
        let handed = u32::try_from(before - self.hints.len()).unwrap_or(u32::MAX);
        if handed == 0 {
            return;
        }
        let handing = self.handing.entry(from).or_default();
        if let Some(since) = handing.since.take() {
            handing.round_trip.measured(now.since(since));
            handing.round_trip.moved();
        }
        for (key, record) in versions {
            let hint = Hint { owner: from, key: *key, record: *record };
            let frame = boot::hint_done_frame(&hint, out.records);
            self.write(frame, out);
        }
        self.flush_for_nobody(out);
        out.note(Note::HandedOff { node: from, versions: handed });
        self.hand_off(now, from, out);
    }
}
