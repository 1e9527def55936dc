//! What a process finds on its disk, and a node without data.

use super::*;
use engine::protocol::Admin;

#[test]
fn versions_hints_and_the_count_are_found_again() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.effects(5, Input::PeerClosed(N3));
    bench.write(10, 1);
    bench.flushed(12, 1);
    bench.flushed(14, 2);
    let (mut bench, told) = bench.restart(100);
    check(told, &["note DiskRead { records: 1, torn: no }", "set Knock 500ms"]);
    assert_eq!((bench.node.stored(K), bench.node.hints.len()), (vec![RecordRef(0)], 1));
    let next = Request { context: RecordRef(0).name(), ..write(2, K) };
    let told = bench.effects(110, Input::Request(next));
    assert!(told[1].starts_with("write version n1/2 that saw [(n1, 1)]"), "{told:?}");
}

#[test]
fn a_count_that_was_lost_with_the_disk_was_never_given_to_anybody() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let told = bench.write(10, 1);
    assert!(told.iter().all(|line| !line.contains("<-")), "nothing is sent yet");
    let (mut bench, _) = bench.lose_power(20, 0);
    assert!(bench.write(30, 2)[1].starts_with("write version n1/1 that saw []"));
}

#[test]
fn a_torn_end_is_noticed() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    let last = bench.disk.len() - 1;
    bench.disk[last] = bench.disk[last].torn_to(12);
    let (bench, told) = bench.restart(100);
    check(told, &["note DiskRead { records: 0, torn: yes }"]);
    assert!(bench.node.stored(K).is_empty());
}

#[test]
fn a_node_without_data_fetches_them_and_answers_no_reads_meanwhile() {
    let (mut bench, told) = Bench::added(N3, knobs(|_| ()));
    check(
        told,
        &["write own 19", "flush Flush(1)", "n1 <- Fetch", "n2 <- Fetch", "set Knock 500ms"],
    );
    check(bench.hears(5, N1, Message::Get { call: 1, key: K }), &[]);
    let record = bench.version(N1, 1, &[]);
    let versions = [(K, record)].into();
    check(
        bench.hears(10, N1, Message::Fetched { versions }),
        &[
            "write version n1/1 that saw []",
            "note Filled { node: n1, versions: 1 }",
            "flush Flush(2)",
        ],
    );
    check(
        bench.hears(12, N2, Message::Fetched { versions: [].into() }),
        &["write own 21", "flush Flush(3)", "note HasItsData { versions: 1 }"],
    );
    assert_eq!(bench.hears(13, N1, Message::Get { call: 2, key: K }).len(), 1);
}

#[test]
fn a_replaced_disk_is_filled_again_even_over_a_crash() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.effects(20, Input::Admin(Admin::CopyAfresh));
    let (mut bench, told) = bench.restart(30);
    assert!(told.contains(&"n2 <- Fetch".to_owned()), "{told:?}");
    assert!(bench.write(40, 2)[1].starts_with("write version n1/2"), "the count goes on");
}

#[test]
fn a_fetching_node_does_without_those_that_stay_silent() {
    let (mut bench, _) = Bench::added(N3, knobs(|_| ()));
    bench.hears(10, N1, Message::Fetched { versions: [].into() });
    let told = bench.timer(500, Timer::Knock);
    check(told, &["note Unresponsive { node: n2 }", "n2 <- Fetch", "set Knock 500ms"]);
    let told = bench.timer(1_000, Timer::Knock);
    assert!(told.contains(&"note HasItsData { versions: 0 }".to_owned()), "{told:?}");
}

#[test]
fn a_journal_full_of_what_was_replaced_is_written_anew() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let mut flushes = 0;
    for op in 1..=2_100 {
        // Each was told of the one before, which it replaces.
        let request = Request { context: Position(op - 1), ..write(op, K) };
        bench.effects(u64::from(op), Input::Request(request));
        flushes += 1;
        bench.flushed(u64::from(op), flushes);
    }
    let before = bench.disk.len();
    check(
        bench.effects(9_000, Input::Flushed(Mark::Rewritten)),
        &[&format!("discard all but {}", bench.node.extents)],
    );
    assert!(before > 2_000 && bench.disk.len() < 100, "{before} {}", bench.disk.len());
    let held = bench.node.stored(K);
    let (mut bench, _) = bench.restart(9_100);
    assert_eq!(bench.node.stored(K), held);
    assert!(bench.write(9_200, 3_000)[1].starts_with("write version n1/2101"));
}
