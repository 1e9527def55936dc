//! What a node is, with the data that only that role has.

use std::collections::VecDeque;

use engine::base::{ClientId, Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::parts::Reorder;
use engine::protocol::parts::phi::Arrivals;
use engine::protocol::{FrameRef, RequestId};

/// A node's role.
#[expect(clippy::large_enum_variant, reason = "a node has one role, and most of them follow")]
#[derive(Clone, Debug)]
pub enum Role {
    /// Takes writes and feeds the others.
    Leader(Box<Leader>),
    /// Follows a leader, or waits for one.
    Follower(Follower),
    /// Seeks a majority of votes.
    Candidate(Candidate),
    /// Asks the others how far their logs reach, to appoint a leader.
    Surveyor(Surveyor),
    /// Its log has parted from the leader's and it must not mend that itself.
    Stranded(NodeId),
}

/// A leader's knowledge and debts.
#[derive(Clone, Debug)]
pub struct Leader {
    /// By node; its own entry is not used.
    pub progress: Vec<Progress>,
    /// Answers owed, in order of position.
    pub waiting: VecDeque<Waiting>,
    /// The first position of its own epoch: nothing is committed by counting before it is
    /// (Raft, section 5.4.2).
    pub reign_starts: Position,
    /// It answers without waiting because nobody confirmed in time …
    pub degraded: bool,
    /// … and waits again once enough followers have confirmed this.
    pub rearm_at: Position,
    /// Whether the degrade timer runs.
    pub degrade_armed: bool,
    /// Whether the piece timer runs.
    pub piece_armed: bool,
    /// Whether it held its lease when it last looked.
    pub lease_held: bool,
    /// Highest number written per session, to tell a new write from a retry at a glance.
    pub highest: Vec<u32>,
    /// Idempotent writes that are in the log and not applied yet, oldest first.
    pub unapplied: VecDeque<Unapplied>,
    /// The end of the log that it found: it serves when it has applied that.
    pub found: Position,
    /// The synchronous followers when it last looked, one bit a node.
    pub synchronous: u128,
}

/// A session's write in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unapplied {
    /// Whose.
    pub client: ClientId,
    /// Its number in the session.
    pub number: u32,
    /// Where it stands.
    pub position: Position,
}

impl Leader {
    /// Remembers a session's write until it is applied.
    pub fn remember(&mut self, write: Unapplied) {
        if self.highest.len() <= write.client.index() {
            self.highest.resize(write.client.index() + 1, 0);
        }
        let highest = &mut self.highest[write.client.index()];
        *highest = write.number.max(*highest);
        self.unapplied.push_back(write);
    }
}

/// An answer that a leader owes.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// It is owed once this is committed.
    pub position: Position,
    /// To which request.
    pub id: RequestId,
    /// Since when.
    pub since: SimTime,
    /// Whether it is that the write is saved; else that a compare-and-set found another value in
    /// the log up to here.
    pub saved: bool,
}

/// What a leader knows of one follower.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// How it is fed.
    pub feeding: Feeding,
    /// Its latest attempt to attach itself, as far as was heard; confirmations of others mean
    /// nothing.
    pub since: SimTime,
    /// The next position to send.
    pub next: Position,
    /// Confirmed: in memory.
    pub received: Position,
    /// Confirmed: durable.
    pub flushed: Position,
    /// Confirmed: visible.
    pub applied: Position,
    /// When it was last heard.
    pub heard: SimTime,
    /// The latest heartbeat that it answered was sent then.
    pub answered: SimTime,
    /// That answer came then.
    pub answered_at: SimTime,
    /// Holds what the leader had when this was last looked at: counts for acknowledgement.
    pub caught_up: bool,
    /// An answer to an earlier heartbeat came so much later than that, at most.
    pub overtakes: Span,
    /// It has said that its log reaches this far, in memory.
    pub holds: Position,
    /// In its present attempt the logs were found to agree up to here.
    pub agreed: Position,
    /// Must be waited for under synchronous replication: it was caught up once.
    pub required: bool,
    /// Caught up means: confirmed up to here with nothing unsent.
    pub goal: Position,
    /// `received` at an earlier heartbeat at which something was under way, to notice that nothing
    /// moves; [`NOTHING_UNDER_WAY`] if nothing was.
    pub tick: Position,
    /// When that heartbeat was sent.
    pub tick_at: SimTime,
    /// Confirmed at the last heartbeat, in the sense that the knob gives to it.
    pub held: Position,
}

/// No follower ever confirms this.
pub const NOTHING_UNDER_WAY: Position = Position(u32::MAX);

/// How a leader feeds a follower.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Feeding {
    /// Not known where its log ends: it must say hello.
    Unknown,
    /// From the log.
    Log,
    /// A snapshot.
    Snapshot(Outgoing),
    /// Data files, page by page.
    Files(Files),
    /// Given up after silence, or its connection was closed; it must say hello.
    GivenUp,
}

/// Data files on their way out. After the pages comes what is kept beside them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Files {
    /// The next page to be read.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// Pages confirmed.
    pub confirmed: u32,
    /// `confirmed` at the last heartbeat.
    pub tick: u32,
}

/// A snapshot on its way out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outgoing {
    /// The data as of here.
    pub position: Position,
    /// The bytes.
    pub frame: FrameRef,
    /// Sent up to here.
    pub sent: u32,
    /// Confirmed up to here.
    pub confirmed: u32,
    /// `confirmed` at the last heartbeat.
    pub tick: u32,
}

/// A follower's knowledge.
#[derive(Clone, Default, Debug)]
pub struct Follower {
    /// Whom it follows.
    pub leader: Option<NodeId>,
    /// When it began its present attempt to attach itself to the leader.
    pub since: SimTime,
    /// The leader knows where its log ends, and it agrees with the leader's.
    pub attached: bool,
    /// When it last said hello because of a heartbeat or a snapshot.
    pub asked: Option<SimTime>,
    /// In its present attempt the logs were found to part before what stands after here.
    pub compared: Option<Position>,
    /// It takes the leader for dead since then.
    pub suspects_since: Option<SimTime>,
    /// It asks whether a majority would vote for it.
    pub poll: Option<Box<Poll>>,
    /// When the leader's heartbeats came, if suspicion is judged from that.
    pub arrivals: Arrivals,
    /// Up to here the leader's heartbeats vouch for it, if freshness is what counts.
    pub fresh_until: TimeOfDay,
    /// Records that arrived ahead of a gap.
    pub early: Reorder,
    /// A snapshot being received.
    pub incoming: Option<Incoming>,
}

/// What a node's clock shows, in microseconds; before all others if nothing was said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TimeOfDay(pub i64);

impl Default for TimeOfDay {
    fn default() -> Self {
        Self(i64::MIN)
    }
}

impl Follower {
    /// Follows `leader` from `since` on, not attached yet.
    #[must_use]
    pub fn of(leader: Option<NodeId>, since: SimTime) -> Self {
        Self { leader, since, ..Self::default() }
    }

    /// Begins a new attempt to attach itself: what it confirmed until now is as if unsaid.
    pub fn detach(&mut self, now: SimTime) {
        self.attached = false;
        self.since = now;
        (self.asked, self.compared) = (None, None);
        self.early.clear();
        self.incoming = None;
    }
}

/// A snapshot on its way in.
#[derive(Clone, Default, Debug)]
pub struct Incoming {
    /// The data as of here.
    pub position: Position,
    /// Bytes in all.
    pub total: u32,
    /// Bytes here.
    pub got: u32,
    /// The pieces.
    pub pieces: Vec<FrameRef>,
    /// Of copied files: how far the leader stood when each page was read.
    pub read_at: Vec<Position>,
}

/// What a follower knows that asks, before it begins an epoch, whether a majority would vote for it.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
    /// The epoch in which it would ask for votes.
    pub epoch: Epoch,
    /// Who would vote for it, itself included, one bit a node.
    pub votes: u128,
}

/// A candidate's knowledge.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Who voted for it, one bit a node.
    pub votes: u128,
    /// When it asked.
    pub asked: SimTime,
}

/// A surveyor's knowledge.
#[derive(Clone, Copy, Debug)]
pub struct Surveyor {
    /// The epoch of the leader to be appointed.
    pub epoch: Epoch,
    /// The leader taken for dead.
    pub silent: Option<NodeId>,
    /// Who answered, one bit a node.
    pub answered: u128,
    /// The best so far.
    pub best: Standing,
    /// When it began to suspect.
    pub since: SimTime,
}

/// How far a node's log reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Which node.
    pub node: NodeId,
    /// Epoch of its last record.
    pub of: Epoch,
    /// Its last position.
    pub last: Position,
}

impl Progress {
    /// A follower of which nothing is known, last heard at `now`.
    #[must_use]
    pub fn unknown(now: SimTime, required: bool) -> Self {
        Self {
            feeding: Feeding::Unknown,
            since: SimTime::ZERO,
            next: Position(1),
            received: Position::ZERO,
            flushed: Position::ZERO,
            applied: Position::ZERO,
            heard: now,
            answered: SimTime::ZERO,
            answered_at: SimTime::ZERO,
            overtakes: Span::ZERO,
            holds: Position::ZERO,
            agreed: Position::ZERO,
            caught_up: false,
            required,
            goal: Position::ZERO,
            tick: NOTHING_UNDER_WAY,
            tick_at: now,
            held: Position::ZERO,
        }
    }

    /// How long it has been silent.
    #[must_use]
    pub fn silent(&self, now: SimTime) -> Span {
        now.since(self.heard)
    }
}

/// The bit of a node in a set of nodes.
#[must_use]
pub fn bit(node: NodeId) -> u128 {
    1 << node.0
}
