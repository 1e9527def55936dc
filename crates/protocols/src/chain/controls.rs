//! The knobs of chain replication.

use scenario::knobs::{ALWAYS, Entry, Shape, WORKLOAD, When, word};

const READS_NEED_CARE: When = |doc| word(doc, "variant") != "weak";

/// Every one, in the order of use.
pub const KNOBS: &[Entry] = &[
    Entry(
        "cluster.knobs.variant",
        "Variant",
        "How writes pass through the nodes, and who answers reads.",
        Shape::Large(
            &[
                (r#""chain""#, "chain"),
                (r#""craq""#, "CRAQ"),
                (r#""primary-backup""#, "primary/backup"),
                (r#""weak""#, "weak"),
            ],
            &["read at the tail", "read anywhere, checked", "send to all at once", "read anything"],
        ),
        ALWAYS,
    ),
    Entry(
        "clients.0.read_from",
        "Reads go to",
        "Whom clients ask when they read. In CRAQ and weak every node answers.",
        Shape::Choice(&[(r#""leader""#, "whoever answers for all"), (r#""any""#, "any node")]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.detect.timeout_ms",
        "Time-out",
        "Silence after which the configuration service takes a node out of the chain.",
        Shape::Number("ms", 100.0, 60_000.0, 100.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.detect.heartbeat_ms",
        "Heartbeat",
        "How often a node tells the service that it is alive.",
        Shape::Number("ms", 10.0, 10_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.fencing",
        "Fencing",
        "A node that no longer hears the service answers no reads: it may have been replaced.",
        Shape::Switch,
        READS_NEED_CARE,
    ),
    Entry(
        "cluster.knobs.retention.records",
        "Log kept",
        "Records that are kept for nodes that come back; who needs more is copied afresh.",
        Shape::Number("records", 0.0, 20_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.bandwidth_bytes_per_s",
        "Pace of a copy",
        "How fast a snapshot is sent.",
        Shape::Number("bytes/s", 1_000.0, 10_000_000.0, 1_000.0),
        ALWAYS,
    ),
    Entry(
        "service.replicate_ms",
        "Work to pass on",
        "What a write takes of the processor of each node behind the first.",
        Shape::Number("ms", 0.0, 100.0, 0.5),
        ALWAYS,
    ),
    WORKLOAD,
];
