//! The total of all accounts holds in every state that a reader can see.
//!
//! **Meaning.** Broken if at any moment the accounts of a running node that does not copy its data just
//! now do not add up to what these accounts were opened with, 100 each. Transfers take from one account
//! what they give to another. Not exercised while no client moves money between accounts, nor where
//! clients also set values directly.
//!
//! Evidence: the data of the nodes. A node that copies its data shows nothing yet and is not looked at.

use super::{Audit, Case, Verdict, Witness};
use crate::base::number;
use crate::base::{EventId, NodeId, SimTime};
use crate::observe::lineage::Sample;
use crate::protocol::facts::Accounts;
use crate::protocol::{NodeFacts, Promise, Role};
use crate::world::setup::Pace;
use crate::world::{ClientSetup, Workload};

/// The audit.
pub struct TotalHolds;

/// A node whose accounts did not add up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Which.
    pub node: NodeId,
    /// What it showed.
    pub accounts: Accounts,
    /// When it was seen.
    pub at: SimTime,
    /// The event at which it was seen.
    pub event: EventId,
}

/// What was seen of the nodes' accounts.
#[derive(Clone, Copy, Default, Debug)]
pub struct Totals {
    seen: bool,
    broken: Option<Broken>,
}

impl Totals {
    /// Adds the nodes' accounts up.
    pub fn look(&mut self, nodes: &[Sample], at: SimTime, event: EventId) {
        self.seen |= nodes.iter().any(|node| node.facts.accounts.is_some());
        if self.broken.is_none() {
            let facts = nodes.iter().map(|node| (node.node, &node.facts));
            self.broken =
                wrong_total(facts).map(|(node, accounts)| Broken { node, accounts, at, event });
        }
    }
}

/// The first of these nodes whose accounts do not add up to what they were opened with, and what
/// they hold: for this audit and for the page's headline.
pub fn wrong_total<'a>(
    nodes: impl Iterator<Item = (NodeId, &'a NodeFacts)>,
) -> Option<(NodeId, Accounts)> {
    let mut shown = nodes.filter(|(_, facts)| facts.role != Role::CatchingUp);
    shown.find_map(|(node, facts)| {
        Some((node, facts.accounts.filter(|accounts| !accounts.add_up())?))
    })
}

/// Whether a group of clients sets values: one that does sets balances too.
fn sets_values(group: &ClientSetup) -> bool {
    let writes = match group.pace {
        Pace::Open { writes_per_s, .. } => writes_per_s > 0.0,
        Pace::Closed { update_fraction, .. } => update_fraction > 0.0,
    };
    group.workload == Workload::Writes && (writes || group.probe.is_some())
}

impl Audit for TotalHolds {
    fn promise(&self) -> Promise {
        Promise::TotalHolds
    }

    fn id(&self) -> &'static str {
        "invariant-over-keys"
    }

    fn title(&self) -> &'static str {
        "The total of all accounts holds"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let Totals { seen, broken } = *case.recorder.totals();
        match (broken, seen, case.world.clients.iter().any(sets_values)) {
            (_, false, _) => {
                Verdict::NotExercised("nobody moved money between accounts".to_owned())
            }
            (_, _, true) => Verdict::NotExercised("clients also set values directly".to_owned()),
            (None, ..) => Verdict::Holds,
            (Some(Broken { node, accounts, at, event }), ..) => Verdict::Broken(Witness {
                events: vec![event],
                operations: Vec::new(),
                sentence: format!(
                    "at {} the {} accounts on {node} added up to {} instead of {}",
                    number::clock(at),
                    number::count(accounts.rows.into()),
                    number::count(accounts.total),
                    number::count(accounts.opened_with()),
                ),
            }),
        }
    }
}
