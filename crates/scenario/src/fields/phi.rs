//! The phi accrual failure detector as typed, for whichever protocol uses one.

use engine::protocol::parts::phi::{Gaps, Phi};

use crate::form::{Fields, Form};
use crate::slot::{Amount, Millis, Whole, Word};

use super::LONGEST_MS;

impl Fields for Phi {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "threshold",
            "The phi at which the leader is taken for dead: at 8, one suspicion in a hundred \
             million would be wrong if heartbeats went on coming as they did.",
            &mut Amount(&mut self.threshold, 0.1, 100.0, ""),
        );
        form.field(
            "window",
            "How many of the last gaps between heartbeats are looked at.",
            &mut Whole(&mut self.window, 8, 10_000, "gaps"),
        );
        form.field(
            "min_deviation_ms",
            "The deviation of the gaps is never taken to be smaller.",
            &mut Millis(&mut self.min_deviation, 0.0, LONGEST_MS),
        );
        form.field(
            "gaps",
            "How gaps are taken to be distributed.",
            &mut Word(&mut self.gaps, GAPS),
        );
    }
}

const GAPS: &[(&str, &str, Gaps)] = &[
    ("normal", "with the mean and deviation of the window", Gaps::Normal),
    ("exponential", "with its mean alone", Gaps::Exponential),
];
