//! The scenarios of chains tell the stories that their names promise, whatever the seed.

use replicarium::engine::base::EventId;
use replicarium::engine::observe::Report;
use replicarium::engine::protocol::{MessageKind, Note};
use replicarium::engine::world::What;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, preset};

const SEEDS: u32 = 60;

#[track_caller]
fn played(name: &str, seed: u32) -> Lab {
    let mut document = preset(PROTOCOLS, name).expect("a preset").document();
    document.put("seed", Json::Number(f64::from(seed)));
    let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
    lab.finish();
    lab
}

/// Every promise holds, nothing was read too old, all replicas that run hold the same.
#[track_caller]
fn check_kept(report: &Report) {
    let seed = report.seed;
    assert_eq!((report.writes.lost, report.reads.stale), (0, 0), "seed {seed}");
    for row in &report.verdicts {
        assert_ne!(row.verdict, "broken", "seed {seed}: {}: {:?}", row.promise, row.why);
    }
    let data: Vec<&String> = report
        .replicas
        .iter()
        .filter(|replica| replica.role.is_some_and(|role| role != "service"))
        .filter_map(|replica| replica.state_digest.as_ref())
        .collect();
    assert!(data.len() >= 2 && data.iter().all(|digest| *digest == data[0]), "seed {seed}");
}

/// The roles of the nodes at the end.
fn roles(report: &Report) -> Vec<&'static str> {
    report.replicas.iter().map(|replica| replica.role.unwrap_or(replica.up)).collect()
}

fn noted(lab: &Lab, is: impl Fn(&Note) -> bool) -> Option<f64> {
    let mut events = lab.run().observer().milestones().iter();
    let found = events.find(|event| matches!(&event.what, What::Noted { note, .. } if is(note)));
    found.map(|event| event.at.as_millis_f64())
}

#[test]
fn a_dead_head_is_replaced_by_its_successor_and_reads_never_stop() {
    for seed in 0..SEEDS {
        let report = played("chain-head-crash", seed).report();
        check_kept(&report);
        let [failover] = &report.failovers[..] else { panic!("{:?}", report.failovers) };
        assert_eq!((failover.old.as_str(), failover.new.as_str()), ("n1", "n2"), "seed {seed}");
        assert!((1_000.0..2_000.0).contains(&report.unavailable_ms.write), "seed {seed}");
        assert_eq!(report.unavailable_ms.read, 0.0, "seed {seed}: the tail answers on");
        assert_eq!(roles(&report), ["tail", "head", "middle", "service"], "seed {seed}");
    }
}

#[test]
fn a_dead_middle_stops_writes_only_until_its_neighbours_have_joined_hands() {
    let mut resent = 0;
    for seed in 0..SEEDS {
        let lab = played("chain-middle-crash", seed);
        let report = lab.report();
        check_kept(&report);
        assert!(report.failovers.is_empty(), "seed {seed}");
        assert_eq!(report.unavailable_ms.read, 0.0, "seed {seed}: the tail answers on");
        assert!((1_000.0..2_000.0).contains(&report.unavailable_ms.write), "seed {seed}");
        assert_eq!(roles(&report), ["head", "tail", "middle", "service"], "seed {seed}");
        let again = noted(&lab, |note| matches!(note, Note::Joined { missing: 1.., .. }));
        resent += u32::from(again.is_some());
    }
    assert_eq!(resent, SEEDS, "what the dead node had is sent again");
}

#[test]
fn a_dead_tail_stops_reads_and_writes_until_the_node_before_it_is_the_tail() {
    for seed in 0..SEEDS {
        let report = played("chain-tail-crash", seed).report();
        check_kept(&report);
        for stopped in [report.unavailable_ms.write, report.unavailable_ms.read] {
            assert!((1_000.0..2_200.0).contains(&stopped), "seed {seed}: {stopped}");
        }
        assert_eq!(roles(&report), ["head", "middle", "tail", "service"], "seed {seed}");
    }
}

#[test]
fn a_new_node_is_fed_while_clients_write_and_becomes_the_tail() {
    for seed in 0..SEEDS {
        let report = played("chain-node-joins", seed).report();
        check_kept(&report);
        let [row] = &report.catch_ups[..] else { panic!("seed {seed}: {:?}", report.catch_ups) };
        assert_eq!((row.node.as_str(), row.method), ("n5", "snapshot"), "seed {seed}");
        assert_eq!(report.unavailable_ms.write, 0.0, "seed {seed}: clients wrote on meanwhile");
        let end = ["head", "middle", "middle", "service", "tail"];
        assert_eq!(roles(&report), end, "seed {seed}");
    }
}

#[test]
fn in_craq_every_node_answers_and_asks_the_tail_where_its_version_is_dirty() {
    for seed in 0..SEEDS {
        let lab = played("chain-craq-dirty-read", seed);
        check_kept(&lab.report());
        let trace = lab.run().observer().trace();
        let (mut asked, mut answered) = (0, [0; 3]);
        for event in trace.from_event(EventId(1)) {
            match event.what {
                What::Sent { message, .. } if message.kind == MessageKind::VersionQuery => {
                    asked += 1
                }
                What::Answered { node, outcome, .. } => {
                    use replicarium::engine::protocol::Outcome;
                    if let (Outcome::Value { .. }, Some(n)) =
                        (outcome, answered.get_mut(node.index()))
                    {
                        *n += 1;
                    }
                }
                _ => {}
            }
        }
        assert!(asked > 30, "seed {seed}: {asked} dirty reads");
        assert!(answered.iter().all(|n| *n > 50), "seed {seed}: {answered:?}");
    }
}

#[test]
fn a_tail_that_the_service_no_longer_hears_stops_before_another_is_the_tail() {
    for seed in 0..SEEDS {
        let lab = played("chain-false-suspicion", seed);
        check_kept(&lab.report());
        let silent = noted(&lab, |note| matches!(note, Note::ServiceSilent));
        let replaced = noted(&lab, |note| matches!(note, Note::BecameTail { .. }));
        let excluded = noted(&lab, |note| matches!(note, Note::LeftOut { .. }));
        let (replaced, excluded) = (replaced.expect("replaced"), excluded.expect("left out"));
        assert!(excluded <= replaced, "seed {seed}");
        if let Some(silent) = silent {
            // It says so at its next beat; it refuses from the end of its time-out on.
            assert!(silent < replaced + 250.0, "seed {seed}: {silent} {replaced}");
        }
    }
}
