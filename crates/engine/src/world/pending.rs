//! What lies in the queue: everything that is on its way or about to be done.

use crate::base::{ClientId, EventId, NodeId, OpId, SimTime};
use crate::protocol::{Directions, MessageFacts, Outcome, Protocol, Request, RequestId};

use super::event::Party;

/// One thing that will happen.
#[derive(Clone, Debug)]
pub enum Pending<P: Protocol> {
    /// A message arrives.
    Message(InFlight<P>),
    /// A node learns that another's process died.
    PeerClosed {
        /// The node whose process died.
        from: NodeId,
        /// The node that learns it.
        to: NodeId,
        /// The event of the crash.
        cause: EventId,
    },
    /// A request arrives.
    Request {
        /// Whom it is for.
        node: NodeId,
        /// What is asked, by whom, and which sending it is.
        request: Request,
        /// When it left its client.
        sent: SimTime,
        /// The event of its sending.
        cause: EventId,
        /// Whether the node's processor has done its work on it.
        served: bool,
    },
    /// An answer arrives.
    Answer {
        /// Who answered.
        node: NodeId,
        /// Whom it is for.
        client: ClientId,
        /// Which operation it answers, and which sending of it.
        id: RequestId,
        /// What it says.
        outcome: Outcome,
        /// When it left the node.
        sent: SimTime,
        /// The event of its sending.
        cause: EventId,
    },
    /// A client is told whom to ask.
    Directions {
        /// Who tells it.
        node: NodeId,
        /// Who is told.
        client: ClientId,
        /// Whom to ask, and the epoch that this belongs to.
        directions: Directions,
        /// When they left the node.
        sent: SimTime,
        /// The event that led the node to tell it.
        cause: EventId,
    },
    /// A client's connection to a node is closed or refused by the node's system.
    Closed {
        /// The node whose process died or did not run.
        node: NodeId,
        /// Whose connection it is.
        client: ClientId,
        /// The sending that it carries; if its client no longer waits for that, nothing happens.
        id: RequestId,
        /// The crash that closed it, or the sending of the request that was refused.
        cause: EventId,
    },
    /// A flush is done, if the process that asked for it still runs.
    Flushed {
        /// Whose disk it is.
        node: NodeId,
        /// Which process of the node asked for it, counted from 1.
        incarnation: u32,
        /// The event after which it was asked for; if it had to wait, the flush before it.
        cause: EventId,
    },
    /// A record is applied, if the process that asked for it still runs.
    Applied {
        /// Whose applier it is.
        node: NodeId,
        /// Which process of the node asked for it, counted from 1.
        incarnation: u32,
        /// Which work of the applier ends, counted from 1; any but the latest no longer counts.
        turn: u32,
    },
    /// An open-loop client asks for its next operation.
    Arrival {
        /// Who asks.
        client: ClientId,
    },
    /// A client asks again after a pause.
    Again {
        /// The operation that it asks for.
        op: OpId,
        /// The sending that was refused, counted from 1; after a later one nothing happens.
        attempt: u16,
        /// The event at which its client was told of the refusal.
        cause: EventId,
    },
    /// A closed-loop client, or one that measures staleness, begins its next operation.
    Thought {
        /// Who begins it.
        client: ClientId,
        /// The event that ended what it did before; none where it starts afresh.
        cause: EventId,
    },
}

/// A message on a link.
#[derive(Clone, Debug)]
pub struct InFlight<P: Protocol> {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// What it says.
    pub message: P::Message,
    /// The event of its sending, which names it.
    pub sent_by: EventId,
    /// When it was sent.
    pub sent: SimTime,
    /// The receiver's incarnation that the connection belongs to.
    pub incarnation: u32,
    /// Whether the receiver's processor has done its work on it.
    pub served: bool,
}

/// Something in flight, for readers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Flight {
    /// The event of its sending.
    pub event: EventId,
    /// From whom.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// When it left.
    pub sent: SimTime,
    /// When it arrives; the present if it waits in a paused node's socket.
    pub arrives: SimTime,
    /// Whether it waits in a paused node's socket.
    pub waiting: bool,
    /// What it is.
    pub what: Cargo,
}

/// What is in flight.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Cargo {
    /// A message between nodes.
    Message(MessageFacts),
    /// A client's request.
    Request(Request),
    /// An answer to a client's operation.
    Answer(OpId, Outcome),
    /// Whom a client is to ask.
    Directions(Directions),
}

impl<P: Protocol> Pending<P> {
    /// The machine whose loss of power destroys it: its sender's.
    #[must_use]
    pub fn sender(&self) -> Option<NodeId> {
        match self {
            Self::Message(flight) => Some(flight.from),
            Self::Answer { node, .. } | Self::Directions { node, .. } => Some(*node),
            Self::PeerClosed { from, .. } => Some(*from),
            Self::Request { .. }
            | Self::Closed { .. }
            | Self::Flushed { .. }
            | Self::Applied { .. }
            | Self::Arrival { .. }
            | Self::Again { .. }
            | Self::Thought { .. } => None,
        }
    }
}
