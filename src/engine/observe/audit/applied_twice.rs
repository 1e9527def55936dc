//! No client's write takes effect twice.
//!
//! **Meaning.** Broken if a log holds two records of one operation, one behind the other, and a client
//! is told of a write or shown a value that stands there or further on in that log, whether or not the
//! log is cut later. Where data are versions per key: if two versions were made of one operation, and a
//! write of another one had seen the first of them and lost its place to the second; or if the data add
//! each version up. Not exercised while nobody wrote, nor where nobody has led.
//!
//! Evidence: the records, each with the one that it was written after; whatever the data of the nodes
//! remember.

use super::{Audit, Case, Verdict, Witness};
use crate::engine::base::{OpId, sort, thousands};
use crate::engine::protocol::{Promise, RecordRef, Shape};

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
        if case.world.shape == Shape::Store {
            return in_versions(case);
        }
        if let Some(first) = case.lines.repeated().next() {
            let operation = case.recorder.history().get(first.op);
            let mut operations: Vec<OpId> = case.lines.repeated().map(|found| found.op).collect();
            sort(&mut operations);
            operations.dedup();
            let sentence = format!(
                "{} stands in the log at {} and again at {}: it was asked for {}{}",
                case.recorder.name(first.op),
                first.first,
                first.again.position,
                match operation.map_or(0, |operation| operation.attempts) {
                    1 => "once".to_owned(),
                    2 => "twice".to_owned(),
                    more => format!("{more} times"),
                },
                match operations.len() {
                    1 => String::new(),
                    more => format!("; {} writes happened twice in all", thousands(more as u64)),
                },
            );
            let events = operation.map(|op| vec![op.invoked_event, op.taken.event]);
            let events = events.unwrap_or_default();
            return Verdict::Broken(Witness { events, operations, sentence });
        }
        if case.ledger.counts().invoked == 0 {
            return Verdict::NotExercised("nobody wrote".to_owned());
        }
        if case.ledger.lineage().leader().is_none() {
            return Verdict::NotExercised("nobody has led".to_owned());
        }
        Verdict::Holds
    }
}

/// Where data are versions per key, a write happens twice if two versions were made of it and a
/// write of somebody else came between them: it had seen the first, and lost its place to the
/// second.
fn in_versions(case: &Case<'_>) -> Verdict {
    let versions = case.ledger.versions();
    for op in versions.doubles() {
        let mine: Vec<RecordRef> = versions.of(op).collect();
        let Some(between) = between(case, &mine) else { continue };
        let operation = case.recorder.history().get(op);
        let sentence = format!(
            "{} was made a version twice, and the second took the place of {}, which had seen the \
             first",
            case.recorder.name(op),
            case.recorder.name(between),
        );
        let events = operation.map(|op| vec![op.invoked_event, op.taken.event]);
        let events = events.unwrap_or_default();
        return Verdict::Broken(Witness { events, operations: vec![op, between], sentence });
    }
    if case.ledger.counts().invoked == 0 {
        return Verdict::NotExercised("nobody wrote".to_owned());
    }
    Verdict::Holds
}

fn between(case: &Case<'_>, mine: &[RecordRef]) -> Option<OpId> {
    let records = case.world.records;
    let key = records.get(*mine.first()?)?.key;
    let others = case.ledger.versions().of_key(key).iter().filter(|other| !mine.contains(other));
    let mut others =
        others.filter_map(|other| Some((records.get(*other)?.op, records.version(*other)?)));
    let saw_first = |other| {
        mine.iter().filter_map(|own| records.version(*own)).any(|own| {
            let other: &crate::engine::protocol::parts::Version = other;
            other.saw(own)
        })
    };
    let replaced =
        |other| mine.iter().filter_map(|own| records.version(*own)).any(|own| own.saw(other));
    others.find(|(_, other)| saw_first(other) && replaced(other)).map(|(op, _)| op)
}
