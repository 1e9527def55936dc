//! What becomes of single writes: those that were acknowledged survive, those that failed stay failed,
//! none happens twice.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::plain::{End, Ending, History, Judgement, Operation, Role, Rule};

/// No write that a client was told is saved ever disappears.
pub fn survive(history: &History, archive: &Archive<'_>, end: &End) -> Judgement {
    let acknowledged = || history.operations.values().filter(|operation| operation.acknowledged());
    if acknowledged().next().is_none() {
        return Judgement::NotExercised;
    }
    if end.rule != Rule::Log {
        return survive_as_versions(acknowledged(), archive, end);
    }
    if let Some(lost) = lost_on_the_way(history, archive) {
        return Judgement::Broken(lost);
    }
    let leads = end.nodes.iter().filter(|node| node.runs && node.role == Role::Leads);
    let Some(leader) = leads.max_by_key(|node| node.epoch) else {
        return Judgement::Undecided("nobody leads at the end");
    };
    match acknowledged().find(|write| !archive.stands(write.number, leader.end)) {
        Some(write) => Judgement::Broken(format!("write {} is gone at the end", write.number)),
        None => Judgement::Holds,
    }
}

/// A write that was acknowledged while another leader of a higher epoch was there, or that the next
/// leader began without.
fn lost_on_the_way(history: &History, archive: &Archive<'_>) -> Option<String> {
    // The last record of each epoch's log, and of the log that its leader began with.
    let mut opened: BTreeMap<u32, usize> = BTreeMap::new();
    let mut last: BTreeMap<u32, usize> = BTreeMap::new();
    let leads = history.marks.iter().filter(|mark| mark.what == "leads");
    let begun: BTreeSet<u32> = leads.map(|mark| mark.epoch).collect();
    for (at, written) in archive.written.iter().enumerate() {
        opened.entry(written.epoch).or_insert(at);
        // A chain changes its epoch under the same head.
        let epoch = begun.range(..=written.epoch).next_back();
        last.insert(epoch.copied().unwrap_or(written.epoch), at);
    }
    let mut acknowledged: Vec<(u32, u32)> = history
        .operations
        .values()
        .filter(|operation| operation.acknowledged())
        .map(|operation| (operation.ended.line, operation.number))
        .collect();
    acknowledged.sort_unstable();
    let mut leaders: BTreeMap<u32, &str> = BTreeMap::new();
    let mut told = 0;
    for mark in &history.marks {
        while let Some((line, write)) =
            acknowledged.get(told).filter(|(line, _)| *line < mark.at.line)
        {
            told += 1;
            let leader = leaders.last_key_value().and_then(|(epoch, _)| last.get(epoch));
            if leader.is_some_and(|end| !archive.stands(*write, Some(*end))) {
                return Some(format!("write {write} is not with the leader, line {line}"));
            }
        }
        match mark.what.as_str() {
            "leads" => {
                leaders.insert(mark.epoch, &mark.whom);
                let newest = leaders.last_key_value().map(|(epoch, _)| *epoch);
                let Some(first) = opened.get(&mark.epoch).filter(|_| newest == Some(mark.epoch))
                else {
                    continue;
                };
                let with = archive.written[*first].parent;
                let begun_with = archive.written[*first].position == mark.position + 1;
                let gone =
                    acknowledged[..told].iter().find(|(_, write)| !archive.stands(*write, with));
                if let Some((_, write)) = gone.filter(|_| begun_with) {
                    return Some(format!(
                        "{} begins epoch {} without write {write}",
                        mark.whom, mark.epoch
                    ));
                }
            }
            "steps-down" | "crash" | "power-off" => {
                leaders.retain(|_, leader| *leader != mark.whom);
            }
            _ => {}
        }
    }
    None
}

fn survive_as_versions<'a>(
    acknowledged: impl Iterator<Item = &'a Operation>,
    archive: &Archive<'_>,
    end: &End,
) -> Judgement {
    let mut held = vec![false; archive.written.len()];
    end.nodes.iter().flat_map(|node| &node.holds).for_each(|at| held[*at] = true);
    let mut by_key: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, written) in archive.written.iter().enumerate() {
        if written.operation.is_some() {
            by_key.entry(written.key).or_default().push(at);
        }
    }
    let mut unclear = false;
    for write in acknowledged {
        let own = archive.records(write.number);
        if own.iter().any(|at| held[*at]) {
            continue;
        }
        let version = |at: usize| archive.written[at].version.as_ref();
        let others = by_key.get(&write.key).map_or(&[][..], Vec::as_slice);
        let others = || others.iter().copied().filter(|at| !own.contains(at));
        let dots = || own.iter().filter_map(|at| version(*at));
        let saw = |at: usize| dots().any(|own| version(at).is_some_and(|other| other.saw(own.dot)));
        let later =
            |at: usize| dots().any(|own| version(at).is_some_and(|v| v.rank() > own.rank()));
        let superseded = others().any(saw);
        let preferred = end.rule == Rule::LastWins && others().any(|at| !saw(at) && later(at));
        match (superseded, preferred) {
            (true, false) => {}
            (true, true) => unclear = true,
            (false, _) => {
                return Judgement::Broken(format!(
                    "write {} of k{} is gone",
                    write.number, write.key
                ));
            }
        }
    }
    if unclear { Judgement::Undecided("which of two took its place") } else { Judgement::Holds }
}

/// No write that a client was told has failed is ever seen.
pub fn stay_failed(history: &History, archive: &Archive<'_>) -> Judgement {
    let failed = |operation: &&Operation| {
        operation.writes() && matches!(operation.ending, Ending::Failed { .. })
    };
    let failed: BTreeMap<u32, u32> = history
        .operations
        .values()
        .filter(failed)
        .map(|operation| (operation.number, operation.ended.line))
        .collect();
    if failed.is_empty() {
        return Judgement::NotExercised;
    }
    for read in history.operations.values().filter(|operation| operation.answered()) {
        for at in archive.shown(read).into_iter().flatten() {
            let Some(write) = archive.written[at].operation else { continue };
            if failed.get(&write).is_some_and(|line| *line < read.ended.line) {
                return Judgement::Broken(format!(
                    "read {} shows failed write {write}",
                    read.number
                ));
            }
        }
    }
    Judgement::Holds
}

/// No client's write takes effect twice.
pub fn once(history: &History, archive: &Archive<'_>, rule: Rule) -> Judgement {
    for (operation, records) in archive.operations() {
        for (at, first) in records.iter().enumerate() {
            for second in &records[at + 1..] {
                if twice(archive, rule, *first, *second) {
                    return Judgement::Broken(format!("write {operation} at {first} and {second}"));
                }
            }
        }
    }
    let wrote = history.operations.values().any(Operation::writes);
    if wrote { Judgement::Holds } else { Judgement::NotExercised }
}

fn twice(archive: &Archive<'_>, rule: Rule, first: usize, second: usize) -> bool {
    let written = archive.written;
    let Some((a, b)) = written[first].version.as_ref().zip(written[second].version.as_ref()) else {
        return archive.leads_to(first, second) || archive.leads_to(second, first);
    };
    if rule == Rule::Counts {
        return a.dot != b.dot;
    }
    let others = written.iter().filter(|other| {
        other.key == written[first].key
            && other.operation.is_some()
            && other.operation != written[first].operation
    });
    others.filter_map(|other| other.version.as_ref()).any(|other| {
        let between = |one: &super::plain::Version, again: &super::plain::Version| {
            let replaced =
                again.saw(other.dot) || rule == Rule::LastWins && again.rank() > other.rank();
            other.saw(one.dot) && replaced
        };
        between(a, b) || between(b, a)
    })
}
