//! The scenarios of single-leader replication.

scenario::presets! { "single-leader":
    "async-leader-crash", "Asynchronous: the leader's machine loses power":
        "acknowledged at once; what the leader had not shipped dies with its machine",
    "semi-sync-leader-crash", "Semi-synchronous: the leader's machine loses power":
        "acknowledged when one follower has it; the same machine dies, nothing is lost",
    "sync-leader-crash", "Synchronous: the leader's machine loses power":
        "acknowledged when every follower has it; nothing is lost, writes wait for the dead node",
    "sync-follower-silent", "Synchronous: one silent follower blocks every write":
        "one silent follower, and no write is acknowledged until it speaks again",
    "semi-sync-degrades", "Semi-synchronous: nobody confirms, so the leader goes on alone":
        "nobody confirms: after a time the leader goes on alone, and says so",
    "catch-up-from-log", "A follower that was away catches up from the log":
        "a follower that was away asks for what it lacks",
    "catch-up-from-snapshot", "A new follower gets a snapshot, then the log":
        "a new follower copies a snapshot while clients write, then the log from there",
    "catch-up-log-truncated", "The snapshot is too slow: the log behind it is gone before it arrives":
        "the copy takes so long that the log behind it is gone: a new snapshot is needed",
    "copy-files-wrong", "Data files copied page by page while money moves":
        "a new follower gets the data files page by page; money is missing, and nothing complains",
    "copy-snapshot-right", "The same money, the same seed: a snapshot, then the log":
        "the same transfers and seed: a snapshot of one moment, and every account adds up",
    "false-suspicion", "A paused leader is taken for dead, and comes back":
        "the leader was only paused; it comes back and finds another in its place",
    "split-brain-unfenced", "Without fencing, two leaders accept writes":
        "the leader is cut off and goes on: two leaders accept writes",
    "split-brain-fenced", "With fencing, a leader that is cut off stops in time":
        "the same cut with fencing: the leader stops before another is promoted",
    "lease-fails-by-drift", "A lease that a slow clock measures: two leaders":
        "the same cut with fencing; the leader's clock runs at half pace, and its lease lasts too long",
    "old-leader-returns", "An old leader returns and is rewound":
        "an old leader comes back with writes that nobody else has; they are cut off its log",
    "power-outage-torn-record", "The power fails in the middle of a flush":
        "acknowledged from memory; the power fails within a flush, and the last record is torn",
    "timeout-30s", "The textbook's thirty seconds: a long outage":
        "thirty seconds without a heartbeat before anybody takes over",
    "follower-reads-stale", "Reads from any node: stale, back in time, out of order":
        "reads from any node: one shows the past, the next the present, the next the past again",
    "follower-reads-own-writes", "A client misses what it has just written":
        "a client writes at the leader, reads from a follower, and does not find what it wrote",
    "follower-reads-own-writes-mended", "The same client reads its own writes from the leader":
        "the same client, seed and lag: what it has written it reads from the leader",
    "cas-retried", "A driver asks again for a compare-and-set that had succeeded":
        "the answer is lost, the driver asks again by itself: the value has changed, by the first attempt, and the client is told “not applied”",
    "fixed-under-jitter", "A short fixed time-out on a link with jitter":
        "heartbeats come unevenly, and a short time-out takes a living leader for dead",
    "phi-accrual", "Suspicion that accumulates, on the same link with jitter":
        "the same link: suspicion accumulates and learns how unevenly heartbeats come",
}
