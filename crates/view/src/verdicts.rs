//! The promises and what became of them. It judges nothing: the audits do.

use super::bars::bars;
use super::number::clock;
use super::types::{Tone, VerdictView};
use super::words;
use engine::observe::Recorder;
use engine::observe::audit::{AUDITS, Case, Reign, Verdict};
use engine::observe::metric::Failover;
use engine::protocol::Promise;
use engine::world::Run;

/// The verdicts at the playhead. It looks at every node's log: ask a few times a second.
#[must_use]
pub fn verdicts(run: &dyn Run<Recorder>) -> Vec<VerdictView> {
    let case = Case::new(run.observer(), run.view(), run.now());
    case.verdicts()
        .into_iter()
        .zip(AUDITS.iter().map(|audit| audit.id()))
        .map(|((promise, verdict), id)| {
            let word = verdict.word();
            let (tone, why, witness) = match verdict {
                Verdict::Holds => (Tone::Good, kept(run.observer(), promise), None),
                Verdict::Broken(witness) => {
                    (Tone::Lost, clause_as_sentence(&witness.sentence), Some(witness))
                }
                Verdict::NotExercised(why) => (Tone::Faint, clause_as_sentence(&why), None),
            };
            let ordered = witness.as_ref().filter(|_| promise == Promise::Linearizable);
            let bars = ordered.and_then(|witness| bars(run, witness));
            let witness = witness.and_then(|witness| Some(witness.events.first()?.0));
            let promise = words::promise(promise, run.card().red.1);
            VerdictView { id, promise, word, tone, why, witness, bars }
        })
        .collect()
}

/// A promise that was kept so far, and why it was where it may seem not to be.
fn kept(recorder: &Recorder, promise: Promise) -> String {
    let kept = words::kept(promise);
    match (promise, one_after_the_other(recorder)) {
        (Promise::OneLeader, Some(how)) => format!("{kept} {how}"),
        _ => kept.to_owned(),
    }
}

/// Of the last leader that went on accepting writes after another had taken over: that the other one
/// had accepted none by then.
fn one_after_the_other(recorder: &Recorder) -> Option<String> {
    let reigns = recorder.reigns();
    let late = |change: &Failover| {
        let older = |reign: &&Reign| reign.node != change.new && reign.epoch < change.epoch;
        let mut older = reigns.iter().filter(older);
        older.find(|reign| reign.taken.0 < change.event && reign.taken.1 > change.event).copied()
    };
    let mut changes = recorder.failovers().promotions().rev();
    let (change, old) = changes.find_map(|change| Some((change, late(change)?)))?;
    let (older, newer, since) = (old.node, change.new, clock(change.promoted));
    let own = |reign: &&Reign| reign.node == newer && reign.epoch == change.epoch;
    let then = match reigns.iter().find(own) {
        None => format!("{newer} has accepted none"),
        Some(new) if new.taken.0 > old.taken.1 => {
            format!("{newer} accepted its first only after {older}'s last")
        }
        Some(_) => return None,
    };
    Some(format!(
        "{older} went on accepting writes when {newer} led as well, from {since} on; {then}."
    ))
}

/// A clause with a large first letter, but for names of nodes and keys, and a full stop.
pub(super) fn clause_as_sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    // Names of nodes and keys stay as they are.
    let name = letters.clone().next().is_some_and(|second| second.is_ascii_digit());
    let first = if name { first.to_string() } else { first.to_ascii_uppercase().to_string() };
    format!("{first}{}.", letters.as_str())
}
