//! What every part of a scenario consists of: each struct's fields, listed once.

pub mod action;
mod chain;
mod clients;
pub mod delay;
mod failover;
mod leaderless;
mod multi_leader;
mod network;
mod probe;
mod run;
mod single_leader;

pub use run::{Frame, Knobbed};

/// The longest time that may be typed: eighteen simulated hours. The world tells moments apart for
/// nineteen, and what is set off at the end must still fall behind it.
pub const LONGEST_MS: f64 = 64_800_000.0;
/// The shortest time where none at all makes no sense: a microsecond.
pub const SHORTEST_MS: f64 = 0.001;
