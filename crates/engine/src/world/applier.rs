//! A node's applier: it works on one record at a time, beside everything else that the node does.
//!
//! It costs the node's processor nothing: what a request or a record that arrives takes of that is
//! the service time (`ServiceSetup`). It can be slow on one node, delayed on purpose, and paused.

use crate::base::random::StreamName;
use crate::base::{Delay, EventId, NodeId, Position, SimTime, Span, Stream};
use crate::protocol::{Applying, Input, Protocol};

use super::event::{Refused, What};
use super::fault::Done;
use super::pending::Pending;
use super::setup::{ApplierSetup, ServiceSetup};
use super::state::World;
use super::watch::Observer;

/// The applier of one node.
#[derive(Clone, Debug)]
pub struct Applier {
    // For one record.
    takes: Delay,
    // A record is applied no sooner than so long after it arrived.
    delayed: Span,
    // Whether it is slow for what the node writes itself, too.
    own: bool,
    paused: bool,
    work: Option<Work>,
    // How often it began: an end that lies in the queue may be of work that was called off.
    turn: u32,
    stream: Stream,
}

/// The record that it was asked to apply.
#[derive(Clone, Copy, Debug)]
struct Work {
    position: Position,
    // It is held back on purpose until then.
    earliest: SimTime,
    cause: EventId,
    // Its end lies in the queue.
    begun: bool,
}

/// An applier, for readers.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ApplierFacts {
    /// Nothing is applied until it goes on.
    pub paused: bool,
    /// How long it holds each record back on purpose.
    pub delayed: Span,
    /// Whether applying takes no time.
    pub at_once: bool,
}

impl Applier {
    /// The applier of a node.
    #[must_use]
    pub fn new(setup: &ServiceSetup, seed: u64, node: NodeId) -> Self {
        let named = setup.appliers.iter().rfind(|named| named.node == node);
        let takes = named.and_then(|named| named.apply.clone());
        Self {
            own: takes.is_some(),
            takes: takes.unwrap_or_else(|| setup.apply.clone()),
            delayed: named.map_or(Span::ZERO, |named: &ApplierSetup| named.delayed),
            paused: false,
            work: None,
            turn: 0,
            stream: Stream::new(seed, StreamName::Applier(node.0)),
        }
    }

    /// What the node is told of it.
    #[inline]
    #[must_use]
    pub fn applying(&self) -> Applying {
        let slow = !self.takes.is_zero();
        if self.paused || (slow && self.own) {
            Applying::Slow
        } else if slow || self.delayed > Span::ZERO {
            Applying::SlowForOthers
        } else {
            Applying::AtOnce
        }
    }

    /// For readers.
    #[must_use]
    pub fn facts(&self) -> ApplierFacts {
        let at_once = self.applying() == Applying::AtOnce;
        ApplierFacts { paused: self.paused, delayed: self.delayed, at_once }
    }

    /// The record that it was asked for is no longer there.
    pub fn stop(&mut self) {
        self.work = None;
    }

    /// The process ended: nothing is asked any more. A pause ends with it.
    pub fn reset(&mut self) {
        (self.paused, self.work) = (false, None);
    }

    /// Begins the work that it was asked for, unless it is paused; returns when that will be done.
    fn begin(&mut self, now: SimTime) -> Option<(SimTime, u32)> {
        let work = self.work.as_mut().filter(|work| !self.paused && !work.begun)?;
        work.begun = true;
        self.turn += 1;
        let done = now.max(work.earliest) + self.takes.sample(&mut self.stream);
        Some((done, self.turn))
    }
}

impl<P: Protocol, O: Observer> World<P, O> {
    /// A node asks that a record be applied, which arrived at `arrived` by its own clock.
    pub(super) fn apply(
        &mut self,
        node: NodeId,
        position: Position,
        arrived: SimTime,
        cause: EventId,
    ) {
        let machine = self.cluster.node_mut(node);
        let earliest = machine.clock.instant(arrived + machine.applier.delayed);
        machine.applier.work = Some(Work { position, earliest, cause, begun: false });
        self.begin_to_apply(node);
    }

    fn begin_to_apply(&mut self, node: NodeId) {
        let now = self.now;
        let machine = self.cluster.node_mut(node);
        let incarnation = machine.incarnation;
        if let Some((done, turn)) = machine.applier.begin(now) {
            let moment = self.sequence.at(done);
            self.queue.push(moment, Pending::Applied { node, incarnation, turn });
        }
    }

    /// The applier is done with a record. While it is paused, it keeps that for itself.
    pub(super) fn apply_done(&mut self, node: NodeId, incarnation: u32, turn: u32) {
        let machine = self.cluster.node_mut(node);
        let meant = (machine.incarnation, machine.applier.turn) == (incarnation, turn);
        if !meant || machine.process.is_none() {
            return;
        }
        if !machine.is_up() {
            machine.inbox.push_back(Pending::Applied { node, incarnation, turn });
            return;
        }
        if machine.applier.paused {
            if let Some(work) = &mut machine.applier.work {
                work.begun = false;
            }
            return;
        }
        let Some(Work { position, cause, .. }) = machine.applier.work.take() else { return };
        let event = self.emit(What::Applied { node, position }, cause);
        self.input(node, Input::Applied(position), event);
    }

    /// Pauses a node's applier, or lets it go on.
    pub(super) fn set_applying(&mut self, node: NodeId, paused: bool) -> Done {
        let applier = &mut self.cluster.node_mut(node).applier;
        if Some(node) == self.service {
            return Err((Some(node), Refused::HasNoApplier));
        }
        if applier.paused == paused {
            let why = if paused { Refused::AppliesNothing } else { Refused::AppliesAlready };
            return Err((Some(node), why));
        }
        applier.paused = paused;
        self.emit(What::ApplyingPaused { node, paused }, EventId::NONE);
        self.begin_to_apply(node);
        Ok(())
    }
}
