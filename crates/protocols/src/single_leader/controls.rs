//! The knobs of single-leader replication.

use scenario::json::Json;
use scenario::knobs::{ALWAYS, Entry, Shape, WORKLOAD, When, word};

const SEMI_SYNC: When = |doc| word(doc, "acknowledge.mode") == "semi-sync";
const WAITS: When = |doc| word(doc, "acknowledge.mode") != "async";
const SYNC: When = |doc| word(doc, "acknowledge.mode") == "sync";
const GIVES_UP: When =
    |doc| WAITS(doc) && doc.at(GIVE_UP_AFTER).is_some_and(|at| *at != Json::Null);
const IN_SYNC: When = |doc| SYNC(doc) && GIVES_UP(doc);
const DEGRADES: When = |doc| doc.at(DEGRADE_AFTER).is_some();
const MAJORITY: When = |doc| word(doc, "failover.promote") == "majority";
const NOT_MAJORITY: When = |doc| !MAJORITY(doc);

const ACCRUES: When = |doc| doc.at(THRESHOLD).is_some();
const FROM_FOLLOWERS: When =
    |doc| doc.at(READ_FROM).and_then(Json::as_text).is_some_and(|from| from != "leader");
const FROM_ANY: When = |doc| doc.at(READ_FROM).and_then(Json::as_text) == Some("any");

const GIVE_UP_AFTER: &str = "cluster.knobs.acknowledge.give_up_after_ms";
const READ_FROM: &str = "clients.0.read_from";
const THRESHOLD: &str = "cluster.knobs.failover.detect.phi.threshold";
const DEGRADE_AFTER: &str = "cluster.knobs.acknowledge.when_silent.degrade_after_ms";

/// Every knob, in the order of use.
pub const KNOBS: &[Entry] = &[
    Entry(
        "cluster.knobs.acknowledge.mode",
        "Mode",
        "Who must have a write before its client is told that it is saved.",
        Shape::Large(
            &[
                (r#""async""#, "asynchronous"),
                (r#""semi-sync""#, "semi-synchronous"),
                (r#""sync""#, "synchronous"),
            ],
            &["say “saved” at once", "wait for one follower", "wait for every follower"],
        ),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.acknowledge.followers",
        "Confirmations",
        "How many followers must confirm: whichever are fastest, or the first of a fixed order.",
        Shape::Choice(&[
            (r#"{"any":1}"#, "any 1"),
            (r#"{"any":2}"#, "any 2"),
            (r#"{"first":1}"#, "the first 1"),
            (r#"{"first":2}"#, "the first 2"),
        ]),
        SEMI_SYNC,
    ),
    Entry(
        "cluster.knobs.acknowledge.on",
        "A confirmation means",
        "What has happened to a write on a node that confirms it.",
        Shape::Choice(&[
            (r#""received""#, "in memory"),
            (r#""flushed""#, "on disk"),
            (r#""applied""#, "readers see it"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.acknowledge.when_silent",
        "When nobody confirms",
        "Whether the leader waits for ever, or goes on without confirmations after a time.",
        Shape::Choice(&[
            (r#""block""#, "wait"),
            (r#"{"degrade_after_ms":2000}"#, "go on after a time"),
        ]),
        WAITS,
    ),
    Entry(
        DEGRADE_AFTER,
        "Goes on after",
        "How long the oldest write waits before the leader goes on alone.",
        Shape::Number("ms", 100.0, 30_000.0, 100.0),
        DEGRADES,
    ),
    Entry(
        GIVE_UP_AFTER,
        "A silent follower",
        "Whether the leader waits for it, or after a time goes on with those that are in step.",
        Shape::Choice(&[("null", "is waited for"), ("2000", "is given up")]),
        SYNC,
    ),
    Entry(
        GIVE_UP_AFTER,
        "Given up after",
        "Silence after which a follower is given up until it has caught up again.",
        Shape::Number("ms", 100.0, 60_000.0, 100.0),
        GIVES_UP,
    ),
    Entry(
        "cluster.knobs.acknowledge.min_in_sync",
        "Least in step",
        "With fewer nodes in step than this, the leader included, writes are refused.",
        Shape::Number("nodes", 1.0, 9.0, 1.0),
        IN_SYNC,
    ),
    Entry(
        "cluster.knobs.failover.detect.timeout_ms",
        "Time-out",
        "Silence after which a follower takes the leader for dead.",
        Shape::Number("ms", 100.0, 60_000.0, 100.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.detect.phi",
        "Suspicion",
        "Whether it strikes after a fixed time, or accumulates and learns how heartbeats come.",
        Shape::Choice(&[
            ("null", "a fixed time-out"),
            (r#"{"threshold":8,"min_deviation_ms":50}"#, "accumulates (phi)"),
        ]),
        ALWAYS,
    ),
    Entry(
        THRESHOLD,
        "Threshold",
        "The phi at which the leader is taken for dead.",
        Shape::Number("phi", 1.0, 16.0, 0.5),
        ACCRUES,
    ),
    Entry(
        "cluster.knobs.failover.heartbeat_ms",
        "Heartbeat",
        "How often a leader says that it is alive.",
        Shape::Number("ms", 10.0, 10_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.promote",
        "Who promotes",
        "Who decides that a follower becomes the leader.",
        Shape::Choice(&[
            (r#""majority""#, "a majority votes"),
            (r#""first-to-notice""#, "the first to notice"),
            (r#""by-hand""#, "you"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.choose",
        "Who is chosen",
        "The follower with the newest log, or the first of a fixed order, however old its data.",
        Shape::Choice(&[
            (r#""most-up-to-date""#, "the most up to date"),
            (r#"{"priority":[]}"#, "a fixed order"),
        ]),
        |doc| word(doc, "failover.promote") != "by-hand",
    ),
    Entry(
        "cluster.knobs.failover.fencing",
        "Fencing",
        "Nodes turn away a leader of an older epoch, and a leader that is cut off stops.",
        Shape::Switch,
        MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.fencing",
        "Fencing",
        "Nodes turn away a leader of an older epoch.",
        Shape::Switch,
        NOT_MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.pre_vote",
        "Asks first (pre-vote)",
        "A node that misses the leader asks whether a majority would vote for it before it begins an epoch.",
        Shape::Switch,
        MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.leader_stickiness",
        "Leader stickiness",
        "Nodes that hear their leader vote for nobody else. A leader's lease counts on it.",
        Shape::Switch,
        MAJORITY,
    ),
    Entry(
        "cluster.knobs.failover.unapplied",
        "What a new leader has not applied",
        "What becomes of records that it had received and not applied yet.",
        Shape::Choice(&[(r#""apply""#, "is applied first"), (r#""discard""#, "is thrown away")]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.failover.returning",
        "An old leader that returns",
        "What becomes of a former leader whose log has parted from the new one's.",
        Shape::Choice(&[
            (r#""rewind""#, "is rewound"),
            (r#""refuse""#, "is refused"),
            (r#""trust""#, "is trusted"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.retention.records",
        "Log kept",
        "Records that the leader keeps for followers that lag; who needs more is copied afresh.",
        Shape::Number("records", 0.0, 20_000.0, 10.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.retention.slots",
        "Slots",
        "What a known follower still lacks is kept as well.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.automatic",
        "Copies by itself",
        "Whether the leader sends a snapshot when its log no longer reaches back far enough.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.method",
        "What is copied",
        "A snapshot of one moment, or the data files page by page while clients go on writing.",
        Shape::Choice(&[(r#""snapshot""#, "a snapshot"), (r#""copy-files""#, "the data files")]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.catch_up.page_pause_ms",
        "Pause after a page",
        "How slowly the data files are copied.",
        Shape::Number("ms", 0.0, 5_000.0, 50.0),
        |doc| word(doc, "catch_up.method") == "copy-files",
    ),
    Entry(
        "cluster.knobs.catch_up.bandwidth_bytes_per_s",
        "Pace of a copy",
        "How fast a snapshot is sent.",
        Shape::Number("bytes/s", 1_000.0, 10_000_000.0, 1_000.0),
        ALWAYS,
    ),
    Entry(
        READ_FROM,
        "Reads from",
        "Whom clients ask for reads. A follower may not have what the leader has.",
        Shape::Choice(&[
            (r#""leader""#, "the leader"),
            (r#""any""#, "any node"),
            (r#""follower""#, "one follower"),
        ]),
        ALWAYS,
    ),
    Entry(
        "clients.0.session.sticky",
        "Stays with one node",
        "A client reads from the same node while that one answers.",
        Shape::Switch,
        FROM_ANY,
    ),
    Entry(
        "clients.0.session.remember_position",
        "Remembers its place",
        "A client says how far it has seen; a follower that is not as far sends it to the leader.",
        Shape::Switch,
        FROM_FOLLOWERS,
    ),
    Entry(
        "clients.0.session.own_writes_from_leader",
        "Own writes from the leader",
        "What a client has written itself it reads from the leader.",
        Shape::Switch,
        FROM_FOLLOWERS,
    ),
    WORKLOAD,
];
