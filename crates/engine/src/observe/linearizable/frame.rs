//! Whom a search has tried at an answer, and whom it tries next. It does not know what came of it.

use super::open::Rings;
use super::plan::{NONE, Plan, number_of};

/// An answer whose operation has no place: what has been tried there.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The trail's length when it was come to.
    pub mark: usize,
    /// The operation.
    pub answered: u32,
    phase: Phase,
    /// The last one tried of the phase's list.
    cursor: u32,
}

/// Whom to try, in this order: itself; those that make the state that it needs; the others. What
/// has an unknown outcome comes last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Itself,
    KnownMakers,
    KnownOthers,
    UnknownMakers,
    UnknownOthers,
    Over,
}

impl Frame {
    /// Nothing has been tried.
    pub const fn new(mark: usize, answered: u32) -> Self {
        Self { mark, answered, phase: Phase::Itself, cursor: NONE }
    }

    /// The next one to try.
    pub fn next(&mut self, plan: &Plan, open: &Rings) -> Option<u32> {
        let heads = number_of(plan.ops.len());
        let need = plan.ops[self.answered as usize].need;
        loop {
            let (head, makers, then) = match self.phase {
                Phase::Itself => {
                    self.phase = Phase::KnownMakers;
                    if !plan.ops[self.answered as usize].is_pure() {
                        return Some(self.answered);
                    }
                    continue;
                }
                Phase::KnownMakers => (heads + 1, true, Phase::KnownOthers),
                Phase::KnownOthers => (heads + 1, false, Phase::UnknownMakers),
                Phase::UnknownMakers => (heads, true, Phase::UnknownOthers),
                Phase::UnknownOthers => (heads, false, Phase::Over),
                Phase::Over => return None,
            };
            let mut at = if self.cursor == NONE { head } else { self.cursor };
            loop {
                at = open.after(at);
                if at == head {
                    break;
                }
                let op = &plan.ops[at as usize];
                if at != self.answered && makers == (op.make == need && need != NONE) {
                    self.cursor = at;
                    return Some(at);
                }
            }
            (self.phase, self.cursor) = (then, NONE);
        }
    }
}
