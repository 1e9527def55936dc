//! Conditions to run until. They look at what was recorded, never at what will be.

use engine::base::{EventId, SimTime};
use engine::observe::Recorder;
use engine::protocol::Note;
use engine::world::{Run, What};

/// Something to wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// This instant.
    Time(SimTime),
    /// The next event of this sort, counted from the moment of asking.
    Next(Sort),
}

/// A sort of event that readers wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A process or machine dies.
    Death,
    /// A follower takes the leader for dead.
    Suspicion,
    /// A leader is promoted.
    Promotion,
    /// A follower is caught up.
    CaughtUp,
    /// A client is told that its write is saved.
    Acknowledgement,
}

impl Condition {
    /// Whether it holds, `start` being the last event when it was asked for.
    #[must_use]
    pub fn holds(self, run: &dyn Run<Recorder>, start: EventId) -> bool {
        match self {
            Self::Time(time) => run.now() >= time,
            Self::Next(sort) => {
                let trace = run.observer().trace();
                (start.0 + 1..=trace.len())
                    .rev()
                    .take(RECENT)
                    .any(|id| trace.get(EventId(id)).is_some_and(|event| sort.is(&event.what)))
            }
        }
    }
}

/// A condition is asked after every happening; one happening records far fewer events than this.
const RECENT: usize = 512;

impl Sort {
    /// Every sort by the word that scripts have for it.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("death", Self::Death),
        ("suspicion", Self::Suspicion),
        ("promotion", Self::Promotion),
        ("caught-up", Self::CaughtUp),
        ("acknowledgement", Self::Acknowledgement),
    ];

    /// Whether such a thing happened.
    #[must_use]
    pub fn is(self, what: &What) -> bool {
        match self {
            Self::Death => matches!(what, What::Crashed { .. } | What::PoweredOff { .. }),
            Self::Suspicion => {
                matches!(what, What::Noted { note: Note::Suspected { .. }, .. })
            }
            Self::Promotion => {
                matches!(what, What::Noted { note, .. } if note.promotion().is_some())
            }
            Self::CaughtUp => matches!(what, What::Noted { note: Note::CaughtUp { .. }, .. }),
            Self::Acknowledgement => {
                use engine::protocol::Outcome;
                matches!(what, What::Told { outcome: Outcome::Written { .. }, ends: true, .. })
            }
        }
    }
}
