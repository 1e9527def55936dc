//! No client's write takes effect twice.
//!
//! **Meaning.** Broken if a log holds two records of one operation, one behind the other, and a client
//! is told of a write or shown a value that stands there or further on in that log, whether or not the
//! log is cut later. Where data are versions per key: if two versions were made of one operation, and a
//! write of another one had seen the first of them and not the second, which took its place (it had seen
//! it, or won by its stamp) or, if that write was acknowledged, stands beside it and shows again what was
//! replaced: no deletion does, and in a set only an addition beside a removal; or if a node holds several
//! versions of an increment, each of which a counter counts, or a reader is told of more increments than
//! anybody had asked for. Retries with an idempotency key are one write: a counter counts them once, and
//! if their writers had been given the same, who had seen one had seen the other; only where stamps
//! decide, the second wins all the same. Not exercised while nobody wrote, nor where nobody has led.
//!
//! Evidence: the records, each with the one that it was written after; whatever the data of the nodes
//! remember.

use std::collections::{BTreeMap, BTreeSet};

use super::reads::write as named;
use super::{Audit, Case, Verdict, Witness};
use crate::base::number;
use crate::base::{EventId, Key, NodeId, NodeSet, OpId, sort};
use crate::observe::history::End;
use crate::protocol::parts::Conflicts;
use crate::protocol::{Promise, RecordRef, Records, Shape};

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
        if let Some(first) = case.recorder.lines().repeated().next() {
            let operation = case.recorder.history().get(first.op);
            let mut operations: Vec<OpId> =
                case.recorder.lines().repeated().map(|found| found.op).collect();
            sort(&mut operations);
            operations.dedup();
            let sentence = format!(
                "{} stands in the log at {} and again at {}: it was asked for {}{}",
                named(case, first.op),
                first.first,
                first.again.position,
                match operation.map_or(0, |operation| operation.attempts) {
                    1 => "once".to_owned(),
                    2 => "twice".to_owned(),
                    more => format!("{more} times"),
                },
                match operations.len() {
                    1 => String::new(),
                    more =>
                        format!("; {} writes happened twice in all", number::count(more as u64)),
                },
            );
            let events = operation.map(|op| vec![op.invoked_event, op.taken.event]);
            let events = events.unwrap_or_default();
            return Verdict::Broken(Witness { events, operations, sentence });
        }
        if case.recorder.ledger().counts().invoked == 0 {
            return Verdict::NotExercised("nobody wrote".to_owned());
        }
        if case.recorder.ledger().lineage().leader().is_none() {
            return Verdict::NotExercised("nobody has led".to_owned());
        }
        Verdict::Holds
    }
}

/// Where data are versions per key, two versions of one write do no harm by themselves. The write
/// happens twice where the second changes what readers are told.
fn in_versions(case: &Case<'_>) -> Verdict {
    let found = match case.recorder.ledger().versions().conflicts() {
        Some(Conflicts::Counter) => counted_twice(case).or_else(|| told_too_much(case)),
        _ => came_back(case),
    };
    match found {
        Some(witness) => Verdict::Broken(witness),
        None if case.recorder.ledger().counts().invoked == 0 => {
            Verdict::NotExercised("nobody wrote".to_owned())
        }
        None => Verdict::Holds,
    }
}

/// A node that holds several versions of an increment counts each, but for retries with an
/// idempotency key.
fn counted_twice(case: &Case<'_>) -> Option<Witness> {
    let (versions, records) = (case.recorder.ledger().versions(), case.world.records);
    versions.doubles().next()?;
    let nodes = (0..case.world.nodes.count()).map(NodeId);
    let counted = |node| -> (Vec<OpId>, BTreeSet<RecordRef>) {
        let held = case.world.nodes.holdings(node, records).into_iter();
        let each = |at: &RecordRef| records.get(*at).is_some_and(|record| record.number == 0);
        let held: BTreeSet<RecordRef> = held.filter(each).collect();
        let several = |op: &OpId| versions.of(*op).filter(|at| held.contains(at)).count() > 1;
        let mut operations: Vec<OpId> = versions.doubles().filter(several).collect();
        operations.dedup();
        (operations, held)
    };
    // The first of those that count the most of them twice.
    let (operations, held) = nodes.rev().map(counted).max_by_key(|(all, _)| all.len())?;
    let counts = |at: &RecordRef| held.contains(at);
    let key = records.get(versions.of(*operations.first()?).next()?)?.key;
    let of_key = |op: &&OpId| case.recorder.history().get(**op).is_some_and(|o| o.key() == key);
    let on_key: Vec<OpId> = operations.iter().filter(of_key).copied().collect();
    let times: usize = on_key.iter().map(|op| versions.of(*op).filter(counts).count()).sum();
    let sentence = match on_key[..] {
        [one] => format!("an increment of {key} is counted {times} times: it {}", asked(case, one)),
        [first, ..] => format!(
            "{} increments of {key} are counted {times} times: the first {}",
            on_key.len(),
            asked(case, first)
        ),
        [] => return None,
    };
    let first = *on_key.first()?;
    let events = case.recorder.history().get(first);
    let events = events.map_or(Vec::new(), |op| vec![op.invoked_event, op.taken.event]);
    Some(Witness { events, operations, sentence })
}

/// "was asked for 2 times, and taken by n1 and n2".
fn asked(case: &Case<'_>, op: OpId) -> String {
    let attempts = case.recorder.history().get(op).map_or(0, |operation| operation.attempts);
    let mut nodes = NodeSet::default();
    for version in
        case.recorder.ledger().versions().of(op).filter_map(|at| case.world.records.version(at))
    {
        nodes.insert(version.writer);
    }
    format!("was asked for {attempts} times, and taken by {}", nodes.names("and"))
}

/// A reader is told of more increments than anybody had asked for by then, whatever the versions
/// say.
fn told_too_much(case: &Case<'_>) -> Option<Witness> {
    let history = case.recorder.history();
    let mut begun: BTreeMap<Key, Vec<EventId>> = BTreeMap::new();
    for (_, operation) in history.iter().filter(|(_, operation)| operation.is_write()) {
        begun.entry(operation.key()).or_default().push(operation.invoked_event);
    }
    history.iter().find_map(|(reader, read)| {
        let End::Value { value, .. } = read.end else { return None };
        let asked = begun
            .get(&read.key())
            .map_or(0, |all| all.iter().take_while(|event| **event < read.ended_event).count());
        (value > asked as u64).then(|| Witness {
            events: vec![read.ended_event],
            operations: vec![reader],
            sentence: format!(
                "{} was told that {} is {value}, and nobody had asked for more than {asked} \
                 increments of it",
                read.client,
                read.key(),
            ),
        })
    })
}

/// Another's write replaced the first version and met the second: either the second took its place,
/// having seen it or by its stamp, or stayed beside it, so that what had been replaced is there
/// again.
fn came_back(case: &Case<'_>) -> Option<Witness> {
    let versions = case.recorder.ledger().versions();
    versions.doubles().find_map(|op| {
        let mine: Vec<RecordRef> = versions.of(op).collect();
        let (between, how) = between(case, &mine)?;
        let operation = case.recorder.history().get(op);
        let other = named(case, between);
        let again = match how {
            Again::Instead => format!("took the place of {other}"),
            Again::Beside => format!("stands beside {other}"),
        };
        let sentence = format!(
            "{} was made a version twice, and the second {again}, which had seen the first",
            named(case, op),
        );
        let events = operation.map(|op| vec![op.invoked_event, op.taken.event]);
        let events = events.unwrap_or_default();
        Some(Witness { events, operations: vec![op, between], sentence })
    })
}

/// What the second version did to the write that had replaced the first.
#[derive(Clone, Copy)]
enum Again {
    /// It replaced it.
    Instead,
    /// It is a sibling of it.
    Beside,
}

fn between(case: &Case<'_>, mine: &[RecordRef]) -> Option<(OpId, Again)> {
    let (records, conflicts) = (case.world.records, case.recorder.ledger().versions().conflicts()?);
    let key = records.get(*mine.first()?)?.key;
    let told = |op: OpId| case.recorder.history().get(op).is_some_and(|o| o.is_acknowledged());
    let others =
        case.recorder.ledger().versions().of_key(key).iter().filter(|other| !mine.contains(other));
    // By stamps alone the second wins all the same, though it is the same write.
    let last_wins = conflicts == Conflicts::LastWriteWins;
    let saw = |later, earlier| match last_wins {
        true => records.saw_itself(later, earlier),
        false => records.saw(later, earlier),
    };
    others.filter_map(|other| Some((*other, records.get(*other)?.op))).find_map(|(other, op)| {
        mine.iter().find(|first| saw(other, **first))?;
        let met = mine.iter().filter(|again| !saw(other, **again));
        met.filter_map(|again| again_over(*again, other, conflicts, records))
            .find(|how| matches!(how, Again::Instead) || told(op))
            .map(|how| (op, how))
    })
}

/// What a version did to another that had not seen it, but an earlier one of the same write.
fn again_over(
    again: RecordRef,
    other: RecordRef,
    conflicts: Conflicts,
    records: &Records,
) -> Option<Again> {
    let (mine, theirs) = (records.version(again)?, records.version(other)?);
    match conflicts {
        Conflicts::LastWriteWins => mine.later(theirs).is_gt().then_some(Again::Instead),
        // An addition comes back beside a removal; a removal takes away what it had seen.
        Conflicts::AddWins if mine.deleted == theirs.deleted => None,
        Conflicts::AddWins if mine.deleted => records.saw(again, other).then_some(Again::Instead),
        Conflicts::AddWins => Some(Again::Beside),
        _ if records.saw(again, other) => Some(Again::Instead),
        // Beside a value, a second tombstone is not shown to anybody.
        Conflicts::Siblings | Conflicts::SitePriority => (!mine.deleted).then_some(Again::Beside),
        Conflicts::Counter => None,
    }
}
