//! Promises are about what clients saw.

use replicarium::engine::base::{ClientId, SimTime};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::history::{End, History};
use replicarium::engine::observe::report::VerdictRow;
use replicarium::engine::observe::{Recorder, Report};
use replicarium::engine::world::Run;
use replicarium::scenario::Json;
use replicarium::view::sentence::sentence;

use super::{comes_out, document, holds, input, played};
use crate::support::parallel::each;

fn report(run: &dyn Run<Recorder>) -> Report {
    Report::new(&Case::new(run.observer(), run.view(), run.now()), run.seed())
}

/// What became of a promise, in a word.
fn word<'a>(report: &'a Report, promise: &str) -> &'a str {
    row(report, promise).verdict
}

fn row<'a>(report: &'a Report, promise: &str) -> &'a VerdictRow {
    report.verdicts.iter().find(|row| row.promise == promise).expect("a promise")
}

/// Plays an input with another seed.
fn with_seed(name: &str, seed: u32) -> Box<dyn Run<Recorder>> {
    let mut document = document(name);
    document.put("seed", Json::Number(f64::from(seed)));
    played(&document.to_string(), None)
}

/// Recounted from what one client of one key was told, whose values grow: reads that miss the
/// newest write that it had been told is saved, and reads older than the newest that it had read.
fn recounted(history: &History) -> (u32, u32) {
    let mut told: Vec<(SimTime, SimTime, bool, u64)> = Vec::new();
    for (_, operation) in history.iter() {
        assert_eq!(operation.client, ClientId(0), "one client");
        match operation.end {
            End::Written { .. } => {
                told.push((
                    operation.invoked,
                    operation.ended,
                    true,
                    operation.value().expect("a write has a value"),
                ));
            }
            End::Value { value, .. } => {
                told.push((operation.invoked, operation.ended, false, value));
            }
            _ => {}
        }
    }
    let before = |at: SimTime, wrote: bool| {
        let ended =
            told.iter().filter(move |(_, ended, writes, _)| *ended < at && *writes == wrote);
        ended.map(|(.., value)| *value).max().unwrap_or(0)
    };
    let reads = told.iter().filter(|(_, _, wrote, _)| !*wrote);
    let older = |wrote: bool| {
        let missing = reads.clone().filter(|(at, .., value)| *value < before(*at, wrote));
        u32::try_from(missing.count()).expect("few reads")
    };
    (older(true), older(false))
}

#[test]
fn what_a_client_wrote_and_read_is_rolled_back_and_both_promises_are_broken() {
    const NAME: &str = "rolled-back-reads.json";
    let run = played(&input(NAME), None);
    let report = report(&*run);
    for promise in ["read-your-writes", "monotonic-reads", "reads-are-fresh"] {
        comes_out(NAME, promise, "broken", word(&report, promise));
    }
    let why = row(&report, "read-your-writes").why.clone().unwrap();
    let told = why.contains("its own k0 = 20") && why.contains("that write was lost");
    holds(NAME, "the sentence says that the write was lost", "k0 = 20 … lost", &why, told);
    holds(NAME, "stale reads", "more than 0", report.reads.stale, report.reads.stale > 0);
}

#[test]
fn every_run_with_a_missed_own_write_or_a_read_that_goes_back_says_so() {
    const NAME: &str = "rolled-back-reads.json";
    let seeds: Vec<u32> = (0..50).collect();
    let runs = each(&seeds, |seed| {
        let run = with_seed(NAME, *seed);
        let (missed, back) = recounted(run.observer().history());
        let report = report(&*run);
        assert_eq!(report.reads.own_writes_missing, missed, "seed {seed}: own writes missed");
        assert_eq!(report.reads.back_in_time, back, "seed {seed}: reads that go back");
        let (own, mono) = (word(&report, "read-your-writes"), word(&report, "monotonic-reads"));
        assert_eq!(own == "broken", missed > 0, "seed {seed}");
        assert_eq!(mono == "broken", back > 0, "seed {seed}");
        (missed > 0, back > 0)
    });
    let missed = runs.iter().filter(|(missed, _)| *missed).count();
    let back = runs.iter().filter(|(_, back)| *back).count();
    comes_out(NAME, "of seeds 0-49: own write missed, and broken", "24", missed);
    comes_out(NAME, "of seeds 0-49: a read goes back, and broken", "24", back);
}

#[test]
fn a_verdict_of_a_shorter_run_is_not_taken_back() {
    const NAME: &str = "verdict-taken-back.json";
    let early = report(&*played(&input(NAME), Some(4_900)));
    let late = report(&*played(&input(NAME), None));
    for row in early.verdicts.iter().filter(|row| row.verdict == "broken") {
        comes_out(NAME, row.promise, "broken", word(&late, row.promise));
    }
    let more = late.reads.stale >= early.reads.stale;
    holds(NAME, "stale reads at the end", "as many, or more", late.reads.stale, more);
}

#[test]
fn headline_promise_and_figure_agree_on_two_leaders() {
    const NAME: &str = "two-leaders-contradiction.json";
    let mut document = document(NAME);
    for at in (1_000..=60_000).step_by(500) {
        document.put("until_ms", Json::Number(60_000.0));
        let run = played(&document.to_string(), Some(at));
        let (report, said) = (report(&*run), sentence(&*run));
        let headline = said.why.contains("Each accepts writes");
        let broken = word(&report, "one-leader") == "broken";
        assert_eq!(broken, report.split_brain_ms > 0.0, "at {at} ms");
        assert!(broken || !headline, "at {at} ms: {said:?}");
    }
    let run = played(&document.to_string(), None);
    let (report, said) = (report(&*run), sentence(&*run));
    comes_out(NAME, "only one leader accepts writes", "holds", word(&report, "one-leader"));
    comes_out(NAME, "split_brain_ms", "0", report.split_brain_ms);
    let told = said.why.contains("n2 would accept writes, but has acknowledged none");
    holds(NAME, "the second line", "n2 leads too, but nobody asked it", &said.why, told);
}

#[test]
fn convergence_is_not_judged_while_writes_are_under_way() {
    const NAME: &str = "converge-false.json";
    let seeds: Vec<u32> = (0..60).collect();
    let words = each(&seeds, |seed| {
        word(&report(&*with_seed(NAME, *seed)), "replicas-converge").to_owned()
    });
    let broken = words.iter().filter(|word| *word == "broken").count();
    comes_out(NAME, "of seeds 0-59: broken", "0", broken);
}

#[test]
fn convergence_is_not_judged_while_a_slow_link_still_carries_records() {
    let slow = r#"{ "format": 1, "until_ms": 21500,
      "cluster": { "nodes": 2, "protocol": "single-leader", "knobs": { "failover": { "promote": "by-hand" } } },
      "network": { "delay": { "constant_ms": 3000 }, "clients_delay": { "constant_ms": 2 } },
      "clients": [ { "count": 1, "writes_per_s": 50, "reads_per_s": 0, "until_ms": 20000 } ] }"#;
    let report = report(&*played(slow, None));
    let row = row(&report, "replicas-converge");
    comes_out("a link of 3 s", "judged 1.5 s after the last write", "not exercised", row.verdict);
}

#[test]
fn stale_reads_and_the_promise_say_one_thing() {
    const NAME: &str = "fresh-holds-while-stale.json";
    let seeds: Vec<u32> = (0..100).collect();
    // As it stands, and where a deletion replaces what its coordinator has seen.
    let differ = each(&seeds, |seed| {
        [None, Some("server")].map(|context| {
            let mut document = document(NAME);
            document.put("seed", Json::Number(f64::from(*seed)));
            if let Some(context) = context {
                document.set("cluster.knobs.context", Json::text(context));
            }
            let report = report(&*played(&document.to_string(), None));
            let broken = word(&report, "reads-are-fresh") == "broken";
            (broken != (report.reads.stale > 0), broken)
        })
    });
    let all = || differ.iter().flatten();
    comes_out(NAME, "of seeds 0-99: contradict", "0", all().filter(|(d, _)| *d).count());
    let broken = all().filter(|(_, broken)| *broken).count();
    holds(NAME, "of seeds 0-99: broken", "some", broken, broken > 0);
    let mut document = document(NAME);
    document.set("cluster.knobs.context", Json::text("server"));
    let report = report(&*played(&document.to_string(), None));
    comes_out(
        NAME,
        "reads show every acknowledged write",
        "broken",
        word(&report, "reads-are-fresh"),
    );
    comes_out(NAME, "stale reads of 145", "93", report.reads.stale);
}
