//! What is drawn of nodes that keep versions per key: the ring of keys, and the hash tree that two
//! nodes have compared.

use engine::base::NodeId;
use engine::observe::Recorder;
use engine::observe::lineage::sample;
use engine::observe::settling::difference;
use engine::protocol::NodeFacts;
use engine::protocol::parts::merkle::{DEPTH, LEAVES};
use engine::world::Run;

/// The ring of keys, drawn where not every node holds every key.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyRing {
    /// Stretches of the ring in order: where each begins and ends, as shares of the whole ring, and
    /// the node at its end, which holds its keys first.
    pub arcs: Vec<(f64, f64, u8)>,
    /// The same in words.
    pub text: String,
}

/// A hash tree that was compared with another node's.
#[derive(Clone, PartialEq, Debug)]
pub struct HashTree {
    /// With whom: `n2`.
    pub with: String,
    /// Its levels from the root down; for each range, whether it differed.
    pub levels: Vec<Vec<bool>>,
    /// The same in words.
    pub text: String,
}

/// A comparison is drawn for so long, in microseconds.
const SHOWN_US: u64 = 2_500_000;

/// The ring of keys as the first running node knows it.
#[must_use]
pub fn key_ring(run: &dyn Run<Recorder>) -> Option<KeyRing> {
    let nodes = run.view().nodes;
    let facts = (0..nodes.count()).map(NodeId).find_map(|node| nodes.facts(node))?;
    let store = facts.store?;
    if store.copies >= nodes.count() {
        return None;
    }
    let points = store.ring.points();
    let share = |point: u32| f64::from(point) / 4_294_967_296.0;
    let mut arcs = Vec::with_capacity(points.len());
    // The ring begins where its last stretch goes over the top.
    let mut from = points.last().map_or(0.0, |(point, _)| share(*point) - 1.0);
    for (point, node) in points.iter() {
        let to = share(*point);
        arcs.push((from, to, node.0));
        from = to;
    }
    let copies = store.copies;
    let text = format!("the ring of keys: each key is held by the next {copies} nodes clockwise");
    Some(KeyRing { arcs, text })
}

/// Whether two nodes that run hold different data now, as the promise that they end up equal judges
/// it. Trees that differed when they were compared tell of the past.
#[must_use]
pub fn differ(run: &dyn Run<Recorder>, one: NodeId, other: NodeId) -> bool {
    let mut nodes = sample(&run.view());
    nodes.retain(|sample| sample.node == one || sample.node == other);
    nodes.len() == 2 && difference(&nodes, &run.view()).is_some()
}

/// The tree that a node has just compared.
#[must_use]
pub fn hash_tree(run: &dyn Run<Recorder>, facts: &NodeFacts) -> Option<HashTree> {
    let compared = facts.store.as_ref()?.compared.as_ref()?;
    if run.now().since(compared.at).micros() > SHOWN_US {
        return None;
    }
    let level = |level: u32| {
        let first = (1_u16 << level) - 1;
        (first..2 * first + 1).map(|place| compared.differing.contains(&place)).collect()
    };
    let levels: Vec<Vec<bool>> = (0..=DEPTH).map(level).collect();
    let ranges =
        levels.last().map_or(0, |leaves: &Vec<bool>| leaves.iter().filter(|l| **l).count());
    let with = compared.with.to_string();
    let text = match (ranges, compared.differing.len()) {
        (0, 0) => format!("compared its hash tree with {with}: all {LEAVES} ranges are equal"),
        (0, _) => format!("compares its hash tree with {with}: they differ"),
        (ranges, _) => {
            format!("compared its hash tree with {with}: {ranges} of {LEAVES} ranges differ")
        }
    };
    Some(HashTree { with, levels, text })
}
