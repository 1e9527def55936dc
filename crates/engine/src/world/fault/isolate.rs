//! Every link of a node is cut, both ways, and on request the clients' way to it, too.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::Target;

pub(super) static ISOLATE: Fault = Fault {
    word: "isolate",
    doc: "Cut every link of a node.",
    takes: &[Takes::Node, Takes::Switch("clients", "Whether its clients are cut off too.")],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.named(with.node)?;
        for other in machinery.others(node) {
            machinery.cut(node, other);
            machinery.cut(other, node);
        }
        if with.yes {
            machinery.cut_clients(node);
        }
        Ok(())
    },
    order: |with| {
        let clients = if with.yes { " and the clients" } else { "" };
        format!("cut {} off from the other nodes{clients}", with.node.words())
    },
    offers: |seen| match seen {
        Seen::Node(node) => {
            let help = "Every link to other nodes is cut; clients still reach it.";
            vec![Offer::breaks("Cut it off", help, 'i', isolate(node.target(), false))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// Cut every link of a node, both ways; `clients`: those elsewhere are cut off from it, too, which only
/// [`heal_all`](super::heal_all) mends.
#[must_use]
pub const fn isolate(node: Target, clients: bool) -> Action {
    Action { fault: &ISOLATE, with: Arguments { node, yes: clients, ..ISOLATE.usual } }
}
