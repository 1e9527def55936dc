//! The operations on one key, laid out for the search: values numbered from 0, events in order, a
//! bit for everything that can be open. It decides nothing but what can have no effect on anybody.

use super::{Action, Operation};
use crate::base::{sort, sort_by_key};

/// No operation, no value.
pub const NONE: u32 = u32::MAX;

/// What the search needs to know of an operation's kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Right in one state, changes nothing.
    Read,
    /// A compare-and-set that was refused: right in every state but one, changes nothing.
    Refused,
    /// Always possible.
    Write,
    /// Possible in one state.
    Swap,
    /// Always possible; the new state depends on the old one.
    Append,
}

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    /// Its kind.
    pub what: What,
    /// The state in which it is right (not right, if it was refused); `NONE`: any.
    pub need: u32,
    /// The state that it makes; of an append, the piece.
    pub make: u32,
    /// Its bit while it is open.
    pub bit: u32,
    /// The last one called before it of those that do the same and whose outcomes are unknown.
    pub before: u32,
    /// Whether its outcome is known.
    pub known: bool,
    /// Its place in the list that was given.
    pub source: u32,
}

impl Op {
    /// Whether it leaves every state as it is.
    #[inline]
    pub const fn is_pure(&self) -> bool {
        matches!(self.what, What::Read | What::Refused)
    }
}

/// A read that appended texts must lead to.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// Which operation.
    pub op: u32,
    /// Writes called before its answer.
    pub writes: u32,
}

/// What the search works on.
#[derive(Debug)]
pub struct Plan {
    /// The operations that matter, in the order of their calls.
    pub ops: Vec<Op>,
    /// Calls and answers in order: an operation's number doubled, and one more for its answer.
    pub events: Vec<u32>,
    /// Words of bits for known outcomes; those for unknown ones follow.
    pub known_words: usize,
    /// Words of bits in all.
    pub words: usize,
    /// How many values there are; 0 if texts are appended to, and states are the texts' names.
    pub values: usize,
    /// The state at the beginning.
    pub initial: u32,
    /// The reads in the order of their answers, if texts are appended to.
    pub goals: Vec<Goal>,
    /// By event: the first goal that is not answered before it.
    pub goal_at: Vec<u32>,
}

impl Plan {
    /// Lays `operations` out.
    pub fn new(operations: &[Operation], initial: u64) -> Self {
        let texts = operations.iter().any(|op| matches!(op.action, Action::Append(_)));
        let values = if texts { Vec::new() } else { values(operations, initial) };
        let number = |value: u64| -> u32 {
            let place = if texts { None } else { values.binary_search(&value).ok() };
            place.map_or_else(|| u32::try_from(value).unwrap_or(NONE), number_of)
        };
        let mut ops: Vec<(u32, Op)> = Vec::with_capacity(operations.len());
        for (source, operation) in operations.iter().enumerate() {
            if let Some(op) = op(operation, number_of(source), &number) {
                ops.push((operation.call, op));
            }
        }
        if !texts {
            drop_unseen(&mut ops, values.len());
        }
        if !ops.is_sorted_by_key(|(call, _)| *call) {
            sort_by_key(&mut ops, |(call, _)| *call);
        }
        let mut plan = Self {
            ops: ops.into_iter().map(|(_, op)| op).collect(),
            events: Vec::new(),
            known_words: 0,
            words: 0,
            values: values.len(),
            initial: number(initial),
            goals: Vec::new(),
            goal_at: Vec::new(),
        };
        plan.order_events(operations);
        plan.hand_out_bits();
        plan.chain_equals();
        if texts {
            plan.set_goals();
        }
        plan
    }

    fn order_events(&mut self, operations: &[Operation]) {
        let mut events: Vec<(u32, u32)> = Vec::with_capacity(2 * self.ops.len());
        for (id, op) in (0..).zip(&self.ops) {
            let operation = &operations[op.source as usize];
            events.push((operation.call, 2 * id));
            events.extend(operation.answer.map(|answer| (answer, 2 * id + 1)));
        }
        self.events = by_place(&events).unwrap_or_else(|| {
            sort(&mut events);
            events.into_iter().map(|(_, event)| event).collect()
        });
    }

    /// A bit of a known outcome is free again after the answer, one of an unknown outcome never.
    fn hand_out_bits(&mut self) {
        let (mut free, mut used, mut unknown): (Vec<u32>, u32, u32) = (Vec::new(), 0, 0);
        for event in &self.events {
            let op = &mut self.ops[(event >> 1) as usize];
            if event & 1 == 1 {
                free.push(op.bit);
            } else if op.known {
                op.bit = free.pop().unwrap_or_else(|| {
                    used += 1;
                    used - 1
                });
            } else {
                op.bit = unknown;
                unknown += 1;
            }
        }
        self.known_words = used.div_ceil(64) as usize;
        self.words = self.known_words + unknown.div_ceil(64) as usize;
        let first = number_of(64 * self.known_words);
        for op in self.ops.iter_mut().filter(|op| !op.known) {
            op.bit += first;
        }
    }

    fn chain_equals(&mut self) {
        let unknown =
            |(id, op): (u32, &Op)| (!op.known).then_some((op.need, op.make, op.what as u32, id));
        let mut like: Vec<_> = (0..).zip(&self.ops).filter_map(unknown).collect();
        sort(&mut like);
        for pair in like.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if (a.0, a.1, a.2) == (b.0, b.1, b.2) {
                self.ops[b.3 as usize].before = a.3;
            }
        }
    }

    fn set_goals(&mut self) {
        let mut writes = 0;
        for event in &self.events {
            let (id, op) = (event >> 1, &self.ops[(event >> 1) as usize]);
            self.goal_at.push(number_of(self.goals.len()));
            if event & 1 == 0 {
                writes += u32::from(op.what == What::Write);
            } else if op.what == What::Read {
                self.goals.push(Goal { op: id, writes });
            }
        }
        self.goal_at.push(number_of(self.goals.len()));
    }
}

/// Places and counts are below 2^32: a history has fewer lines.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
pub const fn number_of(place: usize) -> u32 {
    place as u32
}

/// The events in order without a sort, where places are dense enough and not shared.
fn by_place(events: &[(u32, u32)]) -> Option<Vec<u32>> {
    let last = events.iter().map(|(place, _)| *place as usize).max()?;
    let mut places = if last < 16 * events.len() { vec![NONE; last + 1] } else { return None };
    for (place, event) in events {
        let free = core::mem::replace(&mut places[*place as usize], *event) == NONE;
        if !free {
            return None;
        }
    }
    places.retain(|event| *event != NONE);
    Some(places)
}

/// Every value that occurs, once, in order.
fn values(operations: &[Operation], initial: u64) -> Vec<u64> {
    let mut values = vec![initial];
    for operation in operations {
        match operation.action {
            Action::Read(value) | Action::Write(value) => values.push(value),
            Action::Swap { expected, new, .. } => values.extend([expected, new]),
            Action::Append(_) => {}
        }
    }
    sort(&mut values);
    values.dedup();
    values
}

/// The operation for the search; `None` if it has no effect and nobody knows its answer.
fn op(operation: &Operation, source: u32, number: &dyn Fn(u64) -> u32) -> Option<Op> {
    let known = operation.answer.is_some();
    let (what, need, make) = match operation.action {
        Action::Read(value) => (What::Read, number(value), NONE),
        Action::Write(value) => (What::Write, NONE, number(value)),
        Action::Append(piece) => (What::Append, NONE, number(piece)),
        Action::Swap { expected, applied: false, .. } if known => {
            (What::Refused, number(expected), NONE)
        }
        Action::Swap { expected, new, .. } if expected == new => {
            (What::Read, number(expected), NONE)
        }
        Action::Swap { expected, new, .. } => (What::Swap, number(expected), number(new)),
    };
    let op = Op { what, need, make, bit: 0, before: NONE, known, source };
    (known || !op.is_pure()).then_some(op)
}

/// What has an unknown outcome and makes a value that nobody ever asks for need not have happened,
/// unless a refusal shows that some other value was replaced.
fn drop_unseen(ops: &mut Vec<(u32, Op)>, values: usize) {
    if ops.iter().any(|(_, op)| op.what == What::Refused) {
        return;
    }
    let mut asked = vec![false; values];
    for (_, op) in ops.iter().filter(|(_, op)| op.need != NONE) {
        asked[op.need as usize] = true;
    }
    ops.retain(|(_, op)| op.known || asked[op.make as usize]);
}
