//! A node's clock is set wrong, or right again. How fast it runs does not change.

use super::{Action, Arguments, Fault, Takes, nothing};
use crate::base::Span;
use crate::base::number::span;
use crate::world::Target;

pub(super) static SKEW_CLOCK: Fault = Fault {
    word: "skew-clock",
    doc: "A node's clock is set.",
    takes: &[
        Takes::Node,
        Takes::Ahead("skew_ms", "How far it is ahead from now on; negative: behind."),
    ],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.named(with.node)?;
        machinery.set_clock(node, with.ahead_us);
        Ok(())
    },
    order: |with| {
        format!("set the clock of {} to be {}", with.node.words(), wrong_by(with.ahead_us))
    },
    offers: nothing,
    brings_back: false,
};

/// How wrong a clock is that is so many microseconds ahead: "500 ms ahead".
#[must_use]
pub fn wrong_by(ahead_us: i64) -> String {
    let by = span(Span::from_micros(ahead_us.unsigned_abs()));
    match ahead_us {
        0 => "right".to_owned(),
        1.. => format!("{by} ahead"),
        _ => format!("{by} behind"),
    }
}

/// A node's clock is set: it is ahead by so many microseconds then; negative: behind.
#[must_use]
pub const fn skew_clock(node: Target, ahead_us: i64) -> Action {
    Action { fault: &SKEW_CLOCK, with: Arguments { node, ahead_us, ..SKEW_CLOCK.usual } }
}
