//! The sentence about nodes that are all alike: what became of the writes, who is missing, what
//! quorums guarantee and what they do not.

use crate::engine::base::{NodeId, SimTime};
use crate::engine::observe::Recorder;
use crate::engine::observe::ledger::WriteCounts;
use crate::engine::protocol::NodeFacts;
use crate::engine::protocol::parts::Conflicts;
use crate::engine::protocol::policy::Quorums;
use crate::engine::world::{NodeStatus, Run};
use crate::view::number::{names, things};
use crate::view::types::{Sentence, Tone};

/// So long after a divergence was found it is still told of.
const RECENT_US: u64 = 3_000_000;

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, policy: &Quorums) -> Sentence {
    let ledger = run.observer().ledger();
    let counts = ledger.counts();
    let partial = ledger.partial_count();
    let mut parts = vec![saved(&counts)];
    parts.extend(gone(&counts));
    if partial > 0 {
        let were = if partial == 1 { "is" } else { "are" };
        let text = format!("{} told as saved {were} partly stored.", not_told(partial));
        parts.push((Tone::Wait, text));
    }
    let out = absent(run);
    if !out.is_empty() {
        let verb = if out.len() == 1 { "does" } else { "do" };
        parts.push((Tone::Wait, format!("{} {verb} not take part.", names(&out))));
    }
    let why = match why_gone(run, &counts) {
        Some(why) => why,
        None => mending(run).unwrap_or_else(|| guarantee(run, policy, out.len())),
    };
    Sentence { parts, why }
}

fn not_told(partial: u32) -> String {
    format!("{} that nobody was", things(partial, "write"))
}

pub(super) fn saved(counts: &WriteCounts) -> (Tone, String) {
    let WriteCounts { acknowledged, lost, overwritten, .. } = *counts;
    if acknowledged == 0 {
        return (Tone::Plain, "No write was acknowledged yet.".to_owned());
    }
    if lost + overwritten == 0 {
        let writes = things(acknowledged, "acknowledged write");
        let verb = if acknowledged == 1 { "is" } else { "are" };
        return (Tone::Good, format!("{writes} {verb} there, or replaced by a later one."));
    }
    (Tone::Plain, format!("{}.", things(acknowledged, "acknowledged write")))
}

pub(super) fn gone(counts: &WriteCounts) -> Vec<(Tone, String)> {
    let mut parts = Vec::new();
    if counts.overwritten > 0 {
        parts.push((Tone::Lost, format!("{} overwritten unseen.", counts.overwritten)));
    }
    if counts.lost > 0 {
        parts.push((Tone::Lost, format!("{} lost.", counts.lost)));
    }
    parts
}

/// Nodes that are down, paused, or that no other node hears.
pub(super) fn absent(run: &dyn Run<Recorder>) -> Vec<NodeId> {
    let all: Vec<NodeId> = (0..run.view().nodes.count()).map(NodeId).collect();
    let up = |node: NodeId| run.view().nodes.status(node) == NodeStatus::Up;
    let cut_off = |node: NodeId| {
        let mut others = all.iter().filter(|other| **other != node && up(**other)).peekable();
        others.peek().is_some() && others.all(|other| run.link(node, *other).0)
    };
    all.iter().copied().filter(|node| !up(*node) || cut_off(*node)).collect()
}

pub(super) fn why_gone(run: &dyn Run<Recorder>, counts: &WriteCounts) -> Option<String> {
    let ledger = run.observer().ledger();
    if counts.overwritten > 0 {
        let last = ledger.versions().overwritten().next_back()?;
        let (name, by) = (run.observer().name(last.op), run.observer().name(last.by));
        return Some(format!("Its client was told that {name} is saved; {}.", last.sentence(&by)));
    }
    let last = ledger.lost().next_back().filter(|_| counts.lost > 0)?;
    let name = run.observer().name(last.op);
    Some(format!("Its client was told that {name} is saved; {}.", last.why.sentence()))
}

/// What brings replicas together just now.
fn mending(run: &dyn Run<Recorder>) -> Option<String> {
    let nodes = run.view().nodes;
    let known: Vec<(NodeId, NodeFacts)> =
        (0..nodes.count()).map(NodeId).filter_map(|n| Some((n, nodes.facts(n)?))).collect();
    let kept = known.iter().filter_map(|(node, facts)| {
        let hints = facts.store.as_ref()?.hints.first()?;
        Some((*node, hints.0, hints.1))
    });
    if let Some((node, owner, count)) = kept.clone().next() {
        let versions = things(count, "version");
        return Some(format!("{node} keeps {versions} for {owner} until it answers again."));
    }
    let recent = |at: SimTime| run.now().since(at).micros() < RECENT_US;
    let differs = known.iter().find_map(|(node, facts)| {
        let compared = facts.store.as_ref()?.compared.as_ref()?;
        let found = !compared.differing.is_empty() && recent(compared.at);
        found.then_some((*node, compared.with))
    });
    let (a, b) = differs?;
    Some(format!("{a} and {b} have compared hash trees and exchange the ranges that differ."))
}

fn guarantee(run: &dyn Run<Recorder>, policy: &Quorums, out: usize) -> String {
    let Quorums { copies, reads, writes, sloppy, conflicts, repairs } = *policy;
    let copies = copies.min(run.view().nodes.count());
    let mut text = format!(
        "Each write is on the disks of {writes} of {copies} nodes when its client is told “saved”, \
         and a read asks {reads}: "
    );
    text += if sloppy && reads + writes > copies {
        "a read and a write share a node, unless another stands in for it."
    } else if reads + writes > copies {
        "a read and a write share a node, but that does not put them in one order."
    } else {
        "a read may miss a write that was acknowledged before it began."
    };
    if conflicts == Conflicts::LastWriteWins {
        text += " Of concurrent writes the one with the later stamp stays.";
    } else if !repairs && out == 0 {
        text += " Nothing brings a replica up to date that missed a write.";
    }
    text
}
