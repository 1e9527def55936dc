//! Some of the nodes of a run, as one number.

use super::ids::NodeId;
use core::fmt::Display;

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

    /// "n2", "n2 or n3", "n2, n3 or n4" with this word before the last; see [`names`].
    #[must_use]
    pub fn names(self, word: &str) -> String {
        names(&self.iter().collect::<Vec<NodeId>>(), word)
    }
}

/// More than these are named in part, and the rest is counted.
const NAMED: usize = 5;

/// Names one after another, with this word before the last: "n2", "n2 or n3", "n2, n3 or n4". Of
/// many, the first are named: "n2, n3, n4, n5 and 123 more". "nobody" if there are none.
#[must_use]
pub fn names<T: Display>(all: &[T], word: &str) -> String {
    let list = |some: &[T]| some.iter().map(T::to_string).collect::<Vec<String>>().join(", ");
    match all {
        [] => "nobody".to_owned(),
        [only] => only.to_string(),
        [first @ .., last] if all.len() <= NAMED => format!("{} {word} {last}", list(first)),
        many => {
            let (named, rest) = many.split_at(NAMED - 1);
            format!("{} {word} {} more", list(named), rest.len())
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
