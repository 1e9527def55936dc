//! Leaders that were taken for dead and lived, and what became of them.

use super::{Told, notes};
use crate::number::clock;
use engine::base::EventId;
use engine::observe::Recorder;
use engine::protocol::Note;
use engine::world::Run;

/// An old leader that came to know, after another led, that it does not lead any more.
pub fn deposed(run: &dyn Run<Recorder>) -> Option<Told> {
    let recorder = run.observer();
    let last = recorder.failovers().promotions().next_back()?;
    let after = notes(recorder.milestones()).filter(|(event, ..)| event.id > last.event);
    let stepped = after.filter_map(|(event, node, note)| match note {
        Note::SteppedDown { epoch, later, .. } if node == last.old && epoch < last.epoch => {
            Some((event, later))
        }
        _ => None,
    });
    let (event, later) = { stepped }.next()?;
    let text = format!(
        "{} lived, and stopped leading at {} when it heard of epoch {later}.",
        last.old,
        clock(event.at)
    );
    Some(Told::new((70, "deposed"), text, [event.id]))
}

/// How often a leader was taken for dead that ran and could be heard.
pub fn false_suspicions(run: &dyn Run<Recorder>) -> Option<Told> {
    let recorder = run.observer();
    let milestones = recorder.milestones();
    let lived = || {
        recorder.failovers().suspicions().filter(|one| {
            !one.true_crash
                && milestones.death(one.node, EventId::NONE, one.event).is_none()
                && milestones.cut_at(one.node, one.by, one.event).is_none()
        })
    };
    let mut changes = recorder.failovers().promotions();
    let replaced = changes.rfind(|change| {
        lived().any(|one| one.node == change.old && one.event < change.event)
            && change.death.is_none()
            && change.old != change.new
    });
    let node = replaced.map_or(lived().next_back()?.node, |change| change.old);
    let events: Vec<EventId> =
        lived().filter(|one| one.node == node).map(|one| one.event).collect();
    let times = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let so = replaced.map_or_else(
        || "; nobody took over for that".to_owned(),
        |change| format!(", and {} took over", change.new),
    );
    let often = super::times(times);
    let text = format!("{node} was taken for dead {often} while it ran and could be heard{so}.");
    let weight = if replaced.is_some() { 74 } else { 55 };
    Some(Told::new((weight, "false-suspicion"), text, events))
}
