//! The audits and the ledger where data are versions per key.

use super::*;
use crate::base::Epoch;
use crate::observe::Fate;
use crate::observe::ledger::Reason;
use crate::protocol::client::Refusal;
use crate::protocol::parts::Conflicts;
use crate::protocol::{Outcome, RecordRef};

fn saved(record: RecordRef) -> Outcome {
    Outcome::Written { position: record.name(), epoch: Epoch(0) }
}

/// A client's acknowledged write through `node` that has seen others, held by all.
fn write(paper: &mut Paper, node: u8, seen: &[RecordRef], stamp: i64) -> (OpId, RecordRef) {
    let op = paper.ask(node);
    let record = paper.version(node, op, seen, stamp, &[0, 1, 2]);
    paper.answer(node, op, saved(record));
    (op, record)
}

fn fate(paper: &Paper, op: OpId) -> Fate {
    paper.judged(|case| case.recorder.ledger().fate(op, case.recorder.history()))
}

#[test]
fn a_healthy_store_keeps_its_promises_and_one_log_is_not_asked_of_it() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let (first, old) = write(&mut paper, 0, &[], 10);
    let (second, _) = write(&mut paper, 1, &[old], 20);
    assert_eq!(fate(&paper, first), Fate::Superseded(second));
    assert_eq!(fate(&paper, second), Fate::Acknowledged);
    for (promise, verdict) in paper.judged(|case| case.verdicts()) {
        let of_a_line = [Promise::OneLeader, Promise::ReplicasAgree].contains(&promise);
        // Nobody reads here, no write failed, and no money is moved.
        let of_writes = [
            Promise::AcknowledgedWritesSurvive,
            Promise::ReplicasConverge,
            Promise::NothingAppliedTwice,
        ];
        let exercised = !of_a_line && of_writes.contains(&promise);
        assert_eq!(verdict == Verdict::Holds, exercised, "{promise:?}: {verdict:?}");
    }
}

#[test]
fn a_write_that_no_node_holds_any_more_is_lost_and_its_last_holders_are_named() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let op = paper.ask(0);
    let record = paper.version(0, op, &[], 10, &[1]);
    paper.answer(0, op, saved(record));
    assert_eq!(fate(&paper, op), Fate::Acknowledged);
    paper.power_off(1);
    assert_eq!(fate(&paper, op), Fate::Acknowledged, "it lies on the disk");
    paper.nodes[1].held.clear();
    let Fate::Lost(why) = fate(&paper, op) else { panic!("{:?}", fate(&paper, op)) };
    assert!(matches!(why.reason, Reason::NoReplica { .. }), "{why:?}");
    check_broken(
        &paper,
        Promise::AcknowledgedWritesSurvive,
        "1 of 1 acknowledged writes is gone: k0 = 100; n2 had it, and no node holds it any more",
        &[op],
    );
}

#[test]
fn a_write_dropped_for_one_that_had_not_seen_it_is_overwritten_unseen() {
    let mut paper = Paper::of_stores(Conflicts::LastWriteWins);
    let loser = paper.ask(0);
    let record = paper.version(0, loser, &[], 10_000, &[]);
    // It is dropped for a later stamp that is there already, before its client is told.
    let winner = paper.ask(1);
    let kept = paper.version(1, winner, &[], 510_000, &[0, 1, 2]);
    paper.answer(0, loser, saved(record));
    paper.answer(1, winner, saved(kept));
    assert_eq!(fate(&paper, loser), Fate::Overwritten(winner));
    check_broken(
        &paper,
        Promise::AcknowledgedWritesSurvive,
        "1 of 2 acknowledged writes overwritten unseen: k0 = 100; k1 = 101, taken by n2, had not \
         seen it and has a stamp 500 ms later",
        &[loser],
    );
}

#[test]
fn a_fast_clock_can_undo_a_write_that_came_after() {
    let mut paper = Paper::of_stores(Conflicts::LastWriteWins);
    let (_, fast) = write(&mut paper, 0, &[], 900_000);
    let op = paper.ask(1);
    let record = paper.version(1, op, &[fast], 100_000, &[]);
    paper.answer(1, op, saved(record));
    check_broken(
        &paper,
        Promise::AcknowledgedWritesSurvive,
        "1 of 2 acknowledged writes overwritten unseen: k1 = 101; it replaced k0 = 100, but the \
         clock of n1 had stamped that 800 ms later",
        &[op],
    );
}

#[test]
fn a_write_that_failed_and_is_read_later_is_found() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let op = paper.ask(0);
    let record = paper.version(0, op, &[], 10, &[0]);
    let why = Refusal::QuorumMissed;
    paper.answer(0, op, Outcome::Unavailable { why, epoch: Epoch(0) });
    assert_eq!(fate(&paper, op), Fate::Partial { failed: true });
    assert_eq!(verdict(&paper, Promise::FailedWritesStayFailed), Verdict::Holds);
    paper.wait(40);
    let reader = paper.read_version(1, record);
    check_broken(
        &paper,
        Promise::FailedWritesStayFailed,
        "c1 was told that k0 = 100 failed; 40 ms later c1 read it",
        &[op, reader],
    );
}

#[test]
fn replicas_that_hold_different_versions_long_after_the_last_write_have_not_converged() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let (_, old) = write(&mut paper, 0, &[], 10);
    let op = paper.ask(1);
    let new = paper.version(1, op, &[old], 20, &[0, 1]);
    paper.answer(1, op, saved(new));
    let waiting = verdict(&paper, Promise::ReplicasConverge);
    assert!(matches!(waiting, Verdict::NotExercised(_)), "{waiting:?}");
    let mut mended = paper.clone();
    paper.idle(10);
    check_broken(
        &paper,
        Promise::ReplicasConverge,
        "n1 and n3 hold different versions of k0 10.0 s after the last write",
        &[op, OpId(0)],
    );
    mended.nodes[2].held = vec![new];
    mended.idle(10);
    assert_eq!(verdict(&mended, Promise::ReplicasConverge), Verdict::Holds);
}

#[test]
fn a_retry_that_takes_the_place_of_what_came_between_happened_twice() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let op = paper.ask(0);
    let first = paper.version(0, op, &[], 10, &[0, 1, 2]);
    let (between, other) = write(&mut paper, 1, &[first], 20);
    assert_eq!(verdict(&paper, Promise::NothingAppliedTwice), Verdict::Holds);
    let again = paper.version(2, op, &[other], 30, &[0, 1, 2]);
    paper.answer(2, op, saved(again));
    check_broken(
        &paper,
        Promise::NothingAppliedTwice,
        "k0 = 100 was made a version twice, and the second took the place of k1 = 101, which had \
         seen the first",
        &[op, between],
    );
}

const OF_SESSIONS: [Promise; 3] =
    [Promise::FreshReads, Promise::ReadYourWrites, Promise::MonotonicReads];

#[test]
fn a_read_that_has_not_seen_what_its_client_knows_breaks_what_sessions_take_for_granted() {
    let mut paper = Paper::of_stores(Conflicts::Siblings);
    let (op, record) = write(&mut paper, 0, &[], 10);
    paper.wait(30);
    let fresh = paper.read_version(1, record);
    for promise in OF_SESSIONS {
        assert_eq!(verdict(&paper, promise), Verdict::Holds, "{promise:?}");
    }
    paper.wait(30);
    let late = paper.read_version(2, RecordRef::NONE);
    let sentences = [
        "c1 read nothing at k0 from n3, though k0 = 100 had been acknowledged 60 ms before c1 asked",
        "c1 read nothing at k0 from n3, asked for 60 ms after it was told that its own k0 = 100 is saved",
        "c1 read nothing at k0 from n3, and had read the newer 100 30 ms before it asked",
    ];
    for ((promise, sentence), missed) in OF_SESSIONS.iter().zip(sentences).zip([op, op, fresh]) {
        check_broken(&paper, *promise, sentence, &[late, missed]);
    }
    let no_order =
        "this is judged along one order of all writes, and versions per key have no such order";
    let no_order = Verdict::NotExercised(no_order.to_owned());
    assert_eq!(verdict(&paper, Promise::ConsistentPrefix), no_order);
}

#[test]
fn a_read_shows_a_write_if_it_has_seen_it_or_shows_what_won_over_it() {
    let shown = |seen: bool, stamp: i64| {
        let mut paper = Paper::of_stores(Conflicts::LastWriteWins);
        let (_, record) = write(&mut paper, 0, &[], 10_000);
        let other = paper.ask(1);
        let known = if seen { vec![record] } else { Vec::new() };
        let other = paper.version(1, other, &known, stamp, &[1]);
        paper.wait(30);
        paper.read_version(1, other);
        verdict(&paper, Promise::FreshReads) == Verdict::Holds
    };
    assert!(shown(true, 20_000) && shown(true, 5_000) && shown(false, 20_000));
    assert!(!shown(false, 5_000));
}
