//! Links that are cut, or whole again, in one instant: what is done to them at once is told once.

use crate::number::names;
use engine::base::{NodeId, sort};
use engine::world::Event;

/// Links of which one thing happened in one instant.
pub struct Together<'a> {
    /// What was emitted for each: the event, and from where to where.
    pub links: &'a [(&'a Event, NodeId, NodeId)],
    /// Nodes in the cluster.
    pub nodes: u8,
    /// Whether they are whole again; else they are cut.
    pub whole: bool,
}

impl Together<'_> {
    /// The node that most of them belong to.
    pub fn node(&self) -> NodeId {
        let touched = |node: NodeId| {
            self.links.iter().filter(|(_, from, to)| *from == node || *to == node).count()
        };
        let (_, first, second) = self.links[0];
        if touched(second) > touched(first) { second } else { first }
    }

    /// "n1 is cut off", "n1's links to n2 and n3 are whole again": as much as is true of all.
    pub fn label(&self) -> String {
        let node = self.node();
        let to: Vec<NodeId> = self.others(|(from, to)| (from == node).then_some(to));
        let from: Vec<NodeId> = self.others(|(from, to)| (to == node).then_some(from));
        if to.len() + from.len() < self.links.len() {
            let are = if self.whole { "are whole again" } else { "are cut" };
            return format!("{} links {are}", self.pairs());
        }
        let all = to.len() + 1 >= usize::from(self.nodes);
        match (to.as_slice(), from.as_slice(), self.whole) {
            ([one], [other], false) if one == other => format!("{node} and {one}: link cut"),
            ([one], [other], true) if one == other => {
                format!("{node} and {one}: link whole again")
            }
            (to, from, false) if to == from && all => format!("{node} is cut off"),
            (to, from, true) if to == from && all => format!("{node}'s links are whole again"),
            (to, from, false) if to == from => format!("{node} is cut off from {}", names(to)),
            (to, [], false) => format!("{node} is not heard by {}", names(to)),
            ([], from, false) => format!("{node} does not hear {}", names(from)),
            (_, _, false) => format!("links of {node} are cut"),
            (to, from, true) if to == from => {
                format!("{node}'s links to {} are whole again", names(to))
            }
            (to, [], true) => format!("{node} is heard by {} again", names(to)),
            ([], from, true) => format!("{node} hears {} again", names(from)),
            (_, _, true) => format!("links of {node} are whole again"),
        }
    }

    fn others(&self, end: impl Fn((NodeId, NodeId)) -> Option<NodeId>) -> Vec<NodeId> {
        let mut all: Vec<NodeId> =
            self.links.iter().filter_map(|(_, from, to)| end((*from, *to))).collect();
        sort(&mut all);
        all.dedup();
        all
    }

    /// How many pairs of nodes they lie between.
    fn pairs(&self) -> usize {
        let mut pairs: Vec<(NodeId, NodeId)> =
            self.links.iter().map(|(_, from, to)| (*from.min(to), *from.max(to))).collect();
        sort(&mut pairs);
        pairs.dedup();
        pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::base::{EventId, SimTime};
    use engine::world::What;

    fn told(nodes: u8, whole: bool, links: &[(u8, u8)]) -> String {
        let event = Event {
            id: EventId(1),
            at: SimTime::ZERO,
            cause: EventId::NONE,
            what: What::ClientsQuiet { quiet: true },
        };
        let links: Vec<_> =
            links.iter().map(|(from, to)| (&event, NodeId(*from), NodeId(*to))).collect();
        Together { links: &links, nodes, whole }.label()
    }

    #[test]
    fn what_is_said_of_links_is_true_of_all_of_them() {
        let n1 = [(0, 1), (1, 0), (0, 2), (2, 0)];
        assert_eq!(told(3, false, &n1), "n1 is cut off");
        assert_eq!(told(4, false, &n1), "n1 is cut off from n2 and n3");
        assert_eq!(told(3, true, &n1), "n1's links are whole again");
        assert_eq!(told(4, true, &n1), "n1's links to n2 and n3 are whole again");
        assert_eq!(told(3, false, &n1[..2]), "n1 and n2: link cut");
        assert_eq!(told(3, true, &n1[..2]), "n1 and n2: link whole again");
        assert_eq!(told(3, false, &[(0, 1), (0, 2)]), "n1 is not heard by n2 and n3");
        assert_eq!(told(3, true, &[(1, 0), (2, 0)]), "n1 hears n2 and n3 again");
        assert_eq!(told(3, false, &n1[..3]), "links of n1 are cut");
        let two = [(0, 1), (1, 0), (2, 3), (3, 2)];
        assert_eq!(told(4, false, &two), "2 links are cut");
        assert_eq!(told(4, true, &two), "2 links are whole again");
    }
}
