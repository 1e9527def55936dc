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
use replicarium::engine::protocol::leaderless::Leaderless;
use replicarium::engine::protocol::leaderless::knobs::{Knobs, ReadRepair};
use replicarium::engine::world::{
    Action, ClientSetup, ClockSetup, LinkSetup, NetworkSetup, NodeStatus, Pace, Setup, Target,
    World,
};

use super::plan::{Dice, HEALED};
use super::{faults, number};
use crate::support::parallel::each;
use crate::support::tell;

type Swarm = World<Leaderless, Recorder>;

/// Runs by default.
const SEEDS: u64 = 2_000;

/// Time after mending within which everything is equal again.
const SETTLED: Span = Span::from_millis(40_000);

fn plan(seed: u64) -> Setup<Knobs> {
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
    let delay =
        replicarium::engine::base::Delay::base_exponential(dice.millis(0, 5), dice.millis(0, 20));
    let all = LinkSetup { delay, ordered: dice.chance(60), ..LinkSetup::default() };
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
        .filter(|s| !matches!(s.action, Action::CopyAfresh(_)))
        .collect();
    let skew = ClockSetup { node: NodeId(0), skew_us: 500_000, drift_ppm: 300 };
    Setup {
        seed,
        nodes,
        knobs,
        network: NetworkSetup { all, links: Vec::new(), clients: None },
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

fn run(world: &mut Swarm) -> Result<(), String> {
    const KEPT: &[Promise] = &[Promise::AcknowledgedWritesSurvive];
    world.advance(HEALED, u32::MAX);
    demand(world, KEPT, "while things break")?;
    mend(world);
    let before = world.observer().ledger().counts().acknowledged;
    let served = world.now() + Span::from_millis(8_000);
    world.advance(served, u32::MAX);
    if world.observer().ledger().counts().acknowledged <= before {
        return Err("no write was acknowledged after mending".to_owned());
    }
    demand(world, KEPT, "after mending")?;
    world.act(Action::QuietClients(true));
    let end = world.now() + SETTLED;
    world.advance(end, u32::MAX);
    demand(world, &[KEPT[0], Promise::ReplicasConverge], "at the end")
}

fn failure(seed: u64) -> Option<String> {
    let setup = plan(seed);
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let reason = run(&mut world).err()?;
    let (nodes, milestones) = (tell::nodes(&world), tell::milestones(&world));
    Some(format!("{reason}\n{:?}\n{nodes}\n{milestones}", setup.knobs))
}

#[test]
fn leaderless_clusters_keep_what_they_acknowledge_and_come_together_again() {
    let seeds: Vec<u64> = match number("SEED") {
        Some(seed) => vec![seed],
        None => (0..number("SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let failures: Vec<(u64, String)> =
        each(&seeds, |seed| Some((*seed, failure(*seed)?))).into_iter().flatten().collect();
    let told: Vec<String> = failures
        .iter()
        .take(2)
        .map(|(seed, why)| format!("SEED={seed} cargo test --test it swarm::leaderless: {why}"))
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
