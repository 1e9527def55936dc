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

/// A message. All carry an epoch: their sender's, where the field says nothing else.
///
/// `since` is when the follower began its present attempt to attach itself, by its own clock: it
/// names the attempt, as a connection would. What belongs to an earlier one means nothing any more,
/// for the follower may have restarted, cut its log back or been emptied in between.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// Records for the follower's log, which it confirms.
    Append {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// Position that the first of the records follows; 0: the log begins with it.
        prev: Position,
        /// In order and without a gap; none: the follower is asked to confirm what it has.
        records: Batch,
        /// Up to here the leader has committed; that may lie beyond the follower's log.
        committed: Position,
    },
    /// How far the follower's log agrees with the leader's.
    Confirm {
        /// Epoch in which the sender takes the receiver for the leader.
        epoch: Epoch,
        /// The attempt in which the logs were found to agree; the leader ignores any other.
        since: SimTime,
        /// Its log ends here: up to here the records are in its memory.
        received: Position,
        /// Up to here the records are flushed to its disk.
        flushed: Position,
        /// Up to here the records are applied: readers of the follower see them.
        applied: Position,
    },
    /// "I am alive", in every heartbeat interval, or to who surveys while the leader lives.
    Heartbeat {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// Up to here the leader has committed.
        committed: Position,
        /// When it left, by the time elapsed on the leader's own clock; the answer names it.
        sent: SimTime,
        /// The leader's time of day then, in microseconds; it may be wrong, and it may jump.
        stamp: i64,
        /// Whether the leader does not know how far that log reaches and asks for a `Hello`.
        greet: bool,
    },
    /// "I heard that heartbeat."
    Alive {
        /// Epoch in which the sender takes the receiver for the leader.
        epoch: Epoch,
        /// When the heartbeat left, by the leader's clock.
        sent: SimTime,
        /// The sender's present attempt; `SimTime::NEVER`: it is not attached.
        since: SimTime,
        /// Its log ended here when it heard the heartbeat; not all of that need be flushed.
        last: Position,
    },
    /// "I want to be fed, and this is what I have."
    Hello {
        /// Epoch in which the sender takes the receiver for the leader.
        epoch: Epoch,
        /// The sender's present attempt; of an earlier one the leader takes no notice.
        since: SimTime,
        /// Where its log ends, or where the logs were compared last; 0: before its first record.
        at: Position,
        /// Epoch of its record at `at`; 0 if `at` is 0.
        of: Epoch,
        /// Digest of its log up to `at`: if the leader's is the same, the logs agree up to there.
        chain: u64,
        /// Up to here its log is flushed; at most `at`.
        flushed: Position,
        /// Whether it has thrown its data away or never had any: it is copied to at once.
        fresh: bool,
    },
    /// "Our logs part before there. What do you have at or before this?"
    Compare {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// The follower's attempt that this answers, as its `Hello` named it.
        since: SimTime,
        /// The last position of the leader's log at which the two may still agree.
        at: Position,
        /// Epoch of the leader's record at `at`, 0 if `at` is 0; the answer is of no later one.
        of: Epoch,
    },
    /// "Our logs agree."
    Continue {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// The follower's attempt that this answers, as its `Hello` named it.
        since: SimTime,
        /// Position of the last record that both logs share, 0: none; what follows is on its way.
        from: Position,
    },
    /// "I no longer have the records that you need": an administrator must order a copy.
    Gone {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// The first position that the leader's log still has.
        first: Position,
    },
    /// A piece of a snapshot.
    Piece {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// The follower's attempt that this answers, as its `Hello` named it.
        since: SimTime,
        /// The snapshot holds the data as of this position.
        position: Position,
        /// The bytes of this piece.
        bytes: FrameRef,
        /// Bytes of the snapshot that stand before this piece.
        offset: u32,
        /// Bytes of the whole snapshot.
        total: u32,
    },
    /// "So much of the snapshot is here."
    PieceConfirm {
        /// Epoch in which the sender takes the receiver for the leader.
        epoch: Epoch,
        /// The attempt in which the snapshot is copied.
        since: SimTime,
        /// Position of the data in the snapshot: it tells this one from another.
        position: Position,
        /// Bytes that are here without a gap, counted from the first.
        upto: u32,
    },
    /// A page of the data files; each is of the moment in which it was read.
    Page {
        /// Epoch in which the sender leads.
        epoch: Epoch,
        /// The follower's attempt that this answers, as its `Hello` named it.
        since: SimTime,
        /// Which page, counted from 0; the one after the last holds what is kept beside them.
        number: u32,
        /// How many pages there are, without what is kept beside them.
        of: u32,
        /// Up to here the leader had applied when it read the page.
        at: Position,
        /// The bytes of this page.
        bytes: FrameRef,
    },
    /// "So many pages are here."
    PageConfirm {
        /// Epoch in which the sender takes the receiver for the leader.
        epoch: Epoch,
        /// The attempt in which the files are copied.
        since: SimTime,
        /// How many are here without a gap; what is kept beside the pages counts as one more.
        upto: u32,
    },
    /// "Would you vote for me in this epoch, which I have not begun?"
    PreVoteRequest {
        /// The epoch in which the sender would ask for votes; its own is an earlier one.
        epoch: Epoch,
        /// The sender's log ends here; 0: it is empty.
        last: Position,
        /// Epoch of its last record; 0 if it has none.
        of: Epoch,
    },
    /// The answer, which binds nobody.
    PreVote {
        /// The epoch asked about; if refused, the highest that the sender has had a part in.
        epoch: Epoch,
        /// Whether the sender would vote for who asked.
        given: bool,
    },
    /// "Vote for me"; the candidate's own vote is flushed.
    VoteRequest {
        /// The epoch that the candidate has begun and wants to lead in.
        epoch: Epoch,
        /// Position of the last record that the candidate would keep if it led; 0: none.
        last: Position,
        /// Epoch of that record; 0 if there is none.
        of: Epoch,
    },
    /// The answer.
    Vote {
        /// The epoch in which the vote counts.
        epoch: Epoch,
        /// Whether it is for the candidate; then it was flushed before it was sent.
        given: bool,
    },
    /// "I take the leader for dead and choose one: how far does your log reach?"
    Survey {
        /// The epoch in which the one chosen shall lead; the sender's own is an earlier one.
        epoch: Epoch,
    },
    /// The answer.
    Standing {
        /// The epoch of the survey; the sender's own is an earlier one.
        epoch: Epoch,
        /// Position of the last record that the sender would keep if it led; 0: none.
        last: Position,
        /// Epoch of that record; 0 if there is none.
        of: Epoch,
    },
    /// "You lead."
    Appoint {
        /// The epoch in which the receiver shall lead: that of the survey.
        epoch: Epoch,
    },
    /// "Your epoch is over", to who leads or asks for votes in an older one.
    Fence {
        /// The sender's epoch, later than that of the message that is turned away.
        epoch: Epoch,
        /// Whom the sender takes for its leader; `None`: it knows of none.
        leader: Option<NodeId>,
    },
}

/// One record or several, by number.
#[derive(Clone, PartialEq, Debug)]
pub enum Batch {
    /// The usual case, without an allocation.
    One(RecordRef),
    /// Several in order of position, or none.
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
    /// The epoch that it carries.
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
