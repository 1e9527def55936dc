//! Three audits that go wrong, as audits have gone wrong before: the independent judge contradicts each
//! of them, run by run, wherever the right one says "broken".

use std::collections::BTreeSet;

use replicarium::engine::base::OpId;
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::world::Run;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, Scenario, preset};

use super::of;
use super::tally::{Verdicts, audited, compared};
use crate::cases::document;

/// Makes wrong verdicts of right ones.
type Fault = fn(Verdicts, &dyn Run<Recorder>) -> Verdicts;

fn run_of(document: &Json, seed: u32) -> Box<dyn Run<Recorder>> {
    let mut document = document.clone();
    document.put("seed", Json::Number(f64::from(seed)));
    let scenario = Scenario::read(&document, PROTOCOLS);
    let mut run = scenario.unwrap_or_else(|problems| panic!("{problems:?}")).run();
    let until = run.until();
    run.advance(until, u32::MAX);
    run
}

/// A fault of this promise's audit is found in every run in which the right audit says "broken".
#[track_caller]
fn is_contradicted(document: &Json, promises: &[&str], fault: Fault) {
    let mut found = 0;
    for seed in 0..20 {
        let run = run_of(document, seed);
        let (right, judged) = (audited(&*run), of(&*run));
        let (lines, _) = compared(&right, &judged);
        assert!(lines.is_empty(), "seed {seed}: the right audits: {}", lines.join("\n"));
        let wrong = fault(right.clone(), &*run);
        let (lines, _) = compared(&wrong, &judged);
        let changed: BTreeSet<&str> =
            right.iter().zip(&wrong).filter(|(a, b)| a != b).map(|((name, _), _)| *name).collect();
        let named = |promise: &&&str| lines.iter().any(|line| line.starts_with(**promise));
        let contradicted: BTreeSet<&str> = changed.iter().filter(named).copied().collect();
        assert_eq!(changed, contradicted, "seed {seed}: {}", lines.join("\n"));
        assert!(changed.iter().all(|promise| promises.contains(promise)), "{changed:?}");
        found += u32::from(!changed.is_empty());
    }
    println!("{promises:?}: contradicted in {found} of 20 runs");
    assert!(found >= 5, "only {found} of 20 runs show the fault");
}

/// Every verdict of these names that says "broken" becomes "holds", if its witness is so.
fn kept(verdicts: Verdicts, names: &[&str], so: impl Fn(&[OpId]) -> bool) -> Verdicts {
    let kept = |(name, verdict): (&'static str, Verdict)| match verdict {
        Verdict::Broken(witness) if names.contains(&name) && so(&witness.operations) => {
            (name, Verdict::Holds)
        }
        other => (name, other),
    };
    verdicts.into_iter().map(kept).collect()
}

const SESSIONS: &[&str] = &["reads-are-fresh", "read-your-writes", "monotonic-reads"];

/// A read that misses a write which was lost by then, or later, is let off.
fn forgets_what_was_lost(verdicts: Verdicts, run: &dyn Run<Recorder>) -> Verdicts {
    let case = Case::new(run.observer(), run.view(), run.now());
    let lost = case.recorder.ledger().counts().lost > 0;
    kept(verdicts, SESSIONS, |_| lost)
}

#[test]
fn session_verdicts_that_forget_lost_writes_are_contradicted() {
    is_contradicted(&document("rolled-back-reads.json"), SESSIONS, forgets_what_was_lost);
}

/// A second version of an increment is taken for harmless, as one of a register is.
fn counts_twice_yet_holds(verdicts: Verdicts, _: &dyn Run<Recorder>) -> Verdicts {
    kept(verdicts, &["nothing-applied-twice"], |_| true)
}

#[test]
fn a_counter_that_counts_twice_yet_holds_is_contradicted() {
    let document = document("counter-twice.json");
    is_contradicted(&document, &["nothing-applied-twice"], counts_twice_yet_holds);
}

/// Only the leader of the highest epoch is looked at, so there never is another one.
fn one_is_looked_at(verdicts: Verdicts, _: &dyn Run<Recorder>) -> Verdicts {
    kept(verdicts, &["one-leader"], |_| true)
}

#[test]
fn two_leaders_that_accept_yet_hold_are_contradicted() {
    let document = preset(PROTOCOLS, "split-brain-unfenced").expect("it is built in").document();
    is_contradicted(&document, &["one-leader"], one_is_looked_at);
}
