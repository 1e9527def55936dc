//! The swarm over leaderless clusters: random quorums that overlap, random faults, a wrong clock
//! now and then. Acknowledged writes are always there or replaced by writes that had seen them;
//! when all is mended and quiet, all replicas of a key hold the same versions.
//!
//! Left out, because nobody promises anything there: the last write wins; disks that are replaced,
//! which may have held the only copies of a quorum.

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::Promise;
use replicarium::engine::world::{
    ClientSetup, ClockSetup, NodeStatus, Pace, Setup, Target, World, fault,
};
use replicarium::protocols::leaderless::Leaderless;
use replicarium::protocols::leaderless::knobs::{Knobs, ReadRepair};

use super::plan::{self, Dice, HEALED};
use super::{all_hold, faults};
use crate::support::tell;

type Swarm = World<Leaderless, Recorder>;

/// Runs by default.
const SEEDS: u64 = 2_000;

/// So long clients go on after mending, and so long at most until a write goes through.
const SERVED: Span = Span::from_millis(8_000);
const PATIENCE: Span = Span::from_millis(30_000);

/// Time after mending within which everything is equal again.
const SETTLED: Span = Span::from_millis(40_000);

/// The run of this seed.
pub fn plan(seed: u64) -> Setup<Knobs> {
    let dice = &mut Dice::new(seed ^ 0x1ead_1e55);
    let nodes = dice.within(2, 7) as u8;
    let n = dice.within(1, 5).min(u64::from(nodes)) as u8;
    let w = dice.within(1, u64::from(n)) as u8;
    let r = dice.within(1, u64::from(n)) as u8;
    let knobs = Knobs {
        n,
        r,
        w,
        read_repair: dice.one_of(&[
            ReadRepair::Off,
            ReadRepair::Asynchronous,
            ReadRepair::Blocking,
        ]),
        hinted_handoff: dice.chance(60),
        sloppy: dice.chance(40),
        anti_entropy: Some(dice.millis(300, 1_500)),
        suspect_after: dice.chance(80).then(|| dice.millis(30, 300)),
        timeout: dice.millis(200, 900),
        ..Knobs::default()
    };
    let (network, disk) = (plan::network(dice, nodes), plan::disk(dice));
    let clients = ClientSetup {
        count: dice.within(1, 4) as u16,
        pace: Pace::Open {
            writes_per_s: dice.within(2, 40) as f64,
            reads_per_s: dice.within(0, 20) as f64,
        },
        keys: dice.within(1, 30) as u32,
        deletes: if dice.chance(30) { 0.3 } else { 0.0 },
        ..ClientSetup::default()
    };
    let script = faults::script(dice, nodes, faults::leader_or_other)
        .into_iter()
        .filter(|s| !s.action.is("copy-afresh"))
        .collect();
    let skew = ClockSetup { node: NodeId(0), skew_us: 500_000, drift_ppm: 300 };
    Setup {
        seed,
        nodes,
        knobs,
        network,
        disk,
        clocks: if dice.chance(30) { vec![skew] } else { Vec::new() },
        clients: vec![clients],
        script,
        until: SimTime::NEVER,
        ..Setup::default()
    }
}

fn demand(world: &Swarm, promises: &[Promise], when: &str) -> Result<(), String> {
    let case = Case::new(world.observer(), world.view(), world.now());
    for promise in promises {
        if let Some(Verdict::Broken(witness)) = case.verdict(*promise) {
            return Err(format!("{promise:?} is broken {when}: {}", witness.sentence));
        }
    }
    Ok(())
}

fn mend(world: &mut Swarm) {
    world.act(fault::heal_all());
    for node in (0..world.view().nodes.count()).map(NodeId) {
        let target = Target::Node(node);
        world.act(fault::slow_disk(target, 1));
        world.act(fault::resume_applying(target));
        world.act(fault::full_disk(target, false));
        match world.view().nodes.status(node) {
            NodeStatus::Up => {}
            NodeStatus::Paused => world.act(fault::resume(target)),
            NodeStatus::Crashed | NodeStatus::PoweredOff => world.act(fault::restart(target)),
        }
    }
}

/// Writes go through again. A flush that a slow disk has begun takes as long as was drawn when it
/// began: some of those that are drawn from an exponential distribution take very long.
fn demand_service(world: &mut Swarm) -> Result<(), String> {
    let acknowledged = |world: &Swarm| world.observer().ledger().counts().acknowledged;
    let (mended, before) = (world.now(), acknowledged(world));
    world.advance(mended + SERVED, u32::MAX);
    while acknowledged(world) <= before {
        if world.now().since(mended) > PATIENCE {
            return Err("no write was acknowledged after mending".to_owned());
        }
        let next = world.now() + Span::from_millis(250);
        world.advance(next, u32::MAX);
    }
    Ok(())
}

fn run(world: &mut Swarm) -> Result<(), String> {
    const KEPT: &[Promise] = &[Promise::AcknowledgedWritesSurvive];
    world.advance(HEALED, u32::MAX);
    demand(world, KEPT, "while things break")?;
    mend(world);
    demand_service(world)?;
    demand(world, KEPT, "after mending")?;
    world.act(fault::quiet_clients(true));
    let end = world.now() + SETTLED;
    world.advance(end, u32::MAX);
    demand(world, &[KEPT[0], Promise::ReplicasConverge], "at the end")
}

fn check(setup: &Setup<Knobs>, story: bool) -> Result<(), String> {
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let result = run(&mut world);
    tell::outcome(&world, setup, story, result)
}

#[test]
fn leaderless_clusters_keep_what_they_acknowledge_and_come_together_again() {
    all_hold("swarm::leaderless", SEEDS, |seed, story| {
        check(&plan::with_appliers(plan(seed)), story)
    });
}
