//! Every link is mended, and the clients' ways.

use super::{Action, Arguments, Fault, Offer, Seen};
use crate::base::NodeId;

pub(super) static HEAL_ALL: Fault = Fault {
    word: "heal-all",
    doc: "Mend every link.",
    takes: &[],
    usual: Arguments::NONE,
    perform: |_, machinery| {
        for from in (0..machinery.nodes()).map(NodeId) {
            for to in machinery.others(from) {
                machinery.heal(from, to);
            }
        }
        machinery.heal_clients();
        Ok(())
    },
    order: |_| "mend every link".to_owned(),
    offers: |seen| {
        let offered = match seen {
            Seen::Node(node) => node.cut_off,
            Seen::Cluster(_) => true,
            Seen::Link(_) | Seen::Message(_) => false,
        };
        let help = "Every cut and disturbed link is whole again.";
        let offer = || Offer::mends("Mend all links", help, 'm', heal_all());
        offered.then(offer).into_iter().collect()
    },
    brings_back: false,
};

/// Mend every link.
#[must_use]
pub const fn heal_all() -> Action {
    Action::usual(&HEAL_ALL)
}
