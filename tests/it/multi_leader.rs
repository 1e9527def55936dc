//! The multi-leader scenarios that are kept ready tell the stories that their names promise, over
//! many seeds.

use replicarium::engine::base::{EventId, Key, NodeId, SimTime};
use replicarium::engine::observe::{End, Report};
use replicarium::engine::protocol::parts::Dot;
use replicarium::engine::protocol::{MessageKind, Note, RecordRef};
use replicarium::engine::world::What;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, preset};

use crate::support::parallel::each;

const SEEDS: u32 = 60;

fn document(name: &str, seed: u32, change: impl Fn(&mut Json)) -> Json {
    let mut document = preset(PROTOCOLS, name).expect("a preset").document();
    document.put("seed", Json::Number(f64::from(seed)));
    change(&mut document);
    document
}

fn lab(document: &Json) -> Lab {
    Lab::load(document, PROTOCOLS).expect("a sound preset")
}

fn told(document: &Json) -> Report {
    let mut lab = lab(document);
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

fn holds(report: &Report, promise: &str) -> bool {
    let row = report.verdicts.iter().find(|row| row.promise == promise).expect("a promise");
    row.verdict == "holds"
}

#[test]
fn a_cut_link_lets_two_leaders_conflict_and_the_losers_are_named() {
    let reports = over_seeds("multi-leader-conflict", nothing);
    let shown = reports.iter().filter(|report| report.writes.overwritten > 0).count();
    assert!(shown > 50, "only {shown} of {SEEDS}");
    for report in &reports {
        assert_eq!(report.overwritten.len(), report.writes.overwritten as usize);
        assert!(report.overwritten.iter().all(|row| !row.by.is_empty() && !row.why.is_empty()));
        assert_eq!(report.writes.lost, 0, "what is dropped has a winner");
        assert!(holds(report, "replicas-converge"), "seed {}", report.seed);
    }
    let opened = told(&document("multi-leader-conflict", 3, nothing));
    assert!(opened.writes.overwritten > 0, "the seed that the page opens with");
}

#[test]
fn siblings_and_merged_writes_are_never_dropped() {
    for name in ["multi-leader-siblings", "multi-leader-counter"] {
        for report in over_seeds(name, nothing) {
            assert_eq!(report.writes.overwritten + report.writes.lost, 0, "seed {}", report.seed);
            assert!(holds(&report, "acknowledged-writes-survive"));
            assert!(holds(&report, "replicas-converge"));
        }
    }
}

#[test]
fn the_leader_with_the_fast_clock_wins_every_conflict() {
    let reports = over_seeds("multi-leader-clock-skew", nothing);
    let mut replaced = 0;
    for report in &reports {
        for row in &report.overwritten {
            assert!(row.why.contains("n2"), "seed {}: {}", report.seed, row.why);
            replaced += usize::from(row.why.starts_with("it replaced"));
        }
    }
    let shown = reports.iter().filter(|report| report.writes.overwritten > 0).count();
    assert!(shown > 55 && replaced > 60, "{shown} of {SEEDS}, {replaced} had seen the winner");
    let right = |document: &mut Json| document.set("clocks", Json::List(Vec::new()));
    let fair: u32 =
        over_seeds("multi-leader-clock-skew", right).iter().map(|r| r.writes.overwritten).sum();
    let skewed: u32 = reports.iter().map(|report| report.writes.overwritten).sum();
    assert!(fair * 5 < skewed, "{fair} with right clocks, {skewed} with a fast one");
}

#[test]
fn a_merged_counter_counts_every_acknowledged_write() {
    for seed in 0..SEEDS {
        let mut lab = lab(&document("multi-leader-counter", seed, nothing));
        lab.finish();
        let history = lab.run().observer().history();
        for key in (0..2).map(Key) {
            let mine = history.iter().filter(|(_, op)| op.is_write() && op.key() == key);
            let acknowledged = mine.filter(|(_, op)| op.is_acknowledged()).count();
            for node in (0..2).map(NodeId) {
                let counted = lab.run().view().nodes.stored(node, key).len();
                assert_eq!(counted, acknowledged, "seed {seed}: {key} on {node}");
            }
        }
    }
}

/// What each leader would show readers shortly before n2 is back, the clients long silent.
fn while_a_leader_is_away(topology: &'static str, seed: u32) -> Vec<Option<u64>> {
    let document = document("multi-leader-ring-breaks", seed, |document| {
        document.set("cluster.knobs.topology", Json::text(topology));
        document.set("clients.0.until_ms", Json::Number(8_000.0));
    });
    let mut lab = lab(&document);
    let time = SimTime::from_millis(9_900);
    while lab.now() < time {
        lab.seek(time);
    }
    let nodes = lab.run().view().nodes;
    [0, 2, 3].map(|node| nodes.state_digest(NodeId(node))).to_vec()
}

#[test]
fn a_ring_that_lost_a_leader_passes_nothing_on_and_all_to_all_does() {
    let same = |data: &[Option<u64>]| data.iter().all(|other| *other == data[0]);
    for seed in 0..20 {
        assert!(!same(&while_a_leader_is_away("ring", seed)), "seed {seed}");
        assert!(same(&while_a_leader_is_away("all-to-all", seed)), "seed {seed}");
        assert!(same(&while_a_leader_is_away("star", seed)), "seed {seed}: n1 is there");
    }
    let mended = over_seeds("multi-leader-ring-breaks", nothing);
    assert!(mended.iter().all(|report| holds(report, "replicas-converge")));
}

/// How many answers of n3 show a write before one that its writer had seen was there, by what the
/// world delivered and when. Nobody asks for what it missed: answers to that carry several updates,
/// of which the world shows the first and the last. So each one arrives in a message of its own.
fn effects_before_causes(seed: u32, causality: bool) -> usize {
    let change = |document: &mut Json| {
        document.set("cluster.knobs.causality", Json::Bool(causality));
        document.set("cluster.knobs.resync_ms", Json::Null);
    };
    let mut lab = lab(&document("multi-leader-causality", seed, change));
    lab.finish();
    let (run, n3) = (lab.run(), NodeId(2));
    let records = run.view().records;
    let arrivals: Vec<(SimTime, RecordRef)> = run
        .observer()
        .trace()
        .from_event(EventId(1))
        .filter_map(|event| match event.what {
            What::Delivered { to, message, .. }
                if to == n3 && message.kind == MessageKind::Update =>
            {
                Some((event.at, RecordRef::named(message.first)))
            }
            _ => None,
        })
        .collect();
    let arrived = |dot: Dot| {
        let of = |at: RecordRef| records.version(at).is_some_and(|version| version.dot() == dot);
        arrivals.iter().find(|(_, at)| of(*at)).map(|(at, _)| *at)
    };
    let reads = run.observer().history().iter().filter(|(_, op)| op.node == Some(n3));
    let early = reads.filter(|(_, operation)| {
        let End::Value { version, .. } = operation.end else { return false };
        let Some(shown) = records.version(RecordRef::named(version)) else { return false };
        shown.vector.entries().iter().any(|(node, counter)| {
            let cause = arrived(Dot { node: *node, counter: *counter });
            cause.is_none_or(|at| at > operation.ended)
        })
    });
    early.count()
}

#[test]
fn an_effect_is_shown_before_its_cause_and_version_vectors_prevent_it() {
    let seeds: Vec<u32> = (0..SEEDS).collect();
    let open = each(&seeds, |seed| effects_before_causes(*seed, false));
    let shown = open.iter().filter(|early| **early > 0).count();
    assert!(shown > 50, "only {shown} of {SEEDS}");
    let kept = each(&seeds, |seed| effects_before_causes(*seed, true));
    assert!(kept.iter().all(|early| *early == 0), "{kept:?}");
}

/// What was taken early and what was held back in the scenario as it is, by the nodes' own words.
fn taken_early_and_held_back(seed: u32, causality: bool) -> (usize, usize) {
    let change = knob("causality", Json::Bool(causality));
    let mut lab = lab(&document("multi-leader-causality", seed, change));
    lab.finish();
    let notes = |is: fn(&Note) -> bool| {
        let all = lab.run().observer().milestones().iter();
        all.filter(|event| matches!(&event.what, What::Noted { note, .. } if is(note))).count()
    };
    let early = notes(|note| matches!(note, Note::TakenEarly { .. }));
    (early, notes(|note| matches!(note, Note::HeldBack { .. })))
}

#[test]
fn what_would_come_too_early_is_held_back_also_while_nodes_ask_for_what_they_missed() {
    let seeds: Vec<u32> = (0..SEEDS).collect();
    let open = each(&seeds, |seed| taken_early_and_held_back(*seed, false));
    assert!(open.iter().filter(|(early, _)| *early > 0).count() > 50, "{open:?}");
    assert!(open.iter().all(|(_, held)| *held == 0), "{open:?}");
    let kept = each(&seeds, |seed| taken_early_and_held_back(*seed, true));
    assert!(kept.iter().all(|(early, _)| *early == 0), "{kept:?}");
    assert!(kept.iter().filter(|(_, held)| *held > 0).count() > 50, "{kept:?}");
}

#[test]
fn keys_with_a_home_leader_do_not_conflict() {
    let avoided = over_seeds("multi-leader-home", nothing);
    assert!(avoided.iter().all(|report| report.writes.overwritten + report.writes.lost == 0));
    let open = over_seeds("multi-leader-home", knob("home_leader", Json::Bool(false)));
    let conflicts = open.iter().filter(|report| report.writes.overwritten > 0).count();
    assert!(conflicts > 40, "only {conflicts} of {SEEDS}");
    let longest = |report: &Report| report.latency_ms.write.max;
    let median = |reports: &[Report]| {
        let mut all: Vec<f64> = reports.iter().filter_map(longest).collect();
        all.sort_unstable_by(f64::total_cmp);
        all[all.len() / 2]
    };
    assert!(median(&avoided) > 900.0, "while the link is cut a write waits for its home");
    assert!(median(&open) < 200.0, "any leader takes any write");
}
