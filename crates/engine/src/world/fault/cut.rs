//! A link is cut, one way or both: nothing gets through, and nobody is told.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::Target;

pub(super) static CUT: Fault = Fault {
    word: "cut",
    doc: "Cut a link.",
    takes: &[Takes::Link, Takes::Switch("both", "Whether the way back is cut too.")],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let (from, to) = machinery.ends(with.node, with.to)?;
        machinery.cut(from, to);
        if with.yes {
            machinery.cut(to, from);
        }
        Ok(())
    },
    order: |with| {
        let (from, to) = (with.node.words(), with.to.words());
        if with.yes {
            format!("cut the link between {from} and {to}")
        } else {
            format!("cut the link from {from} to {to}")
        }
    },
    offers,
    brings_back: false,
};

fn offers(seen: &Seen) -> Vec<Offer> {
    let Seen::Link(link) = seen else { return Vec::new() };
    let (a, b) = (Target::Node(link.a), Target::Node(link.b));
    let mut offers = Vec::new();
    if !(link.cut_ab && link.cut_ba) {
        let help = "Nothing gets through, and nobody is told.";
        offers.push(Offer::breaks("Cut both ways", help, 'c', cut(a, b, true)));
    }
    if !link.cut_ab {
        let help = "The lower-numbered node is no longer heard by the other.";
        offers.push(Offer::breaks("Cut one way", help, 'o', cut(a, b, false)));
    }
    if !link.cut_ba {
        let help = "The higher-numbered node is no longer heard by the other.";
        offers.push(Offer::breaks("Cut the way back", help, 'b', cut(b, a, false)));
    }
    offers
}

/// Cut the link from one node to another; `both`: the way back, too. What is under way on it is lost.
#[must_use]
pub const fn cut(from: Target, to: Target, both: bool) -> Action {
    Action { fault: &CUT, with: Arguments { node: from, to, yes: both, ..CUT.usual } }
}
