//! Whom an action means: a node by name, or by what it is at that moment.

use crate::base::NodeId;
use crate::protocol::Protocol;

use super::action::Target;
use super::state::World;
use super::watch::{Nodes, Observer};

impl<P: Protocol, O: Observer> World<P, O> {
    /// The node that a target means now.
    #[must_use]
    pub fn resolve(&self, target: Target) -> Option<NodeId> {
        match target {
            Target::Node(node) => (node.0 < self.cluster_size()).then_some(node),
            Target::Leader | Target::Head => Some(self.leader().unwrap_or(self.last_leader)),
            Target::Follower(k) => {
                let leader = self.leader();
                let serves = |node: &NodeId| Some(*node) != leader && Some(*node) != self.service;
                let up = |node: &NodeId| self.cluster.node(*node).is_up();
                let followers = self.cluster.ids().filter(serves).filter(up);
                followers.take(usize::from(k.max(1))).last()
            }
            Target::Middle(k) => {
                let row = self.row();
                let inner = row.get(1..row.len().saturating_sub(1)).unwrap_or_default();
                inner.get(usize::from(k.max(1)) - 1).copied()
            }
            Target::Tail => self.row().last().copied(),
            Target::Service => self.service,
        }
    }

    /// The order in which writes pass through the nodes, as the one that knows the latest has it.
    fn row(&self) -> Vec<NodeId> {
        let known = self.cluster.ids().filter_map(|node| self.cluster.facts(node));
        let known = known.filter(|facts| !facts.row.is_empty());
        known.max_by_key(|facts| facts.epoch).map_or_else(Vec::new, |facts| facts.row)
    }

    /// The running leader of the highest epoch.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        let leads = |node: &NodeId| Some(self.cluster.facts(*node)?).filter(|f| f.role.leads());
        self.cluster
            .ids()
            .filter_map(|node| Some((leads(&node)?.epoch, node)))
            .max_by_key(|(e, _)| *e)
            .map(|(_, n)| n)
    }
}
