//! What happened: past tense, small, with a cause.

use crate::base::{ClientId, EventId, NodeId, OpId, Position, SimTime, Span};
use crate::protocol::client::Outcome;
use crate::protocol::{MessageFacts, Note, TimerKind};

/// One event of a run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Event {
    /// Its number, counted from 1 without gaps.
    pub id: EventId,
    /// When.
    pub at: SimTime,
    /// The event that made it happen, or [`EventId::NONE`].
    pub cause: EventId,
    /// What happened.
    pub what: What,
}

/// A node or a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Party {
    /// A node.
    Node(NodeId),
    /// A client.
    Client(ClientId),
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum What {
    /// A node handed a message to a link. The id of this event names the message.
    Sent { from: NodeId, to: NodeId, message: MessageFacts },
    /// It arrived and was read. The cause is its sending.
    Delivered { from: NodeId, to: NodeId, message: MessageFacts },
    /// It never will. The cause is its sending.
    Lost { from: NodeId, to: NodeId, message: MessageFacts, why: Dropped },
    /// A client decided to ask for something: an operation begins.
    Invoked { client: ClientId, op: OpId },
    /// A request left its client.
    Asked { client: ClientId, node: NodeId, op: OpId, attempt: u16 },
    /// A request arrived at a node and was read.
    Requested { client: ClientId, node: NodeId, op: OpId, attempt: u16 },
    /// A node answered.
    Answered { node: NodeId, client: ClientId, op: OpId, attempt: u16, outcome: Outcome },
    /// The answer arrived at its client. If `ends`, the operation ends with it; a refusal after
    /// which the client asks again, or an answer that comes too late, ends nothing.
    Told { node: NodeId, client: ClientId, op: OpId, attempt: u16, outcome: Outcome, ends: bool },
    /// A node told a client whom to ask from now on.
    Directed { node: NodeId, client: ClientId, writes: NodeId, reads: NodeId },
    /// A request or an answer got lost.
    TalkLost { client: ClientId, node: NodeId, op: OpId, attempt: u16, why: Dropped },
    /// A client stopped waiting for an attempt. If `gave_up`, the operation ends as unknown.
    TimedOut { client: ClientId, node: NodeId, op: OpId, attempt: u16, gave_up: bool },
    /// A timer ran out.
    TimerFired { node: NodeId, timer: TimerKind },
    /// A flush was completed; the disk's durable length is now this.
    Flushed { node: NodeId, bytes: u64 },
    /// The node's applier is done with the record at this position: readers of the node see it.
    Applied { node: NodeId, position: Position },
    /// The node's applier was paused, or goes on.
    ApplyingPaused { node: NodeId, paused: bool },
    /// A node said something of itself.
    Noted { node: NodeId, note: Note },
    /// The process died.
    Crashed { node: NodeId },
    /// The machine lost power, and with it bytes that were not flushed; `torn`: part of a frame
    /// stayed.
    PoweredOff { node: NodeId, lost_bytes: u64, torn: bool },
    /// The process was stopped.
    Paused { node: NodeId },
    /// The process goes on; this many messages and requests waited for it.
    Resumed { node: NodeId, waited: u32 },
    /// The process started.
    Started { node: NodeId },
    /// A new node was added.
    Added { node: NodeId },
    /// A directed link was cut.
    LinkCut { from: NodeId, to: NodeId },
    /// A directed link was mended.
    LinkHealed { from: NodeId, to: NodeId },
    /// The way between the clients and a node was cut, or mended.
    ClientsCut { node: NodeId, cut: bool },
    /// A link was disturbed.
    LinkDisturbed { from: NodeId, to: NodeId, extra: Span },
    /// The disk became this many times slower than normal.
    DiskSlowed { node: NodeId, factor: u32 },
    /// The disk ran full, or has room again.
    DiskFull { node: NodeId, full: bool },
    /// A node's clock was set: it is so far ahead now.
    ClockSet { node: NodeId, skew_us: i64 },
    /// An administrator gave an order.
    Ordered { node: NodeId, promote: bool },
    /// A reader changed the fate of a message in flight.
    Meddled { message: EventId },
    /// The clients fell silent, or went on.
    ClientsQuiet { quiet: bool },
    /// An action could not be done. `line`: its place in the script, counted from 0.
    ActionRefused { node: Option<NodeId>, why: Refused, line: u32 },
    /// A limit of the run was reached.
    LimitReached(Limit),
}

/// Why an action could not be done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refused {
    /// The script names a node that is not there.
    NoSuchNode,
    /// Its process does not run.
    DoesNotRun,
    /// Its machine has no power already.
    HasNoPower,
    /// It is paused.
    IsPaused,
    /// It is not paused.
    IsNotPaused,
    /// It runs already.
    RunsAlready,
    /// It leads already.
    LeadsAlready,
    /// Nobody is promoted in this protocol.
    NobodyIsPromoted,
    /// A link has two ends.
    OneNode,
    /// The message is no longer in flight.
    NotInFlight,
    /// A run has no more nodes.
    NoMoreNodes,
    /// The node holds no data and applies nothing.
    HasNoApplier,
    /// Its applier is paused already.
    AppliesNothing,
    /// Its applier is not paused.
    AppliesAlready,
}

impl Refused {
    /// The reason in plain English, without a full stop: "n2 does not run".
    #[must_use]
    pub fn sentence(self, node: Option<NodeId>) -> String {
        let name = node.map_or_else(|| "the node".to_owned(), |node| node.to_string());
        match self {
            Self::NoSuchNode => "there is no such node".to_owned(),
            Self::DoesNotRun => format!("{name} does not run"),
            Self::HasNoPower => format!("{name} has no power already"),
            Self::IsPaused => format!("{name} is paused"),
            Self::IsNotPaused => format!("{name} is not paused"),
            Self::RunsAlready => format!("{name} runs already"),
            Self::LeadsAlready => format!("{name} leads already"),
            Self::NobodyIsPromoted => "no node is promoted by order in this protocol".to_owned(),
            Self::OneNode => format!("both ends of the link are {name}"),
            Self::NotInFlight => "the message is no longer in flight".to_owned(),
            Self::NoMoreNodes => "the cluster has as many nodes as a run may have".to_owned(),
            Self::HasNoApplier => format!("{name} holds no data to apply"),
            Self::AppliesNothing => format!("{name}'s applier is paused already"),
            Self::AppliesAlready => format!("{name}'s applier is not paused"),
        }
    }
}

/// Why a message never arrives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dropped {
    /// The link lost it.
    Loss,
    /// The link was cut.
    Cut,
    /// Link and receiver hold no more; it stays with its sender.
    BufferFull,
    /// Its sender's machine lost power while it was in flight.
    SenderLostPower,
    /// Nobody listens there.
    ReceiverDown,
    /// The receiver's process died or restarted before reading it.
    ReceiverRestarted,
    /// A reader dropped it.
    ByHand,
    /// Too much is in flight in the whole run.
    Limit,
}

/// A limit of a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Limit {
    /// The oldest events of the trace are forgotten from now on.
    Trace,
    /// No more operations.
    Operations,
    /// No more messages in flight.
    InFlight,
    /// No more nodes.
    Nodes,
}
