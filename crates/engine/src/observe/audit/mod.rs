//! Audits: what was promised, what was kept. One file a promise, one ordered list.
//!
//! No audit believes a node's own word for what happened: they read what the clients were told,
//! the records in the logs, and what the world did. A node's positions say only *which* records it
//! stands for; what is compared is the records.

mod acknowledged_survive;
mod applied_twice;
mod consistent_prefix;
mod converge;
mod failed_stay_failed;
mod fresh_reads;
mod linearizable;
mod monotonic_reads;
mod one_leader;
mod read_your_writes;
mod reads;
mod replicas_agree;
#[cfg(test)]
mod tests;
mod total_holds;

use super::lineage::{self, Sample};
use super::recorder::Recorder;
use crate::base::{EventId, OpId, SimTime};
use crate::protocol::Promise;
use crate::world::{Observer, WorldView};

pub use acknowledged_survive::AcknowledgedSurvive;
pub use applied_twice::AppliedTwice;
pub use consistent_prefix::ConsistentPrefix;
pub use converge::Converge;
pub use failed_stay_failed::FailedStayFailed;
pub use fresh_reads::FreshReads;
pub use linearizable::Linearizable;
pub use monotonic_reads::MonotonicReads;
pub use one_leader::{OneLeader, Reign, Reigns, SplitBrain};
pub use read_your_writes::ReadYourWrites;
pub use replicas_agree::{Agreement, Disagreement, ReplicasAgree};
pub use total_holds::{TotalHolds, Totals, wrong_total};

/// Every audit, in the order in which readers see them.
pub const AUDITS: &[&dyn Audit] = &[
    &AcknowledgedSurvive,
    &OneLeader,
    &Linearizable,
    &ReplicasAgree,
    &Converge,
    &AppliedTwice,
    &FailedStayFailed,
    &FreshReads,
    &ReadYourWrites,
    &MonotonicReads,
    &ConsistentPrefix,
    &TotalHolds,
];

/// Checks one promise.
pub trait Audit: Sync {
    /// Which.
    fn promise(&self) -> Promise;
    /// The promise's stable name in reports and scenario files.
    fn id(&self) -> &'static str;
    /// The promise as a reader is told it: a short sentence without a full stop.
    fn title(&self) -> &'static str;
    /// What became of it.
    fn verdict(&self, case: &Case<'_>) -> Verdict;
}

/// What became of a promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It was kept in all that happened.
    Holds,
    /// It was broken; here is the proof.
    Broken(Witness),
    /// Nothing happened by which it could have been judged: the reason, in a sentence without a
    /// full stop.
    NotExercised(String),
}

/// The proof of a broken promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// Events to look at, the telling one first.
    pub events: Vec<EventId>,
    /// The operations concerned.
    pub operations: Vec<OpId>,
    /// What happened, in a sentence without a full stop.
    pub sentence: String,
}

/// A run at one moment, looked at once for all audits.
pub struct Case<'a> {
    /// What was recorded, and what a look at this moment tells.
    pub recorder: Recorder,
    /// Nodes that run, paused ones included.
    pub nodes: Vec<Sample>,
    /// Logs, records, data.
    pub world: WorldView<'a>,
    /// This moment.
    pub now: SimTime,
}

impl<'a> Case<'a> {
    /// Looks at a run as it is now.
    #[must_use]
    pub fn new(recorder: &Recorder, world: WorldView<'a>, now: SimTime) -> Self {
        let mut recorder = recorder.clone();
        recorder.look(now, &world);
        Self { recorder, nodes: lineage::sample(&world), world, now }
    }

    /// Every verdict, in the order of [`AUDITS`].
    #[must_use]
    pub fn verdicts(&self) -> Vec<(Promise, Verdict)> {
        AUDITS.iter().map(|audit| (audit.promise(), audit.verdict(self))).collect()
    }

    /// The verdict on one promise.
    #[must_use]
    pub fn verdict(&self, promise: Promise) -> Option<Verdict> {
        AUDITS.iter().find(|audit| audit.promise() == promise).map(|audit| audit.verdict(self))
    }
}

impl Verdict {
    /// "holds", "broken", "not exercised".
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken(_) => "broken",
            Self::NotExercised(_) => "not exercised",
        }
    }
}
