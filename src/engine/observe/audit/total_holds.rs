//! The total of all accounts holds in every state that a reader can see.
//!
//! **Meaning.** Broken if at any moment the accounts of a running node that does not copy its data just
//! now do not add up to what these accounts were opened with, 100 each. Transfers take from one account
//! what they give to another. Not exercised while no client moves money between accounts, nor where
//! clients also set values directly.
//!
//! Evidence: the data of the nodes. A node that copies its data shows nothing yet and is not looked at.

use super::{Audit, Case, Verdict, Witness};
use crate::engine::base::{EventId, NodeId, SimTime};
use crate::engine::observe::lineage::Sample;
use crate::engine::protocol::facts::Accounts;
use crate::engine::protocol::{Command, Promise, Role};

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
    plain: bool,
    broken: Option<Broken>,
}

impl Totals {
    /// A client begins something: one that sets values sets balances too.
    pub fn begun(&mut self, command: Command) {
        self.plain |= matches!(command, Command::Write { .. });
    }

    /// Adds the nodes' accounts up.
    pub fn look(&mut self, nodes: &[Sample], at: SimTime, event: EventId) {
        let shown = nodes.iter().filter(|node| node.facts.role != Role::CatchingUp);
        for (node, accounts) in shown.filter_map(|n| Some((n.node, n.facts.accounts?))) {
            self.seen = true;
            if self.broken.is_none() && !accounts.add_up() {
                self.broken = Some(Broken { node, accounts, at, event });
            }
        }
    }
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
        let Totals { seen, plain, broken } = case.totals;
        match (broken, seen, plain) {
            (_, false, _) => {
                Verdict::NotExercised("nobody moved money between accounts".to_owned())
            }
            (_, _, true) => Verdict::NotExercised("clients also set values directly".to_owned()),
            (None, ..) => Verdict::Holds,
            (Some(Broken { node, accounts, event, .. }), ..) => Verdict::Broken(Witness {
                events: vec![event],
                operations: Vec::new(),
                sentence: format!(
                    "the {} accounts on {node} add up to {}, and were opened with {}",
                    accounts.rows,
                    accounts.total,
                    accounts.opened_with(),
                ),
            }),
        }
    }
}
