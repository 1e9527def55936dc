//! The scenarios of leaderless replication.

scenario::presets! { "leaderless":
    "leaderless-stale-read", "One of three: a read misses what was just written":
        "one node confirms a write, another answers the read, and nothing mends the difference",
    "leaderless-read-repair", "A read finds a replica behind and mends it":
        "a node that was cut off answers with old versions and is sent the newer ones",
    "leaderless-quorum-not-linearizable", "R + W > N, and yet a reader goes back in time":
        "a write reaches one node of three; one client reads it, the next does not",
    "leaderless-sloppy-quorum-hints", "A sloppy quorum: others stand in for the dead and hand over later":
        "two nodes die and writes go on; what is theirs is kept by others until they are back",
    "leaderless-anti-entropy", "Hash trees find what a node missed":
        "a node comes back, compares hash trees with another, and gets what differs",
    "leaderless-lww-skew", "No leader, last write wins: the clock of n2 is fast":
        "acknowledged writes vanish because another node's clock stamped older ones later",
    "leaderless-failed-write-returns", "A write fails, and comes back":
        "too few nodes confirm and the client is told so; the write is where it arrived",
    "leaderless-deletion-undone", "A deleted value comes back: the tombstone was forgotten too early":
        "a node that was away for longer than deletions are remembered brings the values back",
}
