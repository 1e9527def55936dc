//! What went wrong once, found by the swarm, the closed forms or the transcripts: one test each,
//! named for what must not come back.

use replicarium::engine::base::{EventId, NodeId};
use replicarium::engine::observe::{Recorder, Report};
use replicarium::engine::protocol::Note;
use replicarium::engine::world::{Run, What};
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{self, Json};
use replicarium::view::sentence::sentence;

use crate::support::cluster::{Cluster, Target, n};

/// A cluster with these knobs and clients, at 5 ms from node to node.
fn cluster(nodes: u8, knobs: &str, clients: &str) -> Cluster {
    Cluster::scenario(&format!(
        r#"{{ "format": 1, "until_ms": 600000,
              "cluster": {{ "nodes": {nodes}, "protocol": "single-leader", "knobs": {{ {knobs} }} }},
              "network": {{ "delay": {{ "constant_ms": 5 }} }},
              "clients": [ {{ "writes_per_s": 20, "reads_per_s": 0, {clients} }} ] }}"#
    ))
}

/// All nodes hold the same data once the clients are silent.
#[track_caller]
fn come_together(t: &mut Cluster, nodes: u8) {
    t.hush().wait(10_000);
    for node in 2..=nodes {
        t.demand(t.data(n(node)) == t.data(n(1)), &format!("n1 and n{node} hold the same data"));
    }
}

#[test]
fn a_client_that_never_tries_again_still_learns_who_leads() {
    let mut t = cluster(3, "", r#""retry": null"#);
    t.wait(2_000).power_off(Target::Leader).wait(20_000);
    let before = t.writes().acknowledged;
    t.wait(5_000);
    t.demand(t.writes().acknowledged > before + 100, "writes are acknowledged again");
}

#[test]
fn a_priority_list_that_names_nobody_delays_no_election() {
    let mut t = cluster(5, r#""failover": { "choose": { "priority": [] } }"#, r#""retry": {}"#);
    t.wait(2_000).power_off(Target::Leader);
    t.until(20_000, "somebody else leads", |t| {
        t.run().view().nodes.facts(t.node(Target::Leader)).is_some_and(|f| f.epoch.0 > 1)
    });
}

#[test]
fn a_follower_whose_records_were_dropped_while_its_link_was_cut_is_copied() {
    let mut t = cluster(
        3,
        r#""retention": { "records": 10 }, "acknowledge": { "give_up_after_ms": null },
           "failover": { "promote": "by-hand" }"#,
        r#""retry": {}"#,
    );
    t.wait(2_000).cut(n(1), n(2)).wait(20_000).heal_all().wait(10_000);
    come_together(&mut t, 3);
}

#[test]
fn a_replaced_leader_that_is_paused_says_nothing_about_what_is_lost() {
    let mut t = cluster(5, r#""acknowledge": { "mode": "semi-sync" }"#, r#""retry": {}"#);
    t.wait(2_000).freeze(Target::Leader).wait(10_000);
    t.demand(t.node(Target::Leader) != t.node(n(1)), "another leads");
    t.power_off(Target::Leader).wait(500);
    assert_eq!(t.writes().lost, 0);
}

#[test]
fn what_was_flushed_outlives_a_power_outage_after_the_logs_front_was_dropped_many_times() {
    let mut t = cluster(
        1,
        r#""retention": { "records": 5 }, "failover": { "promote": "by-hand" }"#,
        r#""retry": {}"#,
    );
    t.wait(10_000).power_off(n(1)).wait(500).restart(n(1)).wait(2_000);
    t.demand(t.writes().acknowledged > 300, "there was something to lose");
    assert_eq!(t.writes().lost, 0);
}

#[test]
fn a_frozen_follower_is_not_sent_everything_again_at_each_heartbeat() {
    let mut t = cluster(2, "", r#""retry": {}"#);
    t.wait(2_000).freeze(n(2)).wait(8_000);
    let resent = |t: &Cluster| {
        use replicarium::engine::protocol::Note;
        use replicarium::engine::world::What;
        let again = |what: &What| matches!(what, What::Noted { note: Note::Resent { .. }, .. });
        t.run().observer().trace().iter().filter(|event| again(&event.what)).count()
    };
    assert_eq!(resent(&t), 0);
}

#[test]
fn the_longest_run_that_may_be_typed_comes_to_its_end() {
    let text = |until_ms: u64| {
        format!(
            r#"{{ "format": 1, "until_ms": {until_ms},
                  "cluster": {{ "nodes": 2, "protocol": "single-leader", "knobs": {{ "failover": {{
                    "heartbeat_ms": 3600000, "detect": {{ "timeout_ms": 21600000 }} }} }} }},
                  "clients": [ {{ "writes_per_s": 1, "until_ms": 1000 }} ] }}"#
        )
    };
    let mut run = replicarium::protocols::read(&text(64_800_000)).expect("a sound scenario").run();
    let happened = run.advance(run.until(), 10_000);
    assert!(happened < 10_000, "time stands still at {:?}", run.now());
    assert_eq!(run.now(), run.until());
    let longer = replicarium::protocols::read(&text(80_000_000))
        .expect_err("more than the world can tell apart");
    assert_eq!(longer[0].mistake.id(), "scenario/out-of-range");
}

/// The report of a built-in scenario with another seed, and the sentence that a reader is told.
fn told(name: &str, seed: u32) -> (Report, String) {
    let mut document =
        scenario::preset(replicarium::protocols::PROTOCOLS, name).expect("a preset").document();
    document.put("seed", Json::Number(f64::from(seed)));
    let mut lab = Lab::load(&document, replicarium::protocols::PROTOCOLS).expect("a sound preset");
    lab.finish();
    let parts = sentence(lab.run()).parts.into_iter().map(|(_, part)| part);
    (lab.report(), parts.collect::<Vec<String>>().join(" "))
}

#[test]
fn reads_that_are_counted_as_stale_break_the_promise_of_fresh_reads_also_where_nobody_leads() {
    let mut stale = 0;
    for seed in 0..20 {
        for name in ["multi-leader-causality", "leaderless-stale-read", "leaderless-read-repair"] {
            let (report, _) = told(name, seed);
            let row = report.verdicts.iter().find(|row| row.promise == "reads-are-fresh");
            let broken = row.expect("a promise").verdict == "broken";
            assert_eq!(broken, report.reads.stale > 0, "{name}, seed {seed}: {:?}", report.reads);
            stale += u32::from(broken);
        }
    }
    assert!(stale > 20, "only {stale} runs with stale reads");
}

#[test]
fn what_was_overwritten_unseen_is_told_at_once_and_not_some_time_later() {
    for seed in 0..20 {
        let (report, sentence) = told("multi-leader-clock-skew", seed);
        let were = if report.overwritten.len() == 1 { "was" } else { "were" };
        let told = format!("{} of them {were} overwritten unseen.", report.overwritten.len());
        let some = !report.overwritten.is_empty();
        assert!(!some || sentence.contains(&told), "seed {seed}: {told} {sentence}");
    }
}

#[track_caller]
fn check_equal(report: &Report) {
    let row = report.verdicts.iter().find(|row| row.promise == "replicas-converge");
    let row = row.expect("a promise");
    assert_eq!(row.verdict, "holds", "seed {}: {:?}", report.seed, row.why);
}

/// n1 had thrown its data away and got those of n2 again, behind its own, which depended on them.
/// n3 was sent what it could not take in yet, again and again.
#[test]
fn who_copied_afresh_gives_others_what_its_own_updates_depend_on() {
    let text = r#"{ "format": 1, "until_ms": 20000,
        "cluster": { "nodes": 3, "protocol": "multi-leader",
          "knobs": { "leaders": 2, "resolve": "siblings", "causality": true } },
        "clients": [ { "count": 4, "writes_per_s": 20, "reads_per_s": 0, "keys": 4,
          "until_ms": 9000 } ],
        "script": [ { "at_ms": 1000, "do": "power-off", "node": "n3" },
          { "at_ms": 6000, "do": "copy-afresh", "node": "n1" },
          { "at_ms": 8000, "do": "restart", "node": "n3" } ] }"#;
    let document = scenario::parse(text).expect("json");
    let mut lab =
        Lab::load(&document, replicarium::protocols::PROTOCOLS).expect("a sound scenario");
    lab.finish();
    check_equal(&lab.report());
}

/// n3 hears n1 alone. What n1 got late from n2 stands behind what n2 wrote afterwards, and was more
/// than fits into one answer before: n1 sent n3 what it had, again and again, and left out the one
/// update that it lacked. A doubled answer was asked for more twice, and so on.
#[test]
fn an_update_that_came_late_to_its_source_is_given_to_those_that_lack_it() {
    let text = r#"{ "format": 1, "until_ms": 20000,
        "cluster": { "nodes": 4, "protocol": "multi-leader",
          "knobs": { "leaders": 2, "resolve": "merge", "data": "counter", "resync_ms": 1000 } },
        "network": { "delay": { "base_ms": 2, "exponential_ms": 1 }, "duplicate": 0.02 },
        "clients": [ { "count": 4, "writes_per_s": 60, "reads_per_s": 0, "keys": 2,
          "until_ms": 8000 } ],
        "script": [ { "at_ms": 1000, "do": "disturb", "from": "n2", "to": "n1", "loss": 0.015 },
          { "at_ms": 1000, "do": "disturb", "from": "n1", "to": "n3", "loss": 0.3 },
          { "at_ms": 9000, "do": "heal-all" } ] }"#;
    for seed in 1..7 {
        let mut document = scenario::parse(text).expect("json");
        document.put("seed", Json::Number(f64::from(seed)));
        let mut lab =
            Lab::load(&document, replicarium::protocols::PROTOCOLS).expect("a sound scenario");
        lab.finish();
        let report = lab.report();
        check_equal(&report);
        assert!(report.events < 50_000, "seed {seed}: {} events: a storm", report.events);
    }
}

/// Whether a node led when this event happened, as it said itself.
fn led(run: &dyn Run<Recorder>, node: NodeId, when: EventId) -> bool {
    let before = run.observer().milestones().iter().take_while(|event| event.id < when);
    before.fold(node == NodeId(0), |leads, event| match event.what {
        What::Noted { node: who, ref note } if who == node && note.promotion().is_some() => true,
        What::Noted { node: who, note: Note::SteppedDown { .. } }
        | What::Crashed { node: who }
        | What::PoweredOff { node: who, .. }
            if who == node =>
        {
            false
        }
        _ => leads,
    })
}

#[test]
fn a_write_that_is_asked_for_again_is_no_split_brain() {
    // Time-outs shorter than some delays, lost messages, patient clients: leaders come and go while one write waits.
    for seed in 1..=40 {
        let document = format!(
            r#"{{ "format": 1, "seed": {seed}, "until_ms": 8000,
                  "cluster": {{ "nodes": 3, "protocol": "single-leader", "knobs": {{
                    "acknowledge": {{ "mode": "semi-sync" }},
                    "failover": {{ "detect": {{ "timeout_ms": 300 }}, "heartbeat_ms": 400 }} }} }},
                  "network": {{ "delay": {{ "uniform_ms": [1, 15] }}, "loss": 0.1 }},
                  "clients": [ {{ "reads_per_s": 0, "timeout_ms": 150,
                    "retry": {{ "idempotent": true, "attempts": 20, "pause_ms": 20 }} }} ] }}"#
        );
        let document = scenario::parse(&document).expect("JSON");
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a scenario");
        lab.finish();
        for reign in lab.run().observer().reigns().iter() {
            let (node, from) = (reign.node, reign.taken.0);
            assert!(
                led(lab.run(), node, from),
                "seed {seed}: {node} took a write for epoch {} in event {}, when it did not lead",
                reign.epoch,
                from.0
            );
        }
        let report = lab.report();
        assert_eq!(report.split_brain_ms, 0.0, "seed {seed}");
    }
}
