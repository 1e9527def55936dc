//! A process is killed; its machine goes on.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::{NodeStatus, Target};

pub(super) static CRASH: Fault = Fault {
    word: "crash",
    doc: "Kill the process; its disk and what it handed to its links stay.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &[NodeStatus::Up, NodeStatus::Paused])?;
        machinery.crash(node);
        Ok(())
    },
    order: |with| format!("crash the process of {}", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if matches!(node.status, NodeStatus::Up | NodeStatus::Paused) => {
            let help = "Its memory is gone; what it had sent still arrives, its disk is kept.";
            vec![Offer::breaks("Crash the process", help, 'c', crash(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// Kill the process. What it handed to its links is still delivered; its memory is gone; what it wrote to its disk,
/// flushed or not, is kept by the machine.
#[must_use]
pub const fn crash(node: Target) -> Action {
    Action::on(&CRASH, node)
}
