//! A protocol's card: what help, the picker, the command line and the tests read.

/// What readers are told about a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// Stable name in scenario files and on the command line.
    pub id: &'static str,
    /// Name in headings.
    pub title: &'static str,
    /// One sentence.
    pub sentence: &'static str,
    /// Where it is described.
    pub source: &'static str,
    /// What its data are.
    pub data: Shape,
    /// What it promises, and under which faults; the swarm demands exactly these.
    pub promises: &'static [(Promise, FaultModel)],
    /// Whether one more machine runs a configuration service. It holds no data and serves no
    /// client; it stands behind the nodes that a cluster starts with.
    pub service: bool,
    /// The one large red action: what it says, and whose power it cuts.
    pub red: (&'static str, Post),
    /// What adding a node is called.
    pub adds: &'static str,
    /// Whether an administrator can promote a node.
    pub promotes: bool,
}

/// An office that one node holds at a time: whom a request is for, whom an action means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Post {
    /// Takes writes, answers reads.
    Leader,
    /// Takes writes, at the front of a chain.
    Head,
    /// Answers reads, at the end of a chain.
    Tail,
}

/// What the data of a protocol are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Shape {
    /// One log for all: whoever has applied the same records has the same data.
    #[default]
    Line,
    /// Versions per key, each node merging what it hears of.
    Store,
}

/// Something that a system may promise its users. Each is checked by one audit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Promise {
    /// No write that a client was told is saved ever disappears.
    AcknowledgedWritesSurvive,
    /// At no time do two nodes accept writes as leaders.
    OneLeader,
    /// To the clients, the cluster looks like a single copy of the data.
    Linearizable,
    /// Two nodes never hold different records at a position that both call committed.
    ReplicasAgree,
    /// When faults have stopped for long enough, all replicas hold the same data.
    ReplicasConverge,
    /// No client's write takes effect twice.
    NothingAppliedTwice,
    /// No write that a client was told has failed is ever seen.
    FailedWritesStayFailed,
    /// A read shows every write that was acknowledged before it began.
    FreshReads,
    /// A client reads what it has written itself.
    ReadYourWrites,
    /// What a client has seen it sees from then on, or something newer.
    MonotonicReads,
    /// Who has seen a write sees all that stands before it in the log.
    ConsistentPrefix,
    /// The total of all accounts holds in every state that a reader can see.
    TotalHolds,
}

/// Faults under which a promise is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultModel {
    /// Nothing fails.
    None,
    /// Processes crash and come back; machines lose power; links lose, delay and cut messages;
    /// never more than a minority of nodes at once.
    Minority,
    /// Anything may fail in any number.
    Any,
}
