//! The disk of a node takes no more bytes, or takes them again.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::Target;

pub(super) static FULL_DISK: Fault = Fault {
    word: "full-disk",
    doc: "The disk takes no more bytes.",
    takes: &[Takes::Node, Takes::Switch("full", "False: it takes bytes again.")],
    usual: Arguments { yes: true, ..Arguments::NONE },
    perform: |with, machinery| {
        let node = machinery.named(with.node)?;
        machinery.fill_disk(node, with.yes);
        Ok(())
    },
    order: |with| {
        let does = if with.yes { "fill the disk of" } else { "make room on the disk of" };
        format!("{does} {}", with.node.words())
    },
    offers: |seen| match seen {
        Seen::Node(node) if node.disk.full => {
            let (label, help) = ("Make room on its disk", "It can write again.");
            vec![Offer::mends(label, help, 'f', full_disk(node.target(), false))]
        }
        Seen::Node(node) => {
            let help = "It can no longer write anything down.";
            vec![Offer::breaks("Fill its disk", help, 'f', full_disk(node.target(), true))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// The disk of this node takes no more bytes; `full: false`: it takes them again.
#[must_use]
pub const fn full_disk(node: Target, full: bool) -> Action {
    Action { fault: &FULL_DISK, with: Arguments { node, yes: full, ..FULL_DISK.usual } }
}
