//! The swarm over multi-leader clusters: any topology, any number of leaders and followers, any
//! rule for conflicts, random faults, a wrong clock now and then. Acknowledged writes are there or
//! were replaced by writes that had seen them; with version vectors on, nothing is shown before its
//! cause; when all is mended and quiet, all nodes hold the same versions.
//!
//! That acknowledged writes survive is not demanded where the last write wins: nobody promises it.

use replicarium::engine::base::{Delay, NodeId, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::multi_leader::MultiLeader;
use replicarium::engine::protocol::multi_leader::knobs::{Data, Knobs, Resolve};
use replicarium::engine::protocol::policy::Topology;
use replicarium::engine::protocol::{Note, Promise};
use replicarium::engine::world::{
    Action, ClientSetup, ClockSetup, LinkSetup, NetworkSetup, NodeStatus, Pace, Setup, Target,
    What, World,
};

use super::plan::{Dice, HEALED};
use super::{faults, number};
use crate::support::parallel::each;
use crate::support::tell;

type Swarm = World<MultiLeader, Recorder>;

/// Runs by default.
const SEEDS: u64 = 2_000;

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
    }
}

fn plan(seed: u64) -> Setup<Knobs> {
    let dice = &mut Dice::new(seed ^ 0x3a11_1ead);
    let nodes = dice.within(2, 6) as u8;
    let knobs = knobs(dice, nodes);
    let delay = Delay::base_exponential(dice.millis(0, 5), dice.millis(0, 20));
    let all = LinkSetup { delay, ordered: dice.chance(60), ..LinkSetup::default() };
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
        network: NetworkSetup { all, links: Vec::new(), clients: None },
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
        Resolve::Siblings | Resolve::Merge => &[Promise::AcknowledgedWritesSurvive],
    }
}

fn demand(world: &Swarm, promises: &[Promise], when: &str) -> Result<(), String> {
    let case = Case::new(world.observer(), world.view(), world.now());
    for promise in promises {
        if let Some(Verdict::Broken(witness)) = case.verdict(*promise) {
            return Err(format!("{promise:?} is broken {when}: {}", witness.sentence));
        }
    }
    if case.ledger.counts().lost > 0 {
        return Err(format!("a write is gone {when}, and none has taken its place"));
    }
    Ok(())
}

fn mend(world: &mut Swarm) {
    world.act(Action::HealAll);
    for node in (0..world.view().nodes.count()).map(NodeId) {
        let target = Target::Node(node);
        world.act(Action::SlowDisk { node: target, factor: 1 });
        world.act(Action::FullDisk { node: target, full: false });
        match world.view().nodes.status(node) {
            NodeStatus::Up => {}
            NodeStatus::Paused => world.act(Action::Resume(target)),
            NodeStatus::Crashed | NodeStatus::PoweredOff => world.act(Action::Restart(target)),
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

fn run(world: &mut Swarm, setup: &Setup<Knobs>) -> Result<(), String> {
    let kept = promised(setup);
    world.advance(HEALED, u32::MAX);
    demand(world, kept, "while things break")?;
    mend(world);
    let before = world.observer().ledger().counts().acknowledged;
    let served = world.now() + Span::from_millis(8_000);
    world.advance(served, u32::MAX);
    if world.observer().ledger().counts().acknowledged <= before {
        return Err("no write was acknowledged after mending".to_owned());
    }
    demand(world, kept, "after mending")?;
    world.act(Action::QuietClients(true));
    let end = world.now() + SETTLED;
    world.advance(end, u32::MAX);
    demand(world, kept, "at the end")?;
    demand(world, &[Promise::ReplicasConverge], "at the end")?;
    demand_causes_first(world, setup)?;
    nothing_held_back(world)
}

fn failure(seed: u64) -> Option<String> {
    let setup = plan(seed);
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let reason = run(&mut world, &setup).err()?;
    let (nodes, milestones) = (tell::nodes(&world), tell::milestones(&world));
    let last: Vec<&str> = milestones.lines().rev().take(60).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    Some(format!("{reason}\n{:?}\n{nodes}\n{}", setup.knobs, last.join("\n")))
}

#[test]
fn multi_leader_clusters_keep_what_they_acknowledge_and_come_together_again() {
    let seeds: Vec<u64> = match number("SEED") {
        Some(seed) => vec![seed],
        None => (0..number("SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let failures: Vec<(u64, String)> =
        each(&seeds, |seed| Some((*seed, failure(*seed)?))).into_iter().flatten().collect();
    let told: Vec<String> = failures
        .iter()
        .take(2)
        .map(|(seed, why)| format!("SEED={seed} cargo test --test it swarm::multi_leader: {why}"))
        .collect();
    let heads: Vec<String> = failures
        .iter()
        .map(|(seed, why)| format!("{seed}: {}", why.lines().next().unwrap_or_default()))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} seeds fail\n{}\n\n{}",
        failures.len(),
        seeds.len(),
        told.join("\n\n"),
        heads.join("\n")
    );
}
