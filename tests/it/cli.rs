//! The command line: what it prints and how it ends.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use replicarium::scenario::{Json, parse};

pub fn replicarium(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_replicarium");
    Command::new(program).args(arguments).output().expect("the program runs")
}

#[track_caller]
pub fn says(arguments: &[&str]) -> String {
    let output = replicarium(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// A mistake in the input: exit code 2, nothing on standard output, what, where and a fix.
#[track_caller]
pub fn check_mistake(arguments: &[&str], id: &str) {
    let output = replicarium(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let told = String::from_utf8(output.stderr).expect("text");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with(&format!("{id}: ")), "{told}");
    assert!(lines[1].starts_with("  where: ") && lines[2].starts_with("  fix:   "), "{told}");
}

/// A file of the test's own that is gone afterwards.
pub struct File(std::path::PathBuf);

impl File {
    pub fn new(name: &str, text: &str) -> Self {
        // Tests run beside one another, in this process and in others.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("replicarium-{}-{count}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_report_has_every_figure_that_is_promised() {
    let text = says(&["run", "async-leader-crash", "--json"]);
    assert!(text.contains(r#""does":"cut the power of the leader""#), "its script in words");
    assert!(text.contains(r#""why": "The clients were told"#), "what the page says of it");
    let report = parse(&text).expect("json");
    let paths = [
        "format",
        "seed",
        "simulated_ms",
        "events",
        "digest",
        "writes.invoked",
        "writes.acknowledged",
        "writes.failed",
        "writes.unknown",
        "writes.lost",
        "lost.0.operation",
        "lost.0.key",
        "lost.0.value",
        "lost.0.acknowledged_ms",
        "lost.0.why",
        "reads.total",
        "reads.stale",
        "latency_ms.write.p50",
        "latency_ms.write.p90",
        "latency_ms.write.p99",
        "latency_ms.write.max",
        "latency_ms.read.p50",
        "unavailable_ms.write",
        "unavailable_ms.read",
        "throughput_per_s.write",
        "failovers.0.suspected_ms",
        "failovers.0.promoted_ms",
        "failovers.0.old",
        "failovers.0.new",
        "failovers.0.epoch",
        "suspicions.0.at_ms",
        "suspicions.0.true_crash",
        "split_brain_ms",
        "catch_ups.0.node",
        "catch_ups.0.method",
        "catch_ups.0.started_ms",
        "catch_ups.0.snapshot_position",
        "catch_ups.0.caught_up_ms",
        "catch_ups.0.bytes",
        "verdicts.0.promise",
        "verdicts.0.verdict",
        "verdicts.0.why",
        "verdicts.0.witness",
        "replicas.0.node",
        "replicas.0.role",
        "replicas.0.up",
        "replicas.0.epoch",
        "replicas.0.last",
        "replicas.0.flushed",
        "replicas.0.committed",
        "replicas.0.applied",
        "replicas.0.state_digest",
    ];
    let missing: Vec<&str> = paths.into_iter().filter(|path| report.at(path).is_none()).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let named = report.at("lost").map_or(0, |lost| lost.elements().len());
    assert_eq!(report.at("writes.lost").and_then(Json::as_number), Some(named as f64));
}

#[test]
fn the_same_call_says_the_same_and_another_seed_something_else() {
    let digest = |arguments: &[&str]| {
        let report = parse(&says(arguments)).expect("json");
        report.at("digest").cloned()
    };
    let call = ["run", "catch-up-from-log", "--json"];
    assert_eq!(digest(&call), digest(&call));
    assert_ne!(digest(&call), digest(&["run", "catch-up-from-log", "--json", "--seed", "8"]));
}

/// The same digests come out in Node and in browsers; `UPDATE=1` accepts new ones.
#[test]
fn every_built_in_scenario_runs_as_it_always_did() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens/digests.txt");
    let digests = says(&["digests"]);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &digests).expect("the golden file");
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(digests, golden, "if this is meant: UPDATE=1 cargo test, and say why in the commit");
}

#[test]
fn a_run_can_be_stopped_early_or_go_on_longer() {
    let simulated = |until: &str| {
        let text = says(&["run", "false-suspicion", "--json", "--until", until]);
        parse(&text).expect("json").at("simulated_ms").and_then(Json::as_number)
    };
    assert_eq!(simulated("1500"), Some(1_500.0));
    assert_eq!(simulated("30000"), Some(30_000.0));
}

#[test]
fn people_get_the_sentence_the_lost_writes_and_the_promises() {
    let text = says(&["run", "async-leader-crash"]);
    for part in ["writes acknowledged", "are lost", "Promises", "Lost writes", "n1", "follower"] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
}

#[test]
fn a_trace_is_one_event_a_line_each_with_its_cause() {
    let text = says(&["trace", "catch-up-from-log", "--until", "500", "--format", "jsonl"]);
    let mut last = 0.0;
    for line in text.lines() {
        let event = parse(line).expect(line);
        let number = event.at("event").and_then(Json::as_number).expect("a number");
        assert_eq!(number, last + 1.0, "events are numbered without gaps");
        let cause = event.at("cause").and_then(Json::as_number).unwrap_or(0.0);
        assert!(cause < number, "{line}");
        assert!(event.at("text").and_then(Json::as_text).is_some_and(|text| !text.is_empty()));
        last = number;
    }
    assert!(last > 100.0);
}

#[test]
fn a_broken_promise_is_a_result_unless_it_was_expected_to_hold() {
    let call = ["run", "split-brain-unfenced", "--expect", "holds"];
    assert_eq!(replicarium(&call[..2]).status.code(), Some(0));
    assert_eq!(replicarium(&call).status.code(), Some(1));
    assert_eq!(
        replicarium(&["run", "catch-up-from-log", "--expect", "holds"]).status.code(),
        Some(0)
    );
}

#[test]
fn what_is_built_in_is_listed() {
    let listed = says(&["scenarios"]);
    assert_eq!(listed, says(&["presets"]));
    let named = listed.lines().filter(|line| line.starts_with("  "));
    let all = replicarium::scenario::presets(replicarium::protocols::PROTOCOLS);
    assert_eq!(named.count(), all.count());
    let data = parse(&says(&["scenarios", "--json"])).expect("json");
    let named = |group: &Json| group.field("scenarios").map_or(0, |all| all.elements().len());
    let all = replicarium::scenario::presets(replicarium::protocols::PROTOCOLS);
    assert_eq!(data.elements().iter().map(named).sum::<usize>(), all.count());
    let first = &data.elements()[0].field("scenarios").expect("scenarios").elements()[0];
    assert_eq!(first.at("name").and_then(Json::as_text), Some("async-leader-crash"));
    assert!(says(&["protocols"]).starts_with("single-leader  "));
    assert!(parse(&says(&["schema"])).expect("json").at("properties.cluster").is_some());
    let help = says(&["help"]);
    assert_eq!(
        (says(&[]), says(&["--help"]), says(&["run", "--help"])),
        (help.clone(), help.clone(), help)
    );
}

#[test]
fn mistakes_say_what_where_and_how_to_fix() {
    check_mistake(&["rnu"], "cli/unknown-command");
    check_mistake(&["run"], "cli/missing-scenario");
    check_mistake(&["run", "nowhere.json"], "cli/unknown-scenario");
    check_mistake(&["run", "/"], "cli/unreadable-file");
    check_mistake(&["run", "async-leader-crash", "more"], "cli/unknown-argument");
    check_mistake(&["run", "async-leader-crash", "--fast"], "cli/unknown-argument");
    check_mistake(&["run", "async-leader-crash", "--seed", "x"], "cli/bad-number");
    check_mistake(&["run", "async-leader-crash", "--expect", "luck"], "cli/bad-choice");
    check_mistake(&["trace", "async-leader-crash", "--format", "png"], "cli/unknown-format");
    check_mistake(&["run", "async-leader-crash", "--seed"], "cli/bad-argument");
    check_mistake(&["schema", "--json"], "cli/unknown-argument");
    check_mistake(&["run", "async-leader-crash", "--seed", "0.5"], "scenario/not-whole");
}

#[test]
fn all_mistakes_of_a_file_are_printed() {
    let text = r#"{ "format": 1, "cluster": { "nodes": 3, "protocol": "single-leader" }, "sed": 7,
        "script": [ { "at_ms": 5, "do": "crash", "node": "n4" } ] }"#;
    let file = File::new("mistakes.json", text);
    let output = replicarium(&["run", file.path()]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).expect("text");
    let ids: Vec<&str> = told.lines().filter_map(|l| l.strip_prefix("scenario/")).collect();
    assert_eq!(ids.len(), 2, "{told}");
    let broken = File::new("broken.json", "{");
    check_mistake(&["run", broken.path()], "scenario/not-json");
}

#[test]
fn a_file_is_played_as_its_preset_is() {
    let preset =
        replicarium::scenario::preset(replicarium::protocols::PROTOCOLS, "catch-up-from-log")
            .expect("a preset");
    let file = File::new("preset.json", preset.text);
    assert_eq!(says(&["run", file.path(), "--json"]), says(&["run", preset.name, "--json"]));
}
