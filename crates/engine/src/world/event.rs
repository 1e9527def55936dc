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
    Sent {
        /// Who sends.
        from: NodeId,
        /// For whom it is.
        to: NodeId,
        /// Its kind, positions, epoch and length.
        message: MessageFacts,
    },
    /// It arrived and was read. The cause is its sending.
    Delivered {
        /// Who sent it.
        from: NodeId,
        /// Who read it.
        to: NodeId,
        /// Its kind, positions, epoch and length.
        message: MessageFacts,
    },
    /// It, or its double, never will. The cause is its sending.
    Lost {
        /// Who sent it.
        from: NodeId,
        /// For whom it was.
        to: NodeId,
        /// Its kind, positions, epoch and length.
        message: MessageFacts,
        /// Why it never arrives.
        why: Dropped,
    },
    /// A client decided to ask for something: an operation begins.
    Invoked {
        /// Who wants something.
        client: ClientId,
        /// The operation that begins: its number in the run's history, from 0.
        op: OpId,
    },
    /// A request left its client. A client on the node's own machine asks without this event.
    Asked {
        /// Who asks.
        client: ClientId,
        /// Whom it asks.
        node: NodeId,
        /// The operation that it asks for.
        op: OpId,
        /// Which sending of it: 1 for the first, 2 for the first retry, and so on.
        attempt: u16,
    },
    /// A request arrived at a node and was read.
    Requested {
        /// Who asked.
        client: ClientId,
        /// Who read it.
        node: NodeId,
        /// The operation that is asked for.
        op: OpId,
        /// Which sending of it: 1 for the first, 2 for the first retry, and so on.
        attempt: u16,
    },
    /// A node answered.
    Answered {
        /// Who answers.
        node: NodeId,
        /// Whose operation it is.
        client: ClientId,
        /// The operation that is answered.
        op: OpId,
        /// Which sending of it is answered, counted from 1.
        attempt: u16,
        /// What the answer says: done, a value, or a refusal.
        outcome: Outcome,
    },
    /// The answer arrived at its client.
    Told {
        /// Who answered.
        node: NodeId,
        /// Who is told.
        client: ClientId,
        /// The operation that was answered.
        op: OpId,
        /// Which sending of it was answered, counted from 1; it need not be the last.
        attempt: u16,
        /// What the answer says.
        outcome: Outcome,
        /// Whether the operation ends with it; `false`: it goes on, or had ended before.
        ends: bool,
    },
    /// A node told a client whom to ask. One that has heard of a later epoch goes on as before.
    Directed {
        /// Who told it.
        node: NodeId,
        /// Who was told.
        client: ClientId,
        /// Whom to ask for writes.
        writes: NodeId,
        /// Whom to ask for reads, unless the client picks a node itself.
        reads: NodeId,
    },
    /// A request or an answer got lost.
    TalkLost {
        /// Who asked.
        client: ClientId,
        /// Who was asked: it did not read the request, or its answer got lost.
        node: NodeId,
        /// The operation that it was about.
        op: OpId,
        /// Which sending of it, counted from 1.
        attempt: u16,
        /// Why it never arrives.
        why: Dropped,
    },
    /// A client stopped waiting for an attempt: in vain for too long, or its connection was closed.
    TimedOut {
        /// Who waited.
        client: ClientId,
        /// Whom it had asked.
        node: NodeId,
        /// The operation that it had asked for.
        op: OpId,
        /// Which sending of it, counted from 1: the last so far.
        attempt: u16,
        /// Whether the operation ends as unknown; `false`: the client asks again at once.
        gave_up: bool,
    },
    /// A timer ran out. The cause is what armed it.
    TimerFired {
        /// Whose timer it was.
        node: NodeId,
        /// What it was for.
        timer: TimerKind,
    },
    /// A flush was completed. One of a disk that takes no time is no event.
    Flushed {
        /// Whose disk it is.
        node: NodeId,
        /// How many bytes on it are durable now, without those that were discarded.
        bytes: u64,
    },
    /// A node's applier is done with a record: readers of the node may see it.
    Applied {
        /// Whose applier it is.
        node: NodeId,
        /// The record's position in the log; where data are versions per key, its name.
        position: Position,
    },
    /// The node's applier was paused, or goes on.
    ApplyingPaused {
        /// Whose applier it is.
        node: NodeId,
        /// `true`: it applies nothing from now on; `false`: it goes on.
        paused: bool,
    },
    /// A node said something of itself.
    Noted {
        /// Who said it.
        node: NodeId,
        /// What it said, for whoever watches.
        note: Note,
    },
    /// The process died.
    Crashed {
        /// The node whose process it was; its machine goes on.
        node: NodeId,
    },
    /// The machine lost power, and with it bytes that were not flushed.
    PoweredOff {
        /// The node that lost power.
        node: NodeId,
        /// How many bytes its disk lost: none of them had been flushed.
        lost_bytes: u64,
        /// Whether of the last frame that stayed on its disk only a part did.
        torn: bool,
    },
    /// The process was stopped.
    Paused {
        /// The node whose process it is; its connections stay open.
        node: NodeId,
    },
    /// The process goes on.
    Resumed {
        /// The node whose process it is.
        node: NodeId,
        /// How much waited for it: messages, requests, closed connections, the disk, the applier.
        waited: u32,
    },
    /// The process started.
    Started {
        /// The node whose process it is: a new one, one that was down, or any at the run's start.
        node: NodeId,
    },
    /// A new node was added.
    Added {
        /// The new node; its disk is empty, and it starts next.
        node: NodeId,
    },
    /// A directed link was cut.
    LinkCut {
        /// The node whose messages no longer pass.
        from: NodeId,
        /// The node that they no longer reach.
        to: NodeId,
    },
    /// A directed link was mended: it was cut or disturbed, and is what the setup says again.
    LinkHealed {
        /// The node whose messages pass as before.
        from: NodeId,
        /// The node that they are for.
        to: NodeId,
    },
    /// The way between the clients and a node was cut, or mended.
    ClientsCut {
        /// The node at the end of it; clients on its own machine still reach it.
        node: NodeId,
        /// `true`: it was cut; `false`: mended.
        cut: bool,
    },
    /// A link was disturbed.
    LinkDisturbed {
        /// The node whose messages are disturbed.
        from: NodeId,
        /// The node that they are for.
        to: NodeId,
        /// Delay added to each of them from now on; 0: they may still be lost or doubled.
        extra: Span,
    },
    /// The disk became slower, or has its normal speed again.
    DiskSlowed {
        /// Whose disk it is.
        node: NodeId,
        /// How many times as long as normal a flush takes from now on; 1 is normal.
        factor: u32,
    },
    /// The disk ran full, or has room again.
    DiskFull {
        /// Whose disk it is.
        node: NodeId,
        /// `true`: it takes no more bytes; `false`: it takes them again.
        full: bool,
    },
    /// A node's clock was set.
    ClockSet {
        /// Whose clock it is.
        node: NodeId,
        /// How far it is ahead now, in microseconds; negative: behind.
        skew_us: i64,
    },
    /// An administrator gave an order.
    Ordered {
        /// Whom it was given to.
        node: NodeId,
        /// `true`: to lead; `false`: to throw its data away and copy it afresh.
        promote: bool,
    },
    /// A reader changed the fate of a message in flight.
    Meddled {
        /// The event of its sending, which names it.
        message: EventId,
    },
    /// The clients fell silent, or went on.
    ClientsQuiet {
        /// `true`: they begin no more operations; `false`: they begin them again.
        quiet: bool,
    },
    /// An action could not be done. It changed nothing.
    ActionRefused {
        /// Whom it was for; none if there is no such node, or it was for none.
        node: Option<NodeId>,
        /// What stood in its way.
        why: Refused,
        /// Its place in the script, counted from 0.
        line: u32,
    },
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
