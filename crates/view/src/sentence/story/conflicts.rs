//! Writes of one key that had not seen each other, and writes that were shown before what they follow.

use super::{Told, notes};
use crate::number::things;
use engine::base::{EventId, Key, NodeId, OpId, sort};
use engine::observe::Recorder;
use engine::observe::history::Operation;
use engine::protocol::note::Resolution;
use engine::protocol::{Note, Policy};
use engine::world::Run;

/// On how many keys writes conflicted, and what became of them. What was overwritten unseen is the
/// ledger's to tell.
pub fn conflicts(run: &dyn Run<Recorder>) -> Option<Told> {
    let recorder = run.observer();
    let (mut first, mut last) = (EventId::NONE, EventId::NONE);
    let mut found: Vec<(OpId, OpId, Resolution)> = Vec::new();
    for (event, _, note) in notes(recorder.milestones()) {
        if let Note::Conflict { won, lost, by } = note {
            found.push((won.min(lost), won.max(lost), by));
            first = if first == EventId::NONE { event.id } else { first };
            last = event.id;
        }
    }
    if found.is_empty() {
        return none(run);
    }
    // Every node finds the same conflict for itself.
    let kept = |by: &Resolution| matches!(by, Resolution::KeptBoth | Resolution::FirstSite);
    let both: Vec<&(OpId, OpId, Resolution)> = found.iter().filter(|(.., by)| kept(by)).collect();
    let mut keys: Vec<Key> = both
        .iter()
        .filter_map(|(op, ..)| recorder.history().get(*op).map(Operation::key))
        .collect();
    sort(&mut keys);
    keys.dedup();
    let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    (count > 0).then(|| {
        let keys = things(count, "key");
        let text = format!(
            "{keys} had more than one value at a time: their writers had not seen each other's writes, \
             and no value was dropped."
        );
        Told::new((75, "conflicts"), text, [first, last])
    })
}

/// Nothing conflicted where all writes of a key go to one leader.
fn none(run: &dyn Run<Recorder>) -> Option<Told> {
    let Policy::Leaders(policy) = run.policy() else { return None };
    let counts = run.observer().ledger().counts();
    let sound = policy.home_leader && counts.overwritten == 0 && counts.acknowledged > 0;
    let last = run.observer().milestones().iter().next_back().map(|event| event.id);
    let text = "Every key has a home leader, and no two writes of a key conflicted.".to_owned();
    sound.then(|| Told::new((75, "no-conflict"), text, last))
}

/// How often a node showed a write before one that it follows had arrived.
pub fn early(run: &dyn Run<Recorder>) -> Option<Told> {
    let mut all: Vec<(NodeId, u32, EventId)> = Vec::new();
    for (event, node, note) in notes(run.observer().milestones()) {
        if let Note::TakenEarly { .. } = note {
            match all.iter_mut().find(|(known, ..)| *known == node) {
                Some((_, count, last)) => (*count, *last) = (*count + 1, event.id),
                None => all.push((node, 1, event.id)),
            }
        }
    }
    let (node, count, last) = all.into_iter().max_by_key(|(node, count, _)| (*count, *node))?;
    let follow = if count == 1 { "the one that it follows" } else { "those that they follow" };
    let writes = things(count, "write");
    let text = format!("{node} showed {writes} before {follow} had arrived there.");
    Some(Told::new((58, "shown-early"), text, [last]))
}
