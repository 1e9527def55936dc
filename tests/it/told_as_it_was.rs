//! Sentences that told of a feed that was cut, of a reason that was another one, of a time that had not
//! ended: one test for each kind, in runs that have what the sentence is about.

use replicarium::engine::base::EventId;
use replicarium::lab::{Lab, SimTime};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{self, Json};

/// A built-in scenario at this time, with other lines in its script, or with its own (`None`).
fn played(name: &str, script: Option<&str>, at_ms: u32) -> Lab {
    let mut document = scenario::preset(PROTOCOLS, name).expect("a preset").document();
    if let Some(script) = script {
        document.put("script", scenario::parse(script).expect("json"));
        document.put("until_ms", Json::Number(f64::from(at_ms)));
    }
    let mut lab =
        Lab::load(&document, PROTOCOLS).unwrap_or_else(|_| panic!("{document:?} cannot be read"));
    let at = SimTime::from_millis(u64::from(at_ms)).min(lab.until());
    while lab.now() < at {
        lab.seek(at);
    }
    lab
}

fn text(lab: &Lab) -> String {
    let sentence = lab.sentence();
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    format!("{} {}", parts.join(" "), sentence.why)
}

fn log(lab: &Lab) -> String {
    let lines = lab.log_since(EventId(0));
    lines.iter().map(|line| format!("{:.3} {}\n", line.at_ms / 1_000.0, line.text)).collect()
}

#[track_caller]
fn says(told: &str, words: &[&str], never: &[&str]) {
    for words in words {
        assert!(told.contains(words), "“{words}” is not in: {told}");
    }
    for words in never {
        assert!(!told.contains(words), "“{words}” is in: {told}");
    }
}

const CUT: &str = r#"{ "at_ms": 4000, "do": "cut", "from": "n1", "to": "n2", "both": false }"#;

#[test]
fn a_follower_whose_link_is_cut_does_not_get_a_write_a_moment_later() {
    let told = text(&played("async-leader-crash", Some(&format!("[{CUT}]")), 22_000));
    let why = "n2 gets nothing from n1: the link from n1 to n2 has been cut since 4.000 s";
    says(&told, &["; n3 gets it a moment later.", why, "it lacks "], &["n2 and n3 get it"]);
}

#[test]
fn an_old_leader_that_nobody_feeds_does_not_catch_up() {
    let script = format!(r#"[{CUT}, {{ "at_ms": 22000, "do": "promote", "node": "n2" }}]"#);
    let lab = played("async-leader-crash", Some(&script), 42_000);
    let told = text(&lab);
    says(&told, &["n1 gets nothing from n2", "the link from n1 to n2"], &["n1 catches up"]);
}

#[test]
fn what_a_log_lacks_is_counted_from_where_the_logs_part() {
    for (name, lacks, new) in
        [("split-brain-fenced", 736, "n3"), ("lease-fails-by-drift", 665, "n2")]
    {
        let told = text(&played(name, None, 16_120));
        let words = format!("n1 gets nothing from {new} yet; it lacks {lacks} records.");
        says(&told, &[&words], &["catches up"]);
    }
}

#[test]
fn a_node_that_asked_to_leave_the_chain_was_not_silent() {
    let script = r#"[{ "at_ms": 20000, "do": "copy-afresh", "node": "n1" }]"#;
    let told = text(&played("chain-middle-crash", Some(script), 21_000));
    let words = "n1 was ordered to copy everything afresh, and the service took it out";
    says(&told, &[words], &["heard nothing from n1", "at the end again"]);
}

#[test]
fn a_time_out_tells_of_heartbeats_and_not_of_silence() {
    let lab = played("fixed-under-jitter", None, 40_000);
    says(&log(&lab), &["no heartbeat of a leader came in time"], &["it heard nothing"]);
    let lab = played("timeout-30s", None, 20_000);
    says(&text(&lab), &["After 30.0 s without a heartbeat"], &["silence"]);
}

#[test]
fn nodes_hear_each_other_again_only_when_both_run() {
    let script = |rest: &str| {
        format!(
            r#"[{{ "at_ms": 4000, "do": "cut", "from": "n1", "to": "n2" }},
                {{ "at_ms": 16000, "do": "power-off", "node": "n1" }},
                {{ "at_ms": 36000, "do": "heal", "from": "n1", "to": "n2" }} {rest}]"#
        )
    };
    let off = text(&played("multi-leader-conflict", Some(&script("")), 56_000));
    says(&off, &[], &["did not hear each other from"]);
    let restart = r#", { "at_ms": 50000, "do": "restart", "node": "n1" }"#;
    let lab = played("multi-leader-conflict", Some(&script(restart)), 56_000);
    says(&text(&lab), &[], &["to 36.000 s"]);
}

#[test]
fn several_links_were_cut() {
    for name in ["split-brain-fenced", "old-leader-returns"] {
        let told = text(&played(name, None, 20_000));
        says(&told, &["the links from n1 to n2 and n3 were cut"], &["link from n1 to n2 and n3"]);
    }
}

#[test]
fn reasons_that_sound_alike_are_one() {
    let told = text(&played("old-leader-returns", None, 20_000));
    says(&told, &[], &["another reason"]);
}

#[test]
fn how_long_before_a_read_is_said_of_its_asking() {
    let lab = played("timeout-30s", None, 60_000);
    let whys: Vec<String> = lab.verdicts().into_iter().map(|verdict| verdict.why).collect();
    says(&whys.join("\n"), &[" had been acknowledged 26.1 s before c1 asked"], &[]);
}

#[test]
fn all_that_was_cut_off_the_logs_is_told() {
    let told = text(&played("power-outage-torn-record", None, 60_000));
    says(&told, &["n3 cut 4 records off the end of its log", "and n2 5 at "], &[]);
}

#[test]
fn a_card_tells_the_whole_of_what_the_leader_does_not_have() {
    let lab = played("old-leader-returns", None, 13_000);
    let stage = lab.stage();
    let remark = stage.nodes.first().and_then(|card| card.remark.clone()).unwrap_or_default();
    let (first, last) =
        remark.split_once(' ').and_then(|(range, _)| range.split_once('–')).expect("a range");
    let number = |text: &str| text.replace(',', "").parse::<u32>().expect("a position");
    assert!(number(last) - number(first) > 70, "{remark}");
}

#[test]
fn the_log_says_since_when_no_write_has_got_through() {
    says(&log(&played("timeout-30s", None, 60_000)), &["none has since 8.018 s."], &[]);
}

#[test]
fn an_outage_that_the_ledger_counts_is_told() {
    let told = text(&played("fixed-under-jitter", None, 40_000));
    says(&told, &["No write was acknowledged", "Another 5 are lost because"], &[". 5 because"]);
    let lab = played("leaderless-failed-write-returns", None, 7_440);
    let told = text(&lab);
    assert!(told.contains("No write "), "{told}");
}

#[test]
fn a_process_that_cannot_write_crashes_for_that_reason() {
    let script = r#"[{ "at_ms": 4000, "do": "full-disk", "node": "n1" }]"#;
    let told = log(&played("async-leader-crash", Some(script), 8_000));
    says(&told, &["n1's process crashes because it cannot write its log"], &[]);
    assert_eq!(told.matches("disk is full.").count(), 2, "{told}");
}
