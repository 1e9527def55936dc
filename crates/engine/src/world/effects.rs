//! Steps a machine and does what it asks for.

use crate::base::{EventId, NodeId, Span};
use crate::protocol::{Effect, Effects, Input, Protocol};

use super::event::{Dropped, Limit, What};
use super::link::Carried;
use super::pending::{InFlight, Pending};
use super::state::World;
use super::watch::Observer;

impl<P: Protocol, O: Observer> World<P, O> {
    /// Gives a node an input; `cause` is the event that this input is.
    #[inline]
    pub(super) fn input(&mut self, node: NodeId, input: Input<P>, cause: EventId) {
        self.step_once(node, input, cause);
        if !self.marks.is_empty() {
            self.finish_instant_flushes(node, cause);
        }
    }

    #[inline]
    fn step_once(&mut self, node: NodeId, input: Input<P>, cause: EventId) {
        let machine = self.cluster.node_mut(node);
        // A node knows no time but that of its own clock.
        let (clock, now) = (machine.clock.reads(self.now), machine.clock.elapsed(self.now));
        let applying = machine.applier.applying();
        let Some(process) = machine.process.as_mut() else {
            return;
        };
        let mut list = std::mem::take(&mut self.effects);
        let mut out = Effects::new(&mut list, &mut self.records).at(clock).applying(applying);
        process.step(now, input, &mut out);
        let leads = process.leads();
        if std::mem::replace(&mut machine.leads, leads) != leads && leads {
            self.last_leader = node;
        }
        if !list.is_empty() {
            self.carry_out(node, &mut list, cause);
        }
        self.effects = list;
    }

    /// Flushes of a disk that takes no time are done before anything else happens.
    pub(super) fn finish_instant_flushes(&mut self, node: NodeId, cause: EventId) {
        while !self.marks.is_empty() {
            let alone = if self.marks.len() == 1 { self.marks.pop() } else { None };
            let mark = alone.unwrap_or_else(|| self.marks.remove(0));
            self.step_once(node, Input::Flushed(mark), cause);
        }
    }

    /// Does what a machine asked for, in order, and leaves the list empty.
    pub(super) fn carry_out(&mut self, node: NodeId, list: &mut Vec<Effect<P>>, cause: EventId) {
        for effect in list.drain(..) {
            match effect {
                Effect::Send { to, message } => self.send(node, to, message, cause),
                Effect::SetTimer { timer, from, to } => self.arm(node, timer, from, to, cause),
                Effect::CancelTimer(timer) => {
                    self.cluster.node_mut(node).disarm(timer);
                    self.cluster.timers_changed(node);
                }
                Effect::Write(frame) => {
                    if !self.cluster.node_mut(node).disk.write(frame, &self.setup.disk) {
                        // A database that cannot write its log ends itself: PostgreSQL's PANIC
                        // "could not write to file: No space left on device".
                        self.emit(What::DiskFull { node, full: true }, cause);
                        self.process_dies(node, cause);
                        break;
                    }
                }
                Effect::Flush(mark) => self.flush(node, mark, cause),
                Effect::Apply { position, arrived } => self.apply(node, position, arrived, cause),
                Effect::StopApplying => self.cluster.node_mut(node).applier.stop(),
                Effect::Discard { keep } => self.cluster.node_mut(node).disk.discard(keep),
                Effect::Reply { id, outcome } => self.answer(node, id, outcome, cause),
                Effect::Direct(directions) => self.direct(node, directions, cause),
                Effect::Note(note) => {
                    self.emit(What::Noted { node, note }, cause);
                }
            }
        }
    }

    #[inline]
    fn send(&mut self, from: NodeId, to: NodeId, message: P::Message, cause: EventId) {
        let facts = P::describe(&message, &self.records);
        let sent_by = self.emit_often(What::Sent { from, to, message: facts }, cause);
        let Some(link) = self.links.get_mut(from.index()).and_then(|row| row.get_mut(to.index()))
        else {
            return;
        };
        let own = P::delay(&self.setup.knobs, from, to, &message);
        let carried = link.carry_with(self.now, facts.bytes, own);
        let carried = if self.queue.len() >= self.setup.limits.in_flight as usize {
            self.reach(Limit::InFlight);
            Carried::Dropped(Dropped::Limit)
        } else {
            carried
        };
        let incarnation = self.cluster.node(to).incarnation;
        let flight =
            InFlight { from, to, message, sent_by, sent: self.now, incarnation, served: false };
        match carried {
            Carried::Arrives(at, double) => {
                if let Some(again) = double {
                    self.queue.push(self.sequence.at(again), Pending::Message(flight.clone()));
                }
                self.queue.push(self.sequence.at(at), Pending::Message(flight));
            }
            Carried::Dropped(why) => {
                self.emit(What::Lost { from, to, message: facts, why }, sent_by);
            }
        }
    }

    fn arm(&mut self, node: NodeId, timer: P::Timer, from: Span, to: Span, cause: EventId) {
        let machine = self.cluster.node_mut(node);
        let after = if from == to { from } else { machine.stream.between(from, to) };
        // The span is one of the node's own clock.
        let clock = machine.clock;
        let due = clock.instant(clock.elapsed(self.now) + after).max(self.now);
        let fires = self.sequence.at(due);
        machine.arm(timer, fires, self.now, cause);
        self.cluster.timers_changed(node);
    }

    #[inline]
    fn flush(&mut self, node: NodeId, mark: P::Mark, cause: EventId) {
        let setup = &self.setup.disk;
        let disk = &mut self.cluster.nodes[node.index()].disk;
        if disk.flush_at_once(setup) {
            self.marks.push(mark);
        } else if let Some(done) = disk.flush(mark, self.now, setup) {
            let incarnation = self.cluster.node(node).incarnation;
            let moment = self.sequence.at(done);
            self.queue.push(moment, Pending::Flushed { node, incarnation, cause });
        }
    }

    /// A flush is done.
    pub(super) fn flush_done(&mut self, node: NodeId, incarnation: u32, cause: EventId) {
        let machine = self.cluster.node_mut(node);
        if machine.incarnation != incarnation || machine.process.is_none() {
            return;
        }
        if !machine.is_up() {
            machine.inbox.push_back(Pending::Flushed { node, incarnation, cause });
            return;
        }
        self.counts.flushes += 1;
        let mut marks = Vec::new();
        let again =
            self.cluster.nodes[node.index()].disk.flushed(&mut marks, self.now, &self.setup.disk);
        let bytes = self.cluster.node(node).disk.durable_bytes();
        let event = self.emit(What::Flushed { node, bytes }, cause);
        if let Some(done) = again {
            let moment = self.sequence.at(done);
            self.queue.push(moment, Pending::Flushed { node, incarnation, cause: event });
        }
        for mark in marks {
            if self.cluster.node(node).incarnation == incarnation {
                self.input(node, Input::Flushed(mark), event);
            }
        }
    }
}
