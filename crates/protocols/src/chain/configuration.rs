//! A configuration: who is in the chain, in which order, and who is about to join.

use engine::base::{Epoch, NodeId};

/// The chain as the configuration service has it in one epoch. Within an epoch only `joining` may
/// change, and only from nobody to somebody.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Configuration {
    /// Grows with every change of the chain.
    pub epoch: Epoch,
    /// Head first, tail last. Empty: nothing is known yet.
    pub chain: Vec<NodeId>,
    /// Who is fed, to be put behind the tail when it is ready.
    pub joining: Option<NodeId>,
}

/// A node's place in a configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The first of several.
    Head,
    /// Neither first nor last.
    Middle,
    /// The last of several.
    Tail,
    /// The only one.
    Sole,
    /// Fed, to be put behind the tail.
    Joining,
    /// None.
    Outside,
}

impl Place {
    /// Whether it is in the chain.
    #[must_use]
    pub fn is_member(self) -> bool {
        matches!(self, Self::Head | Self::Middle | Self::Tail | Self::Sole)
    }

    /// Whether it is the first.
    #[must_use]
    pub fn is_first(self) -> bool {
        matches!(self, Self::Head | Self::Sole)
    }

    /// Whether it is the last.
    #[must_use]
    pub fn is_last(self) -> bool {
        matches!(self, Self::Tail | Self::Sole)
    }
}

impl Configuration {
    /// The chain that a cluster begins with: all nodes in order.
    #[must_use]
    pub fn first(nodes: u8) -> Self {
        Self { epoch: Epoch(1), chain: (0..nodes).map(NodeId).collect(), joining: None }
    }

    /// The node to which writes go.
    #[must_use]
    pub fn head(&self) -> Option<NodeId> {
        self.chain.first().copied()
    }

    /// The last node.
    #[must_use]
    pub fn tail(&self) -> Option<NodeId> {
        self.chain.last().copied()
    }

    /// A node's place.
    #[must_use]
    pub fn place(&self, node: NodeId) -> Place {
        match self.chain.iter().position(|member| *member == node) {
            Some(_) if self.chain.len() == 1 => Place::Sole,
            Some(0) => Place::Head,
            Some(at) if at + 1 == self.chain.len() => Place::Tail,
            Some(_) => Place::Middle,
            None if self.joining == Some(node) => Place::Joining,
            None => Place::Outside,
        }
    }

    /// Who feeds the node that joins: whoever stands before its future place.
    #[must_use]
    pub fn feeder(&self, star: bool) -> Option<NodeId> {
        if star { self.head() } else { self.tail() }
    }

    /// From whom `node` gets its records.
    #[must_use]
    pub fn predecessor(&self, node: NodeId, star: bool) -> Option<NodeId> {
        if self.joining == Some(node) {
            return self.feeder(star);
        }
        let at = self.chain.iter().position(|member| *member == node)?;
        let before = if star { at.min(1) } else { at };
        before.checked_sub(1).map(|before| self.chain[before])
    }

    /// To whom `node` sends its records, the one that joins last.
    pub fn successors(&self, node: NodeId, star: bool) -> impl Iterator<Item = NodeId> + '_ {
        let fed = self.chain.iter().copied().chain(self.joining);
        fed.filter(move |other| self.predecessor(*other, star) == Some(node))
    }

    /// The next epoch's chain without this node, unless nobody would be left.
    #[must_use]
    pub fn without(&self, node: NodeId) -> Option<Self> {
        let chain: Vec<NodeId> = self.chain.iter().copied().filter(|n| *n != node).collect();
        let joining = self.joining.filter(|joining| *joining != node);
        (!chain.is_empty()).then(|| Self { epoch: self.epoch.next(), chain, joining })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: [NodeId; 4] = [NodeId(0), NodeId(1), NodeId(2), NodeId(3)];

    #[test]
    fn a_chain_hands_on_from_each_to_the_next_and_a_star_from_the_first_to_all() {
        let chain = Configuration { joining: Some(N[3]), ..Configuration::first(3) };
        let fed = |star| N.map(|node| chain.successors(node, star).collect::<Vec<_>>());
        assert_eq!(fed(false), [vec![N[1]], vec![N[2]], vec![N[3]], vec![]]);
        assert_eq!(fed(true), [vec![N[1], N[2], N[3]], vec![], vec![], vec![]]);
        assert_eq!(chain.place(N[3]), Place::Joining);
    }

    #[test]
    fn the_last_member_is_never_left_out() {
        let two = Configuration::first(2);
        let one = two.without(N[0]).unwrap();
        assert_eq!((one.epoch, one.place(N[1])), (Epoch(2), Place::Sole));
        assert_eq!(one.without(N[1]), None);
    }
}
