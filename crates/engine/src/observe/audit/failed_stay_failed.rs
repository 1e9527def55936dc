//! No write that a client was told has failed is ever seen.
//!
//! **Meaning.** Broken if a read is answered with the value of a write whose client had been told,
//! before the read was answered, that it failed. A write whose client was left without an answer may
//! appear at any time; that breaks nothing. Not exercised while no write failed.
//!
//! A quorum that was not reached leaves the write where it did arrive. Evidence: what the clients were
//! told, and the record whose value a reader was shown.

use super::reads::write as named;
use super::{Audit, Case, Verdict, Witness};
use crate::base::{EventId, OpId, Position};
use crate::observe::history::{End, Operation};
use crate::observe::ledger::Length;
use crate::protocol::{Promise, Record, RecordRef, Shape};

/// The audit.
pub struct FailedStayFailed;

impl Audit for FailedStayFailed {
    fn promise(&self) -> Promise {
        Promise::FailedWritesStayFailed
    }

    fn id(&self) -> &'static str {
        "failed-writes-stay-failed"
    }

    fn title(&self) -> &'static str {
        "Failed writes stay failed"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let history = case.recorder.history();
        if case.recorder.ledger().counts().failed == 0 {
            return Verdict::NotExercised("no write failed".to_owned());
        }
        for (reader, read) in history.iter() {
            let End::Value { version, .. } = read.end else { continue };
            for writer in shown(case, version, read) {
                let Some(write) =
                    history.get(writer).filter(|write| failed(write, read.ended_event))
                else {
                    continue;
                };
                let sentence = format!(
                    "{} was told that {} failed; {} later {} read it",
                    write.client,
                    named(case, writer),
                    Length(read.ended.since(write.ended)),
                    read.client,
                );
                return Verdict::Broken(Witness {
                    events: vec![read.ended_event, write.ended_event],
                    operations: vec![writer, reader],
                    sentence,
                });
            }
        }
        Verdict::Holds
    }
}

fn failed(write: &Operation, before: EventId) -> bool {
    matches!(write.end, End::Refused { .. }) && write.ended_event < before
}

/// The operations whose writes an answer shows.
fn shown(case: &Case<'_>, version: Position, read: &Operation) -> Vec<OpId> {
    let records = case.world.records;
    let at = match case.world.shape {
        Shape::Store => RecordRef::named(version),
        // Several logs may have something there; its value says which was read.
        Shape::Line => {
            let it = |record: &Record| {
                record.op.is_some()
                    && record.key == read.key()
                    && Some(record.value) == read.value()
            };
            case.recorder.lines().find(version, records, it).unwrap_or(RecordRef::NONE)
        }
    };
    let op = |at: RecordRef| records.get(at).map(|record| record.op).filter(|op| op.is_some());
    let joined = records.joins(at).iter().filter_map(|at| op(*at));
    op(at).into_iter().chain(joined).collect()
}
