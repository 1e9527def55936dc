//! The settings of multi-leader replication, in the order in which readers need them.

use engine::base::Span;
use engine::protocol::parts::{Conflicts, Context};
use engine::protocol::policy::{Leaders, Topology};

/// All settings. The same on every node.
#[derive(Clone, PartialEq, Debug)]
pub struct Knobs {
    /// How many of the nodes lead; the rest follow one leader each.
    pub leaders: u8,
    /// Which leader sends to which.
    pub topology: Topology,
    /// What becomes of concurrent writes.
    pub resolve: Resolve,
    /// What a key is, where writes are merged.
    pub data: Data,
    /// Whose knowledge a write carries.
    pub context: Context,
    /// Whether version vectors hold back what depends on something that is not here yet.
    pub causality: bool,
    /// Whether the first attempt of a write goes to the home leader of its key.
    pub home_leader: bool,
    /// How often a node asks those that send to it for what it missed; `None`: never.
    pub resync: Option<Span>,
}

/// What becomes of concurrent writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolve {
    /// The later stamp wins.
    LastWriteWins,
    /// All are kept until a write has seen them.
    Siblings,
    /// The data type knows how to put them together.
    Merge,
}

/// Data types that merge (Shapiro et al., *A comprehensive study of Convergent and Commutative
/// Replicated Data Types*, 2011).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Data {
    /// Every write adds one.
    Counter,
    /// A write adds its value, a deletion removes the values that it had seen.
    Set,
    /// A text; of concurrent ones readers are shown the one of the first site.
    Text,
}

impl Knobs {
    /// What is kept where versions of a key meet.
    #[must_use]
    pub fn conflicts(&self) -> Conflicts {
        match (self.resolve, self.data) {
            (Resolve::LastWriteWins, _) => Conflicts::LastWriteWins,
            (Resolve::Siblings, _) => Conflicts::Siblings,
            (Resolve::Merge, Data::Counter) => Conflicts::Counter,
            (Resolve::Merge, Data::Set) => Conflicts::AddWins,
            (Resolve::Merge, Data::Text) => Conflicts::SitePriority,
        }
    }

    /// What these settings guarantee.
    #[must_use]
    pub fn policy(&self) -> Leaders {
        Leaders {
            leaders: self.leaders,
            topology: self.topology,
            conflicts: self.conflicts(),
            causality: self.causality,
            home_leader: self.home_leader,
        }
    }
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            leaders: 3,
            topology: Topology::AllToAll,
            resolve: Resolve::LastWriteWins,
            data: Data::Counter,
            context: Context::Client,
            causality: false,
            home_leader: false,
            resync: Some(Span::from_millis(500)),
        }
    }
}
