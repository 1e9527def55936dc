//! Faults, time-outs, promotions as points on the lanes.

use super::faults::Together;
use super::lane;
use crate::landmark::landmark;
use crate::reach::CutOff;
use crate::types::{MarkShape, TimeMark, Tone};
use crate::words;
use engine::base::sort_by_key;
use engine::base::{NodeId, Position, SimTime};
use engine::observe::metric::{CatchUp, Method};
use engine::observe::{Anomaly, Recorder, Slip};
use engine::protocol::Note;
use engine::world::{Event, Run, What};

/// The marks of a window, at most `most`: the minor ones are left out first, then the latest.
pub fn marks(run: &dyn Run<Recorder>, from: SimTime, to: SimTime, most: usize) -> Vec<TimeMark> {
    let recorder = run.observer();
    let milestones = recorder.milestones().iter();
    let mut marks = marks_of(run, milestones.filter(|event| event.at >= from && event.at < to));
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
pub fn major_marks(run: &dyn Run<Recorder>, most: usize) -> Vec<TimeMark> {
    let mut marks = marks(run, SimTime::ZERO, SimTime::NEVER, usize::MAX);
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
    run: &dyn Run<Recorder>,
    milestones: impl Iterator<Item = &'a Event>,
) -> Vec<TimeMark> {
    let (mut cut, mut whole) = (Vec::new(), Vec::new());
    let mut marks = Vec::new();
    for event in milestones {
        marks.extend(mark(run, event));
        match event.what {
            What::LinkCut { from, to } => cut.push((event, from, to)),
            What::LinkHealed { from, to } => whole.push((event, from, to)),
            _ => {}
        }
    }
    let nodes = run.view().nodes.count();
    merge(&mut marks, &cut, nodes, false);
    merge(&mut marks, &whole, nodes, true);
    marks
}

/// Fewer records than these are no catching up to speak of: a new leader compares its log with
/// every follower's.
const TRIFLE: u32 = 50;

/// Whether a catch-up is worth telling.
pub fn is_told(catch_up: &CatchUp, reached: Position) -> bool {
    catch_up.method != Method::Log || reached.since(catch_up.from) >= TRIFLE
}

fn mark(run: &dyn Run<Recorder>, event: &Event) -> Option<TimeMark> {
    let mut found = landmark(event)?;
    if let What::Noted { note: Note::CaughtUp { node, position }, .. } = event.what {
        let mut all = run.observer().catch_ups().iter().rev();
        let this = all.find(|c| c.node == node && c.caught_up == Some(event.at));
        found.major &= this.is_some_and(|catch_up| is_told(catch_up, position));
    }
    if let What::ClientsCut { node, cut: true } = event.what {
        found.label = CutOff::by(run, node, event.id).label();
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

/// Links cut, or whole again, at one instant are one fault or one mending: it is told once, on the
/// lane of the node that most of them belong to.
fn merge(marks: &mut Vec<TimeMark>, links: &[(&Event, NodeId, NodeId)], nodes: u8, whole: bool) {
    for links in links.chunk_by(|(one, ..), (other, ..)| one.at == other.at) {
        if links.len() > 1 {
            tell_once(marks, &Together { links, nodes, whole });
        }
    }
}

fn tell_once(marks: &mut Vec<TimeMark>, fault: &Together<'_>) {
    let node = fault.node();
    let mut links = fault.links.iter();
    let kept = links.find(|(_, from, _)| *from == node).map_or(fault.links[0].0.id, |l| l.0.id);
    let ids: Vec<u32> = fault.links.iter().map(|(event, ..)| event.id.0).collect();
    marks.retain(|mark| mark.event == kept.0 || !ids.contains(&mark.event));
    if let Some(mark) = marks.iter_mut().find(|mark| mark.event == kept.0) {
        mark.label = fault.label();
    }
}
