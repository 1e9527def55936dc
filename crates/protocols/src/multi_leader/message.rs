//! What leaders and followers tell each other.

use std::rc::Rc;

use super::updates::Update;
use engine::base::{Epoch, Position, SimTime};
use engine::protocol::parts::VersionVector;
use engine::protocol::{MessageFacts, MessageKind, Records, Request};

/// A message.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// "These were written", or the question what the receiver has.
    Updates {
        /// In an order in which they can be taken in; none, unasked: "say again what you have".
        list: Rc<[Update]>,
        /// Whether they are what the receiver asked for; else they come unasked.
        answers: bool,
        /// Whether the sender has more of what was asked for; unasked it means nothing.
        more: bool,
        /// When it left, by the sender's clock; `echo` names the latest that came.
        sent: SimTime,
    },
    /// "This is what I have: send me what I miss."
    Have {
        /// Of each leader, the number up to which the sender has all its updates.
        seen: Rc<VersionVector>,
        /// Whether it waits for all its data: then it is answered even if it misses nothing.
        copying: bool,
        /// When the latest `Updates` left that came from the receiver, by its clock; 0: none came.
        echo: SimTime,
    },
    /// A client's request, for the home leader of its key.
    Forward {
        /// As the client sent it; the home leader answers the client.
        request: Request,
    },
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
