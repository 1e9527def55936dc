//! What is drawn along the axis of time: the diagram of a window, and the whole run on one line.

use super::types::{ChipLook, Tone};

/// The space-time diagram over a window of time.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Timeline {
    /// Start of the window.
    pub from_ms: f64,
    /// End of the window.
    pub to_ms: f64,
    /// The first lane is the clients', then one per node.
    pub lanes: Vec<String>,
    /// Message lines between lanes.
    pub lines: Vec<TimeLine>,
    /// Points: faults, time-outs, promotions.
    pub marks: Vec<TimeMark>,
    /// Stretches: down, paused, silence, catching up, split brain.
    pub bands: Vec<TimeBand>,
    /// The window's beginning was forgotten (trace bound).
    pub forgotten: bool,
    /// One in so many messages is drawn; 0 or 1: all of them.
    pub one_in: u32,
}

/// A message as a line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TimeLine {
    /// Lane of the sender.
    pub from: u8,
    /// Lane of the receiver.
    pub to: u8,
    /// Sent.
    pub sent_ms: f64,
    /// Arrived, or lost at this time.
    pub end_ms: f64,
    /// Its look.
    pub look: ChipLook,
    /// It never arrived: drawn short, with a cross.
    pub lost: bool,
    /// The event of its sending.
    pub event: u32,
}

/// A point on a lane.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeMark {
    /// Which lane.
    pub lane: u8,
    /// When.
    pub at_ms: f64,
    /// Its tone.
    pub tone: Tone,
    /// Its shape.
    pub shape: MarkShape,
    /// "n1 loses power", "time-out fires", "n2 leads, epoch 2".
    pub label: String,
    /// Whether it is worth a label where room is short.
    pub major: bool,
    /// The event.
    pub event: u32,
}

/// The shape of a point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkShape {
    /// A fault.
    Cross,
    /// A time-out that fired.
    Bar,
    /// A promotion.
    Crown,
    /// Anything else.
    Dot,
}

/// A stretch on a lane.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeBand {
    /// Which lane.
    pub lane: u8,
    /// From.
    pub from_ms: f64,
    /// To; the window's end if it lasts.
    pub to_ms: f64,
    /// Its tone.
    pub tone: Tone,
    /// "down", "no heartbeat", "paused", "snapshot".
    pub label: String,
}

/// The whole run on one axis, for the scrubber: what happened when, and how busy it was.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Overview {
    /// How far the run was computed.
    pub known_ms: f64,
    /// Its end.
    pub until_ms: f64,
    /// Major marks, as on the timeline.
    pub marks: Vec<TimeMark>,
}
