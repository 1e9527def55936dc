//! Whether the logs of running nodes part just now: only then can two nodes call different records
//! committed, and only then is it worth while to watch closely what they say.

use super::lineage::Sample;
use super::lines::{Lines, Spot};
use crate::base::{NodeId, Position};
use crate::world::{What, WorldView};

/// What is known of it.
#[derive(Clone, Default, Debug)]
pub struct Parting {
    open: bool,
    // Branches at the last look.
    branches: usize,
    // By node: how far it said that it is committed.
    committed: Vec<Position>,
}

impl Parting {
    /// Looks at the nodes; `open`: no two of them were found to disagree yet.
    pub fn look(&mut self, nodes: &[Sample], world: &WorldView<'_>, lines: &Lines, open: bool) {
        self.branches = lines.branches();
        self.open = open && !lines.is_one() && part(nodes, world, lines);
        self.committed.clear();
        self.committed.resize(usize::from(world.nodes.count()), Position::ZERO);
        for node in nodes {
            self.committed[node.node.index()] = node.facts.committed;
        }
    }

    /// Whether logs part and nobody was found to disagree.
    #[must_use]
    #[inline]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a log has parted from another since the last look.
    #[must_use]
    #[inline]
    pub fn is_news(&self, lines: &Lines) -> bool {
        lines.branches() > self.branches.max(1)
    }

    /// Whether the node that an event is about calls more committed than at the last look.
    #[must_use]
    pub fn says_more(&self, what: &What, world: &WorldView<'_>) -> bool {
        let Some(node) = node_of(what) else { return false };
        let known = self.committed.get(node.index()).copied().unwrap_or_default();
        world.nodes.facts(node).is_some_and(|facts| facts.committed > known)
    }
}

/// Whether some running node's log is no part of the longest.
fn part(nodes: &[Sample], world: &WorldView<'_>, lines: &Lines) -> bool {
    let spot = |node: &Sample| -> Option<Spot> {
        let last = world.nodes.record_at(node.node, node.facts.last)?;
        lines.spot(last, world.records)
    };
    let spots: Vec<Spot> = nodes.iter().filter_map(spot).collect();
    let Some(longest) = spots.iter().copied().max_by_key(|spot| spot.position) else {
        return false;
    };
    !spots.iter().all(|spot| lines.holds(longest, *spot))
}

const fn node_of(what: &What) -> Option<NodeId> {
    match what {
        What::Delivered { to: node, .. }
        | What::TimerFired { node, .. }
        | What::Flushed { node, .. }
        | What::Requested { node, .. }
        | What::Noted { node, .. } => Some(*node),
        _ => None,
    }
}
