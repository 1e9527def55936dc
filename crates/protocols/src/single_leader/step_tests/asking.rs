//! Clients' requests.

use super::*;
use crate::single_leader::knobs::ConfirmOn;

#[test]
fn a_write_is_logged_and_shipped_and_answered_once_durable() {
    let mut bench = Bench::new(N1, Knobs::default());
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
    check(
        bench.log_flushed(12, 1),
        &["note Committed { position: 1 }", "reply to 1/1: Written { position: 1, epoch: 1 }"],
    );
}

#[test]
fn a_write_waits_for_one_follower() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    check(bench.log_flushed(12, 1), &[]);
    check(bench.hears(13, N2, confirm(1, 1, 0)), &[]);
    check(
        bench.hears(15, N2, confirm(1, 1, 1)),
        &["note Committed { position: 1 }", "reply to 1/1: Written { position: 1, epoch: 1 }"],
    );
}

#[test]
fn a_follower_that_is_faster_than_the_leaders_disk_is_not_enough() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    check(bench.hears(11, N2, confirm(1, 1, 1)), &[]);
    check(
        bench.log_flushed(12, 1),
        &["note Committed { position: 1 }", "reply to 1/1: Written { position: 1, epoch: 1 }"],
    );
}

#[test]
fn where_memory_is_enough_a_write_is_answered_before_it_is_durable() {
    let received = |k: &mut Knobs| k.acknowledge.on = ConfirmOn::Received;
    let mut bench = Bench::new(N1, knobs(received));
    check(
        bench.write(10, 1),
        &[
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "note Appended { op: 1, position: 1 }",
            "n2 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
            "n3 <- Append { epoch: 1, prev: 0, records: One(r0), committed: 0 }",
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
        ],
    );
    // It becomes visible when it is durable.
    check(bench.log_flushed(12, 1), &[]);
    assert_eq!(bench.node.data.applied(), Position(1));
}

#[test]
fn a_retry_finds_its_first_attempt_waiting_or_done() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    let retry = Request { id: RequestId { op: OpId(1), attempt: 2 }, ..write(1) };
    check(bench.effects(20, Input::Request(retry)), &[]);
    bench.log_flushed(21, 1);
    check(
        bench.hears(22, N2, confirm(1, 1, 1)),
        &[
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
            "reply to 1/2: Written { position: 1, epoch: 1 }",
        ],
    );
    let retry = Request { id: RequestId { op: OpId(1), attempt: 3 }, ..write(1) };
    check(
        bench.effects(23, Input::Request(retry)),
        &["reply to 1/3: Written { position: 1, epoch: 1 }"],
    );
}

#[test]
fn a_retry_without_a_key_is_written_again() {
    let mut bench = Bench::new(N1, Knobs::default());
    let keyless = Request { idempotent: false, ..write(1) };
    bench.effects(10, Input::Request(keyless));
    check(
        bench.effects(20, Input::Request(keyless)),
        &[
            "write record 2",
            "flush Log { position: 2, era: 0 }",
            "note Appended { op: 1, position: 2 }",
            "n2 <- Append { epoch: 1, prev: 1, records: One(r1), committed: 0 }",
            "n3 <- Append { epoch: 1, prev: 1, records: One(r1), committed: 0 }",
        ],
    );
}

#[test]
fn a_follower_names_the_leader() {
    let mut bench = Bench::new(N2, Knobs::default());
    check(
        bench.write(10, 1),
        &["reply to 1/1: NotLeader { post: Leader, leader: Some(n1), epoch: 1 }"],
    );
    check(
        bench.effects(10, Input::Request(read(2, true))),
        &["reply to 2/1: NotLeader { post: Leader, leader: Some(n1), epoch: 1 }"],
    );
}

#[test]
fn a_follower_reads_what_it_has_applied() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.effects(10, Input::Request(read(3, false))),
        &["reply to 3/1: Value { value: 20, version: 2, applied: 2, epoch: 1 }"],
    );
}

#[test]
fn a_leader_shows_only_what_is_committed() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    check(
        bench.effects(13, Input::Request(read(2, true))),
        &["reply to 2/1: Value { value: 0, version: 0, applied: 0, epoch: 1 }"],
    );
    bench.hears(14, N2, confirm(1, 1, 1));
    check(
        bench.effects(15, Input::Request(read(3, true))),
        &["reply to 3/1: Value { value: 10, version: 1, applied: 1, epoch: 1 }"],
    );
}

#[test]
fn a_leader_without_a_lease_takes_nothing_and_shows_nothing() {
    let mut bench = Bench::new(N1, Knobs::default());
    check(
        bench.write(3_000, 1),
        &["note LeaseEnded", "reply to 1/1: Unavailable { why: LeaseOver, epoch: 1 }"],
    );
    check(
        bench.effects(3_000, Input::Request(read(2, true))),
        &["reply to 2/1: Unavailable { why: LeaseOver, epoch: 1 }"],
    );
    // An answer to a heartbeat renews it, from the time of the heartbeat's sending.
    check(bench.hears(3_100, N2, alive(1, 3_050)), &["note LeaseRenewed"]);
    check(
        bench.effects(3_101, Input::Request(read(3, true))),
        &["reply to 3/1: Value { value: 0, version: 0, applied: 0, epoch: 1 }"],
    );
}

#[test]
fn what_waits_is_not_answered_when_the_lease_is_over() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    check(bench.hears(3_000, N2, confirm(1, 1, 1)), &["note LeaseEnded"]);
    check(
        bench.hears(3_001, N2, alive(1, 2_999)),
        &[
            "note LeaseRenewed",
            "note Committed { position: 1 }",
            "reply to 1/1: Written { position: 1, epoch: 1 }",
        ],
    );
}

#[test]
fn without_fencing_a_leader_needs_no_lease() {
    let mut bench = Bench::new(N1, knobs(|k| k.failover.fencing = false));
    check(
        bench.effects(60_000, Input::Request(read(1, true))),
        &["reply to 1/1: Value { value: 0, version: 0, applied: 0, epoch: 1 }"],
    );
}

#[test]
fn a_client_that_heard_of_a_later_epoch_makes_the_leader_step_down() {
    let mut bench = Bench::new(N1, Knobs::default());
    let request = Request { epoch: Epoch(2), ..write(1) };
    check(
        bench.effects(10, Input::Request(request)),
        &[
            "note SteppedDown { epoch: 1, later: 2, why: ToldByClient }",
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "reply to 1/1: NotLeader { post: Leader, leader: None, epoch: 2 }",
        ],
    );
}

#[test]
fn a_node_that_is_being_copied_has_nothing_to_show() {
    let (mut bench, _) = Bench::added(NodeId(3), 5_000, Knobs::default());
    check(
        bench.effects(5_001, Input::Request(read(1, false))),
        &["reply to 1/1: Unavailable { why: Copying, epoch: 1 }"],
    );
}

#[test]
fn a_follower_that_lacks_what_a_client_has_seen_refuses_to_answer() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    let reader = |seen| Request { seen: Position(seen), ..read(7, false) };
    check(
        bench.effects(20, Input::Request(reader(3))),
        &["reply to 7/1: Unavailable { why: Behind, epoch: 1 }"],
    );
    check(
        bench.effects(21, Input::Request(reader(2))),
        &["reply to 7/1: Value { value: 20, version: 2, applied: 2, epoch: 1 }"],
    );
}
