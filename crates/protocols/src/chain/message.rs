//! What the nodes of a chain and its configuration service say to each other.
//!
//! | from → to | message | when |
//! |---|---|---|
//! | node → successor | `Forward` | records are on its disk; or to send again what got lost; without records: "how far are you?" |
//! | successor → predecessor | `Ack` | the end of the chain has them (in a star, or from a node that joins: this node has them) |
//! | node → successor | `Again` | a client asks again for what was taken before |
//! | successor → predecessor | `Report` | a new configuration, or a new life: "my log ends there" |
//! | predecessor → successor | `Welcome` | the answer: "ours agree up to there, what follows is on its way" |
//! | feeder → joining node | `Piece`, answered by `PieceConfirm` | a snapshot is copied |
//! | node → service | `Alive`, answered by `AliveHeard` | every heartbeat interval |
//! | service → all | `Configure` | the chain has changed, or somebody joins |
//! | feeder → service | `Ready` | the node that joins has everything |
//! | node → service | `Leave` | an administrator has it copied afresh |
//! | node → tail | `VersionQuery`, answered by `VersionAnswer` | a read of a dirty key (CRAQ) |

use std::rc::Rc;

use super::configuration::Configuration;
use engine::base::{Epoch, Key, Position, SimTime};
use engine::protocol::{FrameRef, MessageFacts, MessageKind, RecordRef, Records, RequestId};

/// A message. What nodes say to each other carries the epoch of their configuration: what belongs
/// to another is turned away, which is the whole of fencing between them.
///
/// `attempt` is when the successor began its present attempt to attach itself, by its own clock: it
/// names the attempt, as a connection would. What belongs to an earlier one means nothing any more.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// Records for the successor's log, or the question how far it is.
    Forward {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// Position that the first of the records follows; it means nothing without records.
        prev: Position,
        /// In order and without a gap; none: the successor is to say how far it is.
        records: Batch,
        /// Up to here the sender knows the records to be committed.
        stable: Position,
        /// When it left, by the sender's clock; the answers name the latest that was taken in.
        sent: SimTime,
    },
    /// "The end of the chain has everything up to here", or: "I have".
    Ack {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The sender's attempt in which its log was found to agree.
        attempt: SimTime,
        /// Position of the last record that is acknowledged; 0: none.
        position: Position,
        /// Whether the end of the chain has it; if not, the sender has it on its own disk.
        end: bool,
        /// What the sender has received, whether acknowledged or not.
        receipt: Receipt,
    },
    /// "A client asks again for that write, which was taken before."
    Again {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The sending that the client waits for: the end of the chain answers it.
        id: RequestId,
        /// Position of the record that the write became.
        position: Position,
    },
    /// "This is how far my log reaches: send me what I miss."
    Report {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The sender's present attempt; of an earlier one the receiver takes no notice.
        attempt: SimTime,
        /// The sender's log ends here; 0: it is empty.
        last: Position,
        /// Up to here the sender knows its records to be committed; 0: none.
        committed: Position,
    },
    /// "Cut your log back to `at` if it agrees with mine up to there, else begin anew."
    Welcome {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The receiver's attempt that this answers, as its `Report` named it.
        attempt: SimTime,
        /// Where the shorter of the two logs ends; what follows it in the sender's is on its way.
        at: Position,
        /// Digest of the sender's log up to `at`: with the same digest the receiver's agrees.
        chain: u64,
        /// Up to here the sender knows the records to be committed.
        stable: Position,
        /// When it left, by the sender's clock; the answers name the latest that was taken in.
        sent: SimTime,
    },
    /// A piece of a snapshot, or the question how much of it is there.
    Piece {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The receiver's attempt that this answers, as its `Report` named it.
        attempt: SimTime,
        /// The snapshot holds the data as of this position.
        position: Position,
        /// The bytes of this piece; none: the successor is to say how much it has.
        bytes: FrameRef,
        /// Bytes of the snapshot that stand before this piece.
        offset: u32,
        /// Bytes of the whole snapshot.
        total: u32,
        /// When it left, by the sender's clock; the answer names it.
        sent: SimTime,
    },
    /// "So much of the snapshot is here."
    PieceConfirm {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The sender's attempt in which the snapshot is copied.
        attempt: SimTime,
        /// Position of the data in the snapshot: it tells this one from another.
        position: Position,
        /// Bytes that are here without a gap, counted from the first.
        upto: u32,
        /// When the piece that this answers left, by the receiver's clock.
        echo: SimTime,
    },
    /// "I am alive."
    Alive {
        /// Epoch of the sender's configuration; 0: it knows of none. The service hears it in any.
        epoch: Epoch,
        /// When the sender's process started, by its own clock: a later one is another life.
        since: SimTime,
        /// When it left, by the sender's clock; the answer names it.
        sent: SimTime,
    },
    /// "I heard you; this is the chain."
    AliveHeard {
        /// The latest that is told; of epoch 0: since the service started, none is on its disk yet.
        chain: Rc<Configuration>,
        /// When the sign of life that this answers left, by the receiver's clock.
        sent: SimTime,
    },
    /// "This is the chain from now on."
    Configure {
        /// The chain of a later epoch, or of the same one now that somebody joins.
        chain: Rc<Configuration>,
    },
    /// "The node that joins has everything that the end of the chain has."
    Ready {
        /// Epoch in which the node joins; in another the service takes no notice.
        epoch: Epoch,
    },
    /// "Leave me out, I want to be copied afresh."
    Leave {
        /// Epoch of the sender's configuration; in another the service takes no notice.
        epoch: Epoch,
    },
    /// "Which version of this key is committed?"
    VersionQuery {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The read that waits for the answer.
        id: RequestId,
        /// The key that is read.
        key: Key,
    },
    /// "This one."
    VersionAnswer {
        /// Epoch of the sender's configuration; a receiver in another takes no notice.
        epoch: Epoch,
        /// The read that waits for it.
        id: RequestId,
        /// Position of the last committed record that changed the key; 0: none did.
        version: Position,
    },
}

/// What a successor has received, by which its predecessor finds out what was lost.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Receipt {
    /// Its log ends here.
    pub last: Position,
    /// The first record that came ahead of a gap; 0: none.
    pub early: Position,
    /// Of the messages that it took in, the latest was sent then.
    pub echo: SimTime,
}

/// A record on its way, with the sending of its operation that is to be answered; 0: none.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Passed {
    /// Which record.
    pub record: RecordRef,
    /// The client's attempt.
    pub attempt: u16,
}

/// One record or several.
#[derive(Clone, PartialEq, Debug)]
pub enum Batch {
    /// The usual case, without an allocation.
    One(Passed),
    /// Several in order of position, or none.
    Many(Rc<[Passed]>),
}

impl Batch {
    /// The records.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[Passed] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Bytes of a message besides what it carries: addresses, epoch, positions.
const ENVELOPE: u32 = 32;

impl Message {
    /// Its sender's epoch.
    #[must_use]
    #[inline]
    pub fn epoch(&self) -> Epoch {
        match self {
            Self::Forward { epoch, .. }
            | Self::Ack { epoch, .. }
            | Self::Again { epoch, .. }
            | Self::Report { epoch, .. }
            | Self::Welcome { epoch, .. }
            | Self::Piece { epoch, .. }
            | Self::PieceConfirm { epoch, .. }
            | Self::Alive { epoch, .. }
            | Self::Ready { epoch }
            | Self::Leave { epoch }
            | Self::VersionQuery { epoch, .. }
            | Self::VersionAnswer { epoch, .. } => *epoch,
            Self::AliveHeard { chain, .. } | Self::Configure { chain } => chain.epoch,
        }
    }

    /// What a reader may see of it.
    #[must_use]
    pub fn facts(&self, records: &Records) -> MessageFacts {
        let none = Position::ZERO;
        let (kind, first, last, load) = match self {
            Self::Forward { prev, records: batch, .. } => {
                let batch = batch.as_slice();
                let length = |passed: &Passed| records.get(passed.record).map(|r| r.frame.len);
                let load = batch.iter().filter_map(length).sum();
                let count = u32::try_from(batch.len()).unwrap_or(u32::MAX);
                // Without records its range is empty and begins at 0: nothing to apply.
                let first = if count == 0 { none } else { prev.next() };
                let last = if count == 0 { none } else { Position(prev.0 + count) };
                (MessageKind::Forward, first, last, load)
            }
            Self::Ack { position, end: true, .. } => (MessageKind::Ack, *position, *position, 0),
            Self::Ack { position, .. } => (MessageKind::Confirm, *position, *position, 0),
            Self::Again { position, .. } => (MessageKind::Again, *position, *position, 0),
            Self::Report { last, .. } => (MessageKind::Hello, *last, *last, 0),
            Self::Welcome { at, .. } => (MessageKind::Welcome, *at, *at, 0),
            Self::Piece { position, bytes, .. } => {
                (MessageKind::SnapshotPiece, none, *position, bytes.len)
            }
            Self::PieceConfirm { position, .. } => {
                (MessageKind::SnapshotConfirm, none, *position, 0)
            }
            Self::Alive { .. } => (MessageKind::Alive, none, none, 0),
            Self::AliveHeard { .. } => (MessageKind::AliveHeard, none, none, 0),
            Self::Configure { .. } => (MessageKind::Configure, none, none, 0),
            Self::Ready { .. } | Self::Leave { .. } => (MessageKind::Petition, none, none, 0),
            Self::VersionQuery { .. } => (MessageKind::VersionQuery, none, none, 0),
            Self::VersionAnswer { version, .. } => (MessageKind::VersionAnswer, none, *version, 0),
        };
        MessageFacts { kind, first, last, epoch: self.epoch(), bytes: ENVELOPE + load }
    }
}
