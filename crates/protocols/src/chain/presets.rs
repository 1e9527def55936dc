//! The scenarios of chain replication.

scenario::presets! { "chain":
    "chain-head-crash", "A chain loses its head":
        "the head's machine loses power; its successor takes over, and nothing acknowledged is lost",
    "chain-middle-crash", "A chain loses its middle":
        "reads go on; the tail reports how far it got, and the head sends what is missing",
    "chain-tail-crash", "A chain loses its tail":
        "reads and writes stop until the node before it becomes the tail",
    "chain-node-joins", "A node joins at the tail":
        "a new node is fed by the tail while clients write, and becomes the tail",
    "chain-craq-dirty-read", "CRAQ: every node answers reads":
        "clean versions at once, dirty ones after asking the tail which version is committed",
    "chain-false-suspicion", "A living tail is left out":
        "the tail is cut off from the service: it stops answering before another takes its place",
}
