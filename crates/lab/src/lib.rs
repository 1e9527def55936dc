//! The laboratory: the one façade that the page, the script API and the command line hold.
//!
//! It loads a scenario, lets time pass (elapsed time is an argument: it has no clock), seeks to any
//! instant exactly, acts now or in the past, and shows views. It knows neither the web nor files.
#![doc = include_str!("../README.md")]

mod branch;
mod compare;
pub mod dropped;
pub mod export;
mod instant;
mod opening;
pub mod plain;
pub mod sweep;
mod views;
mod watch;
mod watched;

use engine::observe::audit::Case;
use engine::observe::{Recorder, Report};
use engine::world::Run;
use scenario::{Json, Preset, Problem, Protocols, Scenario};

pub use compare::{Comparison, Difference, Figure, VerdictPair};
pub use engine::base::{EventId, NodeId, OpId, Position, SimTime, Span};
pub use engine::observe::report;
pub use engine::world::{Action, Scripted, Target};
pub use opening::{Looking, Opened, Shared, TooLong, opened, opened_file};
pub use views::Selection;
pub use watch::{Condition, Sort};
pub use watched::RecordedRun;

use branch::Branch;

/// Happenings that one call makes happen at most, unless it is told otherwise.
pub const BUDGET: u32 = 50_000;

/// Branches kept; a further one replaces the oldest that is not an ancestor of the current.
pub const BRANCHES: usize = 12;

/// A scenario being played.
pub struct Lab {
    scenario: Scenario,
    branches: Vec<Branch>,
    current: usize,
}

/// The digest of a built-in scenario played to its end: the same on every machine.
///
/// # Errors
/// Mistakes in the preset; a test reads every one.
pub fn digest_of(preset: &Preset, protocols: Protocols) -> Result<u64, Vec<Problem>> {
    let mut lab = Lab::load(&preset.document(), protocols)?;
    lab.finish();
    Ok(lab.digest())
}

/// How far a call came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advanced {
    /// The playhead.
    pub now: SimTime,
    /// Happenings that happened.
    pub happened: u32,
    /// The budget was used up before the wanted time was reached.
    pub exhausted: bool,
}

/// A branch, for its list.
#[derive(Clone, PartialEq, Debug)]
pub struct BranchFacts {
    /// Its place in the list.
    pub index: usize,
    /// The branch that it left, and when.
    pub from: Option<(usize, SimTime)>,
    /// The reader's actions in it.
    pub actions: Vec<Scripted>,
    /// How far it is known.
    pub known: SimTime,
    /// Whether it is the one being played.
    pub current: bool,
}

impl Lab {
    /// Reads a scenario document about one of these protocols and starts its run.
    ///
    /// # Errors
    /// All mistakes of the document at once.
    pub fn load(document: &Json, protocols: Protocols) -> Result<Self, Vec<Problem>> {
        Ok(Self::start(Scenario::read(document, protocols)?))
    }

    /// Starts a run.
    #[must_use]
    pub fn start(scenario: Scenario) -> Self {
        let branches = vec![Branch::new(scenario.run(), None, Vec::new())];
        Self { scenario, branches, current: 0 }
    }

    /// Loads another document with the same actions of the reader, done at the same times: the
    /// same seed and the same faults under other knobs.
    ///
    /// # Errors
    /// All mistakes of the document at once.
    pub fn replay_with(&self, document: &Json) -> Result<Self, Vec<Problem>> {
        let mut lab = Self::load(document, self.scenario.protocols)?;
        let (own, script_until) =
            (self.branch().own_actions().to_vec(), self.branch().script_until());
        lab.branches = vec![opening::begun(&lab.scenario, None, own, script_until)];
        Ok(lab)
    }

    /// What is played.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }

    /// The run at the playhead.
    #[must_use]
    pub fn run(&self) -> &dyn Run<Recorder> {
        self.branch().head()
    }

    /// The run as far as it is known.
    #[must_use]
    pub fn furthest(&self) -> &dyn Run<Recorder> {
        self.branch().furthest()
    }

    /// The playhead.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.branch().now()
    }

    /// How far the current branch is known.
    #[must_use]
    pub fn known(&self) -> SimTime {
        self.branch().known()
    }

    /// Where the run ends.
    #[must_use]
    pub fn until(&self) -> SimTime {
        self.run().until()
    }

    /// Whether the playhead stands at the end of the run.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.now() >= self.until()
    }

    /// Lets `elapsed` simulated time pass, with at most `budget` happenings.
    pub fn advance(&mut self, elapsed: Span, budget: u32) -> Advanced {
        let to = (self.now() + elapsed).min(self.until());
        let happened = self.branch_mut().advance(to, budget);
        Advanced { now: self.now(), happened, exhausted: self.now() < to }
    }

    /// Makes things happen until something was recorded: one step for a reader.
    pub fn step(&mut self) -> bool {
        let before = self.run().observer().trace().len();
        while self.run().observer().trace().len() == before {
            if !self.branch_mut().step() {
                return false;
            }
        }
        true
    }

    /// Moves the playhead to just when the event before the present one happened.
    pub fn step_back(&mut self) {
        let now = self.now();
        let before = self.run().observer().trace().last_before(now).map_or(SimTime::ZERO, |e| e.at);
        self.seek(before);
    }

    /// Puts the playhead at `to`, exactly. Beyond what is known, as far as [`BUDGET`] happenings
    /// allow: call again to go on.
    pub fn seek(&mut self, to: SimTime) {
        let to = to.min(self.until());
        self.branch_mut().seek(to, BUDGET);
    }

    /// Makes things happen until `condition` holds or `budget` happenings happened. Says whether it
    /// holds.
    pub fn run_until(&mut self, condition: Condition, budget: u32) -> bool {
        let start = EventId(self.run().observer().trace().len());
        for _ in 0..budget {
            if condition.holds(self.run(), start) {
                return true;
            }
            if !self.branch_mut().step() {
                return condition.holds(self.run(), start);
            }
        }
        false
    }

    /// Plays to the end.
    pub fn finish(&mut self) {
        while !self.at_end() {
            self.advance(Span::from_micros(u64::MAX), u32::MAX);
        }
    }

    /// Does something to the cluster at the playhead, after all else that happens at this instant. In
    /// the past, that begins a branch: the old future is kept.
    pub fn act(&mut self, action: Action) {
        self.settle(BUDGET);
        if self.branch().in_the_past() {
            self.fork();
        }
        self.branch_mut().act(action);
    }

    /// What the scenario's script would have done after the reader began to act, if that is left out.
    #[must_use]
    pub fn left_out_of_script(&self) -> Vec<Scripted> {
        let Some(until) = self.branch().script_until() else { return Vec::new() };
        self.scenario.script().iter().filter(|line| line.at > until).cloned().collect()
    }

    /// The reader is about to act for the first time in this future: what the scenario's script would still do is left
    /// out. In the past, that begins a branch. Nothing changes where the reader acted before, or nothing is left to do.
    pub fn take_over(&mut self) {
        self.settle(BUDGET);
        let now = self.now();
        let acted = self.branch().own_actions().iter().any(|own| own.at <= now);
        let until = self.branch().script_until();
        let left = self.scenario.script().iter().any(|line| line.at > now);
        if acted || until.is_some() || !left {
            return;
        }
        if self.branch().in_the_past() {
            self.fork();
        }
        self.branch_mut().leave_script_out();
    }

    /// Begins a branch where the scenario's script was left out, and lets it happen there. Says whether it had been.
    pub fn keep_script(&mut self) -> bool {
        let Some(until) = self.branch().script_until() else { return false };
        self.seek(until);
        self.fork_with(None);
        true
    }

    /// Begins a branch at the playhead and plays it. Says which one it is.
    pub fn fork(&mut self) -> usize {
        self.fork_with(self.branch().script_until())
    }

    fn fork_with(&mut self, script_until: Option<SimTime>) -> usize {
        if self.branches.len() >= BRANCHES {
            self.forget_a_branch();
        }
        let fork = self.branch().fork(self.current, self.scenario.script(), script_until);
        self.branches.push(fork);
        self.current = self.branches.len() - 1;
        self.current
    }

    /// Forgets the oldest branch that is neither the first nor the current one.
    fn forget_a_branch(&mut self) {
        let oldest = (1..self.branches.len()).find(|index| *index != self.current);
        if let Some(oldest) = oldest {
            self.branches.remove(oldest);
            self.branches.iter_mut().for_each(|branch| branch.forget_parent(oldest));
            self.current -= usize::from(self.current > oldest);
        }
    }

    /// All branches, the first one first.
    #[must_use]
    pub fn branches(&self) -> Vec<BranchFacts> {
        let facts = |(index, branch): (usize, &Branch)| BranchFacts {
            index,
            from: branch.from(),
            actions: branch.own_actions().to_vec(),
            known: branch.known(),
            current: index == self.current,
        };
        self.branches.iter().enumerate().map(facts).collect()
    }

    /// Plays another branch, at the same instant as far as it is known, in any case from where it left the other.
    pub fn switch(&mut self, branch: usize) {
        if branch < self.branches.len() {
            let now = self.now();
            self.current = branch;
            let left = self.branch().from().map_or(SimTime::ZERO, |(_, at)| at);
            self.seek(now.min(self.known().max(left)));
        }
    }

    /// The digest of everything that happened up to the playhead.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.run().observer().trace().digest()
    }

    /// The report of the run up to the playhead.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(
            &Case::new(self.run().observer(), self.run().view(), self.now()),
            self.run().seed(),
        )
    }
}

#[cfg(test)]
mod tests;
