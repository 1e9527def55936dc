//! What was cut or disturbed between two nodes is mended, both ways.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::Target;

pub(super) static HEAL: Fault = Fault {
    word: "heal",
    doc: "Mend what was cut between two nodes, both ways.",
    takes: &[Takes::Link],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let (from, to) = machinery.ends(with.node, with.to)?;
        machinery.heal(from, to);
        machinery.heal(to, from);
        Ok(())
    },
    order: |with| format!("mend the link between {} and {}", with.node.words(), with.to.words()),
    offers: |seen| match seen {
        Seen::Link(link) if link.cut_ab || link.cut_ba || link.disturbed => {
            let action = heal(Target::Node(link.a), Target::Node(link.b));
            vec![Offer::mends("Mend the link", "Both directions are whole again.", 'm', action)]
        }
        _ => Vec::new(),
    },
    brings_back: true,
};

/// Mend what was cut or disturbed between two nodes, both ways.
#[must_use]
pub const fn heal(from: Target, to: Target) -> Action {
    Action { fault: &HEAL, with: Arguments { node: from, to, ..HEAL.usual } }
}
