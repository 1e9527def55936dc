//! Replication protocols. Each is one folder: a machine that is stepped, its settings as typed and as turned, its
//! scenarios, and everything else of its own; and one line in [`PROTOCOLS`].
//!
//! None knows another, nor the world that carries its effects out, nor who watches.
#![doc = include_str!("../README.md")]

pub mod chain;
pub mod leaderless;
pub mod multi_leader;
pub mod single_leader;

use scenario::{Problem, Protocols, Scenario, entry};

/// All protocols, in the order in which they are offered.
pub const PROTOCOLS: Protocols = &[
    entry::<single_leader::SingleLeader>(),
    entry::<chain::Chain>(),
    entry::<multi_leader::MultiLeader>(),
    entry::<leaderless::Leaderless>(),
];

/// Reads a scenario about any of them from the text of its document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str) -> Result<Scenario, Vec<Problem>> {
    scenario::read(text, PROTOCOLS)
}
