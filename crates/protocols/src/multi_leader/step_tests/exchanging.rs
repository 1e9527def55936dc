//! Passing on, asking for what was missed, holding back.

use super::*;

fn ring() -> Knobs {
    knobs(|k| k.topology = Topology::Ring)
}

#[test]
fn in_a_ring_an_update_goes_on_until_it_is_back_where_it_was_written() {
    let mut bench = Bench::new(N2, ring());
    let update = bench.update(N1, 1, &[]);
    check(
        bench.hears(10, N1, news(&[&update])),
        &["write version n1/1 that saw []", "n3 <- Updates [r0]", "flush 1"],
    );
    check(bench.hears(11, N1, news(&[&update])), &[]);
    let mut writer = Bench::new(N1, ring());
    writer.write(5, 1);
    check(writer.flushed(6, 1)[1..].to_vec(), &["n2 <- Updates [r0]"]);
    let mine = Update { record: RecordRef(0), after: Rc::default() };
    check(writer.hears(20, N3, news(&[&mine])), &["note LoopCut { op: 1 }"]);
}

#[test]
fn the_middle_of_a_star_tells_the_others_and_the_ends_tell_nobody_else() {
    let star = || knobs(|k| k.topology = Topology::Star);
    let mut middle = Bench::new(N1, star());
    let update = middle.update(N2, 1, &[]);
    let told = middle.hears(10, N2, news(&[&update]));
    assert_eq!(told[1], "n3 <- Updates [r0]");
    let mut end = Bench::new(N3, star());
    let update = end.update(N2, 1, &[]);
    check(end.hears(10, N1, news(&[&update])), &["write version n2/1 that saw []", "flush 1"]);
}

#[test]
fn all_to_all_an_update_is_repeated_to_followers_only() {
    let mut bench = Bench::of(N1, 5, knobs(|k| k.leaders = 3));
    let update = bench.update(N2, 1, &[]);
    check(
        bench.hears(10, N2, news(&[&update])),
        &["write version n2/1 that saw []", "n4 <- Updates [r0]", "flush 1"],
    );
}

#[test]
fn a_node_asks_those_that_send_to_it_and_is_sent_the_missing_suffix() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    check(
        bench.effects(500, Input::Timer(Timer::Resync)),
        &["set Resync 375ms to 625ms", "n2 <- Have []", "n3 <- Have []"],
    );
    for op in 1..=3 {
        bench.write(500 + u64::from(op), op);
    }
    bench.flushed(510, 3);
    check(bench.hears(600, N2, have(&[], false)), &[]);
    check(bench.hears(1_100, N2, have(&[(N1, 1)], false)), &["n2 <- Answer [r1, r2]"]);
    check(bench.hears(1_101, N2, have(&[(N1, 3)], false)), &[]);
}

#[test]
fn what_does_not_fit_into_one_answer_is_asked_for_again() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    for op in 1..=100 {
        bench.write(10, op);
    }
    bench.flushed(12, 100);
    let told = bench.hears(1_000, N2, have(&[], false));
    assert!(told[0].ends_with("r63] and more"), "{told:?}");
    let mut other = Bench::new(N2, knobs(|_| ()));
    let update = other.update(N1, 1, &[]);
    check(
        other.hears(10, N1, answer(&[&update], true)),
        &[
            "write version n1/1 that saw []",
            "flush 1",
            "note Filled { node: n1, versions: 1 }",
            "n1 <- Have [(n1, 1)]",
        ],
    );
}

#[test]
fn without_version_vectors_an_effect_is_shown_before_its_cause() {
    let mut bench = Bench::new(N3, knobs(|_| ()));
    let cause = bench.update(N1, 1, &[]);
    let effect = bench.update(N2, 1, &[&cause]);
    check(
        bench.hears(10, N2, news(&[&effect])),
        &[
            "note TakenEarly { op: 101, missing: n1 }",
            "write version n2/1 that saw [(n1, 1)]",
            "flush 1",
        ],
    );
    assert_eq!(bench.shown(), [effect.record]);
    bench.hears(20, N1, news(&[&cause]));
    assert_eq!(bench.shown(), [effect.record], "the cause comes too late to be seen");
}

#[test]
fn with_version_vectors_an_effect_waits_for_its_cause() {
    let mut bench = Bench::new(N3, knobs(|k| k.causality = true));
    let cause = bench.update(N1, 1, &[]);
    let effect = bench.update(N2, 1, &[&cause]);
    check(
        bench.hears(10, N2, news(&[&effect])),
        &["note HeldBack { op: 101, missing: n1 }", "flush 1"],
    );
    assert!(bench.shown().is_empty() && bench.node.holdings() == [effect.record]);
    check(bench.hears(12, N2, news(&[&effect])), &["flush 2"]);
    let told = bench.hears(20, N1, news(&[&cause]));
    assert!(told.contains(&"note Released { op: 101 }".to_owned()), "{told:?}");
    assert_eq!(bench.shown(), [effect.record]);
    assert_eq!(bench.node.holdings().len(), 1, "nothing waits any more");
}

#[test]
fn with_version_vectors_a_leaders_updates_are_taken_in_in_order() {
    let mut bench = Bench::new(N3, knobs(|k| k.causality = true));
    let first = bench.update(N1, 1, &[]);
    let second = bench.update(N1, 2, &[]);
    let told = bench.hears(10, N1, news(&[&second]));
    assert_eq!(told[0], "note HeldBack { op: 101, missing: n1 }");
    let told = bench.hears(11, N1, news(&[&first]));
    assert_eq!(told.iter().filter(|line| line.starts_with("write version")).count(), 2);
}
