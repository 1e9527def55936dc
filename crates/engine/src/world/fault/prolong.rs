//! The run goes on beyond its end.

use super::{Action, Arguments, Fault, Takes, nothing};
use crate::base::Span;
use crate::base::number::span;

pub(super) static PROLONG: Fault = Fault {
    word: "prolong",
    doc: "The run ends later, and clients whose time was over go on.",
    takes: &[Takes::Span("by_ms", "How much later.")],
    usual: Arguments { span: Span::from_millis(20_000), ..Arguments::NONE },
    perform: |with, machinery| {
        machinery.prolong(with.span);
        Ok(())
    },
    order: |with| format!("let the run go on for {}", span(with.span)),
    offers: nothing,
    brings_back: false,
};

/// The run ends so much later, and clients whose time was over go on.
#[must_use]
pub const fn prolong(by: Span) -> Action {
    Action { fault: &PROLONG, with: Arguments { span: by, ..PROLONG.usual } }
}
