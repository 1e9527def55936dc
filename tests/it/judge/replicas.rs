//! What replicas are to each other: they agree on what is committed, end up equal, and their accounts
//! add up.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::plain::{End, Ending, Function, History, Judgement, Node, Role, Rule};

/// After so long without a write or a fault everybody shall be equal, in microseconds.
const SETTLED: u64 = 10_000_000;

/// What an account is opened with.
const OPENING: u64 = 100;

/// Two nodes never hold different records at a position that both call committed.
///
/// Of the past the history tells only what was acknowledged or read, and so had been called committed.
/// Where all that stands in one log there never was anything to disagree on.
pub fn agree(history: &History, archive: &Archive<'_>, end: &End) -> Judgement {
    if end.rule != Rule::Log {
        return Judgement::NotExercised;
    }
    let running = || end.nodes.iter().filter(|node| node.runs);
    let mut tips: Vec<usize> = running().filter_map(|node| node.committed).collect();
    let both = tips.len() > 1;
    let parted = |a: usize, b: usize| !archive.leads_to(a, b) && !archive.leads_to(b, a);
    for (at, one) in tips.iter().enumerate() {
        if let Some(other) = tips[at + 1..].iter().find(|other| parted(*one, **other)) {
            return Judgement::Broken(format!("records {one} and {other} at the end"));
        }
    }
    if let Some(apart) = told_apart(history, archive).filter(|_| !end.row) {
        return Judgement::Broken(apart);
    }
    for operation in history.operations.values() {
        if operation.acknowledged() {
            tips.extend(archive.told(operation));
        } else if operation.answered() {
            tips.extend(archive.shown(operation).into_iter().flatten());
        }
    }
    tips.sort_unstable_by_key(|at| (archive.depth(*at), *at));
    tips.dedup();
    if !tips.windows(2).all(|pair| archive.leads_to(pair[0], pair[1])) {
        return Judgement::Undecided("logs parted, and nobody polled what was called committed");
    }
    if archive.shares_an_epoch() {
        return Judgement::Undecided("two led in one epoch, and nobody polled what they committed");
    }
    if rewritten(archive, tips.last().copied()) {
        return Judgement::Undecided(
            "a log was rewritten, and nobody polled what its writer had committed",
        );
    }
    match (both, tips.is_empty()) {
        (true, _) => Judgement::Holds,
        (false, true) => Judgement::NotExercised,
        (false, false) => Judgement::Undecided("fewer than two nodes are left to ask"),
    }
}

/// Whether another record was ever written where the log that was told of has one: without a word to
/// anybody its writer may have called that committed, too.
fn rewritten(archive: &Archive<'_>, tip: Option<usize>) -> bool {
    let Some(tip) = tip else { return false };
    let on_the_way = |at: &usize| archive.leads_to(*at, tip);
    let stands: BTreeSet<u32> =
        (0..=tip).filter(on_the_way).map(|at| archive.written[at].position).collect();
    (0..archive.written.len())
        .filter(|at| !on_the_way(at))
        .any(|at| stands.contains(&archive.written[at].position))
}

/// Two leaders at one time that had told clients of different records at one position. Who acknowledges a
/// write calls it committed, and goes on holding it while it leads.
fn told_apart(history: &History, archive: &Archive<'_>) -> Option<String> {
    let mut claims: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in &history.marks {
        match mark.what.as_str() {
            "steps-down" | "crash" | "power-off" => {
                claims.remove(mark.whom.as_str());
            }
            "answered" if !mark.refused => {
                let at = |record: &&usize| {
                    let written = &archive.written[**record];
                    written.position == mark.position && written.epoch == mark.epoch
                };
                let own: Vec<usize> =
                    archive.records(mark.operation).iter().filter(at).copied().collect();
                let [own] = own[..] else { continue };
                claims.insert(&mark.whom, own);
                let parted = |other: &usize| {
                    !archive.leads_to(*other, own) && !archive.leads_to(own, *other)
                };
                if let Some((whom, other)) = claims.iter().find(|(_, other)| parted(other)) {
                    let me = &mark.whom;
                    return Some(format!("{me} told of record {own}, {whom} of {other}"));
                }
            }
            _ => {}
        }
    }
    None
}

/// When faults have stopped for long enough, all replicas hold the same data.
pub fn converge(history: &History, end: &End) -> Judgement {
    let replicas: Vec<&Node> = end.nodes.iter().filter(|node| node.role != Role::Service).collect();
    let wrote = history.operations.values().any(|operation| operation.writes());
    if !wrote || end.cut || replicas.iter().any(|node| !node.runs || node.paused) {
        return Judgement::NotExercised;
    }
    if equal(&replicas, end) {
        return Judgement::Holds;
    }
    let ends = |ending: Ending, at: u64| if ending == Ending::Open { 0 } else { at };
    let marked = history.marks.iter().filter(|mark| {
        let started = mark.what == "start" && mark.at.time == 0;
        !started && !matches!(mark.what.as_str(), "leads" | "steps-down")
    });
    let mut times: Vec<u64> = marked.map(|mark| mark.at.time).collect();
    let writes = history.operations.values().filter(|operation| operation.writes());
    times.extend(writes.flat_map(|op| [op.invoked.time, ends(op.ending, op.ended.time)]));
    times.push(end.now);
    times.sort_unstable();
    // How the nodes were left in between is not told.
    let rested = |pair: &[u64]| pair[1] >= pair[0] + SETTLED;
    let recent = times.windows(2).next_back().is_none_or(|pair| !rested(pair));
    if recent && times.windows(2).any(rested) {
        return Judgement::Undecided(
            "nothing happened for a while before, and nobody polled what differed",
        );
    }
    if recent {
        return Judgement::NotExercised;
    }
    if end.under_way > 0 || end.now < end.arrived.unwrap_or(0) + SETTLED {
        return Judgement::Undecided(
            "data go to and fro, and nobody polled whether anything came of it",
        );
    }
    if end.now < end.arrived.unwrap_or(0) + 2 * SETTLED {
        return Judgement::Undecided("a replica may still be getting on");
    }
    Judgement::Broken("they differ, and nothing is under way".to_owned())
}

fn equal(replicas: &[&Node], end: &End) -> bool {
    if end.rule == Rule::Log {
        return replicas.windows(2).all(|pair| pair[0].data == pair[1].data);
    }
    // Whether one remembers a deletion that another has forgotten makes no difference to anybody.
    let is_value = |at: &&usize| end.archive[**at].version.as_ref().is_some_and(|v| !v.deleted);
    end.holders.iter().all(|(key, holders)| {
        let held = holders.iter().filter_map(|node| end.nodes.get(*node));
        let held = held.map(|node| node.stored.get(key).map_or(&[][..], Vec::as_slice));
        let mut held = held.map(|stored| stored.iter().filter(is_value).collect::<Vec<_>>());
        let first = held.next();
        held.all(|stored| Some(stored) == first)
    })
}

/// The total of all accounts holds.
pub fn totals(history: &History, end: &End) -> Judgement {
    let all = || history.operations.values();
    let sets = all()
        .any(|operation| matches!(operation.function, Function::Write | Function::Swap { .. }));
    if sets || !all().any(|operation| operation.function == Function::Transfer) {
        return Judgement::NotExercised;
    }
    let shows = end.nodes.iter().filter(|node| node.runs && node.role != Role::Copies);
    let mut shows = shows.filter_map(|node| node.accounts).peekable();
    if shows.peek().is_none() {
        return Judgement::NotExercised;
    }
    match shows.find(|(rows, total)| rows * OPENING != *total) {
        Some((rows, total)) => Judgement::Broken(format!("{total} in {rows} accounts")),
        None => Judgement::Holds,
    }
}
