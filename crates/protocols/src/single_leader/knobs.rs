//! The settings of single-leader replication, in the order in which readers need them.

use engine::base::{NodeId, Span};
use engine::protocol::parts::phi::Phi;
use engine::protocol::policy;

/// All settings. The same on every node.
#[derive(Clone, PartialEq, Debug)]
pub struct Knobs {
    /// When a client is told that its write is saved.
    pub acknowledge: Acknowledge,
    /// What happens when the leader falls silent.
    pub failover: Failover,
    /// How much of the log is kept for followers that lag.
    pub retention: Retention,
    /// How log records are shipped.
    pub shipping: Shipping,
    /// How a follower that lacks too much is copied.
    pub catch_up: CatchUp,
}

/// When a client is told that its write is saved.
#[derive(Clone, PartialEq, Debug)]
pub struct Acknowledge {
    /// Who must confirm.
    pub mode: Mode,
    /// What a confirmation means, the leader's own included.
    pub on: ConfirmOn,
    /// What a leader does when nobody confirms.
    pub when_silent: WhenSilent,
    /// A follower that was silent for so long is given up: another takes its place (`first k`), it no
    /// longer counts (`any k`), or it is not waited for (in step). `None`: never. PostgreSQL calls it
    /// `wal_sender_timeout`, Kafka `replica.lag.time.max.ms`. A connection closed by the peer's system gives up at once.
    pub give_up_after: Option<Span>,
}

/// Who must confirm before a write is acknowledged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Nobody but the leader itself.
    Asynchronous,
    /// Any `k` followers.
    SemiSyncAny(u8),
    /// The first `k` of this list that are not given up; nodes not named come last, in order.
    SemiSyncFirst(u8, Vec<NodeId>),
    /// Every follower that was ever caught up, dead or alive.
    Synchronous,
    /// Every follower in step: one that is silent for `give_up_after` is out of step until it has
    /// caught up again. While fewer nodes than this are in step, the leader included, writes are
    /// refused. Kafka calls it `min.insync.replicas`.
    InSync(u8),
}

/// What a confirmation means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConfirmOn {
    /// It is in the node's memory.
    Received,
    /// It is on the node's disk.
    Flushed,
    /// It is on the node's disk and readers of that node see it.
    Applied,
}

/// What a leader does when confirmations do not come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenSilent {
    /// Wait for ever.
    Block,
    /// Answer without them once the oldest write waited for so long; wait again when enough
    /// followers are back.
    DegradeAfter(Span),
}

/// What happens when the leader falls silent.
#[derive(Clone, PartialEq, Debug)]
pub struct Failover {
    /// How a dead leader is told from a living one.
    pub detect: Detect,
    /// Time without a heartbeat after which a follower takes the leader for dead; with another way to tell, until
    /// that one has heard enough. A leader's lease lasts no longer either.
    pub timeout: Span,
    /// Majority promotion: that time is drawn from this range instead, and so is the wait
    /// between two elections.
    pub election_timeout: (Span, Span),
    /// How often a leader says that it is alive.
    pub heartbeat: Span,
    /// Who decides.
    pub promote: Promote,
    /// Who is chosen.
    pub choose: Choose,
    /// Whether nodes turn away what comes from an older epoch, and a leader (under majority
    /// promotion) stops taking writes once it has not heard from a majority for `timeout`.
    pub fencing: bool,
    /// Majority promotion: a node that takes the leader for dead asks whether a majority would vote
    /// for it before it begins an epoch (Ongaro's dissertation, section 9.6; etcd's `--pre-vote`).
    pub pre_vote: bool,
    /// Majority promotion: a node that heard a leader less than a lease ago votes for nobody, and a
    /// leader that holds its lease yields to no candidate (section 4.2.3; etcd's check quorum).
    /// Leases count on it.
    pub leader_stickiness: bool,
    /// What becomes of a former leader whose log has parted from the new leader's.
    pub returning: Returning,
    /// What becomes of records that a new leader had received and not applied yet.
    pub unapplied: Unapplied,
}

/// How a dead leader is told from a living one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Detect {
    /// By silence of a fixed length since the last heartbeat arrived.
    Timeout,
    /// By suspicion that accumulates, judged from when the last heartbeats came.
    Phi(Phi),
    /// By freshness points: the heartbeat sent at t vouches for the leader until the next one was
    /// due, and so much longer, whenever it arrived itself. NFD-S of Chen, Toueg and Aguilera
    /// (*On the Quality of Service of Failure Detectors*, 2002); it needs clocks that agree.
    Freshness(Span),
}

/// Who decides that a follower is promoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promote {
    /// Nobody but an administrator. A restarted leader leads again.
    ByHand,
    /// The first follower that notices surveys the others and appoints one.
    FirstToNotice,
    /// A majority of all nodes votes.
    Majority,
}

/// Who is chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choose {
    /// The node whose log is the most up to date: later epoch first, then longer.
    MostUpToDate,
    /// The first of this list that answers, however old its data; nodes not named come last.
    Priority(Vec<NodeId>),
}

/// What becomes of records that a new leader had received and not applied yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unapplied {
    /// It applies them first, and serves when it has.
    Apply,
    /// It leads at once without them: whoever waits for its log to be applied waits for nothing. The
    /// node that has applied the most is chosen.
    Discard,
}

/// What becomes of a former leader whose log has parted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Returning {
    /// It cuts its log back to where they part, and follows.
    Rewind,
    /// It is refused until an administrator has it copied afresh; it still serves stale reads.
    Refuse,
    /// It is trusted: it restarts as the leader that it was.
    Trust,
}

/// How much of the log is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// Records kept behind the end of the log; `None`: all.
    pub records: Option<u32>,
    /// A replication slot: what a known follower has not confirmed is kept as well …
    pub slots: bool,
    /// … but never more than this many records; `None`: no limit.
    pub slot_limit: Option<u32>,
}

/// How log records are shipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shipping {
    /// At most this many records in one message.
    pub batch_records: u32,
    /// At most this many records on their way to one follower without a confirmation.
    pub window_records: u32,
}

/// How a follower that lacks too much is copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CatchUp {
    /// Whether the leader starts a snapshot by itself when its log no longer reaches back far
    /// enough. If not, the follower goes on asking until an administrator has it copied.
    pub automatic: bool,
    /// What is copied.
    pub method: Method,
    /// Keys in one page of the data files.
    pub page_keys: u32,
    /// Copying files: the pause after each page.
    pub page_pause: Span,
    /// Pace of a snapshot, in bytes per second.
    pub bandwidth: u64,
    /// Length of one piece in bytes.
    pub piece_bytes: u32,
}

/// What a follower that lacks too much is copied from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// A consistent snapshot.
    Snapshot,
    /// The data files, page by page, as they are when each is read.
    Files,
}

impl Knobs {
    /// What these settings guarantee.
    #[must_use]
    pub fn policy(&self) -> policy::Leads {
        let Self { acknowledge, failover, .. } = self;
        let once = (failover.timeout, failover.timeout);
        policy::Leads {
            copies: match &acknowledge.mode {
                Mode::Asynchronous => policy::Copies::Nobody,
                Mode::SemiSyncAny(k) => policy::Copies::Any(*k),
                Mode::SemiSyncFirst(k, list) => policy::Copies::First(*k, list.clone()),
                Mode::Synchronous => policy::Copies::Everybody,
                Mode::InSync(least) => {
                    policy::Copies::InSync { least: *least, after: acknowledge.give_up_after }
                }
            },
            held: match acknowledge.on {
                ConfirmOn::Received => policy::Held::Received,
                ConfirmOn::Flushed => policy::Held::Flushed,
                ConfirmOn::Applied => policy::Held::Applied,
            },
            degrade_after: match acknowledge.when_silent {
                WhenSilent::Block => None,
                WhenSilent::DegradeAfter(after) => Some(after),
            },
            takeover: match failover.promote {
                Promote::ByHand => policy::Takeover::ByHand,
                Promote::FirstToNotice => policy::Takeover::FirstToNotice,
                Promote::Majority => policy::Takeover::Majority,
            },
            silence: match failover.promote {
                Promote::Majority => failover.election_timeout,
                Promote::ByHand | Promote::FirstToNotice => once,
            },
            detect: match failover.detect {
                Detect::Timeout => policy::Detect::Timeout,
                Detect::Phi(phi) => policy::Detect::Phi(phi.threshold),
                Detect::Freshness(shift) => policy::Detect::Freshness(shift),
            },
            fencing: failover.fencing,
        }
    }
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            acknowledge: Acknowledge {
                mode: Mode::Asynchronous,
                on: ConfirmOn::Flushed,
                when_silent: WhenSilent::Block,
                give_up_after: Some(Span::from_millis(10_000)),
            },
            failover: Failover {
                detect: Detect::Timeout,
                timeout: Span::from_millis(3_000),
                election_timeout: (Span::from_millis(3_000), Span::from_millis(4_500)),
                heartbeat: Span::from_millis(500),
                promote: Promote::Majority,
                choose: Choose::MostUpToDate,
                fencing: true,
                pre_vote: true,
                leader_stickiness: true,
                returning: Returning::Rewind,
                unapplied: Unapplied::Apply,
            },
            retention: Retention { records: Some(1_000), slots: false, slot_limit: None },
            shipping: Shipping { batch_records: 64, window_records: 256 },
            catch_up: CatchUp {
                automatic: true,
                method: Method::Snapshot,
                page_keys: 8,
                page_pause: Span::from_millis(200),
                bandwidth: 1_000_000,
                piece_bytes: 16_384,
            },
        }
    }
}
