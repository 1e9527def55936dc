//! Who has seen a write sees all that stands before it in the log.
//!
//! **Meaning.** Broken if a client that had read a write of one key, before it began to read another
//! key, is shown something at that other key that is older than a write which had been acknowledged
//! before the read began and which stands before the one that it had seen in that one's log; whatever
//! became of them later. Not exercised while no read was answered, nor where data follow no single log.
//!
//! What is older is said in [`super::reads`]. Evidence: what the clients were told, and which record
//! was written after which.

use super::reads::{earlier, judge, lost, reads, write};
use super::{Audit, Case, Verdict};
use crate::observe::sessions::Anomaly;
use crate::protocol::{Promise, Shape};

/// Why it is not judged where data are versions per key. It does not say that nothing was shown early.
const NO_ORDER: &str =
    "this is judged along one order of all writes, and versions per key have no such order";

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
            return Verdict::NotExercised(NO_ORDER.to_owned());
        }
        judge(case, Anomaly::OutOfOrder, |case, slip| {
            let (missed, lost) = (write(case, slip.missed), lost(case, slip.missed));
            let seen = case.recorder.history().get(slip.seen);
            let key = seen.map(|read| read.key()).unwrap_or_default();
            let value = seen.and_then(|read| read.value()).unwrap_or(0);
            let later = if value == 0 { "deleted".to_owned() } else { format!("= {value}") };
            let ago = earlier(case, slip.read, slip.seen);
            let what = format!("{key} {later}, written after {missed}");
            format!("{}, and had read {what}, {ago} before it asked{lost}", reads(case, slip))
        })
    }
}
