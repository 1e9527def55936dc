//! What every part of a scenario consists of: each struct's fields, listed once.

pub mod about;
pub mod action;
mod clients;
pub mod delay;
mod network;
mod phi;
mod probe;
mod run;

pub use run::{Frame, Knobbed};

use engine::protocol::parts::Context;

/// Whose knowledge a write carries, where data are versions per key.
pub const CONTEXT: &str = "What a write counts as having seen of its key: that it replaces, all else it \
    stands beside, or where the last write wins overwrites unseen.";

/// The words for them, with systems that do so.
pub const CONTEXTS: &[(&str, &str, Context)] = &[
    (
        "client",
        "what its client was given last by a read or an acknowledgement, as in Dynamo and Riak \
         (causal context) and CouchDB (_rev); nothing for a client that was given nothing. Where \
         only stamps count, as in Cassandra, it decides nothing but what the report says",
        Context::Client,
    ),
    (
        "server",
        "whatever the node that takes it holds, read or not by its client, as an UPDATE in \
         multi-leader SQL (PostgreSQL logical replication) replaces the row that is there, and a \
         removal in Redis Active-Active what its instance has seen",
        Context::Server,
    ),
];

/// The longest time that may be typed: eighteen simulated hours. The world tells moments apart for
/// nineteen, and what is set off at the end must still fall behind it.
pub const LONGEST_MS: f64 = 64_800_000.0;
/// The shortest time where none at all makes no sense: a microsecond.
pub const SHORTEST_MS: f64 = 0.001;
