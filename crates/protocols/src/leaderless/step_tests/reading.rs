//! Coordinating reads and mending replicas that are behind.

use super::*;
use crate::leaderless::knobs::ReadRepair;

#[test]
fn a_read_asks_all_and_answers_when_r_have_answered() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let record = bench.holds(N2, 1, &[]);
    check(
        bench.read(10, 1),
        &["n2 <- Get { call: 1, key: 0 }", "n3 <- Get { call: 1, key: 0 }", "set Patience 100ms"],
    );
    check(
        bench.hears(12, N2, versions(1, &[record])),
        &["reply to 1/1: Value { value: 1000, version: 1, applied: 0, epoch: 0 }"],
    );
}

#[test]
fn a_key_that_nobody_has_reads_as_empty() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.read(10, 1);
    check(
        bench.hears(12, N2, versions(1, &[])),
        &["reply to 1/1: Value { value: 0, version: 0, applied: 0, epoch: 0 }"],
    );
}

#[test]
fn siblings_are_read_together_and_named_as_one() {
    let mut bench = Bench::new(N1, knobs(|k| k.read_repair = ReadRepair::Off));
    let here = bench.holds(N2, 1, &[]);
    let there = bench.version(N3, 2, &[]);
    bench.read(10, 1);
    check(
        bench.hears(12, N3, versions(1, &[there])),
        &["reply to 1/1: Value { value: 1010, version: 3, applied: 0, epoch: 0 }"],
    );
    assert_eq!(bench.records.joins(RecordRef(2)), [here, there]);
}

#[test]
fn asynchronous_repair_answers_first() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let old = bench.holds(N2, 1, &[]);
    let new = bench.version(N2, 2, &[old]);
    bench.read(10, 1);
    check(
        bench.hears(12, N2, versions(1, &[new])),
        &[
            "reply to 1/1: Value { value: 1010, version: 2, applied: 0, epoch: 0 }",
            "note Repaired { node: n1, version: 2 }",
            "write version n2/2 that saw [(n2, 1)]",
            "flush Flush(2)",
        ],
    );
    check(
        bench.hears(13, N3, versions(1, &[old])),
        &[
            "note Repaired { node: n3, version: 2 }",
            "n3 <- Repair { call: 0, key: 0, versions: One(r1) }",
        ],
    );
}

#[test]
fn blocking_repair_answers_when_the_repaired_have_it_on_disk() {
    let mut bench = Bench::new(N1, knobs(|k| k.read_repair = ReadRepair::Blocking));
    let new = bench.holds(N2, 1, &[]);
    bench.read(10, 1);
    check(
        bench.hears(12, N3, versions(1, &[])),
        &[
            "note Repaired { node: n3, version: 1 }",
            "n3 <- Repair { call: 1, key: 0, versions: One(r0) }",
        ],
    );
    check(
        bench.hears(15, N3, Message::Stored { call: 1 }),
        &["reply to 1/1: Value { value: 1000, version: 1, applied: 0, epoch: 0 }"],
    );
    assert_eq!(bench.node.stored(K), [new]);
}

#[test]
fn without_repair_the_replica_stays_behind() {
    let mut bench = Bench::new(N1, knobs(|k| k.read_repair = ReadRepair::Off));
    let old = bench.holds(N2, 1, &[]);
    let new = bench.version(N2, 2, &[old]);
    bench.read(10, 1);
    assert_eq!(bench.hears(12, N2, versions(1, &[new])).len(), 1);
    check(bench.hears(13, N3, versions(1, &[old])), &[]);
    assert_eq!(bench.node.stored(K), [old]);
}

#[test]
fn a_read_without_r_answers_is_refused_in_time() {
    let mut bench = Bench::new(N1, knobs(|k| k.suspect_after = None));
    bench.read(10, 1);
    check(
        bench.timer(510, Timer::Patience),
        &[
            "note QuorumMissed { op: 1, got: 1, needed: 2 }",
            "reply to 1/1: Unavailable { why: QuorumMissed, epoch: 0 }",
        ],
    );
    check(bench.hears(600, N2, versions(1, &[])), &[]);
}
