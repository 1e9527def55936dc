//! What protocols share: a log, the data that it describes, frames on a disk, counting quorums.
//!
//! Nothing in here decides anything about replication.

pub mod checksum;
pub mod data;
pub mod frame;
pub mod log;
pub mod phi;
pub mod quorum;
pub mod reorder;

pub use data::Data;
pub use log::Log;
pub use reorder::Reorder;
