//! Observers: what is recorded of a run, and what is found out from it. None of them can touch it.
//!
//! | part | answers |
//! |---|---|
//! | [`Trace`] | what happened, and what caused it |
//! | [`tally`] | how often what happens too often for a milestone happened |
//! | [`Milestones`] | the few events that a reader must not miss, and what is broken now |
//! | [`History`] | what the clients asked and what they were told |
//! | [`Sessions`] | what each client was shown, and which reads went wrong |
//! | [`Ledger`] | what became of every write, and why it was lost |
//! | [`audit`] | which promises were kept |
//! | [`metric`] | how fast, how long away, how far behind |
//! | [`Report`] | all of it in one struct |
//!
//! [`Recorder`] feeds them all. What happens all the time costs a few nanoseconds there; the work
//! is done at the rare events.

pub mod audit;
pub mod history;
pub mod ledger;
pub mod lineage;
pub mod linearizable;
pub mod lines;
pub mod metric;
pub mod milestones;
mod parting;
pub mod recorder;
pub mod remains;
pub mod report;
pub mod sessions;
pub mod settling;
pub mod tally;
pub mod trace;

#[cfg(test)]
mod fake;

pub use audit::{AUDITS, Audit, Case, Verdict, Witness};
pub use history::{End, History, Operation};
pub use ledger::{Fate, Ledger, LostWrite, NodeSet, Reason, Why, WriteCounts};
pub use milestones::Milestones;
pub use recorder::Recorder;
pub use remains::{Graveyard, Remains};
pub use report::Report;
pub use sessions::{Anomaly, Sessions, Slip};
pub use trace::Trace;
