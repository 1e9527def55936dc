//! What a configuration guarantees, as facts: who has a write when its client is told "saved", and
//! who takes over from whom. Views put it into words; nobody acts on it.
//!
//! A protocol derives it from its settings, so that no reader of a run has to ask which protocol
//! runs.

use super::parts::Conflicts;
use crate::base::{NodeId, Span};

/// What readers must know of the settings to understand a run.
#[derive(Clone, PartialEq, Debug)]
pub enum Policy {
    /// One node leads and ships its log.
    Leads(Leads),
    /// Nodes stand in a row behind one another, and a service says in which order.
    Row(Row),
    /// All nodes are alike; some of those that hold a key take part in each operation on it.
    Quorums(Quorums),
    /// Several nodes lead and tell each other afterwards.
    Leaders(Leaders),
}

/// One node leads.
#[derive(Clone, PartialEq, Debug)]
pub struct Leads {
    /// Who has a write when its client is told.
    pub copies: Copies,
    /// What a confirmation means.
    pub held: Held,
    /// After so long the leader goes on without confirmations; `None`: it waits for ever.
    pub degrade_after: Option<Span>,
    /// Who decides that a follower is promoted.
    pub takeover: Takeover,
    /// Silence after which the leader is taken for dead: at least, at most.
    pub silence: (Span, Span),
    /// How a silent leader is told from a living one.
    pub detect: Detect,
    /// Whether older leaders are turned away.
    pub fencing: bool,
}

/// How a silent leader is told from a living one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Detect {
    /// By silence of a fixed length.
    Timeout,
    /// By suspicion that accumulates up to this phi.
    Phi(f64),
    /// By a heartbeat that is so long overdue.
    Freshness(Span),
}

/// Who must have a write before its client is told, besides the leader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Copies {
    /// Nobody.
    Nobody,
    /// Any so many followers.
    Any(u8),
    /// The first so many of a list that are there; nodes not named come last, in order.
    First(u8, Vec<NodeId>),
    /// Every follower.
    Everybody,
    /// Every follower in step; writes are refused while too few nodes are.
    InSync {
        /// How many nodes must be in step, the leader included; with 1 the leader is enough.
        least: u8,
        /// Silence after which a follower is out of step; none: no silence is too long.
        after: Option<Span>,
    },
}

/// What a node that confirms a write has done with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    /// It is in its memory.
    Received,
    /// It is on its disk.
    Flushed,
    /// It is on its disk and readers of that node see it.
    Applied,
}

/// Who decides who leads next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takeover {
    /// An administrator.
    ByHand,
    /// The first follower that notices.
    FirstToNotice,
    /// A majority of all nodes.
    Majority,
}

/// All nodes are alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quorums {
    /// How many nodes hold each key.
    pub copies: u8,
    /// How many must answer a read.
    pub reads: u8,
    /// How many must confirm a write.
    pub writes: u8,
    /// Whether other nodes stand in for silent ones.
    pub sloppy: bool,
    /// What is kept where versions are concurrent.
    pub conflicts: Conflicts,
    /// Whether anything brings replicas together that missed a write.
    pub repairs: bool,
}

/// Several nodes lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaders {
    /// How many.
    pub leaders: u8,
    /// Which leader sends to which.
    pub topology: Topology,
    /// What is kept where versions are concurrent.
    pub conflicts: Conflicts,
    /// Whether a write is held back until what it had seen is there.
    pub causality: bool,
    /// Whether all writes of a key go to the same leader while that answers.
    pub home_leader: bool,
}

/// Which leader sends to which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topology {
    /// Each to all others.
    AllToAll,
    /// Each to the next.
    Ring,
    /// All through the first one.
    Star,
}

impl Topology {
    /// Whether `from` sends to `to` whatever it takes in, the first so many nodes being leaders;
    /// each other node hears one of them.
    #[must_use]
    pub fn sends(self, leaders: u8, from: NodeId, to: NodeId) -> bool {
        let leaders = leaders.max(1);
        if from == to || from.0 >= leaders {
            return false;
        }
        if to.0 >= leaders {
            return NodeId(to.0 % leaders) == from;
        }
        match self {
            Self::AllToAll => true,
            Self::Ring => NodeId((from.0 + 1) % leaders) == to,
            Self::Star => from.0 == 0 || to.0 == 0,
        }
    }
}

/// Nodes in a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// How a write passes along the row.
    pub passes: Passes,
    /// Who answers reads.
    pub reads: Reads,
    /// Silence after which the service takes a node for dead.
    pub silence: Span,
    /// Whether a node that no longer hears the service stops answering reads.
    pub fencing: bool,
}

/// How a write passes along a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passes {
    /// From each node to the next; the last one acknowledges.
    OneByOne,
    /// From the first to all others at once; the first one acknowledges when all have it.
    Parallel,
}

/// Who answers reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// The first node of the row.
    First,
    /// The last node.
    Last,
    /// Every node, having asked the last one where it must.
    Checked,
    /// Every node, whatever the others have.
    Unchecked,
}
