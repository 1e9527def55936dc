//! A link leads to the same run, whatever was done to it and in whichever future.

use super::*;
use engine::base::{Span, Stream, random::StreamName};
use engine::world::{Action, Target, fault};
use protocols::PROTOCOLS;

fn started(name: &str) -> Lab {
    opened(name, PROTOCOLS).expect("built in").lab
}

fn again(lab: &Lab, looking: &Looking) -> Opened {
    let shared = lab.share(looking).expect("short enough");
    let mut opened = opened(&shared.link, PROTOCOLS).expect("our own link");
    opened.lab.seek(opened.at.unwrap_or(SimTime::ZERO));
    while opened.at.is_some_and(|at| opened.lab.now() < at) {
        opened.lab.seek(opened.at.unwrap_or(SimTime::ZERO));
    }
    opened
}

/// Something that a reader may do.
fn deed(chance: &mut Stream, nodes: u64) -> Action {
    let node = |chance: &mut Stream| Target::Node(NodeId(chance.below(nodes) as u8));
    match chance.below(8) {
        0 => fault::crash(Target::Leader),
        1 => fault::power_off(node(chance)),
        2 => fault::pause(node(chance)),
        3 => fault::resume(node(chance)),
        4 => fault::restart(node(chance)),
        5 => fault::cut(Target::Node(NodeId(0)), Target::Node(NodeId(1)), true),
        6 => fault::heal_all(),
        _ => fault::slow_disk(node(chance), 20),
    }
}

/// Plays a while, acts now and then, some of it in the past.
fn played_by_chance(name: &str, seed: u64) -> Lab {
    let mut lab = started(name);
    let mut chance = Stream::new(seed, StreamName::Faults);
    let end = lab.until().micros();
    for _ in 0..2 + chance.below(10) {
        match chance.below(4) {
            0 => lab.seek(SimTime::from_micros(chance.below(lab.known().micros() + 1))),
            1 => {
                lab.step();
            }
            _ => {
                lab.advance(Span::from_micros(chance.below(end / 6)), 20_000);
            }
        }
        let nodes = u64::from(lab.run().view().nodes.count());
        lab.act(deed(&mut chance, nodes));
    }
    lab.advance(Span::from_micros(chance.below(end / 4)), 20_000);
    lab
}

#[test]
fn a_link_leads_to_the_same_run_with_actions_futures_and_playhead() {
    let names = [
        "async-leader-crash",
        "split-brain-fenced",
        "chain-head-crash",
        "two-leaders-last-write-wins",
    ];
    let known: Vec<&str> = presets(PROTOCOLS).map(|preset| preset.name).collect();
    let names: Vec<&str> = names
        .into_iter()
        .filter(|name| known.contains(name))
        .chain(known.iter().copied().take(3))
        .collect();
    let mut several = 0;
    for seed in 0..24 {
        let name = names[seed as usize % names.len()];
        let mut lab = played_by_chance(name, seed);
        let mut other = again(&lab, &Looking::default()).lab;
        assert_eq!(other.now(), lab.now(), "{name}, seed {seed}");
        assert_eq!(other.digest(), lab.digest(), "{name}, seed {seed}: {}", lab.link());
        let shape = |lab: &Lab| {
            let each = |facts: crate::BranchFacts| (facts.from, facts.actions, facts.current);
            lab.branches().into_iter().map(each).collect::<Vec<_>>()
        };
        assert_eq!(shape(&other), shape(&lab), "{name}, seed {seed}");
        several += usize::from(lab.branches().len() > 1);
        lab.finish();
        other.finish();
        assert_eq!(other.digest(), lab.digest(), "{name}, seed {seed}, at the end");
    }
    assert!(several > 5, "acting in the past was tried {several} times only");
}

#[test]
fn another_future_of_an_opened_run_can_be_played() {
    let mut lab = started("async-leader-crash");
    lab.advance(Span::from_millis(4_000), u32::MAX);
    lab.act(fault::pause(Target::Follower(1)));
    lab.advance(Span::from_millis(2_000), u32::MAX);
    lab.seek(SimTime::from_millis(3_000));
    lab.act(fault::crash(Target::Leader));
    lab.advance(Span::from_millis(500), u32::MAX);
    let mut other = again(&lab, &Looking::default()).lab;
    for lab in [&mut lab, &mut other] {
        lab.switch(0);
        lab.finish();
    }
    assert_eq!(other.digest(), lab.digest());
}

#[test]
fn acting_before_what_was_done_begins_a_future_in_an_opened_run_too() {
    let mut lab = started("async-leader-crash");
    lab.advance(Span::from_millis(4_000), u32::MAX);
    lab.act(fault::pause(Target::Follower(1)));
    lab.seek(SimTime::from_millis(1_000));
    let mut other = again(&lab, &Looking::default()).lab;
    other.act(fault::crash(Target::Leader));
    assert_eq!(other.branches().len(), 2);
    assert_eq!(other.branches()[1].actions.len(), 1, "what was done later is not done in it");
}

#[test]
fn what_is_looked_at_is_looked_at_again() {
    let mut lab = started("async-leader-crash");
    lab.advance(Span::from_millis(4_000), u32::MAX);
    let selections = [
        Selection::Node(NodeId(2)),
        Selection::Link(NodeId(0), NodeId(2)),
        Selection::Message(EventId(17)),
        Selection::Event(EventId(18)),
        Selection::Write(OpId(3)),
    ];
    for selected in selections {
        let window_ms = Some((1_000.5, 2_000.25));
        let looking = Looking { selected: Some(selected), window_ms, dark: Some(true) };
        assert_eq!(again(&lab, &looking).looking, looking);
    }
    let filed = again(&lab, &Looking::default()).filed.expect("a built-in scenario");
    assert_eq!(filed.preset.name, "async-leader-crash");
}

#[test]
fn a_selection_of_what_is_not_there_shows_nothing() {
    let lab = started("async-leader-crash");
    for text in [
        r#"{"node":"n200"}"#,
        r#"{"from":"n1","to":"n99"}"#,
        r#"{"from":"n1","to":"n1"}"#,
        r#"{"write":4e9}"#,
    ] {
        let selection = selection_of(&scenario::parse(text).expect("JSON"));
        assert!(selection.is_some_and(|selection| lab.inspect(selection).is_none()), "{text}");
    }
    for text in [r#"{"node":"n0"}"#, r#"{"node":7}"#, r#"{"write":-1}"#, "[]", "{}"] {
        assert_eq!(selection_of(&scenario::parse(text).expect("JSON")), None, "{text}");
    }
}

#[test]
fn a_run_of_three_dozen_actions_has_a_link_that_every_program_passes_on() {
    for preset in presets(PROTOCOLS) {
        let mut lab = started(preset.name);
        for round in 0..36_u8 {
            lab.advance(Span::from_micros(123_457), 20_000);
            let node = Target::Node(NodeId(round % 3));
            lab.act(if round % 2 == 0 { fault::pause(node) } else { fault::resume(node) });
        }
        let shared = lab.share(&Looking { dark: Some(true), ..Looking::default() });
        assert!(
            shared.is_ok_and(|shared| shared.left_out == 0),
            "{}: {}",
            preset.name,
            lab.link().len()
        );
    }
}

#[test]
fn futures_that_have_no_room_are_left_out_and_a_longer_run_is_a_file() {
    let mut lab = started("async-leader-crash");
    let busy = |lab: &mut Lab, actions: u8| {
        for round in 0..actions {
            lab.advance(Span::from_micros(12_345), 20_000);
            lab.act(if round % 2 == 0 { fault::pause(Target::Leader) } else { fault::heal_all() });
        }
    };
    busy(&mut lab, 80);
    lab.seek(SimTime::from_millis(1));
    busy(&mut lab, 80);
    let shared = lab.share(&Looking::default()).expect("one of them has room");
    assert_eq!(shared.left_out, 1);
    busy(&mut lab, 120);
    assert!(lab.share(&Looking::default()).is_err());
    let file = lab.opening(&Looking::default()).file();
    let mut other = opened_file(&file, PROTOCOLS).expect("our own file").lab;
    lab.finish();
    other.finish();
    assert_eq!(other.digest(), lab.digest());
    assert_eq!(other.branches().len(), 2);
}

#[test]
fn a_hostile_scenario_in_a_link_is_refused_with_its_mistakes() {
    let document = r#"{"format":1,"cluster":{"nodes":4000000,"protocol":"single-leader"},"script":[{"at_ms":1,"do":"<b>"}]}"#;
    let link = Opening::of(scenario::parse(document).expect("JSON")).link();
    let problems = opened(&link, PROTOCOLS).err().expect("mistakes");
    assert!(problems.len() >= 2, "{problems:?}");
}
