//! What a node's accounts hold together, for readers: no transfer changes it.

/// What each account is opened with.
pub const OPENING: u64 = 100;

/// All accounts of a node together.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Accounts {
    /// How many there are: rows that were ever written.
    pub rows: u32,
    /// What they hold together.
    pub total: u64,
}

impl Accounts {
    /// What they were opened with together.
    #[must_use]
    pub const fn opened_with(&self) -> u64 {
        self.rows as u64 * OPENING
    }

    /// Whether they hold what they were opened with.
    #[must_use]
    pub const fn add_up(&self) -> bool {
        self.total == self.opened_with()
    }
}
