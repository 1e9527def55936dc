//! What the nodes of a single-leader cluster say to each other.
//!
//! | from → to | message | when |
//! |---|---|---|
//! | leader → follower | `Append` | the log grew, or a part of it is sent again |
//! | follower → leader | `Confirm` | records were received, flushed, applied |
//! | leader → follower | `Heartbeat` | every heartbeat interval |
//! | follower → leader | `Alive` | a heartbeat was heard |
//! | follower → leader | `Hello` | it wants to be fed: its log ends there |
//! | leader → follower | `Compare` | the logs part before there: what stands here? |
//! | leader → follower | `Continue` | the logs agree up to here |
//! | leader → follower | `Gone` | the log no longer reaches back so far |
//! | leader → follower | `Piece`, follower → leader `PieceConfirm` | a snapshot is copied |
//! | leader → follower | `Page`, follower → leader `PageConfirm` | data files are copied |
//! | follower → all | `PreVoteRequest`, answered by `PreVote` | majority promotion, before an epoch is begun |
//! | candidate → all | `VoteRequest`, answered by `Vote` | majority promotion |
//! | first to notice → all | `Survey`, answered by `Standing`; then `Appoint` | first-to-notice promotion |
//! | anybody → somebody of an older epoch | `Fence` | fencing |

use std::rc::Rc;

use engine::base::{Epoch, NodeId, Position, SimTime};
use engine::protocol::{FrameRef, MessageFacts, MessageKind, RecordRef, Records};

/// A message. All carry their sender's epoch.
///
/// `since` is when the follower began its present attempt to attach itself: it names the attempt,
/// as a connection would. What belongs to an earlier one means nothing any more, for the follower
/// may have restarted, cut its log back or been emptied in between.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// Records that follow position `prev`; the leader has committed up to `committed`.
    Append { epoch: Epoch, prev: Position, records: Batch, committed: Position },
    /// The follower's log agrees with the leader's up to here: in memory, durable, visible.
    Confirm {
        epoch: Epoch,
        since: SimTime,
        received: Position,
        flushed: Position,
        applied: Position,
    },
    /// "I am alive"; sent at `sent` by the leader's own clock, which names it, when its time of day
    /// was `stamp`. With `greet`, the leader does not know how far the follower's log reaches and
    /// asks for a `Hello`.
    Heartbeat { epoch: Epoch, committed: Position, sent: SimTime, stamp: i64, greet: bool },
    /// "I heard the heartbeat that you sent at `sent`, and my log ended at `last` then"; a `since` of
    /// no attempt: "I am not attached".
    Alive { epoch: Epoch, sent: SimTime, since: SimTime, last: Position },
    /// "At `at`, at or before the end of my log, I have a record of epoch `of` with this chain."
    /// With `fresh`, the follower has thrown its data away or never had any.
    Hello {
        epoch: Epoch,
        since: SimTime,
        at: Position,
        of: Epoch,
        chain: u64,
        flushed: Position,
        fresh: bool,
    },
    /// "Ours differ there. What do you have at or before `at`, not later than epoch `of`?"
    Compare { epoch: Epoch, since: SimTime, at: Position, of: Epoch },
    /// "Ours agree up to `from`; what follows is on its way."
    Continue { epoch: Epoch, since: SimTime, from: Position },
    /// "My log begins with `first`: you must be copied."
    Gone { epoch: Epoch, first: Position },
    /// Bytes of a snapshot at `position`, from `offset` on, of `total`.
    Piece {
        epoch: Epoch,
        since: SimTime,
        position: Position,
        bytes: FrameRef,
        offset: u32,
        total: u32,
    },
    /// "I have the snapshot at `position` up to byte `upto`."
    PieceConfirm { epoch: Epoch, since: SimTime, position: Position, upto: u32 },
    /// A page of the data files, of `of`, read when the leader stood at `at`; the one after the last
    /// holds what is kept beside them.
    Page { epoch: Epoch, since: SimTime, number: u32, of: u32, at: Position, bytes: FrameRef },
    /// "I have the pages up to this one."
    PageConfirm { epoch: Epoch, since: SimTime, upto: u32 },
    /// "Would you vote for me in this epoch, which I have not begun? My log ends at `last` with a
    /// record of epoch `of`."
    PreVoteRequest { epoch: Epoch, last: Position, of: Epoch },
    /// The answer: given, for the epoch asked about; refused, with the highest epoch that who
    /// refuses has had a part in.
    PreVote { epoch: Epoch, given: bool },
    /// "Vote for me in this epoch; my log ends at `last` with a record of epoch `of`."
    VoteRequest { epoch: Epoch, last: Position, of: Epoch },
    /// A vote, given or refused.
    Vote { epoch: Epoch, given: bool },
    /// "I take the leader for dead and choose one for this epoch: how far does your log reach?"
    Survey { epoch: Epoch },
    /// The answer.
    Standing { epoch: Epoch, last: Position, of: Epoch },
    /// "You lead in this epoch."
    Appoint { epoch: Epoch },
    /// "Your epoch is over; I know this one, led by that node."
    Fence { epoch: Epoch, leader: Option<NodeId> },
}

/// One record or several, by number.
#[derive(Clone, PartialEq, Debug)]
pub enum Batch {
    /// The usual case, without an allocation.
    One(RecordRef),
    /// Several, in order of position.
    Many(Rc<[RecordRef]>),
}

impl Batch {
    /// The records.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[RecordRef] {
        match self {
            Self::One(record) => std::slice::from_ref(record),
            Self::Many(records) => records,
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
            Self::Append { epoch, .. }
            | Self::Confirm { epoch, .. }
            | Self::Heartbeat { epoch, .. }
            | Self::Alive { epoch, .. }
            | Self::Hello { epoch, .. }
            | Self::Compare { epoch, .. }
            | Self::Continue { epoch, .. }
            | Self::Gone { epoch, .. }
            | Self::Piece { epoch, .. }
            | Self::PieceConfirm { epoch, .. }
            | Self::Page { epoch, .. }
            | Self::PageConfirm { epoch, .. }
            | Self::PreVoteRequest { epoch, .. }
            | Self::PreVote { epoch, .. }
            | Self::VoteRequest { epoch, .. }
            | Self::Vote { epoch, .. }
            | Self::Survey { epoch }
            | Self::Standing { epoch, .. }
            | Self::Appoint { epoch }
            | Self::Fence { epoch, .. } => *epoch,
        }
    }

    /// Whether only a leader of its epoch says this.
    #[must_use]
    #[inline]
    pub fn is_from_leader(&self) -> bool {
        matches!(
            self,
            Self::Append { .. }
                | Self::Heartbeat { .. }
                | Self::Compare { .. }
                | Self::Continue { .. }
                | Self::Gone { .. }
                | Self::Piece { .. }
                | Self::Page { .. }
        )
    }

    /// What a reader may see of it. What goes to and fro for every write is told apart first.
    #[must_use]
    #[inline]
    pub fn facts(&self, records: &Records) -> MessageFacts {
        match self {
            Self::Append { epoch, prev, records: Batch::One(record), .. } => {
                let (kind, at) = (MessageKind::Append, prev.next());
                let load = records.get(*record).map_or(0, |record| record.frame.len);
                MessageFacts { kind, first: at, last: at, epoch: *epoch, bytes: ENVELOPE + load }
            }
            Self::Confirm { epoch, received: at, .. } => {
                let kind = MessageKind::Confirm;
                MessageFacts { kind, first: *at, last: *at, epoch: *epoch, bytes: ENVELOPE }
            }
            other => other.facts_of_any(records),
        }
    }

    fn facts_of_any(&self, records: &Records) -> MessageFacts {
        let (kind, first, last, load) = match self {
            Self::Append { prev, records: batch, .. } => {
                let batch = batch.as_slice();
                let load = batch.iter().filter_map(|r| records.get(*r)).map(|r| r.frame.len).sum();
                let count = u32::try_from(batch.len()).unwrap_or(u32::MAX);
                // Without records its range is empty and begins at 0: nothing to apply.
                let (first, last) = match count {
                    0 => (Position::ZERO, Position::ZERO),
                    _ => (prev.next(), Position(prev.0 + count)),
                };
                (MessageKind::Append, first, last, load)
            }
            Self::Confirm { received, .. } => (MessageKind::Confirm, *received, *received, 0),
            Self::Heartbeat { committed, .. } => {
                (MessageKind::Heartbeat, Position::ZERO, *committed, 0)
            }
            Self::Alive { .. } => (MessageKind::HeartbeatAnswer, Position::ZERO, Position::ZERO, 0),
            Self::Hello { at, .. } => (MessageKind::Hello, *at, *at, 0),
            Self::Compare { at, .. } | Self::Continue { from: at, .. } => {
                (MessageKind::Welcome, *at, *at, 0)
            }
            Self::Gone { first, .. } => (MessageKind::Welcome, *first, *first, 0),
            Self::Piece { position, bytes, .. } => {
                (MessageKind::SnapshotPiece, Position::ZERO, *position, bytes.len)
            }
            Self::PieceConfirm { position, .. } => {
                (MessageKind::SnapshotConfirm, Position::ZERO, *position, 0)
            }
            Self::Page { number, of, at, bytes, .. } => {
                let page = if number < of { number + 1 } else { 0 };
                (MessageKind::Page, Position(page), *at, bytes.len)
            }
            Self::PageConfirm { upto, .. } => {
                (MessageKind::PageConfirm, Position::ZERO, Position(*upto), 0)
            }
            Self::PreVoteRequest { last, .. } => {
                (MessageKind::PreVoteRequest, Position::ZERO, *last, 0)
            }
            Self::PreVote { .. } => (MessageKind::PreVote, Position::ZERO, Position::ZERO, 0),
            Self::VoteRequest { last, .. } => (MessageKind::VoteRequest, Position::ZERO, *last, 0),
            Self::Vote { .. } => (MessageKind::Vote, Position::ZERO, Position::ZERO, 0),
            Self::Survey { .. } => (MessageKind::Survey, Position::ZERO, Position::ZERO, 0),
            Self::Standing { last, .. } => (MessageKind::Standing, Position::ZERO, *last, 0),
            Self::Appoint { .. } => (MessageKind::Appoint, Position::ZERO, Position::ZERO, 0),
            Self::Fence { .. } => (MessageKind::Fence, Position::ZERO, Position::ZERO, 0),
        };
        MessageFacts { kind, first, last, epoch: self.epoch(), bytes: ENVELOPE + load }
    }
}
