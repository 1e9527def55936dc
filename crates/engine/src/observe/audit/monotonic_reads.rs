//! What a client has seen at a key it sees from then on, or something newer.
//!
//! **Meaning.** Broken if a client is shown something older at a key than what an earlier read of its
//! own, one that had been answered before this one began, showed at that key; whatever became of that
//! later. Not exercised while no read was answered.
//!
//! What is older is said in [`super::reads`]. Evidence: what the clients were told.

use super::reads::{earlier, judge, lost_value, reads};
use super::{Audit, Case, Verdict};
use crate::observe::sessions::Anomaly;
use crate::protocol::Promise;

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
            let before = case.recorder.history().get(slip.missed);
            let value = before.and_then(|read| read.value()).unwrap_or(0);
            let newer = if value == 0 { "that it was deleted".into() } else { value.to_string() };
            let ago = earlier(case, slip.read, slip.missed);
            let lost = before.and_then(|read| lost_value(case, read.key(), value)).unwrap_or("");
            format!(
                "{}, and had read the newer {newer} {ago} before it asked{lost}",
                reads(case, slip)
            )
        })
    }
}
