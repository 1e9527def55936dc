//! An update passes from the head to the tail, and its acknowledgement back.

use super::*;

#[test]
fn the_head_passes_an_update_on_when_it_is_on_its_own_disk() {
    let mut head = Bench::new(N1, Knobs::default());
    check(
        head.asked(10, write(1)),
        &[
            "note Appended { op: 1, position: 1 }",
            "write record 1",
            "flush Log { position: 1, era: 0 }",
        ],
    );
    check(
        head.log_flushed(12, 1),
        &[
            "n2 <- Forward { epoch: 1, prev: 0, records: One(Passed { record: r0, attempt: 1 }), stable: 0 }",
        ],
    );
    assert_eq!(head.stands(), (1, 0, 1), "it holds it in Sent");
}

#[test]
fn a_middle_node_stores_it_passes_it_on_and_tells_nobody() {
    let mut middle = Bench::new(N2, Knobs::default());
    let record = middle.record(1);
    check(
        middle.hears(10, N1, forward(1, 0, record, 0)),
        &["write record 1", "flush Log { position: 1, era: 0 }"],
    );
    check(
        middle.log_flushed(12, 1),
        &[
            "n3 <- Forward { epoch: 1, prev: 0, records: One(Passed { record: r0, attempt: 1 }), stable: 0 }",
        ],
    );
    assert_eq!(middle.stands(), (1, 0, 1));
}

#[test]
fn the_tail_answers_the_client_and_acknowledges_to_its_predecessor() {
    let mut tail = Bench::new(N3, Knobs::default());
    let record = tail.record(1);
    check(
        tail.hears(10, N2, forward(1, 0, record, 0)),
        &["write record 1", "flush Log { position: 1, era: 0 }"],
    );
    check(
        tail.log_flushed(12, 1),
        &[
            "reply to 1/1: Written { position: 1, epoch: 1 }",
            "note Committed { position: 1 }",
            "n2 <- Ack { epoch: 1, attempt: 0ms, position: 1, end: yes }",
        ],
    );
    assert_eq!(tail.stands(), (1, 1, 0));
}

#[test]
fn an_acknowledgement_lets_a_node_drop_what_it_held_and_travels_on() {
    let mut middle = Bench::new(N2, Knobs::default());
    middle.holds(2);
    check(
        middle.hears(20, N3, ack(1, 0, 1)),
        &["n1 <- Ack { epoch: 1, attempt: 0ms, position: 1, end: yes }"],
    );
    assert_eq!(middle.stands(), (2, 1, 1));
}

#[test]
fn what_comes_early_waits_for_what_is_before_it() {
    let mut middle = Bench::new(N2, Knobs::default());
    let mut source = Bench::new(N1, Knobs::default());
    source.asked(0, write(1));
    source.asked(0, write(2));
    let of = |position| source.node().log.get(Position(position)).expect("written");
    let (first, second) = (of(1), of(2));
    middle.records = source.records;
    check(
        middle.hears(10, N1, forward(1, 1, second, 0)),
        &["n1 <- Ack { epoch: 1, attempt: 0ms, position: 0, end: yes }"],
    );
    check(
        middle.hears(11, N1, forward(1, 0, first, 0)),
        &["write record 1", "write record 2", "flush Log { position: 2, era: 0 }"],
    );
}

#[test]
fn what_comes_again_is_not_stored_again_but_acknowledged_again() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    let record = tail.node().log.get(Position(1)).expect("held");
    check(
        tail.hears(20, N2, forward(1, 0, record, 0)),
        &["n2 <- Ack { epoch: 1, attempt: 0ms, position: 1, end: yes }"],
    );
}

#[test]
fn only_the_head_takes_writes_and_says_who_it_is() {
    let mut tail = Bench::new(N3, Knobs::default());
    check(
        tail.asked(10, write(1)),
        &["reply to 1/1: NotLeader { post: Head, leader: Some(n1), epoch: 1 }"],
    );
}

#[test]
fn a_write_that_is_asked_for_again_is_not_taken_again_but_asked_for_at_the_end() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    check(
        head.asked(20, write_again(1)),
        &["n2 <- Again { epoch: 1, id: RequestId { op: 1, attempt: 2 }, position: 1 }"],
    );
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    let id = RequestId { op: OpId(1), attempt: 2 };
    let again = Message::Again { epoch: Epoch(1), id, position: Position(1) };
    check(tail.hears(30, N2, again), &["reply to 1/2: Written { position: 1, epoch: 1 }"]);
}

#[test]
fn time_alone_makes_a_node_ask_and_only_proof_makes_it_send_again() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    head.log_flushed(12, 1);
    let to_n2 = |effects: Vec<String>| -> Vec<String> {
        effects
            .into_iter()
            .filter(|line| line.starts_with("n2") || line.contains("Resent"))
            .collect()
    };
    let question = "n2 <- Forward { epoch: 1, prev: 1, records: Many([]), stable: 0 }";
    check(to_n2(head.timer(250, Timer::Beat)), &[]);
    check(to_n2(head.timer(500, Timer::Beat)), &[question]);
    // What was said before the question proves nothing.
    check(head.hears(503, N2, receipt(0, 0, 0)), &[]);
    check(
        head.hears(504, N2, receipt(0, 0, 500)),
        &[
            "note Resent { to: n2, from: 1 }",
            "n2 <- Forward { epoch: 1, prev: 0, records: One(Passed { record: r0, attempt: 1 }), stable: 0 }",
        ],
    );
    check(head.hears(505, N2, receipt(0, 0, 500)), &[]);
    // The next question waits twice as long.
    check(to_n2(head.timer(750, Timer::Beat)), &[]);
    check(to_n2(head.timer(1_000, Timer::Beat)), &[question]);
}

#[test]
fn a_successor_that_has_a_record_is_not_sent_it_again_however_long_its_end_takes() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    head.log_flushed(12, 1);
    head.timer(500, Timer::Beat);
    check(head.hears(510, N2, receipt(0, 1, 500)), &[]);
    for beat in 3..400 {
        let effects = head.timer(beat * 250, Timer::Beat);
        assert!(!effects.iter().any(|line| line.contains("Passed")), "{effects:?}");
    }
}

#[test]
fn only_what_lies_in_the_gap_is_sent_again() {
    let mut head = Bench::new(N1, Knobs::default());
    for op in 1..=4 {
        let at = 1_000 * u64::from(op);
        head.asked(at, write(op));
        head.log_flushed(at, op);
    }
    // The second was lost; the third and the fourth wait for it.
    let receipt =
        Receipt { last: Position(1), early: Position(3), echo: SimTime::from_millis(4_000) };
    let position = Position::ZERO;
    let (epoch, attempt) = (Epoch(1), SimTime::ZERO);
    let ack = Message::Ack { epoch, attempt, position, end: true, receipt };
    check(
        head.hears(4_004, N2, ack),
        &[
            "note Resent { to: n2, from: 2 }",
            "n2 <- Forward { epoch: 1, prev: 1, records: One(Passed { record: r1, attempt: 1 }), stable: 0 }",
        ],
    );
}

/// The end of the chain has this; the successor has that, having taken in what was sent at `echo`.
fn receipt(end: u32, last: u32, echo: u64) -> Message {
    let (epoch, attempt, position) = (Epoch(1), SimTime::ZERO, Position(end));
    let (last, early, echo) = (Position(last), Position::ZERO, SimTime::from_millis(echo));
    let receipt = Receipt { last, early, echo };
    Message::Ack { epoch, attempt, position, end: true, receipt }
}

#[test]
fn a_primary_sends_to_all_and_answers_when_all_have_it() {
    let mut primary = Bench::new(N1, variant(Variant::PrimaryBackup));
    primary.asked(10, write(1));
    check(
        primary.log_flushed(12, 1),
        &[
            "n2 <- Forward { epoch: 1, prev: 0, records: One(Passed { record: r0, attempt: 1 }), stable: 0 }",
            "n3 <- Forward { epoch: 1, prev: 0, records: One(Passed { record: r0, attempt: 1 }), stable: 0 }",
        ],
    );
    check(primary.hears(20, N3, ack(1, 0, 1)), &[]);
    check(
        primary.hears(21, N2, ack(1, 0, 1)),
        &["reply to 1/1: Written { position: 1, epoch: 1 }", "note Committed { position: 1 }"],
    );
}

#[test]
fn a_primary_need_not_ask_the_others_again_when_a_backup_is_left_out() {
    let mut primary = Bench::new(N1, variant(Variant::PrimaryBackup));
    primary.asked(10, write(1));
    primary.log_flushed(12, 1);
    primary.hears(20, N2, ack(1, 0, 1));
    check(
        primary.hears(30, N4, configure(2, &[N1, N2], None)),
        &["reply to 1/1: Written { position: 1, epoch: 1 }", "note Committed { position: 1 }"],
    );
}
