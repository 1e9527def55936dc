//! No write that a client was told is saved ever disappears.
//!
//! **Meaning.** Broken if, at any moment, an acknowledged write is missing from what the cluster
//! goes by, even if it comes back later. Where one log is followed: the write does not stand in the
//! log of the current leader, the running leader of the highest epoch (of several the first by
//! name); one that takes no writes, or stands in a row that has changed, leads nobody any more
//! while some running node knows of a newer epoch. Where data are versions per key: no node holds
//! the write's version, in its process or on its disk, and no version that had seen it took its
//! place; or a version that had not seen it was preferred by its stamp (*overwritten unseen*);
//! where stamps decide, of the later ones that are held or acknowledged when nobody holds the write any
//! more, one that had seen it takes the place, or if none had, the next. Of a write of several versions
//! it takes that none is held and none was seen. A deletion that everybody has forgotten has done its work,
//! unless what it took away is there again. Not exercised while no write was acknowledged, nor
//! while nobody leads and acknowledged writes therefore cannot be looked for.
//!
//! Evidence: what the clients were told, and the records in the current leader's log followed back to
//! its beginning. See the ledger for when it is judged.

use super::reads::write;
use super::{Audit, Case, Verdict, Witness};
use crate::base::number;
use crate::base::{EventId, OpId};
use crate::observe::ledger::LostWrite;
use crate::observe::ledger::store::Overwritten;
use crate::observe::lineage;
use crate::protocol::{Promise, Shape};

/// The audit.
pub struct AcknowledgedSurvive;

/// At most so many operations are named in a sentence.
const NAMED: usize = 3;

impl Audit for AcknowledgedSurvive {
    fn promise(&self) -> Promise {
        Promise::AcknowledgedWritesSurvive
    }

    fn id(&self) -> &'static str {
        "acknowledged-writes-survive"
    }

    fn title(&self) -> &'static str {
        "Acknowledged writes survive"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let acknowledged = case.recorder.ledger().counts().acknowledged;
        if let Some(verdict) = lost(case, acknowledged).or_else(|| overwritten(case, acknowledged))
        {
            return verdict;
        }
        if acknowledged == 0 {
            return Verdict::NotExercised("no write was acknowledged".to_owned());
        }
        let line = case.world.shape == Shape::Line;
        if line && lineage::leader(&case.nodes).is_none() {
            return Verdict::NotExercised(match case.recorder.ledger().unjudged() {
                0 => "nobody leads, so acknowledged writes cannot be looked for".to_owned(),
                count => {
                    format!("nobody leads, so {count} acknowledged writes cannot be looked for")
                }
            });
        }
        Verdict::Holds
    }
}

/// Writes that are gone; if none is now, those that were gone for a time.
fn lost(case: &Case<'_>, acknowledged: u32) -> Option<Verdict> {
    let mut lost: Vec<&LostWrite> = case.recorder.ledger().lost().collect();
    if lost.is_empty() {
        lost = case.recorder.ledger().ever_lost().collect();
    }
    let first = *lost.first()?;
    let operations: Vec<OpId> = lost.iter().map(|lost| lost.op).collect();
    let told = case.recorder.history().get(first.op).map(|op| op.ended_event);
    let became = match (first.came_back, lost.len()) {
        (None, 1) => "is gone".to_owned(),
        (None, _) => "are gone".to_owned(),
        (Some(at), 1) => format!("was gone until {}", number::clock(at)),
        (Some(at), _) => format!("were gone, the first until {}", number::clock(at)),
    };
    // A reason speaks of one write.
    let which = match lost.len() {
        1 => String::new(),
        _ => format!("the first, {}: ", write(case, first.op)),
    };
    let sentence = format!(
        "{} of {} acknowledged writes {became}: {}; {which}{}",
        number::count(lost.len() as u64),
        number::count(acknowledged.into()),
        names(case, &operations),
        first.why.sentence(),
    );
    let events = [Some(first.event), told].into_iter().flatten().collect::<Vec<EventId>>();
    Some(Verdict::Broken(Witness { events, operations, sentence }))
}

/// Writes that were dropped in favour of versions that had not seen them.
fn overwritten(case: &Case<'_>, acknowledged: u32) -> Option<Verdict> {
    let all: Vec<&Overwritten> = case.recorder.ledger().versions().overwritten().collect();
    let first = all.first()?;
    let operations: Vec<OpId> = all.iter().map(|lost| lost.op).collect();
    let told = case.recorder.history().get(first.op).map(|op| op.ended_event);
    let which = match all.len() {
        1 => String::new(),
        _ => format!("the first, {}: ", write(case, first.op)),
    };
    let sentence = format!(
        "{} of {} acknowledged writes overwritten unseen: {}; {which}{}",
        number::count(all.len() as u64),
        number::count(acknowledged.into()),
        names(case, &operations),
        first.sentence(&write(case, first.by)),
    );
    let events = [Some(first.event), told].into_iter().flatten().collect();
    Some(Verdict::Broken(Witness { events, operations, sentence }))
}

fn names(case: &Case<'_>, operations: &[OpId]) -> String {
    let named: Vec<String> = operations.iter().take(NAMED).map(|op| write(case, *op)).collect();
    let rest = operations.len() - named.len();
    match rest {
        0 => named.join(", "),
        rest => format!("{} and {} more", named.join(", "), number::count(rest as u64)),
    }
}
