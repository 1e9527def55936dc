//! The whole run on one axis, for the scrubber.

use super::timeline::major_marks;
use super::types::Overview;
use engine::observe::Recorder;
use engine::world::Run;

/// Marks on the axis.
pub const MAX_MARKS: usize = 200;

/// The run as far as it is known.
#[must_use]
pub fn overview(furthest: &dyn Run<Recorder>) -> Overview {
    Overview {
        known_ms: furthest.now().as_millis_f64(),
        until_ms: furthest.until().as_millis_f64(),
        marks: major_marks(furthest, MAX_MARKS),
    }
}
