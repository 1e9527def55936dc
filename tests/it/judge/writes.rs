//! What becomes of single writes: those that were acknowledged survive, those that failed stay failed,
//! none happens twice.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::plain::{End, Ending, History, Judgement, Node, Operation, Role, Rule, Version};
use super::reigns::{Way, lost_on_the_way};

/// No write that a client was told is saved ever disappears.
pub fn survive(history: &History, archive: &Archive<'_>, end: &End) -> Judgement {
    let acknowledged = || history.operations.values().filter(|operation| operation.acknowledged());
    if acknowledged().next().is_none() {
        return Judgement::NotExercised;
    }
    if end.rule != Rule::Log {
        return survive_as_versions(history, archive, end);
    }
    let unclear = match lost_on_the_way(history, archive, end.row) {
        Way::Lost(lost) => return Judgement::Broken(lost),
        Way::Unclear(why) => Some(why),
        Way::Kept => None,
    };
    let leader = leader(end);
    let gone =
        |write: &&Operation| leader.is_some_and(|leader| !archive.stands(write.number, leader.end));
    match acknowledged().find(gone) {
        Some(write) => Judgement::Broken(format!("write {} is gone at the end", write.number)),
        None => match (unclear, leader) {
            (Some(why), _) => Judgement::Undecided(why),
            (None, None) => Judgement::NotExercised,
            (None, Some(_)) => Judgement::Holds,
        },
    }
}

/// The running leader of the highest epoch; of several the first. One that takes no writes, while a
/// running node knows of a newer epoch, leads nobody. In a row one that is left behind never does.
fn leader(end: &End) -> Option<&Node> {
    let running = || end.nodes.iter().filter(|node| node.runs);
    let newest = running().map(|node| node.epoch).max()?;
    let alone = |node: &Node| node.takes_writes && !node.paused && !end.row;
    let leads = running().filter(|node| node.role == Role::Leads);
    let leads = leads.filter(|node| node.epoch == newest || alone(node));
    leads.rev().max_by_key(|node| node.epoch)
}

/// What became of acknowledged writes where data are versions per key.
struct Versions<'a> {
    archive: &'a Archive<'a>,
    rule: Rule,
    // By version: some node holds it, or its client was told that it is saved.
    held: Vec<bool>,
    certain: Vec<bool>,
    by_key: BTreeMap<u32, Vec<usize>>,
}

fn survive_as_versions(history: &History, archive: &Archive<'_>, end: &End) -> Judgement {
    let mut held = vec![false; archive.written.len()];
    end.nodes.iter().flat_map(|node| &node.holds).for_each(|at| held[*at] = true);
    let mut by_key: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let told = |number: u32| history.operations.get(&number).is_some_and(Operation::acknowledged);
    let mut certain = held.clone();
    for (at, written) in archive.written.iter().enumerate() {
        if let Some(number) = written.operation {
            by_key.entry(written.key).or_default().push(at);
            certain[at] |= told(number);
        }
    }
    let versions = Versions { archive, rule: end.rule, held, certain, by_key };
    let mut unclear = false;
    for write in history.operations.values().filter(|operation| operation.acknowledged()) {
        match versions.survives(write) {
            Some(true) => {}
            Some(false) => {
                let gone = format!("write {} of k{} is gone", write.number, write.key);
                return Judgement::Broken(gone);
            }
            None => unclear = true,
        }
    }
    if unclear { Judgement::Undecided("which of several took its place") } else { Judgement::Holds }
}

impl Versions<'_> {
    /// Whether it is there, or replaced by what had seen it; `None`: that depends on what was held when.
    fn survives(&self, write: &Operation) -> Option<bool> {
        let (archive, own) = (self.archive, self.archive.records(write.number));
        // Who holds it at the end may have been sent it after nobody had held it.
        let held = own.iter().any(|at| self.held[*at]);
        let saw = |at: &usize| own.iter().any(|own| archive.saw(*at, *own));
        let (heirs, settled) = self.heirs(write.key, own, saw);
        let gone = !settled && !self.has_done_its_work(write.key, own);
        let unseen = heirs.iter().any(|at| !saw(at));
        let seen = heirs.iter().any(saw) || (!settled && !gone);
        match (seen, unseen || gone) {
            _ if held => (!settled || !unseen).then_some(true),
            (true, true) => None,
            (_, broken) => Some(!broken),
        }
    }

    /// Which versions may have taken its place: what is held or was acknowledged surely was somewhere,
    /// others may never have been. And whether one of them surely did.
    fn heirs(&self, key: u32, own: &[usize], saw: impl Fn(&usize) -> bool) -> (Vec<usize>, bool) {
        let all = self.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        let rank = |at: &usize| self.archive.written[*at].version.as_ref().map(Version::rank);
        let last = own.iter().filter_map(rank).max();
        let last_wins = self.rule == Rule::LastWins;
        let fits =
            |at: &&usize| !own.contains(at) && if last_wins { rank(at) > last } else { saw(at) };
        let mut heirs: Vec<usize> = all.iter().filter(fits).copied().collect();
        // In the row of stamps each takes the place of the one before it.
        if last_wins {
            heirs.sort_unstable_by_key(rank);
        }
        let first = heirs.iter().position(|at| self.certain[*at]);
        // One further on had perhaps taken its place before, where the others had not arrived yet.
        let further = heirs.split_off(first.map_or(heirs.len(), |first| first + 1));
        heirs.extend(further.into_iter().filter(|at| last_wins && saw(at)));
        (heirs, first.is_some())
    }

    /// A deletion that everybody has forgotten, and nothing that it took away is there.
    fn has_done_its_work(&self, key: u32, own: &[usize]) -> bool {
        let deletes =
            |at: &usize| self.archive.written[*at].version.as_ref().is_some_and(|v| v.deleted);
        let all = self.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        let back = |at: &usize| self.held[*at] && own.iter().any(|own| self.archive.saw(*own, *at));
        own.iter().any(deletes) && !all.iter().any(back)
    }
}

/// No write that a client was told has failed is ever seen.
pub fn stay_failed(history: &History, archive: &Archive<'_>) -> Judgement {
    let failed = |operation: &&Operation| {
        let failed = matches!(operation.ending, Ending::Failed { .. } | Ending::Unequal);
        operation.writes() && failed
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
pub fn once(history: &History, archive: &Archive<'_>, end: &End) -> Judgement {
    for (operation, records) in archive.operations() {
        for (at, first) in records.iter().enumerate() {
            for second in &records[at + 1..] {
                if twice(history, archive, end, (*first, *second)) {
                    return Judgement::Broken(format!("write {operation} at {first} and {second}"));
                }
            }
        }
    }
    if let Some(read) = told_too_much(history, end.rule) {
        return Judgement::Broken(read);
    }
    if !history.operations.values().any(Operation::writes) {
        return Judgement::NotExercised;
    }
    let mut pairs = archive.operations().flat_map(|(_, records)| {
        let each =
            move |at: usize| records[at + 1..].iter().map(move |other| (records[at], *other));
        (0..records.len()).flat_map(each)
    });
    match pairs.any(|pair| perhaps_twice(history, archive, pair)) {
        true => Judgement::Undecided("a read may be of either of two records"),
        false => Judgement::Holds,
    }
}

/// Whether two records of one log stand where a read may have been shown one behind both.
fn perhaps_twice(history: &History, archive: &Archive<'_>, (one, other): (usize, usize)) -> bool {
    let log = archive.rule == Rule::Log;
    let first = match () {
        () if !log => return false,
        () if archive.leads_to(one, other) => other,
        () if archive.leads_to(other, one) => one,
        () => return false,
    };
    let mut reads = history.operations.values().filter(|operation| operation.answered());
    reads.any(|read| {
        let spots = archive.shown(read).unwrap_or_default();
        spots.iter().any(|spot| archive.leads_to(first, *spot))
    })
}

/// A reader of a counter was told of more increments than anybody had asked for until then.
fn told_too_much(history: &History, rule: Rule) -> Option<String> {
    let all = || history.operations.values();
    let asked = |read: &Operation| {
        let before = |write: &&Operation| write.key == read.key && write.writes();
        all().filter(before).filter(|write| write.invoked.line < read.ended.line).count() as u64
    };
    let reads = all().filter(|read| rule == Rule::Counts && read.answered());
    reads
        .filter(|read| read.value.unwrap_or(0) > asked(read))
        .map(|read| {
            format!(
                "read {} is told {:?}, and {} were asked for",
                read.number,
                read.value,
                asked(read)
            )
        })
        .next()
}

/// Whether a client was told of a write, or shown a value, that stands there or further on in a log.
fn told_of(history: &History, archive: &Archive<'_>, at: usize) -> bool {
    history.operations.values().any(|operation| {
        let spots = match operation.answered() {
            true => archive.shown(operation).unwrap_or_default(),
            false if operation.acknowledged() => archive.told(operation),
            false => Vec::new(),
        };
        // Of several that it may have been, each.
        !spots.is_empty() && spots.iter().all(|spot| archive.leads_to(at, *spot))
    })
}

fn twice(history: &History, archive: &Archive<'_>, end: &End, pair: (usize, usize)) -> bool {
    let (first, second) = pair;
    let (written, rule) = (archive.written, end.rule);
    let versions = written[first].version.is_some() && written[second].version.is_some();
    if !versions {
        // Lost with its node and written once more at the same place, it happened once.
        let again = |one, other| archive.leads_to(one, other) && told_of(history, archive, other);
        let two = written[first].position != written[second].position;
        return two && (again(first, second) || again(second, first));
    }
    if rule == Rule::Counts {
        let counts = |at: usize| !written[at].numbered;
        let both = |node: &Node| node.holds.contains(&first) && node.holds.contains(&second);
        return counts(first) && counts(second) && end.nodes.iter().any(both);
    }
    // By stamps alone the second wins, though it is the same write.
    if rule != Rule::LastWins && archive.are_one(first, second) {
        return false;
    }
    let others = (0..written.len()).filter(|other| {
        let other = &written[*other];
        other.key == written[first].key
            && other.operation.is_some()
            && other.operation != written[first].operation
    });
    let mut others = others.collect::<Vec<usize>>().into_iter();
    others.any(|other| {
        let told = written[other].operation.and_then(|op| history.operations.get(&op));
        let told = told.is_some_and(Operation::acknowledged);
        let comes_back = |first, again| {
            let how = (told, again_over(archive, again, other));
            replaced(archive, other, (first, again))
                && matches!(how, (_, Over::Instead) | (true, Over::Beside))
        };
        comes_back(first, second) || comes_back(second, first)
    })
}

/// Whether another's write had replaced the first version, and not seen the second.
fn replaced(archive: &Archive<'_>, other: usize, (first, again): (usize, usize)) -> bool {
    let saw = |at| match archive.rule {
        Rule::LastWins => archive.saw_itself(other, at),
        _ => archive.saw(other, at),
    };
    saw(first) && !saw(again)
}

/// What a version does to another's.
enum Over {
    /// It takes its place.
    Instead,
    /// It stands beside it.
    Beside,
    Nothing,
}

/// What a second version of a write does to the one that had replaced the first.
fn again_over(archive: &Archive<'_>, again: usize, other: usize) -> Over {
    let version = |at: usize| archive.written[at].version.as_ref();
    let Some((mine, theirs)) = version(again).zip(version(other)) else { return Over::Nothing };
    let saw = archive.saw(again, other);
    match archive.rule {
        Rule::LastWins if mine.rank() > theirs.rank() => Over::Instead,
        Rule::LastWins => Over::Nothing,
        // Only a removal takes anything away from a set, and only an addition comes back to it.
        Rule::Set if mine.deleted == theirs.deleted => Over::Nothing,
        Rule::Set if mine.deleted && !saw => Over::Nothing,
        Rule::Set if mine.deleted => Over::Instead,
        Rule::Set => Over::Beside,
        _ if saw => Over::Instead,
        // Nobody is shown a deletion beside a value.
        _ if mine.deleted => Over::Nothing,
        _ => Over::Beside,
    }
}
