//! What an administrator orders: that a node leads, that it copies everything afresh, that a new one
//! joins.

use crate::base::ids::MAX_NODES;
use crate::base::{EventId, NodeId};
use crate::protocol::{Admin, Input, Protocol};

use super::event::{Limit, Refused, What};
use super::fault::Done;
use super::state::World;
use super::watch::{NodeStatus, Nodes, Observer};

impl<P: Protocol, O: Observer> World<P, O> {
    pub(super) fn give_order(&mut self, node: NodeId, admin: Admin) -> Done {
        let promote = admin == Admin::Promote;
        if promote && !P::CARD.promotes {
            return Err((Some(node), Refused::NobodyIsPromoted));
        }
        if promote && self.cluster.facts(node).is_some_and(|facts| facts.role.leads()) {
            return Err((Some(node), Refused::LeadsAlready));
        }
        let event = self.emit(What::Ordered { node, promote }, EventId::NONE);
        self.input(node, Input::Admin(admin), event);
        Ok(())
    }

    pub(super) fn add_follower(&mut self) -> Done {
        if self.cluster_size() >= MAX_NODES {
            self.reach(Limit::Nodes);
            return Err((None, Refused::NoMoreNodes));
        }
        let node = self.add_machine();
        let event = self.emit(What::Added { node }, EventId::NONE);
        self.start(node, true, event);
        for other in self.cluster.ids().filter(|other| *other != node) {
            // The administrator also writes it into the settings of nodes that are down: a
            // starting process is told the number of nodes.
            if self.cluster.node(other).is_up() {
                self.input(other, Input::Admin(Admin::Join(node)), event);
            } else if self.cluster.node(other).status == NodeStatus::Paused {
                self.cluster.node_mut(other).joins.push(node);
            }
        }
        Ok(())
    }
}
