//! A leader's heartbeats, confirmations, retries, and what it does about silent followers.

use super::*;
use crate::single_leader::knobs::WhenSilent;
use crate::single_leader::role::{Feeding, Role};

fn feeding(bench: &Bench, node: NodeId) -> Feeding {
    let Role::Leader(leader) = &bench.node.role else { panic!("it does not lead") };
    leader.progress[node.index()].feeding
}

#[test]
fn a_heartbeat_goes_to_everybody() {
    let mut bench = Bench::new(N1, Knobs::default());
    check(
        bench.timer(500, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: no }",
            "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: no }",
            "set Heartbeat 500ms",
        ],
    );
}

#[test]
fn a_full_window_is_not_shipped_into_and_empties_in_batches() {
    let mut bench =
        Bench::new(N1, knobs(|k| (k.shipping.window_records, k.shipping.batch_records) = (2, 2)));
    bench.write(10, 1);
    bench.write(11, 2);
    check(
        bench.write(12, 3),
        &[
            "write record 3",
            "flush Log { position: 3, era: 0 }",
            "note Appended { op: 3, position: 3 }",
        ],
    );
    check(
        bench.hears(13, N2, confirm(1, 2, 0)),
        &["n2 <- Append { epoch: 1, prev: 2, records: One(r2), committed: 0 }"],
    );
}

#[test]
fn a_confirmation_never_counts_for_more_than_there_is() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    check(
        bench.hears(13, N2, confirm(1, 9, 9)),
        &["note Committed { position: 1 }", "reply to 1/1: Written { position: 1, epoch: 1 }"],
    );
    assert_eq!(bench.node.committed, Position(1));
}

#[test]
fn a_confirmation_of_an_earlier_attempt_counts_for_nothing() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    let hello = Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(20),
        at: Position(0),
        of: Epoch(0),
        chain: 0,
        flushed: Position(0),
        fresh: false,
    };
    check(
        bench.hears(21, N2, hello.clone()),
        &[
            "n2 <- Continue { epoch: 1, since: 20ms, from: 0 }",
            "note CatchUpFromLog { node: n2, from: 1 }",
            "n2 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
        ],
    );
    check(bench.hears(22, N2, confirm_since(0, 1, 1, 1)), &[]);
    check(
        bench.hears(23, N2, confirm_since(20, 1, 1, 1)),
        &[
            "note CaughtUp { node: n2, position: 1 }",
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
        ],
    );
    // Nor does an earlier hello undo a later one.
    let late = Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(19),
        at: Position(0),
        of: Epoch(0),
        chain: 0,
        flushed: Position(0),
        fresh: false,
    };
    check(bench.hears(24, N2, late), &[]);
}

#[test]
fn a_closed_connection_gives_a_follower_up_at_once() {
    let mut bench = Bench::new(N1, any_one());
    check(bench.effects(10, Input::PeerClosed(N2)), &["note GaveUp { node: n2, silent: 0ms }"]);
    assert_eq!(feeding(&bench, N2), Feeding::GivenUp);
    // Nobody gives it up twice, and it is greeted until it says hello.
    check(bench.effects(11, Input::PeerClosed(N2)), &[]);
    check(
        bench.timer(500, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: yes }",
            "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: no }",
            "set Heartbeat 500ms",
        ],
    );
}

#[test]
fn a_silent_follower_is_given_up_and_another_takes_its_place() {
    let mut bench = Bench::new(
        N1,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncFirst(1, vec![N2, N3]);
            k.acknowledge.give_up_after = Some(ms(2_000));
        }),
    );
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    check(bench.hears(1_900, N3, confirm(1, 1, 1)), &[]);
    check(
        bench.timer(2_000, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 2000ms, stamp: 2000000, greet: no }",
            "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 2000ms, stamp: 2000000, greet: no }",
            "set Heartbeat 500ms",
            "note GaveUp { node: n2, silent: 2000ms }",
            "note MadeSynchronous { node: n3 }",
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
        ],
    );
}

#[test]
fn what_was_lost_is_sent_again_and_what_is_slow_is_not() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    bench.timer(500, Timer::Heartbeat);
    // A frozen follower answers no heartbeat: nothing is sent again.
    let beats = [
        "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 1000ms, stamp: 1000000, greet: no }",
        "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 1000ms, stamp: 1000000, greet: no }",
        "set Heartbeat 500ms",
    ];
    check(bench.timer(1_000, Timer::Heartbeat), &beats);
    bench.hears(1_002, N2, alive(1, 1_000));
    check(
        bench.timer(1_500, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 1500ms, stamp: 1500000, greet: no }",
            "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 1500ms, stamp: 1500000, greet: no }",
            "set Heartbeat 500ms",
            "note Resent { to: n2, from: 1 }",
            "n2 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
        ],
    );
}

#[test]
fn a_confirmation_that_was_lost_is_asked_for() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    bench.hears(13, N2, confirm(1, 1, 0));
    check(
        bench.timer(500, Timer::Heartbeat),
        &[
            "n2 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: no }",
            "n3 <- Heartbeat { epoch: 1, committed: 0, sent: 500ms, stamp: 500000, greet: no }",
            "set Heartbeat 500ms",
            "n2 <- Append { epoch: 1, prev: 1, records: Many([]), committed: 0 }",
        ],
    );
}

#[test]
fn a_leader_that_nobody_confirms_goes_on_alone_and_waits_again_later() {
    let mut bench = Bench::new(
        N1,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncAny(1);
            k.acknowledge.when_silent = WhenSilent::DegradeAfter(ms(1_000));
        }),
    );
    check(
        bench.write(10, 1),
        &[
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "note Appended { op: 1, position: 1 }",
            "set Degrade 1000ms",
            "n2 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
            "n3 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
        ],
    );
    bench.log_flushed(12, 1);
    check(
        bench.timer(1_010, Timer::Degrade),
        &[
            "note Degraded { after: 1000ms }",
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
        ],
    );
    bench.write(1_100, 2);
    check(
        bench.log_flushed(1_102, 2),
        &["note Committed { position: 2 }", "reply to 2/1: Written { position: 2, epoch: 1 }"],
    );
    check(bench.hears(1_200, N2, confirm(1, 2, 2)), &["note Rearmed"]);
    bench.write(1_300, 3);
    check(bench.log_flushed(1_302, 3), &[]);
}

#[test]
fn where_nobody_is_waited_for_there_is_no_patience_to_lose() {
    let degrade = |k: &mut Knobs| k.acknowledge.when_silent = WhenSilent::DegradeAfter(ms(1));
    let mut bench = Bench::new(N1, knobs(degrade));
    check(
        bench.write(10, 1),
        &[
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "note Appended { op: 1, position: 1 }",
            "n2 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
            "n3 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
        ],
    );
}

#[test]
fn patience_begins_with_the_write_that_waits_longest() {
    let mut bench = Bench::new(
        N1,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncAny(1);
            k.acknowledge.when_silent = WhenSilent::DegradeAfter(ms(1_000));
        }),
    );
    bench.write(10, 1);
    bench.write(900, 2);
    bench.log_flushed(902, 2);
    bench.hears(903, N2, confirm(1, 1, 1));
    check(bench.timer(1_010, Timer::Degrade), &["set Degrade 890ms"]);
}

#[test]
fn synchronous_replication_waits_for_every_follower_dead_or_alive() {
    let mut bench = Bench::new(N1, knobs(|k| k.acknowledge.mode = Mode::Synchronous));
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    check(bench.hears(13, N2, confirm(1, 1, 1)), &[]);
    check(bench.effects(14, Input::PeerClosed(N3)), &["note GaveUp { node: n3, silent: 0ms }"]);
    let waiting = bench.node.facts().waiting.unwrap();
    assert_eq!((waiting.nodes, waiting.writes), (vec![N3], 1));
}

#[test]
fn a_joined_node_counts_for_the_majority_at_once_and_for_confirmations_when_caught_up() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(11, 1);
    check(bench.ordered(12, Admin::Join(NodeId(3))), &[]);
    check(bench.hears(13, NodeId(3), confirm(1, 1, 1)), &[]);
    // Three of four must answer now: two do not.
    check(bench.hears(3_500, N2, alive(1, 3_499)), &[]);
    check(
        bench.write(3_501, 2),
        &["note LeaseEnded", "reply to 2/1: Unavailable { why: LeaseOver, epoch: 1 }"],
    );
}

#[test]
fn a_leader_that_hears_of_a_later_epoch_steps_down() {
    let mut bench = Bench::new(N1, Knobs::default());
    bench.write(10, 1);
    check(
        bench.hears(20, N3, heartbeat(2, 0, 20, true)),
        &[
            "note SteppedDown { epoch: 1, later: 2, why: Replaced { by: n3 } }",
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "note Follows { leader: n3, epoch: 2 }",
            "n3 <- Alive { epoch: 2, sent: 20ms }",
            "set Silence 3000ms to 4500ms",
            "n3 <- Hello { epoch: 2, since: 20ms, at: 1, of: 1, chain: 14527561297564977329, flushed: 0, fresh: no }",
        ],
    );
}

#[test]
fn an_older_leader_is_told_that_its_epoch_is_over() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(20, N2, heartbeat(2, 0, 20, true));
    check(
        bench.hears(30, N1, heartbeat(1, 0, 30, false)),
        &["note Fenced { from: n1, epoch: 1 }", "n1 <- Fence { epoch: 2, leader: Some(n2) }"],
    );
    // Without fencing nobody says anything.
    let mut bench = Bench::new(N3, knobs(|k| k.failover.fencing = false));
    bench.hears(20, N2, heartbeat(2, 0, 20, true));
    check(bench.hears(30, N1, heartbeat(1, 0, 30, false)), &[]);
}

#[test]
fn of_two_leaders_in_one_epoch_the_lower_name_goes_on() {
    let mut bench = Bench::new(N2, first_to_notice());
    bench.ordered(10, Admin::Promote);
    check(bench.hears(20, N3, heartbeat(2, 0, 20, true)), &[]);
    check(
        bench.hears(21, N1, heartbeat(2, 0, 21, true)),
        &[
            "note SteppedDown { epoch: 2, later: 2, why: SameEpoch { by: n1 } }",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
            "note Follows { leader: n1, epoch: 2 }",
            "n1 <- Alive { epoch: 2, sent: 21ms }",
            "set Silence 3000ms",
            "n1 <- Hello { epoch: 2, since: 21ms, at: 1, of: 2, chain: 13765686361149319090, flushed: 0, fresh: no }",
        ],
    );
}

#[test]
fn an_administrator_promotes() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.ordered(100, Admin::Promote),
        &[
            "write Reign { epoch: 2, voted_for: Some(n2), leading: yes, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "note Promoted { epoch: 2, position: 2 }",
            "cancel Silence",
            "cancel Election",
            "write record 3",
            "flush Log { position: 3, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
    check(bench.ordered(101, Admin::Promote), &[]);
}
