//! The state of a world between two events. Copying it is a checkpoint.

use std::rc::Rc;

use crate::base::{EventId, NodeId, SimTime};
use crate::protocol::{Boot, Effect, Effects, Protocol, Records};

use super::action::Scripted;
use super::applier::Applier;
use super::client::Clients;
use super::clock::Clock;
use super::event::{Event, Limit, What};
use super::link::Link;
use super::node::{Cluster, Node};
use super::pending::Pending;
use super::queue::{Queue, Sequence};
use super::setup::Setup;
use super::watch::{NodeStatus, Observer, WorldView};

/// A running cluster of `P`, watched by `O`.
#[derive(Clone, Debug)]
pub struct World<P: Protocol, O: Observer> {
    pub(super) setup: Rc<Setup<P::Knobs>>,
    pub(super) now: SimTime,
    /// When the run ends.
    pub(super) until: SimTime,
    pub(super) queue: Queue<Pending<P>>,
    pub(super) sequence: Sequence,
    pub(super) cluster: Cluster<P>,
    // links[from][to]
    pub(super) links: Vec<Vec<Link>>,
    pub(super) clients: Clients,
    pub(super) records: Records,
    pub(super) script: Rc<Vec<Scripted>>,
    pub(super) next_action: usize,
    pub(super) observer: O,
    pub(super) last_event: EventId,
    pub(super) last_leader: NodeId,
    pub(super) service: Option<NodeId>,
    pub(super) limits_told: Vec<Limit>,
    pub(super) counts: Counts,
    // Emptied after every step; kept for its memory.
    pub(super) effects: Vec<Effect<P>>,
    pub(super) marks: Vec<P::Mark>,
}

/// How often things happened, for benchmarks.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Operations begun by clients.
    pub operations: u64,
    /// Messages read by nodes.
    pub deliveries: u64,
    /// Timers that fired.
    pub timers: u64,
    /// Flushes completed.
    pub flushes: u64,
    /// Requests and answers that arrived.
    pub talk: u64,
}

impl<P: Protocol, O: Observer> World<P, O> {
    /// The world of this setup before its first event, its processes just started.
    #[must_use]
    pub fn new(setup: Setup<P::Knobs>, observer: O) -> Self {
        let service = P::CARD.service.then_some(NodeId(setup.nodes));
        let nodes = setup.nodes + u8::from(service.is_some());
        let asks = |client| P::asked_by(&setup.knobs, setup.nodes, client);
        let mut world = Self {
            now: SimTime::ZERO,
            until: setup.until,
            queue: Queue::default(),
            sequence: Sequence::default(),
            cluster: Cluster::new(
                (0..nodes).map(|n| machine(&setup, NodeId(n))).collect(),
                Rc::new(setup.knobs.clone()),
            ),
            links: Vec::new(),
            clients: Clients::new(&setup.clients, setup.seed, nodes, asks),
            records: Records::default(),
            script: Rc::new(setup.script.clone()),
            next_action: 0,
            observer,
            last_event: EventId::NONE,
            last_leader: NodeId(0),
            service,
            limits_told: Vec::new(),
            counts: Counts::default(),
            effects: Vec::new(),
            marks: Vec::new(),
            setup: Rc::new(setup),
        };
        world.links = (0..nodes).map(|from| world.links_from(NodeId(from), nodes)).collect();
        for node in 0..nodes {
            world.start(NodeId(node), false, EventId::NONE);
        }
        world.wake_clients();
        world
    }

    fn links_from(&self, from: NodeId, nodes: u8) -> Vec<Link> {
        let link = |to| Link::new(&self.setup.network, self.setup.seed, from, NodeId(to));
        (0..nodes).map(link).collect()
    }

    /// Who watches.
    #[must_use]
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// Nodes and records, for readers.
    #[must_use]
    pub fn view(&self) -> WorldView<'_> {
        WorldView {
            records: &self.records,
            nodes: &self.cluster,
            shape: P::CARD.data,
            clients: &self.setup.clients,
        }
    }

    /// How often things happened.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Adds a machine without a process, and its links.
    pub(super) fn add_machine(&mut self) -> NodeId {
        let (seed, nodes) = (self.setup.seed, self.cluster_size());
        let node = NodeId(nodes);
        self.cluster.push(machine(&self.setup, node));
        for (from, links) in (0..nodes).zip(&mut self.links) {
            links.push(Link::new(&self.setup.network, seed, NodeId(from), node));
        }
        let links = self.links_from(node, nodes + 1);
        self.links.push(links);
        self.clients.add_node(seed, node);
        node
    }

    pub(super) fn cluster_size(&self) -> u8 {
        u8::try_from(self.cluster.nodes.len()).unwrap_or(u8::MAX)
    }

    /// Starts the process of a machine from what its disk holds.
    pub(super) fn start(&mut self, node: NodeId, added: bool, cause: EventId) {
        let nodes = self.cluster_size();
        let machine = self.cluster.node_mut(node);
        machine.incarnation += 1;
        machine.status = NodeStatus::Up;
        machine.busy_until = self.now;
        let disk = machine.disk.read();
        let (clock, now) = (machine.clock.reads(self.now), machine.clock.elapsed(self.now));
        machine.applier.reset();
        let (applying, applied) = (machine.applier.applying(), machine.applied);
        let mut list = std::mem::take(&mut self.effects);
        let (me, knobs, service) = (node, &self.setup.knobs, self.service);
        let boot = Boot { me, nodes, now, knobs, disk: &disk, added, applied, service };
        let mut out = Effects::new(&mut list, &mut self.records).at(clock).applying(applying);
        let process = P::boot(&boot, &mut out);
        let machine = self.cluster.node_mut(node);
        machine.leads = process.leads();
        if machine.leads {
            self.last_leader = node;
        }
        machine.process = Some(process);
        let started = self.emit(What::Started { node }, cause);
        self.carry_out(node, &mut list, started);
        self.effects = list;
        self.finish_instant_flushes(node, started);
    }

    /// Tells the observer that something happened.
    pub(super) fn emit(&mut self, what: What, cause: EventId) -> EventId {
        self.emit_often(what, cause)
    }

    /// The same for what happens with every message. Natively it becomes part of the place that
    /// calls it, where it is known what happened; in the page that would weigh too much.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn emit_often(&mut self, what: What, cause: EventId) -> EventId {
        self.last_event = EventId(self.last_event.0 + 1);
        let event = Event { id: self.last_event, at: self.now, cause, what };
        let view = WorldView {
            records: &self.records,
            nodes: &self.cluster,
            shape: P::CARD.data,
            clients: &self.setup.clients,
        };
        self.observer.on_event(&event, &view);
        if event.id.0 == self.setup.limits.trace_events {
            self.reach(Limit::Trace);
        }
        event.id
    }

    /// Tells once that a limit was reached.
    pub(super) fn reach(&mut self, limit: Limit) {
        if !self.limits_told.contains(&limit) {
            self.limits_told.push(limit);
            self.emit(What::LimitReached(limit), EventId::NONE);
        }
    }
}

fn machine<P: Protocol>(setup: &Setup<P::Knobs>, node: NodeId) -> Node<P> {
    let applier = Applier::new(&setup.service, setup.seed, node);
    Node::new(setup.seed, node, Clock::new(&setup.clocks, node), applier)
}
