//! A node that joins at the tail.

use super::*;

#[test]
fn a_node_that_starts_again_reads_its_disk_and_has_no_place_in_the_chain() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(2);
    let (mut tail, told) = tail.restart(100);
    check(told, &["note DiskRead { records: 2, torn: no }", "set Beat 0ms"]);
    assert_eq!(tail.stands(), (2, 0, 2), "of what it holds it does not know what was at the end");
    check(
        tail.timer(100, Timer::Beat),
        &["n4 <- Alive { epoch: 0, since: 100ms, sent: 100ms }", "set Beat 250ms"],
    );
}

#[test]
fn the_tail_feeds_it_and_tells_the_service_when_it_has_everything() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(2);
    let joining = configure(1, &[N1, N2, N3], Some(NodeId(4)));
    check(tail.hears(50, N4, joining), &[]);
    check(
        tail.hears(60, NodeId(4), report(1, 55, 0, 0)),
        &[
            "n5 <- Welcome { epoch: 1, attempt: 55ms, at: 0, chain: 0, stable: 2 }",
            "note CatchUpFromLog { node: n5, from: 1 }",
            "n5 <- Forward { epoch: 1, prev: 0, records: Many([Passed { record: r0, attempt: 0 }, Passed { record: r1, attempt: 0 }]), stable: 2 }",
        ],
    );
    check(
        tail.hears(70, NodeId(4), ack(1, 55, 2)),
        &["note CaughtUp { node: n5, position: 2 }", "n4 <- Ready { epoch: 1 }"],
    );
}

#[test]
fn when_it_is_close_nothing_is_acknowledged_that_it_does_not_have() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    tail.hears(50, N4, configure(1, &[N1, N2, N3], Some(NodeId(4))));
    tail.hears(60, NodeId(4), report(1, 55, 0, 0));
    tail.hears(70, NodeId(4), ack(1, 55, 1));
    let record = tail.record(2);
    tail.hears(80, N2, forward(1, 1, record, 1));
    tail.log_flushed(82, 2);
    assert_eq!(tail.stands(), (2, 1, 1), "the client is not told yet");
    check(
        tail.hears(90, NodeId(4), ack(1, 55, 2)),
        &[
            "reply to 2/1: Written { position: 2, epoch: 1 }",
            "note Committed { position: 2 }",
            "n2 <- Ack { epoch: 1, attempt: 0ms, position: 2, end: yes }",
        ],
    );
}

#[test]
fn whoever_lacks_more_than_the_log_has_gets_a_snapshot() {
    let knobs = Knobs { retention: Some(4), ..Knobs::default() };
    let mut tail = Bench::new(N3, knobs);
    for position in 1..=12 {
        tail.holds(position);
    }
    tail.hears(50, N4, configure(1, &[N1, N2, N3], Some(NodeId(4))));
    check(
        tail.hears(60, NodeId(4), report(1, 55, 0, 0)),
        &["note CatchUpFromSnapshot { node: n5, position: 12, bytes: 149 }", "set Piece 0ms"],
    );
}

#[test]
fn an_order_to_copy_afresh_waits_until_the_chain_goes_on_without_the_node() {
    let mut tail = Bench::new(N3, Knobs::default());
    tail.holds(1);
    check(tail.effects(50, Input::Admin(Admin::CopyAfresh)), &["n4 <- Leave { epoch: 1 }"]);
    assert_eq!(tail.stands().0, 1, "it still has everything");
    tail.hears(60, N4, configure(2, &[N1, N2], None));
    assert_eq!(tail.stands(), (0, 0, 0));
}
