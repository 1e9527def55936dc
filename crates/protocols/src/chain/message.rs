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
/// `attempt` is when the successor began its present attempt to attach itself: it names the attempt,
/// as a connection would. What belongs to an earlier one means nothing any more.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// Records that follow position `prev`, sent at `sent`; the end of the chain has everything up to
    /// `stable`. Without records it asks how far the successor is.
    Forward { epoch: Epoch, prev: Position, records: Batch, stable: Position, sent: SimTime },
    /// "The end has everything up to here"; without `end`, from a backup or a node that joins: "I
    /// have".
    Ack { epoch: Epoch, attempt: SimTime, position: Position, end: bool, receipt: Receipt },
    /// "This request is for the write at `position`, which was taken before."
    Again { epoch: Epoch, id: RequestId, position: Position },
    /// "My log ends at `last`; I know that everything up to `committed` is at the end."
    Report { epoch: Epoch, attempt: SimTime, last: Position, committed: Position },
    /// "Mine has this digest at `at`: cut yours back to there if it agrees, else begin anew."
    Welcome {
        epoch: Epoch,
        attempt: SimTime,
        at: Position,
        chain: u64,
        stable: Position,
        sent: SimTime,
    },
    /// Bytes of a snapshot at `position`, from `offset` on, of `total`; without bytes it asks how much
    /// is there.
    Piece {
        epoch: Epoch,
        attempt: SimTime,
        position: Position,
        bytes: FrameRef,
        offset: u32,
        total: u32,
        sent: SimTime,
    },
    /// "I have the snapshot at `position` up to byte `upto`, having taken in the piece of `echo`."
    PieceConfirm { epoch: Epoch, attempt: SimTime, position: Position, upto: u32, echo: SimTime },
    /// "I am alive"; sent at `sent` by the process that started at `since`.
    Alive { epoch: Epoch, since: SimTime, sent: SimTime },
    /// "I heard what you sent at `sent`; this is the chain."
    AliveHeard { chain: Rc<Configuration>, sent: SimTime },
    /// "This is the chain from now on."
    Configure { chain: Rc<Configuration> },
    /// "The node that joins has everything that the end of the chain has."
    Ready { epoch: Epoch },
    /// "Leave me out, I want to be copied afresh."
    Leave { epoch: Epoch },
    /// "Which version of this key is committed?"
    VersionQuery { epoch: Epoch, id: RequestId, key: Key },
    /// "This one."
    VersionAnswer { epoch: Epoch, id: RequestId, version: Position },
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
