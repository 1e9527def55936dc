//! What a client has seen at a key it sees from then on, or something newer.
//!
//! Evidence: what the clients were told, and which of the writes stand in the leader's log.

use super::reads::{earlier, judge, reads};
use super::{Audit, Case, Verdict};
use crate::engine::observe::sessions::Anomaly;
use crate::engine::protocol::Promise;

/// The audit.
pub struct MonotonicReads;

impl Audit for MonotonicReads {
    fn promise(&self) -> Promise {
        Promise::MonotonicReads
    }

    fn id(&self) -> &'static str {
        "monotonic-reads"
    }

    fn title(&self) -> &'static str {
        "Reads never go back in time"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        judge(case, Anomaly::BackInTime, |case, slip| {
            let history = case.recorder.history();
            let read = history.get(slip.read).and_then(|read| read.value()).unwrap_or(0);
            let before = history.get(slip.missed).and_then(|read| read.value()).unwrap_or(0);
            let ago = earlier(case, slip.read, slip.missed);
            format!("{} as {read}, and had read the newer {before} {ago} before", reads(case, slip))
        })
    }
}
