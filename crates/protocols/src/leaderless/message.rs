//! What leaderless nodes tell each other.

use std::rc::Rc;

use engine::base::{Epoch, Key, NodeId, Position};
use engine::protocol::parts::Siblings;
use engine::protocol::{MessageFacts, MessageKind, RecordRef, Records, Request};

/// A message. `call` is the coordinator's number for the operation that it belongs to.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// "Keep these versions of the key."
    Put { call: u32, key: Key, versions: Siblings },
    /// "Keep them for this node until it answers again."
    Hint { call: u32, owner: NodeId, key: Key, versions: Siblings },
    /// "They are on my disk."
    Stored { call: u32 },
    /// "What do you have of the key?"
    Get { call: u32, key: Key },
    /// "These versions."
    Versions { call: u32, key: Key, versions: Siblings },
    /// "You answered a read with less than these." Confirmed like a write if `call` is not 0.
    Repair { call: u32, key: Key, versions: Siblings },
    /// "I kept these for you."
    HandOff { versions: Rc<[(Key, RecordRef)]> },
    /// "They are on my disk."
    HandedOff { versions: Rc<[(Key, RecordRef)]> },
    /// A client's request, for a node that holds its key.
    Forward { request: Request },
    /// "Are you there?"
    Knock,
    /// "I am."
    Here,
    /// "These are my hashes of the keys that we both hold": places in the tree and hashes.
    Hashes { hashes: Rc<[(u16, u64)]> },
    /// "In these ranges I have these versions." `answer`: tell me yours.
    Exchange { leaves: Rc<[u16]>, versions: Rc<[(Key, RecordRef)]>, answer: bool },
    /// "Give me what I shall hold."
    Fetch,
    /// "That is all."
    Fetched { versions: Rc<[(Key, RecordRef)]> },
}

/// Bytes of a message besides what it carries: addresses, call, key.
const ENVELOPE: u32 = 32;

impl Message {
    /// What a reader may see of it.
    #[must_use]
    pub fn facts(&self, records: &Records) -> MessageFacts {
        let (kind, carried) = match self {
            Self::Put { versions, .. } => (MessageKind::Put, versions.as_slice().to_vec()),
            Self::Hint { versions, .. } => (MessageKind::Hint, versions.as_slice().to_vec()),
            Self::Stored { .. } => (MessageKind::Stored, Vec::new()),
            Self::Get { .. } => (MessageKind::Get, Vec::new()),
            Self::Versions { versions, .. } => {
                (MessageKind::Versions, versions.as_slice().to_vec())
            }
            Self::Repair { versions, .. } => (MessageKind::Repair, versions.as_slice().to_vec()),
            Self::HandOff { versions } => (MessageKind::HandOff, only_records(versions)),
            Self::HandedOff { .. } => (MessageKind::HandedOff, Vec::new()),
            Self::Forward { .. } => (MessageKind::PassOn, Vec::new()),
            Self::Knock => (MessageKind::Knock, Vec::new()),
            Self::Here => (MessageKind::Here, Vec::new()),
            Self::Hashes { .. } => (MessageKind::Hashes, Vec::new()),
            Self::Exchange { versions, .. } | Self::Fetched { versions } => {
                (MessageKind::Exchange, only_records(versions))
            }
            Self::Fetch => (MessageKind::Fetch, Vec::new()),
        };
        let length = |record: &RecordRef| records.get(*record).map_or(0, |record| record.frame.len);
        let bytes = ENVELOPE + self.extra_bytes() + carried.iter().map(length).sum::<u32>();
        let name =
            |record: Option<&RecordRef>| record.map_or(Position::ZERO, |record| record.name());
        let (first, last) = (name(carried.first()), name(carried.last()));
        MessageFacts { kind, first, last, epoch: Epoch(0), bytes }
    }

    fn extra_bytes(&self) -> u32 {
        let count = |length: usize, each: u32| u32::try_from(length).unwrap_or(0) * each;
        match self {
            Self::Hashes { hashes } => count(hashes.len(), 10),
            Self::Exchange { leaves, .. } => count(leaves.len(), 2),
            Self::HandedOff { versions } => count(versions.len(), 8),
            Self::Forward { .. } => 64,
            _ => 0,
        }
    }
}

fn only_records(versions: &[(Key, RecordRef)]) -> Vec<RecordRef> {
    versions.iter().map(|(_, record)| *record).collect()
}
