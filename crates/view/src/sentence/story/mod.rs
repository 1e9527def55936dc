//! What happened in a run and is over: each kind of event has a story of its own, which looks at what
//! was recorded of that kind and tells it in a sentence. The most important ones are told.
//!
//! No story asks which scenario or which protocol runs: without its events it has nothing to tell.

mod catch_up;
mod conflicts;
mod mending;
mod parted;
mod suspicion;
mod without_copies;

use crate::number::things;
use crate::types::Reason;
use engine::base::{EventId, NodeId, SimTime, sort_by_key};
use engine::observe::{Milestones, Recorder};
use engine::protocol::Note;
use engine::world::{Event, Run, What};

/// A sentence about something that happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// The larger, the more important.
    pub weight: u8,
    /// One or two sentences.
    pub text: String,
    /// The events that it is told from.
    pub reason: Reason,
}

impl Told {
    fn new(
        (weight, kind): (u8, &'static str),
        text: String,
        events: impl IntoIterator<Item = EventId>,
    ) -> Self {
        Self { weight, text, reason: Reason::of(kind, events) }
    }
}

/// Tells its kind of event, if there was any.
type Story = fn(&dyn Run<Recorder>) -> Option<Told>;

/// All stories.
const STORIES: &[Story] = &[
    without_copies::went_on_alone,
    catch_up::caught_up,
    catch_up::cut_back,
    catch_up::torn,
    catch_up::adds_up,
    conflicts::conflicts,
    conflicts::early,
    mending::handed_over,
    mending::repaired,
    mending::filled,
    parted::apart,
    suspicion::deposed,
    suspicion::false_suspicions,
];

/// What is worth telling of a run.
#[must_use]
pub fn stories(run: &dyn Run<Recorder>) -> Vec<Told> {
    if run.observer().milestones().iter().next().is_none() {
        return Vec::new();
    }
    STORIES.iter().filter_map(|story| story(run)).collect()
}

/// Adds the most important stories to the second line, in the order in which they happened, until it
/// has `most` sentences.
pub(super) fn add(
    stories: impl IntoIterator<Item = Told>,
    why: &mut Vec<String>,
    reasons: &mut Vec<Reason>,
    most: usize,
) {
    let mut all: Vec<Told> = stories.into_iter().collect();
    sort_by_key(&mut all, |told| std::cmp::Reverse(told.weight));
    let mut room = most.saturating_sub(why.iter().map(|line| sentences(line)).sum());
    all.retain(|told| {
        let needed = sentences(&told.text);
        let fits = needed <= room;
        room -= if fits { needed } else { 0 };
        fits
    });
    sort_by_key(&mut all, |told| told.reason.events.first().copied());
    for told in all {
        why.push(told.text);
        reasons.push(told.reason);
    }
}

/// "once", "twice", "3 times"
fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => things(number, "time"),
    }
}

/// How many sentences a text has.
fn sentences(text: &str) -> usize {
    usize::from(!text.is_empty()) + text.matches(". ").count()
}

/// What nodes said, in order: when, who, what.
fn notes(milestones: &Milestones) -> impl DoubleEndedIterator<Item = (&Event, NodeId, Note)> {
    milestones.iter().filter_map(|event| match event.what {
        What::Noted { node, note } => Some((event, node, note)),
        _ => None,
    })
}

/// A time for which a process was stopped, and is over.
#[derive(Clone, Copy)]
struct Away {
    /// The node.
    node: NodeId,
    /// "was paused", "had crashed", "was without power"; "did not run", where a pause ended otherwise.
    was: &'static str,
    /// From when, until when.
    time: (SimTime, SimTime),
    /// The events of both.
    events: (EventId, EventId),
}

const PAUSED: &str = "was paused";

/// Every time for which a process was stopped that is over, in the order of their ends.
fn aways(milestones: &Milestones) -> Vec<Away> {
    let mut open: Vec<(NodeId, &'static str, &Event)> = Vec::new();
    let mut over = Vec::new();
    for event in milestones.iter() {
        let stops = match event.what {
            What::Crashed { node } => Some((node, "had crashed")),
            What::PoweredOff { node, .. } => Some((node, "was without power")),
            What::Paused { node } => Some((node, PAUSED)),
            _ => None,
        };
        if let Some((node, was)) = stops {
            match open.iter_mut().find(|(known, ..)| *known == node) {
                // The word is that of the event whose time is told: a process that had crashed still
                // has when its machine loses power, but one that is gone is paused no more.
                Some((_, word, _)) if *word == PAUSED => *word = "did not run",
                Some(_) => {}
                None => open.push((node, was, event)),
            }
        }
        let (What::Started { node } | What::Resumed { node, .. }) = event.what else { continue };
        let begun = open.iter().find(|(known, ..)| *known == node).copied();
        open.retain(|(known, ..)| *known != node);
        over.extend(begun.map(|(_, was, begun)| Away {
            node,
            was,
            time: (begun.at, event.at),
            events: (begun.id, event.id),
        }));
    }
    over
}

/// The node that came back last in a time that then ended: its process started or went on within
/// half a second before the end.
pub(super) fn back_by(
    milestones: &Milestones,
    (from, to): (SimTime, SimTime),
) -> Option<(NodeId, EventId)> {
    const JUST: u64 = 500_000;
    let back = milestones.iter().rev().filter(|event| event.at <= to && event.at > from);
    let mut back = back.filter_map(|event| match event.what {
        What::Started { node } | What::Resumed { node, .. } => Some((node, event.id, event.at)),
        _ => None,
    });
    let (node, event, at) = back.next()?;
    (to.since(at).micros() <= JUST).then_some((node, event))
}
