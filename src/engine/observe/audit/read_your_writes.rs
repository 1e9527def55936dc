//! A client reads what it has written itself.
//!
//! Evidence: what the clients were told, and which of the writes stand in the leader's log.

use super::reads::{earlier, judge, reads};
use super::{Audit, Case, Verdict};
use crate::engine::observe::sessions::Anomaly;
use crate::engine::protocol::Promise;

/// The audit.
pub struct ReadYourWrites;

impl Audit for ReadYourWrites {
    fn promise(&self) -> Promise {
        Promise::ReadYourWrites
    }

    fn id(&self) -> &'static str {
        "read-your-writes"
    }

    fn title(&self) -> &'static str {
        "Clients read their own writes"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        judge(case, Anomaly::OwnWriteMissing, |case, slip| {
            let missed = case.recorder.name(slip.missed);
            let ago = earlier(case, slip.read, slip.missed);
            format!("{} without its own {missed}, saved {ago} before", reads(case, slip))
        })
    }
}
