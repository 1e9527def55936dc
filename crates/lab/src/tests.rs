//! Seeking, branching and replaying give exactly what was there.

use super::*;
use engine::world::fault;

fn lab() -> Lab {
    let text = r#"{ "format": 1, "seed": 5, "until_ms": 12000,
        "cluster": { "nodes": 3, "protocol": "single-leader" },
        "network": { "delay": { "base_ms": 3, "exponential_ms": 4 }, "loss": 0.02 },
        "clients": [{ "count": 2, "writes_per_s": 60, "reads_per_s": 10 }],
        "script": [{ "at_ms": 3000, "do": "power-off", "node": "leader" },
                   { "at_ms": 8000, "do": "restart", "node": "n1" }] }"#;
    let document = scenario::parse(text).expect("a document");
    Lab::load(&document, protocols::PROTOCOLS).expect("a good scenario")
}

fn digest(lab: &Lab) -> u64 {
    lab.run().observer().trace().digest()
}

fn at(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

#[test]
fn seeking_anywhere_gives_what_a_straight_run_had_there() {
    let stops: Vec<SimTime> = (1..=24).map(|half| at(half * 500)).collect();
    let mut straight = lab();
    let mut expected = Vec::new();
    for stop in &stops {
        straight.seek(*stop);
        expected.push(digest(&straight));
    }
    let mut sought = lab();
    sought.finish();
    for step in [7, 13, 5, 23, 0, 11, 22, 3, 18, 1, 20, 9, 14, 2] {
        sought.seek(stops[step]);
        assert_eq!(sought.now(), stops[step]);
        assert_eq!(digest(&sought), expected[step], "at {:?}", stops[step]);
    }
    sought.finish();
    straight.finish();
    assert_eq!(digest(&sought), digest(&straight));
    assert_eq!(sought.branches().len(), 1, "looking back is not acting");
}

#[test]
fn playing_on_from_the_past_arrives_at_the_known_future() {
    let mut lab = lab();
    lab.finish();
    let end = digest(&lab);
    lab.seek(at(2_900));
    while lab.now() < lab.until() {
        lab.advance(Span::from_millis(17), 1_000);
    }
    assert_eq!(digest(&lab), end);
    lab.seek(at(2_990));
    while lab.step() {}
    assert_eq!(digest(&lab), end);
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_the_old_future() {
    let mut lab = lab();
    lab.finish();
    let end = digest(&lab);
    lab.seek(at(2_000));
    lab.act(fault::crash(Target::Follower(1)));
    lab.finish();
    assert_ne!(digest(&lab), end);
    let facts = lab.branches();
    assert_eq!(facts.len(), 2);
    assert_eq!((facts[1].from, facts[1].current), (Some((0, at(2_000))), true));
    lab.switch(0);
    lab.finish();
    assert_eq!(digest(&lab), end, "the old future is what it was");
}

#[test]
fn an_action_is_still_there_after_seeking_behind_it_and_in_a_replay() {
    let mut lab = lab();
    lab.seek(at(1_000));
    lab.act(fault::pause(Target::Follower(2)));
    lab.seek(at(5_000));
    lab.act(fault::resume(Target::Node(NodeId(2))));
    lab.finish();
    let end = digest(&lab);
    for stop in [200, 4_000, 900, 11_000] {
        lab.seek(at(stop));
    }
    lab.finish();
    assert_eq!(digest(&lab), end);
    let mut again = lab.replay_with(&lab.scenario().full()).expect("the same document");
    again.finish();
    assert_eq!(digest(&again), end);
}

#[test]
fn a_run_can_be_played_until_something_happens() {
    let mut lab = lab();
    assert!(lab.run_until(Condition::Next(Sort::Death), 1_000_000));
    assert_eq!(lab.now(), at(3_000));
    assert!(lab.run_until(Condition::Next(Sort::Suspicion), 1_000_000));
    assert!(lab.now() > at(5_500));
    assert!(lab.run_until(Condition::Next(Sort::Promotion), 1_000_000));
    assert!(lab.run_until(Condition::Next(Sort::Acknowledgement), 1_000_000));
    assert!(!lab.run_until(Condition::Time(at(60_000)), 1_000_000), "the run ends before");
}

#[test]
fn a_step_back_stands_before_the_last_event() {
    let mut lab = lab();
    lab.seek(at(1_500));
    let before = lab.run().observer().trace().len();
    lab.step_back();
    assert!(lab.now() < at(1_500) && lab.run().observer().trace().len() <= before);
    assert!(lab.step());
}
