//! What a reader may see of a node and of a message. Nobody acts on it.

use std::rc::Rc;

pub use super::accounts::{Accounts, OPENING};
pub use super::extent::Extent;
use super::parts::phi::Accrual;
use super::parts::{Conflicts, Ring};
use super::record::RecordRef;
use crate::base::{Epoch, NodeId, NodeSet, Position, SimTime};

/// What a node is, for readers. Words and shapes, never a behaviour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Takes writes.
    Leader,
    /// Follows a leader.
    Follower,
    /// Asks for votes, or surveys the others.
    Candidate,
    /// Copies its data from the leader.
    CatchingUp,
    /// Its log parts from the leader's; it waits to be copied afresh.
    Stranded,
    /// One of many alike: takes writes and answers reads, and follows nobody.
    Replica,
    /// The first of a chain: takes writes.
    Head,
    /// Neither first nor last in a chain.
    Middle,
    /// The last of a chain: acknowledges writes, answers reads.
    Tail,
    /// All that is left of a chain: its first and last node.
    HeadAndTail,
    /// Not in the chain: new, left out, or started again.
    Outside,
    /// Says who is in the chain and in which order. Holds no data.
    Service,
}

impl Role {
    /// Whether writes go there.
    #[must_use]
    pub const fn leads(self) -> bool {
        matches!(self, Self::Leader | Self::Head | Self::HeadAndTail)
    }

    /// Whether it holds a copy of the data.
    #[must_use]
    pub const fn is_replica(self) -> bool {
        !matches!(self, Self::Service)
    }
}

/// The facts of one running node.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeFacts {
    /// What it is.
    pub role: Role,
    /// The epoch that it believes in.
    pub epoch: Epoch,
    /// Whom it follows or leads as.
    pub leader: Option<NodeId>,
    /// Whether it would take a write now.
    pub accepts_writes: bool,
    /// Whether its log is the cluster's: the one that what clients were told is held against. Of
    /// several, the one of the highest epoch is.
    pub authority: bool,
    /// The nodes in the order in which a write passes through them, as far as this one knows;
    /// empty where there is no such order.
    pub row: Vec<NodeId>,
    /// The log was dropped up to and including here; a snapshot stands for it.
    pub base: Position,
    /// The log's end.
    pub last: Position,
    /// Durable up to here.
    pub flushed: Position,
    /// Committed up to here, as far as this node knows.
    pub committed: Position,
    /// Applied to the data up to here. Invariant: applied <= last.
    pub applied: Position,
    /// A snapshot being received: bytes so far, and in all.
    pub snapshot: Option<(u32, u32)>,
    /// What the leader knows of each other node, in order; empty elsewhere.
    pub followers: Vec<FollowerFacts>,
    /// Whom a leader waits for, and since when.
    pub waiting: Option<WaitingFacts>,
    /// The leader answers without waiting because nobody confirmed in time; in a row: the node does
    /// not hear the configuration service.
    pub degraded: bool,
    /// It suspects its leader since then.
    pub suspects_since: Option<SimTime>,
    /// What there is to say of a node whose data are versions per key.
    pub store: Option<Box<StoreFacts>>,
    /// How its suspicion of its leader grows, where suspicion accumulates.
    pub accrual: Option<Accrual>,
    /// The pages that its data is being copied from, or was.
    pub pages: Option<Rc<Pages>>,
    /// Its accounts, if money was ever moved between any.
    pub accounts: Option<Accounts>,
    /// Records that it applies before it serves anybody; 0: it need not.
    pub applies_first: u32,
}

/// Pages of data files that were copied one after the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pages {
    /// How far the leader stood when each was read.
    pub read_at: Vec<Position>,
    /// How many there are in all.
    pub of: u32,
    /// Whether they were opened as a database.
    pub opened: bool,
}

/// The facts of a node whose data are versions per key.
#[derive(Clone, PartialEq, Debug)]
pub struct StoreFacts {
    /// What is kept where versions are concurrent.
    pub conflicts: Conflicts,
    /// How many nodes hold a key.
    pub copies: u8,
    /// Where each node stands on the ring of keys.
    pub ring: Ring,
    /// Versions kept for others: for whom, which.
    pub hints: Vec<(NodeId, RecordRef)>,
    /// Nodes that do not answer, as this one sees it.
    pub unresponsive: NodeSet,
    /// The last comparison with another node.
    pub compared: Option<Rc<Comparison>>,
    /// Versions that are here and not applied yet: readers do not see them.
    pub unapplied: u32,
    /// Versions that depend on something that is not here yet: readers do not see them.
    pub held_back: u32,
}

/// Two nodes' hash trees, compared.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// With whom.
    pub with: NodeId,
    /// When it began.
    pub at: SimTime,
    /// The own hashes of both nodes' common keys: the root, its two branches, theirs, …
    pub hashes: Vec<u64>,
    /// Those of them that were found to differ, by their place in `hashes`.
    pub differing: Vec<u16>,
}

/// What a leader knows of one follower.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FollowerFacts {
    /// Which.
    pub node: NodeId,
    /// How it is fed.
    pub feeding: Feeding,
    /// Waited for before a write is acknowledged.
    pub synchronous: bool,
    /// The furthest confirmations.
    pub received: Position,
    /// See `received`.
    pub flushed: Position,
    /// See `received`.
    pub applied: Position,
    /// When the leader last heard from it.
    pub heard: SimTime,
}

/// How a leader feeds a follower.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Feeding {
    /// Nothing was heard from it in this epoch.
    Unknown,
    /// The log goes out as it grows.
    Streaming,
    /// It needs older records, which the log still has.
    CatchingUp,
    /// A snapshot goes out.
    Snapshot {
        /// How much of it was confirmed, in bytes.
        sent: u32,
        /// How long it is, in bytes.
        of: u32,
    },
    /// Data files go out.
    Files {
        /// How many pages were confirmed.
        sent: u32,
        /// How many pages there are.
        of: u32,
    },
    /// Given up after silence.
    GivenUp,
}

/// Whom a leader waits for.
#[derive(Clone, PartialEq, Debug)]
pub struct WaitingFacts {
    /// Followers whose confirmation is missing for the oldest waiting write.
    pub nodes: Vec<NodeId>,
    /// How many of them are needed.
    pub needed: u8,
    /// Since when.
    pub since: SimTime,
    /// How many writes wait.
    pub writes: u32,
}

/// What a message is, for readers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MessageKind {
    /// Log records.
    Append,
    /// "I have them."
    Confirm,
    /// "I am alive."
    Heartbeat,
    /// "I heard you."
    HeartbeatAnswer,
    /// "Here I am, my log ends there."
    Hello,
    /// "Continue from here", or "our logs part there".
    Welcome,
    /// A piece of a snapshot.
    SnapshotPiece,
    /// "Piece received."
    SnapshotConfirm,
    /// A page of the data files.
    Page,
    /// "Page received."
    PageConfirm,
    /// "Would you vote for me?"
    PreVoteRequest,
    /// The answer, that binds nobody.
    PreVote,
    /// "Vote for me."
    VoteRequest,
    /// A vote, given or refused.
    Vote,
    /// "How far does your log reach?"
    Survey,
    /// "That far."
    Standing,
    /// "You lead."
    Appoint,
    /// "Your epoch is over."
    Fence,
    /// "Keep this version."
    Put,
    /// "I keep it."
    Stored,
    /// "What do you have of this key?"
    Get,
    /// "This."
    Versions,
    /// A newer version for somebody who answered with an older one.
    Repair,
    /// A version to be kept for another node until it answers again.
    Hint,
    /// What was kept for the receiver while it did not answer.
    HandOff,
    /// "I took it over."
    HandedOff,
    /// A client's request, passed on to a node that holds its key.
    PassOn,
    /// "Are you there?"
    Knock,
    /// "I am."
    Here,
    /// Hashes of ranges of keys.
    Hashes,
    /// Versions of ranges that differ.
    Exchange,
    /// "Give me what I shall hold."
    Fetch,
    /// Log records on their way down a chain.
    Forward,
    /// "The last of the chain has them": on its way up.
    Ack,
    /// "I am alive", to the configuration service.
    Alive,
    /// "I heard you", from the configuration service.
    AliveHeard,
    /// "This is the chain from now on."
    Configure,
    /// "I may be left out", or "my successor is ready", to the configuration service.
    Petition,
    /// "Which version of this is committed?"
    VersionQuery,
    /// "This one."
    VersionAnswer,
    /// A request for something that was done before, on its way down a chain.
    Again,
    /// Writes of a leader, for the others.
    Update,
    /// "I have everything up to here: send me what I miss."
    Have,
}

impl MessageKind {
    /// Whether it brings data from one node to another: records, versions, pages of them.
    #[must_use]
    #[inline]
    pub const fn carries_data(self) -> bool {
        matches!(
            self,
            Self::Append
                | Self::Forward
                | Self::SnapshotPiece
                | Self::Page
                | Self::Put
                | Self::Repair
                | Self::Hint
                | Self::HandOff
                | Self::PassOn
                | Self::Exchange
                | Self::Update
        )
    }

    /// Whether it carries log records.
    #[must_use]
    #[inline]
    pub const fn carries_records(self) -> bool {
        matches!(self, Self::Append | Self::Forward)
    }
}

/// The facts of one message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageFacts {
    /// What it is.
    pub kind: MessageKind,
    /// The first position that it speaks of; 0 if none.
    pub first: Position,
    /// The last position that it speaks of.
    pub last: Position,
    /// Its sender's epoch.
    pub epoch: Epoch,
    /// Its length on the link.
    pub bytes: u32,
}

/// What a timer is for, for readers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TimerKind {
    /// A leader's next heartbeat.
    Heartbeat,
    /// Silence of the leader until it is taken for dead.
    Silence,
    /// Silence of any node that somebody watches, until it is taken for dead.
    NoSign,
    /// An election that does not end, or the gathering of answers to a survey.
    Election,
    /// Waiting for confirmations until the leader answers without them.
    Degrade,
    /// The next piece of a snapshot.
    Piece,
    /// The end of the patience with silent replicas.
    Patience,
    /// The next comparison with another node.
    Compare,
    /// The next knock at nodes that do not answer.
    Knock,
    /// The next look for tombstones that are old enough to go.
    Sweep,
    /// The next question for what was missed.
    Resync,
}
