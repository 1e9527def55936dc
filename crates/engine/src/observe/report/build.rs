//! How a report is made from what was recorded and from a look at the nodes.

use super::{
    ByKind, CatchUpRow, FORMAT, FailoverRow, LatencyMs, Lost, OverwrittenRow, Reads, RefusedRow,
    Replica, Report, StalenessRow, SuspicionRow, VerdictRow, WitnessRow, Writes,
};
use crate::base::{EventId, NodeId, SimTime, Span};
use crate::observe::audit::{AUDITS, Case, Verdict, Witness};
use crate::observe::ledger::LostWrite;
use crate::observe::ledger::store::Overwritten;
use crate::observe::metric::{
    CatchUp, Failover, Latency, Method, Outage, Staleness, Suspicion, staleness,
};
use crate::observe::sessions::Anomaly;
use crate::protocol::Role;
use crate::world::{Event, NodeStatus, What};

impl Report {
    /// The report of a run as it is now.
    #[must_use]
    pub fn new(case: &Case<'_>, seed: u64) -> Self {
        let recorder = &case.recorder;
        let history = recorder.history();
        let counts = case.recorder.ledger().counts();
        let lag = recorder.lag().max(&case.world);
        let latency =
            ByKind { write: Latency::of(history, true), read: Latency::of(history, false) };
        let rate = |count: u32| {
            let seconds = case.now.as_millis_f64() / 1_000.0;
            if seconds > 0.0 { f64::from(count) / seconds } else { 0.0 }
        };
        Self {
            format: FORMAT,
            seed,
            simulated_ms: case.now.as_millis_f64(),
            events: recorder.trace().len(),
            digest: hex(recorder.trace().digest()),
            writes: Writes {
                invoked: counts.invoked,
                acknowledged: counts.acknowledged,
                failed: counts.failed,
                unknown: counts.unknown,
                lost: counts.lost,
                overwritten: counts.overwritten,
                came_back: counts.came_back,
                partial: case.recorder.ledger().partial_count(),
            },
            lost: lost(case),
            overwritten: overwritten(case),
            reads: Reads {
                total: latency.read.count,
                stale: recorder.sessions().count(Anomaly::Stale),
                own_writes_missing: recorder.sessions().count(Anomaly::OwnWriteMissing),
                back_in_time: recorder.sessions().count(Anomaly::BackInTime),
                out_of_order: recorder.sessions().count(Anomaly::OutOfOrder),
            },
            staleness: staleness(history, case.world.clients)
                .iter()
                .map(StalenessRow::of)
                .collect(),
            latency_ms: ByKind {
                write: LatencyMs::of(&latency.write),
                read: LatencyMs::of(&latency.read),
            },
            throughput_per_s: ByKind {
                write: rate(latency.write.count),
                read: rate(latency.read.count),
            },
            unavailable_ms: ByKind {
                write: recorder.write_availability().total(case.now).as_millis_f64(),
                read: recorder.read_availability().total(case.now).as_millis_f64(),
            },
            suspicions: recorder.failovers().suspicions().map(SuspicionRow::of).collect(),
            failovers: failovers(case),
            split_brain_ms: recorder.reigns().split_brain_time().as_millis_f64(),
            max_lag: lag.received,
            max_apply_lag: lag.applied,
            catch_ups: recorder.catch_ups().iter().map(CatchUpRow::of).collect(),
            refused: recorder.milestones().refused().iter().filter_map(RefusedRow::of).collect(),
            verdicts: AUDITS
                .iter()
                .map(|audit| VerdictRow::of(audit.id(), audit.verdict(case), case))
                .collect(),
            replicas: (0..case.world.nodes.count()).map(|n| Replica::of(NodeId(n), case)).collect(),
        }
    }
}

fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}

fn lost(case: &Case<'_>) -> Vec<Lost> {
    let row = |lost: &LostWrite| {
        let operation = case.recorder.history().get(lost.op)?;
        Some(Lost {
            operation: lost.op.0,
            key: operation.key().to_string(),
            value: operation.value().unwrap_or(0),
            acknowledged_ms: operation.ended.as_millis_f64(),
            why: lost.why.sentence(),
            kind: lost.why.reason.kind(),
            events: numbers(lost.why.events()),
        })
    };
    case.recorder.ledger().lost().filter_map(row).collect()
}

fn numbers(events: Vec<EventId>) -> Vec<u32> {
    events.into_iter().map(|EventId(event)| event).collect()
}

fn overwritten(case: &Case<'_>) -> Vec<OverwrittenRow> {
    let row = |lost: &Overwritten| {
        let operation = case.recorder.history().get(lost.op)?;
        let by = case.recorder.name(lost.by);
        Some(OverwrittenRow {
            operation: lost.op.0,
            key: operation.key().to_string(),
            value: operation.value().unwrap_or(0),
            acknowledged_ms: operation.ended.as_millis_f64(),
            why: lost.sentence(&by),
            events: numbers(lost.events(case.recorder.history())),
            by,
        })
    };
    case.recorder.ledger().versions().overwritten().filter_map(row).collect()
}

impl LatencyMs {
    fn of(latency: &Latency) -> Self {
        let ms = |span: Span| (latency.count > 0).then(|| span.as_millis_f64());
        Self {
            p50: ms(latency.p50),
            p90: ms(latency.p90),
            p99: ms(latency.p99),
            p999: ms(latency.p999),
            max: ms(latency.max),
            mean: ms(latency.mean),
        }
    }
}

impl StalenessRow {
    fn of(found: &Staleness) -> Self {
        let Staleness { after, fresh, total } = *found;
        let p_fresh = f64::from(fresh) / f64::from(total.max(1));
        Self { t_ms: after.as_millis_f64(), fresh, total, p_fresh }
    }
}

impl SuspicionRow {
    fn of(suspicion: &Suspicion) -> Self {
        Self {
            at_ms: suspicion.at.as_millis_f64(),
            node: suspicion.node.to_string(),
            by: suspicion.by.to_string(),
            true_crash: suspicion.true_crash,
            trusted_again_ms: suspicion.trusted_again.map(SimTime::as_millis_f64),
        }
    }
}

fn failovers(case: &Case<'_>) -> Vec<FailoverRow> {
    let outages: Vec<Outage> = case.recorder.write_availability().outages(case.now).collect();
    let around = |failover: &Failover| {
        let at = failover.promoted;
        outages.iter().find(|outage| outage.from <= at && at <= outage.to).copied()
    };
    let all = case.recorder.failovers().promotions();
    all.map(|failover| FailoverRow::of(failover, around(failover))).collect()
}

impl FailoverRow {
    fn of(failover: &Failover, outage: Option<Outage>) -> Self {
        let ms = SimTime::as_millis_f64;
        let over = outage.filter(|outage| outage.ended.is_some());
        let mut events = failover.events();
        events.extend(outage.map(|outage| outage.began));
        events.extend(over.and_then(|outage| outage.ended));
        Self {
            died_ms: failover.death.map(|death| ms(death.since())),
            suspected_ms: failover.suspected.map(ms),
            stepped_down_ms: failover.deposed.map(|deposed| ms(deposed.at)),
            service_stopped_ms: outage.map(|outage| ms(outage.from)),
            promoted_ms: ms(failover.promoted),
            service_resumed_ms: over.map(|outage| ms(outage.to)),
            time_to_recover_ms: over.map(|outage| outage.length().as_millis_f64()),
            began: failover.began.kind(),
            old: failover.old.to_string(),
            new: failover.new.to_string(),
            epoch: failover.epoch.0,
            events: numbers(events),
        }
    }
}

impl CatchUpRow {
    fn of(catch_up: &CatchUp) -> Self {
        Self {
            node: catch_up.node.to_string(),
            method: match catch_up.method {
                Method::Log => "log",
                Method::Snapshot => "snapshot",
                Method::Files => "copy-files",
            },
            started_ms: catch_up.started.as_millis_f64(),
            snapshot_position: catch_up.snapshot_position.map(|position| position.0),
            caught_up_ms: catch_up.caught_up.map(SimTime::as_millis_f64),
            bytes: catch_up.bytes,
        }
    }
}

impl RefusedRow {
    fn of(event: &Event) -> Option<Self> {
        let What::ActionRefused { node, why, line } = event.what else { return None };
        Some(Self {
            at_ms: event.at.as_millis_f64(),
            line,
            node: node.map(|node| node.to_string()),
            why: why.sentence(node),
            event: event.id.0,
        })
    }
}

impl VerdictRow {
    fn of(promise: &'static str, verdict: Verdict, case: &Case<'_>) -> Self {
        let word = verdict.word();
        let (why, witness) = match verdict {
            Verdict::Holds => (None, None),
            Verdict::NotExercised(reason) => (Some(reason), None),
            Verdict::Broken(Witness { events, operations, sentence }) => {
                let names = operations.iter().map(|op| case.recorder.name(*op)).collect();
                let events = events.into_iter().map(|EventId(event)| event).collect();
                (Some(sentence), Some(WitnessRow { events, operations: names }))
            }
        };
        Self { promise, verdict: word, why, witness }
    }
}

impl Replica {
    fn of(node: NodeId, case: &Case<'_>) -> Self {
        let facts = case.nodes.iter().find(|sample| sample.node == node).map(|s| &s.facts);
        Self {
            node: node.to_string(),
            role: facts.map(|facts| role_word(facts.role)),
            up: match case.world.nodes.status(node) {
                NodeStatus::Up => "up",
                NodeStatus::Paused => "paused",
                NodeStatus::Crashed => "crashed",
                NodeStatus::PoweredOff => "powered-off",
            },
            epoch: facts.map(|facts| facts.epoch.0),
            last: facts.map(|facts| facts.last.0),
            flushed: facts.map(|facts| facts.flushed.0),
            committed: facts.map(|facts| facts.committed.0),
            applied: facts.map(|facts| facts.applied.0),
            state_digest: case.world.nodes.state_digest(node).map(hex),
        }
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Leader => "leader",
        Role::Follower => "follower",
        Role::Candidate => "candidate",
        Role::CatchingUp => "catching-up",
        Role::Stranded => "stranded",
        Role::Replica => "replica",
        Role::Head => "head",
        Role::Middle => "middle",
        Role::Tail => "tail",
        Role::HeadAndTail => "head-and-tail",
        Role::Outside => "outside",
        Role::Service => "service",
    }
}
