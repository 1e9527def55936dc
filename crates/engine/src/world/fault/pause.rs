//! A process is stopped with its connections open, as by a long garbage collection or `SIGSTOP`, and let go on.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::{NodeStatus, Target};

pub(super) static PAUSE: Fault = Fault {
    word: "pause",
    doc: "Stop the process with its connections open.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &[NodeStatus::Up])?;
        machinery.pause(node);
        Ok(())
    },
    order: |with| format!("pause {}", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.is_up() => {
            let help = "It stands still with its connections open, and does not know.";
            vec![Offer::breaks("Pause", help, 'p', pause(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

pub(super) static RESUME: Fault = Fault {
    word: "resume",
    doc: "Let a paused process go on.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &[NodeStatus::Paused])?;
        machinery.resume(node);
        Ok(())
    },
    order: |with| format!("let {} go on", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.status == NodeStatus::Paused => {
            let help = "It reads what waited for it and only then learns what time it is.";
            vec![Offer::mends("Let it go on", help, 'r', resume(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: true,
};

/// Stop the process with its connections open. It is alive and does not know.
#[must_use]
pub const fn pause(node: Target) -> Action {
    Action::on(&PAUSE, node)
}

/// Let a paused process go on.
#[must_use]
pub const fn resume(node: Target) -> Action {
    Action::on(&RESUME, node)
}
