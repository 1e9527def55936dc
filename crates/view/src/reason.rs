//! The sentence about the promises, and what of it is a reason. A reason names the events that it is
//! told from; it knows no words.

use super::types::Tone;
use engine::base::EventId;

/// One large line about the promises, and a smaller one that says why.
#[derive(Clone, PartialEq, Debug)]
pub struct Sentence {
    /// Parts of the large line, in order; joined with spaces.
    pub parts: Vec<(Tone, String)>,
    /// The second line.
    pub why: String,
    /// What of it is a reason, and the events that it tells.
    pub reasons: Vec<Reason>,
}

/// A reason, and the events that it is told from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// Its stable name: `arrived-late`, `elected`, `outage`, …
    pub kind: &'static str,
    /// Numbers of the events, in order.
    pub events: Vec<u32>,
}

impl Reason {
    /// A reason told from events.
    pub(super) fn of(kind: &'static str, events: impl IntoIterator<Item = EventId>) -> Self {
        Self { kind, events: events.into_iter().map(|EventId(event)| event).collect() }
    }
}
