//! The scenarios that are kept ready tell the stories that their names promise.

use replicarium::engine::observe::Report;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, preset, presets};

#[test]
fn a_built_in_scenario_has_one_title_and_no_other_has_the_same() {
    let mut titles = std::collections::BTreeSet::new();
    for preset in presets(PROTOCOLS) {
        let document = preset.document();
        let title = document.field("title").and_then(Json::as_text);
        assert_eq!(title, Some(preset.title), "{}: the list and the document", preset.name);
        assert!(titles.insert(preset.title), "{}: another scenario has this title", preset.name);
    }
}

#[track_caller]
fn told(name: &str, seed: Option<u32>) -> Report {
    let mut document = preset(PROTOCOLS, name).expect("a preset").document();
    if let Some(seed) = seed {
        document.put("seed", Json::Number(f64::from(seed)));
    }
    let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
    lab.finish();
    lab.report()
}

#[track_caller]
fn check_verdict(report: &Report, promise: &str, expected: &str) {
    let found = report.verdicts.iter().find(|row| row.promise == promise).expect("a promise");
    assert_eq!(found.verdict, expected, "seed {}: {promise}: {:?}", report.seed, found.why);
}

/// Every replica runs and holds the same data at the end.
#[track_caller]
fn check_agreement(report: &Report) {
    let data: Vec<&Option<String>> = report.replicas.iter().map(|r| &r.state_digest).collect();
    let same = data.iter().all(|digest| digest.is_some() && *digest == data[0]);
    assert!(same, "seed {}: {:?}", report.seed, report.replicas);
}

/// Nothing that the mode acknowledged is lost, whatever the seed.
#[track_caller]
fn check_nothing_lost(name: &str) {
    for seed in 0..200 {
        let report = told(name, Some(seed));
        assert_eq!(report.writes.lost, 0, "seed {seed}: {:?}", report.lost);
        check_verdict(&report, "acknowledged-writes-survive", "holds");
        check_agreement(&report);
    }
}

#[test]
fn the_leaders_death_loses_nothing_that_one_follower_confirmed() {
    check_nothing_lost("semi-sync-leader-crash");
}

#[test]
fn the_leaders_death_loses_nothing_that_every_follower_confirmed() {
    check_nothing_lost("sync-leader-crash");
}

#[test]
fn the_same_death_loses_what_was_acknowledged_at_once_and_not_yet_shipped() {
    let (mut with_loss, mut lost) = (0, 0);
    for seed in 0..200 {
        let report = told("async-leader-crash", Some(seed));
        assert_eq!(report.lost.len(), report.writes.lost as usize, "every one is named");
        assert!(report.lost.iter().all(|lost| !lost.why.is_empty()), "{:?}", report.lost);
        check_agreement(&report);
        with_loss += u32::from(report.writes.lost > 0);
        lost += report.writes.lost;
    }
    assert!(with_loss >= 150, "only {with_loss} of 200 runs lost anything");
    assert!((400..1_200).contains(&lost), "{lost} lost in 200 runs: two to six each were meant");
}

#[test]
fn one_silent_follower_blocks_every_write_under_sync() {
    let report = told("sync-follower-silent", None);
    assert_eq!((report.writes.lost, report.writes.unknown), (0, 0));
    assert!((report.unavailable_ms.write - 6_000.0).abs() < 20.0, "{:?}", report.unavailable_ms);
    check_agreement(&report);
}

#[test]
fn no_write_is_acknowledged_while_the_follower_is_silent() {
    let document = preset(PROTOCOLS, "sync-follower-silent").expect("a preset").document();
    let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
    let acknowledged = |lab: &mut Lab, ms: u64| {
        let elapsed = replicarium::engine::base::SimTime::from_millis(ms).since(lab.now());
        lab.advance(elapsed, u32::MAX);
        lab.report().writes.acknowledged
    };
    // What was confirmed before the pause is still on its way to the clients for a moment.
    let before = acknowledged(&mut lab, 6_020);
    assert!(before > 1_000, "{before}");
    assert_eq!(acknowledged(&mut lab, 12_000), before);
    assert!(acknowledged(&mut lab, 12_100) > before + 1_000, "those that waited are released");
}

#[test]
fn a_leader_that_nobody_confirms_goes_on_alone_and_says_so() {
    let document = preset(PROTOCOLS, "semi-sync-degrades").expect("a preset").document();
    let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
    lab.finish();
    let report = lab.report();
    assert_eq!((report.writes.lost, report.writes.unknown), (0, 0));
    assert!((report.unavailable_ms.write - 3_000.0).abs() < 20.0, "{:?}", report.unavailable_ms);
    let told: Vec<String> = replicarium::view::log(lab.run(), replicarium::lab::EventId(0))
        .into_iter()
        .map(|line| line.text)
        .collect();
    let text = told.join("\n");
    let says = |what: &str| assert!(text.contains(what), "nobody says {what:?}:\n{text}");
    says("without confirmations");
    says("waits for confirmations again");
    check_agreement(&report);
}

#[test]
fn a_follower_catches_up_from_the_log_while_it_is_there() {
    let report = told("catch-up-from-log", None);
    let methods: Vec<&str> = report.catch_ups.iter().map(|row| row.method).collect();
    assert_eq!(methods, ["log"]);
    check_agreement(&report);
}

#[test]
fn a_new_follower_catches_up_from_a_snapshot_and_then_the_log() {
    let report = told("catch-up-from-snapshot", None);
    let [row] = &report.catch_ups[..] else { panic!("{:?}", report.catch_ups) };
    assert_eq!((row.node.as_str(), row.method), ("n4", "snapshot"));
    let pieces = row.caught_up_ms.expect("caught up") - row.started_ms;
    // The snapshot has some 55 kB and goes at 20 kB a second, the log is short.
    assert!((2_000.0..4_000.0).contains(&pieces), "{row:?}");
    assert_eq!(report.unavailable_ms.write, 0.0, "clients wrote on meanwhile");
    check_agreement(&report);
}

#[test]
fn a_snapshot_that_comes_too_late_is_followed_by_another() {
    let report = told("catch-up-log-truncated", None);
    let done: Vec<(&str, bool)> =
        report.catch_ups.iter().map(|row| (row.method, row.caught_up_ms.is_some())).collect();
    assert_eq!(done, [("snapshot", false), ("snapshot", true)]);
    check_agreement(&report);
}

#[test]
fn a_paused_leader_is_replaced_and_follows_when_it_comes_back() {
    let report = told("false-suspicion", None);
    let [suspicion] = &report.suspicions[..] else { panic!("{:?}", report.suspicions) };
    assert!(!suspicion.true_crash, "it was alive");
    assert_eq!(report.failovers.len(), 1);
    check_verdict(&report, "one-leader", "holds");
    check_agreement(&report);
}

#[test]
fn two_leaders_accept_writes_only_without_fencing() {
    let open = told("split-brain-unfenced", None);
    check_verdict(&open, "one-leader", "broken");
    assert!(open.split_brain_ms > 5_000.0, "{}", open.split_brain_ms);
    let fenced = told("split-brain-fenced", None);
    check_verdict(&fenced, "one-leader", "holds");
    assert_eq!(fenced.split_brain_ms, 0.0);
    assert!(fenced.writes.lost < open.writes.lost / 4, "the fence bounds what is lost");
    check_agreement(&fenced);
}

#[test]
fn a_lease_keeps_one_leader_only_if_its_clock_runs_as_the_others_do() {
    let (mut split, mut stale) = (0, 0);
    for seed in 0..50 {
        let drifting = told("lease-fails-by-drift", Some(seed));
        check_agreement(&drifting);
        // Its lease of 2 s lasts 4; the others wait for 2 to 3, and then one asks for votes. Where
        // the votes are split the next attempt comes when the lease is over.
        if drifting.split_brain_ms > 0.0 {
            check_verdict(&drifting, "one-leader", "broken");
            assert!(drifting.split_brain_ms < 2_100.0, "{}", drifting.split_brain_ms);
            split += 1;
        }
        stale += u32::from(drifting.reads.stale > 0);
        let mut document = preset(PROTOCOLS, "lease-fails-by-drift").expect("a preset").document();
        document.put("seed", Json::Number(f64::from(seed)));
        document.remove("clocks");
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound scenario");
        lab.finish();
        let right = lab.report();
        check_verdict(&right, "one-leader", "holds");
        assert_eq!(right.split_brain_ms, 0.0);
        // What the cut-off leader had acknowledged until its lease ended is lost, and missed.
        assert!(right.reads.stale == 0 || right.writes.lost > 0, "seed {seed}");
        assert!(
            right.writes.lost < drifting.writes.lost,
            "seed {seed}: a lease bounds what is lost"
        );
    }
    assert!(split >= 40, "only {split} of 50 runs had two leaders");
    assert!(stale >= 30, "only {stale} of 50 runs had stale reads");
}

#[test]
fn what_an_old_leader_acknowledged_alone_is_cut_off_when_it_returns() {
    let report = told("old-leader-returns", None);
    assert!(report.writes.lost > 20, "{:?}", report.writes);
    assert_eq!(report.failovers.len(), 1);
    check_agreement(&report);
}

#[test]
fn a_power_outage_tears_the_last_record_and_loses_what_was_not_flushed() {
    let report = told("power-outage-torn-record", None);
    assert!(report.writes.lost > 0);
    assert!(report.lost.iter().all(|lost| lost.why.contains("flushed")), "{:?}", report.lost);
    check_agreement(&report);
}

#[test]
fn thirty_seconds_pass_before_anybody_takes_over() {
    let report = told("timeout-30s", None);
    let [failover] = &report.failovers[..] else { panic!("{:?}", report.failovers) };
    let silence = failover.suspected_ms.expect("noticed") - failover.died_ms.expect("died");
    assert!((28_900.0..30_100.0).contains(&silence), "{silence}");
    assert!(report.unavailable_ms.write > 28_000.0, "{:?}", report.unavailable_ms);
    check_agreement(&report);
}

#[test]
fn suspicion_that_accumulates_learns_the_jitter_that_a_short_time_out_takes_for_death() {
    let seeds = || (0..20).map(Some);
    let wrong = |name| -> usize {
        let false_ones =
            |report: Report| report.suspicions.iter().filter(|s| !s.true_crash).count();
        seeds().map(|seed| false_ones(told(name, seed))).sum()
    };
    let (fixed, phi) = (wrong("fixed-under-jitter"), wrong("phi-accrual"));
    assert!(fixed >= 40, "the fixed time-out erred only {fixed} times in 20 runs");
    assert!(phi * 5 <= fixed, "phi erred {phi} times, the fixed time-out {fixed} times");
    for seed in seeds() {
        let report = told("phi-accrual", seed);
        let noticed = report.suspicions.iter().any(|suspicion| suspicion.true_crash);
        assert!(noticed, "seed {seed:?}: the real death is noticed too");
    }
}

/// How many of a hundred seeds end with a total that does not hold, and in how many rows are missing.
fn wrong_totals(name: &str, change: &[(&str, Json)]) -> (u32, u32) {
    let (mut wrong, mut missing) = (0, 0);
    for seed in 0..100 {
        let mut document = preset(PROTOCOLS, name).expect("a preset").document();
        document.put("seed", Json::Number(f64::from(seed)));
        for (path, value) in change {
            document.set(path, value.clone());
        }
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound preset");
        lab.finish();
        let report = lab.report();
        let row = report.verdicts.iter().find(|row| row.promise == "invariant-over-keys");
        let broken = row.expect("a promise").verdict == "broken";
        let accounts = |node| lab.run().view().nodes.facts(node).and_then(|facts| facts.accounts);
        let [leader, copy] = [0, 2].map(|node| accounts(replicarium::lab::NodeId(node)));
        let (leader, copy) = (leader.expect("accounts"), copy.expect("copied accounts"));
        assert_eq!(broken, !copy.add_up(), "seed {seed}");
        assert!(leader.add_up(), "seed {seed}: the leader's own data is sound");
        // Nothing complains: it follows, and its log is the leader's.
        check_verdict(&report, "replicas-agree", "holds");
        assert_eq!(report.replicas[2].last, report.replicas[0].last, "seed {seed}");
        assert_eq!(report.catch_ups.len(), 1);
        assert!(report.catch_ups[0].caught_up_ms.is_some(), "seed {seed}");
        wrong += u32::from(broken);
        missing += u32::from(copy.rows < leader.rows);
    }
    (wrong, missing)
}

#[test]
fn data_files_copied_slowly_are_wrong_and_a_snapshot_is_right() {
    let (wrong, missing) = wrong_totals("copy-files-wrong", &[]);
    println!("copied files: wrong {wrong}, rows missing {missing} of 100");
    assert!(wrong >= 90, "only {wrong} of 100 totals were wrong");
    assert!(missing >= 50, "only {missing} of 100 copies lacked rows");
    assert_eq!(wrong_totals("copy-snapshot-right", &[]), (0, 0));
}

#[test]
fn a_fast_copy_gets_away_with_it() {
    let at_once = [("cluster.knobs.catch_up.page_pause_ms", Json::Number(0.0))];
    assert_eq!(wrong_totals("copy-files-wrong", &at_once), (0, 0));
}
