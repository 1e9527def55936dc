//! A proof that needs no search, for histories whose writes all differ, as those of our clients do.
//!
//! A write and the reads of its value belong together. From the first of their answers to the last
//! of their calls, if that is later, the key must hold that value all the time: a stretch taken.
//! Otherwise one instant between the last call and the first answer is enough for all of them. An
//! order exists exactly if no two stretches taken meet, and nobody who needs an instant lies within
//! one (Gibbons and Korach, "Testing shared memories", 1997).
//!
//! It does not tell what is wrong where there is no order: the search does.

use crate::base::{Key, OpId, sort};
use crate::observe::{End, History, Operation};
use crate::protocol::Command;

/// A write with the reads of its value.
#[derive(Clone, Copy)]
struct Family {
    first_answer: u32,
    last_call: u32,
    first_read: u32,
}

const NOBODY: Family = Family { first_answer: u32::MAX, last_call: 0, first_read: u32::MAX };

/// A stretch of events during which a key must hold one value.
type Taken = (Key, u32, u32);

impl Family {
    fn add(&mut self, call: u32, answer: u32) {
        self.last_call = self.last_call.max(call);
        self.first_answer = self.first_answer.min(answer);
    }
}

/// What is known without a search.
#[derive(Clone, Default, Debug)]
pub struct Quick {
    /// Whether anybody was told a value.
    pub read: bool,
    /// Keys that have no order, or whose writes do not all differ, in order. All others have one.
    pub unclear: Vec<Key>,
}

/// Looks at the history of a run, all keys at once.
#[must_use]
pub fn quick(history: &History) -> Quick {
    let mut found = Quick::default();
    let (families, mut taken) = families(history, &mut found);
    let of_writes = || history.iter().zip(&families).filter(|((_, op), _)| op.is_write());
    for ((_, op), family) in of_writes() {
        if family.first_read < op.invoked_event.0 {
            found.unclear.push(op.key());
        }
        if family.first_answer < family.last_call {
            taken.push((op.key(), family.first_answer, family.last_call));
        }
    }
    sort(&mut taken);
    let meet = |pair: &&[Taken]| pair[0].0 == pair[1].0 && pair[1].1 < pair[0].2;
    found.unclear.extend(taken.windows(2).filter(meet).map(|pair| pair[0].0));
    for ((_, op), family) in of_writes() {
        // What was never answered nor read need not have happened.
        let (from, to) = (family.last_call, family.first_answer);
        if from < to && to < u32::MAX && is_within(&taken, op.key(), from, to) {
            found.unclear.push(op.key());
        }
    }
    sort(&mut found.unclear);
    found.unclear.dedup();
    found
}

/// Whether a stretch that is taken leaves no instant of these events free.
fn is_within(taken: &[Taken], key: Key, from: u32, to: u32) -> bool {
    let later = taken.partition_point(|stretch| (stretch.0, stretch.1) < (key, from));
    let last = later.checked_sub(1).and_then(|index| taken.get(index));
    last.is_some_and(|(of, _, end)| *of == key && to < *end)
}

/// The family of every write, by the number of its operation, and the stretches during which keys
/// must not have been written at all.
fn families(history: &History, found: &mut Quick) -> (Vec<Family>, Vec<Taken>) {
    let mut families = vec![NOBODY; history.len() as usize];
    let mut unwritten: Vec<Taken> = Vec::new();
    for (id, operation) in history.iter() {
        let (call, answer) = (operation.invoked_event.0, operation.ended_event.0);
        match (operation.command, operation.end) {
            // What it expects and what it was told is searched for, not seen at once.
            (Command::Swap { key, .. }, _) => {
                found.read = true;
                found.unclear.push(key);
            }
            (_, End::Refused { .. }) if operation.is_known() => {}
            (Command::Write { key, value, .. }, end) => {
                if value != u64::from(id.0) + 1 {
                    found.unclear.push(key);
                }
                let told = matches!(end, End::Written { .. });
                families[id.index()].add(call, if told { answer } else { u32::MAX });
            }
            (Command::Read { key, .. }, End::Value { value: 0, .. }) => {
                found.read = true;
                match unwritten.iter_mut().find(|stretch| stretch.0 == key) {
                    Some(stretch) => stretch.2 = stretch.2.max(call),
                    None => unwritten.push((key, 0, call)),
                }
            }
            (Command::Read { key, .. }, End::Value { value, .. }) => {
                found.read = true;
                let write = written(history, key, value);
                if let Some(family) = write.and_then(|write| families.get_mut(write.index())) {
                    family.add(call, answer);
                    family.first_read = family.first_read.min(answer);
                } else {
                    found.unclear.push(key);
                }
            }
            (Command::Read { .. } | Command::Transfer { .. }, _) => {}
        }
    }
    (families, unwritten)
}

/// The write of this value, if it may have happened.
fn written(history: &History, key: Key, value: u64) -> Option<OpId> {
    let write = OpId(u32::try_from(value - 1).ok()?);
    let of_key = |op: &&Operation| op.is_write() && op.key() == key;
    let operation = history.get(write).filter(of_key)?;
    let refused = matches!(operation.end, End::Refused { .. }) && operation.is_known();
    (!refused).then_some(write)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::StreamName;
    use crate::base::{ClientId, Epoch, EventId, NodeId, Position, SimTime, Stream};
    use crate::observe::linearizable::recorded::by_key;
    use crate::observe::linearizable::{Bounds, NoTexts, Verdict, check};
    use crate::protocol::Outcome;

    /// A history of a few clients that read what was written lately, or something staler.
    fn history(seed: u64) -> History {
        let mut dice = Stream::new(seed, StreamName::Faults);
        let mut history = History::default();
        let mut open: Vec<(OpId, Command)> = Vec::new();
        for event in (1..=40).map(EventId) {
            if open.len() < 3 && dice.below(2) == 0 {
                let op = OpId(history.len());
                let key = Key(u32::try_from(dice.below(2)).unwrap());
                let value = u64::from(op.0) + 1;
                let command = match dice.below(2) {
                    0 => Command::Write { key, value, bytes: 8 },
                    _ => Command::Read { key, at_leader: true },
                };
                history.begin(op, ClientId(0), command, SimTime::ZERO);
                history.invoked(op, event);
                open.push((op, command));
            } else if !open.is_empty() {
                let (op, command) = open.remove(dice.below(open.len() as u64) as usize);
                let (position, epoch) = (Position::ZERO, Epoch(0));
                let writes = history
                    .iter()
                    .filter(|(_, other)| other.is_write() && other.key() == command.key());
                let values: Vec<u64> = writes.filter_map(|(_, other)| other.value()).collect();
                let back = dice.below(12).saturating_sub(9) as usize;
                let value = values.iter().rev().nth(back).copied().unwrap_or(0);
                let outcome = match command {
                    Command::Read { .. } => {
                        Outcome::Value { value, version: position, applied: position, epoch }
                    }
                    _ => Outcome::Written { position, epoch },
                };
                if command.writes() && dice.below(8) == 0 {
                    history.timed_out(op, SimTime::ZERO, event, true);
                } else {
                    history.told(op, NodeId(0), outcome, (SimTime::ZERO, event));
                }
            }
        }
        history
    }

    #[test]
    fn it_finds_an_order_exactly_where_the_search_does() {
        let mut found = [0; 2];
        for seed in 0..4_000 {
            let history = history(seed);
            let without = by_key(&history, &[Key(0), Key(1)]).into_iter().filter(|on_key| {
                let checked = check(&on_key.operations, 0, &mut NoTexts, Bounds::default());
                checked.verdict != Verdict::Linearizable
            });
            let without: Vec<Key> = without.map(|on_key| on_key.key).collect();
            assert_eq!(quick(&history).unclear, without, "seed {seed}: {history:?}");
            found[without.len().min(1)] += 1;
        }
        assert!(found.iter().all(|found| *found > 400), "{found:?}");
    }
}
