//! A line of a script: what is done to the cluster, when, and to whom.

use super::fault::Action;
use crate::base::{NodeId, SimTime};

/// An action and when it happens.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scripted {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: Action,
}

/// A node by name or by what it is at that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// This node.
    Node(NodeId),
    /// The running leader of the highest epoch; if none runs, whoever led last.
    Leader,
    /// The k-th running node that does not lead, counted from 1.
    Follower(u8),
    /// The first of the chain: the same as the leader.
    Head,
    /// The k-th of the chain that is neither first nor last, counted from 1.
    Middle(u8),
    /// The last of the chain.
    Tail,
    /// The machine that runs the configuration service.
    Service,
}

impl Target {
    /// It, as orders name it: "n1", "the leader", "follower 2".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Node(node) => node.to_string(),
            Self::Leader => "the leader".to_owned(),
            Self::Follower(k) => format!("follower {k}"),
            Self::Head => "the head".to_owned(),
            Self::Middle(1) => "the middle of the chain".to_owned(),
            Self::Middle(k) => format!("node {} of the chain", u16::from(k) + 1),
            Self::Tail => "the tail".to_owned(),
            Self::Service => "the configuration service".to_owned(),
        }
    }
}
