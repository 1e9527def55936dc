//! Which of the promises that a scenario is about are broken, and what that was to its clients: counts
//! from the records that the audits judge by. While one is broken, nothing in the sentence is green.

use super::order::no_single_order;
use crate::number::{names, span, things, things_do};
use crate::types::{Sentence, Tone};
use crate::verdicts::clause_as_sentence;
use engine::base::NodeId;
use engine::observe::audit::{Case, wrong_total};
use engine::observe::{Anomaly, Recorder, Verdict, Witness};
use engine::protocol::policy::Quorums;
use engine::protocol::{Policy, Promise, Shape};
use engine::world::Run;

/// Reads that a client can take amiss: the promise, the anomaly, one read, several.
const READS: &[(Promise, Anomaly, &str, &str)] = &[
    (Promise::FreshReads, Anomaly::Stale, "showed the past", "showed the past"),
    (
        Promise::ReadYourWrites,
        Anomaly::OwnWriteMissing,
        "missed what its own client had saved",
        "missed what their own client had saved",
    ),
    (Promise::MonotonicReads, Anomaly::BackInTime, "went back in time", "went back in time"),
    (
        Promise::ConsistentPrefix,
        Anomaly::OutOfOrder,
        "showed an effect without its cause",
        "showed an effect without its cause",
    ),
];

/// What a promise comes to that was kept by every read.
const fn kept(promise: Promise) -> Option<&'static str> {
    Some(match promise {
        Promise::ReadYourWrites => "No client missed its own writes.",
        Promise::MonotonicReads => "No read went back in time.",
        _ => return None,
    })
}

/// Puts the broken promises among these into the large line; `about` none: all promises.
pub fn judge(sentence: &mut Sentence, run: &dyn Run<Recorder>, about: &[Promise]) {
    let is_about = |promise: Promise| about.is_empty() || about.contains(&promise);
    let mut lost = Vec::new();
    let mut broken = false;
    for promise in [Promise::AcknowledgedWritesSurvive, Promise::OneLeader] {
        if let Some(text) = leading(run, promise).filter(|_| is_about(promise)) {
            broken = true;
            lost.push(text);
        }
    }
    let (reads, bad) = reads(run, about);
    broken |= bad;
    let asked = about.iter().any(|promise| READS.iter().any(|(known, ..)| known == promise));
    if asked || bad {
        let judged = run.observer().sessions().reads() > 0;
        let all_kept = about.iter().filter(|promise| judged && !counted(run, **promise));
        let all_kept =
            all_kept.filter_map(|promise| Some((Tone::Good, kept(*promise)?.to_owned())));
        sentence.parts.extend(all_kept);
        let tone = if bad { Tone::Lost } else { Tone::Plain };
        sentence.parts.extend(reads.map(|text| (tone, text)));
    }
    for (promise, verdict) in others(run, about) {
        match verdict {
            Verdict::Broken(_) if promise == Promise::TotalHolds && totals_differ(run) => {
                broken = true;
            }
            Verdict::Broken(witness) => {
                broken = true;
                lost.push(explained(run, promise, &witness));
            }
            Verdict::Holds if promise == Promise::Linearizable && !about.is_empty() => {
                let reads = things(run.observer().sessions().reads(), "read");
                let text = format!("One order explains all {reads} and all writes.");
                sentence.parts.push((Tone::Good, text));
            }
            _ => {}
        }
    }
    lost.retain(|text| !text.is_empty());
    sentence.parts.extend(lost.into_iter().take(2).map(|text| (Tone::Lost, text)));
    if broken {
        let good = sentence.parts.iter_mut().filter(|(tone, _)| *tone == Tone::Good);
        good.for_each(|(tone, _)| *tone = Tone::Plain);
    }
}

/// What is broken of the promises about writes and leaders; empty where the large line says it already.
fn leading(run: &dyn Run<Recorder>, promise: Promise) -> Option<String> {
    let recorder = run.observer();
    if promise == Promise::AcknowledgedWritesSurvive {
        let ledger = recorder.ledger();
        let counts = ledger.counts();
        if counts.lost + counts.overwritten > 0 {
            return Some(String::new());
        }
        let gone = u32::try_from(ledger.ever_lost().count()).unwrap_or(u32::MAX);
        let were = things_do(gone, "acknowledged write", "was", "were");
        return (gone > 0).then(|| format!("{were} gone for a time."));
    }
    if run.card().data == Shape::Store {
        return None;
    }
    let window = { recorder.reigns().split_brains() }.into_iter().next_back()?;
    let both = names(&[window.old.node, window.new.node]);
    Some(format!(
        "{both} both accepted writes, for {}.",
        span(recorder.reigns().split_brain_time())
    ))
}

/// "112 of 576 reads showed the past; 22 went back in time.", and whether that breaks a promise that
/// the scenario is about.
fn reads(run: &dyn Run<Recorder>, about: &[Promise]) -> (Option<String>, bool) {
    let sessions = run.observer().sessions();
    let mut clauses: Vec<String> = Vec::new();
    let mut broken = false;
    for (promise, anomaly, one, several) in READS {
        let count = sessions.count(*anomaly);
        if count == 0 {
            continue;
        }
        let is_about = about.is_empty() || about.contains(promise);
        broken |= is_about;
        if !is_about && *anomaly != Anomaly::Stale {
            continue;
        }
        let did = if count == 1 { one } else { several };
        let number = crate::number::count(count.into());
        clauses.push(match clauses.is_empty() {
            true => format!("{number} of {} {did}", things(sessions.reads(), "read")),
            false => format!("{number} {did}"),
        });
    }
    let text = (!clauses.is_empty()).then(|| format!("{}.", clauses.join("; ")));
    (text, broken)
}

/// Whether some read broke this promise.
fn counted(run: &dyn Run<Recorder>, promise: Promise) -> bool {
    let sessions = run.observer().sessions();
    READS.iter().any(|(known, anomaly, ..)| *known == promise && sessions.count(*anomaly) > 0)
}

/// The promises of which no count tells: their audits are asked.
fn others(run: &dyn Run<Recorder>, about: &[Promise]) -> Vec<(Promise, Verdict)> {
    const OTHERS: &[Promise] = &[
        Promise::Linearizable,
        Promise::ReplicasAgree,
        Promise::ReplicasConverge,
        Promise::NothingAppliedTwice,
        Promise::FailedWritesStayFailed,
        Promise::TotalHolds,
    ];
    let asked: Vec<Promise> = OTHERS
        .iter()
        .copied()
        .filter(|promise| about.is_empty() || about.contains(promise))
        .collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let case = Case::new(run.observer(), run.view(), run.now());
    asked.into_iter().filter_map(|promise| Some((promise, case.verdict(promise)?))).collect()
}

/// What a proof shows, in a sentence or two.
fn explained(run: &dyn Run<Recorder>, promise: Promise, witness: &Witness) -> String {
    let plain = || clause_as_sentence(&witness.sentence);
    if promise != Promise::Linearizable {
        return plain();
    }
    let mut text = no_single_order(run.observer(), witness).unwrap_or_else(plain);
    if let Policy::Quorums(Quorums { copies, reads, writes, sloppy: false, .. }) = run.policy()
        && reads + writes > copies.min(run.view().nodes.count())
    {
        text += " That every read and every write share a node did not prevent it.";
    }
    text
}

/// Whether the large line tells that accounts do not add up just now.
fn totals_differ(run: &dyn Run<Recorder>) -> bool {
    let nodes = run.view().nodes;
    let all: Vec<_> = (0..nodes.count())
        .map(NodeId)
        .filter_map(|node| Some((node, nodes.facts(node)?)))
        .collect();
    wrong_total(all.iter().map(|(node, facts)| (*node, facts))).is_some()
}
