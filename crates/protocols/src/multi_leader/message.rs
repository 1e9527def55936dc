//! What leaders and followers tell each other.

use std::rc::Rc;

use super::updates::Update;
use engine::base::{Epoch, Position, SimTime};
use engine::protocol::parts::VersionVector;
use engine::protocol::{MessageFacts, MessageKind, Records, Request};

/// A message.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// "These were written." In the order in which the sender took them in. `answers`: they are
    /// what the receiver asked for; `more`: there are more of those. An empty list that is no answer
    /// asks the receiver to say again what it has.
    Updates { list: Rc<[Update]>, answers: bool, more: bool, sent: SimTime },
    /// "Of each leader I have everything up to here: send me what I miss." `copying`: answer even
    /// if that is nothing. `echo`: the latest message that came from the receiver was sent then.
    Have { seen: Rc<VersionVector>, copying: bool, echo: SimTime },
    /// A client's request, for the home leader of its key.
    Forward { request: Request },
}

/// Bytes of a message besides what it carries.
const ENVELOPE: u32 = 32;

/// Bytes of one entry of a version vector.
const ENTRY: u32 = 5;

impl Message {
    /// What a reader may see of it.
    #[must_use]
    pub fn facts(&self, records: &Records) -> MessageFacts {
        let (mut first, mut last) = (Position::ZERO, Position::ZERO);
        let entries =
            |seen: &VersionVector| ENTRY * u32::try_from(seen.entries().len()).unwrap_or(0);
        let (kind, bytes) = match self {
            Self::Updates { list, .. } => {
                first = list.first().map_or(Position::ZERO, |update| update.record.name());
                last = list.last().map_or(Position::ZERO, |update| update.record.name());
                let length = |update: &Update| {
                    let frame = records.get(update.record).map_or(0, |record| record.frame.len);
                    frame + entries(&update.after)
                };
                (MessageKind::Update, list.iter().map(length).sum())
            }
            Self::Have { seen, .. } => (MessageKind::Have, entries(seen)),
            Self::Forward { .. } => (MessageKind::PassOn, 64),
        };
        MessageFacts { kind, first, last, epoch: Epoch(0), bytes: ENVELOPE + bytes }
    }
}
