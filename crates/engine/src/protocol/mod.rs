//! What a replication protocol is: a machine that is stepped.
//!
//! ```text
//!              Input                                 Effect
//!   Message ───────────┐                  ┌────────► Send, SetTimer, CancelTimer
//!   Timer ─────────────┤   ┌──────────┐   ├────────► Write, Flush   (to the disk)
//!   Request ───────────┼──►│   step   ├───┼────────► Reply          (to a client)
//!   Flushed, PeerClosed┤   └──────────┘   ├────────► Direct         (all clients)
//!   Admin ─────────────┘                  └────────► Note           (for whoever watches)
//! ```
//!
//! A protocol knows its own messages, its disk as bytes and the time it is told. It knows neither
//! the world that carries its effects out, nor who watches, nor any other protocol.

mod accounts;
pub mod card;
pub mod client;
pub mod effect;
mod extent;
pub mod facts;
pub mod note;
pub mod parts;
pub mod policy;
pub mod record;
mod retimed;
pub mod told;

use core::fmt::Debug;

pub use card::{Card, FaultModel, Post, Promise, Shape};
pub use client::{Command, Directions, Outcome, Request, RequestId};
pub use effect::{Applying, Effect, Effects};
pub use facts::{MessageFacts, MessageKind, NodeFacts, Role, TimerKind};
pub use note::Note;
pub use policy::Policy;
pub use record::{FrameRef, Record, RecordRef, Records};

use super::base::{ClientId, Delay, Key, NodeId, Position, SimTime, Span};

/// What a machine is told.
#[derive(Clone, Debug)]
pub enum Input<P: Protocol> {
    /// Another node's message arrived.
    Message {
        /// Who sent it.
        from: NodeId,
        /// What it says.
        message: P::Message,
    },
    /// A timer that this node had set ran out.
    Timer(P::Timer),
    /// A client asks for something.
    Request(Request),
    /// Everything written before the flush with this mark was asked for is now durable.
    Flushed(P::Mark),
    /// The applier is done with the record at this position.
    Applied(Position),
    /// The connection to a node was closed by its operating system: its process died. A machine
    /// that lost power, a pause or a cut link close nothing.
    PeerClosed(NodeId),
    /// Somebody with the keys to this machine orders something.
    Admin(Admin),
}

/// What an administrator can order a node to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admin {
    /// Become the leader now, whatever the others say.
    Promote,
    /// Throw the own data away and copy everything afresh from the leader.
    CopyAfresh,
    /// These nodes were added to the cluster; each node is told by the administrator.
    Join(NodeId),
}

/// What a machine is given when its process starts.
#[derive(Clone, Copy, Debug)]
pub struct Boot<'a, P: Protocol> {
    /// The node's own name.
    pub me: NodeId,
    /// How many nodes the cluster has now; they are n1 to n`nodes`.
    pub nodes: u8,
    /// When it starts, by the node's own clock.
    pub now: SimTime,
    /// The protocol's settings, the same on every node.
    pub knobs: &'a P::Knobs,
    /// Extents of bytes that lie on the disk, in the order written. The last may be torn.
    pub disk: &'a [FrameRef],
    /// Whether this node was added to a running cluster and has nothing yet.
    pub added: bool,
    /// How far the data on this disk had been applied when the process ended. What the log has
    /// beyond is applied as everything else is.
    pub applied: Position,
    /// The machine that runs the configuration service, where the card has one.
    pub service: Option<NodeId>,
}

/// A replication protocol: one node of it.
pub trait Protocol: Clone + Debug + 'static {
    /// What readers are told about it.
    const CARD: Card;
    /// Settings.
    type Knobs: Clone + Debug + 'static;
    /// Private talk between nodes.
    type Message: Clone + Debug;
    /// Names of timers; a node has at most one running timer of each.
    type Timer: TimerName;
    /// What a flush is remembered by.
    type Mark: Copy + Debug;

    /// Starts the process from what its disk holds. It may have effects of its own.
    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self;

    /// The one law: changes the node by one input and says what it wants done. `now` is the time
    /// that has elapsed by the node's own clock, and timers that it sets run at that clock's pace;
    /// instants of two nodes say nothing about each other.
    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>);

    /// Whom a client asks before it has learnt anything, in a cluster that starts with so many
    /// nodes.
    #[must_use]
    fn first_asked(_knobs: &Self::Knobs, _nodes: u8) -> Directions {
        Directions::all_to(NodeId(0))
    }

    /// The same for one client, where not all begin at the same node.
    #[must_use]
    fn asked_by(knobs: &Self::Knobs, nodes: u8, _client: ClientId) -> Directions {
        Self::first_asked(knobs, nodes)
    }

    /// How often nodes compare what they hold by themselves, so that what one lacks comes to it
    /// even if nobody writes; zero if they never do.
    #[must_use]
    fn repair_period(_knobs: &Self::Knobs) -> Span {
        Span::ZERO
    }

    /// What these settings guarantee.
    fn policy(knobs: &Self::Knobs) -> Policy;

    /// What a reader may see of a message.
    fn describe(message: &Self::Message, records: &Records) -> MessageFacts;

    /// How long a message is on its way, and what is added to that, if not as the link says. Such
    /// messages may overtake each other.
    fn delay<'a>(
        _knobs: &'a Self::Knobs,
        _from: NodeId,
        _to: NodeId,
        _message: &Self::Message,
    ) -> Option<(&'a Delay, Span)> {
        None
    }

    /// Whether this node serves such a request. One that it turns away at a glance takes nothing of
    /// its processor.
    #[must_use]
    fn serves(&self, _request: &Request) -> bool {
        true
    }

    /// What a reader may see of the node. Never read back by a protocol.
    fn facts(&self) -> NodeFacts;

    /// Whether the node takes the cluster's writes, as one of its kind that does so at a time. Asked after each step.
    #[must_use]
    fn leads(&self) -> bool {
        false
    }

    /// How far the node is; the same as its facts say, for those who ask often.
    fn extent(&self) -> facts::Extent {
        facts::Extent::of(&self.facts())
    }

    /// The record at this position of the node's log, if it is still there; at `base` the record
    /// that the log continues from, so that audits can follow the ancestry of an emptied log. For
    /// audits and the ladder, never for other nodes.
    fn record_at(&self, position: Position) -> Option<RecordRef>;

    /// A digest of the data that a reader of this node would see.
    fn state_digest(&self) -> u64;

    /// The versions that this node holds of a key, its siblings. For audits and readers.
    fn stored(&self, _key: Key) -> Vec<RecordRef> {
        Vec::new()
    }

    /// Every version that this node holds for itself or for others.
    fn holdings(&self) -> Vec<RecordRef> {
        Vec::new()
    }

    /// Every version that a process would find if it started from these extents of a disk.
    fn holdings_on_disk(
        _knobs: &Self::Knobs,
        _disk: &[FrameRef],
        _records: &Records,
    ) -> Vec<RecordRef> {
        Vec::new()
    }
}

/// The name of a timer, as a small number, so that timers need no queue.
pub trait TimerName: Copy + PartialEq + Debug {
    /// How many names there are.
    const COUNT: usize;
    /// This name's number, below `COUNT`.
    fn slot(self) -> usize;
    /// The name with this number.
    fn from_slot(slot: usize) -> Self;
    /// What a reader sees it as.
    fn kind(self) -> TimerKind;
}
