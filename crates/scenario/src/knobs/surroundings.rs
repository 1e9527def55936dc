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

/// What writes change, where more than one key can change at once or a value can be compared: a protocol lists it
/// among its own if all its nodes follow one log. Where versions are kept of one key at a time, neither exists.
pub const WORKLOAD: Entry = Entry(
    "clients.0.workload",
    "Writes are",
    "A transfer changes two keys at once; a compare-and-set changes a key if it still is what its \
     client has read.",
    Shape::Choice(&[
        (r#""writes""#, "values of keys"),
        (r#""transfers""#, "transfers"),
        (r#""cas""#, "compare-and-sets"),
    ]),
    ALWAYS,
);
