//! Chain replication as a whole: its promises under random faults, the figures of its papers, and
//! the stories of its scenarios.

pub mod figures;
mod load;
mod mutants;
pub mod promises;
mod stories;
