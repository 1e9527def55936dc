//! The sentence about a row of nodes: who is in it, what is being repaired, what it guarantees.

use crate::engine::observe::Recorder;
use crate::engine::protocol::policy::Row;
use crate::engine::world::Run;
use crate::view::number::things;
use crate::view::types::{Sentence, Tone};

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, _policy: &Row) -> Sentence {
    let acknowledged = run.observer().ledger().counts().acknowledged;
    let parts = vec![(Tone::Good, format!("{} acknowledged.", things(acknowledged, "write")))];
    Sentence { parts, why: String::new() }
}
