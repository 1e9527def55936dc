//! How far followers lie behind the leader, in records received and in records applied.
//!
//! It grows only when the leader's log does, when somebody else leads, or when a node loses what it
//! had; nodes say each of these, and are looked at whenever one says anything. So the most is exact.

use crate::base::NodeId;
use crate::observe::lineage;
use crate::protocol::Shape;
use crate::protocol::facts::Extent;
use crate::world::{NodeStatus, WorldView};

/// How far a node lies behind the leader's log.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Behind {
    /// Records that it has not received.
    pub received: u32,
    /// Records that it has not applied.
    pub applied: u32,
}

impl Behind {
    /// The larger of both, each by itself.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            received: self.received.max(other.received),
            applied: self.applied.max(other.applied),
        }
    }
}

/// The most that any running follower has been behind.
#[derive(Clone, Default, Debug)]
pub struct Lag {
    max: Behind,
    // Kept for its memory.
    seen: Vec<(NodeId, NodeStatus, Extent)>,
}

impl Lag {
    /// Looks at the nodes.
    #[inline(never)]
    pub fn look(&mut self, world: &WorldView<'_>) {
        if world.shape == Shape::Store {
            return;
        }
        let mut max = self.max;
        each(world, &mut self.seen, |_, behind| max = max.max(behind));
        self.max = max;
    }

    /// The most, with the nodes as they are now.
    #[must_use]
    pub fn max(&self, world: &WorldView<'_>) -> Behind {
        let mut now = self.clone();
        now.look(world);
        now.max
    }
}

/// Calls `with` for each running node that has a log and does not lead, with how far it is behind;
/// for none while nobody leads.
pub fn each(
    world: &WorldView<'_>,
    seen: &mut Vec<(NodeId, NodeStatus, Extent)>,
    mut with: impl FnMut(NodeId, Behind),
) {
    seen.clear();
    for node in (0..world.nodes.count()).map(NodeId) {
        if let Some(extent) = world.nodes.extent(node) {
            seen.push((node, world.nodes.status(node), extent));
        }
    }
    let Some((leader, last)) = lineage::leading(seen) else { return };
    for (node, _, extent) in seen.iter().filter(|(node, _, extent)| *node != leader && extent.copy)
    {
        let received = last.since(extent.last);
        with(*node, Behind { received, applied: last.since(extent.applied) });
    }
}
