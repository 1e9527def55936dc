//! An event in 40 bytes, in words of fixed meaning: what is kept, and what a digest folds.
//!
//! The public [`Event`] takes 56, and its layout is the compiler's business. Here every field has
//! its place, so that the same event gives the same words on every machine and in every build.

use super::code::Coded;
use super::words::{
    ANSWERED, ASKED, DELIVERED, DIRECTED, FAULTS, FLUSHED, INVOKED, LOST, NOTES, Parts, REQUESTED,
    SENT, TALK_LOST, TIMED_OUT, TIMER_FIRED, TOLD, high, low, parts, whole,
};
use crate::base::{ClientId, Epoch, EventId, NodeId, OpId, Position, SimTime, Span};
use crate::protocol::note::{NodeLimit, PreVoteRefusal, Resolution, StepDown};
use crate::protocol::{MessageFacts, MessageKind, Note, Outcome, TimerKind};
use crate::world::{Dropped, Event, Limit, Refused, What};

/// Time takes the upper 48 bits of its word: 8.9 years of microseconds.
const STAMP_SHIFT: u32 = 16;

/// An event as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    // Time and, in the lower 16 bits, the client if the event has one.
    stamp: u64,
    // From above: the cause (32), another node and a small word or the number of an attempt (16),
    // a node (8), the tag (8).
    head: u64,
    // Six numbers of 32 bits, the first in the lower half of the first word.
    body: [u64; 3],
}

impl Packed {
    /// Packs an event; its number is known by where it is kept.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn pack(event: &Event) -> Self {
        let Parts { head, client, body } = parts(&event.what);
        let stamp = event.at.micros() << STAMP_SHIFT | u64::from(client);
        Self { stamp, head: u64::from(event.cause.0) << 32 | u64::from(head), body }
    }

    /// The event again.
    pub fn unpack(&self, id: EventId) -> Option<Event> {
        let what = self.what()?;
        Some(Event { id, at: self.at(), cause: EventId(high(self.head)), what })
    }

    /// When it happened.
    pub const fn at(&self) -> SimTime {
        SimTime::from_micros(self.stamp >> STAMP_SHIFT)
    }

    /// All its words in one. The products are independent of one another, so that this costs two
    /// nanoseconds and not ten.
    #[inline]
    pub fn fingerprint(&self) -> u64 {
        let [first, second, third] = self.body;
        self.stamp.wrapping_mul(0xff51_afd7_ed55_8ccd)
            ^ self.head.wrapping_mul(0xc4ce_b9fe_1a85_ec53).rotate_left(13)
            ^ first.wrapping_mul(0x9fb2_1c65_1e98_df25).rotate_left(27)
            ^ second.wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(41)
            ^ third.wrapping_mul(0xa076_1d64_78bd_642f).rotate_left(55)
    }

    fn what(&self) -> Option<What> {
        match self.tag() {
            SENT..=LOST => self.message(),
            INVOKED..FAULTS => self.client_or_machine(),
            FAULTS..NOTES => self.fault(),
            _ => Some(What::Noted { node: self.node(), note: self.note()? }),
        }
    }

    const fn tag(&self) -> u8 {
        self.head.to_le_bytes()[0]
    }

    const fn node(&self) -> NodeId {
        NodeId(self.head.to_le_bytes()[1])
    }

    const fn small_word(&self) -> u8 {
        self.head.to_le_bytes()[2]
    }

    const fn other_node(&self) -> NodeId {
        NodeId(self.head.to_le_bytes()[3])
    }

    const fn attempt(&self) -> u16 {
        u16::from_le_bytes([self.head.to_le_bytes()[2], self.head.to_le_bytes()[3]])
    }

    const fn client(&self) -> ClientId {
        ClientId(u16::from_le_bytes([self.stamp.to_le_bytes()[0], self.stamp.to_le_bytes()[1]]))
    }

    /// One of the six numbers.
    const fn number(&self, index: usize) -> u32 {
        let word = self.body[index / 2];
        if index % 2 == 0 { low(word) } else { high(word) }
    }

    const fn byte(&self, index: usize) -> u8 {
        self.number(index).to_le_bytes()[0]
    }

    const fn yes(&self, index: usize) -> bool {
        self.number(index) == 1
    }

    /// Two neighbouring numbers as one.
    const fn long(&self, index: usize) -> u64 {
        whole(self.number(index), self.number(index + 1))
    }

    const fn position(&self, index: usize) -> Position {
        Position(self.number(index))
    }

    const fn epoch(&self, index: usize) -> Epoch {
        Epoch(self.number(index))
    }

    const fn peer(&self, index: usize) -> NodeId {
        NodeId(self.byte(index))
    }

    const fn span(&self, index: usize) -> Span {
        Span::from_micros(self.long(index))
    }

    fn message(&self) -> Option<What> {
        let (from, to) = (self.node(), self.other_node());
        let message = MessageFacts {
            kind: MessageKind::from_code(self.small_word())?,
            first: self.position(0),
            last: self.position(1),
            epoch: self.epoch(2),
            bytes: self.number(3),
        };
        Some(match self.tag() {
            SENT => What::Sent { from, to, message },
            DELIVERED => What::Delivered { from, to, message },
            _ => What::Lost { from, to, message, why: Dropped::from_code(self.byte(4))? },
        })
    }

    fn client_or_machine(&self) -> Option<What> {
        let (client, node) = (self.client(), self.node());
        let (op, attempt) = (OpId(self.number(0)), self.attempt());
        Some(match self.tag() {
            INVOKED => What::Invoked { client, op },
            ASKED => What::Asked { client, node, op, attempt },
            REQUESTED => What::Requested { client, node, op, attempt },
            TALK_LOST => {
                let why = Dropped::from_code(self.byte(1))?;
                What::TalkLost { client, node, op, attempt, why }
            }
            TIMED_OUT => What::TimedOut { client, node, op, attempt, gave_up: self.yes(1) },
            TIMER_FIRED => What::TimerFired { node, timer: TimerKind::from_code(self.byte(0))? },
            FLUSHED => What::Flushed { node, bytes: self.long(0) },
            DIRECTED => {
                let [reads, writes, ..] = self.number(0).to_le_bytes();
                What::Directed { node, client, writes: NodeId(writes), reads: NodeId(reads) }
            }
            ANSWERED..TOLD => {
                let outcome = self.outcome(self.tag() - ANSWERED)?;
                What::Answered { node, client, op, attempt, outcome }
            }
            TOLD..FAULTS => {
                let kind = self.tag() - TOLD;
                let (outcome, ends) = (self.outcome(kind & 3)?, kind & 4 != 0);
                What::Told { node, client, op, attempt, outcome, ends }
            }
            _ => return None,
        })
    }

    fn outcome(&self, kind: u8) -> Option<Outcome> {
        Some(match kind {
            0 => Outcome::Written { position: self.position(1), epoch: self.epoch(2) },
            1 => Outcome::Value {
                value: self.long(1),
                version: self.position(3),
                applied: self.position(4),
                epoch: self.epoch(5),
            },
            2 => Outcome::NotLeader {
                post: Coded::from_code(self.byte(3))?,
                leader: self.byte(1).checked_sub(1).map(NodeId),
                epoch: self.epoch(2),
            },
            3 => {
                Outcome::Unavailable { why: Coded::from_code(self.byte(1))?, epoch: self.epoch(2) }
            }
            _ => return None,
        })
    }

    fn fault(&self) -> Option<What> {
        let node = self.node();
        let to = self.peer(0);
        let yes = self.yes(0);
        Some(match self.tag() - FAULTS {
            0 => What::Crashed { node },
            1 => What::PoweredOff { node, lost_bytes: self.long(1), torn: yes },
            2 => What::Paused { node },
            3 => What::Resumed { node, waited: self.number(0) },
            4 => What::Started { node },
            5 => What::Added { node },
            6 => What::LinkCut { from: node, to },
            7 => What::LinkHealed { from: node, to },
            8 => What::ClientsCut { node, cut: yes },
            9 => What::LinkDisturbed { from: node, to, extra: self.span(1) },
            10 => What::DiskSlowed { node, factor: self.number(0) },
            11 => What::DiskFull { node, full: yes },
            12 => What::Ordered { node, promote: yes },
            13 => What::Meddled { message: EventId(self.number(0)) },
            14 => What::ClientsQuiet { quiet: yes },
            15 => What::ActionRefused {
                node: yes.then_some(node),
                why: Refused::from_code(self.byte(1))?,
                line: self.number(2),
            },
            16 => What::LimitReached(Limit::from_code(self.byte(0))?),
            36 => What::Applied { node, position: self.position(0) },
            37 => What::ApplyingPaused { node, paused: yes },
            30 => What::ClockSet { node, skew_us: i64::from_ne_bytes(self.long(0).to_ne_bytes()) },
            _ => return None,
        })
    }

    fn note(&self) -> Option<Note> {
        Some(match self.tag() - NOTES {
            0 => Note::Appended { op: OpId(self.number(0)), position: self.position(1) },
            1 => Note::Committed { position: self.position(0) },
            2 => Note::Suspected { leader: self.peer(0), epoch: self.epoch(1) },
            3 => Note::TrustedAgain { leader: self.peer(0) },
            4 => Note::AskedForVotes { epoch: self.epoch(0) },
            5 => Note::Voted { candidate: self.peer(0), epoch: self.epoch(1) },
            6 => Note::Surveyed { epoch: self.epoch(0) },
            7 => Note::Promoted { epoch: self.epoch(0), position: self.position(1) },
            8 => Note::SteppedDown {
                epoch: self.epoch(0),
                later: self.epoch(1),
                why: self.step_down(2)?,
            },
            38 => Note::AskedForPreVotes { epoch: self.epoch(0) },
            39 => Note::RefusedPreVote { candidate: self.peer(0), why: self.refusal(1)? },
            9 => Note::Follows { leader: self.peer(0), epoch: self.epoch(1) },
            10 => Note::LeaseEnded,
            11 => Note::LeaseRenewed,
            12 => Note::CatchUpFromLog { node: self.peer(0), from: self.position(1) },
            13 => Note::CatchUpFromSnapshot {
                node: self.peer(0),
                position: self.position(1),
                bytes: self.number(2),
            },
            14 => Note::SnapshotArrived { bytes: self.number(0), of: self.number(1) },
            15 => Note::SnapshotInstalled { position: self.position(0) },
            16 => Note::LogTruncatedMeanwhile {
                node: self.peer(0),
                needs: self.position(1),
                first: self.position(2),
            },
            17 => Note::CaughtUp { node: self.peer(0), position: self.position(1) },
            18 => Note::LogTruncated { first: self.position(0) },
            19 => Note::Rewound { from: self.position(0), to: self.position(1) },
            20 => Note::Stranded { at: self.position(0) },
            21 => Note::DiskRead { records: self.number(0), torn: self.yes(1) },
            22 => Note::GaveUp { node: self.peer(0), silent: self.span(1) },
            23 => Note::MadeSynchronous { node: self.peer(0) },
            24 => Note::Degraded { after: self.span(0) },
            25 => Note::Rearmed,
            26 => Note::Resent { to: self.peer(0), from: self.position(1) },
            27 => Note::Fenced { from: self.peer(0), epoch: self.epoch(1) },
            28 => Note::Limit(NodeLimit::from_code(self.byte(0))?),
            29 => Note::LeftOut { node: self.peer(0), epoch: self.epoch(1) },
            30 => Note::TakenIn { node: self.peer(0), epoch: self.epoch(1) },
            31 => Note::Admitted { node: self.peer(0) },
            32 => Note::BecameHead { epoch: self.epoch(0), position: self.position(1) },
            33 => Note::BecameTail { epoch: self.epoch(0), position: self.position(1) },
            34 => Note::Outside { epoch: self.epoch(0) },
            35 => {
                Note::Joined { to: self.peer(0), from: self.position(1), missing: self.number(2) }
            }
            50 => Note::AppliesFirst { from: self.position(0), to: self.position(1) },
            51 => Note::Discarded { from: self.position(0), to: self.position(1) },
            36 => Note::ServiceSilent,
            37 => Note::ServiceHeard,
            80 => Note::CopyFiles { node: self.peer(0), pages: self.number(1) },
            81 => Note::PageCopied { page: self.number(0), at: self.position(1) },
            82 => Note::FilesOpened { position: self.position(0) },
            tag => return self.version_note(tag),
        })
    }

    /// A small word and up to two nodes in one number.
    fn reason(&self, number: usize) -> (u8, Option<NodeId>, Option<NodeId>) {
        let [word, one, other, _] = self.number(number).to_le_bytes();
        let node = |place: u8| place.checked_sub(1).map(NodeId);
        (word, node(one), node(other))
    }

    fn step_down(&self, number: usize) -> Option<StepDown> {
        Some(match self.reason(number) {
            (0, Some(by), leader) => StepDown::TurnedAway { by, leader },
            (1, Some(by), _) => StepDown::Replaced { by },
            (2, Some(by), _) => StepDown::AskedForVote { by },
            (3, Some(by), _) => StepDown::LaterEpoch { by },
            (4, ..) => StepDown::ToldByClient,
            (5, Some(by), _) => StepDown::SameEpoch { by },
            (6, ..) => StepDown::Ordered,
            _ => return None,
        })
    }

    fn refusal(&self, number: usize) -> Option<PreVoteRefusal> {
        Some(match self.reason(number) {
            (0, Some(leader), _) => PreVoteRefusal::HearsLeader(leader),
            (1, ..) => PreVoteRefusal::Bound,
            (2, ..) => PreVoteRefusal::LaterEpoch,
            (3, ..) => PreVoteRefusal::Emptied,
            (4, ..) => PreVoteRefusal::LogBehind,
            _ => return None,
        })
    }

    /// Notes of nodes that keep versions per key.
    fn version_note(&self, tag: u8) -> Option<Note> {
        Some(match tag {
            60 => Note::Coordinated { op: OpId(self.number(0)), version: self.position(1) },
            61 => Note::QuorumMissed {
                op: OpId(self.number(0)),
                got: self.byte(1),
                needed: self.byte(2),
            },
            62 => Note::Repaired { node: self.peer(0), version: self.position(1) },
            63 => Note::Unresponsive { node: self.peer(0) },
            64 => Note::Responsive { node: self.peer(0) },
            65 => Note::HintKept { node: self.peer(0), version: self.position(1) },
            66 => Note::HandedOff { node: self.peer(0), versions: self.number(1) },
            67 => Note::RangesDiffer { node: self.peer(0), ranges: self.number(1) },
            68 => Note::Filled { node: self.peer(0), versions: self.number(1) },
            69 => Note::TombstoneDropped { version: self.position(0) },
            70 => Note::HasItsData { versions: self.number(0) },
            90 => Note::Conflict {
                won: OpId(self.number(0)),
                lost: OpId(self.number(1)),
                by: Resolution::from_code(self.byte(2))?,
            },
            91 => Note::HeldBack { op: OpId(self.number(1)), missing: self.peer(0) },
            92 => Note::TakenEarly { op: OpId(self.number(1)), missing: self.peer(0) },
            93 => Note::Released { op: OpId(self.number(0)) },
            94 => Note::LoopCut { op: OpId(self.number(0)) },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
