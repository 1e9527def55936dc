//! Notes: what a machine says of itself while it works, for readers.
//!
//! No audit believes them; they explain, they do not prove.

mod why;

pub use why::{NodeLimit, PreVoteRefusal, Resolution, StepDown};

use crate::base::{Epoch, NodeId, OpId, Position, Span};

/// Something that a node says happened in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The leader wrote a client's operation into its log.
    Appended {
        /// The client's operation.
        op: OpId,
        /// Where its record stands in the log.
        position: Position,
    },
    /// The leader counts everything up to here as committed.
    Committed {
        /// Position of the last record that counts as committed.
        position: Position,
    },
    /// A heartbeat time-out fired: the leader, or another node, is taken for dead.
    Suspected {
        /// Who is taken for dead: the leader, or any node that a chain's service watches.
        leader: NodeId,
        /// The epoch of the node that suspects, at that moment.
        epoch: Epoch,
    },
    /// A node that was suspected is heard again.
    TrustedAgain {
        /// Who was heard: the leader, or any node that a chain's service watches.
        leader: NodeId,
    },
    /// The node asks whether a majority would vote for it in an epoch that it has not begun.
    AskedForPreVotes {
        /// The epoch that it would begin.
        epoch: Epoch,
    },
    /// The node would not vote for another that asked.
    RefusedPreVote {
        /// Who asked.
        candidate: NodeId,
        /// What speaks against it.
        why: PreVoteRefusal,
    },
    /// The node asks for votes.
    AskedForVotes {
        /// The epoch that it has begun and would lead.
        epoch: Epoch,
    },
    /// The node gave its vote.
    Voted {
        /// Who got the vote.
        candidate: NodeId,
        /// The epoch that the vote is for; a node votes for one candidate in each.
        epoch: Epoch,
    },
    /// The node asks the others how far their logs reach, to choose a leader.
    Surveyed {
        /// The epoch that the leader to be chosen will begin.
        epoch: Epoch,
    },
    /// The node leads from now on.
    Promoted {
        /// The epoch that it leads; an old one if it leads on after a restart.
        epoch: Epoch,
        /// Where its log ended, before the record that opens its reign; 0: it was empty.
        position: Position,
    },
    /// The node stopped leading.
    SteppedDown {
        /// The epoch that it led.
        epoch: Epoch,
        /// The later epoch that it heard of; the same as `epoch` if it stopped for another reason.
        later: Epoch,
        /// What made it stop.
        why: StepDown,
    },
    /// The node follows this leader.
    Follows {
        /// Whom it follows.
        leader: NodeId,
        /// The epoch in which that one leads.
        epoch: Epoch,
    },
    /// A leader that has not heard from a majority in time stops taking writes, or takes them again.
    LeaseEnded,
    /// See `LeaseEnded`.
    LeaseRenewed,
    /// The follower is behind, and the leader's log still has what it needs.
    CatchUpFromLog {
        /// The follower.
        node: NodeId,
        /// Position of the first record that it is sent.
        from: Position,
    },
    /// The leader takes a consistent snapshot for a follower.
    CatchUpFromSnapshot {
        /// The follower.
        node: NodeId,
        /// Position of the last record that is applied in the snapshot.
        position: Position,
        /// How long the snapshot is, in bytes.
        bytes: u32,
    },
    /// The follower received the next piece of the snapshot.
    SnapshotArrived {
        /// How much of it has arrived, in bytes from its beginning.
        bytes: u32,
        /// How long the whole snapshot is, in bytes.
        of: u32,
    },
    /// The follower opened the snapshot and continues from the log.
    SnapshotInstalled {
        /// Position of the last record that is applied in the snapshot.
        position: Position,
    },
    /// The leader begins to copy its data files to a follower, page by page.
    CopyFiles {
        /// The follower.
        node: NodeId,
        /// How many pages there are; what is kept beside them does not count.
        pages: u32,
    },
    /// The follower received a page of the data files.
    PageCopied {
        /// Which page, counted from 1.
        page: u32,
        /// Up to where the leader had applied its log when it read the page.
        at: Position,
    },
    /// The follower opened the copied pages as its database and continues from the log.
    FilesOpened {
        /// Up to where the copy claims to have applied the log; the log is read on from there.
        position: Position,
    },
    /// The leader's log no longer has what the follower needs next.
    LogTruncatedMeanwhile {
        /// The follower.
        node: NodeId,
        /// Position with which the follower would continue.
        needs: Position,
        /// Position of the first record that the log has, or will have if it is empty.
        first: Position,
    },
    /// The follower holds everything that the leader had just now.
    CaughtUp {
        /// The follower.
        node: NodeId,
        /// Up to where the follower has confirmed all records.
        position: Position,
    },
    /// The front of the log was dropped.
    LogTruncated {
        /// Position of the first record that is kept, or of the next one if none is.
        first: Position,
    },
    /// The node cut its log back to where it parts from the log that it is fed from.
    Rewound {
        /// Where the log ended before.
        from: Position,
        /// Where it ends now: position of the last record that is kept; 0: none is.
        to: Position,
    },
    /// The node leads, and applies these records first; it serves when it has.
    AppliesFirst {
        /// Position of the first record that it has not applied yet.
        from: Position,
        /// Position of the last one, where its log ends.
        to: Position,
    },
    /// The node leads at once and throws these records away, which it had received and not applied.
    Discarded {
        /// Position of the first record that is thrown away.
        from: Position,
        /// Position of the last one, where its log ended.
        to: Position,
    },
    /// The node's log parts from the leader's; it follows nobody until copied afresh.
    Stranded {
        /// Position of the last record that both logs share, or a bound if that was dropped here.
        at: Position,
    },
    /// Booting, the node read its disk.
    DiskRead {
        /// How many log records or versions it found, also those replaced or cut off since.
        records: u32,
        /// Whether reading ended early, at bytes that did not check.
        torn: bool,
    },
    /// The leader gave a follower up that was silent for too long or closed its connection.
    GaveUp {
        /// The follower.
        node: NodeId,
        /// How long nothing was heard from it; 0 if it closed the connection.
        silent: Span,
    },
    /// This follower is waited for from now on.
    MadeSynchronous {
        /// The follower.
        node: NodeId,
    },
    /// Nobody confirmed in time: the leader answers without waiting.
    Degraded {
        /// How long the leader waits for confirmations at most, as configured.
        after: Span,
    },
    /// Enough followers are back: the leader waits again.
    Rearmed,
    /// The node sent again what was not confirmed.
    Resent {
        /// Who gets it: a follower, or a successor in a chain.
        to: NodeId,
        /// Position of the first record that is sent again.
        from: Position,
    },
    /// A fenced message or request of an older epoch was turned away.
    Fenced {
        /// Who sent it.
        from: NodeId,
        /// The epoch of what was turned away; it is older than the node's.
        epoch: Epoch,
    },
    /// A limit of the node was reached.
    Limit(NodeLimit),
    /// The node took a client's write and made a version of it for all who hold the key.
    Coordinated {
        /// The client's operation.
        op: OpId,
        /// The name of that version: its number, counted from 1.
        version: Position,
    },
    /// Too few replicas confirmed or answered a client's operation in time.
    QuorumMissed {
        /// The client's operation.
        op: OpId,
        /// How many did, those that stand in for others included.
        got: u8,
        /// How many are needed, as configured.
        needed: u8,
    },
    /// A replica that answered with an older version is sent the newer one.
    Repaired {
        /// Who answered with an older version; it may be the node itself.
        node: NodeId,
        /// The name of the newer version, of siblings the latest; 0 if there is none.
        version: Position,
    },
    /// The node was silent for too long: its part is given to others.
    Unresponsive {
        /// Who was silent.
        node: NodeId,
    },
    /// The node was heard again.
    Responsive {
        /// Who was heard.
        node: NodeId,
    },
    /// A version is kept for a node that does not answer.
    HintKept {
        /// Who shall have the version and does not answer.
        node: NodeId,
        /// The name of the version.
        version: Position,
    },
    /// Another node has on its disk what was kept for it here.
    HandedOff {
        /// Who took it over.
        node: NodeId,
        /// How many versions need not be kept here any longer.
        versions: u32,
    },
    /// The hashes of some ranges of the keys that two nodes hold differ.
    RangesDiffer {
        /// The other node.
        node: NodeId,
        /// How many ranges differ, of those that were compared last.
        ranges: u32,
    },
    /// Versions came from another node that were missing here.
    Filled {
        /// Where they came from.
        node: NodeId,
        /// How many were missing.
        versions: u32,
    },
    /// A tombstone was old enough to be forgotten.
    TombstoneDropped {
        /// The name of the version that said that the value was taken away.
        version: Position,
    },
    /// The node has what it shall hold and answers reads from now on.
    HasItsData {
        /// How many versions it holds now.
        versions: u32,
    },
    /// The service took this node out of the chain.
    LeftOut {
        /// Who is no longer in the chain.
        node: NodeId,
        /// The epoch that begins without it.
        epoch: Epoch,
    },
    /// The service put this node at the end of the chain.
    TakenIn {
        /// Who is the last of the chain now.
        node: NodeId,
        /// The epoch that begins with it.
        epoch: Epoch,
    },
    /// The service has a node fed, to be put at the end of the chain later.
    Admitted {
        /// Who is fed.
        node: NodeId,
    },
    /// The node is the first of the chain from now on.
    BecameHead {
        /// The epoch of the chain that puts it there.
        epoch: Epoch,
        /// Where its log ended; 0: it was empty.
        position: Position,
    },
    /// The node is the last of the chain from now on.
    BecameTail {
        /// The epoch of the chain that puts it there.
        epoch: Epoch,
        /// Where its log ended; 0: it was empty.
        position: Position,
    },
    /// The node learnt that it is not in the chain.
    Outside {
        /// The epoch of the chain that goes on without it.
        epoch: Epoch,
    },
    /// The node is joined to a successor and feeds it from its log.
    Joined {
        /// The successor.
        to: NodeId,
        /// Position of the first record that the successor lacks, if it lacks any.
        from: Position,
        /// How many records the successor lacks.
        missing: u32,
    },
    /// The node no longer hears the configuration service and stops answering reads, or hears it
    /// again.
    ServiceSilent,
    /// See `ServiceSilent`.
    ServiceHeard,
    /// The node found two writes of a key in conflict.
    Conflict {
        /// Which stays or is shown; if both stay or count, the one that came last.
        won: OpId,
        /// The other one.
        lost: OpId,
        /// By which rule.
        by: Resolution,
    },
    /// A write is not shown yet: something that it had seen is not here.
    HeldBack {
        /// The operation that wrote it.
        op: OpId,
        /// The leader of a write that is missing; there may be others.
        missing: NodeId,
    },
    /// A write is shown although something that it had seen is not here.
    TakenEarly {
        /// The operation that wrote it.
        op: OpId,
        /// The leader of a write of the same key that is missing; there may be others.
        missing: NodeId,
    },
    /// What a write had seen is here now: it is shown.
    Released {
        /// The operation that wrote it.
        op: OpId,
    },
    /// The node's own write came round to it, and goes no further.
    LoopCut {
        /// The operation that wrote it.
        op: OpId,
    },
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
