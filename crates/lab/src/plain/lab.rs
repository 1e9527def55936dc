//! What the lab itself tells scripts, as plain values: how far a call came, branches, comparisons.

use super::plain;
use crate::export::Kind;
use crate::{Advanced, BranchFacts, Comparison, Difference, Figure, VerdictPair};
use engine::world::Scripted;
use view::TraceLine;

/// How far a call came.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Passed {
    /// The playhead.
    pub now_ms: f64,
    /// Happenings that happened.
    pub happened: u32,
    /// The budget was used up before the wanted time was reached: call again to go on.
    pub exhausted: bool,
}

/// How a run went until a condition.
#[derive(Clone, PartialEq, Debug)]
pub struct Reached {
    /// Whether the condition came to hold.
    pub reached: bool,
    /// The playhead.
    pub now_ms: f64,
    /// Happenings that happened.
    pub happened: u32,
    /// The budget was used up before that, and before the limit: call again to go on.
    pub exhausted: bool,
    /// The event that was waited for, where it is one.
    pub event: Option<TraceLine>,
}

/// A branch: one future of the run.
#[derive(Clone, PartialEq, Debug)]
pub struct BranchLine {
    /// Its place in the list.
    pub index: usize,
    /// Where it left another one; the first branch left none.
    pub from: Option<Fork>,
    /// What was done to the cluster in it beyond the scenario's script.
    pub actions: Vec<Scripted>,
    /// How far it is known.
    pub known_ms: f64,
    /// Whether it is the one being played.
    pub current: bool,
}

/// Where a branch left another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fork {
    /// Which one.
    pub branch: usize,
    /// When.
    pub at_ms: f64,
}

plain! {
    Passed = Passed { now_ms, happened, exhausted }
    Reached = Reached { reached, now_ms, happened, exhausted, event }
    Branch = BranchLine { index, from, actions, known_ms, current }
    Fork = Fork { branch, at_ms }
    Comparison = Comparison {
        same_seed, identical, difference, forgotten, figures, verdicts, mine, theirs
    }
    Difference = Difference { event, at_ms, mine, theirs }
    Figure = Figure { name, mine, theirs }
    VerdictPair = VerdictPair { promise, mine, theirs }
    ExportKind = Kind { name, extension, media_type, about; without export }
}

impl From<Advanced> for Passed {
    fn from(advanced: Advanced) -> Self {
        let Advanced { now, happened, exhausted } = advanced;
        Self { now_ms: now.as_millis_f64(), happened, exhausted }
    }
}

impl From<BranchFacts> for BranchLine {
    fn from(facts: BranchFacts) -> Self {
        let BranchFacts { index, from, actions, known, current } = facts;
        let fork = |(branch, at): (usize, engine::base::SimTime)| Fork {
            branch,
            at_ms: at.as_millis_f64(),
        };
        Self { index, from: from.map(fork), actions, known_ms: known.as_millis_f64(), current }
    }
}
