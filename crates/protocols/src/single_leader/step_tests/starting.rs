//! Starting, from an empty disk, from a whole one, from one that lost its end.

use super::*;
use crate::single_leader::knobs::Returning;

#[test]
fn the_first_node_of_a_new_cluster_leads() {
    let (_, told) =
        Bench::start(N1, 3, Knobs::default(), vec![], Records::default(), (0, false), AT_ONCE);
    check(
        told,
        &[
            "write Reign { epoch: 1, voted_for: Some(n1), leading: yes, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "set Heartbeat 500ms",
        ],
    );
}

#[test]
fn the_others_of_a_new_cluster_follow_it_and_are_attached() {
    let (bench, told) =
        Bench::start(N2, 3, Knobs::default(), vec![], Records::default(), (0, false), AT_ONCE);
    check(
        told,
        &[
            "write Reign { epoch: 1, voted_for: Some(n1), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "set Silence 3000ms to 4500ms",
        ],
    );
    assert_eq!(bench.node.leader(), Some(N1));
}

#[test]
fn an_added_node_writes_down_that_it_has_nothing() {
    let (bench, told) = Bench::added(NodeId(3), 5_000, Knobs::default());
    check(
        told,
        &[
            "write Reign { epoch: 1, voted_for: Some(n1), leading: no, fresh: yes, emptied: no, seen: 0 }",
            "flush Reign",
            "set Silence 3000ms to 4500ms",
        ],
    );
    let (bench, told) = bench.restart(6_000);
    check(told, &["note DiskRead { records: 0, torn: no }", "set Silence 3000ms to 4500ms"]);
    assert!(bench.node.reign.fresh, "it still has nothing");
}

#[test]
fn a_node_that_lost_everything_before_its_first_flush_does_not_begin_a_cluster() {
    let (bench, told) = Bench::new(N1, Knobs::default()).lose_power(1, 0);
    check(told, &["set Silence 3000ms to 4500ms"]);
    assert_eq!(bench.node.leader(), None);
}

#[test]
fn a_restarted_node_reads_its_log_and_waits_for_a_leader() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 3);
    let (bench, told) = bench.restart(9_000);
    check(told, &["note DiskRead { records: 3, torn: no }", "set Silence 3000ms to 4500ms"]);
    assert_eq!((bench.node.flushed, bench.node.data.applied()), (Position(3), Position(3)));
}

#[test]
fn an_elected_leader_that_restarts_waits_like_any_other() {
    let mut bench = Bench::new(N1, Knobs::default());
    bench.write(10, 1);
    let (_, told) = bench.restart(1_000);
    check(told, &["note DiskRead { records: 1, torn: no }", "set Silence 3000ms to 4500ms"]);
}

#[test]
fn a_leader_appointed_by_hand_leads_on_after_its_restart() {
    let mut bench = Bench::new(N1, knobs(|k| k.failover.promote = Promote::ByHand));
    bench.write(10, 1);
    let (mut bench, told) = bench.restart(1_000);
    check(
        told,
        &[
            "note DiskRead { records: 1, torn: no }",
            "note Promoted { epoch: 1, position: 1 }",
            "write record 2",
            "flush Log { position: 2, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
    // It does not know how far the others' logs reach, and asks.
    check(
        bench.timer(1_000, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 1, sent: 1000ms, stamp: 1000000, greet: yes }",
            "n3 <- Heartbeat { epoch: 1, committed: 1, sent: 1000ms, stamp: 1000000, greet: yes }",
            "set Heartbeat 500ms",
        ],
    );
}

#[test]
fn a_trusted_leader_leads_on_in_its_old_epoch() {
    let bench = Bench::new(N1, knobs(|k| k.failover.returning = Returning::Trust));
    let (_, told) = bench.restart(1_000);
    check(
        told,
        &[
            "note DiskRead { records: 0, torn: no }",
            "note Promoted { epoch: 1, position: 0 }",
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
}

/// "Started once as a primary", PostgreSQL writes a checkpoint of its own, and has diverged from a
/// server that was promoted meanwhile.
#[test]
fn a_leader_that_started_alone_has_parted_even_if_nobody_wrote() {
    let returns = |returning| {
        let by_hand = |k: &mut Knobs| {
            k.failover.promote = Promote::ByHand;
            k.failover.returning = returning;
        };
        let mut bench = Bench::new(N1, knobs(by_hand));
        bench.write(10, 1);
        bench.log_flushed(12, 1);
        let (mut bench, _) = bench.restart(1_000);
        // All that n2 leads on with in epoch 2 is here too, but not the other way round.
        bench.hears(2_000, N2, heartbeat(2, 0, 1_999, true));
        let (epoch, since, from) = (Epoch(2), SimTime::from_millis(2_000), Position(1));
        let told = bench.hears(2_002, N2, Message::Continue { epoch, since, from });
        (told[0].clone(), bench.node.log.last())
    };
    let (told, last) = returns(Returning::Refuse);
    assert_eq!((told.as_str(), last), ("note Stranded { at: 1 }", Position(2)));
    let (told, last) = returns(Returning::Rewind);
    assert_eq!((told.as_str(), last), ("note Rewound { from: 2, to: 1 }", Position(1)));
}

#[test]
fn a_torn_record_is_not_read() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    let last = bench.disk.len() - 1;
    bench.disk[last] = bench.disk[last].torn_to(20);
    let (bench, told) = bench.restart(9_000);
    check(told, &["note DiskRead { records: 1, torn: yes }", "set Silence 3000ms to 4500ms"]);
    assert_eq!(bench.node.log.last(), Position(1));
}

#[test]
fn a_rewind_is_read_again_from_the_disk() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 3);
    bench.hears(100, N3, heartbeat(2, 0, 100, true));
    let since = SimTime::from_millis(100);
    bench.hears(101, N3, Message::Continue { epoch: Epoch(2), since, from: Position(1) });
    let (bench, told) = bench.restart(9_000);
    check(told, &["note DiskRead { records: 3, torn: no }", "set Silence 3000ms to 4500ms"]);
    assert_eq!(bench.node.log.last(), Position(1));
}

#[test]
fn the_log_behind_a_trimmed_front_is_read_again_from_the_disk() {
    let mut bench = Bench::new(N2, knobs(|k| k.retention.records = Some(4)));
    for position in 1..=7 {
        bench.holds(1, position);
        bench.hears(0, N1, heartbeat(1, position, 0, false));
    }
    let first_extent = bench.node.log.extent(Position(4)).unwrap();
    assert_eq!(bench.node.log.base(), Position(3));
    check(bench.flushed(1, Mark::Front { first_extent }), &["discard all but 6"]);
    let (mut bench, told) = bench.restart(9_000);
    check(told, &["note DiskRead { records: 4, torn: no }", "set Silence 3000ms to 4500ms"]);
    let log = (bench.node.log.base(), bench.node.log.last(), bench.node.data.applied());
    assert_eq!(log, (Position(3), Position(7), Position(7)));
    // What it drops next is counted from the extents that are still there.
    bench.hears(9_001, N1, heartbeat(1, 7, 9_001, true));
    let since = SimTime::from_millis(9_001);
    bench.hears(9_002, N1, Message::Continue { epoch: Epoch(1), since, from: Position(7) });
    for position in 8..=10 {
        bench.holds(1, position);
        bench.hears(9_100, N1, heartbeat(1, position, 9_100, false));
    }
    let first_extent = bench.node.log.extent(bench.node.log.base().next()).unwrap();
    bench.flushed(9_101, Mark::Front { first_extent });
    let base = bench.node.log.base();
    // The snapshot that stood for the front before lies among the records that are kept.
    let (bench, _) = bench.restart(10_000);
    assert_eq!((bench.node.log.base(), bench.node.log.last()), (base, Position(10)));
}
