//! The same seed gives the same run: straight, again, from a checkpoint, and after seeking about.
//! (`tests/goldens/digests.txt` holds what every build must come to; `cli` compares it.)

use replicarium::engine::base::SimTime;
use replicarium::engine::observe::Recorder;
use replicarium::engine::world::{Run, Target, World, fault};
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::scenario::presets;

use crate::swarm::plan::plan;

type Watched = World<SingleLeader, Recorder>;

/// Random set-ups compared in each test.
const SEEDS: u64 = 60;

/// When the runs are looked at: after all faults of a plan.
const END: SimTime = SimTime::from_millis(8_000);

fn start(seed: u64) -> Watched {
    let setup = plan(seed);
    let recorder = Recorder::new(&setup.limits);
    World::new(setup, recorder)
}

fn digest(world: &Watched) -> u64 {
    world.observer().trace().digest()
}

fn straight(seed: u64) -> u64 {
    let mut world = start(seed);
    world.advance(END, u32::MAX);
    digest(&world)
}

#[test]
fn the_same_seed_twice_is_the_same_run() {
    for seed in 0..SEEDS {
        assert_eq!(straight(seed), straight(seed), "seed {seed}");
    }
}

#[test]
fn different_seeds_are_different_runs() {
    let mut digests: Vec<u64> = (0..SEEDS).map(straight).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len() as u64, SEEDS);
}

#[test]
fn a_run_in_small_slices_is_the_same_run() {
    for seed in 0..SEEDS {
        let mut world = start(seed);
        while world.now() < END {
            world.advance(END, 17);
        }
        assert_eq!(digest(&world), straight(seed), "seed {seed}");
    }
}

#[test]
fn what_goes_on_from_a_checkpoint_is_the_same_run_and_leaves_the_checkpoint_alone() {
    for seed in 0..SEEDS {
        let mut world = start(seed);
        world.advance(SimTime::from_millis(3_000), u32::MAX);
        let checkpoint = world.clone();
        world.act(fault::power_off(Target::Leader));
        world.advance(END, u32::MAX);
        let mut again = checkpoint;
        again.advance(END, u32::MAX);
        assert_eq!(digest(&again), straight(seed), "seed {seed}");
    }
}

#[test]
fn an_action_is_part_of_the_script_and_of_every_replay() {
    for seed in 0..SEEDS {
        let mut world = start(seed);
        world.advance(SimTime::from_millis(3_000), u32::MAX);
        world.act(fault::crash(Target::Follower(1)));
        world.advance(END, u32::MAX);
        let mut replay = start(seed);
        replay.set_script(Run::script(&world).clone());
        replay.advance(END, u32::MAX);
        assert_eq!(digest(&replay), digest(&world), "seed {seed}");
    }
}

#[test]
fn seeking_back_and_forth_in_every_built_in_scenario_arrives_where_a_straight_run_does() {
    for preset in presets(PROTOCOLS) {
        let load = || {
            let scenario = replicarium::protocols::read(preset.text);
            Lab::start(scenario.unwrap_or_else(|_| panic!("{} is read", preset.name)))
        };
        let at = |lab: &Lab| lab.run().observer().trace().digest();
        let mut straight = load();
        straight.finish();
        let mut seeking = load();
        let places = [7, 60, 13, 100, 42, 0, 88, 100];
        for percent in places {
            let to = SimTime::from_micros(straight.until().micros() / 100 * percent);
            while seeking.now() != to.min(seeking.until()) {
                seeking.seek(to);
            }
        }
        seeking.finish();
        assert_eq!(at(&seeking), at(&straight), "{}", preset.name);
    }
}
