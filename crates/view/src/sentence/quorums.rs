//! The sentence about nodes that are all alike: what became of the writes, who is missing, what
//! quorums guarantee and what they do not.

use super::{Outages, Parted, Told};
use crate::number::{agree, count, things, things_do};
use crate::types::{Reason, Sentence, Tone};
use engine::base::{NodeId, OpId, SimTime};
use engine::observe::Recorder;
use engine::observe::ledger::WriteCounts;
use engine::observe::metric::Outage;
use engine::protocol::NodeFacts;
use engine::protocol::parts::Conflicts;
use engine::protocol::policy::Quorums;
use engine::world::Run;

/// So long after a divergence was found it is still told of.
const RECENT_US: u64 = 3_000_000;

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, policy: &Quorums) -> Sentence {
    let ledger = run.observer().ledger();
    let counts = ledger.counts();
    let partial = ledger.partial_count();
    let mut parts = vec![saved(&counts, policy.conflicts)];
    parts.extend(gone(&counts));
    if partial > 0 {
        let are = things_do(partial, "write", "is", "are");
        let told = agree(partial, "its client was", "their clients were");
        let text = format!("{are} stored in part, though {told} not told “saved”.");
        parts.push((Tone::Wait, text));
    }
    let parted = Parted::of(run);
    parts.extend(parted.sentences().into_iter().map(|line| (Tone::Wait, line)));
    let rule = guarantee(run, policy, parted.is_whole());
    let (why, reasons) = second_line(run, &counts, mending(run), rule);
    Sentence { parts, why, reasons }
}

/// So many sentences say why, at most.
const MOST: usize = 3;

/// Why something is gone, or what goes on, or what happened and is over, or where nothing has happened
/// yet what the settings guarantee; and what clients saw of times without service.
pub(super) fn second_line(
    run: &dyn Run<Recorder>,
    counts: &WriteCounts,
    now: Option<String>,
    guarantee: String,
) -> (String, Vec<Reason>) {
    let (mut why, mut reasons) = (Vec::new(), Vec::new());
    if let Some((text, reason)) = why_gone(run, counts) {
        (why, reasons) = (vec![text], vec![reason]);
    } else {
        why.extend(now);
    }
    let stories = super::story::stories(run);
    if why.is_empty() && stories.is_empty() {
        why.push(guarantee);
    }
    let outage = match lasting(run) {
        Some(lasting) => Some(Told::lasting(&lasting)),
        None => Outages::of(run).map(|outages| outages.told("")),
    };
    super::story::add(stories.into_iter().chain(outage), &mut why, &mut reasons, MOST);
    (why.join(" "), reasons)
}

fn lasting(run: &dyn Run<Recorder>) -> Option<Outage> {
    run.observer().write_availability().lasting(run.now())
}

/// "All 30 acknowledged writes count: …"
pub(super) fn saved(counts: &WriteCounts, conflicts: Conflicts) -> (Tone, String) {
    let WriteCounts { acknowledged, lost, overwritten, .. } = *counts;
    if acknowledged == 0 {
        return (Tone::Plain, "No write was acknowledged yet.".to_owned());
    }
    if lost + overwritten > 0 {
        return (Tone::Plain, format!("{} acknowledged.", things(acknowledged, "write")));
    }
    let adds = conflicts == Conflicts::Counter;
    let text = match (acknowledged, adds) {
        (1, true) => "The one acknowledged addition counts.".to_owned(),
        (n, true) => format!("All {} acknowledged additions count.", count(n.into())),
        (1, false) => "The one acknowledged write counts: it is stored.".to_owned(),
        (n, false) => format!(
            "All {} acknowledged writes count: each is stored, or a later write of the same key \
             replaced it.",
            count(n.into())
        ),
    };
    (Tone::Good, text)
}

pub(super) fn gone(counts: &WriteCounts) -> Vec<(Tone, String)> {
    let mut parts = Vec::new();
    if counts.overwritten > 0 {
        let (number, were) = of_them(counts.overwritten);
        parts.push((Tone::Lost, format!("{number} {were} overwritten unseen.")));
    }
    if counts.lost > 0 {
        let (number, are) = of_them(counts.lost);
        let are = are.replace("were", "are").replace("was", "is");
        parts.push((Tone::Lost, format!("{number} {are} lost.")));
    }
    parts
}

/// "5 of them were", "1 of them was"
fn of_them(number: u32) -> (String, &'static str) {
    (format!("{} of them", count(number.into())), agree(number, "was", "were"))
}

/// "c2 was told that k1 = 29 was saved", "c2 was told that k2 was deleted"
fn was_told(run: &dyn Run<Recorder>, op: OpId) -> String {
    let name = run.observer().name(op);
    let client =
        run.observer().history().get(op).map_or_else(String::new, |o| o.client.to_string());
    match name.strip_prefix("delete ") {
        Some(key) => format!("{client} was told that {key} was deleted"),
        None => format!("{client} was told that {name} was saved"),
    }
}

pub(super) fn why_gone(run: &dyn Run<Recorder>, counts: &WriteCounts) -> Option<(String, Reason)> {
    let ledger = run.observer().ledger();
    if counts.overwritten > 0 {
        let last = ledger.versions().overwritten().next_back()?;
        let by = run.observer().name(last.by);
        let text = format!("{}; {}.", was_told(run, last.op), last.sentence(&by));
        let events = last.events(run.observer().history());
        return Some((text, Reason::of("overwritten-unseen", events)));
    }
    let last = ledger.lost().next_back().filter(|_| counts.lost > 0)?;
    let text = format!("{}; {}.", was_told(run, last.op), last.why.sentence());
    Some((text, Reason::of(last.why.reason.kind(), last.why.events())))
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

fn guarantee(run: &dyn Run<Recorder>, policy: &Quorums, whole: bool) -> String {
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
    } else if !repairs && whole {
        text += " Nothing brings a replica up to date that missed a write.";
    }
    text
}
