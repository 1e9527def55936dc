//! The settings of a chain, in the order in which readers need them.

use engine::base::Span;
use engine::protocol::policy::{Passes, Reads, Row};

/// All settings. The same on every node.
#[derive(Clone, PartialEq, Debug)]
pub struct Knobs {
    /// Which of the ways that the papers compare.
    pub variant: Variant,
    /// How a dead node is told from a living one.
    pub detect: Detect,
    /// Whether a node that no longer hears the configuration service stops answering reads.
    pub fencing: bool,
    /// Records kept behind the end of the log; `None`: all. What is not yet at the end of the chain
    /// is kept in any case.
    pub retention: Option<u32>,
    /// How a node that lacks too much is copied.
    pub catch_up: CatchUp,
}

/// The ways that the papers compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Variant {
    /// Writes enter at the head, the tail acknowledges them and answers all reads.
    Chain,
    /// The same, and every node answers reads: clean versions at once, dirty ones after asking the
    /// tail which version is committed.
    Craq,
    /// The first node sends writes to all others in parallel, acknowledges them when all have them,
    /// and answers all reads.
    PrimaryBackup,
    /// Like a chain, and every node answers reads with what it has.
    Weak,
}

/// How a dead node is told from a living one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Detect {
    /// Silence after which the configuration service takes a node for dead.
    pub timeout: Span,
    /// How often a node says that it is alive.
    pub heartbeat: Span,
}

/// How a node that lacks too much is copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CatchUp {
    /// Pace of a snapshot, in bytes per second.
    pub bandwidth: u64,
    /// Length of one piece in bytes.
    pub piece_bytes: u32,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            variant: Variant::Chain,
            detect: Detect { timeout: Span::from_millis(2_000), heartbeat: Span::from_millis(250) },
            fencing: true,
            retention: Some(1_000),
            catch_up: CatchUp { bandwidth: 1_000_000, piece_bytes: 16_384 },
        }
    }
}

impl Knobs {
    /// Whether the first node sends to all others, not each to the next.
    #[must_use]
    pub fn is_star(&self) -> bool {
        self.variant == Variant::PrimaryBackup
    }

    /// What these settings guarantee.
    #[must_use]
    pub fn policy(&self) -> Row {
        Row {
            passes: if self.is_star() { Passes::Parallel } else { Passes::OneByOne },
            reads: match self.variant {
                Variant::Chain => Reads::Last,
                Variant::Craq => Reads::Checked,
                Variant::PrimaryBackup => Reads::First,
                Variant::Weak => Reads::Unchecked,
            },
            silence: self.detect.timeout,
            fencing: self.fencing,
        }
    }
}
