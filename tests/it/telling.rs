//! Sentences that said what had not happened, or what cannot be: one test for each kind, in runs that
//! have what the sentence is about.

use std::sync::atomic::{AtomicU32, Ordering};

use replicarium::engine::base::{EventId, NodeId};
use replicarium::engine::protocol::TimerKind;
use replicarium::engine::world::{Event, What};
use replicarium::lab::{Lab, SimTime};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{self, Json};
use replicarium::view::Sentence;
use replicarium::view::shape::sign_of_write;
use replicarium::view::words::cards::shortened;

use crate::support::parallel::each;

pub fn lab(document: &Json) -> Lab {
    Lab::load(document, PROTOCOLS).unwrap_or_else(|_| panic!("{document:?} cannot be read"))
}

/// A run of three nodes and default clients, played to its end.
fn scripted(protocol: &str, script: &str) -> Lab {
    let text = format!(
        r#"{{ "format": 1, "until_ms": 15000,
              "cluster": {{ "nodes": 3, "protocol": "{protocol}" }}, "script": [ {script} ] }}"#
    );
    let mut lab = lab(&scenario::parse(&text).expect("json"));
    lab.finish();
    lab
}

pub fn preset(name: &str) -> Json {
    scenario::preset(PROTOCOLS, name).expect("a preset").document()
}

pub fn at(lab: &mut Lab, millis: u64) {
    let at = SimTime::from_millis(millis);
    lab.seek(at);
    while lab.now() < at {
        lab.seek(at);
    }
}

pub fn whole(sentence: &Sentence) -> String {
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    format!("{} {}", parts.join(" "), sentence.why)
}

#[track_caller]
fn says(lab: &Lab, words: &str) {
    let text = whole(&lab.sentence());
    assert!(text.contains(words), "“{words}” is not in: {text}");
}

fn done(at_ms: u32, what: &str, node: &str) -> String {
    format!(r#"{{ "at_ms": {at_ms}, "do": "{what}", "node": "{node}" }}"#)
}

#[test]
fn nodes_that_were_away_at_different_times_keep_their_own_times() {
    let script = |n1_back: u32| {
        [
            done(4_000, "crash", "n1"),
            done(if n1_back == 9_100 { 4_000 } else { 8_900 }, "crash", "n3"),
            done(n1_back, "restart", "n1"),
            done(9_100, "restart", "n3"),
        ]
        .join(", ")
    };
    says(
        &scripted("leaderless", &script(9_000)),
        "n1 had crashed from 4.000 s to 9.000 s, and n3 from 8.900 s to 9.100 s.",
    );
    says(&scripted("leaderless", &script(9_100)), "n1 and n3 had crashed from 4.000 s to 9.100 s.");
}

#[test]
fn what_is_said_of_an_absence_is_said_of_the_event_whose_time_is_told() {
    for protocol in ["leaderless", "single-leader"] {
        for (first, then, was) in [
            ("crash", "power-off", "had crashed"),
            ("pause", "crash", "did not run"),
            ("pause", "power-off", "did not run"),
        ] {
            let script =
                [done(4_000, first, "n2"), done(9_000, then, "n2"), done(9_500, "restart", "n2")];
            let lab = scripted(protocol, &script.join(", "));
            let time =
                if protocol == "leaderless" { "from 4.000 s to 9.500 s" } else { "for 5.5 s" };
            says(&lab, &format!("n2 {was} {time}"));
        }
    }
}

#[test]
fn a_deletion_is_not_called_a_value_that_is_saved() {
    let mut told = 0;
    for seed in 0..30 {
        let mut document = preset("multi-leader-causality");
        document.put("seed", Json::Number(f64::from(seed)));
        for group in 0..document.field("clients").map_or(0, |all| all.elements().len()) {
            document.set(&format!("clients.{group}.deletes"), Json::Number(0.5));
        }
        let mut lab = lab(&document);
        lab.finish();
        let verdicts = lab.verdicts();
        let whys: Vec<&str> = verdicts.iter().map(|verdict| verdict.why.as_str()).collect();
        let text = whole(&lab.sentence()) + &whys.join(" ");
        for bad in ["that nothing at", "delete k", "deletion of k0 is saved"] {
            assert!(!text.contains(bad), "seed {seed}: “{bad}” is in: {text}");
        }
        told += usize::from(text.contains("was deleted") || text.contains("the deletion of k"));
    }
    assert!(told > 10, "only {told} runs tell of a deletion");
}

#[test]
fn a_leader_that_knows_that_it_is_cut_off_is_not_nobody() {
    let mut knew = 0;
    for name in ["split-brain-fenced", "split-brain-unfenced"] {
        let mut lab = lab(&preset(name));
        for millis in (6_100..8_000).step_by(200) {
            at(&mut lab, millis);
            let text = whole(&lab.sentence());
            assert!(!text.contains("nobody has noticed"), "{name} at {millis} ms: {text}");
            let unnoticed = text.contains("no follower has noticed yet");
            knew += u32::from(unnoticed && text.contains("It knows that"));
        }
    }
    assert!(knew > 0, "it never knew before its followers did");
}

/// The lines of the log at this time.
fn logged(lab: &Lab, at_ms: f64) -> Vec<String> {
    let log = lab.log_since(EventId(0));
    let then = log.into_iter().filter(|line| (line.at_ms - at_ms).abs() < 0.5);
    then.map(|line| line.text).collect()
}

#[test]
fn who_still_reaches_a_node_that_is_cut_off_is_named() {
    for name in ["split-brain-unfenced", "split-brain-fenced"] {
        let mut lab = lab(&preset(name));
        lab.finish();
        let told = logged(&lab, 6_000.0);
        let line = "n1 is cut off from c1 and c2; c3 and c4, on its machine, still reach it.";
        assert!(told.iter().any(|text| text == line), "{told:?}");
        let marks = lab.overview().marks;
        assert!(marks.iter().any(|mark| mark.label == "no way to c1 and c2"), "{marks:?}");
    }
    let everybody = scripted(
        "single-leader",
        r#"{ "at_ms": 4000, "do": "isolate", "node": "n2", "clients": true }"#,
    );
    let told = logged(&everybody, 4_000.0);
    assert!(told.contains(&"n2 is cut off from the clients.".to_owned()), "{told:?}");
    // Clients on another machine do not reach the node either.
    let mut document = preset("split-brain-unfenced");
    document.set("script.0.node", Json::Text("n2".to_owned()));
    let mut other = lab(&document);
    other.finish();
    let told = logged(&other, 6_000.0);
    assert!(told.contains(&"n2 is cut off from the clients.".to_owned()), "{told:?}");
}

#[test]
fn what_is_mended_has_its_line_in_the_log_as_what_is_cut_has() {
    let cut = |what: &str, at_ms: u32| {
        let both = if what == "cut" { r#", "both": true"# } else { "" };
        format!(r#"{{ "at_ms": {at_ms}, "do": "{what}", "from": "n1", "to": "n2"{both} }}"#)
    };
    let isolate = r#"{ "at_ms": 4000, "do": "isolate", "node": "n3", "clients": true }"#;
    let heal_all = r#"{ "at_ms": 6000, "do": "heal-all" }"#.to_owned();
    let one_way =
        r#"{ "at_ms": 4000, "do": "cut", "from": "n1", "to": "n2", "both": false }"#.to_owned();
    let disturb = r#"{ "at_ms": 4000, "do": "disturb", "from": "n1", "to": "n2", "loss": 0.1 }"#;
    let pair = "n1 and n2: link whole again.";
    for (script, lines) in [
        ([cut("cut", 4_000), cut("heal", 6_000)], vec![pair]),
        ([cut("cut", 4_000), heal_all.clone()], vec![pair]),
        (
            [isolate.to_owned(), heal_all.clone()],
            vec!["n3's links are whole again.", "n3 is within the clients' reach again."],
        ),
        ([one_way, heal_all.clone()], vec!["the link from n1 to n2 is whole again."]),
        ([disturb.to_owned(), heal_all], vec!["the link from n1 to n2 is whole again."]),
    ] {
        for protocol in ["single-leader", "leaderless"] {
            let lab = scripted(protocol, &script.join(", "));
            let told = logged(&lab, 6_000.0);
            for line in &lines {
                assert!(told.iter().any(|text| text == line), "{line}: {told:?}");
            }
            let of_links = told.iter().filter(|text| text.contains("link"));
            assert_eq!(of_links.count(), 1, "{protocol}, {script:?}: {told:?}");
        }
    }
}

/// The number that stands before these words, each time that they stand there.
fn before(text: &str, words: &str) -> Vec<u32> {
    let number = |head: &str| {
        let start = head.rfind(|c: char| !c.is_ascii_digit() && c != ',').map_or(0, |at| at + 1);
        head[start..].replace(',', "").parse().ok()
    };
    text.match_indices(words).filter_map(|(at, _)| number(&text[..at])).collect()
}

/// Looks at every scenario kept ready at this many moments, the last of them its end.
pub fn at_moments(many: u64, check: impl Fn(&str, &Lab) + Sync) {
    let all: Vec<_> = scenario::presets(PROTOCOLS).collect();
    each(&all, |preset| {
        let mut lab = lab(&preset.document());
        let until = lab.until().micros() / 1_000;
        for step in 1..=many {
            at(&mut lab, until * step / many);
            check(preset.name, &lab);
        }
    });
}

#[test]
fn every_lost_write_has_its_reason_or_is_counted_among_the_others() {
    at_moments(6, |name, lab| {
        let text = whole(&lab.sentence());
        let lost = before(&text, " of them are lost:");
        let because = [" because ", " are lost because ", " is lost because "];
        let because: Vec<u32> = because.iter().flat_map(|words| before(&text, words)).collect();
        let rest = [" for another reason", " for other reasons"].map(|words| before(&text, words));
        let told: u32 = because.iter().chain(rest.iter().flatten()).sum();
        let all = lost.iter().sum::<u32>();
        assert!(because.is_empty() || told == all, "{name}, {told} of {all}: {text}");
    });
}

#[test]
fn the_last_change_of_leaders_is_told_beside_losses_of_an_earlier_one() {
    let mut lab = lab(&preset("fixed-under-jitter"));
    lab.finish();
    says(&lab, "n3 lost power; 753 ms later n1 led epoch 3.");
}

#[test]
fn that_two_nodes_led_at_one_time_is_said_beside_the_promise_that_holds() {
    let mut lab = lab(&preset("fixed-under-jitter"));
    let mut one_leader = |millis: u64| {
        at(&mut lab, millis);
        let verdicts = lab.verdicts();
        verdicts.into_iter().find(|verdict| verdict.id == "one-leader").expect("a promise")
    };
    let calm = one_leader(20_000);
    assert_eq!(calm.why, "At no time did two nodes accept writes.");
    for (millis, then) in
        [(23_640, "n3 has accepted none."), (40_000, "n3 accepted its first only after n1's last.")]
    {
        let verdict = one_leader(millis);
        assert_eq!(verdict.word, "holds");
        let led = "n1 went on accepting writes when n3 led as well, from 23.520 s on";
        let why = format!("At no time did two nodes accept writes. {led}; {then}");
        assert_eq!(verdict.why, why);
    }
}

/// Every number of a text.
fn numbers(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect()
}

#[test]
fn what_stands_on_a_face_fits_and_has_whole_numbers() {
    let shorter = AtomicU32::new(0);
    at_moments(12, |name, lab| {
        for face in lab.stage().clients {
            let (told, brief) = (&face.told, &face.brief);
            assert!(brief.chars().count() <= 21, "{name}: {brief}");
            let known = numbers(told);
            assert!(numbers(brief).iter().all(|number| known.contains(number)), "{told}: {brief}");
            shorter.fetch_add(u32::from(told != brief), Ordering::Relaxed);
        }
    });
    assert!(shorter.into_inner() > 20, "most texts are short");
    assert_eq!(shortened("told “saved”: k2 = 2154, lost", 25), "told “saved”: k2 = 2154,…");
    assert_eq!(shortened("told “saved”: k2 = 2154, lost", 23), "told “saved”: k2 = …");
}

#[test]
fn what_ended_does_not_have_the_sign_of_what_waits() {
    let seen = AtomicU32::new(0);
    at_moments(12, |name, lab| {
        for row in lab.ledger(None).rows {
            let ended = ["but", "unknown"].iter().any(|word| row.fate.contains(word));
            let sign = sign_of_write(&row);
            assert!(!ended || sign == "!", "{name}: {sign} {} {}", row.what, row.fate);
            assert!(sign != "!" || ended, "{name}: {sign} {} {}", row.what, row.fate);
            seen.fetch_add(u32::from(ended), Ordering::Relaxed);
        }
    });
    assert!(seen.into_inner() > 20, "writes ended so");
}

#[test]
fn what_each_node_meets_for_itself_is_counted_with_the_nodes() {
    let mut lab = lab(&preset("multi-leader-conflict"));
    lab.finish();
    let bars: Vec<_> = lab.verdicts().into_iter().filter_map(|verdict| verdict.bars).collect();
    let faults: Vec<_> = bars.into_iter().flat_map(|bars| bars.faults).collect();
    let dropped = faults.iter().find(|(_, text)| text.starts_with("conflict: one write dropped"));
    let text = &dropped.expect("a conflict").1;
    assert!(text.contains(" times on ") && text.ends_with(" nodes"), "{text}");
}

#[test]
fn a_time_out_that_fired_is_seen_to_fire_also_on_the_card_of_whom_it_made_leader() {
    for name in ["async-leader-crash", "false-suspicion", "timeout-30s", "chain-head-crash"] {
        let mut lab = lab(&preset(name));
        lab.finish();
        let fired = |event: &Event| match event.what {
            What::TimerFired { node, timer: TimerKind::Silence | TimerKind::NoSign } => {
                Some((event.at.micros() / 1_000 + 1, node))
            }
            _ => None,
        };
        let all: Vec<(u64, NodeId)> =
            lab.run().observer().milestones().iter().filter_map(fired).collect();
        assert!(!all.is_empty(), "{name}: no time-out fires");
        for (millis, node) in all {
            for later in [0, 100, 500] {
                at(&mut lab, millis + later);
                let stage = lab.stage();
                let card = stage.nodes.iter().find(|card| card.node == node.0).expect("a card");
                let shown = card.ring.as_ref().and_then(|ring| ring.fired_ms);
                assert!(shown.is_some(), "{name}: {node} at {} ms", millis + later);
            }
        }
    }
}
