//! What a reader can do to a node, a link, a message or the cluster in its present state.
//!
//! An offer is made only if the world would do it: nobody is offered to restart what runs.

use super::{Action, Faults};
use crate::base::{EventId, NodeId};
use crate::world::{DiskFacts, NodeStatus, Target};

/// Something that a reader can do to a node, a link, a message or the cluster.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    /// "Crash the process".
    pub label: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Its key when the thing is focused, if one.
    pub key: Option<char>,
    /// What happens.
    pub action: Action,
    /// Whether it breaks something (drawn as such).
    pub breaks: bool,
}

impl Offer {
    /// One that breaks something.
    #[must_use]
    pub const fn breaks(
        label: &'static str,
        help: &'static str,
        key: char,
        action: Action,
    ) -> Self {
        Self { label, help, key: Some(key), action, breaks: true }
    }

    /// One that breaks nothing.
    #[must_use]
    pub const fn mends(label: &'static str, help: &'static str, key: char, action: Action) -> Self {
        Self { label, help, key: Some(key), action, breaks: false }
    }
}

/// What a reader looks at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Seen {
    /// A node.
    Node(NodeState),
    /// The link between two nodes.
    Link(LinkState),
    /// A message in flight, named by the event of its sending.
    Message(EventId),
    /// The cluster as a whole.
    Cluster(ClusterState),
}

/// What is known of a node when its offers are made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NodeState {
    /// Which.
    pub node: NodeId,
    /// Whether it runs.
    pub status: NodeStatus,
    /// Whether it runs and takes the cluster's writes; `None`: it does not run.
    pub leads: Option<bool>,
    /// Its disk.
    pub disk: DiskFacts,
    /// Whether some link of it, or the clients' way to it, is cut.
    pub cut_off: bool,
    /// Whether an administrator can promote nodes here.
    pub promotes: bool,
    /// Whether it holds a copy of the data.
    pub replica: bool,
    /// Whether it applies what it receives.
    pub applies: bool,
}

impl NodeState {
    /// It, as an action means it.
    #[must_use]
    pub const fn target(&self) -> Target {
        Target::Node(self.node)
    }

    /// Whether its process runs and is not paused.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.status == NodeStatus::Up
    }

    /// Whether it can be told to copy everything: where one leads, any other than that one.
    #[must_use]
    pub fn can_copy(&self) -> bool {
        let other = self.leads == Some(false);
        self.is_up() && self.replica && (other || !self.promotes)
    }
}

/// What is known of a link when its offers are made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LinkState {
    /// One end.
    pub a: NodeId,
    /// The other.
    pub b: NodeId,
    /// Whether it is cut from `a` to `b`.
    pub cut_ab: bool,
    /// Whether it is cut from `b` to `a`.
    pub cut_ba: bool,
    /// Whether it is disturbed, one way or both.
    pub disturbed: bool,
}

/// What is known of the cluster when its offers are made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ClusterState {
    /// What adding a node is called.
    pub adds: &'static str,
    /// Whether its clients are silent.
    pub quiet: bool,
}

/// What of these faults can be done to it: first what brings it back, then in the order of the list.
#[must_use]
pub fn offers(faults: Faults, seen: &Seen) -> Vec<Offer> {
    let of = |back: bool| faults.iter().filter(move |fault| fault.brings_back == back);
    of(true).chain(of(false)).flat_map(|fault| (fault.offers)(seen)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::FAULTS;
    use super::*;

    fn labels(status: NodeStatus, leads: Option<bool>, cut_off: bool) -> Vec<&'static str> {
        let disk = DiskFacts { slow: 1, full: false, bytes: 0, durable_bytes: 0, flushing: false };
        let (node, promotes, replica, applies) = (NodeId(1), true, true, true);
        let state = NodeState { node, status, leads, disk, cut_off, promotes, replica, applies };
        let offers = offers(FAULTS, &Seen::Node(state));
        let mut keys: Vec<_> = offers.iter().filter_map(|offer| offer.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), offers.len(), "no two offers share a key");
        offers.into_iter().map(|offer| offer.label).collect()
    }

    #[test]
    fn only_what_the_world_would_do_is_offered() {
        assert_eq!(
            labels(NodeStatus::Up, Some(true), false),
            [
                "Cut its power",
                "Crash the process",
                "Pause",
                "Cut it off",
                "Slow its disk",
                "Fill its disk",
                "Stop applying"
            ]
        );
        let follower = labels(NodeStatus::Up, Some(false), true);
        assert!(follower.contains(&"Promote") && follower.contains(&"Mend all links"));
        assert_eq!(
            labels(NodeStatus::PoweredOff, None, false),
            ["Restart", "Cut it off", "Slow its disk", "Fill its disk"]
        );
        assert_eq!(labels(NodeStatus::Paused, Some(true), false)[0], "Let it go on");
    }

    #[test]
    fn a_link_cut_both_ways_can_only_be_mended_or_disturbed() {
        let link = |cut_ab, cut_ba, disturbed| {
            let state = LinkState { a: NodeId(0), b: NodeId(1), cut_ab, cut_ba, disturbed };
            let offers = offers(FAULTS, &Seen::Link(state));
            offers.iter().map(|offer| offer.label).collect::<Vec<_>>()
        };
        assert_eq!(link(true, true, true), ["Mend the link"]);
        assert_eq!(link(false, true, false).len(), 5);
    }
}
