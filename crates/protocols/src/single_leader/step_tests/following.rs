//! A follower stores what is shipped and confirms what it has.

use super::*;
use crate::single_leader::knobs::ConfirmOn;
use std::rc::Rc;

#[test]
fn a_record_is_written_and_confirmed_once_durable() {
    let mut bench = Bench::new(N2, Knobs::default());
    let record = bench.record(1, 1);
    check(
        bench.hears(10, N1, append(1, 0, record, 0)),
        &["write record 1", "flush Log { position: 1, era: 0 }"],
    );
    check(
        bench.log_flushed(12, 1),
        &["n1 <- Confirm { epoch: 1, since: 0ms, received: 1, flushed: 1, applied: 1 }"],
    );
    assert_eq!(bench.node.data.applied(), Position(1), "it does not wait for the commit");
}

#[test]
fn where_memory_is_enough_it_is_confirmed_at_once() {
    let mut bench = Bench::new(N2, knobs(|k| k.acknowledge.on = ConfirmOn::Received));
    let record = bench.record(1, 1);
    check(
        bench.hears(10, N1, append(1, 0, record, 0)),
        &[
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "n1 <- Confirm { epoch: 1, since: 0ms, received: 1, flushed: 0, applied: 1 }",
        ],
    );
    check(bench.log_flushed(12, 1), &[]);
}

#[test]
fn a_record_that_comes_again_is_confirmed_again() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 1);
    let record = bench.node.log.get(Position(1)).unwrap();
    check(
        bench.hears(20, N1, append(1, 0, record, 1)),
        &["n1 <- Confirm { epoch: 1, since: 0ms, received: 1, flushed: 1, applied: 1 }"],
    );
    assert_eq!(bench.node.committed, Position(1));
}

#[test]
fn a_record_ahead_of_a_gap_waits_for_those_before_it() {
    let mut bench = Bench::new(N2, Knobs::default());
    let first = bench.record(1, 1);
    let second = bench.record_after(first, 1, 2);
    check(
        bench.hears(10, N1, append(1, 1, second, 0)),
        &["n1 <- Confirm { epoch: 1, since: 0ms, received: 0, flushed: 0, applied: 0 }"],
    );
    check(
        bench.hears(11, N1, append(1, 0, first, 0)),
        &["write record 1", "write record 2", "flush Log { position: 2, era: 0 }"],
    );
}

#[test]
fn a_batch_is_flushed_once() {
    let mut bench = Bench::new(N2, Knobs::default());
    let first = bench.record(1, 1);
    let second = bench.record_after(first, 1, 2);
    let records = Batch::Many(Rc::new([first, second]));
    let (epoch, prev, committed) = (Epoch(1), Position(0), Position(0));
    check(
        bench.hears(10, N1, Message::Append { epoch, prev, records, committed }),
        &["write record 1", "write record 2", "flush Log { position: 2, era: 0 }"],
    );
}

#[test]
fn a_record_that_does_not_continue_the_log_is_not_stored() {
    let mut bench = Bench::new(N2, Knobs::default());
    let first = bench.record(1, 1);
    let other = bench.record(1, 9);
    let after_other = bench.record_after(other, 1, 10);
    let records = Batch::Many(Rc::new([first, after_other]));
    let (epoch, prev, committed) = (Epoch(1), Position(0), Position(2));
    // What was stored before the parting is flushed; then it asks where they part.
    check(
        bench.hears(10, N1, Message::Append { epoch, prev, records, committed }),
        &[
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "n1 <- Hello { epoch: 1, since: 10ms, at: 1, of: 1, chain: 14527561297564977329, flushed: 0, fresh: no }",
        ],
    );
    assert_eq!(bench.node.committed, Position(0));
}

#[test]
fn a_node_that_is_not_attached_stores_nothing() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.hears(10, N3, heartbeat(2, 0, 10, true));
    let record = bench.record(2, 1);
    check(bench.hears(11, N3, append(2, 0, record, 0)), &[]);
    assert_eq!(bench.node.log.last(), Position(0));
}

#[test]
fn a_heartbeat_is_answered_and_restarts_the_silence() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.hears(500, N1, heartbeat(1, 1, 499, false)),
        &["n1 <- Alive { epoch: 1, sent: 499ms }", "set Silence 3000ms to 4500ms"],
    );
    assert_eq!(bench.node.committed, Position(1));
    check(
        bench.hears(1_000, N1, heartbeat(1, 9, 999, false)),
        &["n1 <- Alive { epoch: 1, sent: 999ms }", "set Silence 3000ms to 4500ms"],
    );
    assert_eq!(bench.node.committed, Position(2), "never past the own log");
}

#[test]
fn a_heartbeat_is_answered_also_where_neither_a_lease_nor_a_give_up_depends_on_it() {
    let mut bench = Bench::new(
        N2,
        knobs(|k| (k.failover.fencing, k.acknowledge.give_up_after) = (false, None)),
    );
    check(
        bench.hears(500, N1, heartbeat(1, 0, 499, false)),
        &["n1 <- Alive { epoch: 1, sent: 499ms }", "set Silence 3000ms to 4500ms"],
    );
}

#[test]
fn a_follower_that_is_greeted_begins_anew() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.hears(500, N1, heartbeat(1, 2, 499, true)),
        &[
            "n1 <- Alive { epoch: 1, sent: 499ms }",
            "set Silence 3000ms to 4500ms",
            "n1 <- Hello { epoch: 1, since: 500ms, at: 2, of: 1, chain: 5958300877595210248, flushed: 2, fresh: no }",
        ],
    );
    assert_eq!(bench.node.committed, Position(0), "this leader's log may be another");
    // What was shipped before means nothing until the logs are known to agree.
    let record = bench.record(1, 3);
    check(bench.hears(501, N1, append(1, 2, record, 0)), &[]);
    let since = SimTime::from_millis(500);
    let go_on = Message::Continue { epoch: Epoch(1), since, from: Position(2) };
    check(
        bench.hears(502, N1, go_on.clone()),
        &["n1 <- Confirm { epoch: 1, since: 500ms, received: 2, flushed: 2, applied: 2 }"],
    );
    check(
        bench.hears(503, N1, append(1, 2, record, 0)),
        &["write record 3", "flush Log { position: 3, era: 0 }"],
    );
    // The same answer once more cuts nothing off.
    check(
        bench.hears(504, N1, go_on),
        &["n1 <- Confirm { epoch: 1, since: 500ms, received: 3, flushed: 2, applied: 2 }"],
    );
    assert_eq!(bench.node.log.last(), Position(3));
}

#[test]
fn a_mark_of_a_flush_from_before_a_rewind_means_nothing() {
    let mut bench = Bench::new(N2, Knobs::default());
    let record = bench.record(1, 1);
    bench.hears(10, N1, append(1, 0, record, 0));
    let era = bench.node.era;
    bench.hears(11, N3, heartbeat(2, 0, 11, true));
    let since = SimTime::from_millis(11);
    bench.hears(12, N3, Message::Continue { epoch: Epoch(2), since, from: Position(0) });
    check(bench.flushed(13, Mark::Log { position: Position(1), era }), &[]);
    assert_eq!(bench.node.flushed, Position(0));
}
