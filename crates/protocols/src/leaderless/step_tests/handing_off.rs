//! Silent replicas: hints, stand-ins, and handing over.

use super::*;
use engine::protocol::client::Refusal;

#[test]
fn a_version_for_a_silent_replica_is_kept_here_and_does_not_count() {
    let mut bench = Bench::new(N1, knobs(|k| k.w = 3));
    bench.write(10, 1);
    bench.flushed(12, 1);
    bench.hears(15, N2, Message::Stored { call: 1 });
    check(
        bench.timer(112, Timer::Patience),
        &[
            "set Knock 500ms",
            "note Unresponsive { node: n3 }",
            "write own 16",
            "note HintKept { node: n3, version: 1 }",
            "flush Flush(2)",
            "set Patience 398ms",
        ],
    );
    let told = bench.timer(510, Timer::Patience);
    assert!(told[1].contains("QuorumMissed"), "{told:?}");
}

/// A holder of key 0 in a cluster of five with its preference list.
fn sloppy(change: impl FnOnce(&mut Knobs)) -> (Bench, Vec<NodeId>) {
    let knobs = knobs(|k| {
        k.sloppy = true;
        change(k);
    });
    let holders = Bench::of(N1, 5, knobs.clone()).node.preference(K);
    (Bench::of(holders[0], 5, knobs), holders)
}

#[test]
fn with_a_sloppy_quorum_the_next_node_on_the_ring_stands_in_and_counts() {
    let (mut bench, holders) = sloppy(|k| k.w = 3);
    bench.write(10, 1);
    bench.flushed(12, 1);
    bench.hears(15, holders[1], Message::Stored { call: 1 });
    let told = bench.timer(112, Timer::Patience);
    let stand_in = bench.node.ring.walk(K)[3];
    let silent = holders[2];
    let expected =
        format!("{stand_in} <- Hint {{ call: 1, owner: {silent}, key: 0, versions: One(r0) }}");
    assert!(told.contains(&expected), "{told:?}");
    check(
        bench.hears(115, stand_in, Message::Stored { call: 1 }),
        &["reply to 1/1: Written { position: 1, epoch: 0 }"],
    );
    assert!(bench.node.hints.is_empty(), "the stand-in keeps it");
}

#[test]
fn a_strict_quorum_that_cannot_be_reached_is_refused_at_once() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.effects(5, Input::PeerClosed(N2));
    bench.effects(6, Input::PeerClosed(N3));
    let refusal =
        format!("reply to 1/1: Unavailable {{ why: {:?}, epoch: 0 }}", Refusal::TooFewReplicas);
    check(bench.write(10, 1), &[&refusal]);
    check(bench.read(11, 1), &[&refusal]);
    assert!(bench.node.stored(K).is_empty(), "nothing was tried");
}

#[test]
fn what_was_kept_is_handed_over_when_its_owner_answers_and_dropped_when_it_is_safe_there() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.effects(5, Input::PeerClosed(N3));
    bench.write(10, 1);
    bench.flushed(12, 1);
    check(bench.timer(505, Timer::Knock), &["n3 <- Knock", "set Knock 500ms"]);
    check(
        bench.hears(510, N3, Message::Here),
        &["note Responsive { node: n3 }", "n3 <- HandOff { versions: [(0, r0)] }"],
    );
    assert_eq!(bench.node.hints.len(), 1, "until it is safe there");
    let versions = [(K, RecordRef(0))].into();
    check(
        bench.hears(520, N3, Message::HandedOff { versions }),
        &["write own 17", "flush Flush(3)", "note HandedOff { node: n3, versions: 1 }"],
    );
    assert!(bench.node.hints.is_empty());
}

#[test]
fn the_owner_confirms_a_handoff_when_it_is_on_its_disk() {
    let mut bench = Bench::new(N3, knobs(|_| ()));
    let record = bench.version(N1, 1, &[]);
    let versions = [(K, record)].into();
    check(
        bench.hears(10, N1, Message::HandOff { versions }),
        &["write version n1/1 that saw []", "flush Flush(1)"],
    );
    check(bench.flushed(12, 1), &["n1 <- HandedOff { versions: [(0, r0)] }"]);
}

#[test]
fn a_stand_in_tells_what_it_keeps_for_others() {
    let mut bench = Bench::new(N1, knobs(|k| k.sloppy = true));
    let record = bench.version(N2, 1, &[]);
    let hint = Message::Hint { call: 4, owner: N3, key: K, versions: one(record) };
    check(
        bench.hears(10, N2, hint),
        &[
            "set Knock 500ms",
            "write own 16",
            "note HintKept { node: n3, version: 1 }",
            "flush Flush(1)",
        ],
    );
    check(bench.flushed(12, 1), &["n2 <- Stored { call: 4 }"]);
    check(
        bench.hears(13, N2, Message::Get { call: 9, key: K }),
        &["n2 <- Versions { call: 9, key: 0, versions: One(r0) }"],
    );
}
