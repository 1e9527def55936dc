//! An administrator makes a node the leader, whatever the others say.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::protocol::Admin;
use crate::world::{NodeStatus, Target};

pub(super) static PROMOTE: Fault = Fault {
    word: "promote",
    doc: "An administrator promotes a node.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &[NodeStatus::Up])?;
        machinery.order(node, Admin::Promote)
    },
    order: |with| format!("promote {}", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.can_copy() && node.promotes => {
            let help = "An administrator makes it the leader, whatever the others say.";
            vec![Offer::mends("Promote", help, 'l', promote(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// An administrator promotes this node.
#[must_use]
pub const fn promote(node: Target) -> Action {
    Action::on(&PROMOTE, node)
}
