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
    PeerClosed { from: NodeId, to: NodeId, cause: EventId },
    /// A request arrives.
    Request { node: NodeId, request: Request, sent: SimTime, cause: EventId, served: bool },
    /// An answer arrives.
    Answer {
        node: NodeId,
        client: ClientId,
        id: RequestId,
        outcome: Outcome,
        sent: SimTime,
        cause: EventId,
    },
    /// A client is told whom to ask.
    Directions {
        node: NodeId,
        client: ClientId,
        directions: Directions,
        sent: SimTime,
        cause: EventId,
    },
    /// A client's connection to a node is closed or refused by the node's system.
    Closed { node: NodeId, client: ClientId, id: RequestId, cause: EventId },
    /// A flush is done, if the process that asked for it still runs.
    Flushed { node: NodeId, incarnation: u32, cause: EventId },
    /// A record is applied, if the process that asked for it still runs.
    Applied { node: NodeId, incarnation: u32, turn: u32 },
    /// An open-loop client asks for its next operation.
    Arrival { client: ClientId },
    /// A client asks again after a pause.
    Again { op: OpId, attempt: u16, cause: EventId },
    /// A closed-loop client has thought long enough.
    Thought { client: ClientId, cause: EventId },
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
