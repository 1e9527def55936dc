//! What other leaders wrote is passed on at once, and shown when it is applied.

use super::*;

fn slow(me: NodeId, knobs: Knobs) -> Bench {
    Bench { applying: Applying::SlowForOthers, ..Bench::new(me, knobs) }
}

#[test]
fn an_update_is_taken_in_and_passed_on_before_it_is_applied() {
    let mut bench = slow(N2, knobs(|k| k.topology = Topology::Ring));
    let update = bench.update(N1, 1, &[]);
    check(
        bench.hears(10, N1, news(&[&update])),
        &["write version n1/1 that saw []", "apply 1", "n3 <- Updates [r0]", "flush 1"],
    );
    assert_eq!(bench.node.stored(K), []);
    assert_eq!(bench.node.holdings(), [update.record], "it is here all the same");
    check(bench.effects(20, Input::Applied(Position(1))), &[]);
    assert_eq!(bench.node.stored(K), [update.record]);
}

#[test]
fn updates_are_applied_one_after_the_other_in_the_order_in_which_they_came() {
    let mut bench = slow(N2, knobs(|_| ()));
    let (one, other) = (bench.update(N1, 1, &[]), bench.update(N3, 1, &[]));
    bench.hears(10, N1, news(&[&one]));
    let told = bench.hears(11, N3, news(&[&other]));
    assert!(!told.iter().any(|line| line.starts_with("apply")), "{told:#?}");
    let told = bench.effects(20, Input::Applied(Position(1)));
    assert!(told.contains(&"apply 2".to_owned()), "{told:#?}");
}

#[test]
fn a_leader_shows_its_own_writes_at_once() {
    let mut bench = slow(N1, knobs(|_| ()));
    bench.write(10, 1);
    assert_eq!(bench.node.stored(K).len(), 1);
}
