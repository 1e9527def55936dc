//! Figures of a run: how fast, how long away, how far behind, who was suspected and promoted.
//!
//! Figures may use what nodes say of themselves; verdicts may not, and stand in `audit`.

pub mod availability;
pub mod catch_up;
pub mod failover;
pub mod lag;
pub mod latency;
pub mod staleness;

pub use availability::{Availability, Outage};
pub use catch_up::{CatchUp, CatchUps, Method};
pub use failover::{Began, Deposed, Failover, Failovers, Suspicion};
pub use lag::{Behind, Lag};
pub use latency::Latency;
pub use staleness::{Staleness, staleness};
