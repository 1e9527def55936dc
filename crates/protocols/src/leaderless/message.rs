//! What leaderless nodes tell each other.

use std::rc::Rc;

use engine::base::{Epoch, Key, NodeId, Position};
use engine::protocol::parts::Siblings;
use engine::protocol::{MessageFacts, MessageKind, RecordRef, Records, Request};

/// A message. `call` is the coordinator's number, counted from 1, for the operation that it belongs
/// to.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// "Keep these versions of the key."
    Put {
        /// Number of the write; `Stored` names it.
        call: u32,
        /// The key that is written.
        key: Key,
        /// What the coordinator has of the key, this write taken in.
        versions: Siblings,
    },
    /// "Keep them for this node until it answers again."
    Hint {
        /// Number of the write; `Stored` names it.
        call: u32,
        /// Whose they are: it shall hold the key and does not answer the coordinator.
        owner: NodeId,
        /// The key that is written.
        key: Key,
        /// What the coordinator has of the key, this write taken in.
        versions: Siblings,
    },
    /// "They are on my disk."
    Stored {
        /// Number that came with the `Put`, the `Hint` or the `Repair`; never 0.
        call: u32,
    },
    /// "What do you have of the key?"
    Get {
        /// Number of the read; `Versions` names it.
        call: u32,
        /// The key that is read.
        key: Key,
    },
    /// "These versions."
    Versions {
        /// Number of the read that this answers.
        call: u32,
        /// The key that is read.
        key: Key,
        /// All that the sender has of it, what it keeps for others too; none: nothing there.
        versions: Siblings,
    },
    /// "You answered a read with less than these."
    Repair {
        /// Number of the read that waits for a `Stored`; 0: none waits, and nothing is answered.
        call: u32,
        /// The key that was read.
        key: Key,
        /// What all answers to the read so far had together.
        versions: Siblings,
    },
    /// "I kept these for you."
    HandOff {
        /// Versions with their keys, some at a time: the rest follows when these are confirmed.
        versions: Rc<[(Key, RecordRef)]>,
    },
    /// "They are on my disk."
    HandedOff {
        /// What the `HandOff` brought: who kept it may forget it.
        versions: Rc<[(Key, RecordRef)]>,
    },
    /// A client's request, for a node that holds its key.
    Forward {
        /// As the client sent it; whoever it is passed on to answers the client.
        request: Request,
    },
    /// "Are you there?"
    Knock,
    /// "I am."
    Here,
    /// "These are my hashes of the keys that we both hold."
    Hashes {
        /// Places in the tree (0: the root) and the hash at each (0: no keys there).
        hashes: Rc<[(u16, u64)]>,
    },
    /// "In these ranges I have these versions."
    Exchange {
        /// The ranges whose hashes differ: numbers of leaves of the tree, counted from 0.
        leaves: Rc<[u16]>,
        /// Versions with their keys, which both shall hold; an answer leaves out what was told.
        versions: Rc<[(Key, RecordRef)]>,
        /// Whether the receiver is to tell what else it has there; not in an answer.
        answer: bool,
    },
    /// "Give me what I shall hold."
    Fetch,
    /// "That is all."
    Fetched {
        /// All that the sender has of the keys that the receiver shall hold; there may be none.
        versions: Rc<[(Key, RecordRef)]>,
    },
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
