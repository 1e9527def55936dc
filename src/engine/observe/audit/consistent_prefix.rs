//! Who has seen a write sees all that stands before it in the log.
//!
//! Evidence: what the clients were told, and which of the writes stand in the leader's log.

use super::reads::{earlier, judge, reads};
use super::{Audit, Case, Verdict};
use crate::engine::observe::sessions::Anomaly;
use crate::engine::protocol::{Promise, Shape};

/// The audit.
pub struct ConsistentPrefix;

impl Audit for ConsistentPrefix {
    fn promise(&self) -> Promise {
        Promise::ConsistentPrefix
    }

    fn id(&self) -> &'static str {
        "consistent-prefix"
    }

    fn title(&self) -> &'static str {
        "Nobody sees effects before their causes"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        if case.world.shape == Shape::Store {
            return Verdict::NotExercised("its data follow no single log".to_owned());
        }
        judge(case, Anomaly::OutOfOrder, |case, slip| {
            let (missed, seen) = (case.recorder.name(slip.missed), case.recorder.name(slip.seen));
            let value = case.recorder.history().get(slip.seen).and_then(|read| read.value());
            let ago = earlier(case, slip.read, slip.seen);
            let what = format!("{seen} as {}, written later,", value.unwrap_or(0));
            format!("{} without {missed}, and had {what} {ago} before", reads(case, slip))
        })
    }
}
