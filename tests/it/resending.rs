//! On links that lose nothing nothing is sent again, whatever the settings, the load, the disks and
//! the delays are: no record twice over a link, no note that something was lost.

use std::collections::BTreeSet;

use replicarium::engine::base::NodeId;
use replicarium::engine::protocol::{MessageKind, Note};
use replicarium::engine::world::What;

use crate::support::parallel::each;

/// A small generator of numbers, so that a setting has a seed of its own.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// Settings at random: everything that takes time may take long, nothing is lost. Who is watched is
/// watched with more patience than anything takes.
fn settings(seed: u64) -> String {
    let mut draw = Draw(seed);
    let nodes = 2 + draw.below(5);
    let beat = draw.of(&["20", "50", "100", "250", "500", "1000"]);
    let (protocol, knobs) = if draw.below(2) == 0 {
        let variant = draw.of(&["chain", "craq", "primary-backup", "weak"]);
        let knobs = format!(
            r#""variant": "{variant}", "detect": {{ "heartbeat_ms": {beat}, "timeout_ms": 600000 }}"#
        );
        ("chain", knobs)
    } else {
        let mode = draw.of(&["async", "semi-sync", "sync"]);
        let on = draw.of(&["received", "flushed", "applied"]);
        let promote = draw.of(&["by-hand", "first-to-notice", "majority"]);
        let knobs = format!(
            r#""acknowledge": {{ "mode": "{mode}", "on": "{on}", "give_up_after_ms": null }},
               "failover": {{ "promote": "{promote}", "heartbeat_ms": {beat},
                              "detect": {{ "timeout_ms": 600000 }} }}"#
        );
        ("single-leader", knobs)
    };
    let (delay, spread) = (1 + draw.below(400), 1 + draw.below(100));
    let flush = draw.of(&["0", "1", "20", "300", "1500"]);
    let apply = draw.of(&["0", "0", "5", "20"]);
    let write = draw.of(&["0", "5", "50"]);
    let clients = 1 + draw.below(30);
    format!(
        r#"{{ "format": 1, "seed": {seed}, "until_ms": 30000,
          "cluster": {{ "nodes": {nodes}, "protocol": "{protocol}", "knobs": {{ {knobs} }} }},
          "network": {{ "delay": {{ "base_ms": {delay}, "exponential_ms": {spread} }},
                        "clients_delay": {{ "constant_ms": 1 }} }},
          "disk": {{ "flush": {{ "constant_ms": {flush} }} }},
          "service": {{ "write_ms": {write}, "apply_ms": {apply} }},
          "clients": [ {{ "count": {clients}, "loop": "closed", "update_fraction": 0.7, "think_ms": 100,
                          "timeout_ms": 60000 }} ] }}"#
    )
}

/// How often a record went over a link for the second time, and how often a node said so.
fn again(text: &str) -> (u32, u32, u32) {
    let scenario = replicarium::protocols::read(text)
        .unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let mut run = scenario.run();
    run.advance(run.until(), u32::MAX);
    let mut seen: BTreeSet<(NodeId, NodeId, u32, u32)> = BTreeSet::new();
    let (mut twice, mut noted, mut sent) = (0, 0, 0);
    for event in run.observer().trace().iter() {
        match event.what {
            What::Sent { from, to, message, .. } => {
                let carries = matches!(message.kind, MessageKind::Append | MessageKind::Forward);
                for position in message.first.0.max(1)..=message.last.0 {
                    let (epoch, new) = (message.epoch.0, carries);
                    if new {
                        sent += 1;
                        twice += u32::from(!seen.insert((from, to, epoch, position)));
                    }
                }
            }
            What::Noted { note: Note::Resent { .. }, .. } => noted += 1,
            _ => {}
        }
    }
    (twice, noted, sent)
}

#[test]
fn no_record_is_sent_twice_over_a_link_that_loses_nothing() {
    let seeds: Vec<u64> = (0..120).collect();
    let found = each(&seeds, |seed| again(&settings(*seed)));
    for (seed, (twice, noted, _)) in seeds.iter().zip(&found) {
        assert_eq!(
            (*twice, *noted),
            (0, 0),
            "records sent twice, notes of it:\n{}",
            settings(*seed)
        );
    }
    let sent: u32 = found.iter().map(|(.., sent)| sent).sum();
    assert!(sent > 10_000, "only {sent} records were sent at all");
}

#[test]
fn what_a_link_loses_is_sent_again_until_it_is_there() {
    for protocol in ["chain", "single-leader"] {
        let text = format!(
            r#"{{ "format": 1, "seed": 4, "until_ms": 60000,
              "cluster": {{ "nodes": 4, "protocol": "{protocol}" }},
              "network": {{ "loss": 0.1 }},
              "clients": [ {{ "writes_per_s": 20, "until_ms": 30000 }} ] }}"#
        );
        let (twice, ..) = again(&text);
        assert!(twice > 20, "{protocol}: {twice} records were sent again");
        let mut run = replicarium::protocols::read(&text).expect("a sound scenario").run();
        run.advance(run.until(), u32::MAX);
        let facts = |node| run.view().nodes.facts(NodeId(node)).map(|facts| facts.applied);
        let all: Vec<_> = (0..4).map(facts).collect();
        assert!(all.iter().all(|applied| *applied == all[0]), "{protocol}: {all:?}");
        assert!(all[0].is_some_and(|applied| applied.0 > 300), "{protocol}: {all:?}");
    }
}

/// How often a leader passed a write on over the same link, or gave several at once, as it does where
/// it takes them for lost.
fn passed_again(text: &str) -> (u32, usize) {
    let mut run =
        replicarium::protocols::read(text).unwrap_or_else(|problems| panic!("{problems:?}")).run();
    run.advance(run.until(), u32::MAX);
    let (mut seen, mut again) = (BTreeSet::new(), 0);
    for event in run.observer().trace().iter() {
        if let What::Sent { from, to, message, .. } = event.what {
            if message.kind == MessageKind::Update && message.last.0 > 0 {
                let new = seen.insert((from, to, message.first.0, message.last.0));
                again += u32::from(!new || message.first != message.last);
            }
        }
    }
    (again, seen.len())
}

#[test]
fn leaders_pass_a_write_on_once_however_long_it_takes() {
    let text = |seed: u64, topology: &str, delay: u64, every: u64, flush: u64| {
        format!(
            r#"{{ "format": 1, "seed": {seed}, "until_ms": 40000,
              "cluster": {{ "nodes": 4, "protocol": "multi-leader",
                "knobs": {{ "leaders": 4, "topology": "{topology}", "resync_ms": {every} }} }},
              "network": {{ "delay": {{ "base_ms": {delay}, "exponential_ms": 20 }} }},
              "disk": {{ "flush": {{ "constant_ms": {flush} }} }},
              "clients": [ {{ "count": 4, "writes_per_s": 2, "timeout_ms": 20000 }} ] }}"#
        )
    };
    for (seed, topology) in (0..).zip(["all-to-all", "ring", "star"]) {
        for (delay, every, flush) in [(1, 300, 1), (700, 300, 1), (2_000, 300, 1), (20, 100, 1_500)]
        {
            let text = text(seed, topology, delay, every, flush);
            let (again, sent) = passed_again(&text);
            assert_eq!(again, 0, "{text}");
            assert!(sent > 100, "only {sent} writes were passed on\n{text}");
        }
    }
}
