//! The proof that there is no order: the first answer up to which there is none, and an order of
//! everything that was answered before.
//!
//! If there is an order up to some answer, there is one up to every earlier answer, so the first
//! one without can be closed in on. The search that failed gives the place to begin.

use super::plan::number_of;
use super::search::Found;
use super::{Action, Bounds, Operation, Texts, Witness, decide};
use crate::base::sort;

/// An order that works up to an answer.
pub struct Prefix {
    /// So many answers, from the first on.
    pub answered: usize,
    /// The order.
    pub order: Vec<u32>,
}

/// Closes in on the first answer up to which there is no order, and counts the steps.
pub fn find(
    operations: &[Operation],
    initial: u64,
    texts: &mut dyn Texts,
    bounds: Bounds,
    mut works: Prefix,
) -> (Witness, u64) {
    let mut answers: Vec<(u32, u32)> = Vec::new();
    for (place, operation) in (0..).zip(operations) {
        answers.extend(operation.answer.map(|answer| (answer, place)));
    }
    sort(&mut answers);
    let (mut steps, mut stride, mut fails) = (0, 1, answers.len());
    while works.answered + 1 < fails {
        let middle = works.answered + (fails - works.answered) / 2;
        let count = (works.answered + stride).min(middle);
        let (part, sources) = up_to(operations, answers[count - 1].0);
        let left = Bounds { steps: bounds.steps.saturating_sub(steps), ..bounds };
        let (found, spent) = decide(&part, initial, texts, left);
        steps += spent;
        match found {
            Found::Order(order) => {
                let order = order.into_iter().map(|place| sources[place as usize]).collect();
                works = Prefix { answered: count, order };
                stride *= 8;
            }
            Found::Nothing { .. } => fails = count,
            Found::GaveUp(_) => break,
        }
    }
    let stuck = answers[works.answered.min(fails)..fails].iter().map(|(_, place)| *place).collect();
    (Witness { longest: works.order, stuck }, steps)
}

/// What a reader of the history knows right after the event `last`, with the places in the whole.
/// What is not answered yet may have happened; what will be refused or only reads is left out.
fn up_to(operations: &[Operation], last: u32) -> (Vec<Operation>, Vec<u32>) {
    let (mut part, mut sources) = (Vec::new(), Vec::new());
    for (place, operation) in operations.iter().enumerate() {
        let answer = operation.answer.filter(|answer| *answer <= last);
        let refused = matches!(operation.action, Action::Swap { applied: false, .. });
        let late = operation.answer.is_some() && answer.is_none() && refused;
        if operation.call <= last && !late {
            part.push(Operation { answer, ..*operation });
            sources.push(number_of(place));
        }
    }
    (part, sources)
}
