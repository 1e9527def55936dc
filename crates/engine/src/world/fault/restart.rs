//! A node that is down starts again from what its disk holds.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::{NodeStatus, Target};

pub(super) static RESTART: Fault = Fault {
    word: "restart",
    doc: "Start a crashed or powered-off node again.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let down = [NodeStatus::Crashed, NodeStatus::PoweredOff];
        let node = machinery.in_state(with.node, &down)?;
        machinery.restart(node);
        Ok(())
    },
    order: |with| format!("restart {}", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if matches!(node.status, NodeStatus::Crashed | NodeStatus::PoweredOff) => {
            let help = "It starts again from what its disk holds.";
            vec![Offer::mends("Restart", help, 'r', restart(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: true,
};

/// Start a crashed or powered-off node again, from what its disk holds.
#[must_use]
pub const fn restart(node: Target) -> Action {
    Action::on(&RESTART, node)
}
