//! Conflicts, and what becomes of them.

use super::*;

#[test]
fn siblings_stay_until_a_write_has_seen_both() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    let rival = bench.update(N2, 1, &[]);
    check(
        bench.hears(12, N2, news(&[&rival])),
        &[
            "write version n2/1 that saw []",
            "note Conflict { won: 101, lost: 1, by: KeptBoth }",
            "flush 2",
        ],
    );
    assert_eq!(bench.shown(), [RecordRef(0), rival.record]);
    check(
        bench.read(13, 2),
        &["reply to 2/1: Value { value: 1010, version: 3, applied: 0, epoch: 0 }"],
    );
    assert_eq!(bench.records.joins(RecordRef(2)), [RecordRef(0), rival.record]);
    bench.write(14, 3);
    assert_eq!(bench.shown(), [RecordRef(0), RecordRef(3), rival.record], "a client given nothing");
    let given = Request { context: RecordRef(2).name(), ..write(4, K) };
    bench.effects(15, Input::Request(given));
    assert_eq!(bench.shown(), [RecordRef(3), RecordRef(4)]);
}

#[test]
fn the_later_stamp_wins_and_the_higher_site_where_stamps_are_equal() {
    let last = knobs(|k| k.resolve = Resolve::LastWriteWins);
    let mut bench = Bench::new(N1, last.clone());
    bench.clock = 400;
    bench.write(10, 1);
    let later = bench.update(N2, 1, &[]);
    let told = bench.hears(12, N2, news(&[&later]));
    assert_eq!(told[1], "note Conflict { won: 101, lost: 1, by: LaterStamp }");
    assert_eq!(bench.shown(), [later.record]);

    let mut bench = Bench::new(N1, last);
    bench.clock = 1_000;
    bench.write(10, 1);
    let equal = bench.update(N2, 1, &[]);
    bench.hears(12, N2, news(&[&equal]));
    assert_eq!(bench.shown(), [equal.record], "n2 is higher than n1, on every node");
}

#[test]
fn a_slow_clock_loses_even_to_what_it_had_seen() {
    let mut bench = Bench::new(N1, knobs(|k| k.resolve = Resolve::LastWriteWins));
    let fast = bench.update(N2, 9, &[]);
    bench.hears(5, N2, news(&[&fast]));
    bench.clock = 5_000;
    let request = Request { context: fast.record.name(), ..write(1, K) };
    let told = bench.effects(10, Input::Request(request));
    assert_eq!(told[2], "note Conflict { won: 100, lost: 1, by: WrongClock }", "{told:?}");
    assert_eq!(bench.shown(), [fast.record]);
}

fn merging(data: Data) -> Knobs {
    knobs(|k| (k.resolve, k.data) = (Resolve::Merge, data))
}

#[test]
fn a_counter_counts_every_write_once() {
    let mut bench = Bench::new(N1, merging(Data::Counter));
    bench.write(10, 1);
    bench.write(11, 2);
    let other = bench.update(N2, 1, &[]);
    bench.hears(12, N2, news(&[&other]));
    bench.hears(13, N2, answer(&[&other], false));
    let told = bench.read(14, 3);
    assert!(told[0].contains("value: 3,"), "{told:?}");
}

/// The same increment by two leaders, of which neither had heard of the other.
fn taken_twice(data: Data, idempotent: bool) -> (Bench, RecordRef, RecordRef) {
    let mut bench = Bench::new(N1, merging(data));
    let request = Request { idempotent, ..write(1, K) };
    bench.effects(10, Input::Request(request));
    let here = *bench.shown().first().expect("a version");
    let record = bench.records.get(here).copied().unwrap();
    let version = Version { writer: N2, ..bench.records.version(here).cloned().unwrap() };
    let there = frame::write_version(&mut bench.records, record, version, Vec::new());
    let update = Update { record: there, after: Rc::default() };
    bench.hears(12, N2, news(&[&update]));
    (bench, here, there)
}

#[test]
fn a_retry_at_another_leader_counts_once_if_it_carries_its_key() {
    let (mut bench, ..) = taken_twice(Data::Counter, true);
    assert_eq!(bench.shown().len(), 2, "two versions");
    assert!(bench.read(14, 3)[0].contains("value: 1,"));
    let (mut bench, ..) = taken_twice(Data::Counter, false);
    assert!(bench.read(14, 3)[0].contains("value: 2,"));
}

#[test]
fn whoever_was_given_a_write_was_given_its_retry_at_another_leader() {
    let left = |idempotent, data| {
        let (mut bench, here, there) = taken_twice(data, idempotent);
        let command = Command::Write { key: K, value: 0, bytes: 0 };
        let removal = Request { context: here.name(), command, ..write(2, K) };
        bench.effects(14, Input::Request(removal));
        bench.shown().contains(&there)
    };
    for data in [Data::Set, Data::Text] {
        assert!(!left(true, data), "{data:?}: the retry is the same write");
        assert!(left(false, data), "{data:?}: without a key it is another one");
    }
}

#[test]
fn of_an_addition_and_a_removal_that_had_not_seen_it_the_addition_stays() {
    let mut bench = Bench::new(N1, merging(Data::Set));
    let seen = bench.update(N2, 1, &[]);
    let unseen = bench.update(N3, 1, &[]);
    let removal = bench.removal(N2, 2, &[&seen]);
    bench.hears(10, N3, news(&[&unseen]));
    bench.hears(11, N2, news(&[&seen]));
    let told = bench.hears(12, N2, news(&[&removal]));
    assert_eq!(told[1], "note Conflict { won: 101, lost: 102, by: AddWins }", "{told:?}");
    assert!(bench.read(13, 1)[0].contains("value: 1010,"), "only the unseen one is left");

    let mut other = Bench::new(N1, merging(Data::Set));
    let [seen, unseen, removal] = {
        let seen = other.update(N2, 1, &[]);
        let unseen = other.update(N3, 1, &[]);
        let removal = other.removal(N2, 2, &[&seen]);
        [seen, unseen, removal]
    };
    for update in [&removal, &unseen, &seen] {
        other.hears(10, N2, news(&[update]));
    }
    assert_eq!(other.shown(), bench.shown(), "the order of arrival does not matter");
}

#[test]
fn of_concurrent_texts_that_of_the_first_site_is_shown() {
    let mut bench = Bench::new(N1, merging(Data::Text));
    bench.write(10, 1);
    let rival = bench.update(N2, 7, &[]);
    let told = bench.hears(12, N2, news(&[&rival]));
    assert!(told.contains(&"note Conflict { won: 1, lost: 101, by: FirstSite }".to_owned()));
    assert!(bench.read(13, 2)[0].contains("value: 10,"));
}
