//! The knobs of what surrounds a protocol: nodes, clients, links, disks.

use super::{ALWAYS, Entry, Shape};

/// Every one, in the order of use.
pub const KNOBS: &[Entry] = &[
    Entry(
        "cluster.nodes",
        "Nodes",
        "How many nodes there are at the start.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "clients.0.writes_per_s",
        "Writes",
        "How much each client writes.",
        Shape::Number("per s", 0.0, 500.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "clients.0.reads_per_s",
        "Reads",
        "How much each client reads.",
        Shape::Number("per s", 0.0, 500.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "network.delay.base_ms",
        "Distance",
        "How long a message takes at least.",
        Shape::Number("ms", 0.0, 500.0, 0.1),
        ALWAYS,
    ),
    Entry(
        "network.delay.exponential_ms",
        "Jitter",
        "How much longer it takes on average.",
        Shape::Number("ms", 0.0, 500.0, 0.1),
        ALWAYS,
    ),
    Entry(
        "network.loss",
        "Loss",
        "The share of messages between nodes that are lost.",
        Shape::Number("", 0.0, 0.5, 0.01),
        ALWAYS,
    ),
    Entry(
        "disk.flush.constant_ms",
        "Flush",
        "How long it takes until what was written is safe from a power outage.",
        Shape::Number("ms", 0.0, 100.0, 0.1),
        ALWAYS,
    ),
    Entry(
        "service.apply_ms",
        "Apply",
        "How long it takes a node to apply what another wrote: only then its readers see it.",
        Shape::Number("ms", 0.0, 500.0, 1.0),
        ALWAYS,
    ),
];
