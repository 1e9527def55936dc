//! A chain that lost a node is joined again.

use super::*;

#[test]
fn the_successor_of_a_dead_head_becomes_the_head_and_takes_writes_at_once() {
    let mut middle = Bench::new(N2, Knobs::default());
    middle.holds(1);
    check(
        middle.hears(50, N4, configure(2, &[N2, N3], None)),
        &["note BecameHead { epoch: 2, position: 1 }"],
    );
    check(
        middle.asked(60, Request { epoch: Epoch(2), ..write(2) }),
        &[
            "note Appended { op: 2, position: 2 }",
            "write record 2",
            "flush Log { position: 2, era: 0 }",
        ],
    );
}

#[test]
fn the_predecessor_of_a_dead_tail_becomes_the_tail_and_answers_what_it_held() {
    let mut middle = Bench::new(N2, Knobs::default());
    middle.holds(1);
    check(
        middle.hears(50, N4, configure(2, &[N1, N2], None)),
        &[
            "note BecameTail { epoch: 2, position: 1 }",
            "n1 <- Report { epoch: 2, attempt: 50ms, last: 1, committed: 0 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
            "note Committed { position: 1 }",
        ],
    );
    assert_eq!(middle.stands(), (1, 1, 0));
}

#[test]
fn the_successor_of_a_dead_middle_node_reports_where_its_log_ends() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    check(
        tail.hears(50, N4, configure(2, &[N1, N3], None)),
        &["n1 <- Report { epoch: 2, attempt: 50ms, last: 1, committed: 1 }"],
    );
}

#[test]
fn and_the_predecessor_sends_it_what_it_misses() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    head.asked(10, write(2));
    head.log_flushed(12, 2);
    head.hears(50, N4, configure(2, &[N1, N3], None));
    check(
        head.hears(60, N3, report(2, 50, 1, 0)),
        &[
            "n3 <- Welcome { epoch: 2, attempt: 50ms, at: 1, chain: 14527561297564977329, stable: 0 }",
            "note Joined { to: n3, from: 2, missing: 1 }",
            "n3 <- Forward { epoch: 2, prev: 1, records: One(Passed { record: r1, attempt: 1 }), stable: 0 }",
        ],
    );
}

#[test]
fn a_head_that_comes_back_cuts_off_what_nobody_else_ever_had() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    head.asked(10, write(2));
    head.log_flushed(12, 2);
    let (mut head, _) = head.restart(100);
    head.hears(120, N4, configure(2, &[N2, N3], Some(N1)));
    let (epoch, attempt) = (Epoch(2), SimTime::from_millis(120));
    let (at, stable, chain) = (Position(1), Position(1), head.digest(1));
    let welcome = Message::Welcome { epoch, attempt, at, chain, stable, sent: SimTime::ZERO };
    check(
        head.hears(130, N3, welcome),
        &[
            "note Rewound { from: 2, to: 1 }",
            "write rewind to 1",
            "flush Log { position: 1, era: 1 }",
            "n3 <- Ack { epoch: 2, attempt: 120ms, position: 1, end: no }",
        ],
    );
    assert_eq!(head.stands(), (1, 1, 0));
}

#[test]
fn where_two_logs_part_further_back_only_a_copy_helps() {
    let mut head = Bench::new(N1, Knobs::default());
    head.asked(10, write(1));
    head.log_flushed(12, 1);
    let (mut head, _) = head.restart(100);
    head.hears(120, N4, configure(2, &[N2, N3], Some(N1)));
    let (epoch, attempt) = (Epoch(2), SimTime::from_millis(120));
    let (at, stable) = (Position(1), Position(1));
    let welcome = Message::Welcome { epoch, attempt, at, chain: 0, stable, sent: SimTime::ZERO };
    check(
        head.hears(130, N3, welcome),
        &[
            "write rewind to 0",
            "flush Log { position: 0, era: 1 }",
            "n3 <- Report { epoch: 2, attempt: 130ms, last: 0, committed: 0 }",
        ],
    );
    assert_eq!(head.stands(), (0, 0, 0));
}

#[test]
fn what_belongs_to_another_epoch_is_turned_away() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.hears(50, N4, configure(2, &[N1, N3], None));
    let record = tail.record(1);
    check(tail.hears(60, N1, forward(1, 0, record, 0)), &["note Fenced { from: n1, epoch: 1 }"]);
    check(tail.hears(60, N1, forward(3, 0, record, 0)), &[]);
}

#[test]
fn an_old_chain_changes_nothing() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.hears(50, N4, configure(3, &[N1, N3], None));
    check(tail.hears(60, N4, configure(2, &[N1], None)), &[]);
}

#[test]
fn a_node_that_is_left_out_says_so_and_serves_nobody() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    check(tail.hears(50, N4, configure(2, &[N1, N2], None)), &["note Outside { epoch: 2 }"]);
    check(
        tail.asked(60, read(2, true)),
        &["reply to 2/1: NotLeader { post: Tail, leader: Some(n2), epoch: 2 }"],
    );
}
