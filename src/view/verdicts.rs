//! The promises and what became of them. It judges nothing: the audits do.

use super::bars::bars;
use super::types::{Tone, VerdictView};
use super::words;
use crate::engine::observe::Recorder;
use crate::engine::observe::audit::{AUDITS, Case, Verdict};
use crate::engine::protocol::Promise;
use crate::engine::world::Run;

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
                Verdict::Holds => (Tone::Good, words::kept(promise).to_owned(), None),
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

/// A clause with a large first letter, but for names of nodes and keys, and a full stop.
pub(super) fn clause_as_sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    // Names of nodes and keys stay as they are.
    let name = letters.clone().next().is_some_and(|second| second.is_ascii_digit());
    let first = if name { first.to_string() } else { first.to_ascii_uppercase().to_string() };
    format!("{first}{}.", letters.as_str())
}
