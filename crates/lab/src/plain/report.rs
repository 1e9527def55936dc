//! The report of a run as plain values.

use super::{Plain, Shapes, plain};
use engine::observe::report::{self, ByKind};
use scenario::Json;

plain! {
    Report = report::Report {
        format, seed, simulated_ms, events, digest, writes, lost, overwritten, reads, staleness,
        latency_ms, throughput_per_s, unavailable_ms, suspicions, failovers, split_brain_ms, max_lag,
        max_apply_lag, catch_ups, refused, verdicts, replicas
    }
    WriteCounts = report::Writes {
        invoked, acknowledged, failed, unknown, lost, overwritten, came_back, partial
    }
    ReadCounts = report::Reads { total, stale, own_writes_missing, back_in_time, out_of_order }
    LostWrite = report::Lost { operation, key, value, acknowledged_ms, why, kind, events }
    OverwrittenWrite = report::OverwrittenRow {
        operation, key, value, acknowledged_ms, by, why, events
    }
    Staleness = report::StalenessRow { t_ms, fresh, total, p_fresh }
    Latency = report::LatencyMs { p50, p90, p99, p999, max, mean }
    Suspicion = report::SuspicionRow { at_ms, node, by, true_crash, trusted_again_ms }
    Failover = report::FailoverRow {
        died_ms, suspected_ms, stepped_down_ms, service_stopped_ms, promoted_ms, service_resumed_ms,
        time_to_recover_ms, began, old, new, epoch, events
    }
    CatchUp = report::CatchUpRow {
        node, method, started_ms, snapshot_position, caught_up_ms, bytes
    }
    RefusedAction = report::RefusedRow { at_ms, line, node, why, event }
    ReportedVerdict = report::VerdictRow { promise, verdict, why, witness }
    Witness = report::WitnessRow { events, operations }
    Replica = report::Replica {
        node, role, up, epoch, last, flushed, committed, applied, state_digest
    }
}

impl<T: Plain> Plain for ByKind<T> {
    fn plain(&self) -> Json {
        Json::object([("write", self.write.plain()), ("read", self.read.plain())])
    }

    fn kind() -> String {
        format!("ByKind<{}>", T::kind())
    }

    fn declare(shapes: &mut Shapes) {
        shapes.text::<Self>("export interface ByKind<T> {\n  write: T;\n  read: T;\n}");
        T::declare(shapes);
    }
}
