//! A read shows every write that was acknowledged before it began.
//!
//! **Meaning.** Broken if a read is answered with something older than a write of its key that was
//! acknowledged, to whomever, before the read began; whatever became of that write later. Not exercised
//! while no read was answered.
//!
//! What is older is said in [`super::reads`]. Evidence: what the clients were told.

use super::reads::{earlier, judge, lost, reads, write};
use super::{Audit, Case, Verdict};
use crate::observe::sessions::Anomaly;
use crate::protocol::Promise;

/// The audit.
pub struct FreshReads;

impl Audit for FreshReads {
    fn promise(&self) -> Promise {
        Promise::FreshReads
    }

    fn id(&self) -> &'static str {
        "reads-are-fresh"
    }

    fn title(&self) -> &'static str {
        "Reads show every acknowledged write"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        judge(case, Anomaly::Stale, |case, slip| {
            let ago = earlier(case, slip.read, slip.missed);
            let (missed, lost) = (write(case, slip.missed), lost(case, slip.missed));
            format!(
                "{}, though {missed} had been acknowledged {ago} before {} asked{lost}",
                reads(case, slip),
                slip.client,
            )
        })
    }
}
