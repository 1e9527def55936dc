//! Passing updates on, asking for what was missed, giving others what they missed.
//!
//! Every node that takes an update in passes it on to those that it sends to. What is lost on the
//! way is found by numbers: now and then, and when it starts, a node says of each leader up to where
//! it has everything, and is sent the missing suffix (as Bayou's anti-entropy; Terry et al., 1995).

use std::rc::Rc;

use super::updates::Update;
use super::{Message, MultiLeader, Owed, Timer, boot};
use engine::base::{NodeId, SimTime, Span};
use engine::protocol::parts::{Store, Version, VersionVector};
use engine::protocol::{Effects, Note};

/// When a node was last given what it missed, and when it was last asked to say again what it has.
#[derive(Clone, Copy, Default, Debug)]
pub struct Given {
    answer: SimTime,
    question: SimTime,
}

/// What was taken in less than so long ago is on its way already, where nobody asks regularly.
const ON_ITS_WAY: Span = Span::from_millis(500);

impl MultiLeader {
    /// Updates arrive.
    pub(super) fn on_updates(
        &mut self,
        now: SimTime,
        from: NodeId,
        (list, answers, more): (&[Update], bool, bool),
        out: &mut Effects<'_, Self>,
    ) {
        if list.is_empty() && !answers {
            return self.ask(from, out);
        }
        let before = self.updates.count();
        let mut news = false;
        for update in list {
            let Some(dot) = out.records.version(update.record).map(Version::dot) else { continue };
            if self.updates.has(dot) {
                self.cut_loop(update, dot.node, out);
                continue;
            }
            news = true;
            self.deliver(now, from, update.clone(), out);
        }
        if news {
            self.when_durable(Owed::Nothing, out);
        }
        if answers {
            let versions = self.updates.count() - before;
            if versions > 0 {
                out.note(Note::Filled { node: from, versions });
            }
            self.on_answer(from, more, out);
        }
    }

    /// An update that is here already goes no further: replication loops end (Kleppmann, chapter
    /// 5: a node ignores what is tagged with its own identifier).
    fn cut_loop(&self, update: &Update, writer: NodeId, out: &mut Effects<'_, Self>) {
        if writer == self.me {
            if let Some(op) = out.records.get(update.record).map(|record| record.op) {
                out.note(Note::LoopCut { op });
            }
        }
    }

    /// What this node asked for has come; it asks for the rest. An answer that arrives twice would
    /// be answered twice, and each of those again: who has nothing new to say does not ask.
    fn on_answer(&mut self, from: NodeId, more: bool, out: &mut Effects<'_, Self>) {
        if more {
            let asked = self.asked.get(&from);
            if asked.is_none_or(|asked| **asked != *self.updates.seen()) {
                self.ask(from, out);
            }
        } else if self.copying {
            self.copying = false;
            let frame = boot::joined_frame(out.records);
            out.write(frame);
            self.when_durable(Owed::Nothing, out);
            let versions = self.store.count();
            out.note(Note::HasItsData { versions });
        }
    }

    /// Takes an update in and passes it on.
    pub(super) fn accept(
        &mut self,
        now: SimTime,
        from: NodeId,
        update: Update,
        out: &mut Effects<'_, Self>,
    ) {
        self.take_in(now, update.clone(), out);
        self.pass_on(now, from, &update, out);
    }

    /// Sends an update to those that shall hear it from this node.
    pub(super) fn pass_on(
        &mut self,
        now: SimTime,
        from: NodeId,
        update: &Update,
        out: &mut Effects<'_, Self>,
    ) {
        let writer = out.records.version(update.record).map_or(self.me, |version| version.writer);
        for to in self.receivers(writer, from) {
            let list: Rc<[Update]> = [update.clone()].into();
            out.send(to, Message::Updates { list, answers: false, more: false, sent: now });
        }
    }

    /// Arms the timer for the next question, a random part of the period earlier or later.
    pub(super) fn arm_resync(&self, out: &mut Effects<'_, Self>) {
        if let Some(every) = self.knobs.resync {
            let quarter = Span::from_micros(every.micros() / 4);
            let least = Span::from_micros(every.micros() - quarter.micros());
            out.set_timer_within(Timer::Resync, least, every + quarter);
        }
    }

    /// Asks everybody that sends to this node for what it missed.
    pub(super) fn on_resync_due(&mut self, out: &mut Effects<'_, Self>) {
        self.arm_resync(out);
        self.ask_all(out);
    }

    pub(super) fn ask_all(&mut self, out: &mut Effects<'_, Self>) {
        for from in self.layout.upstream(self.me) {
            self.ask(from, out);
        }
    }

    fn ask(&mut self, from: NodeId, out: &mut Effects<'_, Self>) {
        let seen = Rc::new(self.updates.seen().clone());
        self.asked.insert(from, Rc::clone(&seen));
        let echo = self.heard.get(&from).copied().unwrap_or_default();
        out.send(from, Message::Have { seen, copying: self.copying, echo });
    }

    /// Another node says what it has. It is sent what it misses, but for what is still on its way:
    /// only when something that was sent later has come is it known that the rest was lost.
    pub(super) fn on_have(
        &mut self,
        now: SimTime,
        from: NodeId,
        (seen, copying, echo): (&VersionVector, bool, SimTime),
        out: &mut Effects<'_, Self>,
    ) {
        // A node that starts afresh gets everything: nothing is on its way to it.
        let way = if copying { Span::ZERO } else { self.knobs.resync.unwrap_or(ON_ITS_WAY) };
        let Some(before) = now.micros().checked_sub(way.micros()).map(SimTime::from_micros) else {
            return;
        };
        let own = (self.me, self.durable);
        let (mut list, mut more) = self.updates.missing(seen, before, own);
        if list.is_empty() && !copying {
            return;
        }
        let given = self.given.get(&from).copied().unwrap_or_default();
        // One that asks but once is given everything at once.
        if self.knobs.resync.is_some() {
            if !copying {
                let proof = echo.micros().saturating_sub(way.micros());
                let proof = before.min(SimTime::from_micros(proof));
                (list, more) = self.updates.missing(seen, proof, own);
            }
            let arrived = echo >= given.answer;
            if !arrived || (list.is_empty() && !copying) {
                if now >= given.question + way {
                    self.given.insert(from, Given { question: now, ..given });
                    let list = Rc::new([]);
                    let question = Message::Updates { list, answers: false, more, sent: now };
                    out.send(from, question);
                }
                return;
            }
        }
        self.given.insert(from, Given { answer: now, ..given });
        out.send(from, Message::Updates { list: list.into(), answers: true, more, sent: now });
    }

    /// An administrator orders the data to be copied afresh. What this leader wrote itself it
    /// keeps: nobody else may have it yet.
    pub(super) fn on_ordered_to_copy(&mut self, out: &mut Effects<'_, Self>) {
        self.updates.keep_own(self.me);
        self.waiting.clear();
        if self.unapplied.clear() {
            out.stop_applying();
        }
        self.store = Store::new(self.knobs.conflicts());
        for update in self.updates.iter() {
            if let Some(key) = out.records.get(update.record).map(|record| record.key) {
                self.store.merge(key, update.record, out.records);
            }
        }
        self.copy(out);
    }

    /// It has no data, or not all: it asks for them and shows nothing meanwhile.
    pub(super) fn copy(&mut self, out: &mut Effects<'_, Self>) {
        self.copying = true;
        let frame = boot::emptied_frame(self.me, out.records);
        out.write(frame);
        self.when_durable(Owed::Nothing, out);
        self.ask_all(out);
    }
}
