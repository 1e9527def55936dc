//! Finding where logs agree, cutting back, copying.

use super::*;
use crate::single_leader::knobs::Returning;
use crate::single_leader::role::Role;

fn hello(bench: &Bench, since: u64, at: u32, fresh: bool) -> Message {
    let end = bench.node.log.at(Position(at), &bench.records).unwrap();
    Message::Hello {
        epoch: bench.node.reign.epoch,
        since: SimTime::from_millis(since),
        at: Position(at),
        of: end.epoch,
        chain: end.chain,
        flushed: Position(at),
        fresh,
    }
}

/// A leader of epoch 1 with so many committed records, which n3 has not heard of.
fn leader(records: u32, knobs: Knobs) -> Bench {
    let mut bench = Bench::new(N1, knobs);
    bench.effects(1, Input::PeerClosed(N3));
    for op in 1..=records {
        bench.write(10, op);
        bench.log_flushed(11, op);
        bench.hears(12, N2, confirm(1, op, op));
    }
    bench
}

/// n2, having followed n1 up to position 3, hears n3 lead in epoch 2.
fn parted(me: NodeId, knobs: Knobs) -> (Bench, SimTime) {
    let mut bench = Bench::new(me, knobs);
    if me == N1 {
        (1..=3).for_each(|op| drop(bench.write(0, op)));
        bench.log_flushed(2, 3);
    } else {
        bench.holds(1, 3);
    }
    bench.hears(100, N3, heartbeat(2, 0, 100, true));
    (bench, SimTime::from_millis(100))
}

fn go_on(since: SimTime, from: u32) -> Message {
    Message::Continue { epoch: Epoch(2), since, from: Position(from) }
}

#[test]
fn a_follower_of_a_new_leader_says_where_its_log_ends() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 3);
    check(
        bench.hears(100, N3, heartbeat(2, 0, 100, true)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "note Follows { leader: n3, epoch: 2 }",
            "n3 <- Alive { epoch: 2, sent: 100ms }",
            "set Silence 3000ms to 4500ms",
            "n3 <- Hello { epoch: 2, since: 100ms, at: 3, of: 1, chain: 8322066425668451433, flushed: 3, fresh: no }",
        ],
    );
}

#[test]
fn a_log_that_agrees_is_continued() {
    let mut bench = leader(3, Knobs::default());
    let hello = hello(&bench, 20, 1, false);
    check(
        bench.hears(21, N3, hello),
        &[
            "n3 <- Continue { epoch: 1, since: 20ms, from: 1 }",
            "note CatchUpFromLog { node: n3, from: 2 }",
            "n3 <- Append { epoch: 1, prev: 1, records: Many([r1, r2]), committed: 3 }",
        ],
    );
    check(
        bench.hears(22, N3, confirm_since(20, 1, 3, 3)),
        &["note CaughtUp { node: n3, position: 3 }"],
    );
}

#[test]
fn a_log_that_is_longer_or_differs_is_compared_further_back() {
    let mut bench = leader(3, Knobs::default());
    let longer = Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(20),
        at: Position(5),
        of: Epoch(1),
        chain: 77,
        flushed: Position(5),
        fresh: false,
    };
    check(bench.hears(21, N3, longer), &["n3 <- Compare { epoch: 1, since: 20ms, at: 3, of: 1 }"]);
}

#[test]
fn asked_what_stands_there_a_follower_answers_with_no_later_epoch() {
    let (mut bench, since) = parted(N2, Knobs::default());
    let compare = Message::Compare { epoch: Epoch(2), since, at: Position(2), of: Epoch(1) };
    check(
        bench.hears(101, N3, compare),
        &[
            "n3 <- Hello { epoch: 2, since: 100ms, at: 2, of: 1, chain: 5958300877595210248, flushed: 2, fresh: no }",
        ],
    );
    let compare = Message::Compare { epoch: Epoch(2), since, at: Position(2), of: Epoch(0) };
    check(
        bench.hears(102, N3, compare),
        &["n3 <- Hello { epoch: 2, since: 100ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: no }"],
    );
}

#[test]
fn a_leader_that_compares_with_an_attached_follower_is_said_hello_to_anew() {
    let (mut bench, since) = parted(N2, Knobs::default());
    bench.hears(101, N3, go_on(since, 3));
    let compare = Message::Compare { epoch: Epoch(2), since, at: Position(2), of: Epoch(1) };
    check(
        bench.hears(102, N3, compare),
        &[
            "n3 <- Hello { epoch: 2, since: 102ms, at: 3, of: 1, chain: 8322066425668451433, flushed: 3, fresh: no }",
        ],
    );
}

#[test]
fn a_follower_cuts_its_log_back_to_where_it_parts() {
    let (mut bench, since) = parted(N2, Knobs::default());
    check(
        bench.hears(101, N3, go_on(since, 1)),
        &[
            "note Rewound { from: 3, to: 1 }",
            "write rewind to 1",
            "flush Log { position: 1, era: 1 }",
            "n3 <- Confirm { epoch: 2, since: 100ms, received: 1, flushed: 1, applied: 1 }",
        ],
    );
    assert_eq!((bench.node.flushed, bench.node.data.applied()), (Position(1), Position(1)));
}

#[test]
fn an_answer_to_an_earlier_attempt_cuts_nothing_off() {
    let (mut bench, since) = parted(N2, Knobs::default());
    bench.hears(101, N3, go_on(since, 3));
    bench.hears(200, N3, heartbeat(2, 0, 200, true));
    check(bench.hears(201, N3, go_on(since, 1)), &[]);
    assert_eq!(bench.node.log.last(), Position(3));
}

#[test]
fn a_former_leader_that_is_refused_waits_even_after_a_restart() {
    let refuse = knobs(|k| k.failover.returning = Returning::Refuse);
    let (mut bench, since) = parted(N1, refuse);
    check(bench.hears(101, N3, go_on(since, 1)), &["note Stranded { at: 1 }", "cancel Silence"]);
    assert!(matches!(bench.node.role, Role::Stranded(_)));
    let (mut bench, _) = bench.restart(1_000);
    bench.hears(1_100, N3, heartbeat(2, 0, 1_100, true));
    check(
        bench.hears(1_101, N3, go_on(SimTime::from_millis(1_100), 1)),
        &["note Stranded { at: 1 }", "cancel Silence"],
    );
    // A mere follower is not: it cuts its log back.
    let refuse = knobs(|k| k.failover.returning = Returning::Refuse);
    let (mut bench, since) = parted(N2, refuse);
    bench.hears(101, N3, go_on(since, 1));
    assert_eq!(bench.node.log.last(), Position(1));
}

#[test]
fn an_order_to_copy_throws_everything_away() {
    let (mut bench, since) = parted(N2, Knobs::default());
    bench.hears(101, N3, go_on(since, 3));
    check(
        bench.ordered(200, Admin::CopyAfresh),
        &[
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: yes, emptied: yes, seen: 0 }",
            "flush Reign",
            "write rewind to 0",
            "flush Log { position: 0, era: 1 }",
            "n3 <- Hello { epoch: 2, since: 200ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: yes }",
        ],
    );
    // What it once confirmed is not confirmed by this attempt.
    assert!(bench.node.reign.emptied);
}

#[test]
fn a_leader_ordered_to_copy_steps_aside_and_does_not_lead_again() {
    let mut bench = Bench::new(N1, knobs(|k| k.failover.promote = Promote::ByHand));
    bench.write(10, 1);
    check(
        bench.ordered(20, Admin::CopyAfresh),
        &[
            "note SteppedDown { epoch: 1, later: 1, why: Ordered }",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
            "write Reign { epoch: 1, voted_for: Some(n1), leading: no, fresh: yes, emptied: yes, seen: 0 }",
            "flush Reign",
            "write rewind to 0",
            "flush Log { position: 0, era: 1 }",
        ],
    );
    let (bench, told) = bench.restart(1_000);
    check(told, &["note DiskRead { records: 1, torn: no }", "set Silence 3000ms"]);
    assert!(bench.node.reign.fresh);
}

#[test]
fn a_node_without_data_is_copied_in_pieces_and_then_fed_from_the_log() {
    let mut bench = leader(3, knobs(|k| k.catch_up.piece_bytes = 50));
    bench.ordered(20, Admin::Join(NodeId(3)));
    let fresh = hello(&bench, 20, 0, true);
    check(
        bench.hears(21, NodeId(3), fresh.clone()),
        &["note CatchUpFromSnapshot { node: n4, position: 3, bytes: 77 }", "set Piece 0ms"],
    );
    check(
        bench.timer(21, Timer::Piece),
        &[
            "n4 <- Piece { epoch: 1, since: 20ms, position: 3, bytes: FrameRef { block: 0, start: 180, len: 50 }, offset: 0, total: 77 }",
            "set Piece 0.05ms",
        ],
    );
    // The same hello again, said before the first piece came: the copy goes on.
    check(bench.hears(22, NodeId(3), fresh), &[]);
    // After a restart another copy begins.
    let anew = hello(&bench, 30, 0, true);
    check(
        bench.hears(31, NodeId(3), anew),
        &["note CatchUpFromSnapshot { node: n4, position: 3, bytes: 77 }"],
    );
    let installed = hello(&bench, 40, 3, false);
    check(
        bench.hears(41, NodeId(3), installed),
        &[
            "n4 <- Continue { epoch: 1, since: 40ms, from: 3 }",
            "note CaughtUp { node: n4, position: 3 }",
        ],
    );
}

#[test]
fn pieces_that_are_not_confirmed_are_sent_again() {
    let mut bench = leader(3, knobs(|k| k.catch_up.piece_bytes = 50));
    let fresh = hello(&bench, 20, 0, true);
    bench.hears(21, N3, fresh);
    bench.timer(21, Timer::Piece);
    check(
        bench.timer(71, Timer::Piece),
        &[
            "n3 <- Piece { epoch: 1, since: 20ms, position: 3, bytes: FrameRef { block: 0, start: 230, len: 27 }, offset: 50, total: 77 }",
            "set Piece 0.05ms",
        ],
    );
    let (epoch, since) = (Epoch(1), SimTime::from_millis(20));
    let piece = Message::PieceConfirm { epoch, since, position: Position(3), upto: 50 };
    check(bench.hears(80, N3, piece), &[]);
    check(bench.timer(121, Timer::Piece), &["set Piece 0.05ms"]);
}

#[test]
fn a_follower_whose_next_record_was_dropped_is_copied() {
    let mut bench = leader(7, knobs(|k| k.retention.records = Some(2)));
    assert!(bench.node.log.base() > Position(1));
    let lagging = Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(20),
        at: Position(1),
        of: Epoch(1),
        chain: 5,
        flushed: Position(1),
        fresh: false,
    };
    check(
        bench.hears(21, N3, lagging),
        &[
            "note LogTruncatedMeanwhile { node: n3, needs: 2, first: 5 }",
            "note CatchUpFromSnapshot { node: n3, position: 7, bytes: 109 }",
            "set Piece 0ms",
        ],
    );
}

#[test]
fn where_copies_are_an_administrators_business_the_follower_is_told() {
    let mut bench =
        leader(7, knobs(|k| (k.retention.records, k.catch_up.automatic) = (Some(2), false)));
    let lagging = Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(20),
        at: Position(1),
        of: Epoch(1),
        chain: 5,
        flushed: Position(1),
        fresh: false,
    };
    check(
        bench.hears(21, N3, lagging),
        &[
            "note LogTruncatedMeanwhile { node: n3, needs: 2, first: 5 }",
            "n3 <- Gone { epoch: 1, first: 5 }",
        ],
    );
}

#[test]
fn a_snapshot_replaces_everything_and_the_log_goes_on_from_it() {
    let mut bench = leader(3, Knobs::default());
    let fresh = hello(&bench, 5_000, 0, true);
    bench.hears(21, N3, fresh);
    let Role::Leader(leader) = &bench.node.role else { panic!("it does not lead") };
    let crate::single_leader::role::Feeding::Snapshot(outgoing) =
        leader.progress[N3.index()].feeding
    else {
        panic!("no snapshot under way")
    };
    let (frame, position) = (outgoing.frame, outgoing.position);
    let records = bench.records;
    let (mut bench, _) =
        Bench::start(NodeId(3), 4, Knobs::default(), vec![], records, (5_000, true), AT_ONCE);
    bench.hears(5_001, N1, heartbeat(1, 3, 5_001, true));
    let since = SimTime::from_millis(5_001);
    let half = frame.len / 2;
    let piece = |offset: u32, len: u32| Message::Piece {
        epoch: Epoch(1),
        since,
        position,
        bytes: frame.piece(offset, len),
        offset,
        total: frame.len,
    };
    // A piece from the middle is of no use without those before it.
    check(bench.hears(5_010, N1, piece(half, frame.len)), &[]);
    check(
        bench.hears(5_011, N1, piece(0, half)),
        &[
            "note SnapshotArrived { bytes: 38, of: 77 }",
            "n1 <- PieceConfirm { epoch: 1, since: 5001ms, position: 3, upto: 38 }",
        ],
    );
    check(
        bench.hears(5_012, N1, piece(half, frame.len)),
        &[
            "note SnapshotArrived { bytes: 77, of: 77 }",
            "n1 <- PieceConfirm { epoch: 1, since: 5001ms, position: 3, upto: 77 }",
            "write snapshot",
            "write Reign { epoch: 1, voted_for: Some(n1), leading: no, fresh: no, emptied: no, seen: 0 }",
            "note SnapshotInstalled { position: 3 }",
            "flush Snapshot { position: 3, era: 1 }",
            "flush Front { first_extent: 1 }",
        ],
    );
    let era = bench.node.era;
    check(
        bench.flushed(5_014, Mark::Snapshot { position, era }),
        &[
            "n1 <- Hello { epoch: 1, since: 5012ms, at: 3, of: 1, chain: 8322066425668451433, flushed: 3, fresh: no }",
        ],
    );
    assert_eq!((bench.node.log.base(), bench.node.data.applied()), (position, position));
    assert!(!bench.node.reign.fresh);
    // A piece that comes late belongs to an attempt that is over.
    check(bench.hears(5_015, N1, piece(0, half)), &[]);
    let (bench, told) = bench.restart(6_000);
    check(told, &["note DiskRead { records: 0, torn: no }", "set Silence 3000ms to 4500ms"]);
    assert_eq!((bench.node.log.base(), bench.node.data.applied()), (position, position));
}

#[test]
fn a_follower_greeted_in_the_middle_of_a_copy_asks_for_another() {
    let (mut bench, _) = Bench::added(NodeId(3), 5_000, Knobs::default());
    bench.hears(5_001, N1, heartbeat(1, 3, 5_001, true));
    let bytes = bench.disk[0];
    let (epoch, since) = (Epoch(1), SimTime::from_millis(5_001));
    let position = Position(3);
    let piece = Message::Piece { epoch, since, position, bytes, offset: 0, total: 90 };
    check(
        bench.hears(5_002, N1, piece),
        &[
            "note SnapshotArrived { bytes: 15, of: 90 }",
            "n1 <- PieceConfirm { epoch: 1, since: 5001ms, position: 3, upto: 15 }",
        ],
    );
    check(
        bench.hears(5_500, N1, heartbeat(1, 3, 5_500, false)),
        &["n1 <- Alive { epoch: 1, sent: 5500ms }", "set Silence 3000ms to 4500ms"],
    );
    check(
        bench.hears(16_000, N1, heartbeat(1, 3, 16_000, true)),
        &[
            "n1 <- Alive { epoch: 1, sent: 16000ms }",
            "set Silence 3000ms to 4500ms",
            "n1 <- Hello { epoch: 1, since: 16000ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: yes }",
        ],
    );
}
