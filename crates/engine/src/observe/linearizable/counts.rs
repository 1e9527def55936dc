//! What the operations that have no place yet still ask of each value: who must see it, who makes
//! it. Kept up to date as operations get their places and lose them again.

use super::plan::{Op, Plan, What};

/// The operations without a place that concern one value.
#[derive(Clone, Copy, Default, Debug)]
pub struct Count {
    /// Answered ones that are right only in this state.
    pub must: u32,
    /// Compare-and-sets from it.
    pub swaps: u32,
    /// Those that make it.
    pub makers: u32,
    /// Reads of it that are open.
    pub open_reads: u32,
    /// Those that make it and are open.
    pub open_makers: u32,
}

/// The counts of all values; of none if texts are appended to.
#[derive(Debug)]
pub struct Counts {
    by_value: Vec<Count>,
    /// Refused compare-and-sets without a place.
    pub refused: u32,
}

impl Counts {
    /// Nothing has a place, nothing is open.
    pub fn new(plan: &Plan) -> Self {
        let mut counts = Self { by_value: vec![Count::default(); plan.values], refused: 0 };
        for op in &plan.ops {
            counts.change(op, 1, 0);
        }
        counts
    }

    /// Whether some value must be seen that nobody makes, and that is not there at the beginning.
    pub fn is_hopeless(&self, initial: u32) -> bool {
        let unmade =
            |(value, count): (u32, &Count)| count.must > 0 && count.makers == 0 && value != initial;
        (0..).zip(&self.by_value).any(unmade)
    }

    /// Those of a value.
    #[inline]
    pub fn of(&self, value: u32) -> Option<&Count> {
        self.by_value.get(value as usize)
    }

    /// It is called.
    pub fn opened(&mut self, op: &Op) {
        self.change(op, 0, 1);
    }

    /// It is no longer called.
    pub fn closed(&mut self, op: &Op) {
        self.change(op, 0, 1_u32.wrapping_neg());
    }

    /// It gets a place.
    pub fn placed(&mut self, op: &Op) {
        self.change(op, 1_u32.wrapping_neg(), 1_u32.wrapping_neg());
    }

    /// It loses its place and is open again.
    pub fn freed(&mut self, op: &Op) {
        self.change(op, 1, 1);
    }

    #[inline]
    fn change(&mut self, op: &Op, all: u32, open: u32) {
        let add = |number: &mut u32, by: u32| *number = number.wrapping_add(by);
        if op.what == What::Refused {
            add(&mut self.refused, all);
            return;
        }
        if let Some(count) = self.by_value.get_mut(op.need as usize) {
            match op.what {
                What::Read => add(&mut count.open_reads, open),
                _ => add(&mut count.swaps, all),
            }
            if op.known {
                add(&mut count.must, all);
            }
        }
        if let Some(count) = self.by_value.get_mut(op.make as usize) {
            add(&mut count.makers, all);
            add(&mut count.open_makers, open);
        }
    }
}
