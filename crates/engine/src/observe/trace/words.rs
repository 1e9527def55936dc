//! What happened, as numbers: one match arm for every kind of event, note and answer.
//!
//! The reverse stands in `packed`; the round trip of every variant is tested there.

use super::code::Coded;
use crate::base::{ClientId, NodeId, OpId};
use crate::protocol::note::{PreVoteRefusal, StepDown};
use crate::protocol::{MessageFacts, Note, Outcome};
use crate::world::What;

// First tags of the families; a family counts on from its own.
pub const SENT: u8 = 1;
pub const DELIVERED: u8 = 2;
pub const LOST: u8 = 3;
pub const INVOKED: u8 = 4;
pub const ASKED: u8 = 5;
pub const REQUESTED: u8 = 6;
pub const TALK_LOST: u8 = 7;
pub const TIMED_OUT: u8 = 8;
pub const TIMER_FIRED: u8 = 9;
pub const FLUSHED: u8 = 10;
pub const DIRECTED: u8 = 11;
/// + the outcome's number, 0 to 3.
pub const ANSWERED: u8 = 16;
/// + the outcome's number; + 4 if the operation ends with it.
pub const TOLD: u8 = 24;
pub const FAULTS: u8 = 40;
pub const NOTES: u8 = 80;

/// What an event is made of, besides time and cause.
pub struct Parts {
    /// From above: another node and a small word or an attempt (16), a node (8), the tag (8).
    pub head: u32,
    /// Whose, if a client's.
    pub client: u16,
    /// Six numbers, two a word.
    pub body: [u64; 3],
}

/// Two numbers in one word.
#[inline]
pub const fn whole(low: u32, high: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

/// The first of two numbers in one word.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub const fn low(word: u64) -> u32 {
    word as u32
}

/// The second of two numbers in one word.
#[inline]
pub const fn high(word: u64) -> u32 {
    (word >> 32) as u32
}

const fn halves(word: u64) -> [u32; 2] {
    [low(word), high(word)]
}

const fn pair(node: NodeId, word: u8) -> u16 {
    (node.0 as u16) << 8 | word as u16
}

impl Parts {
    #[inline]
    const fn new(tag: u8, node: NodeId, small: u16, numbers: [u32; 6]) -> Self {
        let [a, b, c, d, e, f] = numbers;
        let head = (small as u32) << 16 | (node.0 as u32) << 8 | tag as u32;
        Self { head, client: 0, body: [whole(a, b), whole(c, d), whole(e, f)] }
    }

    const fn bare(tag: u8, node: NodeId) -> Self {
        Self::new(tag, node, 0, [0; 6])
    }

    /// A fault or a note with up to three numbers.
    const fn numbers(tag: u8, node: NodeId, numbers: [u32; 3]) -> Self {
        Self::new(tag, node, 0, [numbers[0], numbers[1], numbers[2], 0, 0, 0])
    }

    #[inline]
    fn message(tag: u8, from: NodeId, to: NodeId, message: &MessageFacts, why: u32) -> Self {
        let MessageFacts { kind, first, last, epoch, bytes } = *message;
        let body = [first.0, last.0, epoch.0, bytes, why, 0];
        Self::new(tag, from, pair(to, kind.code()), body)
    }

    #[inline]
    fn talk(tag: u8, node: NodeId, client: ClientId, op: OpId, attempt: u16) -> Self {
        Self { client: client.0, ..Self::new(tag, node, attempt, [op.0, 0, 0, 0, 0, 0]) }
    }

    /// The same with its second number.
    const fn and(mut self, second: u32) -> Self {
        self.body[0] = whole(low(self.body[0]), second);
        self
    }

    #[inline]
    fn with_outcome(mut self, outcome: &Outcome) -> Self {
        let (kind, second, rest) = match *outcome {
            Outcome::Written { position, epoch } => (0, position.0, [u64::from(epoch.0), 0]),
            Outcome::Value { value, version, applied, epoch } => {
                let rest = [whole(high(value), version.0), whole(applied.0, epoch.0)];
                (1, low(value), rest)
            }
            Outcome::NotLeader { post, leader, epoch } => {
                let leader = leader.map_or(0, |node| u32::from(node.0) + 1);
                (2, leader, [whole(epoch.0, u32::from(post.code())), 0])
            }
            Outcome::Unavailable { why, epoch } => {
                (3, u32::from(why.code()), [u64::from(epoch.0), 0])
            }
        };
        self = self.and(second);
        self.head += kind;
        self.body[1..].copy_from_slice(&rest);
        self
    }
}

/// The numbers of what happened. What happens most is told apart first, where it is asked.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
pub fn parts(what: &What) -> Parts {
    match *what {
        What::Sent { from, to, ref message } => Parts::message(SENT, from, to, message, 0),
        What::Delivered { from, to, ref message } => {
            Parts::message(DELIVERED, from, to, message, 0)
        }
        ref rarer => rarer_parts(rarer),
    }
}

fn rarer_parts(what: &What) -> Parts {
    match *what {
        What::Lost { from, to, ref message, why } => {
            Parts::message(LOST, from, to, message, u32::from(why.code()))
        }
        What::Invoked { client, op } => Parts::talk(INVOKED, NodeId(0), client, op, 0),
        What::Asked { client, node, op, attempt } => Parts::talk(ASKED, node, client, op, attempt),
        What::Requested { client, node, op, attempt } => {
            Parts::talk(REQUESTED, node, client, op, attempt)
        }
        What::Answered { node, client, op, attempt, ref outcome } => {
            Parts::talk(ANSWERED, node, client, op, attempt).with_outcome(outcome)
        }
        What::Told { node, client, op, attempt, ref outcome, ends } => {
            Parts::talk(TOLD + 4 * u8::from(ends), node, client, op, attempt).with_outcome(outcome)
        }
        What::Directed { node, client, writes, reads } => {
            let both = u32::from(writes.0) << 8 | u32::from(reads.0);
            Parts { client: client.0, ..Parts::numbers(DIRECTED, node, [both, 0, 0]) }
        }
        What::TalkLost { client, node, op, attempt, why } => {
            Parts::talk(TALK_LOST, node, client, op, attempt).and(u32::from(why.code()))
        }
        What::TimedOut { client, node, op, attempt, gave_up } => {
            Parts::talk(TIMED_OUT, node, client, op, attempt).and(u32::from(gave_up))
        }
        What::TimerFired { node, timer } => {
            Parts::numbers(TIMER_FIRED, node, [u32::from(timer.code()), 0, 0])
        }
        What::Flushed { node, bytes } => {
            let [low, high] = halves(bytes);
            Parts::numbers(FLUSHED, node, [low, high, 0])
        }
        What::Noted { node, ref note } => {
            let (tag, numbers) = note_numbers(note);
            Parts::numbers(NOTES + tag, node, numbers)
        }
        ref fault => fault_parts(fault),
    }
}

fn fault_parts(what: &What) -> Parts {
    let numbers = |tag, node, numbers| Parts::numbers(FAULTS + tag, node, numbers);
    let bare = |tag, node| Parts::bare(FAULTS + tag, node);
    match *what {
        What::Crashed { node } => bare(0, node),
        What::PoweredOff { node, lost_bytes, torn } => {
            let [low, high] = halves(lost_bytes);
            numbers(1, node, [u32::from(torn), low, high])
        }
        What::Paused { node } => bare(2, node),
        What::Resumed { node, waited } => numbers(3, node, [waited, 0, 0]),
        What::Started { node } => bare(4, node),
        What::Added { node } => bare(5, node),
        What::LinkCut { from, to } => numbers(6, from, [u32::from(to.0), 0, 0]),
        What::LinkHealed { from, to } => numbers(7, from, [u32::from(to.0), 0, 0]),
        What::ClientsCut { node, cut } => numbers(8, node, [u32::from(cut), 0, 0]),
        What::LinkDisturbed { from, to, extra } => {
            let [low, high] = halves(extra.micros());
            numbers(9, from, [u32::from(to.0), low, high])
        }
        What::DiskSlowed { node, factor } => numbers(10, node, [factor, 0, 0]),
        What::DiskFull { node, full } => numbers(11, node, [u32::from(full), 0, 0]),
        What::Ordered { node, promote } => numbers(12, node, [u32::from(promote), 0, 0]),
        What::Meddled { message } => numbers(13, NodeId(0), [message.0, 0, 0]),
        What::ClientsQuiet { quiet } => numbers(14, NodeId(0), [u32::from(quiet), 0, 0]),
        What::ActionRefused { node, why, line } => {
            let named = u32::from(node.is_some());
            numbers(15, node.unwrap_or_default(), [named, u32::from(why.code()), line])
        }
        What::LimitReached(limit) => numbers(16, NodeId(0), [u32::from(limit.code()), 0, 0]),
        What::Applied { node, position } => numbers(36, node, [position.0, 0, 0]),
        What::ApplyingPaused { node, paused } => numbers(37, node, [u32::from(paused), 0, 0]),
        What::ClockSet { node, skew_us } => {
            let [low, high] = halves(u64::from_ne_bytes(skew_us.to_ne_bytes()));
            numbers(30, node, [low, high, 0])
        }
        What::Sent { .. }
        | What::Delivered { .. }
        | What::Lost { .. }
        | What::Invoked { .. }
        | What::Asked { .. }
        | What::Requested { .. }
        | What::Answered { .. }
        | What::Told { .. }
        | What::Directed { .. }
        | What::TalkLost { .. }
        | What::TimedOut { .. }
        | What::TimerFired { .. }
        | What::Flushed { .. }
        | What::Noted { .. } => Parts::bare(0, NodeId(0)),
    }
}

fn note_numbers(note: &Note) -> (u8, [u32; 3]) {
    let id = |node: NodeId| u32::from(node.0);
    match *note {
        Note::Appended { op, position } => (0, [op.0, position.0, 0]),
        Note::Committed { position } => (1, [position.0, 0, 0]),
        Note::Suspected { leader, epoch } => (2, [id(leader), epoch.0, 0]),
        Note::TrustedAgain { leader } => (3, [id(leader), 0, 0]),
        Note::AskedForVotes { epoch } => (4, [epoch.0, 0, 0]),
        Note::Voted { candidate, epoch } => (5, [id(candidate), epoch.0, 0]),
        Note::Surveyed { epoch } => (6, [epoch.0, 0, 0]),
        Note::Promoted { epoch, position } => (7, [epoch.0, position.0, 0]),
        Note::SteppedDown { epoch, later, why } => (8, [epoch.0, later.0, step_down_number(why)]),
        Note::AskedForPreVotes { epoch } => (38, [epoch.0, 0, 0]),
        Note::RefusedPreVote { candidate, why } => (39, [id(candidate), refusal_number(why), 0]),
        Note::Follows { leader, epoch } => (9, [id(leader), epoch.0, 0]),
        Note::LeaseEnded => (10, [0; 3]),
        Note::LeaseRenewed => (11, [0; 3]),
        Note::CatchUpFromLog { node, from } => (12, [id(node), from.0, 0]),
        Note::CatchUpFromSnapshot { node, position, bytes } => (13, [id(node), position.0, bytes]),
        Note::SnapshotArrived { bytes, of } => (14, [bytes, of, 0]),
        Note::SnapshotInstalled { position } => (15, [position.0, 0, 0]),
        Note::LogTruncatedMeanwhile { node, needs, first } => (16, [id(node), needs.0, first.0]),
        Note::CaughtUp { node, position } => (17, [id(node), position.0, 0]),
        Note::LogTruncated { first } => (18, [first.0, 0, 0]),
        Note::Rewound { from, to } => (19, [from.0, to.0, 0]),
        Note::AppliesFirst { from, to } => (50, [from.0, to.0, 0]),
        Note::Discarded { from, to } => (51, [from.0, to.0, 0]),
        Note::Stranded { at } => (20, [at.0, 0, 0]),
        Note::DiskRead { records, torn } => (21, [records, u32::from(torn), 0]),
        Note::GaveUp { node, silent } => {
            let [low, high] = halves(silent.micros());
            (22, [id(node), low, high])
        }
        Note::MadeSynchronous { node } => (23, [id(node), 0, 0]),
        Note::Degraded { after } => {
            let [low, high] = halves(after.micros());
            (24, [low, high, 0])
        }
        Note::Rearmed => (25, [0; 3]),
        Note::Resent { to, from } => (26, [id(to), from.0, 0]),
        Note::Fenced { from, epoch } => (27, [id(from), epoch.0, 0]),
        Note::CopyFiles { node, pages } => (80, [id(node), pages, 0]),
        Note::PageCopied { page, at } => (81, [page, at.0, 0]),
        Note::FilesOpened { position } => (82, [position.0, 0, 0]),
        Note::Limit(limit) => (28, [u32::from(limit.code()), 0, 0]),
        Note::Coordinated { op, version } => (60, [op.0, version.0, 0]),
        Note::QuorumMissed { op, got, needed } => (61, [op.0, u32::from(got), u32::from(needed)]),
        Note::Repaired { node, version } => (62, [id(node), version.0, 0]),
        Note::Unresponsive { node } => (63, [id(node), 0, 0]),
        Note::Responsive { node } => (64, [id(node), 0, 0]),
        Note::HintKept { node, version } => (65, [id(node), version.0, 0]),
        Note::HandedOff { node, versions } => (66, [id(node), versions, 0]),
        Note::RangesDiffer { node, ranges } => (67, [id(node), ranges, 0]),
        Note::Filled { node, versions } => (68, [id(node), versions, 0]),
        Note::TombstoneDropped { version } => (69, [version.0, 0, 0]),
        Note::HasItsData { versions } => (70, [versions, 0, 0]),
        Note::LeftOut { node, epoch } => (29, [id(node), epoch.0, 0]),
        Note::TakenIn { node, epoch } => (30, [id(node), epoch.0, 0]),
        Note::Admitted { node } => (31, [id(node), 0, 0]),
        Note::BecameHead { epoch, position } => (32, [epoch.0, position.0, 0]),
        Note::BecameTail { epoch, position } => (33, [epoch.0, position.0, 0]),
        Note::Outside { epoch } => (34, [epoch.0, 0, 0]),
        Note::Joined { to, from, missing } => (35, [id(to), from.0, missing]),
        Note::Conflict { won, lost, by } => (90, [won.0, lost.0, u32::from(by.code())]),
        Note::HeldBack { op, missing } => (91, [id(missing), op.0, 0]),
        Note::TakenEarly { op, missing } => (92, [id(missing), op.0, 0]),
        Note::Released { op } => (93, [op.0, 0, 0]),
        Note::LoopCut { op } => (94, [op.0, 0, 0]),
        Note::ServiceSilent => (36, [0; 3]),
        Note::ServiceHeard => (37, [0; 3]),
    }
}

/// A small word in the lowest byte, above it up to two nodes, each counted from 1.
const fn reason(word: u8, one: Option<NodeId>, other: Option<NodeId>) -> u32 {
    const fn place(node: Option<NodeId>) -> u32 {
        match node {
            Some(node) => node.0 as u32 + 1,
            None => 0,
        }
    }
    place(other) << 16 | place(one) << 8 | word as u32
}

const fn step_down_number(why: StepDown) -> u32 {
    match why {
        StepDown::TurnedAway { by, leader } => reason(0, Some(by), leader),
        StepDown::Replaced { by } => reason(1, Some(by), None),
        StepDown::AskedForVote { by } => reason(2, Some(by), None),
        StepDown::LaterEpoch { by } => reason(3, Some(by), None),
        StepDown::ToldByClient => reason(4, None, None),
        StepDown::SameEpoch { by } => reason(5, Some(by), None),
        StepDown::Ordered => reason(6, None, None),
    }
}

const fn refusal_number(why: PreVoteRefusal) -> u32 {
    match why {
        PreVoteRefusal::HearsLeader(leader) => reason(0, Some(leader), None),
        PreVoteRefusal::Bound => reason(1, None, None),
        PreVoteRefusal::LaterEpoch => reason(2, None, None),
        PreVoteRefusal::Emptied => reason(3, None, None),
        PreVoteRefusal::LogBehind => reason(4, None, None),
    }
}
