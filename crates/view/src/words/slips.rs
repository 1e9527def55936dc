//! Reads that went wrong, in words.

use engine::base::Key;
use engine::observe::{Anomaly, Slip};

/// What was wrong with a read, after what was read: "k7: 80, stale".
#[must_use]
pub fn anomaly(anomaly: Anomaly) -> &'static str {
    match anomaly {
        Anomaly::Stale => "stale",
        Anomaly::OwnWriteMissing => "own write missing",
        Anomaly::BackInTime => "back in time",
        Anomaly::OutOfOrder => "out of order",
    }
}

/// The same where there is room for a word or two.
#[must_use]
pub fn brief_anomaly(anomaly: Anomaly) -> &'static str {
    match anomaly {
        Anomaly::Stale => "stale",
        Anomaly::OwnWriteMissing => "own missing",
        Anomaly::BackInTime => "goes back",
        Anomaly::OutOfOrder => "unordered",
    }
}

/// A read that went wrong, as a clause; `missed`: the write that it lacked.
#[must_use]
pub fn slip(slip: &Slip, key: Key, missed: &str) -> String {
    let Slip { client, node, .. } = slip;
    match slip.anomaly {
        Anomaly::Stale => format!("{client} reads {key} from {node} without {missed}: stale"),
        Anomaly::OwnWriteMissing => {
            format!("{client} reads {key} from {node} and misses its own {missed}")
        }
        Anomaly::BackInTime => {
            format!("{client} reads {key} from {node}, older than what it has seen: back in time")
        }
        Anomaly::OutOfOrder => format!(
            "{client} reads {key} from {node} without {missed}, and has seen what came later: out of \
             order"
        ),
    }
}
