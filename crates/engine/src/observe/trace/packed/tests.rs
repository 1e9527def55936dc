//! Every kind of event there and back.

use super::*;
use crate::protocol::Post;
use crate::protocol::client::Refusal;
use crate::protocol::note::{PreVoteRefusal, StepDown};

const N: NodeId = NodeId(7);
const M: NodeId = NodeId(127);
const P: Position = Position(u32::MAX - 1);
const E: Epoch = Epoch(4_000_000_000);

fn talk(outcome: Outcome) -> [What; 3] {
    let (node, client, op, attempt) = (N, ClientId(u16::MAX), OpId(123_456), 300);
    [
        What::Answered { node, client, op, attempt, outcome },
        What::Told { node, client, op, attempt, outcome, ends: false },
        What::Told { node, client, op, attempt, outcome, ends: true },
    ]
}

const fn stepped_down(why: StepDown) -> Note {
    Note::SteppedDown { epoch: Epoch(3), later: E, why }
}

fn election_notes() -> Vec<Note> {
    vec![
        Note::AskedForPreVotes { epoch: E },
        Note::RefusedPreVote { candidate: M, why: PreVoteRefusal::HearsLeader(N) },
        Note::RefusedPreVote { candidate: M, why: PreVoteRefusal::Bound },
        Note::RefusedPreVote { candidate: M, why: PreVoteRefusal::LaterEpoch },
        Note::RefusedPreVote { candidate: M, why: PreVoteRefusal::Emptied },
        Note::RefusedPreVote { candidate: M, why: PreVoteRefusal::LogBehind },
        stepped_down(StepDown::TurnedAway { by: M, leader: None }),
        stepped_down(StepDown::TurnedAway { by: NodeId(0), leader: Some(M) }),
        stepped_down(StepDown::Replaced { by: M }),
        stepped_down(StepDown::AskedForVote { by: M }),
        stepped_down(StepDown::LaterEpoch { by: M }),
        stepped_down(StepDown::ToldByClient),
        stepped_down(StepDown::SameEpoch { by: M }),
        stepped_down(StepDown::Ordered),
    ]
}

fn notes() -> Vec<Note> {
    let span = Span::from_micros(1 << 40);
    vec![
        Note::Appended { op: OpId(9), position: P },
        Note::Committed { position: P },
        Note::Suspected { leader: M, epoch: E },
        Note::TrustedAgain { leader: M },
        Note::AskedForVotes { epoch: E },
        Note::Voted { candidate: M, epoch: E },
        Note::Surveyed { epoch: E },
        Note::Promoted { epoch: E, position: P },
        Note::Follows { leader: M, epoch: E },
        Note::LeaseEnded,
        Note::LeaseRenewed,
        Note::CatchUpFromLog { node: M, from: P },
        Note::CatchUpFromSnapshot { node: M, position: P, bytes: 77 },
        Note::SnapshotArrived { bytes: 5, of: 6 },
        Note::SnapshotInstalled { position: P },
        Note::LogTruncatedMeanwhile { node: M, needs: P, first: Position(3) },
        Note::CaughtUp { node: M, position: P },
        Note::LogTruncated { first: P },
        Note::AppliesFirst { from: P, to: Position(2) },
        Note::Discarded { from: P, to: Position(2) },
        Note::Rewound { from: P, to: Position(2) },
        Note::Stranded { at: P },
        Note::DiskRead { records: 9, torn: true },
        Note::GaveUp { node: M, silent: span },
        Note::MadeSynchronous { node: M },
        Note::Degraded { after: span },
        Note::Rearmed,
        Note::Resent { to: M, from: P },
        Note::Fenced { from: M, epoch: E },
        Note::Limit(NodeLimit::Early),
        Note::Coordinated { op: OpId(9), version: P },
        Note::QuorumMissed { op: OpId(9), got: 1, needed: 2 },
        Note::Repaired { node: M, version: P },
        Note::Unresponsive { node: M },
        Note::Responsive { node: M },
        Note::HintKept { node: M, version: P },
        Note::HandedOff { node: M, versions: 3 },
        Note::RangesDiffer { node: M, ranges: 4 },
        Note::Filled { node: M, versions: 5 },
        Note::TombstoneDropped { version: P },
        Note::HasItsData { versions: 6 },
        Note::LeftOut { node: M, epoch: E },
        Note::TakenIn { node: M, epoch: E },
        Note::Admitted { node: M },
        Note::BecameHead { epoch: E, position: P },
        Note::BecameTail { epoch: E, position: P },
        Note::Outside { epoch: E },
        Note::Joined { to: M, from: P, missing: 7 },
        Note::ServiceSilent,
        Note::ServiceHeard,
        Note::Conflict { won: OpId(9), lost: OpId(7), by: Resolution::AddWins },
        Note::HeldBack { op: OpId(9), missing: M },
        Note::TakenEarly { op: OpId(9), missing: M },
        Note::Released { op: OpId(9) },
        Note::LoopCut { op: OpId(9) },
    ]
}

fn happenings() -> Vec<What> {
    let message = MessageFacts { kind: MessageKind::Fence, first: P, last: P, epoch: E, bytes: 9 };
    let (client, op, attempt) = (ClientId(40_000), OpId(9), 65_535);
    let mut all = vec![
        What::Sent { from: N, to: M, message },
        What::Delivered { from: N, to: M, message },
        What::Lost { from: N, to: M, message, why: Dropped::Limit },
        What::Invoked { client, op },
        What::Asked { client, node: N, op, attempt },
        What::Requested { client, node: N, op, attempt },
        What::TalkLost { client, node: N, op, attempt, why: Dropped::ByHand },
        What::TimedOut { client, node: N, op, attempt, gave_up: true },
        What::TimerFired { node: N, timer: TimerKind::Piece },
        What::Flushed { node: N, bytes: 1 << 40 },
        What::Crashed { node: N },
        What::PoweredOff { node: N, lost_bytes: 1 << 40, torn: true },
        What::Paused { node: N },
        What::Resumed { node: N, waited: 4 },
        What::Started { node: N },
        What::Added { node: N },
        What::LinkCut { from: N, to: M },
        What::LinkHealed { from: N, to: M },
        What::ClientsCut { node: N, cut: true },
        What::LinkDisturbed { from: N, to: M, extra: Span::from_micros(1 << 40) },
        What::DiskSlowed { node: N, factor: 100 },
        What::DiskFull { node: N, full: true },
        What::Ordered { node: N, promote: true },
        What::Meddled { message: EventId(88) },
        What::ClockSet { node: N, skew_us: -(1 << 40) },
        What::Applied { node: N, position: P },
        What::ApplyingPaused { node: N, paused: true },
        What::ClientsQuiet { quiet: true },
        What::ActionRefused { node: None, why: Refused::NoMoreNodes, line: 0 },
        What::ActionRefused { node: Some(NodeId(0)), why: Refused::DoesNotRun, line: u32::MAX },
        What::LimitReached(Limit::Nodes),
    ];
    let (version, applied, epoch) = (P, Position(1), E);
    all.extend(talk(Outcome::Written { position: P, epoch }));
    all.extend(talk(Outcome::Value { value: u64::MAX - 3, version, applied, epoch }));
    let post = Post::Leader;
    all.extend(talk(Outcome::NotLeader { post, leader: None, epoch }));
    all.extend(talk(Outcome::NotLeader { post, leader: Some(NodeId(0)), epoch }));
    all.extend(talk(Outcome::NotLeader { post: Post::Tail, leader: None, epoch }));
    all.push(What::Directed { node: N, client, writes: M, reads: NodeId(0) });
    all.extend(talk(Outcome::Unavailable { why: Refusal::Busy, epoch }));
    let notes = notes().into_iter().chain(election_notes());
    all.extend(notes.map(|note| What::Noted { node: N, note }));
    all
}

#[test]
fn every_kind_of_event_comes_back_as_it_was() {
    let (id, cause) = (EventId(5), EventId(3));
    let at = SimTime::from_micros((1 << 47) + 12_345);
    let mut fingerprints = Vec::new();
    for what in happenings() {
        let event = Event { id, at, cause, what };
        let packed = Packed::pack(&event);
        assert_eq!(packed.unpack(id), Some(event));
        fingerprints.push(packed.fingerprint());
    }
    fingerprints.sort_unstable();
    let count = fingerprints.len();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), count, "no two kinds have the same fingerprint");
}

#[test]
fn an_event_takes_40_bytes() {
    assert_eq!(size_of::<Packed>(), 40);
}
