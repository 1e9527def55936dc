//! What the independent judge knows of a run: the lines of the exported history, and how the nodes were
//! left. Plain values of its own; it knows nothing of the program that is judged.

use std::collections::BTreeMap;

/// A place in the history: the number of the line, and when, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct At {
    pub line: u32,
    pub time: u64,
}

/// What a client asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Function {
    Write,
    Read,
    Transfer,
    /// A write if the key is what is expected.
    Swap {
        expected: Option<u64>,
    },
}

/// How an operation ended, as its client knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Not yet.
    Open,
    /// Done.
    Ok,
    /// Told that it failed. `kept`: it may be there all the same.
    Failed { kept: bool },
    /// Nobody knows.
    Unknown,
    /// A swap: told that the key was something else.
    Unequal,
}

/// An operation of a client.
#[derive(Clone, Debug)]
pub struct Operation {
    pub number: u32,
    pub client: String,
    pub function: Function,
    pub key: u32,
    /// Written or read; `None`: nothing.
    pub value: Option<u64>,
    pub invoked: At,
    /// Not before it ends.
    pub ended: At,
    pub ending: Ending,
    pub node: Option<String>,
    pub epoch: u32,
    pub position: u32,
}

impl Operation {
    pub fn writes(&self) -> bool {
        self.function != Function::Read
    }

    /// A write of which its client was told that it is saved.
    pub fn acknowledged(&self) -> bool {
        self.writes() && self.ending == Ending::Ok
    }

    /// A read that was answered.
    pub fn answered(&self) -> bool {
        !self.writes() && self.ending == Ending::Ok
    }

    /// Whether it ended before the other began.
    pub fn before(&self, other: &Self) -> bool {
        self.ending != Ending::Open && self.ended.line < other.invoked.line
    }
}

/// A mark between the operations.
#[derive(Clone, Debug)]
pub struct Mark {
    pub at: At,
    pub what: String,
    /// A node, or `n1-n2`.
    pub whom: String,
    pub operation: u32,
    pub attempt: u32,
    pub epoch: u32,
    pub position: u32,
    /// Of an answer: it was a refusal.
    pub refused: bool,
    /// Of a version that is made: the numbers of what its writer had been given of the key.
    pub given: Vec<u32>,
}

/// The history.
#[derive(Clone, Default, Debug)]
pub struct History {
    pub operations: BTreeMap<u32, Operation>,
    pub marks: Vec<Mark>,
}

/// What a node is at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Leads,
    /// It copies its data and shows nothing.
    Copies,
    /// It holds no data.
    Service,
    /// It is not in the row of a chain.
    Outside,
    Other,
}

/// How a node was left.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its process is there, if only paused.
    pub runs: bool,
    pub paused: bool,
    pub role: Role,
    /// It would take a write now.
    pub takes_writes: bool,
    pub epoch: u32,
    /// The end of its log.
    pub end: Option<usize>,
    /// The record up to which it calls its log committed.
    pub committed: Option<usize>,
    /// A fingerprint of what its readers see.
    pub data: Option<u64>,
    /// What it holds, of its own or for others, in memory or on its disk: numbers of versions.
    pub holds: Vec<usize>,
    /// Versions that it holds of each key.
    pub stored: BTreeMap<u32, Vec<usize>>,
    /// Accounts, and what they hold together.
    pub accounts: Option<(u64, u64)>,
}

/// What is kept where two versions of a key are concurrent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// There are no versions: one log is followed.
    Log,
    /// The later stamp.
    LastWins,
    /// All.
    All,
    /// All ever made: each counts.
    Counts,
    /// A set.
    Set,
}

/// A version of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub dot: (u8, u32),
    pub stamp: i64,
    pub deleted: bool,
}

impl Version {
    /// What decides where the last write wins.
    pub fn rank(&self) -> (i64, (u8, u32)) {
        (self.stamp, self.dot)
    }
}

/// A record of a log, or a version of a key, as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub position: u32,
    pub epoch: u32,
    pub operation: Option<u32>,
    /// It carries its client's number for it, so that asking again is known as such.
    pub numbered: bool,
    pub key: u32,
    pub value: u64,
    /// The account that gets money.
    pub to: Option<u32>,
    /// The record behind which it was written.
    pub parent: Option<usize>,
    pub version: Option<Version>,
    /// Versions that a reader was shown together.
    pub joins: Vec<usize>,
}

/// How a run was left.
#[derive(Clone, Debug)]
pub struct End {
    pub now: u64,
    pub rule: Rule,
    /// Nodes stand in a row: the epoch changes under the same first node.
    pub row: bool,
    pub nodes: Vec<Node>,
    /// A link between nodes is cut.
    pub cut: bool,
    /// Messages with data, and clients' writes, on their way.
    pub under_way: u32,
    /// When data last arrived anywhere, if nodes differ; in microseconds.
    pub arrived: Option<u64>,
    /// The archive: every record that was ever written to a log, every version ever made.
    pub archive: Vec<Written>,
    /// Which nodes shall hold a key.
    pub holders: BTreeMap<u32, Vec<usize>>,
}

/// What becomes of a promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Judgement {
    Holds,
    Broken(String),
    NotExercised,
    /// History and final states do not tell.
    Undecided(&'static str),
}

impl Judgement {
    /// In the words of the reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken(_) => "broken",
            Self::NotExercised => "not exercised",
            Self::Undecided(_) => "undecided",
        }
    }
}
