//! A version is written down when it arrives, and confirmed when readers see it.

use super::*;

#[test]
fn a_replica_confirms_what_is_durable_and_applied() {
    let mut bench = Bench { applying: Applying::SlowForOthers, ..Bench::new(N2, knobs(|_| ())) };
    let record = bench.version(N1, 1, &[]);
    let written = "write version n1/1 that saw []";
    check(bench.hears(10, N1, put(4, record)), &[written, "flush Flush(1)"]);
    check(bench.flushed(12, 1), &["apply 1"]);
    check(
        bench.hears(13, N3, Message::Get { call: 9, key: K }),
        &["n3 <- Versions { call: 9, key: 0, versions: None }"],
    );
    assert_eq!(bench.node.holdings(), [record], "it is here all the same");
    check(bench.effects(20, Input::Applied(Position(1))), &["n1 <- Stored { call: 4 }"]);
    check(
        bench.hears(21, N3, Message::Get { call: 9, key: K }),
        &["n3 <- Versions { call: 9, key: 0, versions: One(r0) }"],
    );
}

#[test]
fn what_a_node_coordinates_itself_it_has_executed() {
    let mut bench = Bench { applying: Applying::SlowForOthers, ..Bench::new(N1, knobs(|_| ())) };
    bench.write(10, 1);
    let told = bench.flushed(12, 1);
    assert!(told[0].starts_with("n2 <- Put"), "{told:#?}");
}

#[test]
fn what_waits_for_the_applier_is_applied_after_a_restart() {
    let mut bench = Bench { applying: Applying::SlowForOthers, ..Bench::new(N2, knobs(|_| ())) };
    let record = bench.version(N1, 1, &[]);
    bench.hears(10, N1, put(4, record));
    let (bench, _) = bench.restart(50);
    assert_eq!(bench.node.holdings(), [record]);
}
