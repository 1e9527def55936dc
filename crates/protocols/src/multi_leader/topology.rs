//! Who sends to whom: every leader to every other, each to the next in a ring, or all through the
//! first one; and each leader to its followers.

use super::MultiLeader;
use engine::base::{Key, NodeId};
use engine::protocol::policy::Topology;

/// The shape of a cluster, as a node knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// How many nodes there are.
    pub nodes: u8,
    /// How many of them were meant to lead.
    pub wanted: u8,
    /// Which leader sends to which.
    pub topology: Topology,
}

impl Layout {
    /// How many nodes lead: the first ones.
    #[must_use]
    pub fn leaders(&self) -> u8 {
        self.wanted.clamp(1, self.nodes.max(1))
    }

    /// Whether a node leads.
    #[must_use]
    pub fn leads(&self, node: NodeId) -> bool {
        node.0 < self.leaders()
    }

    /// The leader that a node follows; its own name if it leads.
    #[must_use]
    pub fn leader_of(&self, node: NodeId) -> NodeId {
        NodeId(node.0 % self.leaders())
    }

    /// The leader that writes of a key go to where conflicts are avoided (Kleppmann, chapter 5:
    /// all writes of a record go through the same leader).
    #[must_use]
    pub fn home_of(&self, key: Key) -> NodeId {
        #[expect(clippy::cast_possible_truncation, reason = "below the number of leaders")]
        let home = (key.0 % u32::from(self.leaders())) as u8;
        NodeId(home)
    }

    /// Whether `from` sends to `to` whatever it takes in.
    #[must_use]
    pub fn sends(&self, from: NodeId, to: NodeId) -> bool {
        self.topology.sends(self.leaders(), from, to)
    }

    /// All that `node` sends to, in order.
    pub fn downstream(self, node: NodeId) -> impl Iterator<Item = NodeId> {
        (0..self.nodes).map(NodeId).filter(move |to| self.sends(node, *to))
    }

    /// All that send to `node`, in order.
    pub fn upstream(self, node: NodeId) -> impl Iterator<Item = NodeId> {
        (0..self.nodes).map(NodeId).filter(move |from| self.sends(*from, node))
    }
}

impl MultiLeader {
    /// Whom an update goes to that came from `from`: not back to there, and where every leader
    /// hears every other, a leader's update is not repeated to leaders. In a ring it goes on until
    /// it is back where it was written, which ignores it.
    pub(super) fn receivers(&self, writer: NodeId, from: NodeId) -> Vec<NodeId> {
        let heard = |to: &NodeId| {
            self.layout.topology == Topology::AllToAll
                && writer != self.me
                && self.layout.leads(*to)
        };
        self.layout.downstream(self.me).filter(|to| *to != from && !heard(to)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sends(nodes: u8, wanted: u8, topology: Topology) -> Vec<(u8, u8)> {
        let layout = Layout { nodes, wanted, topology };
        let all = || (0..nodes).map(NodeId);
        let pairs = all().flat_map(|from| all().map(move |to| (from, to)));
        pairs.filter(|(a, b)| layout.sends(*a, *b)).map(|(a, b)| (a.0 + 1, b.0 + 1)).collect()
    }

    #[test]
    fn leaders_stand_in_a_mesh_a_ring_or_a_star() {
        let mesh = [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)];
        assert_eq!(sends(3, 3, Topology::AllToAll), mesh);
        assert_eq!(sends(4, 4, Topology::Ring), [(1, 2), (2, 3), (3, 4), (4, 1)]);
        assert_eq!(sends(3, 3, Topology::Star), [(1, 2), (1, 3), (2, 1), (3, 1)]);
        assert_eq!(sends(2, 2, Topology::Ring), [(1, 2), (2, 1)]);
    }

    #[test]
    fn a_follower_hears_its_own_leader_alone() {
        assert_eq!(
            sends(5, 2, Topology::AllToAll),
            [(1, 2), (1, 3), (1, 5), (2, 1), (2, 4)],
            "n3 and n5 follow n1, n4 follows n2"
        );
    }
}
