//! Reads: who may answer, and with what.

use super::*;

#[test]
fn in_a_chain_only_the_tail_answers() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    check(
        tail.asked(10, read(2, true)),
        &["reply to 2/1: Value { value: 10, version: 1, applied: 1, epoch: 1 }"],
    );
    let mut middle = Bench::new(N2, Knobs::default());
    check(
        middle.asked(10, read(2, true)),
        &["reply to 2/1: NotLeader { post: Tail, leader: Some(n3), epoch: 1 }"],
    );
}

#[test]
fn in_craq_a_clean_version_is_read_anywhere() {
    let mut middle = Bench::new(N2, variant(Variant::Craq));
    middle.holds(1);
    middle.hears(5, N3, ack(1, 0, 1));
    check(
        middle.asked(10, read(2, false)),
        &["reply to 2/1: Value { value: 10, version: 1, applied: 1, epoch: 1 }"],
    );
}

#[test]
fn in_craq_a_dirty_one_only_after_asking_the_tail() {
    let mut middle = Bench::new(N2, variant(Variant::Craq));
    middle.holds(2);
    middle.hears(5, N3, ack(1, 0, 1));
    check(
        middle.asked(10, read(3, false)),
        &["n3 <- VersionQuery { epoch: 1, id: RequestId { op: 3, attempt: 1 }, key: 0 }"],
    );
    let id = RequestId { op: OpId(3), attempt: 1 };
    let answer = |version| Message::VersionAnswer { epoch: Epoch(1), id, version };
    check(
        middle.hears(20, N3, answer(Position(2))),
        &["reply to 3/1: Value { value: 20, version: 2, applied: 2, epoch: 1 }"],
    );
    check(middle.hears(21, N3, answer(Position(2))), &[]);
}

#[test]
fn the_tail_says_which_version_is_committed() {
    let mut tail = Bench::new(N3, variant(Variant::Craq));
    tail.holds(2);
    let id = RequestId { op: OpId(3), attempt: 1 };
    let query = Message::VersionQuery { epoch: Epoch(1), id, key: Key(0) };
    check(
        tail.hears(20, N2, query),
        &["n2 <- VersionAnswer { epoch: 1, id: RequestId { op: 3, attempt: 1 }, version: 2 }"],
    );
}

#[test]
fn a_weak_chain_shows_what_may_still_vanish() {
    let mut middle = Bench::new(N2, variant(Variant::Weak));
    middle.holds(1);
    check(
        middle.asked(10, read(2, false)),
        &["reply to 2/1: Value { value: 10, version: 1, applied: 1, epoch: 1 }"],
    );
}

#[test]
fn whoever_does_not_hear_the_service_for_a_time_out_answers_no_reads_until_it_does() {
    let mut tail = Bench::new(N3, Knobs::default());
    check(
        tail.asked(1_999, read(1, true)),
        &["reply to 1/1: Value { value: 0, version: 0, applied: 0, epoch: 1 }"],
    );
    check(
        tail.asked(2_000, read(2, true)),
        &["reply to 2/1: Unavailable { why: Unsure, epoch: 1 }"],
    );
    tail.timer(2_000, Timer::Beat);
    check(tail.hears(2_010, N4, heard(1, &[N1, N2, N3], 2_000)), &["note ServiceHeard"]);
    check(
        tail.asked(3_999, read(3, true)),
        &["reply to 3/1: Value { value: 0, version: 0, applied: 0, epoch: 1 }"],
    );
    check(
        tail.asked(4_000, read(4, true)),
        &["reply to 4/1: Unavailable { why: Unsure, epoch: 1 }"],
    );
}

#[test]
fn a_new_tail_answers_nothing_before_its_predecessor_knows_it() {
    let mut joined = Bench::new(NodeId(4), Knobs::default());
    joined.hears(50, N4, configure(2, &[N1, N2, N3, NodeId(4)], None));
    check(
        joined.asked(60, read(1, true)),
        &["reply to 1/1: Unavailable { why: Copying, epoch: 2 }"],
    );
}

#[test]
fn a_new_primary_answers_no_reads_before_it_has_committed_what_it_found() {
    let mut backup = Bench::new(N2, variant(Variant::PrimaryBackup));
    backup.holds(1);
    backup.hears(50, N4, configure(2, &[N2, N3], None));
    check(
        backup.asked(60, read(2, true)),
        &["reply to 2/1: Unavailable { why: Copying, epoch: 2 }"],
    );
    backup.hears(70, N3, report(2, 50, 1, 0));
    backup.hears(80, N3, ack(2, 50, 1));
    check(
        backup.asked(90, read(3, true)),
        &["reply to 3/1: Value { value: 10, version: 1, applied: 1, epoch: 2 }"],
    );
}
