//! Many runs in parallel, and adding up what others have swept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use lab::SimTime;
use lab::sweep::{Counts, Sweep, percentiles};
use scenario::{self, Json, Protocols, Scenario};
use view::number::{count, span};

use super::mistake::Mistake;

/// What to sweep.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Range {
    /// A name or a file.
    pub scenario: String,
    /// The first seed.
    pub from: u64,
    /// The seed after the last.
    pub to: u64,
    /// Runs at once; as many as there are processors if not given.
    pub jobs: Option<usize>,
    /// Print JSON.
    pub json: bool,
    /// Print everything that another program needs to add this to other shards.
    pub shard: bool,
}

/// Runs a scenario once for each seed.
///
/// # Errors
/// Mistakes in the scenario; the output is closed.
pub fn sweep(
    range: &Range,
    document: &Json,
    protocols: Protocols,
    out: &mut impl Write,
) -> Result<ExitCode, Mistake> {
    Scenario::read(document, protocols).map_err(Mistake::Scenario)?;
    let jobs = range
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let next = AtomicU64::new(range.from);
    let all = Mutex::new(Sweep::default());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                let mut own = Sweep::default();
                let mut document = document.clone();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= range.to {
                        break;
                    }
                    #[expect(clippy::cast_precision_loss, reason = "seeds are below 2^53")]
                    document.put("seed", Json::Number(seed as f64));
                    if let Ok(scenario) = Scenario::read(&document, protocols) {
                        own.play(scenario.run().as_mut());
                    }
                }
                if let Ok(mut all) = all.lock() {
                    all.merge(&own);
                }
            });
        }
    });
    let all = all.into_inner().unwrap_or_default();
    let text = if range.shard {
        shard(&all).to_string() + "\n"
    } else if range.json {
        json(&all).pretty()
    } else {
        text(&all)
    };
    out.write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Adds shards up.
///
/// # Errors
/// A file is no shard; the output is closed.
pub fn merge(files: &[String], json_too: bool, out: &mut impl Write) -> Result<ExitCode, Mistake> {
    let mut all = Sweep::default();
    for file in files {
        let found = std::fs::read_to_string(file);
        let found = found.map_err(|error| Mistake::UnreadableFile {
            path: file.clone(),
            why: error.to_string(),
        })?;
        let document =
            scenario::parse(&found).map_err(|problem| Mistake::Scenario(vec![problem]))?;
        let part = of_shard(&document).ok_or_else(|| Mistake::NoShard { path: file.clone() })?;
        all.merge(&part);
    }
    let text = if json_too { json(&all).pretty() } else { text(&all) };
    out.write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn number(value: u64) -> Json {
    Json::Number(value as f64)
}

fn millis(micros: u64) -> Json {
    SimTime::from_micros(micros).as_millis_f64().into()
}

fn times(counts: &Counts) -> Json {
    let Some(found) = percentiles(counts) else { return Json::Null };
    let ms = |span: lab::Span| Json::Number(span.as_millis_f64());
    Json::object([
        ("count", number(counts.values().sum())),
        ("p50", ms(found.p50)),
        ("p90", ms(found.p90)),
        ("p99", ms(found.p99)),
        ("p999", ms(found.p999)),
        ("max", ms(found.max)),
        ("mean", ms(found.mean)),
    ])
}

/// Runs by how many: `{total, runs_with_any, distribution: [[many, runs], …]}`.
fn many(counts: &Counts) -> Json {
    let total = counts.iter().map(|(many, runs)| many * runs).sum();
    let any = counts.iter().filter(|(many, _)| **many > 0).map(|(_, runs)| runs).sum();
    Json::object([
        ("total", number(total)),
        ("runs_with_any", number(any)),
        ("distribution", pairs(counts)),
    ])
}

fn pairs(counts: &Counts) -> Json {
    let pair = |(value, count): (&u64, &u64)| Json::List(vec![number(*value), number(*count)]);
    Json::List(counts.iter().map(pair).collect())
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn staleness(sweep: &Sweep) -> Json {
    let row = |(after, [fresh, total]): (&u64, &[u64; 2])| {
        let p_fresh = *fresh as f64 / (*total).max(1) as f64;
        Json::object([
            ("t_ms", millis(*after)),
            ("fresh", number(*fresh)),
            ("total", number(*total)),
            ("p_fresh", Json::Number(p_fresh)),
        ])
    };
    Json::List(sweep.staleness_us.iter().map(row).collect())
}

/// The sweep as one document.
fn json(sweep: &Sweep) -> Json {
    let [invoked, acknowledged, failed, unknown] = sweep.writes.map(number);
    let [answered, stale] = sweep.reads.map(number);
    let verdict = |(promise, [holds, broken, not]): (&String, &[u64; 3])| {
        Json::object([
            ("promise", Json::text(promise.as_str())),
            ("holds", number(*holds)),
            ("broken", number(*broken)),
            ("not_exercised", number(*not)),
        ])
    };
    let by_kind = |write, read| Json::object([("write", write), ("read", read)]);
    Json::object([
        ("format", Json::Number(1.0)),
        ("runs", number(sweep.runs)),
        (
            "writes",
            Json::object([
                ("invoked", invoked),
                ("acknowledged", acknowledged),
                ("failed", failed),
                ("unknown", unknown),
            ]),
        ),
        ("reads", Json::object([("total", answered), ("stale", stale)])),
        ("lost", many(&sweep.lost)),
        ("overwritten", many(&sweep.overwritten)),
        (
            "unavailable_ms",
            by_kind(times(&sweep.writes_unavailable_us), times(&sweep.reads_unavailable_us)),
        ),
        ("latency_ms", by_kind(times(&sweep.write_latency_us), times(&sweep.read_latency_us))),
        ("staleness", staleness(sweep)),
        ("verdicts", Json::List(sweep.verdicts.iter().map(verdict).collect())),
    ])
}

const TABLES: [&str; 6] = [
    "lost",
    "overwritten",
    "writes_unavailable_us",
    "reads_unavailable_us",
    "write_latency_us",
    "read_latency_us",
];

fn tables(sweep: &mut Sweep) -> [&mut Counts; 6] {
    [
        &mut sweep.lost,
        &mut sweep.overwritten,
        &mut sweep.writes_unavailable_us,
        &mut sweep.reads_unavailable_us,
        &mut sweep.write_latency_us,
        &mut sweep.read_latency_us,
    ]
}

fn numbers<const N: usize>(values: &[u64; N]) -> Json {
    Json::List(values.iter().map(|value| number(*value)).collect())
}

/// Everything, so that nothing is lost in adding up.
fn shard(sweep: &Sweep) -> Json {
    let mut sweep = sweep.clone();
    let staleness = sweep.staleness_us.iter().map(|(after, [fresh, total])| {
        Json::List(vec![number(*after), number(*fresh), number(*total)])
    });
    let verdicts = sweep.verdicts.iter();
    let verdicts = verdicts.map(|(promise, counts)| (promise.clone(), numbers(counts)));
    let mut fields = vec![
        ("shard".to_owned(), Json::Number(1.0)),
        ("runs".to_owned(), number(sweep.runs)),
        ("writes".to_owned(), numbers(&sweep.writes)),
        ("reads".to_owned(), numbers(&sweep.reads)),
        ("staleness_us".to_owned(), Json::List(staleness.collect())),
        ("verdicts".to_owned(), Json::Object(verdicts.collect())),
    ];
    for (name, counts) in TABLES.iter().zip(tables(&mut sweep)) {
        fields.push(((*name).to_owned(), pairs(counts)));
    }
    Json::Object(fields)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
fn whole(json: &Json) -> Option<u64> {
    json.as_number().filter(|number| *number >= 0.0).map(|number| number as u64)
}

fn several<const N: usize>(json: &Json) -> Option<[u64; N]> {
    let found: Option<Vec<u64>> = json.elements().iter().map(whole).collect();
    found?.try_into().ok()
}

fn of_shard(json: &Json) -> Option<Sweep> {
    json.field("shard")?;
    let mut sweep = Sweep {
        runs: whole(json.field("runs")?)?,
        writes: several(json.field("writes")?)?,
        reads: several(json.field("reads")?)?,
        ..Sweep::default()
    };
    for row in json.field("staleness_us")?.elements() {
        let [after, fresh, total] = several(row)?;
        sweep.staleness_us.insert(after, [fresh, total]);
    }
    let Json::Object(verdicts) = json.field("verdicts")? else { return None };
    let verdicts: Option<BTreeMap<String, [u64; 3]>> = verdicts
        .iter()
        .map(|(promise, counts)| Some((promise.clone(), several(counts)?)))
        .collect();
    sweep.verdicts = verdicts?;
    for (name, counts) in TABLES.iter().zip(tables(&mut sweep)) {
        for row in json.field(name)?.elements() {
            let [value, count] = several(row)?;
            counts.insert(value, count);
        }
    }
    Some(sweep)
}

/// The sweep for people.
fn text(sweep: &Sweep) -> String {
    let mut out = String::new();
    let [invoked, acknowledged, failed, unknown] = sweep.writes.map(count);
    let _ = writeln!(out, "{} runs", count(sweep.runs));
    let _ = writeln!(
        out,
        "  writes         {invoked} asked for, {acknowledged} acknowledged, {failed} failed, \
         {unknown} unknown"
    );
    let [answered, stale] = sweep.reads.map(count);
    let _ = writeln!(out, "  reads          {answered} answered, {stale} stale");
    for (name, counts) in [("lost", &sweep.lost), ("overwritten", &sweep.overwritten)] {
        let total = counts.iter().map(|(many, runs)| many * runs).sum();
        let any: u64 = counts.iter().filter(|(many, _)| **many > 0).map(|(_, runs)| runs).sum();
        let _ = writeln!(out, "  {name:<14} {} in {} runs", count(total), count(any));
    }
    let rows = [
        ("write latency", &sweep.write_latency_us),
        ("read latency", &sweep.read_latency_us),
        ("no writes for", &sweep.writes_unavailable_us),
        ("no reads for", &sweep.reads_unavailable_us),
    ];
    for (name, counts) in rows {
        if let Some(found) = percentiles(counts) {
            let _ = writeln!(
                out,
                "  {name:<14} median {}, 99 % {}, 99.9 % {}, longest {}",
                span(found.p50),
                span(found.p99),
                span(found.p999),
                span(found.max),
            );
        }
    }
    for (after, [fresh, total]) in &sweep.staleness_us {
        let share = fresh * 100_000 / (*total).max(1);
        let _ = writeln!(
            out,
            "  fresh after {}: {}.{:03} % of {}",
            span(lab::Span::from_micros(*after)),
            share / 1_000,
            share % 1_000,
            count(*total),
        );
    }
    for (promise, [holds, broken, not]) in &sweep.verdicts {
        let _ = writeln!(out, "  {promise:<28} {holds} hold, {broken} broken, {not} not exercised");
    }
    out
}
