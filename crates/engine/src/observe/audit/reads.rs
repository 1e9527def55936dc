//! What readers take for granted, read by read: four promises, judged from the same answers.
//!
//! **Meaning.** What a read showed is *older* than a write of its key if the write shown, or "never
//! written", stands before that write in a log that held both, or if no log holds it behind that write
//! and it had been acknowledged before that write began. Logs that part have what stands before their
//! parting in common and nothing behind it. Where data are versions per key it is older than a write if nothing shown is a
//! version of that write, nor was made by a writer who had been given one, straight away or with what it
//! had been given, and if, where the last write wins, that write has the later stamp: the version of it
//! that its client was told of, or that was shown. So a write of which asking again has made several
//! versions is seen with any of them. An answer that shows nothing where something was deleted counts as
//! one that shows all deletions of the key that were made until then. Overlapping operations prove nothing: before
//! always means that one had ended before the other began. A write that is lost later was acknowledged
//! all the same: who misses it misses it, and the sentence says that it was lost.
//!
//! [`Sessions`](crate::observe::Sessions) compares each answer when it is told, so the counts
//! in the report, the marks on the timeline and these verdicts are one.

use super::{Case, Verdict, Witness};
use crate::base::number;
use crate::base::{Key, OpId};
use crate::observe::ledger::{Length, LostWrite};
use crate::observe::sessions::{Anomaly, Slip};

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
    let Some(first) = sessions.first(anomaly) else { return Verdict::Holds };
    let more = match sessions.count(anomaly) {
        1 => String::new(),
        count => format!(
            "; {} of {} reads in all",
            number::count(count.into()),
            number::count(sessions.reads().into())
        ),
    };
    let history = case.recorder.history();
    let told = history.get(first.missed).map(|missed| missed.ended_event);
    let operations = [first.read, first.missed, first.seen].into_iter();
    let named = if anomaly == Anomaly::OutOfOrder { 3 } else { 2 };
    Verdict::Broken(Witness {
        events: core::iter::once(first.event).chain(told).collect(),
        operations: operations.take(named).collect(),
        sentence: tell(case, first) + &more,
    })
}

/// "c1 read k7 = 80 from n3", "c1 was told by n3 that k7 was never written".
pub(super) fn reads(case: &Case<'_>, slip: &Slip) -> String {
    let Slip { client, node, .. } = slip;
    let Some(read) = case.recorder.history().get(slip.read) else { return client.to_string() };
    match (read.key(), read.value().unwrap_or(0)) {
        (key, 0) => format!("{client} read nothing at {key} from {node}"),
        (key, value) => format!("{client} read {key} = {value} from {node}"),
    }
}

/// "k7 = 91", "the deletion of k7"
pub(super) fn write(case: &Case<'_>, op: OpId) -> String {
    match case.recorder.history().get(op).map(|write| (write.key(), write.value())) {
        Some((key, Some(0))) => format!("the deletion of {key}"),
        _ => case.recorder.name(op),
    }
}

/// What became of a write that a read missed, if it was lost: "; that write was lost".
pub(super) fn lost(case: &Case<'_>, missed: OpId) -> &'static str {
    what_of(case.recorder.ledger().ever_lost().find(|lost| lost.op == missed)).unwrap_or("")
}

/// The same of the write of a value, if it was lost.
pub(super) fn lost_value(case: &Case<'_>, key: Key, value: u64) -> Option<&'static str> {
    let history = case.recorder.history();
    let of_it = |lost: &&LostWrite| {
        let write = history.get(lost.op);
        write.is_some_and(|write| write.key() == key && write.value() == Some(value))
    };
    what_of(case.recorder.ledger().ever_lost().find(of_it))
}

fn what_of(lost: Option<&LostWrite>) -> Option<&'static str> {
    Some(match lost?.came_back {
        None => "; that write was lost",
        Some(_) => "; that write was lost for a time",
    })
}

/// How long before the read began the other operation had ended.
pub(super) fn earlier(case: &Case<'_>, read: OpId, other: OpId) -> Length {
    let history = case.recorder.history();
    let span = history.get(read).zip(history.get(other));
    Length(span.map_or_else(Default::default, |(read, other)| read.invoked.since(other.ended)))
}
