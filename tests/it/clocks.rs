//! A node's timers run at the pace of its own clock, in every protocol.

use std::collections::BTreeMap;

use replicarium::engine::base::{EventId, NodeId};
use replicarium::engine::observe::Recorder;
use replicarium::engine::protocol::TimerKind;
use replicarium::engine::world::{ClockSetup, Run, What, World};
use replicarium::protocols::chain::Chain;
use replicarium::protocols::leaderless::Leaderless;
use replicarium::protocols::multi_leader::MultiLeader;
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::scenario::{Offered, Scenario};

/// A cluster, and how long its timers last at most by the clock of the node that sets them, in
/// milliseconds.
type Row = (&'static str, &'static [(TimerKind, f64, f64)]);

const ROWS: &[Row] = &[
    (
        r#"{ "format": 1, "until_ms": 30000,
             "cluster": { "nodes": 3, "protocol": "single-leader", "knobs": {
               "acknowledge": { "mode": "semi-sync", "when_silent": { "degrade_after_ms": 2000 } },
               "failover": { "detect": { "timeout_ms": 1000 }, "election_timeout_ms": [1000, 1050], "heartbeat_ms": 100 },
               "retention": { "records": 10 },
               "catch_up": { "bandwidth_bytes_per_s": 20000, "piece_bytes": 2000 } } },
             "clients": [ { "count": 1, "writes_per_s": 20, "until_ms": 25000 } ],
             "script": [ { "at_ms": 4000, "do": "isolate", "node": "n2" }, { "at_ms": 4000, "do": "isolate", "node": "n3" },
               { "at_ms": 9500, "do": "heal-all" }, { "at_ms": 16000, "do": "add-follower" } ] }"#,
        &[
            (TimerKind::Heartbeat, 100.0, 100.0),
            (TimerKind::Silence, 1_000.0, 1_050.0),
            (TimerKind::Election, 1_000.0, 1_050.0),
            (TimerKind::Piece, 100.0, 100.0),
        ],
    ),
    (
        r#"{ "format": 1, "until_ms": 10000,
             "cluster": { "nodes": 2, "protocol": "single-leader", "knobs": {
               "acknowledge": { "mode": "semi-sync", "when_silent": { "degrade_after_ms": 2000 } },
               "failover": { "promote": "by-hand" } } },
             "clients": [ { "count": 1, "writes_per_s": 20 } ],
             "script": [ { "at_ms": 2000, "do": "pause", "node": "n2" } ] }"#,
        &[(TimerKind::Degrade, 2_000.0, 2_000.0)],
    ),
    (
        r#"{ "format": 1, "until_ms": 20000,
             "cluster": { "nodes": 3, "protocol": "single-leader", "knobs": { "failover": {
               "detect": { "timeout_ms": 1000 }, "heartbeat_ms": 100, "promote": "first-to-notice" } } },
             "clients": [ { "count": 1, "writes_per_s": 5 } ],
             "script": [ { "at_ms": 4000, "do": "isolate", "node": "n1" }, { "at_ms": 4000, "do": "isolate", "node": "n2" } ] }"#,
        &[(TimerKind::Silence, 1_000.0, 1_000.0), (TimerKind::Election, 200.0, 200.0)],
    ),
    (
        r#"{ "format": 1, "until_ms": 20000,
             "cluster": { "nodes": 3, "protocol": "chain", "knobs": {
               "detect": { "timeout_ms": 1500, "heartbeat_ms": 250 }, "retention": { "records": 10 },
               "catch_up": { "bandwidth_bytes_per_s": 20000, "piece_bytes": 2000 } } },
             "clients": [ { "count": 1, "writes_per_s": 20, "until_ms": 14000 } ],
             "script": [ { "at_ms": 5000, "do": "power-off", "node": "n3" }, { "at_ms": 10000, "do": "restart", "node": "n3" } ] }"#,
        &[(TimerKind::Heartbeat, 250.0, 250.0), (TimerKind::Piece, 100.0, 100.0)],
    ),
    // Whoever else is alive sets the configuration service's time-out anew: here nobody is. The last
    // node is waited for, for a whole time-out again and again.
    (
        r#"{ "format": 1, "until_ms": 15000,
             "cluster": { "nodes": 3, "protocol": "chain", "knobs": {
               "detect": { "timeout_ms": 1500, "heartbeat_ms": 250 } } },
             "clients": [ { "count": 1, "writes_per_s": 20, "until_ms": 4000 } ],
             "script": [ { "at_ms": 5000, "do": "power-off", "node": "n1" }, { "at_ms": 5000, "do": "power-off", "node": "n2" },
               { "at_ms": 5000, "do": "power-off", "node": "n3" } ] }"#,
        &[(TimerKind::NoSign, 1_500.0, 1_500.0)],
    ),
    (
        r#"{ "format": 1, "until_ms": 20000,
             "cluster": { "nodes": 3, "protocol": "leaderless", "knobs": {
               "w": 3, "timeout_ms": 500, "suspect_after_ms": 500, "hinted_handoff": true,
               "anti_entropy": { "every_ms": 2000 }, "tombstones": { "keep_ms": 4000 } } },
             "clients": [ { "count": 1, "writes_per_s": 10, "reads_per_s": 2 } ],
             "script": [ { "at_ms": 4000, "do": "power-off", "node": "n3" }, { "at_ms": 9000, "do": "restart", "node": "n3" } ] }"#,
        &[
            (TimerKind::Patience, 500.0, 500.0),
            (TimerKind::Compare, 2_200.0, 2_500.0),
            (TimerKind::Sweep, 1_000.0, 1_000.0),
        ],
    ),
    (
        r#"{ "format": 1, "until_ms": 20000,
             "cluster": { "nodes": 3, "protocol": "leaderless", "knobs": {
               "w": 3, "timeout_ms": 500, "hinted_handoff": true } },
             "clients": [ { "count": 1, "writes_per_s": 10, "reads_per_s": 2 } ],
             "script": [ { "at_ms": 4000, "do": "power-off", "node": "n3" }, { "at_ms": 9000, "do": "restart", "node": "n3" } ] }"#,
        &[(TimerKind::Knock, 500.0, 500.0)],
    ),
    (
        r#"{ "format": 1, "until_ms": 20000,
             "cluster": { "nodes": 3, "protocol": "multi-leader", "knobs": { "resync_ms": 1000 } },
             "clients": [ { "count": 1, "writes_per_s": 2 } ] }"#,
        &[(TimerKind::Resync, 1_150.0, 1_250.0)],
    ),
];

/// The run of a scenario of `P` in which every clock drifts: those of nodes that join later and of
/// the configuration service, too.
fn drifting<P: Offered>(scenario: &Scenario, drift_ppm: i32) -> Option<Box<dyn Run<Recorder>>> {
    let mut setup = scenario.setup::<P>()?.clone();
    let clock = |node| ClockSetup { node: NodeId(node), skew_us: 300_000, drift_ppm };
    setup.clocks = (0..=setup.nodes).map(clock).collect();
    let recorder = Recorder::new(&setup.limits);
    Some(Box::new(World::<P, Recorder>::new(setup, recorder)))
}

/// The longest time from setting a timer to its firing, by kind, in milliseconds.
fn longest(text: &str, drift_ppm: i32) -> BTreeMap<TimerKind, f64> {
    let scenario = replicarium::protocols::read(text).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", problems.join("\n"))
    });
    let run = drifting::<SingleLeader>(&scenario, drift_ppm)
        .or_else(|| drifting::<Chain>(&scenario, drift_ppm))
        .or_else(|| drifting::<Leaderless>(&scenario, drift_ppm))
        .or_else(|| drifting::<MultiLeader>(&scenario, drift_ppm));
    let mut run = run.expect("one of the protocols");
    run.advance(run.until(), u32::MAX);
    let trace = run.observer().trace();
    let times: BTreeMap<EventId, f64> =
        trace.iter().map(|event| (event.id, event.at.as_millis_f64())).collect();
    let mut longest = BTreeMap::new();
    for event in trace.iter() {
        if let What::TimerFired { timer, .. } = event.what {
            let lasted = event.at.as_millis_f64() - times[&event.cause];
            let most: &mut f64 = longest.entry(timer).or_default();
            *most = most.max(lasted);
        }
    }
    longest
}

#[test]
fn every_timer_of_every_protocol_runs_at_the_pace_of_its_nodes_clock() {
    for (text, timers) in ROWS {
        for drift_ppm in [-400_000, 0, 400_000] {
            let found = longest(text, drift_ppm);
            let pace = 1.0 + f64::from(drift_ppm) / 1e6;
            for (timer, least, most) in *timers {
                let lasted = found.get(timer).copied().unwrap_or(0.0) * pace;
                assert!(
                    (least - 0.01..=most + 0.01).contains(&lasted),
                    "{timer:?} at {drift_ppm} ppm lasted {lasted} ms by its clock, not {least} to {most}: \
                     {found:?}\n{text}"
                );
            }
        }
    }
}

#[test]
fn no_kind_of_timer_is_left_out() {
    let all = [
        TimerKind::Heartbeat,
        TimerKind::Silence,
        TimerKind::NoSign,
        TimerKind::Election,
        TimerKind::Degrade,
        TimerKind::Piece,
        TimerKind::Patience,
        TimerKind::Compare,
        TimerKind::Knock,
        TimerKind::Sweep,
        TimerKind::Resync,
    ];
    for timer in all {
        // A kind that is new must be added here, or this does not compile.
        match timer {
            TimerKind::Heartbeat
            | TimerKind::Silence
            | TimerKind::NoSign
            | TimerKind::Election
            | TimerKind::Degrade
            | TimerKind::Piece
            | TimerKind::Patience
            | TimerKind::Compare
            | TimerKind::Knock
            | TimerKind::Sweep
            | TimerKind::Resync => {}
        }
        let measured =
            ROWS.iter().any(|(_, timers)| timers.iter().any(|(kind, ..)| *kind == timer));
        assert!(measured, "{timer:?} is in no row");
    }
}

/// What a leader counts of its lease, a follower of its suspicion by phi: by its own clock, so that
/// what readers are shown of it is true time.
#[test]
fn what_readers_are_told_of_a_wrong_clock_is_in_true_time() {
    let text = r#"{ "format": 1, "until_ms": 8000,
        "cluster": { "nodes": 2, "protocol": "single-leader", "knobs": {
          "acknowledge": { "mode": "semi-sync" },
          "failover": { "detect": { "timeout_ms": 1000, "phi": { "threshold": 8, "min_deviation_ms": 50 } },
                        "heartbeat_ms": 100, "promote": "by-hand", "fencing": false } } },
        "network": { "delay": { "constant_ms": 1 } },
        "clocks": [ { "node": "n1", "drift_ppm": 200000 }, { "node": "n2", "drift_ppm": -300000 } ],
        "clients": [ { "count": 1, "writes_per_s": 5 } ],
        "script": [ { "at_ms": 5000, "do": "crash", "node": "n1" } ] }"#;
    let scenario = replicarium::protocols::read(text).expect("a sound document");
    let mut run = scenario.run();
    let at = |ms| replicarium::engine::base::SimTime::from_millis(ms);
    let facts = |run: &dyn replicarium::engine::world::Run<_>, node| {
        let node = replicarium::engine::base::NodeId(node);
        run.view().nodes.facts(node).expect("it runs")
    };
    run.advance(at(4_950), u32::MAX);
    let heard = facts(&*run, 0).followers[0].heard;
    assert!(run.now().since(heard).micros() < 101_000, "{heard:?}");
    let accrual = facts(&*run, 1).accrual.expect("enough heartbeats came");
    assert!((accrual.mean - 83_333.0).abs() < 100.0, "heartbeats come every 83 ms: {accrual:?}");
    assert!((accrual.deviation - 71_429.0).abs() < 10.0, "50 ms of its clock: {accrual:?}");
    assert!(run.now().since(accrual.last).micros() < 101_000, "{accrual:?}");
    let mut suspected = None;
    while suspected.is_none() && run.step(at(8_000)) {
        let event = run.observer().trace().newest().expect("an event");
        if let What::Noted { note: replicarium::engine::protocol::Note::Suspected { .. }, .. } =
            event.what
        {
            suspected = Some(event.at);
        }
    }
    let suspected = suspected.expect("it is dead");
    assert_eq!(facts(&*run, 1).suspects_since, Some(suspected));
    let crossed = accrual.crosses();
    let apart = suspected.since(crossed).micros().max(crossed.since(suspected).micros());
    assert!(apart < 90_000, "at most one more heartbeat came: {suspected:?} {crossed:?}");
}

/// The longest time from the arrival of a record at n2 to its being applied, in milliseconds.
fn longest_wait_for_the_applier(drift_ppm: i32) -> f64 {
    let text = r#"{ "format": 1, "until_ms": 20000,
        "cluster": { "nodes": 2, "protocol": "single-leader" },
        "service": { "appliers": [ { "node": "n2", "delayed_ms": 300 } ] },
        "network": { "delay": { "constant_ms": 1 } },
        "clients": [ { "count": 1, "writes_per_s": 20 } ] }"#;
    let scenario = replicarium::protocols::read(text).expect("a sound document");
    let mut run = drifting::<SingleLeader>(&scenario, drift_ppm).expect("one leader");
    let (mut waits, mut longest) = (BTreeMap::new(), 0.0_f64);
    while run.step(run.until()) {
        let event = run.observer().trace().newest().expect("an event");
        let last = run.view().nodes.facts(NodeId(1)).map_or(0, |facts| facts.last.0);
        waits.entry(last).or_insert(event.at.as_millis_f64());
        if let What::Applied { node: NodeId(1), position } = event.what {
            longest = longest.max(event.at.as_millis_f64() - waits[&position.0]);
        }
    }
    longest
}

#[test]
fn a_standby_that_is_delayed_on_purpose_counts_by_its_own_clock_and_falls_no_further_behind() {
    for drift_ppm in [-400_000, 0, 400_000] {
        let counted = longest_wait_for_the_applier(drift_ppm) * (1.0 + f64::from(drift_ppm) / 1e6);
        assert!((299.0..310.0).contains(&counted), "{drift_ppm} ppm: {counted} ms by its clock");
    }
}
