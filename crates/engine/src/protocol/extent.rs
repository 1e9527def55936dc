//! How far a node is: of its facts what observers look at often, at little cost. Nobody acts on it.

use super::facts::NodeFacts;
use crate::base::{Epoch, Position};

/// How far a node is: of its facts what is looked at often.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// The epoch that it believes in.
    pub epoch: Epoch,
    /// Whether its log is the cluster's.
    pub authority: bool,
    /// Whether it takes writes though somebody may have replaced it: where nodes stand in a row,
    /// such a one gets none acknowledged.
    pub alone: bool,
    /// Whether it holds a copy of the data.
    pub copy: bool,
    /// The log's end.
    pub last: Position,
    /// Applied to the data up to here.
    pub applied: Position,
}

impl Extent {
    /// The same of a node's facts.
    #[must_use]
    pub fn of(facts: &NodeFacts) -> Self {
        Self {
            epoch: facts.epoch,
            authority: facts.authority,
            alone: facts.accepts_writes && facts.row.is_empty(),
            copy: facts.role.is_replica(),
            last: facts.last,
            applied: facts.applied,
        }
    }
}
