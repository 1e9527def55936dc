//! What was recorded, part by part, for those who read it.

use super::Recorder;
use crate::base::{NodeId, OpId};
use crate::observe::audit::{Agreement, Reigns, Totals};
use crate::observe::history::{History, Operation};
use crate::observe::ledger::{Fate, Ledger};
use crate::observe::lines::Lines;
use crate::observe::metric::{Availability, CatchUps, Failovers, Lag};
use crate::observe::milestones::Milestones;
use crate::observe::remains::Remains;
use crate::observe::sessions::Sessions;
use crate::observe::settling::Settling;
use crate::observe::tally::Tally;
use crate::observe::trace::Trace;

impl Recorder {
    /// The events.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The clients' operations.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Faults, starts, promotions, time-outs.
    #[must_use]
    pub const fn milestones(&self) -> &Milestones {
        &self.milestones
    }

    /// The writes' fates, as of the last judgement.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Who accepted writes when.
    #[must_use]
    pub const fn reigns(&self) -> &Reigns {
        &self.reigns
    }

    /// What replicas agreed on.
    #[must_use]
    pub const fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// When writes were not served.
    #[must_use]
    pub const fn write_availability(&self) -> &Availability {
        &self.writes
    }

    /// When reads were not served.
    #[must_use]
    pub const fn read_availability(&self) -> &Availability {
        &self.reads
    }

    /// Suspicions and promotions.
    #[must_use]
    pub const fn failovers(&self) -> &Failovers {
        &self.failovers
    }

    /// Catch-ups.
    #[must_use]
    pub const fn catch_ups(&self) -> &CatchUps {
        &self.catch_ups
    }

    /// Every log, as far as it was looked at.
    #[must_use]
    pub const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// What each client was shown, and which reads went wrong.
    #[must_use]
    pub const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Whether the nodes' accounts added up.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Whether replicas came together.
    #[must_use]
    pub const fn settling(&self) -> &Settling {
        &self.settling
    }

    /// How often nodes said what is no milestone.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How far followers lay behind.
    #[must_use]
    pub const fn lag(&self) -> &Lag {
        &self.lag
    }

    /// What was last seen of a node whose process ended.
    #[must_use]
    pub fn remains(&self, node: NodeId) -> Option<&Remains> {
        self.graveyard.remains(node)
    }

    /// What became of a write, as of the last judgement.
    #[must_use]
    pub fn fate(&self, op: OpId) -> Fate {
        self.ledger.fate(op, &self.history)
    }

    /// What an operation is called: "k7 = 91", or "read k7".
    #[must_use]
    pub fn name(&self, op: OpId) -> String {
        self.history.get(op).map_or_else(String::new, Operation::name)
    }

    /// Bytes of heap held, shared chunks counted in full.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.trace.heap_bytes()
            + self.history.heap_bytes()
            + self.milestones.heap_bytes()
            + self.ledger.heap_bytes()
            + self.lines.heap_bytes()
            + self.sessions.heap_bytes()
    }
}
