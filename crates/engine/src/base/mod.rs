//! What everything else is made of: time, names, random streams, delays, digests.
//!
//! Nothing in here knows what replication is.

pub mod chunked;
pub mod delay;
pub mod digest;
pub mod ids;
pub mod node_set;
pub mod number;
pub mod random;
pub mod sorted;
pub mod time;

pub use chunked::Chunked;
pub use delay::{Delay, DelayPart};
pub use digest::Digest;
pub use ids::{ClientId, Epoch, EventId, Key, NodeId, OpId, Position};
pub use node_set::NodeSet;
pub use random::Stream;
pub use sorted::{sort, sort_by_key};
pub use time::{SimTime, Span};
