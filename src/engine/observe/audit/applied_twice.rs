//! No client's write takes effect twice.
//!
//! Evidence: the records in the current leader's log, followed back to its beginning. The same
//! operation in two of them was written twice, whatever the data of the nodes remember.

use super::{Audit, Case, Verdict, Witness};
use crate::engine::observe::lineage::Double;
use crate::engine::protocol::Promise;

/// The audit.
pub struct AppliedTwice;

impl Audit for AppliedTwice {
    fn promise(&self) -> Promise {
        Promise::NothingAppliedTwice
    }

    fn id(&self) -> &'static str {
        "nothing-applied-twice"
    }

    fn title(&self) -> &'static str {
        "No write happens twice"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let lineage = case.ledger.lineage();
        let doubles: Vec<Double> = lineage.doubles(case.world.records).collect();
        if let Some(first) = doubles.first() {
            let operation = case.recorder.history().get(first.op);
            let sentence = format!(
                "{} stands in the log at {} and again at {}: it was asked for {} times{}",
                case.recorder.name(first.op),
                first.first,
                first.again,
                operation.map_or(0, |operation| operation.attempts),
                match doubles.len() {
                    1 => String::new(),
                    more => format!("; {} writes happened twice in all", more),
                },
            );
            let events = operation.map(|op| vec![op.invoked_event, op.taken.event]);
            return Verdict::Broken(Witness {
                events: events.unwrap_or_default(),
                operations: doubles.iter().map(|double| double.op).collect(),
                sentence,
            });
        }
        if case.ledger.counts().invoked == 0 {
            return Verdict::NotExercised("nobody wrote".to_owned());
        }
        if lineage.leader().is_none() {
            return Verdict::NotExercised("nobody has led".to_owned());
        }
        Verdict::Holds
    }
}
