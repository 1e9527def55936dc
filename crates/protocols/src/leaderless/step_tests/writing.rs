//! Coordinating writes, and keeping what others coordinate.

use super::*;
use engine::protocol::parts::{Conflicts, Context};

#[test]
fn a_write_is_durable_here_before_it_is_sent_and_answered_when_w_have_it() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    check(
        bench.write(10, 1),
        &[
            "note Coordinated { op: 1, version: 1 }",
            "write version n1/1 that saw []",
            "flush Flush(1)",
        ],
    );
    check(
        bench.flushed(12, 1),
        &[
            "n2 <- Put { call: 1, key: 0, versions: One(r0) }",
            "n3 <- Put { call: 1, key: 0, versions: One(r0) }",
            "set Patience 100ms",
        ],
    );
    check(
        bench.hears(15, N3, Message::Stored { call: 1 }),
        &["reply to 1/1: Written { position: 1, epoch: 0 }"],
    );
    check(bench.hears(16, N2, Message::Stored { call: 1 }), &[]);
    assert_eq!(bench.node.calls.len(), 0);
}

#[test]
fn a_confirmation_counts_once() {
    let mut bench = Bench::new(N1, knobs(|k| k.w = 3));
    bench.write(10, 1);
    bench.flushed(12, 1);
    check(bench.hears(15, N2, Message::Stored { call: 1 }), &[]);
    check(bench.hears(16, N2, Message::Stored { call: 1 }), &[]);
    assert_eq!(bench.hears(17, N3, Message::Stored { call: 1 }).len(), 1);
}

#[test]
fn a_write_replaces_what_its_client_was_given_and_stands_beside_the_rest() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let given = bench.holds(N2, 4, &[]);
    let other = bench.holds(N3, 7, &[]);
    let mut request = write(1, K);
    request.context = given.name();
    check(
        bench.effects(10, Input::Request(request)),
        &[
            "note Coordinated { op: 1, version: 3 }",
            "write version n1/1 that saw [(n2, 4)]",
            "flush Flush(3)",
        ],
    );
    assert_eq!(bench.node.stored(K), [RecordRef(2), other]);
    bench.write(20, 2);
    assert_eq!(bench.node.stored(K), [RecordRef(2), RecordRef(3), other], "it was given nothing");
}

#[test]
fn a_context_names_no_more_than_its_client_was_given_of_the_same_node() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.write(20, 2);
    // The acknowledgement of the second gives nothing of the first, though n1 counted it before.
    let again = Request { context: RecordRef(1).name(), ..write(3, K) };
    bench.effects(30, Input::Request(again));
    assert_eq!(bench.node.stored(K), [RecordRef(0), RecordRef(2)]);
}

#[test]
fn by_setting_a_write_has_seen_what_its_coordinator_holds() {
    let mut bench = Bench::new(N1, knobs(|k| k.context = Context::Server));
    bench.holds(N2, 4, &[]);
    bench.holds(N3, 7, &[]);
    check(
        bench.write(10, 1),
        &[
            "note Coordinated { op: 1, version: 3 }",
            "write version n1/1 that saw [(n2, 4), (n3, 7)]",
            "flush Flush(3)",
        ],
    );
    assert_eq!(bench.node.stored(K), [RecordRef(2)], "both are replaced");
}

#[test]
fn a_replica_confirms_when_the_version_is_on_its_disk() {
    let mut bench = Bench::new(N2, knobs(|_| ()));
    let record = bench.version(N1, 1, &[]);
    check(
        bench.hears(10, N1, put(5, record)),
        &["write version n1/1 that saw []", "flush Flush(1)"],
    );
    check(bench.hears(11, N3, put(9, record)), &["flush Flush(2)"]);
    check(bench.flushed(12, 1), &["n1 <- Stored { call: 5 }"]);
    check(bench.flushed(14, 2), &["n3 <- Stored { call: 9 }"]);
}

#[test]
fn what_is_obsolete_is_confirmed_and_not_kept() {
    let mut bench = Bench::new(N2, knobs(|_| ()));
    let old = bench.version(N1, 1, &[]);
    let new = bench.holds(N3, 1, &[old]);
    check(bench.hears(10, N1, put(5, old)), &["flush Flush(2)"]);
    assert_eq!(bench.node.stored(K), [new]);
}

#[test]
fn where_the_last_write_wins_an_earlier_stamp_loses_even_if_it_comes_later() {
    let mut bench = Bench::new(N1, knobs(|k| k.versions = Conflicts::LastWriteWins));
    let fast = bench.holds(N2, 9, &[]);
    bench.clock = 5_000;
    check(bench.write(10, 1), &["note Coordinated { op: 1, version: 2 }", "flush Flush(2)"]);
    assert_eq!(bench.node.stored(K), [fast]);
    check(
        bench.flushed(12, 2),
        &[
            "n2 <- Put { call: 1, key: 0, versions: One(r0) }",
            "n3 <- Put { call: 1, key: 0, versions: One(r0) }",
            "set Patience 100ms",
        ],
    );
}

#[test]
fn a_node_that_does_not_hold_the_key_passes_the_request_on() {
    let list = |bench: &Bench| bench.node.preference(K);
    let holders = list(&Bench::of(N1, 6, knobs(|_| ())));
    let stranger = (0..6).map(NodeId).find(|node| !holders.contains(node)).unwrap();
    let mut bench = Bench::of(stranger, 6, knobs(|_| ()));
    let told = bench.write(10, 1);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(&format!("{} <- Forward", holders[0])), "{told:?}");
}

#[test]
fn a_retry_with_a_key_finds_the_version_of_its_first_attempt() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.flushed(12, 1);
    let again = Request { id: RequestId { op: OpId(1), attempt: 2 }, ..write(1, K) };
    check(bench.effects(500, Input::Request(again)), &["flush Flush(2)"]);
    let unkeyed = Request { idempotent: false, ..again };
    assert!(bench.effects(600, Input::Request(unkeyed))[0].contains("Coordinated"));
}

#[test]
fn too_few_confirmations_are_told_as_a_failure_though_the_version_stays() {
    let mut bench = Bench::new(N1, knobs(|k| (k.w, k.suspect_after) = (3, None)));
    bench.write(10, 1);
    bench.flushed(12, 1);
    bench.hears(15, N2, Message::Stored { call: 1 });
    check(
        bench.timer(510, Timer::Patience),
        &[
            "note QuorumMissed { op: 1, got: 2, needed: 3 }",
            "reply to 1/1: Unavailable { why: QuorumMissed, epoch: 0 }",
        ],
    );
    assert_eq!(bench.node.stored(K).len(), 1);
}
