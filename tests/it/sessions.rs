//! Reads from followers: which anomalies happen, and which a client is spared by what it does.

use replicarium::engine::observe::report::Reads;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, preset};

const SEEDS: u32 = 20;

/// The reads of a preset over many seeds, with these habits of the clients.
#[track_caller]
fn reads(name: &str, habits: &[&str]) -> Reads {
    let mut all = Reads::default();
    for seed in 0..SEEDS {
        let mut document = preset(PROTOCOLS, name).expect("a preset").document();
        document.put("seed", Json::Number(f64::from(seed)));
        for habit in habits {
            document.set(&format!("clients.0.session.{habit}"), Json::Bool(true));
        }
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
        lab.finish();
        let report = lab.report();
        assert_eq!(report.writes.lost, 0);
        let Reads { total, stale, own_writes_missing, back_in_time, out_of_order } = report.reads;
        all.total += total;
        all.stale += stale;
        all.own_writes_missing += own_writes_missing;
        all.back_in_time += back_in_time;
        all.out_of_order += out_of_order;
        let broken = |promise: &str| {
            let row = report.verdicts.iter().find(|row| row.promise == promise);
            row.expect("a promise").verdict == "broken"
        };
        assert_eq!(broken("reads-are-fresh"), stale > 0, "seed {seed}");
        assert_eq!(broken("read-your-writes"), own_writes_missing > 0, "seed {seed}");
        assert_eq!(broken("monotonic-reads"), back_in_time > 0, "seed {seed}");
        assert_eq!(broken("consistent-prefix"), out_of_order > 0, "seed {seed}");
    }
    println!("{name} {habits:?}: {all:?}");
    all
}

#[test]
fn reads_from_any_node_show_every_anomaly() {
    let all = reads("follower-reads-stale", &[]);
    let counts = [all.stale, all.own_writes_missing, all.back_in_time, all.out_of_order];
    assert!(counts.iter().all(|count| *count > 100), "{all:?}");
}

#[test]
fn who_stays_with_one_node_never_goes_back_in_time() {
    let all = reads("follower-reads-stale", &["sticky"]);
    assert_eq!((all.back_in_time, all.out_of_order), (0, 0));
    assert!(all.stale > 100 && all.own_writes_missing > 100, "{all:?}");
}

#[test]
fn who_remembers_its_place_sees_its_writes_and_all_in_order() {
    let all = reads("follower-reads-stale", &["remember_position"]);
    assert_eq!((all.own_writes_missing, all.back_in_time, all.out_of_order), (0, 0, 0));
    assert!(all.stale > 0, "what others wrote may still be missing");
}

#[test]
fn who_reads_its_own_writes_from_the_leader_finds_them() {
    let all = reads("follower-reads-own-writes", &[]);
    assert!(all.own_writes_missing > 100, "{all:?}");
    let mended = reads("follower-reads-own-writes-mended", &[]);
    assert_eq!(mended.own_writes_missing, 0);
    assert!(mended.stale > 0, "what others wrote may still be missing");
}
