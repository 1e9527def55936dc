//! How a change of leaders came about, and what became of an order to change them, from what was
//! recorded of it.

use super::RefusedPromotion;
use crate::number::{clock, span};
use engine::observe::metric::{Began, Failover};

/// "n1 lost power; 3.1 s later n2 led epoch 2." An order, a death, an election or a suspicion is said
/// only if its event was recorded.
#[must_use]
pub fn took_over(takeover: &Failover) -> String {
    let Failover { old, new, epoch, death, deposed, noticed, began, promoted, .. } = takeover;
    let told = matches!(began, Began::Ordered { .. } | Began::Restarted { .. });
    let led = match began {
        Began::Ordered { .. } => format!("{new} was ordered to lead, in epoch {epoch}"),
        Began::Restarted { .. } => format!("{new} started and leads epoch {epoch}"),
        Began::Elected { .. } if takeover.again() => {
            format!("{new} was elected again, in epoch {epoch}")
        }
        _ if takeover.again() => format!("{new} led again, in epoch {epoch}"),
        _ => format!("{new} led epoch {epoch}"),
    };
    let after = |at| span(promoted.since(at));
    // What was noticed last before the change comes first among its reasons.
    if let Some(death) = death {
        return format!("{old} {}; {} later {led}.", death.verb(), after(death.at));
    }
    if let Began::Ordered { .. } = began {
        return format!("{led}.");
    }
    if let Some(deposed) = deposed {
        let heard = deposed.heard.map_or_else(String::new, |(from, epoch, _)| {
            format!(" when it heard of epoch {epoch} from {from}")
        });
        return format!("{old} stopped leading{heard}; {} later {led}.", after(deposed.at));
    }
    match noticed.filter(|_| !takeover.again()) {
        Some((suspected, _)) => {
            format!("{old} was taken for dead; {} later {led}.", after(suspected))
        }
        None if !told && !takeover.again() => {
            format!("{new} has led epoch {epoch} since {}.", clock(*promoted))
        }
        None => format!("{led}."),
    }
}

/// "An administrator ordered n2 to lead at 5.000 s, which was refused: n2 does not run."
#[must_use]
pub fn refused(order: &RefusedPromotion) -> String {
    let RefusedPromotion { at, node, why, .. } = *order;
    let whom = node.map_or_else(|| "a node".to_owned(), |node| node.to_string());
    format!(
        "An administrator ordered {whom} to lead at {}, which was refused: {}.",
        clock(at),
        why.sentence(node)
    )
}
