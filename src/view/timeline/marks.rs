//! Faults, time-outs, promotions as points on the lanes.

use super::lane;
use crate::engine::base::{NodeId, Position, SimTime};
use crate::engine::base::{sort, sort_by_key};
use crate::engine::observe::metric::{CatchUp, Method};
use crate::engine::observe::{Anomaly, Recorder, Slip};
use crate::engine::protocol::Note;
use crate::engine::world::{Event, What};
use crate::view::landmark::landmark;
use crate::view::types::{MarkShape, TimeMark, Tone};
use crate::view::words;

/// The marks of a window, at most `most`: the minor ones are left out first, then the latest.
pub fn marks(recorder: &Recorder, from: SimTime, to: SimTime, most: usize) -> Vec<TimeMark> {
    let milestones = recorder.milestones().iter();
    let mut marks =
        marks_of(recorder, milestones.filter(|event| event.at >= from && event.at < to));
    marks.extend(
        slips(recorder).filter(|(slip, _)| slip.at >= from && slip.at < to).map(|(_, m)| m),
    );
    sort_by_key(&mut marks, |mark| mark.event);
    if marks.len() > most {
        marks.retain(|mark| mark.major);
        marks.truncate(most);
    }
    marks
}

/// The major marks of the whole run.
#[must_use]
pub fn major_marks(recorder: &Recorder, most: usize) -> Vec<TimeMark> {
    let mut marks = marks(recorder, SimTime::ZERO, SimTime::NEVER, usize::MAX);
    marks.retain(|mark| mark.major);
    marks.truncate(most);
    marks
}

/// The first read of each kind that went wrong, of each client, with its mark.
pub fn slips(recorder: &Recorder) -> impl Iterator<Item = (&Slip, TimeMark)> {
    let first = recorder.sessions().slips().filter(|slip| slip.first);
    first.map(|slip| {
        let label = format!("{}: {}", slip.client, words::anomaly(slip.anomaly));
        let mark = TimeMark {
            lane: lane(None),
            at_ms: slip.at.as_millis_f64(),
            tone: Tone::Lost,
            shape: MarkShape::Dot,
            label,
            major: slip.anomaly != Anomaly::Stale,
            event: slip.event.0,
        };
        (slip, mark)
    })
}

/// The marks of these milestones.
pub fn marks_of<'a>(
    recorder: &Recorder,
    milestones: impl Iterator<Item = &'a Event>,
) -> Vec<TimeMark> {
    let mut cuts = Vec::new();
    let mut marks = Vec::new();
    for event in milestones {
        marks.extend(mark(recorder, event));
        if let What::LinkCut { from, to } = event.what {
            cuts.push((event, from, to));
        }
    }
    merge_cuts(&mut marks, &cuts);
    marks
}

/// Fewer records than these are no catching up to speak of: a new leader compares its log with
/// every follower's.
const TRIFLE: u32 = 50;

/// Whether a catch-up is worth telling.
pub fn is_told(catch_up: &CatchUp, reached: Position) -> bool {
    catch_up.method != Method::Log || reached.since(catch_up.from) >= TRIFLE
}

fn mark(recorder: &Recorder, event: &Event) -> Option<TimeMark> {
    let mut found = landmark(event)?;
    if let What::Noted { note: Note::CaughtUp { node, position }, .. } = event.what {
        let mut all = recorder.catch_ups().iter().rev();
        let this = all.find(|c| c.node == node && c.caught_up == Some(event.at));
        found.major &= this.is_some_and(|catch_up| is_told(catch_up, position));
    }
    Some(TimeMark {
        lane: lane(found.node),
        at_ms: event.at.as_millis_f64(),
        tone: found.tone,
        shape: found.shape,
        label: found.label,
        major: found.major,
        event: event.id.0,
    })
}

/// Links cut at one instant are one fault: it is told once, on the lane of the node that most of
/// them belong to.
fn merge_cuts(marks: &mut Vec<TimeMark>, cuts: &[(&Event, NodeId, NodeId)]) {
    let mut rest = cuts;
    while let Some((first, ..)) = rest.first() {
        let together = rest.iter().take_while(|(event, ..)| event.at == first.at).count();
        let (fault, later) = rest.split_at(together);
        rest = later;
        if fault.len() > 1 {
            tell_once(marks, fault);
        }
    }
}

fn tell_once(marks: &mut Vec<TimeMark>, fault: &[(&Event, NodeId, NodeId)]) {
    let touched = |node: NodeId| fault.iter().filter(|(_, a, b)| *a == node || *b == node).count();
    let (_, first, second) = fault[0];
    let node = if touched(second) > touched(first) { second } else { first };
    let mut others: Vec<NodeId> =
        fault.iter().flat_map(|(_, a, b)| [*a, *b]).filter(|other| *other != node).collect();
    sort(&mut others);
    others.dedup();
    let label = match others.as_slice() {
        [one] => format!("{node} and {one}: link cut"),
        _ => format!("{node} is cut off"),
    };
    let kept =
        fault.iter().find(|(_, a, _)| *a == node).map_or(fault[0].0.id, |(event, ..)| event.id);
    let ids: Vec<u32> = fault.iter().map(|(event, ..)| event.id.0).collect();
    marks.retain(|mark| mark.event == kept.0 || !ids.contains(&mark.event));
    if let Some(mark) = marks.iter_mut().find(|mark| mark.event == kept.0) {
        mark.label = label;
    }
}
