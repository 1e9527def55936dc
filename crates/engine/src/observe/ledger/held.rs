//! Which nodes hold which versions, and what that means for writes whose fate is open.

use std::collections::BTreeMap;

use super::store::Standing;
use super::{Evidence, Ledger};
use crate::base::{NodeId, NodeSet, OpId, sort};
use crate::protocol::RecordRef;

/// Who holds which versions now.
pub(super) struct Held {
    pub(super) by: BTreeMap<RecordRef, NodeSet>,
}

impl Held {
    pub(super) fn of(evidence: &Evidence<'_>) -> Self {
        let mut by: BTreeMap<RecordRef, NodeSet> = BTreeMap::new();
        let nodes = evidence.world.nodes;
        for node in (0..nodes.count()).map(NodeId) {
            for record in nodes.holdings(node, evidence.world.records) {
                by.entry(record).or_default().insert(node);
            }
        }
        Self { by }
    }

    pub(super) fn holders(&self, record: RecordRef) -> NodeSet {
        self.by.get(&record).copied().unwrap_or_default()
    }
}

impl Ledger {
    /// Writes that were not acknowledged and are held by some node: they may come back.
    #[must_use]
    pub fn partial(&self) -> Vec<OpId> {
        let partial = |(op, _): &&(OpId, NodeSet)| self.versions.standing(*op) == Standing::Partial;
        let mut all: Vec<OpId> =
            self.versions.open.iter().filter(partial).map(|(op, _)| *op).collect();
        sort(&mut all);
        all
    }

    /// How many of them there are.
    #[must_use]
    pub fn partial_count(&self) -> u32 {
        u32::try_from(self.partial().len()).unwrap_or(u32::MAX)
    }

    /// Where data are versions per key: acknowledged writes that are on disks of nodes that do not
    /// run and nowhere else, though no version that had seen them took their place.
    #[must_use]
    pub fn out_of_reach(&self) -> &[OpId] {
        &self.versions.out_of_reach
    }
}
