//! The sentence about nodes that are all alike: what became of the writes, who is missing, what
//! quorums guarantee and what they do not.

use super::{Outages, Parted};
use crate::engine::base::{NodeId, SimTime};
use crate::engine::observe::Recorder;
use crate::engine::observe::ledger::WriteCounts;
use crate::engine::observe::metric::Stretch;
use crate::engine::protocol::NodeFacts;
use crate::engine::protocol::parts::Conflicts;
use crate::engine::protocol::policy::Quorums;
use crate::engine::world::Run;
use crate::view::number::{agree, count, things, things_do};
use crate::view::types::{Reason, Sentence, Tone};

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
        let are = agree(partial, "is", "are");
        let text = format!("{} told as saved {are} partly stored.", not_told(partial));
        parts.push((Tone::Wait, text));
    }
    let parted = Parted::of(run);
    parts.extend(parted.sentences().into_iter().map(|line| (Tone::Wait, line)));
    let (why, mut reasons) = match why_gone(run, &counts) {
        Some((why, reason)) => (why, vec![reason]),
        None => {
            let why = mending(run).unwrap_or_else(|| guarantee(run, policy, parted.is_whole()));
            (why, Vec::new())
        }
    };
    let why = with_outages(run, why, &mut reasons);
    Sentence { parts, why, reasons }
}

/// The second line, with what clients saw of times without service, if that is over.
pub(super) fn with_outages(
    run: &dyn Run<Recorder>,
    mut why: String,
    reasons: &mut Vec<Reason>,
) -> String {
    if let Some(outages) = Outages::of(run).filter(|_| lasting(run).is_none()) {
        why += " ";
        why += &outages.sentence();
        reasons.push(outages.reason());
    }
    why
}

fn lasting(run: &dyn Run<Recorder>) -> Option<Stretch> {
    run.observer().write_availability().lasting(run.now())
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
        let are = things_do(acknowledged, "acknowledged write", "is", "are");
        return (Tone::Good, format!("{are} there, or replaced by a later one."));
    }
    (Tone::Plain, format!("{}.", things(acknowledged, "acknowledged write")))
}

pub(super) fn gone(counts: &WriteCounts) -> Vec<(Tone, String)> {
    let mut parts = Vec::new();
    if counts.overwritten > 0 {
        let number = count(counts.overwritten.into());
        parts.push((Tone::Lost, format!("{number} overwritten unseen.")));
    }
    if counts.lost > 0 {
        parts.push((Tone::Lost, format!("{} lost.", count(counts.lost.into()))));
    }
    parts
}

pub(super) fn why_gone(run: &dyn Run<Recorder>, counts: &WriteCounts) -> Option<(String, Reason)> {
    let ledger = run.observer().ledger();
    if counts.overwritten > 0 {
        let last = ledger.versions().overwritten().next_back()?;
        let (name, by) = (run.observer().name(last.op), run.observer().name(last.by));
        let text = format!("Its client was told that {name} is saved; {}.", last.sentence(&by));
        let events = last.events(run.observer().history());
        return Some((text, Reason::of("overwritten-unseen", events)));
    }
    let last = ledger.lost().next_back().filter(|_| counts.lost > 0)?;
    let name = run.observer().name(last.op);
    let text = format!("Its client was told that {name} is saved; {}.", last.why.sentence());
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
