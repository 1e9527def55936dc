//! Flushes of a node take many times as long.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::Target;

/// How many times slower a reader makes a disk.
const SLOW: u32 = 50;

pub(super) static SLOW_DISK: Fault = Fault {
    word: "slow-disk",
    doc: "Flushes take many times as long.",
    takes: &[
        Takes::Node,
        Takes::Count(
            "factor",
            "How many times as long a flush takes; 1 is normal.",
            1,
            1_000_000,
            "times",
        ),
    ],
    usual: Arguments { count: 10, ..Arguments::NONE },
    perform: |with, machinery| {
        let node = machinery.named(with.node)?;
        machinery.slow_disk(node, with.count.max(1));
        Ok(())
    },
    order: |with| match with.count {
        0 | 1 => format!("let the disk of {} run at its normal speed", with.node.words()),
        factor => format!("make the disk of {} {factor} times slower", with.node.words()),
    },
    offers: |seen| match seen {
        Seen::Node(node) if node.disk.slow > 1 => {
            let help = "Flushes take as long as they should.";
            vec![Offer::mends("Normal disk", help, 'd', slow_disk(node.target(), 1))]
        }
        Seen::Node(node) => {
            let help = "Flushes take fifty times as long.";
            vec![Offer::breaks("Slow its disk", help, 'd', slow_disk(node.target(), SLOW))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// Each flush of this node that begins from now on takes `factor` times as long as normal; 0 counts as 1.
#[must_use]
pub const fn slow_disk(node: Target, factor: u32) -> Action {
    Action { fault: &SLOW_DISK, with: Arguments { node, count: factor, ..SLOW_DISK.usual } }
}
