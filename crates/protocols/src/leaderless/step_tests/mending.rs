//! Comparing hash trees and exchanging what differs; tombstones.

use super::*;
use engine::protocol::parts::merkle::{Tree, leaf_of, place_of};

fn comparing() -> Knobs {
    knobs(|k| k.anti_entropy = Some(ms(1_000)))
}

#[test]
fn a_comparison_goes_from_node_to_node_and_begins_with_the_root() {
    let mut bench = Bench::new(N1, comparing());
    for (at, node) in [(1_000, "n2"), (2_000, "n3"), (3_000, "n2")] {
        let root = format!("{node} <- Hashes {{ hashes: [(0, 0)] }}");
        check(bench.timer(at, Timer::Compare), &["set Compare 750ms to 1250ms", &root]);
    }
}

#[test]
fn equal_trees_end_the_comparison() {
    let mut bench = Bench::new(N1, comparing());
    check(bench.hears(10, N2, Message::Hashes { hashes: [(0, 0)].into() }), &[]);
}

#[test]
fn a_difference_is_followed_down_to_the_range_and_its_versions_are_exchanged() {
    let (mut one, mut other) = (Bench::new(N1, comparing()), Bench::new(N2, comparing()));
    let record = one.holds(N3, 1, &[]);
    let tree = one.node.stored(K);
    assert_eq!(tree, [record]);
    let empty = Tree::of(core::iter::empty());
    // n2, which has nothing, asks n1; n1 walks down along the differing branches.
    let mut ask = [(0, empty.at(0))].to_vec();
    let mut steps = 0;
    loop {
        let told = one.hears(10, N2, Message::Hashes { hashes: ask.as_slice().into() });
        steps += 1;
        if told.iter().any(|line| line.contains("Exchange")) {
            assert_eq!(told[0], "note RangesDiffer { node: n2, ranges: 1 }");
            assert_eq!(
                told[1],
                format!(
                    "n2 <- Exchange {{ leaves: [{}], versions: [(0, r0)], answer: yes }}",
                    leaf_of(K)
                )
            );
            break;
        }
        let place = ask.last().map_or(0, |(place, _)| *place);
        let _ = place;
        // The other side's empty branches below those that differ.
        let differing: Vec<u16> = ask.iter().map(|(p, _)| *p).collect();
        ask = differing.iter().flat_map(|p| [(2 * p + 1, 0), (2 * p + 2, 0)]).collect();
    }
    assert_eq!(steps, 5, "four levels below the root");
    let places = &one.node.compared.as_ref().unwrap().differing;
    assert!(places.contains(&place_of(leaf_of(K))) && places.contains(&0), "{places:?}");
    // The version arrives at n2, which has nothing to give back.
    let copy = other.version(N3, 1, &[]);
    let leaves = [leaf_of(K)].into();
    let exchange = Message::Exchange { leaves, versions: [(K, copy)].into(), answer: true };
    check(
        other.hears(20, N1, exchange),
        &[
            "write version n3/1 that saw []",
            "note Filled { node: n1, versions: 1 }",
            "flush Flush(1)",
        ],
    );
}

#[test]
fn an_old_tombstone_is_forgotten_and_the_value_can_come_back() {
    let mut bench = Bench::new(N1, knobs(|k| k.tombstones = Some(ms(1_000))));
    let value = bench.holds(N2, 1, &[]);
    let mut delete = write(0, K);
    (delete.number, delete.context) = (9, value.name());
    bench.effects(10, Input::Request(delete));
    bench.flushed(12, 2);
    bench.clock = 900_000;
    assert_eq!(bench.timer(900, Timer::Sweep), ["set Sweep 250ms"]);
    bench.clock = 1_000_000;
    check(
        bench.timer(1_000, Timer::Sweep),
        &[
            "set Sweep 250ms",
            "write own 18",
            "note TombstoneDropped { version: 2 }",
            "flush Flush(3)",
        ],
    );
    let (mut bench, _) = bench.restart(2_000);
    assert!(bench.node.stored(K).is_empty());
    bench.hears(2_010, N2, put(1, value));
    assert_eq!(bench.node.stored(K), [value], "nobody remembers that it was deleted");
}
