//! Who does not run, and which of the nodes that run do not hear each other, in words. It reads links
//! and processes, and knows no protocol.

use crate::number::{agree, names, who};
use engine::base::NodeId;
use engine::observe::Recorder;
use engine::world::{NodeStatus, Run};

/// Who does not run, and who does not hear whom.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Parted {
    /// Nodes whose process does not run or is paused.
    pub down: Vec<(NodeId, NodeStatus)>,
    /// The nodes that run, in groups within which each can reach each; the largest first.
    pub groups: Vec<Vec<NodeId>>,
    /// Pairs of running nodes, in different groups, of which the first still reaches the second.
    pub one_way: Vec<(NodeId, NodeId)>,
}

impl Parted {
    /// What parts the nodes of a run at the playhead.
    #[must_use]
    pub fn of(run: &dyn Run<Recorder>) -> Self {
        let nodes = run.view().nodes;
        let all: Vec<(NodeId, NodeStatus)> =
            (0..nodes.count()).map(NodeId).map(|node| (node, nodes.status(node))).collect();
        Self::among(&all, &|from, to| run.link(from, to).0)
    }

    /// What parts these nodes, where these links are cut.
    #[must_use]
    pub fn among(all: &[(NodeId, NodeStatus)], is_cut: &dyn Fn(NodeId, NodeId) -> bool) -> Self {
        let is_up = |(_, status): &(NodeId, NodeStatus)| *status == NodeStatus::Up;
        let (up, down): (Vec<_>, Vec<_>) = all.iter().copied().partition(is_up);
        let mut left: Vec<NodeId> = up.into_iter().map(|(node, _)| node).collect();
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        while !left.is_empty() {
            let mut group = vec![left.remove(0)];
            let mut looked = 0;
            while let Some(node) = group.get(looked).copied() {
                looked += 1;
                let heard = |other: &NodeId| !is_cut(node, *other) && !is_cut(*other, node);
                let (near, far): (Vec<NodeId>, Vec<NodeId>) = left.iter().partition(|n| heard(n));
                left = far;
                group.extend(near);
            }
            engine::base::sort(&mut group);
            groups.push(group);
        }
        engine::base::sort_by_key(&mut groups, |group| {
            (std::cmp::Reverse(group.len()), group.first().copied())
        });
        let mut one_way = Vec::new();
        for (place, group) in groups.iter().enumerate() {
            for other in groups.iter().enumerate().filter(|(p, _)| *p != place).map(|(_, g)| g) {
                let pairs = group.iter().flat_map(|a| other.iter().map(move |b| (*a, *b)));
                one_way.extend(pairs.filter(|(from, to)| !is_cut(*from, *to)));
            }
        }
        Self { down, groups, one_way }
    }

    /// Whether every node runs and hears every other, over others if need be.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.down.is_empty() && self.groups.len() < 2
    }

    /// A running node that alone hears nobody, while others hear each other.
    #[must_use]
    pub fn alone(&self) -> Option<NodeId> {
        match self.groups.as_slice() {
            [many, .., last] if many.len() > 1 && last.len() == 1 => last.first().copied(),
            _ => None,
        }
    }

    /// What parts the nodes, a sentence each: "n2 has lost power.", "n1 and n2 do not hear each other."
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let kinds = [
            (NodeStatus::Crashed, "has crashed", "have crashed"),
            (NodeStatus::PoweredOff, "has lost power", "have lost power"),
            (NodeStatus::Paused, "is paused", "are paused"),
        ];
        let of_kind = |kind: NodeStatus| -> Vec<NodeId> {
            let same = self.down.iter().filter(|(_, status)| *status == kind);
            same.map(|(node, _)| *node).collect()
        };
        let stopped = kinds.map(|(kind, one, many)| (of_kind(kind), one, many));
        let stopped = stopped.iter().filter(|(nodes, ..)| !nodes.is_empty());
        let mut lines: Vec<String> =
            stopped.map(|(nodes, one, many)| format!("{}.", who(nodes, one, many))).collect();
        lines.extend(self.apart());
        lines
    }

    fn apart(&self) -> Option<String> {
        if let Some((from, to)) = self.one_way.first() {
            return Some(format!("{from} does not hear {to}, which hears {from}."));
        }
        Some(match self.groups.as_slice() {
            [] | [_] => return None,
            [one, other] if one.len() == 1 && other.len() == 1 => {
                format!("{} and {} do not hear each other.", names(one), names(other))
            }
            [many, few] => {
                let are = agree(u32::try_from(few.len()).unwrap_or(u32::MAX), "is", "are");
                format!("{} {are} cut off from {}.", names(few), names(many))
            }
            parts => {
                let sides: Vec<String> = parts.iter().map(|part| names(part)).collect();
                let count = parts.len();
                format!(
                    "The nodes are in {count} parts that do not hear each other: {}.",
                    sides.join("; ")
                )
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: &[NodeStatus], cut: &[(u8, u8)]) -> Vec<String> {
        let all: Vec<_> = (0..).map(NodeId).zip(status.iter().copied()).collect();
        let is_cut = |from: NodeId, to: NodeId| cut.contains(&(from.0, to.0));
        Parted::among(&all, &is_cut).sentences()
    }

    #[test]
    fn who_does_not_run_and_who_does_not_hear_whom_is_told_as_it_is() {
        use NodeStatus::{Crashed, Paused, PoweredOff, Up};
        assert_eq!(told(&[Up; 3], &[]), [""; 0]);
        let both = [(0, 1), (1, 0)];
        assert_eq!(told(&[Up; 2], &both), ["n1 and n2 do not hear each other."]);
        assert_eq!(told(&[Up; 3], &both), [""; 0], "n3 passes on what they tell each other");
        let n3 = [(0, 2), (2, 0), (1, 2), (2, 1)];
        assert_eq!(told(&[Up; 3], &n3), ["n3 is cut off from n1 and n2."]);
        assert_eq!(told(&[Up; 2], &[(0, 1)]), ["n2 does not hear n1, which hears n2."]);
        assert_eq!(
            told(&[Crashed, Up, Paused, Crashed, PoweredOff], &[]),
            ["n1 and n4 have crashed.", "n5 has lost power.", "n3 is paused."]
        );
        let mut all = n3.to_vec();
        all.extend(both);
        assert_eq!(
            told(&[Up; 3], &all),
            ["The nodes are in 3 parts that do not hear each other: n1; n2; n3."]
        );
    }
}
