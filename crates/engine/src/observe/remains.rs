//! What was last seen of nodes whose process ended: their facts and their log, for readers. No
//! audit uses it.

use std::rc::Rc;

use crate::base::{NodeId, Position};
use crate::protocol::{NodeFacts, RecordRef};
use crate::world::WorldView;

/// A node as it was when its process ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Remains {
    /// Its facts at that moment.
    pub facts: NodeFacts,
    /// The end of its log, [`RecordRef::NONE`] if it was empty.
    pub tip: RecordRef,
    /// Only what it had flushed is left: its machine lost power.
    pub volatile_gone: bool,
}

/// The remains of every node that ever died.
#[derive(Clone, Default, Debug)]
pub struct Graveyard {
    nodes: Vec<Option<Rc<Remains>>>,
}

impl Graveyard {
    /// The node's process is about to end.
    pub fn bury(&mut self, node: NodeId, volatile_gone: bool, world: &WorldView<'_>) {
        if self.nodes.len() <= node.index() {
            self.nodes.resize(node.index() + 1, None);
        }
        let Some(facts) = world.nodes.facts(node) else {
            // The process had died before; now the machine loses power as well.
            if let Some(remains) = &mut self.nodes[node.index()] {
                Rc::make_mut(remains).volatile_gone |= volatile_gone;
            }
            return;
        };
        let tip = match facts.last {
            Position::ZERO => RecordRef::NONE,
            last => world.nodes.record_at(node, last).unwrap_or(RecordRef::NONE),
        };
        self.nodes[node.index()] = Some(Rc::new(Remains { facts, tip, volatile_gone }));
    }

    /// What was last seen of a node.
    #[must_use]
    pub fn remains(&self, node: NodeId) -> Option<&Remains> {
        self.nodes.get(node.index())?.as_deref()
    }
}
