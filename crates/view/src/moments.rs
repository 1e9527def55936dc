//! The moments of a run for the automatic pace: what breaks, what turns, what comes back.

use super::landmark::landmark;
use super::pace::{Moment, Weight};
use super::types::{MarkShape, Tone};
use engine::base::{SimTime, Span};
use engine::base::{sort, sort_by_key};
use engine::observe::Recorder;
use engine::protocol::Note;
use engine::world::{Event, Run, What};

/// A message's way when nothing is known of any.
const HOP: Span = Span::from_millis(1);
/// Messages looked at for how long their way takes.
const HOPS: usize = 64;

/// The moments that are known of a run, in order.
#[must_use]
pub fn moments(run: &dyn Run<Recorder>) -> Vec<Moment> {
    let recorder = run.observer();
    let mut moments: Vec<Moment> = recorder.milestones().iter().filter_map(moment).collect();
    // The first write that gets through again.
    let over =
        recorder.write_availability().outages(run.now()).filter(|outage| outage.ended.is_some());
    moments.extend(over.map(|over| Moment { at: over.to, weight: Weight::Turn, opens: false }));
    sort_by_key(&mut moments, |moment| (moment.at, moment.weight));
    moments.dedup_by_key(|moment| moment.at);
    moments
}

fn moment(event: &Event) -> Option<Moment> {
    let mark = landmark(event).filter(|mark| mark.major)?;
    let (weight, opens) = match (mark.shape, mark.tone) {
        (MarkShape::Cross, _) => (Weight::Fault, true),
        (MarkShape::Bar | MarkShape::Crown, _) => (Weight::Turn, true),
        (MarkShape::Dot, tone) => (Weight::Small, tone != Tone::Good),
    };
    let small = matches!(event.what, What::Noted { note: Note::Rewound { .. }, .. });
    Some(Moment { at: event.at, weight: if small { Weight::Small } else { weight }, opens })
}

/// How long a message between nodes takes, about: the median of some recent ones.
#[must_use]
pub fn hop(run: &dyn Run<Recorder>) -> Span {
    let trace = run.observer().trace();
    let first = trace.oldest().map_or(SimTime::ZERO, |event| event.at);
    let mut ways: Vec<Span> = trace
        .window(first, SimTime::NEVER)
        .filter_map(|event| match event.what {
            What::Delivered { .. } => Some(event.at.since(trace.get(event.cause)?.at)),
            _ => None,
        })
        .take(HOPS)
        .collect();
    sort(&mut ways);
    ways.get(ways.len() / 2).copied().unwrap_or(HOP)
}
