//! Notes: what a machine says of itself while it works, for readers.
//!
//! No audit believes them; they explain, they do not prove.

use crate::base::{Epoch, NodeId, OpId, Position, Span};

/// Something that a node says happened in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The leader wrote a client's operation into its log.
    Appended { op: OpId, position: Position },
    /// The leader counts everything up to here as committed.
    Committed { position: Position },
    /// A heartbeat time-out fired: the node takes the leader for dead.
    Suspected { leader: NodeId, epoch: Epoch },
    /// A suspected leader was heard again in the same epoch.
    TrustedAgain { leader: NodeId },
    /// The node asks whether a majority would vote for it in an epoch that it has not begun.
    AskedForPreVotes { epoch: Epoch },
    /// The node would not vote for this one, and why.
    RefusedPreVote { candidate: NodeId, why: PreVoteRefusal },
    /// The node asks for votes.
    AskedForVotes { epoch: Epoch },
    /// The node gave its vote.
    Voted { candidate: NodeId, epoch: Epoch },
    /// The node asks the others how far their logs reach, to choose a leader.
    Surveyed { epoch: Epoch },
    /// The node leads from now on; its log ended at `position`.
    Promoted { epoch: Epoch, position: Position },
    /// The node stopped leading in `epoch`, for this reason; `later` is the epoch that it heard of,
    /// or `epoch` where the reason is none.
    SteppedDown { epoch: Epoch, later: Epoch, why: StepDown },
    /// The node follows this leader.
    Follows { leader: NodeId, epoch: Epoch },
    /// A leader that has not heard from a majority in time stops taking writes, or takes them again.
    LeaseEnded,
    /// See `LeaseEnded`.
    LeaseRenewed,
    /// The follower needs what the leader's log still has, from this position.
    CatchUpFromLog { node: NodeId, from: Position },
    /// The leader takes a consistent snapshot at this position for a follower.
    CatchUpFromSnapshot { node: NodeId, position: Position, bytes: u32 },
    /// The follower has this many bytes of the snapshot.
    SnapshotArrived { bytes: u32, of: u32 },
    /// The follower opened the snapshot and continues from the log.
    SnapshotInstalled { position: Position },
    /// The leader begins to copy so many pages of its data files to a follower.
    CopyFiles { node: NodeId, pages: u32 },
    /// The follower has this page, read when the leader stood at `at`.
    PageCopied { page: u32, at: Position },
    /// The follower opened the copied pages as its database and continues from the log.
    FilesOpened { position: Position },
    /// The leader's log no longer has what the follower needs next.
    LogTruncatedMeanwhile { node: NodeId, needs: Position, first: Position },
    /// The follower holds everything that the leader had just now.
    CaughtUp { node: NodeId, position: Position },
    /// The log in front of `first` was dropped.
    LogTruncated { first: Position },
    /// The node cut its log back to `to`, where it parts from the leader's; it reached `from`.
    Rewound { from: Position, to: Position },
    /// The node leads, and applies these records first; it serves when it has.
    AppliesFirst { from: Position, to: Position },
    /// The node leads at once and throws these records away, which it had received and not applied.
    Discarded { from: Position, to: Position },
    /// The node's log parts from the leader's after `at`; it follows nobody until copied afresh.
    Stranded { at: Position },
    /// Booting, the node read its disk: records found, and whether the end did not check.
    DiskRead { records: u32, torn: bool },
    /// The leader gave a silent synchronous follower up.
    GaveUp { node: NodeId, silent: Span },
    /// This follower is waited for from now on.
    MadeSynchronous { node: NodeId },
    /// Nobody confirmed in time: the leader answers without waiting.
    Degraded { after: Span },
    /// Enough followers are back: the leader waits again.
    Rearmed,
    /// The leader sent again what was not confirmed, from this position.
    Resent { to: NodeId, from: Position },
    /// A fenced message or request of an older epoch was turned away.
    Fenced { from: NodeId, epoch: Epoch },
    /// A limit of the node was reached.
    Limit(NodeLimit),
    /// The node took a client's write: it is this version now, and goes to its replicas.
    Coordinated { op: OpId, version: Position },
    /// So many of the replicas needed confirmed or answered in time: too few.
    QuorumMissed { op: OpId, got: u8, needed: u8 },
    /// A replica that answered with an older version is sent the newer one.
    Repaired { node: NodeId, version: Position },
    /// The node was silent for too long: its part is given to others.
    Unresponsive { node: NodeId },
    /// The node was heard again.
    Responsive { node: NodeId },
    /// A version is kept for a node that does not answer.
    HintKept { node: NodeId, version: Position },
    /// What was kept for a node is handed over: so many versions.
    HandedOff { node: NodeId, versions: u32 },
    /// So many ranges of the keys that both hold differ from the node's.
    RangesDiffer { node: NodeId, ranges: u32 },
    /// So many versions came from the node that were missing here.
    Filled { node: NodeId, versions: u32 },
    /// A tombstone was old enough to be forgotten.
    TombstoneDropped { version: Position },
    /// The node has what it shall hold and answers reads from now on.
    HasItsData { versions: u32 },
    /// The service took this node out of the chain.
    LeftOut { node: NodeId, epoch: Epoch },
    /// The service put this node at the end of the chain.
    TakenIn { node: NodeId, epoch: Epoch },
    /// The service has a node fed, to be put at the end of the chain later.
    Admitted { node: NodeId },
    /// The node is the first of the chain from now on; its log ended at `position`.
    BecameHead { epoch: Epoch, position: Position },
    /// The node is the last of the chain from now on; its log ended at `position`.
    BecameTail { epoch: Epoch, position: Position },
    /// The node learnt that it is not in the chain.
    Outside { epoch: Epoch },
    /// The node is joined to its successor, which lacks so many records.
    Joined { to: NodeId, from: Position, missing: u32 },
    /// The node no longer hears the configuration service and stops answering reads, or hears it
    /// again.
    ServiceSilent,
    /// See `ServiceSilent`.
    ServiceHeard,
    /// The node found two writes of a key in conflict: which stays or is shown, and by which rule.
    Conflict { won: OpId, lost: OpId, by: Resolution },
    /// A write is not shown yet: it had seen a write of this leader that is not here.
    HeldBack { op: OpId, missing: NodeId },
    /// A write is shown although it had seen a write of this leader that is not here.
    TakenEarly { op: OpId, missing: NodeId },
    /// What a write had seen is here now: it is shown.
    Released { op: OpId },
    /// The node's own write came round to it, and goes no further.
    LoopCut { op: OpId },
}

/// Why a leader stopped leading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepDown {
    /// A node of the later epoch turned it away; so far as that one knew, this node led it.
    TurnedAway { by: NodeId, leader: Option<NodeId> },
    /// The leader of the later epoch was heard.
    Replaced { by: NodeId },
    /// A candidate asked for its vote in the later epoch.
    AskedForVote { by: NodeId },
    /// A node was heard that is in the later epoch.
    LaterEpoch { by: NodeId },
    /// A client had heard of the later epoch.
    ToldByClient,
    /// This node leads in the same epoch, and goes first.
    SameEpoch { by: NodeId },
    /// An administrator ordered it to copy everything afresh.
    Ordered,
}

/// Why a node would not vote for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PreVoteRefusal {
    /// It heard this leader less than a lease ago, or leads itself.
    HearsLeader(NodeId),
    /// It voted or started less than a lease ago, and may have promised something; or it must not
    /// vote as long as its log has parted from the leader's.
    Bound,
    /// It is in that epoch or a later one.
    LaterEpoch,
    /// It has thrown away data that it had confirmed.
    Emptied,
    /// Its own log is more up to date.
    LogBehind,
}

/// How a conflict between two writes ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// Neither had seen the other; the later stamp wins.
    LaterStamp,
    /// The loser had even seen the winner, but has an earlier stamp.
    WrongClock,
    /// Neither had seen the other; both are kept.
    KeptBoth,
    /// Neither had seen the other; both count.
    Merged,
    /// The removal had not seen the addition, which stays.
    AddWins,
    /// Neither had seen the other; readers are shown that of the first site.
    FirstSite,
}

impl Note {
    /// That the node takes the cluster's writes from now on: in which epoch, and where its log ended.
    #[must_use]
    pub const fn promotion(&self) -> Option<(Epoch, Position)> {
        match *self {
            Self::Promoted { epoch, position } | Self::BecameHead { epoch, position } => {
                Some((epoch, position))
            }
            _ => None,
        }
    }
}

/// A limit inside a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeLimit {
    /// Waiting requests.
    Waiting,
    /// Records that arrived ahead of a gap.
    Early,
}
