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
    /// What it promises, and under which faults; the swarm demands exactly these.
    pub promises: &'static [(Promise, FaultModel)],
}

/// Something that a system may promise its users. Each is checked by one audit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Promise {
    /// No write that a client was told is saved ever disappears.
    AcknowledgedWritesSurvive,
    /// At no time do two nodes accept writes as leaders.
    OneLeader,
    /// Two nodes never hold different records at a position that both call committed.
    ReplicasAgree,
    /// When faults have stopped for long enough, all replicas hold the same data.
    ReplicasConverge,
    /// No client's write takes effect twice.
    NothingAppliedTwice,
    /// A read shows every write that was acknowledged before it began.
    FreshReads,
    /// A client reads what it has written itself.
    ReadYourWrites,
    /// What a client has seen it sees from then on, or something newer.
    MonotonicReads,
    /// Who has seen a write sees all that stands before it in the log.
    ConsistentPrefix,
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
