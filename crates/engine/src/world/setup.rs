//! What a run is made of, as the world wants it: resolved, checked, in microseconds.
//!
//! How a reader writes it down is the business of `scenario`.

use super::action::Scripted;
use super::clock::ClockSetup;
use super::fault::{FAULTS, Faults};
use crate::base::{Delay, NodeId, SimTime, Span};

/// A run: the same setup gives the same events, everywhere.
#[derive(Clone, Debug)]
pub struct Setup<K> {
    /// Root of every random stream.
    pub seed: u64,
    /// Nodes at the start; n1 is the first leader, or the first of the chain.
    pub nodes: u8,
    /// The protocol's settings.
    pub knobs: K,
    /// Links between nodes, and between clients and nodes.
    pub network: NetworkSetup,
    /// Clocks that are wrong; all others are right.
    pub clocks: Vec<ClockSetup>,
    /// Every node's disk.
    pub disk: DiskSetup,
    /// What a node's one processor takes per unit of work.
    pub service: ServiceSetup,
    /// Groups of clients.
    pub clients: Vec<ClientSetup>,
    /// What is done to the cluster, in order of time.
    pub script: Vec<Scripted>,
    /// When the run ends.
    pub until: SimTime,
    /// Bounds on what is kept.
    pub limits: Limits,
    /// What can be done to the cluster.
    pub faults: Faults,
}

/// All links.
#[derive(Clone, Debug)]
pub struct NetworkSetup {
    /// Every directed link, unless named in `links`.
    pub all: LinkSetup,
    /// Exceptions: (from, to, link).
    pub links: Vec<(NodeId, NodeId, LinkSetup)>,
    /// The way between a client and any node, each direction; `None`: as `all.delay`.
    pub clients: Option<Delay>,
}

impl NetworkSetup {
    /// The link from one node to another.
    #[must_use]
    pub fn of(&self, from: NodeId, to: NodeId) -> &LinkSetup {
        let named = self.links.iter().rfind(|(a, b, _)| (*a, *b) == (from, to));
        named.map_or(&self.all, |(_, _, link)| link)
    }
}

/// One directed link.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkSetup {
    /// One-way delay.
    pub delay: Delay,
    /// Probability that a message is lost.
    pub loss: f64,
    /// Probability that a message arrives twice.
    pub duplicate: f64,
    /// Bytes per second; `None`: no limit.
    pub bandwidth: Option<u64>,
    /// Bytes that link and receiver hold for a receiver that does not read; more is turned away. A
    /// single message that is larger passes while nothing else waits.
    pub buffer_bytes: u64,
    /// Whether messages arrive in the order sent, as over one connection.
    pub ordered: bool,
}

/// A disk.
#[derive(Clone, PartialEq, Debug)]
pub struct DiskSetup {
    /// How long a flush takes. Zero: completed at once, without an event.
    pub flush: Delay,
    /// Bytes that fit; `None`: no limit.
    pub capacity_bytes: Option<u64>,
}

/// A node is a single server with these service times, and an applier beside it.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct ServiceSetup {
    /// To answer a read.
    pub read: Span,
    /// To take a write.
    pub write: Span,
    /// To take in one record that another node sends.
    pub replicate: Span,
    /// What a node's applier takes for one record that another node sent. It takes nothing of the
    /// processor.
    pub apply: Delay,
    /// Nodes whose appliers differ.
    pub appliers: Vec<ApplierSetup>,
}

/// A node whose applier differs from the others'.
#[derive(Clone, PartialEq, Debug)]
pub struct ApplierSetup {
    /// Which.
    pub node: NodeId,
    /// What it takes for one record, also for those that the node writes itself; `None`: as the
    /// others.
    pub apply: Option<Delay>,
    /// A record is applied no sooner than so long after it arrived: a delayed standby.
    pub delayed: Span,
}

/// A group of like clients.
#[derive(Clone, PartialEq, Debug)]
pub struct ClientSetup {
    /// How many.
    pub count: u16,
    /// How each decides when to ask.
    pub pace: Pace,
    /// Whom it asks for reads.
    pub read_from: ReadFrom,
    /// What its writes are.
    pub workload: Workload,
    /// Keys `k0` to `k{keys-1}`, uniformly.
    pub keys: u32,
    /// Length of values.
    pub value_bytes: u32,
    /// After so long an attempt is given up: its outcome is unknown.
    pub timeout: Span,
    /// Whether and how it tries again.
    pub retry: Option<Retry>,
    /// Active from here …
    pub from: SimTime,
    /// … to here.
    pub until: SimTime,
    /// The share of writes that take the value away.
    pub deletes: f64,
    /// The node that it asks first, whatever others say; `None`: as the protocol directs.
    pub node: Option<NodeId>,
    /// It does nothing but writing and then reading what it wrote, at these times.
    pub probe: Option<Probe>,
    /// Lives on the machine of the node that it asks: no way between them.
    pub at_leader: bool,
    /// What it does so that reads from followers do not surprise it.
    pub session: Session,
}

/// What a client does so that reads from followers do not surprise it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Session {
    /// Of any node it draws one, and stays with it while it answers.
    pub sticky: bool,
    /// It tells each node how far it has seen; a follower that is not as far sends it on.
    pub remember_position: bool,
    /// What it has written itself it reads from the leader.
    pub own_writes_from_leader: bool,
}

/// How a client measures staleness: one trial after the other, each a write and reads of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    /// Each read begins so long after the write was acknowledged.
    pub read_after: Vec<Span>,
    /// How often.
    pub trials: u32,
    /// A trial begins so long after the last read of the one before.
    pub pause: Span,
}

/// How a client decides when to ask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pace {
    /// Poisson arrivals, whatever becomes of earlier requests. If both are 0 it never asks.
    Open {
        /// Writes of each client per second, on average; of compare-and-sets there are fewer.
        writes_per_s: f64,
        /// Reads of each client per second, on average; with compare-and-sets there are more.
        reads_per_s: f64,
    },
    /// One operation at a time, with a pause after each.
    Closed {
        /// Share of operations that are writes, from 0 to 1; of compare-and-sets there are fewer.
        update_fraction: f64,
        /// How long it waits after the end of one before it begins the next; 0: not at all.
        think: Span,
    },
}

/// What a client's writes are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Workload {
    /// Values of keys.
    Writes,
    /// Transfers between accounts, each key being one.
    Transfers,
    /// Compare-and-sets: a read of the key, and then a new value if it still is what was read.
    Cas,
}

/// Whom a client asks for reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadFrom {
    /// Whoever answers for the cluster: the leader, or the last of a chain.
    Leader,
    /// One follower, always the same: the k-th, counted from 1.
    Follower(u8),
    /// Any node, drawn anew each time.
    Any,
}

/// How a client tries again after silence or a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retry {
    /// Whether retries carry an idempotency key. Without it a write may happen twice.
    pub idempotent: bool,
    /// Attempts in all after which the outcome stays unknown.
    pub attempts: u16,
    /// Pause before asking again after a refusal.
    pub pause: Span,
}

/// Bounds; reaching one is an event that the reader sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Events kept in the trace.
    pub trace_events: u32,
    /// Operations in a run; clients fall silent afterwards.
    pub operations: u32,
    /// Messages and requests in flight; more are dropped.
    pub in_flight: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { trace_events: 1 << 19, operations: 4_000_000, in_flight: 1 << 20 }
    }
}

impl Default for LinkSetup {
    fn default() -> Self {
        Self {
            delay: Delay::base_exponential(Span::from_micros(200), Span::from_millis(1)),
            loss: 0.0,
            duplicate: 0.0,
            bandwidth: None,
            buffer_bytes: 4 << 20,
            ordered: true,
        }
    }
}

impl Default for ClientSetup {
    fn default() -> Self {
        Self {
            count: 2,
            pace: Pace::Open { writes_per_s: 20.0, reads_per_s: 5.0 },
            read_from: ReadFrom::Leader,
            workload: Workload::Writes,
            keys: 20,
            value_bytes: 64,
            timeout: Span::from_millis(1_000),
            retry: Some(Retry { idempotent: true, attempts: 20, pause: Span::from_millis(100) }),
            from: SimTime::ZERO,
            until: SimTime::NEVER,
            deletes: 0.0,
            node: None,
            probe: None,
            at_leader: false,
            session: Session::default(),
        }
    }
}

impl<K: Default> Default for Setup<K> {
    fn default() -> Self {
        Self {
            seed: 1,
            nodes: 3,
            knobs: K::default(),
            network: NetworkSetup { all: LinkSetup::default(), links: Vec::new(), clients: None },
            clocks: Vec::new(),
            disk: DiskSetup { flush: Delay::constant(Span::from_millis(2)), capacity_bytes: None },
            service: ServiceSetup::default(),
            clients: vec![ClientSetup::default()],
            script: Vec::new(),
            until: SimTime::from_millis(60_000),
            limits: Limits::default(),
            faults: FAULTS,
        }
    }
}
