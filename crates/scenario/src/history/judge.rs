//! Hands a history to the checker, key by key, and takes its verdicts back into the words of the
//! records.

use super::{End, Entry, Function, Model, Recorded};
use crate::json::Json;
use engine::observe::linearizable::{
    Action, Bounds, Checked, Limit, Operation, Verdict, check_within, rounds,
};

/// What came out of a history.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// `None`: undecided.
    pub linearizable: Option<bool>,
    /// Steps of the checker.
    pub steps: u64,
    /// If it is linearizable, an order for each key.
    pub orders: Vec<Order>,
    /// Why it is not linearizable.
    pub failure: Option<Failure>,
    /// Why it is undecided.
    pub undecided: Option<Undecided>,
}

/// An order of the operations on a key that explains every answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// The key; `null`: the history names none.
    pub key: Json,
    /// The operations, by their places in the history.
    operations: Vec<u32>,
}

impl Order {
    /// How many operations it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }
}

/// The proof, on the first key that has one.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// The key; `null`: the history names none.
    pub key: Json,
    /// An order of everything that was answered before.
    pub longest: Vec<Json>,
    /// What cannot be ordered after that.
    pub stuck: Vec<Json>,
    /// Where its value could have come from, and why it did not: sentences.
    pub why: Vec<String>,
    /// What would change the verdict.
    pub hint: Option<Hint>,
}

/// A value that was read and that nothing writes: perhaps it was there at the beginning.
#[derive(Clone, PartialEq, Debug)]
pub struct Hint {
    /// The value.
    pub initial: Json,
    /// The verdict if every key begins with it; `None`: undecided.
    pub linearizable: Option<bool>,
}

/// The first key that was given up.
#[derive(Clone, PartialEq, Debug)]
pub struct Undecided {
    /// The key; `null`: the history names none.
    pub key: Json,
    /// Why, in a sentence without a full stop.
    pub why: String,
}

/// A key with its operations.
struct OnKey {
    /// Their places in the history.
    numbers: Vec<u32>,
    /// For the checker.
    operations: Vec<Operation>,
    /// An order that works, once it is found.
    order: Option<Vec<u32>>,
    /// Why none was found, with the most that was tried.
    limit: Option<(Limit, Bounds)>,
}

/// What all keys came to: the first without an order, with its proof.
struct Decided {
    keys: Vec<OnKey>,
    steps: u64,
    fails: Option<(usize, engine::observe::linearizable::Witness)>,
}

impl Recorded {
    /// Looks for an order on each key within `bounds`; the first key without one ends the search.
    pub fn judge(&mut self, bounds: Bounds) -> Judged {
        self.judge_within(bounds, u64::MAX)
    }

    /// The same, with so many steps for all keys together.
    pub fn judge_within(&mut self, bounds: Bounds, all: u64) -> Judged {
        let Decided { keys, mut steps, fails } = self.decide(bounds, all);
        let name = |key: usize| self.keys.json(u32::try_from(key).unwrap_or(u32::MAX));
        if let Some((key, witness)) = fails {
            let numbers = &keys[key].numbers;
            let entries = |places: &[u32]| -> Vec<u32> {
                places.iter().map(|place| numbers[*place as usize]).collect()
            };
            let (longest, stuck) = (entries(&witness.longest), entries(&witness.stuck));
            let (why, unwritten) = self.explain(&stuck);
            let key = name(key);
            let (longest, stuck) = (self.told(&longest), self.told(&stuck));
            let hint = unwritten.map(|initial| {
                let before = core::mem::take(&mut self.initial);
                self.set_initial(&initial);
                let again = self.decide(bounds, all.saturating_sub(steps));
                self.initial = before;
                steps += again.steps;
                let found = again.keys.iter().all(|on_key| on_key.order.is_some());
                let linearizable =
                    if again.fails.is_some() { Some(false) } else { found.then_some(true) };
                Hint { initial, linearizable }
            });
            let failure = Some(Failure { key, longest, stuck, why, hint });
            let (linearizable, orders) = (Some(false), Vec::new());
            return Judged { linearizable, steps, orders, failure, undecided: None };
        }
        let undecided = keys.iter().zip(0..).find_map(|(on_key, key)| {
            let (limit, bounds) = on_key.limit.filter(|_| on_key.order.is_none())?;
            Some(Undecided { key: name(key), why: why(limit, bounds) })
        });
        let linearizable = undecided.is_none().then_some(true);
        let order = |(key, on_key): (usize, OnKey)| {
            let order = on_key.order?.into_iter().map(|place| on_key.numbers[place as usize]);
            Some(Order { key: name(key), operations: order.collect() })
        };
        let orders = keys.into_iter().enumerate().filter_map(order);
        let orders = if undecided.is_none() { orders.collect() } else { Vec::new() };
        Judged { linearizable, steps, orders, failure: None, undecided }
    }

    /// Judges the keys in rounds, so that one that is hard does not keep the others waiting.
    fn decide(&mut self, bounds: Bounds, all: u64) -> Decided {
        let mut decided = Decided { keys: self.by_key(), steps: 0, fails: None };
        for round in rounds(bounds) {
            for (key, on_key) in decided.keys.iter_mut().enumerate() {
                if on_key.order.is_some() {
                    continue;
                }
                let now =
                    Bounds { steps: round.steps.min(all.saturating_sub(decided.steps)), ..round };
                let initial = u64::from(self.initial);
                let operations = &on_key.operations;
                let checked = check_within(operations, initial, &mut self.texts, now, bounds);
                self.texts.reset();
                let Checked { verdict, steps, order } = checked;
                decided.steps += steps;
                match verdict {
                    Verdict::Linearizable => on_key.order = Some(order),
                    Verdict::Undecided(limit) => {
                        let before = on_key.limit.filter(|(_, before)| before.steps > now.steps);
                        on_key.limit = before.or(Some((limit, now)));
                    }
                    Verdict::NotLinearizable(witness) => {
                        decided.fails = Some((key, witness));
                        return decided;
                    }
                }
            }
            if decided.keys.iter().all(|on_key| on_key.order.is_some()) {
                break;
            }
        }
        decided
    }

    fn by_key(&self) -> Vec<OnKey> {
        let empty =
            || OnKey { numbers: Vec::new(), operations: Vec::new(), order: None, limit: None };
        let mut keys: Vec<OnKey> = (0..self.keys.len()).map(|_| empty()).collect();
        for (number, entry) in (0..).zip(&self.entries) {
            if entry.end != End::Failed {
                let on_key = &mut keys[entry.key as usize];
                on_key.numbers.push(number);
                on_key.operations.push(operation(entry));
            }
        }
        keys
    }

    fn told(&self, numbers: &[u32]) -> Vec<Json> {
        numbers.iter().map(|number| self.json(&self.entries[*number as usize])).collect()
    }

    /// The operations of an order from `from` on, `most` of them at most.
    #[must_use]
    pub fn in_order(&self, order: &Order, from: usize, most: usize) -> Vec<Json> {
        let end = from.saturating_add(most).min(order.len());
        self.told(&order.operations[from.min(end)..end])
    }
}

fn operation(entry: &Entry) -> Operation {
    let action = match entry.function {
        Function::Read(value) => Action::Read(value.into()),
        Function::Write(value) => Action::Write(value.into()),
        Function::Append(piece) => Action::Append(piece.into()),
        Function::Swap { expected, new, applied } => {
            Action::Swap { expected: expected.into(), new: new.into(), applied }
        }
    };
    let answer = (entry.end == End::Ok).then_some(entry.ended);
    Operation { call: entry.call, answer, action }
}

fn why(limit: Limit, bounds: Bounds) -> String {
    let Bounds { steps, memory_bytes } = bounds;
    match limit {
        Limit::Steps => format!("no order was found, nor shown to be impossible, in {steps} steps"),
        Limit::Memory => format!(
            "no order was found, nor shown to be impossible, in {steps} steps and {} MB",
            memory_bytes >> 20
        ),
    }
}

impl Model {
    /// The model of this name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Register, Self::KeyValue].into_iter().find(|model| model.word() == word)
    }
}
