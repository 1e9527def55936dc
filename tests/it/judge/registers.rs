//! A single copy, from the definition of Herlihy and Wing, *Linearizability: a correctness condition for
//! concurrent objects* (1990), key by key.
//!
//! Where no two writes write the same, Gibbons and Korach (*Testing shared memories*, 1997) decide it:
//! a value's zone stretches from the first end to the last beginning among the write and the reads of
//! it. Where values repeat (nothing, after a deletion) an order is searched for, as Wing and Gong do,
//! with every configuration remembered.

use std::collections::{BTreeMap, BTreeSet};

use super::plain::{Ending, Function, History, Judgement, Operation, Rule};

/// Configurations that are looked at for one key.
const CONFIGURATIONS: usize = 200_000;

/// Something that has to find its place between two lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub from: u32,
    pub to: u32,
    pub writes: bool,
    pub value: Option<u64>,
    /// What the key must be, or for what does not write must not be.
    pub expects: Option<Option<u64>>,
    /// It may never have happened.
    pub may_be_missing: bool,
}

pub fn judge(history: &History, rule: Rule) -> Judgement {
    let all = || history.operations.values();
    let moves = all().any(|operation| operation.function == Function::Transfer);
    if moves || matches!(rule, Rule::Counts | Rule::Set) || !all().any(Operation::answered) {
        return Judgement::NotExercised;
    }
    let mut keys: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
    for operation in all() {
        keys.entry(operation.key).or_default().extend(step(operation));
    }
    let mut undecided = false;
    for (key, steps) in keys {
        match linearizable(&steps) {
            Some(true) => {}
            Some(false) => return Judgement::Broken(format!("no order of k{key}")),
            None => undecided = true,
        }
    }
    if undecided { Judgement::Undecided("an order of deletions") } else { Judgement::Holds }
}

fn step(operation: &Operation) -> Option<Step> {
    let known = match operation.ending {
        Ending::Ok | Ending::Unequal => true,
        Ending::Failed { kept } if !kept || !operation.writes() => return None,
        Ending::Open | Ending::Unknown | Ending::Failed { .. } if !operation.writes() => {
            return None;
        }
        _ => false,
    };
    let expects = match operation.function {
        Function::Swap { expected } => Some(expected),
        _ => None,
    };
    Some(Step {
        from: operation.invoked.line,
        to: if known { operation.ended.line } else { u32::MAX },
        writes: operation.writes() && operation.ending != Ending::Unequal,
        value: operation.value,
        expects,
        may_be_missing: !known,
    })
}

/// Whether one order explains all steps on a key that begins as nothing; `None`: not found out.
pub fn linearizable(steps: &[Step]) -> Option<bool> {
    let reads = steps.iter().filter(|step| !step.writes).map(|step| step.value);
    let read: BTreeSet<Option<u64>> =
        reads.chain(steps.iter().filter_map(|step| step.expects)).collect();
    // What nobody read and perhaps never happened can be left out of any order.
    let needed = |step: &&Step| !step.may_be_missing || read.contains(&step.value);
    let steps: Vec<Step> = steps.iter().filter(needed).copied().collect();
    let writes = steps.iter().filter(|step| step.writes);
    let values: Vec<Option<u64>> = writes.map(|step| step.value).collect();
    let different: BTreeSet<Option<u64>> = values.iter().copied().collect();
    let plain = steps.iter().all(|step| step.expects.is_none());
    if plain && different.len() == values.len() && !different.contains(&None) {
        Some(by_zones(&steps))
    } else {
        by_search(&steps)
    }
}

/// All that is about one value.
struct Cluster {
    written: u32,
    // The first end, and the last beginning.
    ends: u32,
    begins: u32,
}

pub fn by_zones(steps: &[Step]) -> bool {
    let mut clusters: BTreeMap<Option<u64>, Cluster> = BTreeMap::new();
    clusters.insert(None, Cluster { written: 0, ends: 0, begins: 0 });
    for step in steps.iter().filter(|step| step.writes) {
        let cluster = Cluster { written: step.from, ends: step.to, begins: step.from };
        clusters.insert(step.value, cluster);
    }
    for step in steps.iter().filter(|step| !step.writes) {
        // Read, and never written; or read before it was written.
        let Some(cluster) = clusters.get_mut(&step.value) else { return false };
        if step.to < cluster.written {
            return false;
        }
        cluster.ends = cluster.ends.min(step.to);
        cluster.begins = cluster.begins.max(step.from);
    }
    let zones = || clusters.values();
    let mut forward: Vec<(u32, u32)> =
        zones().filter(|c| c.ends < c.begins).map(|c| (c.ends, c.begins)).collect();
    forward.sort_unstable();
    let apart = forward.windows(2).all(|pair| pair[0].1 < pair[1].0);
    let hidden = |cluster: &Cluster| {
        let at = forward.partition_point(|zone| zone.0 < cluster.begins);
        at > 0 && cluster.ends < forward[at - 1].1
    };
    apart && !zones().filter(|c| c.ends >= c.begins).any(hidden)
}

/// What was placed, and what the key then is.
type Configuration = (Vec<u32>, Option<u64>);

pub fn by_search(steps: &[Step]) -> Option<bool> {
    let mut steps = steps.to_vec();
    steps.sort_unstable_by_key(|step| step.from);
    let mut met: BTreeSet<Configuration> = BTreeSet::new();
    // Placed: all before the first number, and the further ones.
    let mut open: Vec<Configuration> = vec![(vec![0], None)];
    while let Some((placed, value)) = open.pop() {
        if !met.insert((placed.clone(), value)) {
            continue;
        }
        if met.len() > CONFIGURATIONS {
            return None;
        }
        let done = |at: usize| at < placed[0] as usize || placed[1..].contains(&(at as u32));
        let rest = || (placed[0] as usize..steps.len()).filter(|at| !done(*at));
        if rest().all(|at| steps[at].may_be_missing) {
            return Some(true);
        }
        let latest = rest().map(|at| steps[at].to).min().unwrap_or(u32::MAX);
        let next = rest().take_while(|at| steps[*at].from <= latest);
        let next: Vec<usize> = next.collect();
        let fits = |at: &&usize| {
            let step = &steps[**at];
            let right = step.expects.map_or(step.value == value, |other| other != value);
            !step.writes && right
        };
        let allowed = |at: &usize| {
            steps[*at].writes && steps[*at].expects.is_none_or(|expected| expected == value)
        };
        let choices: Vec<usize> = match next.iter().find(fits) {
            // A read that is right now loses nothing by being placed now.
            Some(read) => vec![*read],
            None => next.into_iter().filter(allowed).collect(),
        };
        for at in choices {
            let becomes = if steps[at].writes { steps[at].value } else { value };
            open.push((with(&placed, at as u32), becomes));
        }
    }
    Some(false)
}

fn with(placed: &[u32], at: u32) -> Vec<u32> {
    let mut further: BTreeSet<u32> = placed[1..].iter().copied().collect();
    further.insert(at);
    let mut first = placed[0];
    while further.remove(&first) {
        first += 1;
    }
    core::iter::once(first).chain(further).collect()
}

/// Zones and search say the same of small histories of all kinds.
#[test]
fn zones_and_search_agree_on_small_histories() {
    let mut number = 7_u64;
    let mut below = |bound: u64| {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % bound
    };
    let (mut yes, mut no) = (0, 0);
    for _ in 0..4_000 {
        let writes = 1 + below(4);
        let mut steps = Vec::new();
        for at in 0..writes + 1 + below(5) {
            let from = below(12) as u32;
            let (writes, value) = if at < writes {
                (true, Some(at))
            } else {
                (false, below(writes + 1).checked_sub(1))
            };
            let to = from + 1 + below(6) as u32;
            steps.push(Step { from, to, writes, value, expects: None, may_be_missing: false });
        }
        // No two lines are one.
        for (at, step) in (0..).zip(&mut steps) {
            (step.from, step.to) = (step.from * 100 + 1 + at, step.to * 100 + 50 + at);
        }
        let (zones, search) = (by_zones(&steps), by_search(&steps));
        assert_eq!(Some(zones), search, "{steps:?}");
        if zones { yes += 1 } else { no += 1 }
    }
    assert!(yes > 400 && no > 400, "{yes} {no}");
}
