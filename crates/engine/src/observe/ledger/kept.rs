//! How a node that a write had arrived at stood when the next leader began: told by what happened to it until then,
//! never by how it stands when somebody asks.

use super::Evidence;
use crate::base::{EventId, NodeId, Position};
use crate::protocol::Note;
use crate::world::{Event, What};

/// How a node that a write had arrived at stood when the leader began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// It ran, and had it.
    Had,
    /// It did not run.
    Down,
    /// It ran, and no longer had it.
    Lost,
}

/// How the node stood that the record at `position` had arrived at with event `arrived`, before event `until`.
pub fn then(
    (node, arrived): (NodeId, EventId),
    position: Position,
    until: EventId,
    evidence: &Evidence<'_>,
) -> Then {
    let of_it = |event: &&Event| match event.what {
        What::Crashed { node: n } | What::PoweredOff { node: n, .. } => n == node,
        What::Started { node: n } => n == node,
        What::Noted { node: n, note: Note::Rewound { from, to } } => {
            n == node && to < position && position <= from
        }
        What::Noted {
            node: n,
            note: Note::SnapshotInstalled { .. } | Note::FilesOpened { .. },
        } => n == node,
        _ => false,
    };
    let milestones = evidence.milestones;
    let before = milestones.between(arrived, until).filter(of_it).last();
    match before.map(|event| &event.what) {
        None => Then::Had,
        Some(What::Crashed { .. } | What::PoweredOff { .. }) => Then::Down,
        // Whether its disk had it shows as long as nothing has cut it off since.
        Some(What::Started { .. }) => {
            let after = EventId(evidence.event.0 + 1);
            let since = milestones.between(until, after).any(|event| of_it(&event));
            if since { Then::Had } else { Then::Lost }
        }
        Some(_) => Then::Lost,
    }
}
