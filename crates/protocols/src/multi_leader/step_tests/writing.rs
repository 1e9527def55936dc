//! Clients' requests.

use super::*;
use engine::protocol::parts::Context;

#[test]
fn a_write_is_durable_here_then_answered_and_then_told_to_the_others() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    check(
        bench.write(10, 1),
        &["note Coordinated { op: 1, version: 1 }", "write version n1/1 that saw []", "flush 1"],
    );
    check(
        bench.flushed(12, 1),
        &[
            "reply to 1/1: Written { position: 1, epoch: 0 }",
            "n2 <- Updates [r0]",
            "n3 <- Updates [r0]",
        ],
    );
}

#[test]
fn with_version_vectors_on_the_disk_also_has_what_the_leader_had_taken_in() {
    let mut bench = Bench::new(N1, knobs(|k| k.causality = true));
    check(
        bench.write(10, 1),
        &[
            "note Coordinated { op: 1, version: 1 }",
            "write own 16",
            "write version n1/1 that saw []",
            "flush 1",
        ],
    );
}

#[test]
fn a_follower_names_its_leader_and_answers_readers_that_do_not_insist() {
    let mut bench = Bench::of(N3, 3, knobs(|k| k.leaders = 2));
    check(
        bench.write(10, 1),
        &["reply to 1/1: NotLeader { post: Leader, leader: Some(n1), epoch: 0 }"],
    );
    assert!(bench.read(11, 2)[0].contains("NotLeader"));
    let command = Command::Read { key: K, at_leader: false };
    check(
        bench.effects(12, Input::Request(Request { command, ..write(3, K) })),
        &["reply to 3/1: Value { value: 0, version: 0, applied: 0, epoch: 0 }"],
    );
}

#[test]
fn a_write_goes_to_the_home_leader_of_its_key_unless_the_client_had_to_ask_again() {
    let mut bench = Bench::new(N2, knobs(|k| k.home_leader = true));
    check(bench.write(10, 1), &["n1 <- Forward 1"]);
    let again = Request { id: RequestId { op: OpId(1), attempt: 2 }, ..write(1, K) };
    let told = bench.effects(1_010, Input::Request(again));
    assert!(told[0].starts_with("note Coordinated"), "{told:?}");
    let mut home = Bench::new(N1, knobs(|k| k.home_leader = true));
    let told = home.hears(12, N2, Message::Forward { request: write(1, K) });
    assert!(told[0].starts_with("note Coordinated"), "{told:?}");
}

#[test]
fn a_retry_with_a_key_finds_what_its_first_attempt_wrote() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.flushed(12, 1);
    let again = Request { id: RequestId { op: OpId(1), attempt: 2 }, ..write(1, K) };
    check(bench.effects(500, Input::Request(again)), &["flush 2"]);
    check(bench.flushed(502, 2), &["reply to 1/2: Written { position: 1, epoch: 0 }"]);
    let unkeyed = Request { idempotent: false, ..again };
    assert!(bench.effects(600, Input::Request(unkeyed))[0].contains("Coordinated"));
}

#[test]
fn by_setting_a_write_has_seen_what_its_leader_holds_of_the_key() {
    let mut bench = Bench::new(N1, knobs(|k| k.context = Context::Server));
    let (a, b) = (bench.update(N2, 1, &[]), bench.update(N3, 1, &[]));
    bench.hears(5, N2, news(&[&a]));
    bench.hears(6, N3, news(&[&b]));
    let told = bench.write(10, 1);
    assert_eq!(told[1], "write version n1/1 that saw [(n2, 1), (n3, 1)]");
    assert_eq!(bench.shown().len(), 1, "both are replaced");
}
