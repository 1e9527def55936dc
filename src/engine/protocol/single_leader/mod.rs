//! Single-leader replication.
pub mod knobs;
