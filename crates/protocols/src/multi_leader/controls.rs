//! The knobs of multi-leader replication.

use scenario::knobs::{ALWAYS, Entry, Shape, When, word};

const MERGES: When = |doc| word(doc, "resolve") == "merge";
// An increment of a counter replaces nothing.
const REPLACES: When = |doc| !MERGES(doc) || word(doc, "data") != "counter";

/// Every knob, in the order of use.
pub const KNOBS: &[Entry] = &[
    Entry(
        "cluster.knobs.resolve",
        "Conflicts",
        "What becomes of two writes of a key of which neither had seen the other.",
        Shape::Large(
            &[
                (r#""last-write-wins""#, "last write wins"),
                (r#""siblings""#, "siblings"),
                (r#""merge""#, "merge"),
            ],
            &["keep the later stamp", "keep both", "let the data type merge"],
        ),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.data",
        "Data type",
        "A counter adds one for every write; a set keeps what no deletion had seen; of concurrent \
         texts that of the first leader is shown.",
        Shape::Choice(&[
            (r#""counter""#, "counter"),
            (r#""set""#, "set, additions win"),
            (r#""text""#, "text, first leader shown"),
        ]),
        MERGES,
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
        REPLACES,
    ),
    Entry(
        "cluster.knobs.leaders",
        "Leaders",
        "How many of the nodes take writes; each other node follows one of them.",
        Shape::Number("nodes", 1.0, 5.0, 1.0),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.topology",
        "Topology",
        "Which leader sends to which: in a ring or a star the death of one can keep others apart.",
        Shape::Choice(&[
            (r#""all-to-all""#, "each to each"),
            (r#""ring""#, "ring"),
            (r#""star""#, "star around n1"),
        ]),
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.causality",
        "Keep causes before effects",
        "Version vectors hold a write back until all that its leader had taken in is here.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.home_leader",
        "A home for each key",
        "All writes of a key go to one leader while that answers, so that they do not conflict.",
        Shape::Switch,
        ALWAYS,
    ),
    Entry(
        "cluster.knobs.resync_ms",
        "Asks again every",
        "How often a node asks those that send to it for what it missed.",
        Shape::Number("ms", 50.0, 10_000.0, 50.0),
        ALWAYS,
    ),
];
