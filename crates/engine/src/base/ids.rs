//! Names of things: nodes, clients, operations, events, log positions, epochs.
//!
//! All are small integers of a fixed width, so that what is recorded is the same on every target.

use core::fmt;

/// The largest number of nodes in a run, added followers included.
pub const MAX_NODES: u8 = 128;

/// A node, counted from zero; a reader sees `n1`, `n2`, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct NodeId(pub u8);

/// A client session, counted from zero; a reader sees `c1`, `c2`, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct ClientId(pub u16);

/// A client's operation: its index in the history of the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OpId(pub u32);

/// An event of the run, counted from 1 in the order in which things happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct EventId(pub u32);

/// A position in a log, counted from 1; 0 stands before the first record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Position(pub u32);

/// A reign: a number that grows with every promotion of a leader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Epoch(pub u32);

/// A key of the database, counted from zero; a reader sees `k0`, `k1`, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Key(pub u32);

impl NodeId {
    /// The node's place in a list of all nodes.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl ClientId {
    /// The client's place in a list of all clients.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl OpId {
    /// No operation: the record was written by the database itself.
    pub const NONE: Self = Self(u32::MAX);

    /// The operation's place in the history.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether a client asked for this.
    #[must_use]
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }
}

impl EventId {
    /// No event: the cause of what starts by itself, such as a client's decision to write.
    pub const NONE: Self = Self(0);
}

impl Position {
    /// Before the first record.
    pub const ZERO: Self = Self(0);

    /// The next position.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The position before; zero stays zero.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// How many records lie in (`earlier`, `self`]; zero if there are none.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Epoch {
    /// The epoch after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", u16::from(self.0) + 1)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", u32::from(self.0) + 1)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "k{}", self.0)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
