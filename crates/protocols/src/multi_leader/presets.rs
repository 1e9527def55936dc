//! The scenarios of multi-leader replication.

scenario::presets! { "multi-leader":
    "multi-leader-conflict", "Two leaders, a cut link, and the same keys":
        "both leaders say “saved”; when the link is whole again, the later stamp wins and the other write is gone",
    "multi-leader-clock-skew", "Two leaders, last write wins: the clock of n2 is fast":
        "n2 wins every conflict, and even over writes that had replaced its own",
    "multi-leader-siblings", "Concurrent writes stay beside each other":
        "the same cut link, but nothing is dropped: readers are given both until one who was given both writes again",
    "multi-leader-counter", "A counter that two leaders count":
        "the same cut link, but writes add up: after the healing every one of them counts",
    "multi-leader-ring-breaks", "A ring of leaders loses one":
        "n2 loses power and updates stop passing; when it is back, the others get what they missed",
    "multi-leader-causality", "An effect arrives before its cause":
        "the way from n1 to n3 is slow: n3 hears of a change before it hears of what was changed",
    "multi-leader-home", "Every key has a home leader":
        "two leaders write the same keys all the time and never conflict; while a link is cut, writes wait for the key's home",
}
