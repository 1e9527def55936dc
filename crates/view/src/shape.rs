//! The shapes that go with words and colours, so that no meaning hangs on a colour alone.

use super::types::{CellLook, Chip, ChipLook, LedgerRow, NodeLook, Tone};

/// The name of a node's look in style sheets and tests.
#[must_use]
pub fn node_look(look: NodeLook) -> &'static str {
    match look {
        NodeLook::Leader => "leader",
        NodeLook::Follower => "follower",
        NodeLook::Candidate => "candidate",
        NodeLook::CatchingUp => "catching-up",
        NodeLook::Stranded => "stranded",
        NodeLook::Tail => "tail",
        NodeLook::Outside => "outside",
        NodeLook::Service => "service",
        NodeLook::Paused => "paused",
        NodeLook::Crashed => "crashed",
        NodeLook::PoweredOff => "powered-off",
    }
}

/// A node's shape in a square of 20 by 20.
#[must_use]
pub fn node_path(look: NodeLook) -> &'static str {
    match look {
        // A crown.
        NodeLook::Leader => "M1 17 2 4l5 6 3-8 3 8 5-6 1 13z",
        // A disc.
        NodeLook::Follower => "M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14z",
        // A raised flag.
        NodeLook::Candidate => "M4 1h2v1l12 4-12 5v8H4z",
        // An arrow into a tray.
        NodeLook::CatchingUp => "M8 1h4v7h4l-6 6-6-6h4zM2 16h16v3H2z",
        // A forked road.
        NodeLook::Stranded => "M8 19v-8L2 5l2-2 6 6 6-6 2 2-6 6v8z",
        // A flag at the end of a rope.
        NodeLook::Tail => "M3 2h3v1l11 4-11 4v8H3z",
        // A ring with a gap.
        NodeLook::Outside => "M10 3a7 7 0 1 0 7 7h-3a4 4 0 1 1-4-4z",
        // A list.
        NodeLook::Service => {
            "M2 3h4v3H2zM8 3h10v3H8zM2 8.5h4v3H2zM8 8.5h10v3H8zM2 14h4v3H2zM8 14h10v3H8z"
        }
        // Two bars.
        NodeLook::Paused => "M4 3h4v14H4zM12 3h4v14h-4z",
        // A cross.
        NodeLook::Crashed => "M4 2l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z",
        // A plug pulled out: the sign of a power switch.
        NodeLook::PoweredOff => "M8.8 1h2.4v9H8.8zM6 4.2v2.6a5.6 5.6 0 1 0 8 0V4.2a8 8 0 1 1-8 0z",
    }
}

/// The name of a log cell's look.
#[must_use]
pub fn cell_look(look: CellLook) -> &'static str {
    match look {
        CellLook::Committed => "committed",
        CellLook::Replicating => "replicating",
        CellLook::Waiting => "waiting",
        CellLook::Lost => "lost",
        CellLook::Parted => "parted",
        CellLook::EpochMark => "epoch-mark",
    }
}

/// The name of a message's look.
#[must_use]
pub fn chip_look(look: ChipLook) -> &'static str {
    match look {
        ChipLook::Write => "write",
        ChipLook::Good => "good",
        ChipLook::Refused => "refused",
        ChipLook::Read => "read",
        ChipLook::Beat => "beat",
        ChipLook::Election => "election",
        ChipLook::Copy => "copy",
    }
}

/// The name of a tone in style sheets and tests.
#[must_use]
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Leader => "leader",
        Tone::Write => "write",
        Tone::Good => "good",
        Tone::Wait => "wait",
        Tone::Lost => "lost",
        Tone::Faint => "faint",
    }
}

/// The sign that goes with a tone.
#[must_use]
pub fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "·",
        Tone::Leader => "◆",
        Tone::Write => "→",
        Tone::Good => "✓",
        Tone::Wait => "◔",
        Tone::Lost => "✕",
        Tone::Faint => "?",
    }
}

/// The sign of a write in the ledger. One that ended and is not as it should be waits no more: of what
/// still waits, nothing has been said yet why.
#[must_use]
pub fn sign_of_write(row: &LedgerRow) -> &'static str {
    if row.tone == Tone::Wait && row.why.is_some() { "!" } else { sign(row.tone) }
}

/// From one log cell to the next.
pub const CELL_PITCH: f64 = 18.4;
/// From one page of a copy to the next.
pub const PAGE_PITCH: f64 = 27.5;
/// The middle line of the ring of keys.
pub const RING_RADIUS: f64 = 38.0;
/// The outermost of the ring of keys, with the names.
pub const RING: f64 = 54.0;
/// More stretches of the ring of keys than these are not named.
pub const RING_NAMED: usize = 12;

/// Width and height of a message's mark.
#[must_use]
pub fn chip_size(chip: &Chip) -> (f64, f64) {
    if chip.look == ChipLook::Beat {
        return (9.0, 9.0);
    }
    let letters = u32::try_from(chip.label.chars().count()).unwrap_or(0);
    ((f64::from(letters) * 6.9 + 11.0).max(22.0), 20.0)
}
