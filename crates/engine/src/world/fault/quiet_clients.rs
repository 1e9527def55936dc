//! Every client falls silent, or goes on.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};

pub(super) static QUIET_CLIENTS: Fault = Fault {
    word: "quiet-clients",
    doc: "Every client falls silent.",
    takes: &[Takes::Switch("quiet", "False: they go on.")],
    usual: Arguments { yes: true, ..Arguments::NONE },
    perform: |with, machinery| {
        machinery.quiet_clients(with.yes);
        Ok(())
    },
    order: |with| {
        let does = if with.yes { "silence the clients" } else { "let the clients go on" };
        does.to_owned()
    },
    offers: |seen| match seen {
        Seen::Cluster(cluster) => {
            let (label, help) = if cluster.quiet {
                ("Let the clients go on", "They read and write again.")
            } else {
                ("Silence the clients", "They ask for nothing new.")
            };
            vec![Offer::mends(label, help, 'q', quiet_clients(!cluster.quiet))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// Every client falls silent; `quiet: false`: they go on.
#[must_use]
pub const fn quiet_clients(quiet: bool) -> Action {
    let with = Arguments { yes: quiet, ..QUIET_CLIENTS.usual };
    Action { fault: &QUIET_CLIENTS, with }
}
