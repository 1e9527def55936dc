//! What readers take for granted, read by read: four promises, judged from the same answers.
//!
//! **Meaning.** What a read showed is *older* than a write of its key if the write shown, or "never
//! written", stands before that write in a log that held both, or if the write shown had ended before
//! that write began. Logs that part have what stands before their parting in common and nothing behind
//! it. Where data are versions per key it is older than a write if nothing shown had seen that write
//! and, where the last write wins, that write has the later stamp; an answer that shows nothing where
//! something was deleted counts as the deletion with the latest stamp that was made until then, and has
//! seen what all those deletions had seen. Overlapping operations prove nothing: before always means
//! that one had ended before the other began. A write that is lost later was acknowledged all the same:
//! who misses it misses it, and the sentence says that it was lost.
//!
//! [`Sessions`](crate::engine::observe::Sessions) compares each answer when it is told, so the counts
//! in the report, the marks on the timeline and these verdicts are one.

use super::{Case, Verdict, Witness};
use crate::engine::base::OpId;
use crate::engine::observe::ledger::{Fate, Length};
use crate::engine::observe::sessions::{Anomaly, Slip};
use crate::engine::protocol::Shape;

/// The verdict on one kind of anomaly; `tell` says what happened in the first one.
pub(super) fn judge(
    case: &Case<'_>,
    anomaly: Anomaly,
    tell: impl Fn(&Case<'_>, &Slip) -> String,
) -> Verdict {
    let sessions = case.recorder.sessions();
    if sessions.reads() == 0 {
        return Verdict::NotExercised("nobody read".to_owned());
    }
    let history = case.recorder.history();
    let there = |op: OpId| match case.world.shape {
        Shape::Line => case.ledger.lineage().holds(op),
        Shape::Store => !matches!(case.ledger.fate(op, history), Fate::Lost(_)),
    };
    let stands = |slip: &&Slip| {
        let write = history.get(slip.missed).is_some_and(|op| op.is_write());
        slip.anomaly == anomaly && (!write || there(slip.missed))
    };
    let mut slips = sessions.slips().filter(stands);
    let Some(first) = slips.next() else { return Verdict::Holds };
    let more = match slips.count() {
        0 => String::new(),
        others => format!("; {} of {} reads in all", others + 1, sessions.reads()),
    };
    let told = history.get(first.missed).map(|missed| missed.ended_event);
    let operations = [first.read, first.missed, first.seen].into_iter();
    let named = if anomaly == Anomaly::OutOfOrder { 3 } else { 2 };
    Verdict::Broken(Witness {
        events: core::iter::once(first.event).chain(told).collect(),
        operations: operations.take(named).collect(),
        sentence: tell(case, first) + &more,
    })
}

/// "c1 reads k7 from n3".
pub(super) fn reads(case: &Case<'_>, slip: &Slip) -> String {
    let key = case.recorder.history().get(slip.read).map(|read| read.key().to_string());
    format!("{} reads {} from {}", slip.client, key.unwrap_or_default(), slip.node)
}

/// How long before the read began the other operation had ended.
pub(super) fn earlier(case: &Case<'_>, read: OpId, other: OpId) -> Length {
    let history = case.recorder.history();
    let span = history.get(read).zip(history.get(other));
    Length(span.map_or_else(Default::default, |(read, other)| read.invoked.since(other.ended)))
}
