//! A machine loses power, and with it everything that was not flushed and what it had in flight.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::{NodeStatus, Target};

pub(super) static POWER_OFF: Fault = Fault {
    word: "power-off",
    doc: "The machine loses power, and with it what was not flushed.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let running = [NodeStatus::Up, NodeStatus::Paused, NodeStatus::Crashed];
        let node = machinery.in_state(with.node, &running)?;
        machinery.power_off(node);
        Ok(())
    },
    order: |with| format!("cut the power of {}", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.status != NodeStatus::PoweredOff => {
            let help = "The machine is gone: what was not flushed or was in flight is lost.";
            vec![Offer::breaks("Cut its power", help, 'x', power_off(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// The machine loses power: what was not flushed is lost, the last record may be torn, its messages in flight die
/// with it.
#[must_use]
pub const fn power_off(node: Target) -> Action {
    Action::on(&POWER_OFF, node)
}
