//! The promises of chains: random clusters under random faults, nodes and service alike. While things
//! break, everything that the card promises must be kept, and no reader of a strong variant may see
//! anything stale; when all is mended, every node must have found back into the chain.

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::observe::Anomaly;
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::{Promise, Protocol, Role};
use replicarium::engine::world::{
    FAULTS, Limits, NodeStatus, ReadFrom, Setup, Target, World, fault,
};
use replicarium::protocols::chain::Chain;
use replicarium::protocols::chain::knobs::{CatchUp, Detect, Knobs, Variant};

use crate::support::tell;
use crate::swarm::plan::{self, Dice, HEALED};
use crate::swarm::{all_hold, faults};

type Swarm = World<Chain, Recorder>;

/// Runs by default.
const SEEDS: u64 = 3_000;
/// Time after mending within which every node must be in the chain again and a write go through.
const PATIENCE: Span = Span::from_millis(40_000);
/// Time after the clients fall silent within which all data must be equal.
const QUIET: Span = Span::from_millis(15_000);
/// How often is looked whether it is so far.
const LOOK: Span = Span::from_millis(250);

#[test]
fn a_chain_keeps_its_promises_under_faults_and_comes_together_again_after_healing() {
    all_hold("chain::promises", SEEDS, |seed, story| {
        check(&plan::with_appliers(plan(seed)), story)
    });
}

/// Head, tail, middle and service as often as anybody by name.
fn any_office(dice: &mut Dice, nodes: u8) -> Target {
    match dice.below(10) {
        0 | 1 => Target::Head,
        2 | 3 => Target::Tail,
        4 => Target::Middle(dice.within(1, u64::from(nodes)) as u8),
        5 => Target::Service,
        _ => Target::Node(NodeId(dice.below(u64::from(nodes) + 1) as u8)),
    }
}

/// The run of this seed.
pub fn plan(seed: u64) -> Setup<Knobs> {
    let dice = &mut Dice::new(seed ^ 0xc4a1);
    let nodes = dice.within(1, 5) as u8;
    let timeout = dice.millis(300, 1_500);
    let knobs = Knobs {
        variant: dice.one_of(&[
            Variant::Chain,
            Variant::Chain,
            Variant::Craq,
            Variant::Craq,
            Variant::PrimaryBackup,
            Variant::Weak,
        ]),
        detect: Detect {
            timeout,
            heartbeat: Span::from_micros(timeout.micros() / dice.within(3, 6)),
        },
        fencing: dice.chance(80),
        retention: [None, Some(dice.within(1, 20) as u32), Some(dice.within(20, 300) as u32)]
            [dice.below(3) as usize],
        catch_up: CatchUp {
            bandwidth: dice.within(50_000, 1_000_000),
            piece_bytes: dice.within(200, 8_192) as u32,
        },
    };
    let network = plan::network(dice, nodes + 1);
    let clients = |dice: &mut Dice| {
        let mut clients = plan::clients(dice);
        clients.read_from = dice.one_of(&[ReadFrom::Leader, ReadFrom::Any]);
        clients
    };
    let groups = dice.within(1, 2);
    Setup {
        seed,
        nodes,
        knobs,
        network,
        disk: plan::disk(dice),
        service: plan::service(dice),
        clocks: Vec::new(),
        clients: (0..groups).map(|_| clients(dice)).collect(),
        script: faults::script(dice, nodes, any_office),
        until: SimTime::NEVER,
        limits: Limits::default(),
        faults: FAULTS,
    }
}

fn check(setup: &Setup<Knobs>, story: bool) -> Result<(), String> {
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let result = run(&mut world, setup);
    tell::outcome(&world, setup, story, result)
}

fn run(world: &mut Swarm, setup: &Setup<Knobs>) -> Result<(), String> {
    world.advance(HEALED, u32::MAX);
    demand_promises(world, setup, "while things break")?;
    mend(world);
    demand_service(world)?;
    demand_promises(world, setup, "after mending")?;
    world.act(fault::quiet_clients(true));
    demand_equal_data(world)?;
    demand_promises(world, setup, "at the end")
}

fn demand_promises(world: &Swarm, setup: &Setup<Knobs>, when: &str) -> Result<(), String> {
    let case = Case::new(world.observer(), world.view(), world.now());
    let keyed = setup.clients.iter().all(|c| c.retry.is_none_or(|retry| retry.idempotent));
    for (promise, _) in Chain::CARD.promises {
        if *promise == Promise::NothingAppliedTwice && !keyed {
            continue;
        }
        if let Some(Verdict::Broken(witness)) = case.verdict(*promise) {
            return Err(format!("{promise:?} is broken {when}: {}", witness.sentence));
        }
    }
    let strong = setup.knobs.variant != Variant::Weak && setup.knobs.fencing;
    let stale = case.recorder.sessions().count(Anomaly::Stale);
    if strong && stale > 0 {
        return Err(format!("{stale} reads were stale {when}"));
    }
    Ok(())
}

fn nodes(world: &Swarm) -> impl Iterator<Item = NodeId> + use<> {
    (0..world.view().nodes.count()).map(NodeId)
}

/// Everything that is broken is mended at once.
fn mend(world: &mut Swarm) {
    world.act(fault::heal_all());
    for node in nodes(world) {
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

fn demand_service(world: &mut Swarm) -> Result<(), String> {
    let mended = world.now();
    while let Some(reason) = missing(world, mended) {
        if world.now().since(mended) > PATIENCE {
            return Err(format!("not in service long after mending: {reason}"));
        }
        let next = world.now() + LOOK;
        world.advance(next, u32::MAX);
    }
    Ok(())
}

/// What is missing until every node is in the chain and a write goes through.
fn missing(world: &Swarm, mended: SimTime) -> Option<String> {
    let facts = |node| world.view().nodes.facts(node);
    let (mut service, mut replicas) = (None, 0);
    for node in nodes(world) {
        let Some(facts) = facts(node) else { return Some(format!("{node} does not run")) };
        match facts.role {
            Role::Service => service = Some(facts),
            Role::Outside | Role::CatchingUp => return Some(format!("{node} is not in the chain")),
            _ => replicas += 1,
        }
    }
    let service = service?;
    if service.row.len() != replicas {
        return Some(format!("the chain has {:?}", service.row));
    }
    let stale = nodes(world).find(|node| facts(*node).is_some_and(|f| f.epoch != service.epoch));
    if let Some(node) = stale {
        return Some(format!("{node} is not in the epoch of the service"));
    }
    let history = world.observer().history();
    let acknowledged = world.observer().ledger().acknowledged().iter().rev();
    let fresh =
        acknowledged.take(50).any(|op| history.get(*op).is_some_and(|o| o.invoked > mended));
    (!fresh).then(|| "no write begun after mending was acknowledged".to_owned())
}

/// All replicas hold the same log and the same data.
fn demand_equal_data(world: &mut Swarm) -> Result<(), String> {
    let silent = world.now();
    while let Some(difference) = difference(world) {
        if world.now().since(silent) > QUIET {
            return Err(format!("no equal data after silence: {difference}"));
        }
        let next = world.now() + LOOK;
        world.advance(next, u32::MAX);
    }
    Ok(())
}

fn difference(world: &Swarm) -> Option<String> {
    let view = world.view();
    let state = |node| {
        let facts = view.nodes.facts(node).filter(|facts| facts.role.is_replica())?;
        Some((facts.last, facts.applied, facts.flushed, view.nodes.state_digest(node)))
    };
    let all: Vec<_> = nodes(world).filter_map(|node| Some((node, state(node)?))).collect();
    let (first, known) = all.first()?;
    if known.1 < known.0 {
        return Some(format!("{first} has not applied all of its log"));
    }
    all.iter().find(|(_, s)| s != known).map(|(node, _)| format!("{first} and {node} differ"))
}
