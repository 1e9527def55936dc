//! An administrator has a node throw its data away and copy everything from the others.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::protocol::Admin;
use crate::world::{NodeStatus, Target};

pub(super) static COPY_AFRESH: Fault = Fault {
    word: "copy-afresh",
    doc: "A node throws its data away and copies everything.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &[NodeStatus::Up])?;
        machinery.order(node, Admin::CopyAfresh)
    },
    order: |with| format!("have {} copy everything afresh", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.can_copy() => {
            let help = "It throws its data away and copies everything from the others.";
            vec![Offer::mends("Copy afresh", help, 'y', copy_afresh(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// An administrator has this node throw its data away and copy everything afresh.
#[must_use]
pub const fn copy_afresh(node: Target) -> Action {
    Action::on(&COPY_AFRESH, node)
}
