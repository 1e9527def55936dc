//! The settings of a chain as typed.

use super::knobs::{CatchUp, Detect, Knobs, Variant};

use scenario::form::{Fields, Form};
use scenario::slot::{Millis, Part, Switch, Whole, Word};

use scenario::fields::{Knobbed, LONGEST_MS, SHORTEST_MS};

impl Knobbed for Knobs {}

const VARIANTS: &[(&str, &str, Variant)] = &[
    ("chain", "each node passes writes to the next; the tail answers reads", Variant::Chain),
    ("craq", "the same, and every node answers reads of committed versions", Variant::Craq),
    ("primary-backup", "the first sends to all others and answers", Variant::PrimaryBackup),
    ("weak", "like a chain; every node answers reads with what it has", Variant::Weak),
];

/// More records than any run has.
const MOST_RECORDS: u64 = 1_000_000_000;

impl Fields for Knobs {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "variant",
            "How writes pass through the nodes, and who answers reads.",
            &mut Word(&mut self.variant, VARIANTS),
        );
        form.field(
            "detect",
            "How the configuration service tells a dead node from a living one.",
            &mut Part(&mut self.detect),
        );
        form.field(
            "fencing",
            "Whether a node that no longer hears the configuration service stops answering reads: \
             it may have been replaced.",
            &mut Switch(&mut self.fencing),
        );
        form.field(
            "retention",
            "How much of the log is kept.",
            &mut Part(&mut Retention(&mut self.retention)),
        );
        form.field(
            "catch_up",
            "How a node that lacks too much is copied.",
            &mut Part(&mut self.catch_up),
        );
    }
}

impl Fields for Detect {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "timeout_ms",
            "Silence after which the service takes a node out of the chain.",
            &mut Millis(&mut self.timeout, SHORTEST_MS, LONGEST_MS),
        );
        form.field(
            "heartbeat_ms",
            "How often a node tells the service that it is alive.",
            &mut Millis(&mut self.heartbeat, SHORTEST_MS, LONGEST_MS),
        );
    }
}

struct Retention<'a>(&'a mut Option<u32>);

impl Fields for Retention<'_> {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "records",
            "Records kept behind the end of the log for nodes that come back; null: all.",
            &mut Whole(self.0, 0, MOST_RECORDS, "records"),
        );
    }
}

impl Fields for CatchUp {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "bandwidth_bytes_per_s",
            "Pace of a snapshot.",
            &mut Whole(&mut self.bandwidth, 1, 1_000_000_000_000, "bytes/s"),
        );
        form.field(
            "piece_bytes",
            "Length of one piece of a snapshot.",
            &mut Whole(&mut self.piece_bytes, 64, 16_777_216, "bytes"),
        );
    }
}
