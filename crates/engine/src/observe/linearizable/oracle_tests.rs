//! The checker against a search through all orders, on very many very small histories.

use rand_core::Rng as _;
use rand_pcg::Pcg64Mcg;

use super::step_tests::Words;
use super::{Action, Bounds, Operation, Texts, Verdict, check};

/// Luck that is the same every time.
struct Dice(Pcg64Mcg);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }
}

/// The state after `action`, if it is possible; `known`: with the answer that it had.
fn after(action: Action, known: bool, state: u64, texts: &mut Words) -> Option<u64> {
    match action {
        Action::Read(value) => (!known || value == state).then_some(state),
        Action::Write(value) => Some(value),
        Action::Append(piece) => Some(texts.join(state, piece)),
        Action::Swap { expected, new, applied } => {
            let applies = expected == state;
            let after = if applies { new } else { state };
            (!known || applies == applied).then_some(after)
        }
    }
}

/// Whether some order of all that is answered, with any of the rest, is right.
fn some_order(ops: &[Operation], used: &mut Vec<bool>, state: u64, texts: &mut Words) -> bool {
    let waiting = |used: &[bool]| {
        let open = ops.iter().zip(used).filter(|(op, used)| op.answer.is_some() && !**used);
        open.filter_map(|(op, _)| op.answer).min()
    };
    let Some(first) = waiting(used) else { return true };
    for place in 0..ops.len() {
        if used[place] || ops[place].call > first {
            continue;
        }
        let known = ops[place].answer.is_some();
        if let Some(state) = after(ops[place].action, known, state, texts) {
            used[place] = true;
            let found = some_order(ops, used, state, texts);
            used[place] = false;
            if found {
                return true;
            }
        }
    }
    false
}

fn oracle(ops: &[Operation], texts: &mut Words) -> bool {
    some_order(ops, &mut vec![false; ops.len()], 0, texts)
}

fn action(dice: &mut Dice, kinds: &[u64], values: u64) -> Action {
    let mut value = || dice.below(values);
    let (a, b) = (value(), value());
    match kinds[dice.below(kinds.len() as u64) as usize] {
        0 => Action::Read(a),
        1 => Action::Write(a),
        2 => Action::Swap { expected: a, new: b, applied: dice.below(2) == 0 },
        _ => Action::Append(1 + dice.below(2)),
    }
}

/// Operations whose calls and answers are shuffled; a quarter or so is never answered.
fn history(dice: &mut Dice, kinds: &[u64], values: u64, unknown: u64) -> Vec<Operation> {
    let count = 2 + dice.below(6);
    let width = 1 + dice.below(4) as usize;
    let (mut ops, mut open): (Vec<Operation>, Vec<usize>) = (Vec::new(), Vec::new());
    for now in 0.. {
        let full = open.len() >= width || ops.len() as u64 == count;
        if full && open.is_empty() {
            return ops;
        }
        if !full && (open.is_empty() || dice.below(2) == 0) {
            open.push(ops.len());
            ops.push(Operation { call: now, answer: None, action: action(dice, kinds, values) });
        } else {
            let place = open.swap_remove(dice.below(open.len() as u64) as usize);
            ops[place].answer = (dice.below(100) >= unknown).then_some(now);
        }
    }
    ops
}

/// Answers that could be: each operation takes effect at some moment while it is open.
fn make_true(dice: &mut Dice, ops: &mut [Operation], texts: &mut Words, wrong: u64) {
    let mut moments: Vec<(u64, usize)> = Vec::new();
    for (place, op) in ops.iter().enumerate() {
        let end = op.answer.unwrap_or(op.call + 8);
        let within = u64::from(op.call) * 1_000 + dice.below(u64::from(end - op.call) * 1_000);
        moments.push((within, place));
    }
    moments.sort_unstable();
    let mut state = 0;
    for (_, place) in moments {
        match &mut ops[place].action {
            Action::Read(value) => *value = state,
            Action::Swap { expected, applied, .. } => *applied = *expected == state,
            _ => {}
        }
        state = after(ops[place].action, false, state, texts).unwrap_or(state);
        if let (Action::Read(value), true) = (&mut ops[place].action, dice.below(100) < wrong) {
            *value = if *value > 0 { *value - 1 } else { 1 };
        }
    }
}

/// Gives the writes texts of their own, so that what is read says how it came about; now and then two the same.
fn tell_apart(dice: &mut Dice, ops: &mut [Operation], texts: &mut Words, same: u64) {
    for (letter, op) in ('c'..).zip(ops) {
        let letter = if dice.below(100) < same { 'x' } else { letter };
        match &mut op.action {
            Action::Append(piece) => *piece = texts.name(letter.to_string()),
            Action::Write(text) => *text = texts.name(letter.to_uppercase().to_string()),
            _ => {}
        }
    }
}

#[track_caller]
fn check_against_the_oracle(kinds: &[u64], values: u64, unknown: u64, rounds: u64) {
    check_with(kinds, values, unknown, rounds, None);
}

#[track_caller]
fn check_with(kinds: &[u64], values: u64, unknown: u64, rounds: u64, same: Option<u64>) {
    let mut dice = Dice(Pcg64Mcg::new(u128::from(values * 1_000 + unknown) | 1));
    let (mut holds, mut fails) = (0, 0);
    for round in 0..rounds {
        let mut texts = Words::default();
        let mut ops = history(&mut dice, kinds, values, unknown);
        if let Some(same) = same {
            tell_apart(&mut dice, &mut ops, &mut texts, same);
        }
        if round % 4 > 0 {
            make_true(&mut dice, &mut ops, &mut texts, 8 * (round % 4));
        }
        let expected = oracle(&ops, &mut texts);
        let checked = check(&ops, 0, &mut texts, Bounds::default());
        match &checked.verdict {
            Verdict::Linearizable => {
                assert!(expected, "round {round}: {ops:?}");
                assert!(works(&ops, &checked.order, u32::MAX, &mut texts), "{ops:?} {checked:?}");
            }
            Verdict::NotLinearizable(witness) => {
                assert!(!expected, "round {round}: {ops:?}");
                let [stuck] = witness.stuck[..] else { panic!("{round}: {witness:?}") };
                let stuck = ops[stuck as usize].answer.unwrap();
                assert!(works(&ops, &witness.longest, stuck, &mut texts), "{ops:?} {witness:?}");
                let mut part: Vec<_> = ops.iter().filter(|op| op.call < stuck).copied().collect();
                // What will be refused has no effect, whenever its answer comes.
                part.retain(|op| {
                    let refused = matches!(op.action, Action::Swap { applied: false, .. });
                    !refused || op.answer.is_none_or(|answer| answer <= stuck)
                });
                part.iter_mut().for_each(|op| op.answer = op.answer.filter(|a| *a <= stuck));
                assert!(!oracle(&part, &mut texts), "{ops:?} {witness:?}");
            }
            Verdict::Undecided(limit) => panic!("{limit:?}"),
        }
        if expected { holds += 1 } else { fails += 1 }
    }
    assert!(holds > rounds / 20 && fails > rounds / 20, "{holds} {fails}");
}

/// Whether `order` is one of everything answered before the event `end`.
fn works(ops: &[Operation], order: &[u32], end: u32, texts: &mut Words) -> bool {
    let (mut state, mut latest_call) = (0, 0);
    for place in order {
        let op = ops[*place as usize];
        if op.answer.is_some_and(|answer| answer < latest_call) || op.call > end {
            return false;
        }
        latest_call = latest_call.max(op.call);
        let Some(next) = after(op.action, op.answer.is_some(), state, texts) else { return false };
        state = next;
    }
    let mut answered = (0..).zip(ops).filter(|(_, op)| op.answer.is_some_and(|a| a < end));
    let once: std::collections::BTreeSet<u32> = order.iter().copied().collect();
    answered.all(|(place, _)| once.contains(&place)) && once.len() == order.len()
}

#[test]
fn registers_of_few_values() {
    check_against_the_oracle(&[0, 0, 1], 2, 0, 4_000);
    check_against_the_oracle(&[0, 0, 1], 3, 25, 8_000);
    check_against_the_oracle(&[0, 0, 1], 9, 25, 8_000);
}

#[test]
fn registers_with_compare_and_set() {
    check_against_the_oracle(&[0, 1, 2], 2, 10, 8_000);
    check_against_the_oracle(&[0, 0, 1, 2], 3, 25, 8_000);
    check_against_the_oracle(&[0, 0, 1, 2, 2], 4, 40, 8_000);
    check_against_the_oracle(&[2], 2, 20, 4_000);
}

#[test]
fn texts_that_are_appended_to() {
    check_against_the_oracle(&[0, 0, 3], 4, 0, 4_000);
    check_against_the_oracle(&[0, 0, 1, 3, 3], 4, 25, 8_000);
}

#[test]
fn texts_that_say_how_they_came_about() {
    check_with(&[0, 0, 3], 4, 0, 20_000, Some(0));
    check_with(&[0, 0, 3], 4, 25, 20_000, Some(0));
    check_with(&[0, 0, 1, 3, 3], 4, 25, 20_000, Some(0));
    check_with(&[0, 0, 1, 3, 3], 4, 25, 20_000, Some(30));
}
