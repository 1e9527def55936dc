//! What is recorded of real runs, against slower ways to find out the same.

use std::collections::BTreeSet;

use replicarium::engine::base::{OpId, SimTime};
use replicarium::engine::observe::{Case, End, Recorder, Report};
use replicarium::engine::protocol::Role;
use replicarium::engine::world::{Setup, World, WorldView};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::Knobs;
use replicarium::scenario::{self, Entry, presets, system::entry};

type Watched = World<SingleLeader, Recorder>;

const LEADS: &[Entry] = &[entry::<SingleLeader>()];

fn first() -> &'static scenario::Preset {
    presets(LEADS).next().expect("a scenario")
}

fn setup(preset: &scenario::Preset, seed: u64) -> Setup<Knobs> {
    match replicarium::protocols::read(preset.text) {
        Ok(scenario) => Setup { seed, ..scenario.setup::<SingleLeader>().expect("one").clone() },
        Err(problems) => panic!("{}: {problems:?}", preset.name),
    }
}

fn world(setup: &Setup<Knobs>) -> Watched {
    World::new(setup.clone(), Recorder::new(&setup.limits))
}

fn report(world: &Watched) -> Report {
    Report::new(&Case::new(world.observer(), world.view(), world.now()), 0)
}

/// Every operation in the log of the leader of the highest epoch, by walking all of it.
fn operations_in_the_line(view: &WorldView<'_>) -> Option<BTreeSet<OpId>> {
    let nodes = (0..view.nodes.count()).map(replicarium::engine::base::NodeId);
    let leaders = nodes.filter_map(|node| Some((view.nodes.facts(node)?, node)));
    let (facts, leader) = leaders
        .filter(|(facts, _)| facts.role == Role::Leader)
        .max_by_key(|(facts, node)| (facts.epoch, std::cmp::Reverse(*node)))?;
    let tip = view.nodes.record_at(leader, facts.last);
    let records =
        std::iter::successors(tip, |at| view.records.get(*at).map(|record| record.parent));
    Some(records.filter_map(|at| view.records.get(at)).map(|record| record.op).collect())
}

#[test]
fn the_ledger_finds_what_a_search_through_everything_finds() {
    for preset in presets(LEADS) {
        for seed in 0..3 {
            let setup = setup(preset, seed);
            let mut world = world(&setup);
            for part in 1..=5 {
                world.advance(SimTime::from_micros(setup.until.micros() / 5 * part), u32::MAX);
                let view = world.view();
                let Some(there) = operations_in_the_line(&view) else { continue };
                let case = Case::new(world.observer(), view, world.now());
                let found: BTreeSet<OpId> =
                    case.recorder.ledger().lost().map(|lost| lost.op).collect();
                let history = world.observer().history();
                let gone = history.iter().filter(|(op, operation)| {
                    matches!(operation.end, End::Written { .. }) && !there.contains(op)
                });
                let gone: BTreeSet<OpId> = gone.map(|(op, _)| op).collect();
                assert_eq!(found, gone, "{} seed {seed} part {part}", preset.name);
                assert_eq!(case.recorder.ledger().counts().lost as usize, gone.len());
            }
        }
    }
}

#[test]
fn a_copy_of_a_run_is_recorded_like_the_run_itself() {
    for preset in presets(LEADS) {
        let setup = setup(preset, 5);
        let mut world = world(&setup);
        world.advance(SimTime::from_micros(setup.until.micros() / 2), u32::MAX);
        let mut copy = world.clone();
        world.advance(setup.until, u32::MAX);
        copy.advance(setup.until, u32::MAX);
        assert_eq!(report(&world), report(&copy), "{}", preset.name);
    }
}

#[test]
fn looking_at_a_run_changes_nothing_in_it() {
    let setup = setup(first(), 5);
    let (mut looked_at, mut alone) = (world(&setup), world(&setup));
    for second in 1..=setup.until.micros() / 1_000_000 {
        looked_at.advance(SimTime::from_millis(second * 1_000), u32::MAX);
        report(&looked_at);
    }
    alone.advance(setup.until, u32::MAX);
    assert_eq!(report(&looked_at), report(&alone));
}

#[test]
fn no_two_operations_of_one_process_overlap_in_the_rows_of_a_history() {
    let setup = setup(first(), 5);
    let mut world = world(&setup);
    world.advance(setup.until, u32::MAX);
    let (mut busy, mut finished) = (BTreeSet::new(), BTreeSet::new());
    let rows = world.observer().history().rows();
    assert!(rows.len() > 1_000);
    for row in rows {
        assert!(!finished.contains(&row.process), "an unknown outcome ends its process");
        match row.kind {
            "invoke" => assert!(busy.insert(row.process), "{row:?}"),
            "info" => {
                finished.insert(row.process);
            }
            _ => assert!(busy.remove(&row.process), "{row:?}"),
        }
    }
}
