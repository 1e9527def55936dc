//! The space-time diagram of a window of the run.
//!
//! Its cost is bounded by what is drawn, not by what happened: where a window holds more events
//! than [`MAX_EVENTS`], every so-many-th is looked at, and the diagram says so.

mod bands;
mod faults;
mod lines;
mod marks;

pub use marks::{major_marks, marks_of, slips};

use super::types::Timeline;
use engine::base::{NodeId, SimTime};
use engine::observe::Recorder;
use engine::world::Run;

/// Events looked at for message lines.
pub const MAX_EVENTS: u32 = 6_000;
/// Lines drawn; heartbeats go first.
pub const MAX_LINES: usize = 1_200;
/// Marks drawn; the minor ones go first.
pub const MAX_MARKS: usize = 160;

/// The diagram of the time from `from` to `to`, as far as the run is known.
#[must_use]
pub fn timeline(run: &dyn Run<Recorder>, from: SimTime, to: SimTime) -> Timeline {
    let nodes = run.view().nodes.count();
    let lanes = core::iter::once("clients".to_owned());
    let lanes = lanes.chain((0..nodes).map(|node| NodeId(node).to_string())).collect();
    let (lines, one_in) = lines::lines(run, from, to);
    let trace = run.observer().trace();
    let oldest = trace.oldest().map_or(SimTime::ZERO, |event| event.at);
    Timeline {
        from_ms: from.as_millis_f64(),
        to_ms: to.as_millis_f64(),
        lanes,
        lines,
        marks: marks::marks(run, from, to, MAX_MARKS),
        bands: bands::bands(run, from, to),
        forgotten: trace.has_forgotten() && from < oldest,
        one_in,
    }
}

/// The lane of a node; the clients have the first.
#[must_use]
pub const fn lane(node: Option<NodeId>) -> u8 {
    match node {
        Some(node) => node.0 + 1,
        None => 0,
    }
}
