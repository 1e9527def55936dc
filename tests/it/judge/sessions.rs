//! What readers take for granted, from the definitions of Terry et al., *Session guarantees for weakly
//! consistent replicated data* (1994): each read against what its client, or anybody, had been told
//! before it began, whatever became of that later.

use std::collections::BTreeMap;

use super::archive::{Archive, Older};
use super::plain::{History, Judgement, Operation, Rule};

/// The four, judged together: fresh reads, own writes, no going back, causes before effects.
pub struct Sessions {
    pub fresh: Judgement,
    pub own: Judgement,
    pub monotonic: Judgement,
    pub prefix: Judgement,
}

/// A read that was answered, and what it showed.
struct Sight<'a> {
    read: &'a Operation,
    shown: Option<Vec<usize>>,
}

pub fn judge(history: &History, archive: &Archive<'_>) -> Sessions {
    let older = Older::of(archive, history);
    let all = history.operations.values();
    let mut writes: BTreeMap<u32, Vec<(&Operation, Vec<usize>)>> = BTreeMap::new();
    for write in all.clone().filter(|operation| operation.acknowledged()) {
        let told = archive.told(write);
        let keys = told.iter().flat_map(|at| [Some(write.key), archive.written[*at].to]);
        let mut keys: Vec<u32> = keys.flatten().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.iter().for_each(|key| writes.entry(*key).or_default().push((write, told.clone())));
    }
    let sights: Vec<Sight<'_>> = all
        .filter(|operation| operation.answered())
        .map(|read| Sight { read, shown: archive.shown(read) })
        .collect();
    let mut by_client: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, sight) in sights.iter().enumerate() {
        by_client.entry(&sight.read.client).or_default().push(at);
    }
    let mut first: [Option<String>; 4] = [None, None, None, None];
    for sight in &sights {
        let mut broken = |which: usize, what: String| {
            first[which].get_or_insert(what);
        };
        let read = sight.read;
        let missed: Vec<&(&Operation, Vec<usize>)> = writes
            .get(&read.key)
            .into_iter()
            .flatten()
            .filter(|(write, _)| write.before(read))
            .filter(|(_, told)| older.than(read, sight.shown.as_deref(), told))
            .collect();
        if let Some((write, _)) = missed.first() {
            broken(0, lacks(read, write));
        }
        if let Some((write, _)) = missed.iter().find(|(write, _)| write.client == read.client) {
            broken(1, lacks(read, write));
        }
        let own = &by_client[read.client.as_str()];
        let earlier = own.iter().map(|at| &sights[*at]).filter(|other| other.read.before(read));
        for other in earlier {
            if other.read.key == read.key && goes_back(&older, sight, other) {
                broken(2, format!("{} after {}", name(read), name(other.read)));
            }
            let effect = |(_, cause): &&&(&Operation, Vec<usize>)| {
                let shown = other.shown.as_deref().unwrap_or(&[]);
                let stands = |cause: &usize| shown.iter().all(|at| archive.leads_to(*cause, *at));
                !shown.is_empty() && !cause.is_empty() && cause.iter().all(stands)
            };
            let log = archive.rule == Rule::Log && other.read.key != read.key;
            if let Some((write, _)) = missed.iter().filter(|_| log).find(effect) {
                broken(3, format!("{} after {}", lacks(read, write), name(other.read)));
            }
        }
    }
    let any = !sights.is_empty();
    let verdict = |broken: Option<String>, exercised: bool| match broken {
        _ if !exercised => Judgement::NotExercised,
        Some(what) => Judgement::Broken(what),
        None => Judgement::Holds,
    };
    let [fresh, own, monotonic, prefix] = first;
    Sessions {
        fresh: verdict(fresh, any),
        own: verdict(own, any),
        monotonic: verdict(monotonic, any),
        prefix: verdict(prefix, any && archive.rule == Rule::Log),
    }
}

/// A read shows something older than an earlier one of its client did.
fn goes_back(older: &Older<'_>, later: &Sight<'_>, earlier: &Sight<'_>) -> bool {
    let Some(before) = &earlier.shown else { return false };
    let shown = later.shown.as_deref();
    if older.follows_a_log() {
        return shown != Some(before) && older.than(later.read, shown, before);
    }
    before.iter().any(|before| older.than(later.read, shown, &[*before]))
}

fn name(read: &Operation) -> String {
    format!("read {} by {} of k{} at {}", read.number, read.client, read.key, read.position)
}

fn lacks(read: &Operation, write: &Operation) -> String {
    format!("{} lacks write {} at {}", name(read), write.number, write.position)
}
