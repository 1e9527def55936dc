//! The faults, one for each promise.

use std::collections::BTreeMap;

use replicarium::engine::base::{Key, NodeId, Position};
use replicarium::engine::protocol::client::Refusal;
use replicarium::engine::protocol::{
    Command, Effect, Input, Note, Outcome, Protocol, Record, Records, Request, RequestId,
};
use replicarium::protocols::single_leader::{Batch, Message, SingleLeader};

use super::mutant::{Fault, Inside};

/// Says "written" as soon as a write is in its own log, whatever it was told to wait for.
#[derive(Clone, Default, Debug)]
pub struct Hasty {
    asked: Option<RequestId>,
}

impl Fault for Hasty {
    fn hear(
        &mut self,
        _: Inside<'_>,
        input: Input<SingleLeader>,
        _: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        if let Input::Request(Request { id, .. }) = &input {
            self.asked = Some(*id);
        }
        Some(input)
    }

    fn act(
        &mut self,
        inside: Inside<'_>,
        effect: Effect<SingleLeader>,
        done: &mut Vec<Effect<SingleLeader>>,
    ) {
        let appended = match &effect {
            Effect::Note(Note::Appended { position, .. }) => Some(*position),
            _ => None,
        };
        done.push(effect);
        if let (Some(position), Some(id)) = (appended, self.asked) {
            let outcome = Outcome::Written { position, epoch: inside.node.facts().epoch };
            done.push(Effect::Reply { id, outcome });
        }
    }
}

/// Goes on saying "written" to writes when its lease is over; nobody reads.
#[derive(Clone, Default, Debug)]
pub struct Stubborn;

impl Fault for Stubborn {
    fn act(
        &mut self,
        inside: Inside<'_>,
        effect: Effect<SingleLeader>,
        done: &mut Vec<Effect<SingleLeader>>,
    ) {
        done.push(match effect {
            Effect::Reply {
                id,
                outcome: Outcome::Unavailable { why: Refusal::LeaseOver, epoch },
            } => {
                let position = inside.node.facts().last;
                Effect::Reply { id, outcome: Outcome::Written { position, epoch } }
            }
            other => other,
        });
    }
}

/// The node that goes wrong where only one does.
const THIRD: NodeId = NodeId(2);

/// From this position on it does.
pub const FROM: Position = Position(20);

/// n3 stores other values than it was sent, in a log that is sound in itself.
#[derive(Clone, Default, Debug)]
pub struct Forger;

impl Fault for Forger {
    fn hear(
        &mut self,
        inside: Inside<'_>,
        mut input: Input<SingleLeader>,
        records: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        let Input::Message { message: Message::Append { records: batch, .. }, .. } = &mut input
        else {
            return Some(input);
        };
        let record = batch.as_slice().first().and_then(|record| records.get(*record)).copied()?;
        let last = inside.node.facts().last;
        if inside.me != THIRD || record.position < FROM {
            return Some(input);
        }
        if record.position != last.next() {
            return None;
        }
        let parent = inside.node.record_at(last)?;
        let before = records.get(parent).map(|parent| parent.chain)?;
        let mut forged = Record { value: record.value + 1_000, parent, ..record };
        forged.chain = forged.chain_after(before);
        *batch = Batch::One(records.add(forged));
        Some(input)
    }
}

/// n3 no longer hears of new records.
#[derive(Clone, Default, Debug)]
pub struct Deaf;

impl Fault for Deaf {
    fn hear(
        &mut self,
        inside: Inside<'_>,
        input: Input<SingleLeader>,
        _: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        let append = matches!(&input, Input::Message { message: Message::Append { .. }, .. });
        let deaf = append && inside.me == THIRD && inside.node.facts().last >= FROM;
        (!deaf).then_some(input)
    }
}

/// Answers every read of a key as it answered the first one that was not in vain.
#[derive(Clone, Default, Debug)]
pub struct Nostalgic {
    asked: Option<(RequestId, Key)>,
    told: BTreeMap<Key, Outcome>,
}

impl Fault for Nostalgic {
    fn hear(
        &mut self,
        _: Inside<'_>,
        input: Input<SingleLeader>,
        _: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        if let Input::Request(Request { id, command: Command::Read { key, .. }, .. }) = &input {
            self.asked = Some((*id, *key));
        }
        Some(input)
    }

    fn act(
        &mut self,
        _: Inside<'_>,
        effect: Effect<SingleLeader>,
        done: &mut Vec<Effect<SingleLeader>>,
    ) {
        done.push(match (effect, self.asked) {
            (
                Effect::Reply { id, outcome: outcome @ Outcome::Value { value, .. } },
                Some((of, key)),
            ) if of == id && value > 0 => {
                Effect::Reply { id, outcome: *self.told.entry(key).or_insert(outcome) }
            }
            (other, _) => other,
        });
    }
}

/// Takes every request for a new one.
#[derive(Clone, Default, Debug)]
pub struct Forgetful;

impl Fault for Forgetful {
    fn hear(
        &mut self,
        _: Inside<'_>,
        mut input: Input<SingleLeader>,
        _: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        if let Input::Request(request) = &mut input {
            request.idempotent = false;
        }
        Some(input)
    }
}

/// Answers every other read with what stood at the key when it was first read.
#[derive(Clone, Default, Debug)]
pub struct Wavering {
    asked: Option<Key>,
    reads: u32,
    past: BTreeMap<Key, (u64, Position)>,
}

impl Fault for Wavering {
    fn hear(
        &mut self,
        _: Inside<'_>,
        input: Input<SingleLeader>,
        _: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        if let Input::Request(Request { command: Command::Read { key, .. }, .. }) = input {
            self.asked = Some(key);
        }
        Some(input)
    }

    fn act(
        &mut self,
        _: Inside<'_>,
        mut effect: Effect<SingleLeader>,
        done: &mut Vec<Effect<SingleLeader>>,
    ) {
        if let Effect::Reply { outcome: Outcome::Value { value, version, .. }, .. } = &mut effect {
            if let Some(key) = self.asked.take() {
                let (past, then) = *self.past.entry(key).or_insert((*value, *version));
                self.reads += 1;
                if self.reads % 2 == 0 {
                    (*value, *version) = (past, then);
                }
            }
        }
        done.push(effect);
    }
}

/// n3 takes a transfer for a plain value of the account that gives: the other gets nothing.
#[derive(Clone, Default, Debug)]
pub struct Careless;

impl Fault for Careless {
    fn hear(
        &mut self,
        inside: Inside<'_>,
        mut input: Input<SingleLeader>,
        records: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        let Input::Message { message: Message::Append { records: batch, .. }, .. } = &mut input
        else {
            return Some(input);
        };
        let record = batch.as_slice().first().and_then(|record| records.get(*record)).copied()?;
        if inside.me == THIRD && record.position == FROM {
            *batch = Batch::One(records.add(Record { value_bytes: 8, ..record }));
        }
        Some(input)
    }
}
