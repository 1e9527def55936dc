//! A client reads what it has written itself.
//!
//! **Meaning.** Broken if a client reads something older than a write of its own of that key, which it
//! had been told is saved before the read began; whatever became of that write later. Not exercised
//! while no read was answered.
//!
//! What is older is said in [`super::reads`]. Evidence: what the clients were told.

use super::reads::{earlier, judge, lost, reads, write};
use super::{Audit, Case, Verdict};
use crate::observe::sessions::Anomaly;
use crate::protocol::Promise;

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
            let ago = earlier(case, slip.read, slip.missed);
            let (missed, lost) = (write(case, slip.missed), lost(case, slip.missed));
            let saved = match missed.strip_prefix("the deletion of ") {
                Some(key) => format!("it had deleted {key}"),
                None => format!("its own {missed} is saved"),
            };
            format!("{}, asked for {ago} after it was told that {saved}{lost}", reads(case, slip))
        })
    }
}
