//! What a process finds on its disk, and a node without data.

use super::*;
use engine::protocol::Admin;

#[test]
fn updates_are_found_again_and_the_neighbours_are_asked_for_the_rest() {
    let mut bench = Bench::new(N1, knobs(|k| k.causality = true));
    bench.write(10, 1);
    let other = bench.update(N2, 1, &[]);
    bench.hears(12, N2, news(&[&other]));
    let shown = bench.shown();
    let (mut bench, told) = bench.restart(100);
    check(
        told,
        &[
            "note DiskRead { records: 2, torn: no }",
            "set Resync 375ms to 625ms",
            "n2 <- Have [(n1, 1), (n2, 1)]",
            "n3 <- Have [(n1, 1), (n2, 1)]",
        ],
    );
    assert_eq!(bench.shown(), shown);
    let told = bench.hears(700, N3, have(&[], true));
    check(told, &["n3 <- Answer [r0, r1]"]);
    assert!(bench.write(710, 2).iter().any(|line| line.starts_with("write version n1/2")));
}

#[test]
fn a_number_that_was_lost_with_the_disk_was_never_given_to_anybody() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let told = bench.write(10, 1);
    assert!(told.iter().all(|line| !line.contains("<-")), "nothing is sent yet");
    let (mut bench, _) = bench.lose_power(20, 0);
    assert!(bench.write(30, 2)[1].starts_with("write version n1/1 that saw []"));
}

#[test]
fn what_is_not_on_the_disk_yet_is_not_given_to_those_who_ask_either() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    check(bench.hears(900, N2, have(&[], true)), &["n2 <- Answer []"]);
    bench.flushed(910, 1);
    check(bench.hears(920, N2, have(&[], true)), &["n2 <- Answer [r0]"]);
}

#[test]
fn a_torn_end_is_noticed() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.disk[0] = bench.disk[0].torn_to(12);
    let (bench, told) = bench.restart(100);
    assert_eq!(told[0], "note DiskRead { records: 0, torn: yes }");
    assert!(bench.shown().is_empty());
}

#[test]
fn a_follower_that_is_added_copies_from_its_leader_and_shows_nothing_meanwhile() {
    let (mut bench, told) = Bench::added(N3, knobs(|k| k.leaders = 2));
    check(
        told,
        &["set Resync 375ms to 625ms", "write own 17", "flush 1", "n1 <- Have [], copying"],
    );
    let command = Command::Read { key: K, at_leader: false };
    let read = || Input::Request(Request { command, ..write(1, K) });
    assert!(bench.effects(5, read())[0].contains("Copying"));
    let update = bench.update(N2, 1, &[]);
    check(
        bench.hears(10, N1, answer(&[&update], false)),
        &[
            "write version n2/1 that saw []",
            "flush 2",
            "note Filled { node: n1, versions: 1 }",
            "write own 18",
            "flush 3",
            "note HasItsData { versions: 1 }",
        ],
    );
    assert!(bench.effects(11, read())[0].contains("Value"));
}

#[test]
fn a_leader_that_copies_afresh_keeps_what_it_wrote_itself() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    let other = bench.update(N2, 1, &[]);
    bench.hears(12, N2, news(&[&other]));
    bench.effects(20, Input::Admin(Admin::CopyAfresh));
    assert_eq!(bench.shown(), [RecordRef(0)]);
    let (mut bench, told) = bench.restart(30);
    assert!(told.contains(&"n2 <- Have [(n1, 1)], copying".to_owned()), "{told:?}");
    assert_eq!(bench.shown(), [RecordRef(0)]);
    assert!(bench.write(40, 2)[1].starts_with("write version n1/2"), "the numbers go on");
}

#[test]
fn an_emptied_or_new_node_is_answered_even_with_nothing() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    check(bench.hears(10, N2, have(&[], true)), &["n2 <- Answer []"]);
}
