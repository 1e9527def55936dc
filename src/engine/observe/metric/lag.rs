//! How far each follower's log lies behind the leader's, in records, looked at every so often.

use crate::engine::base::{Chunked, NodeId, SimTime};
use crate::engine::observe::lineage::{self, Sample};

/// One look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LagPoint {
    /// When.
    pub at: SimTime,
    /// Whose log.
    pub node: NodeId,
    /// Records behind the leader's.
    pub behind: u32,
}

/// All looks.
#[derive(Clone, Default, Debug)]
pub struct Lag {
    points: Chunked<LagPoint>,
    max: u32,
}

impl Lag {
    /// Looks at the nodes.
    pub fn look(&mut self, nodes: &[Sample], at: SimTime) {
        let Some(leader) = lineage::leader(nodes) else { return };
        for node in nodes.iter().filter(|n| n.node != leader.node && n.facts.role.is_replica()) {
            let behind = leader.facts.last.since(node.facts.last);
            self.max = self.max.max(behind);
            self.points.push(LagPoint { at, node: node.node, behind });
        }
    }

    /// The looks, in order.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = &LagPoint> {
        self.points.iter()
    }

    /// The furthest that a running follower's log was seen behind.
    #[must_use]
    pub const fn max(&self) -> u32 {
        self.max
    }
}
