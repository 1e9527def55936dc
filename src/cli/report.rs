//! The report and the trace as JSON.

use lab::Lab;
use lab::report::{
    ByKind, CatchUpRow, FailoverRow, LatencyMs, Lost, OverwrittenRow, RefusedRow, Replica, Report,
    StalenessRow, SuspicionRow, VerdictRow,
};
use scenario::Json;

/// The report, with what the page says about the run and what was done to it.
#[must_use]
pub fn told(lab: &Lab, report: &Report) -> Json {
    let mut document = json(report);
    let sentence = lab.sentence();
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    let reasons = list(&sentence.reasons, |reason| {
        Json::object([("kind", reason.kind.into()), ("events", events(&reason.events))])
    });
    let (text, why) = (Json::text(parts.join(" ")), Json::text(&*sentence.why));
    let said = [("text", text), ("why", why), ("reasons", reasons)];
    document.put("sentence", Json::object(said));
    let verdicts = lab.verdicts();
    let promises = verdicts.iter().map(|row| {
        let texts = [("verdict", row.word), ("promise", row.promise), ("why", &*row.why)];
        Json::object(texts.map(|(field, text)| (field, Json::text(text))))
    });
    document.put("promises", Json::List(promises.collect()));
    let script = lab.run().script().iter().zip(0..).map(|(line, number)| {
        let does = Json::text(line.action.order());
        let refused = report.refused.iter().find(|row| row.line == number);
        let refused = word(refused.map(|row| &*row.why));
        Json::object([
            ("at_ms", line.at.as_millis_f64().into()),
            ("does", does),
            ("refused", refused),
        ])
    });
    document.put("script", Json::List(script.collect()));
    document
}

fn json(report: &Report) -> Json {
    let Report { writes, reads, .. } = report;
    Json::object([
        ("format", whole(report.format)),
        ("seed", seed(report.seed)),
        ("simulated_ms", report.simulated_ms.into()),
        ("events", whole(report.events)),
        ("digest", Json::text(&*report.digest)),
        (
            "writes",
            Json::object([
                ("invoked", whole(writes.invoked)),
                ("acknowledged", whole(writes.acknowledged)),
                ("failed", whole(writes.failed)),
                ("unknown", whole(writes.unknown)),
                ("lost", whole(writes.lost)),
                ("overwritten", whole(writes.overwritten)),
                ("came_back", whole(writes.came_back)),
                ("partial", whole(writes.partial)),
            ]),
        ),
        ("lost", list(&report.lost, lost)),
        ("overwritten", list(&report.overwritten, overwritten)),
        (
            "reads",
            Json::object([
                ("total", whole(reads.total)),
                ("stale", whole(reads.stale)),
                ("own_writes_missing", whole(reads.own_writes_missing)),
                ("back_in_time", whole(reads.back_in_time)),
                ("out_of_order", whole(reads.out_of_order)),
            ]),
        ),
        ("staleness", list(&report.staleness, staleness)),
        ("latency_ms", by_kind(&report.latency_ms, latency)),
        ("throughput_per_s", by_kind(&report.throughput_per_s, |rate| Json::Number(*rate))),
        ("unavailable_ms", by_kind(&report.unavailable_ms, |ms| Json::Number(*ms))),
        ("suspicions", list(&report.suspicions, suspicion)),
        ("failovers", list(&report.failovers, failover)),
        ("split_brain_ms", report.split_brain_ms.into()),
        ("max_lag", whole(report.max_lag)),
        ("max_apply_lag", whole(report.max_apply_lag)),
        ("catch_ups", list(&report.catch_ups, catch_up)),
        ("refused", list(&report.refused, refused)),
        ("verdicts", list(&report.verdicts, verdict)),
        ("replicas", list(&report.replicas, replica)),
    ])
}

fn whole(number: u32) -> Json {
    Json::Number(f64::from(number))
}

#[expect(clippy::cast_precision_loss, reason = "seeds and values are below 2^53")]
fn seed(number: u64) -> Json {
    Json::Number(number as f64)
}

fn maybe(number: Option<f64>) -> Json {
    number.map_or(Json::Null, Json::Number)
}

fn word(word: Option<&str>) -> Json {
    word.map_or(Json::Null, Json::from)
}

fn list<T>(rows: &[T], row: impl Fn(&T) -> Json) -> Json {
    Json::List(rows.iter().map(row).collect())
}

fn by_kind<T>(both: &ByKind<T>, one: impl Fn(&T) -> Json) -> Json {
    Json::object([("write", one(&both.write)), ("read", one(&both.read))])
}

fn latency(latency: &LatencyMs) -> Json {
    Json::object([
        ("p50", maybe(latency.p50)),
        ("p90", maybe(latency.p90)),
        ("p99", maybe(latency.p99)),
        ("p999", maybe(latency.p999)),
        ("max", maybe(latency.max)),
        ("mean", maybe(latency.mean)),
    ])
}

fn lost(row: &Lost) -> Json {
    Json::object([
        ("operation", whole(row.operation)),
        ("key", Json::text(&*row.key)),
        ("value", seed(row.value)),
        ("acknowledged_ms", row.acknowledged_ms.into()),
        ("why", Json::text(&*row.why)),
        ("kind", row.kind.into()),
        ("events", events(&row.events)),
    ])
}

fn events(events: &[u32]) -> Json {
    list(events, |event| whole(*event))
}

fn overwritten(row: &OverwrittenRow) -> Json {
    Json::object([
        ("operation", whole(row.operation)),
        ("key", Json::text(&*row.key)),
        ("value", seed(row.value)),
        ("acknowledged_ms", row.acknowledged_ms.into()),
        ("by", Json::text(&*row.by)),
        ("why", Json::text(&*row.why)),
        ("events", events(&row.events)),
    ])
}

fn staleness(row: &StalenessRow) -> Json {
    Json::object([
        ("t_ms", row.t_ms.into()),
        ("fresh", whole(row.fresh)),
        ("total", whole(row.total)),
        ("p_fresh", Json::Number(row.p_fresh)),
    ])
}

fn suspicion(row: &SuspicionRow) -> Json {
    Json::object([
        ("at_ms", row.at_ms.into()),
        ("node", Json::text(&*row.node)),
        ("by", Json::text(&*row.by)),
        ("true_crash", row.true_crash.into()),
        ("trusted_again_ms", maybe(row.trusted_again_ms)),
    ])
}

fn failover(row: &FailoverRow) -> Json {
    Json::object([
        ("died_ms", maybe(row.died_ms)),
        ("suspected_ms", maybe(row.suspected_ms)),
        ("stepped_down_ms", maybe(row.stepped_down_ms)),
        ("service_stopped_ms", maybe(row.service_stopped_ms)),
        ("promoted_ms", row.promoted_ms.into()),
        ("service_resumed_ms", maybe(row.service_resumed_ms)),
        ("time_to_recover_ms", maybe(row.time_to_recover_ms)),
        ("began", row.began.into()),
        ("old", Json::text(&*row.old)),
        ("new", Json::text(&*row.new)),
        ("epoch", whole(row.epoch)),
        ("events", events(&row.events)),
    ])
}

fn catch_up(row: &CatchUpRow) -> Json {
    Json::object([
        ("node", Json::text(&*row.node)),
        ("method", row.method.into()),
        ("started_ms", row.started_ms.into()),
        ("snapshot_position", maybe(row.snapshot_position.map(f64::from))),
        ("caught_up_ms", maybe(row.caught_up_ms)),
        ("bytes", seed(row.bytes)),
    ])
}

fn refused(row: &RefusedRow) -> Json {
    Json::object([
        ("at_ms", row.at_ms.into()),
        ("line", whole(row.line)),
        ("node", word(row.node.as_deref())),
        ("why", Json::text(&*row.why)),
        ("event", whole(row.event)),
    ])
}

fn verdict(row: &VerdictRow) -> Json {
    let witness = row.witness.as_ref().map_or(Json::Null, |witness| {
        Json::object([
            ("events", events(&witness.events)),
            ("operations", list(&witness.operations, |name| Json::text(&**name))),
        ])
    });
    Json::object([
        ("promise", row.promise.into()),
        ("verdict", row.verdict.into()),
        ("why", word(row.why.as_deref())),
        ("witness", witness),
    ])
}

fn replica(row: &Replica) -> Json {
    let position = |position: Option<u32>| maybe(position.map(f64::from));
    Json::object([
        ("node", Json::text(&*row.node)),
        ("role", word(row.role)),
        ("up", row.up.into()),
        ("epoch", position(row.epoch)),
        ("last", position(row.last)),
        ("flushed", position(row.flushed)),
        ("committed", position(row.committed)),
        ("applied", position(row.applied)),
        ("state_digest", word(row.state_digest.as_deref())),
    ])
}
