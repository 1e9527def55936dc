//! How often nodes said what they say too often for a milestone. It is counted, so that the number
//! stays right where the trace forgets.

use crate::base::EventId;
use crate::protocol::Note;

/// How often something was said, and the event of the last time.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Times {
    /// How often.
    pub count: u32,
    /// The last event; [`EventId::NONE`] if there was none.
    pub last: EventId,
}

/// Counts of notes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// A replica that answered with an older version was sent the newer one.
    pub repaired: Times,
    /// A version was kept for a node that did not answer.
    pub hints: Times,
    /// A tombstone was forgotten.
    pub tombstones: Times,
}

impl Tally {
    /// Counts a note.
    pub const fn noted(&mut self, note: &Note, event: EventId) {
        let times = match note {
            Note::Repaired { .. } => &mut self.repaired,
            Note::HintKept { .. } => &mut self.hints,
            Note::TombstoneDropped { .. } => &mut self.tombstones,
            _ => return,
        };
        times.count += 1;
        times.last = event;
    }
}
