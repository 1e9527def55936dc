//! The face of a world that does not name its protocol: what a lab drives and views read.

use crate::base::sort_by_key;
use std::rc::Rc;

use super::action::{Scripted, Target};
use super::applier::ApplierFacts;
use super::client::{Client, Operation};
use super::event::Party;
use super::fault::{Action, Faults};
use super::node::Countdown;
use super::pending::{Cargo, Flight, Pending};
use super::state::{Counts, World};
use super::watch::{NodeStatus, Nodes, Observer, WorldView};
use crate::base::{NodeId, OpId, SimTime};
use crate::protocol::{Card, Policy, Protocol};

/// A run of some protocol, watched by `O`.
pub trait Run<O: Observer> {
    /// The present.
    fn now(&self) -> SimTime;
    /// Where the run ends.
    fn until(&self) -> SimTime;
    /// Root of all its random streams.
    fn seed(&self) -> u64;
    /// See [`World::advance`].
    fn advance(&mut self, until: SimTime, budget: u32) -> u32;
    /// See [`World::step`].
    fn step(&mut self, until: SimTime) -> bool;
    /// When the next thing happens.
    fn next_at(&mut self) -> Option<SimTime>;
    /// See [`World::act`].
    fn act(&mut self, action: Action);
    /// See [`World::set_script`].
    fn set_script(&mut self, script: Rc<Vec<Scripted>>);
    /// How many actions of the script were done.
    fn performed(&self) -> usize;
    /// See [`World::resolve`].
    fn resolve(&self, target: Target) -> Option<NodeId>;
    /// A copy of the whole world.
    fn checkpoint(&self) -> Box<dyn Run<O>>;
    /// A copy for readers, whose observer has looked at this very instant.
    fn looked_at(&self) -> Box<dyn Run<O>>;
    /// Who watches.
    fn observer(&self) -> &O;
    /// Nodes and records.
    fn view(&self) -> WorldView<'_>;
    /// The script, the reader's own actions included.
    fn script(&self) -> &Rc<Vec<Scripted>>;
    /// Running countdowns of a node.
    fn countdowns(&self, node: NodeId) -> Vec<Countdown>;
    /// Everything in flight between nodes, and between clients and nodes.
    fn flights(&self) -> Vec<Flight>;
    /// Whether the link from one node to another is cut, and whether it is disturbed.
    fn link(&self, from: NodeId, to: NodeId) -> (bool, bool);
    /// How many times slower than normal a node's disk is, whether it is full, and its bytes:
    /// written, durable.
    fn disk(&self, node: NodeId) -> DiskFacts;
    /// What a node's applier does.
    fn applier(&self, node: NodeId) -> ApplierFacts;
    /// The clients.
    fn clients(&self) -> &[Client];
    /// An operation as its client keeps it.
    fn operation(&self, op: OpId) -> Option<&Operation>;
    /// Whether the clients can reach a node.
    fn clients_reach(&self, node: NodeId) -> bool;
    /// How often things happened.
    fn counts(&self) -> Counts;
    /// What readers are told about the protocol.
    fn card(&self) -> &'static Card;
    /// What its settings guarantee.
    fn policy(&self) -> Policy;
    /// The machine that runs the configuration service, if there is one.
    fn service(&self) -> Option<NodeId>;
    /// What can be done to the cluster.
    fn faults(&self) -> Faults;
}

/// A disk, for readers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DiskFacts {
    /// How many times slower than normal.
    pub slow: u32,
    /// Takes no more bytes.
    pub full: bool,
    /// Bytes on it.
    pub bytes: u64,
    /// Bytes that would survive a power outage.
    pub durable_bytes: u64,
    /// Whether a flush is under way.
    pub flushing: bool,
}

impl<P: Protocol, O: Observer + 'static> Run<O> for World<P, O> {
    fn now(&self) -> SimTime {
        World::now(self)
    }

    fn until(&self) -> SimTime {
        self.until
    }

    fn seed(&self) -> u64 {
        self.setup.seed
    }

    fn advance(&mut self, until: SimTime, budget: u32) -> u32 {
        World::advance(self, until, budget)
    }

    fn step(&mut self, until: SimTime) -> bool {
        World::step(self, until)
    }

    fn next_at(&mut self) -> Option<SimTime> {
        World::next_at(self)
    }

    fn act(&mut self, action: Action) {
        World::act(self, action);
    }

    fn set_script(&mut self, script: Rc<Vec<Scripted>>) {
        World::set_script(self, script);
    }

    fn performed(&self) -> usize {
        self.next_action
    }

    fn resolve(&self, target: Target) -> Option<NodeId> {
        World::resolve(self, target)
    }

    fn checkpoint(&self) -> Box<dyn Run<O>> {
        Box::new(self.clone())
    }

    fn looked_at(&self) -> Box<dyn Run<O>> {
        let mut copy = self.clone();
        copy.observer.look(self.now(), &World::view(self));
        Box::new(copy)
    }

    fn observer(&self) -> &O {
        &self.observer
    }

    fn view(&self) -> WorldView<'_> {
        World::view(self)
    }

    fn script(&self) -> &Rc<Vec<Scripted>> {
        &self.script
    }

    fn countdowns(&self, node: NodeId) -> Vec<Countdown> {
        self.cluster.node(node).countdowns().collect()
    }

    fn flights(&self) -> Vec<Flight> {
        let queued = self
            .queue
            .iter()
            .filter_map(|(moment, pending)| self.flight(pending, moment.time(), false));
        let waiting = self.cluster.nodes.iter().flat_map(|node| &node.inbox);
        let mut flights: Vec<Flight> = queued
            .chain(waiting.filter_map(|pending| self.flight(pending, self.now, true)))
            .collect();
        sort_by_key(&mut flights, |flight| (flight.arrives, flight.event));
        flights
    }

    fn link(&self, from: NodeId, to: NodeId) -> (bool, bool) {
        let link = &self.links[from.index()][to.index()];
        (link.cut, link.disturbed())
    }

    fn disk(&self, node: NodeId) -> DiskFacts {
        let disk = &self.cluster.node(node).disk;
        DiskFacts {
            slow: disk.slow,
            full: disk.full,
            bytes: disk.bytes(),
            durable_bytes: disk.durable_bytes(),
            flushing: disk.is_flushing(),
        }
    }

    fn applier(&self, node: NodeId) -> ApplierFacts {
        self.cluster.node(node).applier.facts()
    }

    fn clients(&self) -> &[Client] {
        &self.clients.list
    }

    fn operation(&self, op: OpId) -> Option<&Operation> {
        self.clients.ops.get(op.index())
    }

    fn clients_reach(&self, node: NodeId) -> bool {
        !self.clients.cut_from.contains(&node)
    }

    fn counts(&self) -> Counts {
        World::counts(self)
    }

    fn card(&self) -> &'static Card {
        const { &P::CARD }
    }

    fn policy(&self) -> Policy {
        P::policy(&self.setup.knobs)
    }

    fn service(&self) -> Option<NodeId> {
        self.service
    }

    fn faults(&self) -> Faults {
        self.setup.faults
    }
}

impl<P: Protocol, O: Observer> World<P, O> {
    fn flight(&self, pending: &Pending<P>, arrives: SimTime, waiting: bool) -> Option<Flight> {
        let (event, from, to, sent, what) = match pending {
            Pending::Message(flight) => (
                flight.sent_by,
                Party::Node(flight.from),
                Party::Node(flight.to),
                flight.sent,
                Cargo::Message(P::describe(&flight.message, &self.records)),
            ),
            Pending::Request { node, request, sent, cause, .. } => (
                *cause,
                Party::Client(request.client),
                Party::Node(*node),
                *sent,
                Cargo::Request(*request),
            ),
            Pending::Answer { node, client, id, outcome, sent, cause } => (
                *cause,
                Party::Node(*node),
                Party::Client(*client),
                *sent,
                Cargo::Answer(id.op, *outcome),
            ),
            Pending::Directions { node, client, directions, sent, cause } => (
                *cause,
                Party::Node(*node),
                Party::Client(*client),
                *sent,
                Cargo::Directions(*directions),
            ),
            Pending::PeerClosed { .. }
            | Pending::Closed { .. }
            | Pending::Flushed { .. }
            | Pending::Applied { .. }
            | Pending::Arrival { .. }
            | Pending::Again { .. }
            | Pending::Thought { .. } => return None,
        };
        Some(Flight { event, from, to, sent, arrives, waiting, what })
    }

    /// Whether a node's process runs.
    #[must_use]
    pub fn status(&self, node: NodeId) -> NodeStatus {
        self.cluster.status(node)
    }
}
