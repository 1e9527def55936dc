//! The end of what was recorded, as much of it as another program can take.

use crate::Lab;
use engine::base::{EventId, OpId};
use engine::world::Event;
use view::number::{clock, count};
use view::{TraceLine, trace_line};

/// Events up to the playhead.
pub struct Stretch {
    /// The number of its first event.
    pub first: u32,
    /// When that happened, in words.
    from: String,
    /// Events before it.
    before: u32,
}

impl Stretch {
    /// The last events up to the playhead, at most so many.
    pub fn last(lab: &Lab, most: u32) -> Self {
        let trace = lab.run().observer().trace();
        let oldest = trace.oldest().map_or(1, |event| event.id.0);
        let first = oldest.max((trace.len() + 1).saturating_sub(most));
        let from = trace.get(EventId(first)).map_or_else(String::new, |event| clock(event.at));
        Self { first, from, before: first - 1 }
    }

    /// What is missing, in a line.
    pub fn left_out(&self) -> Option<String> {
        let (before, from) = (count(self.before.into()), &self.from);
        (self.before > 0).then(|| {
            format!(
                "this begins at {from}; the {before} events before are left out for their number"
            )
        })
    }

    /// Every event, in order.
    pub fn each(&self, lab: &Lab, each: &mut dyn FnMut(&Event, &TraceLine)) {
        let run = lab.run();
        let commands = |op: OpId| run.operation(op).map(|operation| operation.command);
        for event in run.observer().trace().from_event(EventId(self.first)) {
            each(&event, &trace_line(&event, &commands));
        }
    }
}

/// A text without breaks and other controls.
pub fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
