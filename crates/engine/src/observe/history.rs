//! The history: what the clients asked for, and what each of them was told.
//!
//! It knows only what a client could have written down itself: when it asked, how often, who
//! answered what and when. Whether the answer was true is for the ledger and the audits.

mod rows;

pub use rows::Row;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Chunked, ClientId, Epoch, EventId, Key, NodeId, OpId, Position, SimTime};
use crate::protocol::client::Refusal;
use crate::protocol::{Command, Outcome};

/// One operation of a client.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Operation {
    /// Whose.
    pub client: ClientId,
    /// What was asked.
    pub command: Command,
    /// When the client began it.
    pub invoked: SimTime,
    /// When it ended; [`SimTime::NEVER`] while it is pending.
    pub ended: SimTime,
    /// The event of its beginning.
    pub invoked_event: EventId,
    /// The event of its end, or [`EventId::NONE`].
    pub ended_event: EventId,
    /// How it ended.
    pub end: End,
    /// How often it was sent.
    pub attempts: u16,
    /// What became of its last request, as far as anything has happened.
    pub talk: Talk,
    /// Who gave the answer that ended it.
    pub node: Option<NodeId>,
    /// Some attempt was not answered in time: it may have had an effect.
    pub uncertain: bool,
    /// The last request of it that a node read.
    pub taken: Taken,
    /// The first one that a node read and did not turn away.
    pub first: Option<Taken>,
}

/// What became of the last request of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Talk {
    /// It has neither arrived nor got lost.
    #[default]
    OnItsWay,
    /// It got lost, or nobody was there to read it.
    Lost,
    /// A node read it.
    Read,
    /// The node's answer got lost.
    AnswerLost,
    /// This node refused it, and its client will ask again.
    TurnedAway(NodeId),
}

/// A request as it arrived.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Taken {
    /// When.
    pub at: SimTime,
    /// The event; [`EventId::NONE`] if no request of the operation ever arrived.
    pub event: EventId,
    /// Where.
    pub node: NodeId,
    /// Which sending.
    pub attempt: u16,
}

/// How an operation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It has not ended.
    Pending,
    /// A write: the client was told that it is saved.
    Written {
        /// Position of its record; where data are versions per key, its version's name.
        position: Position,
        /// The leader's epoch when it answered, in a chain the record's; 0 where nobody leads.
        epoch: Epoch,
    },
    /// A read: the client was told a value.
    Value {
        /// The value; 0 also stands for a key never written or a value taken away.
        value: u64,
        /// Position of the write that it shows, or the name of its version; 0: there is none.
        version: Position,
        /// How far the node had applied its log; 0 where data are versions per key.
        applied: Position,
        /// The epoch of the node that answered; 0 where nobody leads.
        epoch: Epoch,
    },
    /// The client was told that it was not done.
    Refused {
        /// Why, as the node said; `None`: such requests are for another node.
        why: Option<Refusal>,
    },
    /// The client gave up without knowing.
    Unknown,
}

impl Operation {
    /// Whether it writes.
    #[must_use]
    pub const fn is_write(&self) -> bool {
        self.command.writes()
    }

    /// The key that it is about.
    #[must_use]
    pub const fn key(&self) -> Key {
        self.command.key()
    }

    /// The value written, or read so far; `None` for a read without an answer.
    #[must_use]
    pub const fn value(&self) -> Option<u64> {
        match (self.command, self.end) {
            (Command::Write { value, .. } | Command::Swap { value, .. }, _)
            | (Command::Read { .. }, End::Value { value, .. }) => Some(value),
            (Command::Transfer { amount, .. }, _) => Some(amount as u64),
            (Command::Read { .. }, _) => None,
        }
    }

    /// What a reader calls it: "k7 = 91", or "read k7".
    #[must_use]
    pub fn name(&self) -> String {
        self.command.name()
    }

    /// Whether it is known what became of it, now that it ended.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        match self.end {
            End::Unknown => false,
            End::Refused { why: Some(Refusal::QuorumMissed) } => !self.is_write(),
            _ => true,
        }
    }

    /// Whether it is a write that its client was told is saved.
    #[must_use]
    pub const fn is_acknowledged(&self) -> bool {
        matches!(self.end, End::Written { .. })
    }
}

/// Every operation of the run, by its number.
#[derive(Clone, Default, Debug)]
pub struct History {
    ops: Chunked<Operation>,
    // Who read a sending of a write that was not the last to be read.
    earlier: Rc<BTreeMap<(OpId, u16), NodeId>>,
    // The first requests of a write that further nodes read and did not turn away.
    elsewhere: Rc<BTreeMap<(OpId, NodeId), Taken>>,
    // The same of a node that had read it before it began anew.
    anew: Rc<BTreeMap<(OpId, NodeId), Taken>>,
    // By node: when it last began anew, if it did.
    begun: Rc<Vec<EventId>>,
}

impl History {
    /// A client begins an operation. They are numbered in order.
    pub fn begin(&mut self, op: OpId, client: ClientId, command: Command, at: SimTime) {
        debug_assert_eq!(op.index(), self.ops.len(), "operations are numbered in order");
        self.ops.push(Operation {
            client,
            command,
            invoked: at,
            ended: SimTime::NEVER,
            invoked_event: EventId::NONE,
            ended_event: EventId::NONE,
            end: End::Pending,
            attempts: 0,
            talk: Talk::default(),
            node: None,
            uncertain: false,
            taken: Taken::default(),
            first: None,
        });
    }

    /// The event of its beginning.
    #[inline]
    pub fn invoked(&mut self, op: OpId, event: EventId) {
        if let Some(operation) = self.ops.get_mut(op.index()) {
            operation.invoked_event = event;
        }
    }

    /// It was sent to a node.
    #[inline]
    pub fn asked(&mut self, op: OpId, attempt: u16) {
        if let Some(operation) = self.ops.get_mut(op.index()) {
            operation.attempts = operation.attempts.max(attempt);
            operation.talk = Talk::OnItsWay;
        }
    }

    /// A request or an answer of it got lost.
    pub fn talk_lost(&mut self, op: OpId, attempt: u16) {
        let Some(operation) = self.ops.get_mut(op.index()) else { return };
        let Taken { event, attempt: taken, .. } = operation.taken;
        let read = event != EventId::NONE && taken == attempt;
        operation.talk = if read { Talk::AnswerLost } else { Talk::Lost };
    }

    /// Its client was refused, and asks again.
    pub fn asks_again(&mut self, op: OpId, node: NodeId) {
        if let Some(operation) = self.ops.get_mut(op.index()) {
            operation.talk = Talk::TurnedAway(node);
        }
    }

    /// A request of it was read by a node.
    #[inline]
    pub fn taken(&mut self, op: OpId, taken: Taken) {
        let Some(operation) = self.ops.get_mut(op.index()) else { return };
        operation.attempts = operation.attempts.max(taken.attempt);
        operation.talk = Talk::Read;
        let before = std::mem::replace(&mut operation.taken, taken);
        if !operation.is_write() {
            return;
        }
        if before.event != EventId::NONE && before.attempt != taken.attempt {
            Rc::make_mut(&mut self.earlier).insert((op, before.attempt), before.node);
        }
        let elsewhere = self.elsewhere.get(&(op, taken.node)).copied();
        let known = operation.first.filter(|first| first.node == taken.node).or(elsewhere);
        if let Some(known) = known {
            if known.event < self.begun(taken.node) {
                Rc::make_mut(&mut self.anew).entry((op, taken.node)).or_insert(taken);
            }
            return;
        }
        let known = elsewhere.is_some();
        if operation.first.is_none() && !known {
            operation.first = Some(taken);
        } else if !known {
            Rc::make_mut(&mut self.elsewhere).insert((op, taken.node), taken);
        }
    }

    /// A node refused it: what it read of it before led to nothing.
    pub fn turned_away(&mut self, op: OpId, node: NodeId) {
        if let Some(operation) = self.ops.get_mut(op.index()) {
            operation.first.take_if(|first| first.node == node);
            if self.elsewhere.contains_key(&(op, node)) {
                Rc::make_mut(&mut self.elsewhere).remove(&(op, node));
            }
            if self.anew.contains_key(&(op, node)) {
                Rc::make_mut(&mut self.anew).remove(&(op, node));
            }
        }
    }

    /// A node began or ceased to lead, or its process died: it answers nothing of what it was asked before.
    pub fn begins_anew(&mut self, node: NodeId, event: EventId) {
        let begun = Rc::make_mut(&mut self.begun);
        if begun.len() <= node.index() {
            begun.resize(node.index() + 1, EventId::NONE);
        }
        begun[node.index()] = event;
        if !self.anew.is_empty() {
            Rc::make_mut(&mut self.anew).retain(|(_, known), _| *known != node);
        }
    }

    fn begun(&self, node: NodeId) -> EventId {
        self.begun.get(node.index()).copied().unwrap_or(EventId::NONE)
    }

    /// The first request of an operation that was read by the node that read this sending of it, since that node
    /// began as what it is, and was not turned away there: asked again for what it has taken, a node takes nothing
    /// new.
    #[must_use]
    pub fn taken_first(&self, op: OpId, attempt: u16) -> Option<Taken> {
        let operation = self.ops.get(op.index())?;
        let node = match operation.taken {
            Taken { attempt: last, node, .. } if last == attempt => node,
            _ => *self.earlier.get(&(op, attempt))?,
        };
        let first = self.anew.get(&(op, node)).copied().or_else(|| self.taken_by(op, node));
        first.filter(|first| first.event > self.begun(node))
    }

    /// The first request of an operation that a node read and did not turn away, if any.
    #[must_use]
    pub fn taken_by(&self, op: OpId, node: NodeId) -> Option<Taken> {
        let first = self.ops.get(op.index())?.first.filter(|first| first.node == node);
        first.or_else(|| self.elsewhere.get(&(op, node)).copied())
    }

    /// An attempt was not answered in time. If `gave_up`, the operation ends as unknown.
    /// Says whether it was pending until now.
    pub fn timed_out(&mut self, op: OpId, at: SimTime, event: EventId, gave_up: bool) -> bool {
        let Some(operation) = self.ops.get_mut(op.index()) else { return false };
        operation.uncertain = true;
        let ends = gave_up && operation.end == End::Pending;
        if ends {
            (operation.end, operation.ended, operation.ended_event) = (End::Unknown, at, event);
        }
        ends
    }

    /// The answer that ends the operation. A refusal ends it as unknown if an earlier attempt may
    /// have had an effect. Says whether it was pending until now.
    #[inline]
    pub fn told(
        &mut self,
        op: OpId,
        node: NodeId,
        outcome: Outcome,
        (at, event): (SimTime, EventId),
    ) -> bool {
        let Some(operation) = self.ops.get_mut(op.index()) else { return false };
        if operation.end != End::Pending {
            return false;
        }
        operation.end = match outcome {
            Outcome::Written { position, epoch } => End::Written { position, epoch },
            Outcome::Value { value, version, applied, epoch } => {
                End::Value { value, version, applied, epoch }
            }
            // It says what became of this attempt, and that is what the client goes by.
            Outcome::Unavailable { why: why @ Refusal::NotEqual, .. } => {
                End::Refused { why: Some(why) }
            }
            _ if operation.uncertain && operation.is_write() => End::Unknown,
            Outcome::NotLeader { .. } => End::Refused { why: None },
            Outcome::Unavailable { why, .. } => End::Refused { why: Some(why) },
        };
        (operation.ended, operation.ended_event) = (at, event);
        operation.node = Some(node);
        true
    }

    /// The operation with this number.
    #[must_use]
    #[inline]
    pub fn get(&self, op: OpId) -> Option<&Operation> {
        self.ops.get(op.index())
    }

    /// How many had begun when an event happened.
    #[must_use]
    pub fn begun_before(&self, event: EventId) -> u32 {
        let begun = self.ops.partition_point(|op| op.invoked_event < event);
        u32::try_from(begun).unwrap_or(u32::MAX)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.ops.len()).unwrap_or(u32::MAX)
    }

    /// Whether nobody asked for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// All operations, in the order in which they began.
    pub fn iter(&self) -> impl Iterator<Item = (OpId, &Operation)> + '_ {
        (0..).map(OpId).zip(self.ops.iter())
    }

    /// The operations from number `op` on.
    pub fn iter_from(&self, op: OpId) -> impl Iterator<Item = (OpId, &Operation)> + '_ {
        (op.0..).map(OpId).zip(self.ops.iter_from(op.index()))
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let entry = size_of::<((OpId, NodeId), Taken)>();
        self.ops.heap_bytes()
            + entry * (self.earlier.len() + self.elsewhere.len() + self.anew.len())
    }
}

#[cfg(test)]
mod tests;
