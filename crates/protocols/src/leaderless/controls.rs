//! The knobs of leaderless replication.

use scenario::knobs::{ALWAYS, Entry, Shape, When};

const COMPARES: When = |doc| doc.at(COMPARE_EVERY).is_some();
const FORGETS: When = |doc| doc.at(KEEP_TOMBSTONES).is_some();

const COMPARE_EVERY: &str = "cluster.knobs.anti_entropy.every_ms";
const KEEP_TOMBSTONES: &str = "cluster.knobs.tombstones.keep_ms";

/// Every knob, in the order of use.
pub const KNOBS: &[Entry] = &[
    Entry(
        "cluster.knobs.versions",
        "Concurrent writes",
        "What is kept where two writes of a key have not seen each other.",
        Shape::Large(
            &[(r#""siblings""#, "siblings"), (r#""last-write-wins""#, "last write wins")],
            &["keep both", "keep the later stamp"],
        ),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.context",
        "A write has seen",
        "What its client was given last of the key (Dynamo, Riak, CouchDB), or whatever the node that \
         takes it holds (multi-leader SQL, Redis Active-Active).",
        Shape::Choice(&[
            (r#""client""#, "what its client was given"),
            (r#""server""#, "what its node holds"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.n",
        "Copies (N)",
        "How many nodes hold each key.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.w",
        "Write quorum (W)",
        "How many nodes must have a write on disk before its client is told that it is saved.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.r",
        "Read quorum (R)",
        "How many nodes must answer a read.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.read_repair",
        "Read repair",
        "What becomes of a node that answers a read with an older version.",
        Shape::Choice(&[
            (r#""off""#, "nothing"),
            (r#""asynchronous""#, "it is mended later"),
            (r#""blocking""#, "it is mended first"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.hinted_handoff",
        "Hinted handoff",
        "A write for a node that does not answer is kept by another and handed over later.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.sloppy",
        "Sloppy quorum",
        "The next nodes on the ring stand in for those that do not answer, and count.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.anti_entropy",
        "Anti-entropy",
        "Whether nodes compare hash trees of their data and exchange what differs.",
        Shape::Choice(&[("null", "never"), (r#"{"every_ms":2000}"#, "now and then")]),
        ALWAYS,
    ),
    Entry(
        COMPARE_EVERY,
        "Compares every",
        "How often each node compares its data with another's.",
        Shape::Number("ms", 100.0, 30_000.0, 100.0),
        COMPARES,
    ),
    Entry(
        "cluster.knobs.tombstones",
        "Tombstones",
        "How long the mark of a deletion is kept.",
        Shape::Choice(&[("null", "for ever"), (r#"{"keep_ms":2000}"#, "for a time")]),
        ALWAYS,
    ),
    Entry(
        KEEP_TOMBSTONES,
        "Tombstones kept",
        "A node that was away for longer may bring the value back.",
        Shape::Number("ms", 100.0, 60_000.0, 100.0),
        FORGETS,
    ),
    Entry(
        "cluster.knobs.timeout_ms",
        "Patience",
        "How long a coordinator waits for its quorum.",
        Shape::Number("ms", 10.0, 10_000.0, 10.0),
        ALWAYS,
    ),
];
