//! The engine: a replicated database and the world that it runs in.
//!
//! **The one law.** A node is changed only by `step(now, input) -> effects`. It asks, the world
//! does. Same inputs, same effects.
//!
//! The engine knows nothing of pages, clocks, files or ambient randomness. Time is integer
//! microseconds, events are ordered by (time, sequence), every random number comes from a named
//! stream of the run's seed.
#![doc = include_str!("../README.md")]

pub mod base;
pub mod observe;
pub mod protocol;
pub mod world;
