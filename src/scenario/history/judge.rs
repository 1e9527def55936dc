//! Hands a history to the checker, key by key, and takes its verdicts back into the words of the
//! lines.

use super::{End, Entry, Function, Model, Recorded};
use crate::engine::observe::linearizable::{Action, Bounds, Limit, Operation, Verdict, check};
use crate::scenario::json::Json;

/// What came out of a history.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// `None`: undecided.
    pub linearizable: Option<bool>,
    /// Steps of the checker.
    pub steps: u64,
    /// Why it is not linearizable.
    pub failure: Option<Failure>,
    /// Why it is undecided.
    pub undecided: Option<Undecided>,
}

/// The proof, on the first key that has one.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// The key.
    pub key: Json,
    /// An order of everything that was answered before.
    pub longest: Vec<Json>,
    /// What cannot be ordered after that.
    pub stuck: Vec<Json>,
}

/// The first key that was given up.
#[derive(Clone, PartialEq, Debug)]
pub struct Undecided {
    /// The key.
    pub key: Json,
    /// Why, in a sentence without a full stop.
    pub why: String,
}

impl Recorded {
    /// Looks for an order on each key within `bounds`; the first key without one ends the search.
    pub fn judge(&mut self, bounds: Bounds) -> Judged {
        self.judge_within(bounds, u64::MAX)
    }

    /// The same, with so many steps for all keys together.
    pub fn judge_within(&mut self, bounds: Bounds, all: u64) -> Judged {
        let mut by_key: Vec<Vec<u32>> = vec![Vec::new(); self.keys.len()];
        for (number, entry) in (0..).zip(&self.entries) {
            if entry.end != End::Failed {
                by_key[entry.key as usize].push(number);
            }
        }
        let mut judged =
            Judged { linearizable: Some(true), steps: 0, failure: None, undecided: None };
        for (key, numbers) in (0..).zip(&by_key) {
            let entries = numbers.iter().map(|number| &self.entries[*number as usize]);
            let operations: Vec<Operation> = entries.map(operation).collect();
            let bounds = Bounds { steps: bounds.steps.min(all - all.min(judged.steps)), ..bounds };
            let checked = check(&operations, 0, &mut self.texts, bounds);
            self.texts.forget();
            judged.steps += checked.steps;
            match checked.verdict {
                Verdict::Linearizable => {}
                Verdict::NotLinearizable(witness) => {
                    let told = |places: &[u32]| {
                        let numbers = places.iter().map(|place| numbers[*place as usize]);
                        numbers.map(|number| self.json(&self.entries[number as usize])).collect()
                    };
                    let (longest, stuck) = (told(&witness.longest), told(&witness.stuck));
                    let key = self.keys.json(key);
                    judged.failure = Some(Failure { key, longest, stuck });
                    (judged.linearizable, judged.undecided) = (Some(false), None);
                    break;
                }
                Verdict::Undecided(limit) => {
                    judged.linearizable = None;
                    judged.undecided.get_or_insert_with(|| Undecided {
                        key: self.keys.json(key),
                        why: why(limit, bounds),
                    });
                }
            }
        }
        judged
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
