//! A new, empty node joins and copies the data from the others.

use super::{Action, Arguments, Fault, Offer, Seen};

pub(super) static ADD_FOLLOWER: Fault = Fault {
    word: "add-follower",
    doc: "A new, empty node joins.",
    takes: &[],
    usual: Arguments::NONE,
    perform: |_, machinery| machinery.add_node(),
    order: |_| "add a node".to_owned(),
    offers: |seen| match seen {
        Seen::Cluster(cluster) => {
            let help = "A new, empty node joins and copies the data from the others.";
            vec![Offer::mends(cluster.adds, help, 'a', add_follower())]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// A new, empty node joins: a follower, or one more at the end of a chain.
#[must_use]
pub const fn add_follower() -> Action {
    Action::usual(&ADD_FOLLOWER)
}
