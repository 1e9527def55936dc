//! What a script or a reader does to the cluster. A reader's click is an action with a time,
//! appended to the script: it is in the replay, in the link and in the test.

use crate::base::{EventId, NodeId, SimTime, Span};

/// An action and when it happens.
#[derive(Clone, PartialEq, Debug)]
pub struct Scripted {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: Action,
}

/// A node by name or by what it is at that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// This node.
    Node(NodeId),
    /// The running leader of the highest epoch; if none runs, whoever led last.
    Leader,
    /// The k-th running node that does not lead, counted from 1.
    Follower(u8),
    /// The first of the chain: the same as the leader.
    Head,
    /// The k-th of the chain that is neither first nor last, counted from 1.
    Middle(u8),
    /// The last of the chain.
    Tail,
    /// The machine that runs the configuration service.
    Service,
}

/// Everything that can be done to a cluster.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Kill the process. What it handed to its links is still delivered; its memory is gone; what
    /// it wrote to its disk, flushed or not, is kept by the machine.
    Crash(Target),
    /// The machine loses power: what was not flushed is lost, the last record may be torn, its
    /// messages in flight die with it.
    PowerOff(Target),
    /// Stop the process with its connections open. It is alive and does not know.
    Pause(Target),
    /// Let a paused process go on.
    Resume(Target),
    /// Start a crashed or powered-off node again, from what its disk holds.
    Restart(Target),
    /// Cut the link from one node to another. What is under way on it is lost.
    Cut {
        /// Whose messages no longer pass.
        from: Target,
        /// Whom they no longer reach; it must be another node.
        to: Target,
        /// Whether the way back is cut, too.
        both: bool,
    },
    /// Mend what was cut or disturbed between two nodes, both ways.
    Heal {
        /// One of the two.
        from: Target,
        /// The other; it must be another node.
        to: Target,
    },
    /// Cut every link of a node, both ways.
    Isolate {
        /// Who is cut off.
        node: Target,
        /// Whether clients elsewhere are cut off from it, too; only `HealAll` mends that.
        clients: bool,
    },
    /// Mend every link.
    HealAll,
    /// Flushes take longer, or as long as normal again.
    SlowDisk {
        /// Whose disk it is.
        node: Target,
        /// How many times as long as normal each takes that begins from now on; 0 counts as 1.
        factor: u32,
    },
    /// The disk takes no more bytes, or takes them again.
    FullDisk {
        /// Whose disk it is.
        node: Target,
        /// `true`: it takes no more; `false`: it takes them again.
        full: bool,
    },
    /// From now on the link loses, doubles and delays like this, whatever disturbed it before.
    Disturb {
        /// Whose messages are disturbed; not those of the way back.
        from: Target,
        /// Whom they are for.
        to: Target,
        /// Probability that a message is lost, from 0 to 1, in place of the setup's.
        loss: f64,
        /// Probability that a message arrives twice, from 0 to 1, in place of the setup's.
        duplicate: f64,
        /// Delay added to that of each message; 0: none.
        extra: Span,
    },
    /// A node's clock is set. How fast it runs does not change.
    SkewClock {
        /// Whose clock it is.
        node: Target,
        /// How far it is ahead then, in microseconds; negative: behind.
        skew_us: i64,
    },
    /// The node applies nothing more of what it receives: MySQL's `STOP REPLICA SQL_THREAD`,
    /// PostgreSQL's `pg_wal_replay_pause`. It goes on receiving, flushing and confirming.
    PauseApplying(Target),
    /// It applies again.
    ResumeApplying(Target),
    /// An administrator promotes this node.
    Promote(Target),
    /// An administrator has this node throw its data away and copy everything afresh.
    CopyAfresh(Target),
    /// A new, empty node joins: a follower, or one more at the end of a chain.
    AddFollower,
    /// A message in flight, named by the event of its sending, is lost.
    DropMessage(EventId),
    /// A message in flight arrives so much later.
    DelayMessage(EventId, Span),
    /// A message in flight arrives twice, the second so much after the first.
    DuplicateMessage(EventId, Span),
    /// A message in flight arrives now.
    DeliverNow(EventId),
    /// Every client falls silent, or goes on.
    QuietClients(bool),
    /// The run ends so much later, and clients whose time was over go on.
    Prolong(Span),
}
