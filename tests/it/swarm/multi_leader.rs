//! The swarm over multi-leader clusters: any topology, any number of leaders and followers, any
//! rule for conflicts, random faults, a wrong clock now and then. Acknowledged writes are there or
//! were replaced by writes that had seen them; with version vectors on, nothing is shown before its
//! cause; when all is mended and quiet, all nodes hold the same versions.
//!
//! That acknowledged writes survive is not demanded where the last write wins: nobody promises it.

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::parts::Context;
use replicarium::engine::protocol::policy::Topology;
use replicarium::engine::protocol::{Note, Promise};
use replicarium::engine::world::{
    ClientSetup, ClockSetup, NodeStatus, Pace, Setup, Target, What, World, fault,
};
use replicarium::protocols::multi_leader::MultiLeader;
use replicarium::protocols::multi_leader::knobs::{Data, Knobs, Resolve};

use super::plan::{self, Dice, HEALED};
use super::{all_hold, faults};
use crate::support::tell;
use replicarium::view::number::clock;

type Swarm = World<MultiLeader, Recorder>;

/// Runs by default.
const SEEDS: u64 = 2_000;

/// So long clients go on after mending, and so long at most until a write goes through.
const SERVED: Span = Span::from_millis(8_000);
const PATIENCE: Span = Span::from_millis(30_000);

/// Time after mending within which everything is equal again.
const SETTLED: Span = Span::from_millis(25_000);

fn knobs(dice: &mut Dice, nodes: u8) -> Knobs {
    Knobs {
        leaders: dice.within(2, u64::from(nodes.min(5))) as u8,
        topology: dice.one_of(&[Topology::AllToAll, Topology::Ring, Topology::Star]),
        resolve: dice.one_of(&[Resolve::LastWriteWins, Resolve::Siblings, Resolve::Merge]),
        data: dice.one_of(&[Data::Counter, Data::Set, Data::Text]),
        causality: dice.chance(50),
        home_leader: dice.chance(30),
        resync: Some(dice.millis(200, 1_000)),
        context: dice.one_of(&[Context::Client, Context::Server]),
    }
}

/// The run of this seed.
pub fn plan(seed: u64) -> Setup<Knobs> {
    let dice = &mut Dice::new(seed ^ 0x3a11_1ead);
    let nodes = dice.within(2, 6) as u8;
    let knobs = knobs(dice, nodes);
    let (network, disk) = (plan::network(dice, nodes), plan::disk(dice));
    let clients = ClientSetup {
        count: dice.within(1, 5) as u16,
        pace: Pace::Open {
            writes_per_s: dice.within(2, 25) as f64,
            reads_per_s: dice.within(0, 10) as f64,
        },
        keys: dice.within(1, 30) as u32,
        deletes: if dice.chance(30) { 0.3 } else { 0.0 },
        ..ClientSetup::default()
    };
    let script = faults::script(dice, nodes, faults::leader_or_other);
    let skew = ClockSetup { node: NodeId(0), skew_us: 500_000, drift_ppm: 300 };
    Setup {
        seed,
        nodes,
        knobs,
        network,
        disk,
        clocks: if dice.chance(50) { vec![skew] } else { Vec::new() },
        clients: vec![clients],
        script,
        until: SimTime::NEVER,
        ..Setup::default()
    }
}

fn promised(setup: &Setup<Knobs>) -> &'static [Promise] {
    match setup.knobs.resolve {
        Resolve::LastWriteWins => &[],
        // Where the second leader's own data are the context, a retry there is another write.
        Resolve::Siblings | Resolve::Merge if setup.knobs.context == Context::Server => {
            &[Promise::AcknowledgedWritesSurvive]
        }
        Resolve::Siblings | Resolve::Merge => {
            &[Promise::AcknowledgedWritesSurvive, Promise::NothingAppliedTwice]
        }
    }
}

fn demand(world: &Swarm, promises: &[Promise], when: &str) -> Result<(), String> {
    let case = Case::new(world.observer(), world.view(), world.now());
    for promise in promises {
        if let Some(Verdict::Broken(witness)) = case.verdict(*promise) {
            return Err(format!("{promise:?} is broken {when}: {}", witness.sentence));
        }
    }
    match case.recorder.ledger().lost().next() {
        None => Ok(()),
        Some(lost) => Err(format!(
            "write {} is gone {when}, and none has taken its place: found at {}, {}",
            lost.op.0,
            clock(lost.at),
            lost.why.sentence()
        )),
    }
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

/// Nothing was shown before its cause, by the nodes' own words; the scenario's test goes by what
/// the world delivered.
fn demand_causes_first(world: &Swarm, setup: &Setup<Knobs>) -> Result<(), String> {
    let early = |what: &What| matches!(what, What::Noted { note: Note::TakenEarly { .. }, .. });
    let some = world.observer().milestones().iter().any(|event| early(&event.what));
    if setup.knobs.causality && some {
        Err("an effect before its cause".to_owned())
    } else {
        Ok(())
    }
}

fn nothing_held_back(world: &Swarm) -> Result<(), String> {
    let held = |node: NodeId| Some(world.view().nodes.facts(node)?.store?.held_back);
    let mut nodes = (0..world.view().nodes.count()).map(NodeId);
    match nodes.find(|node| held(*node) != Some(0)) {
        Some(node) => Err(format!("{node} still holds something back at the end")),
        None => Ok(()),
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

fn run(world: &mut Swarm, setup: &Setup<Knobs>) -> Result<(), String> {
    let kept = promised(setup);
    world.advance(HEALED, u32::MAX);
    demand(world, kept, "while things break")?;
    mend(world);
    demand_service(world)?;
    demand(world, kept, "after mending")?;
    world.act(fault::quiet_clients(true));
    let end = world.now() + SETTLED;
    world.advance(end, u32::MAX);
    demand(world, kept, "at the end")?;
    demand(world, &[Promise::ReplicasConverge], "at the end")?;
    demand_causes_first(world, setup)?;
    nothing_held_back(world)
}

fn check(setup: &Setup<Knobs>, story: bool) -> Result<(), String> {
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let result = run(&mut world, setup);
    tell::outcome(&world, setup, story, result)
}

#[test]
fn multi_leader_clusters_keep_what_they_acknowledge_and_come_together_again() {
    all_hold("swarm::multi_leader", SEEDS, |seed, story| {
        check(&plan::with_appliers(plan(seed)), story)
    });
}
