//! Repair: taking one's place in a new configuration, finding together with the new neighbours, and
//! signs of life.

use std::rc::Rc;

use super::configuration::{Configuration, Place};
use super::link::{Feeding, Link};
use super::message::{Batch, Message};
use super::replica::Replica;
use super::{Chain, Mark, Timer};
use engine::base::{NodeId, Position, SimTime};
use engine::protocol::parts::frame;
use engine::protocol::{Effects, Note};

impl Replica {
    /// The service heard a sign of life, and says what the chain is.
    pub(super) fn on_heard(
        &mut self,
        now: SimTime,
        chain: Rc<Configuration>,
        sent: SimTime,
        out: &mut Effects<'_, Chain>,
    ) {
        // An answer to what an earlier life of this node said is no answer to it.
        if sent >= self.since {
            self.heard = self.heard.max(sent);
        }
        if self.is_sure(now) && std::mem::take(&mut self.unsure) {
            out.note(Note::ServiceHeard);
        }
        self.on_configuration(now, chain, out);
    }

    /// The service says what the chain is.
    pub(super) fn on_configuration(
        &mut self,
        now: SimTime,
        chain: Rc<Configuration>,
        out: &mut Effects<'_, Chain>,
    ) {
        if chain.epoch > self.chain.epoch {
            self.enter(now, chain, out);
        } else if chain.epoch == self.chain.epoch
            && self.chain.joining.is_none()
            && chain.joining.is_some()
        {
            self.chain = chain;
            let star = self.knobs.is_star();
            let joining = self.chain.joining.filter(|_| self.chain.feeder(star) == Some(self.me));
            self.links.extend(joining.map(|node| Link::unknown(node, false)));
            if self.place() == Place::Joining {
                self.attach(now, out);
            }
        }
    }

    /// Takes the place that a new configuration gives to this node.
    fn enter(&mut self, now: SimTime, chain: Rc<Configuration>, out: &mut Effects<'_, Chain>) {
        let was = std::mem::replace(&mut self.chain, chain);
        let (before, place) = (was.place(self.me), self.place());
        let star = self.knobs.is_star();
        let known = std::mem::take(&mut self.links);
        let same = was.epoch.next() == self.chain.epoch && before.is_first() && place.is_first();
        let acked = |node| {
            let link = known.iter().find(|link| same && link.node == node && link.counts);
            link.map_or(Position::ZERO, |link| link.acked)
        };
        let link = |node| {
            // What a node that stays has said stays true: nobody waits until it says it again.
            let mut link = Link::unknown(node, self.chain.joining != Some(node));
            link.acked = acked(node);
            link
        };
        self.links = self.chain.successors(self.me, star).map(link).collect();
        self.announced = false;
        self.ready = match place {
            Place::Sole => true,
            Place::Head if star => true,
            _ => self.ready && before.is_member(),
        };
        self.say_what_changed(before, place, out);
        if place.is_first() && !before.is_first() {
            // What was in the log before may have been acknowledged by the one before.
            self.settled = self.log.last();
        }
        match place {
            Place::Outside if std::mem::take(&mut self.leaving) => self.start_over(now, out),
            Place::Sole => self.leaving = false,
            _ => {}
        }
        self.attach(now, out);
        self.ask_the_new_tail(out);
        self.advance(out);
    }

    fn say_what_changed(&self, before: Place, place: Place, out: &mut Effects<'_, Chain>) {
        let (epoch, position) = (self.chain.epoch, self.log.last());
        if place.is_first() && !before.is_first() {
            out.note(Note::BecameHead { epoch, position });
        }
        if place.is_last() && !before.is_last() && !self.knobs.is_star() {
            out.note(Note::BecameTail { epoch, position });
        }
        if before.is_member() && !place.is_member() {
            out.note(Note::Outside { epoch });
        }
    }

    /// Begins to find together with the predecessor.
    fn attach(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        self.detach(now);
        self.report(out);
    }

    /// Begins a new attempt: what it acknowledged until now is as if unsaid.
    pub(super) fn detach(&mut self, now: SimTime) {
        self.attached = false;
        self.attempt = now;
        self.early.clear();
        self.echo = SimTime::ZERO;
        self.incoming = None;
    }

    /// Tells the predecessor where the own log ends.
    pub(super) fn report(&mut self, out: &mut Effects<'_, Chain>) {
        let (epoch, attempt, committed) = (self.chain.epoch, self.attempt, self.committed);
        if let Some(to) = self.predecessor().filter(|_| !self.attached) {
            let last = self.log.last();
            out.send(to, Message::Report { epoch, attempt, last, committed });
        }
    }

    /// A successor says where its log ends: it is sent what it misses.
    pub(super) fn on_report(
        &mut self,
        now: SimTime,
        (from, attempt): (NodeId, SimTime),
        (theirs, committed): (Position, Position),
        out: &mut Effects<'_, Chain>,
    ) {
        let (last, base, epoch) = (self.log.last(), self.log.base(), self.chain.epoch);
        let (stable, in_chain) = (self.committed, !self.knobs.is_star());
        let at = theirs.min(last);
        let chain = self.log.at(at, out.records).map(|end| end.chain);
        let Some(link) = self.link(from) else { return };
        if attempt < link.attempt {
            return;
        }
        let anew = attempt > link.attempt || link.feeding == Feeding::Unknown;
        if let Feeding::Snapshot(outgoing) = link.feeding {
            // Said before the first piece came: the copy goes on.
            if !anew && theirs < outgoing.position {
                return;
            }
        }
        if anew {
            (link.attempt, link.acked, link.goal) = (attempt, Position::ZERO, last);
        }
        let Some(chain) = chain.filter(|_| at >= base) else {
            return self.copy_to(from, theirs.next(), out);
        };
        // Said again while the answer is on its way: what follows that is on its way too.
        if anew || link.feeding != Feeding::Log {
            link.feed_from(at, now);
        }
        if in_chain && link.counts {
            link.acked = link.acked.max(committed.min(at));
        }
        out.send(from, Message::Welcome { epoch, attempt, at, chain, stable, sent: now });
        if anew {
            let (from_position, missing) = (at.next(), last.since(at));
            if self.chain.place(from).is_member() {
                out.note(Note::Joined { to: from, from: from_position, missing });
            } else if missing > 0 {
                out.note(Note::CatchUpFromLog { node: from, from: from_position });
            }
        }
        self.advance(out);
        self.pump_all(now, out);
    }

    /// The predecessor agrees up to `at`; what stands here after that was never acknowledged.
    pub(super) fn on_welcome(
        &mut self,
        now: SimTime,
        (from, attempt, sent): (NodeId, SimTime, SimTime),
        (at, chain, stable): (Position, u64, Position),
        out: &mut Effects<'_, Chain>,
    ) {
        if self.predecessor() != Some(from) || attempt != self.attempt || self.attached {
            return;
        }
        let agrees = self.log.at(at, out.records).is_some_and(|own| own.chain == chain);
        if !agrees || at < self.committed {
            // They part somewhere before: only a full copy can tell.
            self.start_over(now, out);
            return self.report(out);
        }
        if at < self.log.last() {
            self.cut_back(at, out);
        }
        (self.attached, self.echo) = (true, sent);
        self.ready = true;
        self.stable = self.stable.max(stable);
        if self.place().is_member() && !self.knobs.is_star() {
            self.advance(out);
            self.acknowledge(self.committed, out);
        } else {
            self.advance(out);
            self.acknowledge(self.flushed, out);
        }
    }

    /// Cuts the log back to `to`.
    fn cut_back(&mut self, to: Position, out: &mut Effects<'_, Chain>) {
        out.note(Note::Rewound { from: self.log.last(), to });
        self.log.truncate(to, out.records);
        if self.backlog.cut(to) {
            out.stop_applying();
        }
        self.sent.truncate(to.since(self.committed) as usize);
        self.not_equal.retain(|(at, _)| *at <= to);
        let frame = frame::write_rewind(out.records, to);
        self.write(frame, out);
        self.era += 1;
        self.flushed = self.flushed.min(to);
        out.flush(Mark::Log { position: to, era: self.era });
    }

    /// Reads that waited for a tail that is gone ask the new one.
    fn ask_the_new_tail(&mut self, out: &mut Effects<'_, Chain>) {
        let epoch = self.chain.epoch;
        let Some(tail) = self.chain.tail().filter(|tail| *tail != self.me) else {
            self.queries.clear();
            return;
        };
        for (id, key) in self.queries.iter().copied() {
            out.send(tail, Message::VersionQuery { epoch, id, key });
        }
    }

    /// Time to say "I am alive", and to look after the neighbours.
    pub(super) fn on_beat(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let (epoch, since) = (self.chain.epoch, self.since);
        out.send(self.service, Message::Alive { epoch, since, sent: now });
        out.set_timer(Timer::Beat, self.knobs.detect.heartbeat);
        if !self.is_sure(now) && self.place().is_member() && !self.unsure {
            self.unsure = true;
            out.note(Note::ServiceSilent);
        }
        if self.leaving {
            out.send(self.service, Message::Leave { epoch });
        }
        if self.announced {
            out.send(self.service, Message::Ready { epoch });
        }
        self.report(out);
        self.look_after(now, out);
        self.look_whether_ready(out);
    }

    /// Asks those of whom nothing moved how far they are. Backups and a node that joins are also told
    /// what is stable, for nobody else tells them, which asks them as well.
    fn look_after(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let (beat, star) = (self.knobs.detect.heartbeat, self.knobs.is_star());
        for at in 0..self.links.len() {
            let link = &mut self.links[at];
            let told = link.feeding == Feeding::Log && (star || !link.counts);
            if link.asks(now, beat) || told {
                let (to, prev) = (link.node, link.next.before());
                self.send_records(now, to, prev, Batch::Many(Rc::new([])), out);
            }
            self.ask_for_piece(now, at, out);
        }
    }
}
