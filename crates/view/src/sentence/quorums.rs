//! The sentence about nodes that are all alike: what became of the writes, who is missing, what
//! quorums guarantee and what they do not.

use super::{Outages, Parted, Told};
use crate::number::{agree, count, things, things_do};
use crate::stage::store::differ;
use crate::types::{Reason, Sentence, Tone};
use engine::base::{NodeId, NodeSet, OpId, SimTime};
use engine::observe::Recorder;
use engine::observe::ledger::{Ledger, WriteCounts};
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
    let mut parts = saved(ledger, policy.conflicts);
    if partial > 0 {
        let are = things_do(partial, "write", "is", "are");
        let told = agree(partial, "its client was", "their clients were");
        let text = format!("{are} stored, though {told} not told “saved”.");
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

/// "All 30 acknowledged writes count: …", or that some are gone or out of reach.
pub(super) fn saved(ledger: &Ledger, conflicts: Conflicts) -> Vec<(Tone, String)> {
    let away = u32::try_from(ledger.out_of_reach().len()).unwrap_or(u32::MAX);
    let counts = ledger.counts();
    let WriteCounts { acknowledged, lost, overwritten, .. } = counts;
    if acknowledged == 0 {
        return vec![(Tone::Plain, "No write was acknowledged yet.".to_owned())];
    }
    if lost + overwritten + away > 0 {
        let mut parts =
            vec![(Tone::Plain, format!("{} acknowledged.", things(acknowledged, "write")))];
        parts.extend(gone(&counts));
        if away > 0 {
            let (number, are) = of_them(away, "is", "are");
            parts.push((Tone::Lost, format!("{number} {are} on no running node.")));
        }
        return parts;
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
    vec![(Tone::Good, text)]
}

fn gone(counts: &WriteCounts) -> Vec<(Tone, String)> {
    let mut parts = Vec::new();
    if counts.overwritten > 0 {
        let (number, were) = of_them(counts.overwritten, "was", "were");
        parts.push((Tone::Lost, format!("{number} {were} overwritten unseen.")));
    }
    if counts.lost > 0 {
        let (number, are) = of_them(counts.lost, "is", "are");
        parts.push((Tone::Lost, format!("{number} {are} lost.")));
    }
    parts
}

/// "5 of them were", "1 of them was"
fn of_them(number: u32, one: &'static str, many: &'static str) -> (String, &'static str) {
    (format!("{} of them", count(number.into())), agree(number, one, many))
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
    if let Some(kept) = kept_for_others(&known) {
        return Some(kept);
    }
    let recent = |at: SimTime| run.now().since(at).micros() < RECENT_US;
    let differs = known.iter().find_map(|(node, facts)| {
        let compared = facts.store.as_ref()?.compared.as_ref()?;
        let found = !compared.differing.is_empty() && recent(compared.at);
        let found = found && differ(run, *node, compared.with);
        found.then_some((*node, compared.with))
    });
    let (a, b) = differs?;
    Some(format!("{a} and {b} have compared hash trees and exchange the ranges that differ."))
}

/// "n1, n4 and n5 keep 101 versions for n2 and n3 until they can hand them over."
fn kept_for_others(known: &[(NodeId, NodeFacts)]) -> Option<String> {
    let (mut keepers, mut owners, mut versions) = (NodeSet::default(), NodeSet::default(), 0);
    for (node, facts) in known {
        for (owner, _) in facts.store.iter().flat_map(|store| &store.hints) {
            keepers.insert(*node);
            owners.insert(*owner);
            versions += 1;
        }
    }
    let they = if keepers.len() == 1 { "it" } else { "they" };
    let them = agree(versions, "it", "them");
    let keep = agree(keepers.len(), "keeps", "keep");
    (versions > 0).then(|| {
        format!(
            "{} {keep} {} for {} until {they} can hand {them} over.",
            keepers.names("and"),
            things(versions, "version"),
            owners.names("and"),
        )
    })
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
