//! The run in words: the state changes that are worth saying aloud.

use super::landmark::landmark;
use super::number::{clock, count as number, span, things_do};
use super::reach::CutOff;
use super::timeline::{marks_of, slips};
use super::types::{LogLine, TimeMark, Tone};
use super::words;
use engine::base::sort_by_key;
use engine::base::{EventId, OpId, SimTime, Span};
use engine::observe::{LostWrite, Reason, Recorder, Why};
use engine::world::{Event, Run, What};

/// Lines kept: the newest.
pub const MAX_LOG: usize = 120;
/// Milestones looked at for them.
const MAX_MILESTONES: usize = 600;
/// Losses looked at for them.
const MAX_LOSSES: usize = 4_000;

/// The lines after event `since`, oldest first; at most the last [`MAX_LOG`].
#[must_use]
pub fn log(run: &dyn Run<Recorder>, since: EventId) -> Vec<LogLine> {
    let recorder = run.observer();
    let newest = recorder.milestones().iter().rev().take_while(|event| event.id > since);
    let events: Vec<&Event> = newest.take(MAX_MILESTONES).collect();
    let mut lines: Vec<LogLine> =
        marks_of(run, events.into_iter().rev()).iter().filter_map(|mark| line(run, mark)).collect();
    lines.extend(losses(recorder, since));
    lines.extend(outages(run, since));
    lines.extend(slipped(recorder, since));
    // The bits of numbers that are not negative stand in the order of the numbers.
    sort_by_key(&mut lines, |line| (line.at_ms.to_bits(), line.event));
    lines.drain(..lines.len().saturating_sub(MAX_LOG));
    lines
}

fn line(run: &dyn Run<Recorder>, mark: &TimeMark) -> Option<LogLine> {
    let commands = |op: OpId| run.operation(op).map(|operation| operation.command);
    let event = run.observer().trace().get(EventId(mark.event));
    // What is mended is a small mark where the cut has a large one, and as much a change of state.
    let mends =
        |what: What| matches!(what, What::LinkHealed { .. } | What::ClientsCut { cut: false, .. });
    if !mark.major && !event.is_some_and(|event| mends(event.what)) {
        return None;
    }
    let text = match event {
        None => mark.label.clone(),
        // Of links cut or mended in one instant the mark tells all.
        Some(Event { what: What::LinkCut { .. } | What::LinkHealed { .. }, .. })
            if landmark(&event?).is_some_and(|alone| alone.label != mark.label) =>
        {
            mark.label.clone()
        }
        Some(Event { what: What::ClientsCut { node, cut: true }, id, .. }) => {
            CutOff::by(run, node, id).clause(node)
        }
        // A process ends by itself only where it cannot write.
        Some(Event { what: What::Crashed { node }, cause, .. }) if cause != EventId::NONE => {
            format!("{node}'s process crashes because it cannot write its log: its disk is full")
        }
        Some(event) => words::clause(&event.what, &commands),
    };
    let text = format!("{text}.");
    Some(LogLine { at_ms: mark.at_ms, text, event: mark.event, tone: mark.tone })
}

/// When writes stopped getting through, and when they did again.
fn outages(run: &dyn Run<Recorder>, since: EventId) -> Vec<LogLine> {
    let (recorder, now) = (run.observer(), run.now());
    let event_at = |at: SimTime| recorder.trace().last_before(at + Span::from_micros(1));
    let line = |at: SimTime, text: String, tone: Tone| {
        let event = event_at(at).map_or(EventId::NONE, |event| event.id);
        let line = LogLine { at_ms: at.as_millis_f64(), text, event: event.0, tone };
        (event > since).then_some(line)
    };
    let mut lines = Vec::new();
    let writes = recorder.write_availability();
    for outage in writes.outages(now) {
        lines.extend(line(
            outage.certain,
            format!("No write gets through any more: none has since {}.", clock(outage.from)),
            Tone::Wait,
        ));
        if outage.ended.is_some() {
            let text = format!("Writes get through again, after {}.", span(outage.length()));
            lines.extend(line(outage.to, text, Tone::Good));
        }
    }
    lines
}

/// The first read of each kind that went wrong, of each client.
fn slipped(recorder: &Recorder, since: EventId) -> impl Iterator<Item = LogLine> + '_ {
    slips(recorder).filter(move |(slip, _)| slip.event > since).map(|(slip, mark)| {
        let key = recorder.history().get(slip.read).map(|read| read.key()).unwrap_or_default();
        let text = format!("{}.", words::slip(slip, key, &recorder.name(slip.missed)));
        LogLine { at_ms: mark.at_ms, text, event: mark.event, tone: Tone::Lost }
    })
}

/// One line for all losses found at the same event, and one for all that a replaced leader goes on
/// to acknowledge.
fn losses(recorder: &Recorder, since: EventId) -> Vec<LogLine> {
    let mut told: Vec<(LostWrite, u32)> = Vec::new();
    let newest = recorder.ledger().ever_lost().rev().take_while(|lost| lost.event > since);
    for lost in newest.take(MAX_LOSSES) {
        match told.last_mut() {
            Some((first, count)) if together(first, lost) => {
                *first = *lost;
                *count += 1;
            }
            _ => told.push((*lost, 1)),
        }
    }
    let mut by_then = u32::try_from(recorder.ledger().ever_lost().count()).unwrap_or(u32::MAX);
    told.iter()
        .map(|(lost, count)| {
            let more = by_then > *count;
            let in_all =
                if more { format!(", {} in all", number(by_then.into())) } else { String::new() };
            by_then -= count;
            let are = things_do(*count, "acknowledged write", "is", "are");
            let text = match lost.why.reason {
                Reason::TooLate { .. } => too_late(&lost.why),
                _ => format!("{are} lost{in_all}."),
            };
            let (at_ms, event) = (lost.at.as_millis_f64(), lost.event.0);
            LogLine { at_ms, text, event, tone: Tone::Lost }
        })
        .collect()
}

fn together(one: &LostWrite, other: &LostWrite) -> bool {
    let late = |lost: &LostWrite| matches!(lost.why.reason, Reason::TooLate { .. });
    let both_late = late(one) && late(other);
    one.event == other.event || (both_late && one.why.chosen == other.why.chosen)
}

fn too_late(why: &Why) -> String {
    format!("{} goes on taking writes, and they are lost: {} leads.", why.took, why.chosen)
}
