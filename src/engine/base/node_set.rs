//! Some of the nodes of a run, as one number.

use super::ids::NodeId;

/// Some nodes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct NodeSet(u128);

impl NodeSet {
    /// Adds a node.
    pub const fn insert(&mut self, node: NodeId) {
        self.0 |= 1 << node.0;
    }

    /// Takes a node out.
    pub const fn remove(&mut self, node: NodeId) {
        self.0 &= !(1 << node.0);
    }

    /// Whether the node is one of them.
    #[must_use]
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 & 1 << node.0 != 0
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Those that are in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The nodes, in order.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..128).map(NodeId).filter(move |node| self.contains(*node))
    }

    /// "n2", "n2 or n3", "n2, n3 or n4" with this word before the last.
    #[must_use]
    pub fn names(self, word: &str) -> String {
        let names: Vec<String> = self.iter().map(|node| node.to_string()).collect();
        match names.split_last() {
            None => "nobody".to_owned(),
            Some((only, [])) => only.clone(),
            Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        }
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = Self::default();
        nodes.into_iter().for_each(|node| set.insert(node));
        set
    }
}
