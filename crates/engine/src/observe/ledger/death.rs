//! How a node stopped, for reasons: a crash, a loss of power, a pause, or one after the other.

use core::fmt;

use crate::base::{EventId, SimTime, Span};

/// How a node stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeathKind {
    /// Its process died.
    Crash,
    /// Its machine lost power.
    PowerLoss,
    /// Its process was stopped.
    Pause,
}

/// That a node stopped, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Death {
    /// How; if it stopped in steps, the last of them.
    pub kind: DeathKind,
    /// When.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// How it had stopped before, without going on in between: a paused node that lost power.
    pub before: Option<(DeathKind, SimTime, EventId)>,
}

impl Death {
    /// When it stopped first.
    #[must_use]
    pub fn since(&self) -> SimTime {
        self.before.map_or(self.at, |(_, at, _)| at)
    }

    /// The events, in order.
    pub fn events(&self) -> impl Iterator<Item = EventId> {
        self.before.map(|(.., event)| event).into_iter().chain([self.event])
    }

    /// "lost power", "was paused, then lost power"
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match (self.before, self.kind) {
            (None, kind) => kind.verb(),
            (Some((DeathKind::Pause, ..)), DeathKind::Crash) => "was paused, then crashed",
            (Some((DeathKind::Pause, ..)), _) => "was paused, then lost power",
            (Some(_), _) => "crashed, then lost power",
        }
    }
}

impl DeathKind {
    /// "lost power"
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Crash => "crashed",
            Self::PowerLoss => "lost power",
            Self::Pause => "was paused",
        }
    }
}

/// A length of time as a reader says it: "0.4 ms", "340 ms", "12.0 s".
#[derive(Clone, Copy, Debug)]
pub struct Length(pub Span);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole numbers only: rounded the same way everywhere.
        let tenths = |micros: u64| (micros / 10, micros % 10);
        match self.0.micros() {
            micros @ 0..19_950 => {
                let (whole, tenth) = tenths((micros + 50) / 100);
                write!(f, "{whole}.{tenth} ms")
            }
            micros @ 19_950..999_500 => write!(f, "{} ms", (micros + 500) / 1_000),
            micros => {
                let (whole, tenth) = tenths((micros + 50_000) / 100_000);
                write!(f, "{whole}.{tenth} s")
            }
        }
    }
}
