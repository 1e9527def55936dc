//! What protocols share: a log, the data that it describes, versions per key, frames on a
//! disk, counting quorums.
//!
//! Nothing in here decides anything about replication.

pub mod backlog;
pub mod checksum;
pub mod data;
pub mod frame;
pub mod log;
pub mod merkle;
pub mod phi;
pub mod quorum;
pub mod reorder;
pub mod ring;
pub mod round_trip;
pub mod store;
pub mod version;

pub use data::Data;
pub use log::Log;
pub use reorder::Reorder;
pub use ring::Ring;
pub use round_trip::RoundTrip;
pub use store::{Conflicts, Context, Siblings, Store};
pub use version::{Causality, Dot, Version, VersionVector};
