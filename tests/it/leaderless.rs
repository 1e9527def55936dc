//! The leaderless scenarios that are kept ready tell the stories that their names promise, over
//! many seeds; sweeps add up.

use replicarium::engine::observe::Report;
use replicarium::lab::Lab;
use replicarium::lab::sweep::Sweep;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, Scenario, preset};

use crate::support::parallel::each;

const SEEDS: u32 = 60;

fn document(name: &str, seed: u32, change: impl Fn(&mut Json)) -> Json {
    let mut document = preset(PROTOCOLS, name).expect("a preset").document();
    document.put("seed", Json::Number(f64::from(seed)));
    change(&mut document);
    document
}

fn told(document: &Json) -> Report {
    let mut lab = Lab::load(document, PROTOCOLS).expect("a sound preset");
    lab.finish();
    lab.report()
}

fn over_seeds(name: &str, change: impl Fn(&mut Json) + Sync) -> Vec<Report> {
    let seeds: Vec<u32> = (0..SEEDS).collect();
    each(&seeds, |seed| told(&document(name, *seed, &change)))
}

fn nothing(_: &mut Json) {}

fn knob(name: &'static str, value: Json) -> impl Fn(&mut Json) + Sync {
    move |document| document.set(&format!("cluster.knobs.{name}"), value.clone())
}

fn verdict<'a>(report: &'a Report, promise: &str) -> &'a str {
    report.verdicts.iter().find(|row| row.promise == promise).expect("a promise").verdict
}

fn how_often(reports: &[Report], promise: &str, word: &str) -> usize {
    reports.iter().filter(|report| verdict(report, promise) == word).count()
}

fn stale(reports: &[Report]) -> u32 {
    reports.iter().map(|report| report.reads.stale).sum()
}

#[test]
fn a_read_of_one_replica_misses_what_another_confirmed_and_overlapping_quorums_do_not() {
    assert!(over_seeds("leaderless-stale-read", nothing).iter().all(|r| r.reads.stale > 0));
    let both = |document: &mut Json| {
        document.set("cluster.knobs.r", Json::Number(2.0));
        document.set("cluster.knobs.w", Json::Number(2.0));
    };
    assert_eq!(stale(&over_seeds("leaderless-stale-read", both)), 0);
}

#[test]
fn reads_mend_a_replica_that_missed_writes_and_without_repair_it_stays_behind() {
    let mended = over_seeds("leaderless-read-repair", nothing);
    assert!(how_often(&mended, "replicas-converge", "holds") > 50);
    let left = over_seeds("leaderless-read-repair", knob("read_repair", Json::text("off")));
    assert_eq!(how_often(&left, "replicas-converge", "broken"), SEEDS as usize);
}

#[test]
fn overlapping_quorums_are_not_linearizable() {
    let reports = over_seeds("leaderless-quorum-not-linearizable", nothing);
    let broken = how_often(&reports, "linearizable", "broken");
    assert!(broken > 40, "only {broken} of {SEEDS}");
    let shown = told(&document("leaderless-quorum-not-linearizable", 2, nothing));
    assert_eq!(verdict(&shown, "linearizable"), "broken");
}

#[test]
fn others_stand_in_for_the_dead_and_hand_over() {
    let count = |reports: &[Report]| reports.iter().map(|r| r.writes.failed).sum::<u32>();
    let sloppy = over_seeds("leaderless-sloppy-quorum-hints", nothing);
    assert!(sloppy.iter().all(|report| report.writes.lost == 0));
    let strict = over_seeds("leaderless-sloppy-quorum-hints", knob("sloppy", Json::Bool(false)));
    let waited = |reports: &[Report]| reports.iter().map(|r| r.unavailable_ms.write).sum::<f64>();
    assert!(count(&sloppy) == 0 && waited(&sloppy) < waited(&strict));
}

#[test]
fn hash_trees_bring_a_node_up_to_date_without_any_read() {
    let mended = over_seeds("leaderless-anti-entropy", nothing);
    assert_eq!(how_often(&mended, "replicas-converge", "holds"), SEEDS as usize);
    let left = over_seeds("leaderless-anti-entropy", knob("anti_entropy", Json::Null));
    assert!(how_often(&left, "replicas-converge", "broken") > 50);
}

#[test]
fn a_fast_clock_overwrites_acknowledged_writes_and_siblings_keep_them() {
    let skewed = over_seeds("leaderless-lww-skew", nothing);
    assert!(skewed.iter().all(|report| report.writes.overwritten > 10));
    assert!(skewed.iter().all(|r| r.overwritten.len() == r.writes.overwritten as usize));
    let kept = over_seeds("leaderless-lww-skew", knob("versions", Json::text("siblings")));
    assert!(kept.iter().all(|report| report.writes.overwritten + report.writes.lost == 0));
}

#[test]
fn a_write_that_failed_comes_back() {
    let reports = over_seeds("leaderless-failed-write-returns", nothing);
    let broken = how_often(&reports, "failed-writes-stay-failed", "broken");
    assert!(broken > 50, "only {broken} of {SEEDS}");
}

#[test]
fn a_deletion_that_was_forgotten_too_early_is_undone() {
    let undone = over_seeds("leaderless-deletion-undone", nothing);
    assert!(undone.iter().all(|report| report.writes.lost > 0));
    let kept = over_seeds("leaderless-deletion-undone", knob("tombstones", Json::Null));
    assert!(kept.iter().all(|report| report.writes.lost == 0));
}

fn swept(seeds: std::ops::Range<u32>) -> Sweep {
    let mut sweep = Sweep::default();
    for seed in seeds {
        let document = document("leaderless-lww-skew", seed, nothing);
        let scenario = Scenario::read(&document, PROTOCOLS).expect("a sound preset");
        sweep.play(scenario.run().as_mut());
    }
    sweep
}

#[test]
fn shards_of_a_sweep_add_up_to_the_whole() {
    let mut parts = swept(0..3);
    parts.merge(&swept(3..8));
    assert_eq!(parts, swept(0..8));
    assert_eq!(parts.runs, 8);
}

#[test]
fn a_probe_finds_how_fresh_reads_are() {
    let text = r#"{"format":1,"cluster":{"nodes":3,"protocol":"leaderless","knobs":{"r":1,"w":1,
        "read_repair":"off","hinted_handoff":false,"anti_entropy":null,"legs":{
        "write":[{"constant_ms":1},{"constant_ms":20},{"constant_ms":20}],
        "ack":{"constant_ms":1},"read":[{"constant_ms":9},{"constant_ms":1},{"constant_ms":9}],
        "response":{"constant_ms":1}}}},
        "network":{"clients_delay":{"constant_ms":0}},"disk":{"flush":{"constant_ms":0}},
        "probe":{"read_after_ms":[0,10,17,30]}}"#;
    let document = replicarium::scenario::parse(text).expect("JSON");
    let report = told(&document);
    // n1 confirms after 2 ms; n2, which answers reads first, has the write after 20 ms. A read asks
    // it 1 ms after it began.
    let rows: Vec<(f64, u32, u32)> =
        report.staleness.iter().map(|row| (row.t_ms, row.fresh, row.total)).collect();
    assert_eq!(rows, [(0.0, 0, 1), (10.0, 0, 1), (17.0, 1, 1), (30.0, 1, 1)]);
}
