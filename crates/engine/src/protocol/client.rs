//! The clients' vocabulary: what can be asked and what can be answered.
//!
//! One for all protocols, so that histories are recorded and audited once.

use super::card::Post;
use crate::base::{ClientId, Epoch, Key, NodeId, OpId, Position};

/// What a client wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// Set a key to a value.
    Write {
        /// Which key.
        key: Key,
        /// A number that stands in the value; 0 deletes the key.
        value: u64,
        /// How long the value is, in bytes: at least 8, or 0 to delete the key.
        bytes: u32,
    },
    /// Take money from one account and give it to another, both or neither.
    Transfer {
        /// The account that gives.
        from: Key,
        /// The account that is given to.
        to: Key,
        /// How much is moved, at least 1; of an account that has less, all that it has.
        amount: u32,
    },
    /// Set a key to a value if it holds the expected one; else change nothing and say so.
    Swap {
        /// Which key.
        key: Key,
        /// What the key must hold; 0: it was never written, or deleted.
        expected: u64,
        /// A number that stands in the new value.
        value: u64,
        /// How long the new value is, in bytes: at least 8.
        bytes: u32,
    },
    /// Tell the value of a key.
    Read {
        /// Which key.
        key: Key,
        /// Whether only a leader or a chain's tail may answer; others say `NotLeader`.
        at_leader: bool,
    },
}

impl Command {
    /// What a reader calls it: "k7 = 91", "k7 = 91 if 88", "30 from k1 to k2", "read k7".
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Write { key, value: 0, .. } => format!("delete {key}"),
            Self::Write { key, value, .. } => format!("{key} = {value}"),
            Self::Swap { key, expected: 0, value, .. } => format!("{key} = {value} if unwritten"),
            Self::Swap { key, expected, value, .. } => format!("{key} = {value} if {expected}"),
            Self::Transfer { from, to, amount } => format!("{amount} from {from} to {to}"),
            Self::Read { key, .. } => format!("read {key}"),
        }
    }

    /// The key that it is about; of a transfer, the account that gives.
    #[must_use]
    pub const fn key(&self) -> Key {
        match self {
            Self::Write { key, .. }
            | Self::Swap { key, .. }
            | Self::Read { key, .. }
            | Self::Transfer { from: key, .. } => *key,
        }
    }

    /// Whether it changes something.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::Read { .. })
    }
}

/// One sending of an operation to a node: the k-th attempt of operation `op`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId {
    /// The operation.
    pub op: OpId,
    /// 1 for the first sending, 2 for the first retry, …
    pub attempt: u16,
}

/// A request as a node receives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request {
    /// Which operation and attempt.
    pub id: RequestId,
    /// Whose session.
    pub client: ClientId,
    /// The operation's number in its session, counted from 1.
    pub number: u32,
    /// Whether `(client, number)` is an idempotency key: a node that knows it must not write again.
    pub idempotent: bool,
    /// The highest epoch that the client has heard of; a fenced leader of an older one steps down.
    pub epoch: Epoch,
    /// The position that the client has seen: a node that is not as far must not answer a read. A
    /// leader answers all the same.
    pub seen: Position,
    /// Of a write, where data are versions per key: the name of what this client was given last of
    /// the key, by a read or by the acknowledgement of a write; 0: nothing. All attempts carry that
    /// of the first.
    pub context: Position,
    /// What is asked.
    pub command: Command,
}

/// What a node answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The write is done, in the sense that the configuration gives to "done".
    Written {
        /// Where its record stands in the log; without a log, the name of its version.
        position: Position,
        /// The epoch of the node; in a chain, that of the record; 0 if there are no epochs.
        epoch: Epoch,
    },
    /// What a reader of the key is shown.
    Value {
        /// A number that stands in the value; 0 for a key never written, or deleted.
        value: u64,
        /// Position of the write that it shows, or the name of its version; 0: never written.
        version: Position,
        /// Up to where the answer shows the node's log; 0 if there is no log.
        applied: Position,
        /// The epoch of the node; 0 if there are no epochs.
        epoch: Epoch,
    },
    /// This node does not take such requests; another one does.
    NotLeader {
        /// The post whose holder takes them.
        post: Post,
        /// Who holds it, as far as this node knows.
        leader: Option<NodeId>,
        /// The epoch of the node; 0 if there are no epochs.
        epoch: Epoch,
    },
    /// This node cannot serve now: its lease is over, it has no data yet.
    Unavailable {
        /// What stands against it.
        why: Refusal,
        /// The epoch of the node; 0 if there are no epochs.
        epoch: Epoch,
    },
}

impl Outcome {
    /// Whether it ends its operation, whatever other attempts of it may still come to.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Written { .. }
                | Self::Value { .. }
                | Self::Unavailable { why: Refusal::NotEqual, .. }
        )
    }

    /// The epoch of the node that answered; of a write, that in which its record stands where the protocol says so.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        match self {
            Self::Written { epoch, .. }
            | Self::Value { epoch, .. }
            | Self::NotLeader { epoch, .. }
            | Self::Unavailable { epoch, .. } => *epoch,
        }
    }
}

/// Why a node refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refusal {
    /// A fenced leader that has not heard from a majority in time must not accept writes.
    LeaseOver,
    /// The node has not applied what this client has seen elsewhere.
    Behind,
    /// Versions are kept of one key at a time; a transfer changes two at once.
    TwoKeys,
    /// No single node knows what a key is, so none can tell whether a condition holds.
    NoCondition,
    /// A compare-and-set found another value than its client expected. It changed nothing.
    NotEqual,
    /// The node is copying its data and has nothing to show yet.
    Copying,
    /// Too many requests are waiting at this node already.
    Busy,
    /// A retry of a write so old that it is no longer remembered whether it was done.
    TooOld,
    /// Too few replicas confirmed or answered in time. A write may have reached some of them.
    QuorumMissed,
    /// Too few replicas can be reached; nothing was tried.
    TooFewReplicas,
    /// Fewer followers are in step than a write needs; it was not taken.
    TooFewInStep,
    /// The node has not heard from the configuration service in time: it may have been replaced.
    Unsure,
    /// It has just been promoted and applies first what it had received.
    Applying,
}

/// Whom a client asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Directions {
    /// For writes.
    pub writes: NodeId,
    /// For reads, unless it picks a node itself.
    pub reads: NodeId,
    /// Both are the same node always: what is learnt of one holds for the other.
    pub joint: bool,
    /// All nodes are alike: any is asked, drawn anew each time.
    pub anywhere: bool,
    /// The epoch that this belongs to.
    pub epoch: Epoch,
}

impl Directions {
    /// Any node is asked.
    pub const ANYWHERE: Self =
        Self { writes: NodeId(0), reads: NodeId(0), joint: true, anywhere: true, epoch: Epoch(0) };

    /// Everything is asked of one node.
    #[must_use]
    pub const fn all_to(node: NodeId) -> Self {
        Self { writes: node, reads: node, joint: true, anywhere: false, epoch: Epoch(0) }
    }

    /// Whom to ask this.
    #[must_use]
    #[inline]
    pub const fn for_command(&self, command: Command) -> NodeId {
        match command {
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => self.writes,
            Command::Read { .. } => self.reads,
        }
    }

    /// From now on, ask `node` for such a thing.
    pub const fn learn(&mut self, command: Command, node: NodeId) {
        if self.joint || command.writes() {
            self.writes = node;
        }
        if self.joint || matches!(command, Command::Read { .. }) {
            self.reads = node;
        }
    }
}
