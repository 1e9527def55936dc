//! Small histories by hand: each says one thing about what is and what is not linearizable.

use super::{Action, Bounds, Limit, NoTexts, Operation, Texts, Verdict, check};

/// Texts for tests: the name is the place in a list. The first ones are "", "a", "b", "ab", "ba".
pub struct Words(Vec<String>);

impl Default for Words {
    fn default() -> Self {
        Self(["", "a", "b", "ab", "ba"].map(str::to_owned).to_vec())
    }
}

impl Words {
    /// The name of a text.
    pub fn name(&mut self, text: String) -> u64 {
        let known = self.0.iter().position(|known| *known == text);
        let place = known.unwrap_or_else(|| {
            self.0.push(text);
            self.0.len() - 1
        });
        place as u64
    }
}

impl Texts for Words {
    fn join(&mut self, text: u64, piece: u64) -> u64 {
        self.name(format!("{}{}", self.0[text as usize], self.0[piece as usize]))
    }

    fn may_become(&self, text: u64, goal: u64) -> bool {
        self.0[goal as usize].starts_with(&self.0[text as usize])
    }

    fn given(&self, text: u64) -> Option<&[u8]> {
        self.0.get(text as usize).map(|text| text.as_bytes())
    }

    fn heap_bytes(&self) -> usize {
        0
    }
}

const fn op(action: Action, call: u32, answer: u32) -> Operation {
    Operation { call, answer: Some(answer), action }
}

const fn unknown(action: Action, call: u32) -> Operation {
    Operation { call, answer: None, action }
}

const fn read(value: u64, call: u32, answer: u32) -> Operation {
    op(Action::Read(value), call, answer)
}

const fn write(value: u64, call: u32, answer: u32) -> Operation {
    op(Action::Write(value), call, answer)
}

const fn swap(expected: u64, new: u64, applied: bool) -> Action {
    Action::Swap { expected, new, applied }
}

fn verdict(operations: &[Operation]) -> Verdict {
    check(operations, 0, &mut Words::default(), Bounds::default()).verdict
}

#[track_caller]
fn holds(operations: &[Operation]) {
    assert_eq!(verdict(operations), Verdict::Linearizable);
}

#[track_caller]
fn fails(operations: &[Operation], longest: &[u32], stuck: &[u32]) {
    match verdict(operations) {
        Verdict::NotLinearizable(witness) => {
            assert_eq!((witness.longest.as_slice(), witness.stuck.as_slice()), (longest, stuck));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_at_all_is_linearizable() {
    holds(&[]);
    holds(&[read(0, 1, 2)]);
    fails(&[read(5, 1, 2)], &[], &[0]);
}

#[test]
fn a_stale_read_is_caught_with_the_order_that_works() {
    fails(
        &[write(1, 1, 2), read(1, 3, 4), write(2, 5, 6), read(1, 7, 8), read(2, 9, 10)],
        &[0, 1, 2],
        &[3],
    );
}

#[test]
fn a_read_may_see_a_write_that_is_not_answered_yet_but_not_unsee_it() {
    holds(&[write(1, 1, 6), read(0, 2, 3), read(1, 4, 5)]);
    fails(&[write(1, 1, 6), read(1, 2, 3), read(0, 4, 5)], &[0, 1], &[2]);
}

#[test]
fn open_writes_may_come_in_either_order_but_in_one() {
    let writes = [write(1, 1, 9), write(2, 2, 10)];
    holds(&[writes[0], writes[1], read(2, 3, 4), read(1, 5, 6)]);
    fails(
        &[writes[0], writes[1], read(2, 3, 4), read(1, 5, 6), read(2, 7, 8)],
        &[1, 2, 0, 3],
        &[4],
    );
}

#[test]
fn a_compare_and_set_says_what_it_found() {
    holds(&[
        write(1, 1, 2),
        op(swap(1, 2, true), 3, 4),
        op(swap(1, 3, false), 5, 6),
        read(2, 7, 8),
    ]);
    fails(&[write(1, 1, 2), op(swap(2, 3, true), 3, 4)], &[0], &[1]);
    fails(&[write(1, 1, 2), op(swap(1, 3, false), 3, 4)], &[0], &[1]);
    fails(&[op(swap(0, 1, true), 1, 3), op(swap(0, 2, true), 2, 4)], &[0], &[1]);
}

#[test]
fn an_unknown_outcome_may_take_effect_late_once_or_never() {
    let lost = unknown(Action::Write(1), 1);
    holds(&[lost, read(0, 2, 3)]);
    holds(&[lost, write(2, 2, 3), read(2, 4, 5), read(1, 6, 7), read(1, 8, 9)]);
    fails(
        &[lost, read(1, 2, 3), write(2, 4, 5), read(2, 6, 7), read(1, 8, 9)],
        &[0, 1, 2, 3],
        &[4],
    );
    fails(&[read(1, 1, 2), unknown(Action::Write(1), 3)], &[], &[0]);
}

#[test]
fn an_unknown_compare_and_set_applies_only_where_it_may() {
    let lost = unknown(swap(1, 2, false), 1);
    holds(&[lost, write(1, 2, 3), read(2, 4, 5)]);
    fails(&[lost, read(2, 2, 3)], &[], &[1]);
}

#[test]
fn an_unread_unknown_write_explains_why_a_compare_and_set_was_refused() {
    holds(&[unknown(Action::Write(7), 1), op(swap(0, 3, false), 2, 3)]);
    fails(&[op(swap(0, 3, false), 2, 3), unknown(Action::Write(7), 4)], &[], &[0]);
}

#[test]
fn appends_stand_in_the_order_in_which_they_are_read() {
    let (a, b) = (Action::Append(1), Action::Append(2));
    holds(&[op(a, 1, 4), op(b, 2, 3), read(4, 5, 6)]);
    fails(&[op(a, 1, 2), op(b, 3, 4), read(4, 5, 6)], &[0, 1], &[2]);
    holds(&[op(a, 1, 2), unknown(b, 3), read(1, 4, 5), read(3, 6, 7)]);
    holds(&[op(a, 1, 2), op(Action::Write(2), 3, 4), op(a, 5, 6), read(4, 7, 8)]);
}

/// Clients that all write at once, again and again, with two reads at the end that contradict each
/// other.
fn crowd(clients: u32, rounds: u32, values: u64) -> Vec<Operation> {
    let mut ops = Vec::new();
    for round in 0..rounds {
        let start = round * 4 * clients;
        for client in 0..clients {
            let (call, answer) = (start + client, start + 2 * clients - client);
            ops.push(write((u64::from(round + client)) % values, call, answer + clients));
        }
    }
    let end = rounds * 4 * clients;
    ops.extend([read(1, end + 1, end + 3), read(2, end + 2, end + 4)]);
    ops
}

#[test]
fn bounds_are_counted_and_kept() {
    let tiny = Bounds { steps: 40, memory_bytes: 1 << 20 };
    let mut ops = crowd(8, 3, 5);
    let checked = check(&ops, 0, &mut NoTexts, tiny);
    assert_eq!(checked.verdict, Verdict::Undecided(Limit::Steps));
    assert!(checked.steps < 100);
    // Seeing the first round's values for ever makes it hard; remembering nothing makes it harder.
    ops.insert(0, op(swap(77, 78, false), 0, 0));
    let forgetful = Bounds { steps: 5_000, memory_bytes: 1_500 };
    let checked = check(&ops, 0, &mut NoTexts, forgetful);
    assert_eq!(checked.verdict, Verdict::Undecided(Limit::Memory));
}

#[test]
fn different_values_never_need_a_second_try() {
    let mut ops = Vec::new();
    let (clients, rounds) = (30, 200);
    for round in 0..rounds {
        let start = round * 200;
        for client in 0..clients {
            let value = u64::from(round * 100 + client + 1);
            ops.push(write(value, start + client, start + 120 - client));
        }
        let seen = u64::from(round * 100 + (round * 7) % clients + 1);
        ops.push(read(seen, start + 130, start + 140));
    }
    let checked = check(&ops, 0, &mut NoTexts, Bounds::default());
    assert_eq!(checked.verdict, Verdict::Linearizable);
    assert!(checked.steps < 20 * ops.len() as u64, "{}", checked.steps);
    ops.push(read(1, rounds * 200, rounds * 200 + 1));
    let checked = check(&ops, 0, &mut NoTexts, Bounds::default());
    assert!(matches!(checked.verdict, Verdict::NotLinearizable(_)));
    assert!(checked.steps < 1_000 * ops.len() as u64, "{}", checked.steps);
}
