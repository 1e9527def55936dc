//! Which links a reader should see first.

use crate::types::{LinkView, NodeLook, Stage};

/// The most nodes among which every link is drawn alike.
const ALL_ALIKE: usize = 3;

impl Stage {
    /// Whether a link steps back: among many nodes, whole links that do not touch a leader would
    /// hide the others.
    #[must_use]
    pub fn steps_back(&self, link: &LinkView) -> bool {
        let leads = |node: &crate::NodeCard| node.look == NodeLook::Leader;
        let led = |end: u8| self.nodes.iter().any(|node| node.node == end && leads(node));
        let whole = !link.cut_ab && !link.cut_ba && !link.disturbed;
        if !self.row.is_empty() {
            return whole && !self.is_next(link.a, link.b) && !self.is_next(link.b, link.a);
        }
        self.nodes.len() > ALL_ALIKE && whole && !led(link.a) && !led(link.b)
    }

    /// Whether writes pass from one node to the other.
    #[must_use]
    pub fn is_next(&self, from: u8, to: u8) -> bool {
        self.row.windows(2).any(|pair| *pair == [from, to])
    }
}
