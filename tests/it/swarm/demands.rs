//! One run of the swarm: faults, then mending, then the demands.

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::facts::Feeding;
use replicarium::engine::protocol::{Promise, Role};
use replicarium::engine::world::{NodeStatus, Setup, Target, World, fault};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Promote};

use super::plan::HEALED;
use super::promised::{must_recover, promised};
use crate::support::tell;

type Swarm = World<SingleLeader, Recorder>;

/// Time after mending within which the cluster must serve again.
const PATIENCE: Span = Span::from_millis(30_000);

/// Time after the clients fall silent within which all data must be equal.
const QUIET: Span = Span::from_millis(15_000);

/// How often is looked whether it is so far.
const LOOK: Span = Span::from_millis(250);

/// An administrator helps what does not move for so long.
const STUCK: Span = Span::from_millis(3_000);

/// Runs a plan and makes every demand; the reason and the story if one is not met.
pub fn check(setup: &Setup<Knobs>, story: bool) -> Result<(), String> {
    let mut world: Swarm = World::new(setup.clone(), Recorder::new(&setup.limits));
    let result = run(&mut world, setup);
    tell::outcome(&world, setup, story, result)
}

fn run(world: &mut Swarm, setup: &Setup<Knobs>) -> Result<(), String> {
    world.advance(HEALED, u32::MAX);
    demand_promises(world, setup, "while things break")?;
    mend(world);
    if must_recover(&setup.knobs) && !all_emptied(world) {
        demand_service(world, &setup.knobs)?;
        demand_promises(world, setup, "after mending")?;
        world.act(fault::quiet_clients(true));
        demand_equal_data(world, &setup.knobs)?;
    } else {
        let end = world.now() + PATIENCE;
        world.advance(end, u32::MAX);
    }
    demand_promises(world, setup, "at the end")
}

fn demand_promises(world: &Swarm, setup: &Setup<Knobs>, when: &str) -> Result<(), String> {
    let case = Case::new(world.observer(), world.view(), world.now());
    for promise in promised(setup) {
        if let Some(Verdict::Broken(witness)) = case.verdict(promise) {
            return Err(format!("{promise:?} is broken {when}: {}", witness.sentence));
        }
    }
    Ok(())
}

fn nodes(world: &Swarm) -> impl Iterator<Item = NodeId> + use<> {
    (0..world.view().nodes.count()).map(NodeId)
}

/// An administrator had every node throw its data away: nobody is left to copy from.
fn all_emptied(world: &Swarm) -> bool {
    let copying = |node| world.view().nodes.facts(node).is_some_and(|f| f.role == Role::CatchingUp);
    nodes(world).all(copying)
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

/// A leader takes writes, everybody follows it, and a write begun after mending is acknowledged.
fn demand_service(world: &mut Swarm, knobs: &Knobs) -> Result<(), String> {
    let mended = world.now();
    let mut helped = mended;
    loop {
        let next = world.now() + LOOK;
        world.advance(next, u32::MAX);
        let reason = match missing(world, mended) {
            None => return Ok(()),
            Some(reason) => reason,
        };
        if world.now().since(mended) > PATIENCE {
            return Err(format!(
                "not in service {} s after mending: {reason}",
                PATIENCE.micros() / 1_000_000
            ));
        }
        if world.now().since(helped) > STUCK {
            helped = world.now();
            help(world, knobs);
        }
    }
}

/// What an administrator does with nodes that wait for one.
fn help(world: &mut Swarm, knobs: &Knobs) {
    let facts = |world: &Swarm, node| world.view().nodes.facts(node);
    if world.leader().is_none() {
        // Nodes that threw their data away neither vote nor lead: voters may be too few.
        let copies = nodes(world).filter_map(|node| facts(world, node));
        let too_few =
            copies.filter(|f| matches!(f.role, Role::CatchingUp | Role::Stranded)).count() > 0;
        if knobs.failover.promote == Promote::ByHand || too_few {
            let longest = nodes(world)
                .filter_map(|node| Some((facts(world, node)?, node)))
                .filter(|(facts, _)| facts.role != Role::CatchingUp)
                .max_by_key(|(facts, node)| (facts.epoch, facts.last, std::cmp::Reverse(*node)));
            if let Some((_, node)) = longest {
                world.act(fault::promote(Target::Node(node)));
            }
        }
        return;
    }
    let fed = world.leader().and_then(|leader| facts(world, leader)).map(|facts| facts.followers);
    let waits = |node: NodeId| {
        let feeding = fed.iter().flatten().find(|f| f.node == node).map(|f| f.feeding);
        let unfed = matches!(feeding, Some(Feeding::Unknown | Feeding::GivenUp));
        let stranded = facts(world, node).is_some_and(|facts| facts.role == Role::Stranded);
        stranded || (unfed && !knobs.catch_up.automatic)
    };
    let waiting: Vec<NodeId> = nodes(world).filter(|node| waits(*node)).collect();
    for node in waiting {
        world.act(fault::copy_afresh(Target::Node(node)));
    }
}

/// What is missing until the cluster serves again.
fn missing(world: &Swarm, mended: SimTime) -> Option<String> {
    let Some(leader) = world.leader() else { return Some("nobody leads".to_owned()) };
    for node in nodes(world) {
        let Some(facts) = world.view().nodes.facts(node) else {
            return Some(format!("{node} does not run"));
        };
        let follows = matches!(facts.role, Role::Follower | Role::CatchingUp);
        if node != leader && !(follows && facts.leader == Some(leader)) {
            return Some(format!("{node} does not follow {leader}"));
        }
    }
    let history = world.observer().history();
    let acknowledged = world.observer().ledger().acknowledged().iter().rev();
    let fresh =
        acknowledged.take(50).any(|op| history.get(*op).is_some_and(|o| o.invoked > mended));
    (!fresh).then(|| "no write begun after mending was acknowledged".to_owned())
}

/// All replicas hold the same log and the same data.
fn demand_equal_data(world: &mut Swarm, knobs: &Knobs) -> Result<(), String> {
    let silent = world.now();
    let mut helped = silent;
    while let Some(difference) = difference(world) {
        if world.now().since(silent) > QUIET {
            return Err(format!(
                "no equal data in {} s of silence: {difference}",
                QUIET.micros() / 1_000_000
            ));
        }
        let next = world.now() + LOOK;
        world.advance(next, u32::MAX);
        if world.now().since(helped) > STUCK {
            helped = world.now();
            help(world, knobs);
        }
    }
    let case = Case::new(world.observer(), world.view(), world.now());
    match case.verdict(Promise::ReplicasConverge) {
        Some(Verdict::Broken(witness)) => Err(format!("the audit differs: {}", witness.sentence)),
        _ => Ok(()),
    }
}

fn difference(world: &Swarm) -> Option<String> {
    let view = world.view();
    let state = |node| {
        let facts = view.nodes.facts(node)?;
        Some((facts.last, facts.applied, facts.flushed, view.nodes.state_digest(node)))
    };
    let first = state(NodeId(0));
    if first.is_some_and(|(last, applied, ..)| applied < last) {
        return Some("n1 has not applied all of its log".to_owned());
    }
    nodes(world).find(|node| state(*node) != first).map(|node| format!("n1 and {node} differ"))
}
