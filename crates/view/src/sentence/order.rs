//! Answers that no single order of a key's reads and writes explains, told by two of them.

use engine::base::OpId;
use engine::observe::history::{End, Operation};
use engine::observe::{Recorder, Witness};

/// "c1 had read k0 = 190; c3, which asked later, read k0 = 123." `None` where nobody had been shown
/// what the order ends with before the read began that does not fit.
#[must_use]
pub fn no_single_order(recorder: &Recorder, witness: &Witness) -> Option<String> {
    let history = recorder.history();
    let (read, last) = (*witness.operations.first()?, *witness.operations.last()?);
    let (read, last) = (history.get(read)?, history.get(last)?);
    if read.is_write() || !last.is_write() {
        return None;
    }
    let shows_last = |(_, op): &(OpId, &Operation)| {
        op.key() == read.key()
            && op.ended < read.invoked
            && matches!(op.end, End::Value { .. })
            && op.value() == last.value()
    };
    let says = |op: &Operation| match op.value() {
        Some(value) if value > 0 => format!("{} = {value}", op.key()),
        _ => format!("nothing at {}", op.key()),
    };
    let (shown, later) = (says(last), says(read));
    if let Some((_, before)) = history.iter().find(shows_last) {
        return Some(format!(
            "{} had read {shown}; {}, which asked later, read {later}.",
            before.client, read.client
        ));
    }
    (last.is_acknowledged() && last.ended < read.invoked).then(|| {
        let saved = match last.value() {
            Some(0) => format!("{} was deleted", last.key()),
            _ => format!("{shown} is saved"),
        };
        format!(
            "{} had been told that {saved}; {}, which asked later, read {later}.",
            last.client, read.client
        )
    })
}
