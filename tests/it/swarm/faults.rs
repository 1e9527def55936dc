//! Random scripts of faults, and the order that ends them all.

use replicarium::engine::base::{NodeId, SimTime};
use replicarium::engine::world::{Action, Scripted, Target, fault};

use super::plan::{Dice, HEALED};

/// Faults begin when the cluster has come together.
const FIRST: SimTime = SimTime::from_millis(400);

/// Some faults, some of them mended by themselves, in order of time.
pub fn script(dice: &mut Dice, nodes: u8, target: Pick) -> Vec<Scripted> {
    let mut script = Vec::new();
    for _ in 0..dice.within(0, 6) {
        let at = FIRST + dice.millis(0, HEALED.since(FIRST).micros() / 1_000 - 100);
        let later = at + dice.millis(10, 3_000);
        let (fault, mended) = fault(dice, nodes, target);
        script.push(Scripted { at, action: fault });
        if let Some(action) = mended.filter(|_| later < HEALED && dice.chance(70)) {
            script.push(Scripted { at: later, action });
        }
    }
    script.sort_by_key(|scripted| scripted.at);
    script
}

/// How a node is picked.
pub type Pick = fn(&mut Dice, u8) -> Target;

/// Leaders more often than others.
pub fn leader_or_other(dice: &mut Dice, nodes: u8) -> Target {
    match dice.below(10) {
        0..=4 => Target::Leader,
        5..=6 => Target::Follower(dice.within(1, u64::from(nodes) - 1) as u8),
        _ => Target::Node(NodeId(dice.below(u64::from(nodes)) as u8)),
    }
}

/// Something that breaks, and what mends it.
fn fault(dice: &mut Dice, nodes: u8, target: Pick) -> (Action, Option<Action>) {
    // The leader at one time is another node later: what is broken by role is mended by name, and
    // an action that comes too late or meets another state is refused, which is a case of its own.
    let node = target(dice, nodes);
    let other = target(dice, nodes);
    let named = Target::Node(NodeId(dice.below(u64::from(nodes)) as u8));
    match dice.below(16) {
        0 | 1 => (fault::crash(node), Some(fault::restart(node))),
        2 | 3 => (fault::power_off(node), Some(fault::restart(node))),
        4 => (fault::power_off(named), Some(fault::restart(named))),
        5 | 6 => (fault::pause(named), Some(fault::resume(named))),
        7 => (fault::pause(Target::Leader), None),
        8 => {
            let both = dice.chance(50);
            (fault::cut(node, other, both), Some(fault::heal_all()))
        }
        9 | 10 => {
            let clients = dice.chance(50);
            (fault::isolate(node, clients), Some(fault::heal_all()))
        }
        11 => {
            let factor = dice.within(2, 200) as u32;
            (fault::slow_disk(named, factor), Some(fault::slow_disk(named, 1)))
        }
        12 => (fault::full_disk(named, true), Some(fault::full_disk(named, false))),
        13 => {
            let (loss, duplicate) = (dice.below(90) as f64 / 100.0, dice.below(90) as f64 / 100.0);
            let extra = dice.millis(0, 400);
            let disturb = fault::disturb(node, other, loss, duplicate, extra);
            (disturb, Some(fault::heal_all()))
        }
        14 => (fault::promote(Target::Follower(dice.within(1, 3) as u8)), None),
        _ => (dice.one_of(&[fault::add_follower(), fault::copy_afresh(node)]), None),
    }
}
