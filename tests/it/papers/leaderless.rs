//! Partial quorums against Bailis et al., VLDB 2012: the four legs W, A, R, S drawn independently
//! for each replica, one write and then reads of it at given times after its commit.
//!
//! The scenario is written as anybody would write it; what is measured is what `replicarium sweep`
//! finds with its probe, over seeds of its own for each case.

use std::collections::BTreeMap;

use replicarium::engine::base::{ClientId, OpId, SimTime, Span};
use replicarium::engine::observe::metric::Latency;
use replicarium::engine::protocol::{Command, Outcome};
use replicarium::engine::world::{Event, Observer, What, World, WorldView};
use replicarium::lab::sweep::{Sweep, percentiles};
use replicarium::protocols::leaderless::Leaderless;

use super::figures::{Figure, Table, figures};
use crate::support::parallel::each;

/// The closed forms' tolerances are four standard errors of so many.
const TRIALS: usize = RUNS * IN_ONE_RUN;

/// A run may last 18 hours at most.
const IN_ONE_RUN: usize = 10_000;
const RUNS: usize = 10;

pub fn compares(id: &str) -> bool {
    id.starts_with("pbs.") || id.starts_with("warsexp.")
}

/// Which writes reads were shown: the k-th newest, counted from the newest.
#[derive(Clone, Default)]
struct Behind {
    // The value that each operation writes; 0: it reads.
    values: Vec<u64>,
    // By value, the how-manieth write it was.
    places: BTreeMap<u64, usize>,
    // By versions behind: reads.
    reads: BTreeMap<usize, usize>,
}

impl Observer for Behind {
    fn on_operation(&mut self, _: OpId, _: ClientId, command: Command, _: SimTime) {
        self.values.push(match command {
            Command::Write { value, .. } => value,
            Command::Read { .. } | Command::Swap { .. } | Command::Transfer { .. } => 0,
        });
    }

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        let What::Told { op, outcome, ends: true, .. } = event.what else { return };
        match outcome {
            Outcome::Written { .. } => {
                self.places.insert(self.values[op.index()], self.places.len() + 1);
            }
            Outcome::Value { value, .. } => {
                let shown = self.places.get(&value).copied().unwrap_or(0);
                *self.reads.entry(self.places.len() - shown).or_default() += 1;
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A leg as a document.
fn leg(model: &str) -> String {
    let pareto = |weight: f64, xm: f64, alpha: f64, tail: f64, lambda: f64| {
        format!(
            r#"{{"mixture":[{{"weight":{weight},"pareto":{{"scale_ms":{xm},"shape":{alpha}}}}},
                {{"weight":{tail},"exponential_ms":{}}}]}}"#,
            1.0 / lambda
        )
    };
    match model {
        "SSD" => pareto(0.9122, 0.235, 10.0, 0.0878, 1.66),
        "DISK" => pareto(0.38, 1.05, 1.51, 0.62, 0.183),
        lambda => {
            let lambda: f64 = lambda.parse().expect("a rate");
            format!(r#"{{"exponential_ms":{}}}"#, 1.0 / lambda)
        }
    }
}

/// A model: the leg of writes, the other three, what is added between data centres.
type Model = (String, String, u32);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Case {
    model: Model,
    n: u64,
    r: u64,
    w: u64,
    quorums_fixed: bool,
}

fn wars(figure: &Figure, model: &str) -> Model {
    let named = |write: &str, rest: &str, remote| (write.to_owned(), rest.to_owned(), remote);
    match model.split('/').next().unwrap_or(model) {
        "LNKD-SSD" => named("SSD", "SSD", 0),
        "LNKD-DISK" => named("DISK", "SSD", 0),
        "WAN" => named("DISK", "SSD", 75),
        other => {
            let rate = other.strip_prefix("EXP W lambda ");
            named(rate.unwrap_or_else(|| panic!("{}: {other}", figure.id)), "1", 0)
        }
    }
}

/// What a figure is about: the case, and the times after the commit at which it reads.
fn case(figure: &Figure) -> (Case, Vec<f64>) {
    let has = |name: &str| figure.has(name);
    let whole = |name: &str| figure.number(name) as u64;
    let exponential = |name: &str| {
        let text = figure.text(name);
        let rate = text.trim_start_matches("Exp(").trim_end_matches(')');
        rate.to_owned()
    };
    let quorums_fixed = figure.id.starts_with("pbs.kstale.");
    let model = if has("lamW") {
        (figure.number("lamW").to_string(), figure.number("lamARS").to_string(), 0)
    } else if has("model") {
        wars(figure, figure.text("model"))
    } else if quorums_fixed {
        ("1".to_owned(), "1".to_owned(), 0)
    } else {
        (exponential("W"), exponential("A=R=S"), 0)
    };
    let (mut n, mut r, mut w) = (3, 1, 1);
    if has("N") {
        n = whole("N");
    }
    if has("R") {
        r = whole("R");
    }
    if has("W_quorum") {
        w = whole("W_quorum");
    } else if has("W") {
        w = whole("W");
    }
    if has("curve") {
        let curve = figure.text("curve");
        if let Some(rest) = curve.strip_prefix('R') {
            let (reads, writes) = rest.split_once('W').expect("R1W2");
            (r, w) = (reads.parse().expect("R"), writes.parse().expect("W"));
        }
    }
    let at = if quorums_fixed {
        vec![1_000.0]
    } else if has("t_ms") {
        vec![figure.number("t_ms")]
    } else if has("t") {
        vec![figure.number("t")]
    } else if figure.text("metric") == "t for P(fresh)=.999" && figure.value > 0.0 {
        (50..=80).map(f64::from).collect()
    } else {
        vec![0.0]
    };
    (Case { model, n, r, w, quorums_fixed }, at)
}

fn document(case: &Case, reads: &[f64], seed: usize) -> String {
    let Case { model: (write, rest, remote), n, r, w, quorums_fixed } = case;
    let (write, rest) = (leg(write), leg(rest));
    let reads: Vec<String> = reads.iter().map(f64::to_string).collect();
    let ask = if *quorums_fixed { r#""ask":"quorum","versions":"last-write-wins","# } else { "" };
    format!(
        r#"{{"format":1,"seed":{seed},"until_ms":64800000,
            "cluster":{{"nodes":{n},"protocol":"leaderless","knobs":{{"n":{n},"r":{r},"w":{w},{ask}
              "read_repair":"off","hinted_handoff":false,"anti_entropy":null,
              "timeout_ms":60000,"suspect_after_ms":null,
              "legs":{{"write":{write},"ack":{rest},"read":{rest},"response":{rest},
                "remote_ms":{remote}}}}}}},
            "network":{{"clients_delay":{{"constant_ms":0}}}},
            "disk":{{"flush":{{"constant_ms":0}}}},
            "probe":{{"read_after_ms":[{}],"trials":{IN_ONE_RUN},"pause_ms":3000}}}}"#,
        reads.join(",")
    )
}

/// What all trials of a case found.
#[derive(Clone, Default)]
struct Found {
    sweep: Sweep,
    behind: BTreeMap<usize, usize>,
}

/// One run. What `replicarium sweep` reports is found by what it does; how many versions a read is
/// behind it does not report.
fn measured(case: &Case, reads: &[f64], seed: usize) -> Found {
    let text = document(case, reads, seed);
    let read = replicarium::protocols::read(&text);
    let read = read.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let mut found = Found::default();
    if case.quorums_fixed {
        let setup = read.setup::<Leaderless>().expect("a leaderless scenario").clone();
        let until = setup.until;
        let mut world: World<Leaderless, Behind> = World::new(setup, Behind::default());
        while world.advance(until, 1_000_000) == 1_000_000 {}
        found.behind.clone_from(&world.observer().reads);
    } else {
        found.sweep.play(read.run().as_mut());
    }
    found
}

impl Found {
    fn merge(&mut self, other: &Self) {
        self.sweep.merge(&other.sweep);
        for (behind, reads) in &other.behind {
            *self.behind.entry(*behind).or_default() += reads;
        }
    }
}

fn p_fresh(found: &Found, t_ms: f64) -> f64 {
    let micros = (t_ms * 1_000.0).round() as u64;
    let [fresh, total] = found.sweep.staleness_us[&micros];
    assert_eq!(total, TRIALS as u64, "reads at {t_ms}");
    fresh as f64 / total as f64
}

fn value(figure: &Figure, found: &Found, reads: &[f64]) -> f64 {
    let millis = |counts, of: fn(&Latency) -> Span| {
        of(&percentiles(counts).expect("it was measured")).as_millis_f64()
    };
    let Sweep { read_latency_us, write_latency_us, .. } = &found.sweep;
    match figure.text("metric") {
        "P(stale)" => 1.0 - p_fresh(found, reads[0]),
        "read latency p99.9" => millis(read_latency_us, |latency| latency.p999),
        "write latency p99.9" => millis(write_latency_us, |latency| latency.p999),
        "ssd op median" => millis(read_latency_us, |latency| latency.p50),
        "disk write median" => millis(write_latency_us, |latency| latency.p50),
        "P(read within k versions)" => {
            let k = figure.number("k") as usize;
            let within: usize = found.behind.range(..k).map(|(_, reads)| reads).sum();
            within as f64 / found.behind.values().sum::<usize>() as f64
        }
        "t for P(fresh)=.999" => {
            let reached = reads.iter().find(|t| p_fresh(found, **t) >= 0.999);
            *reached.unwrap_or(&f64::INFINITY)
        }
        _ => p_fresh(found, reads[0]),
    }
}

#[test]
fn partial_quorums_are_as_fresh_and_as_fast_as_published() {
    let figures = figures("leaderless");
    let mut cases: BTreeMap<Case, Vec<f64>> = BTreeMap::new();
    for figure in &figures {
        let (case, reads) = case(figure);
        cases.entry(case).or_default().extend(reads);
    }
    let mut work: Vec<(Case, Vec<f64>)> = cases.into_iter().collect();
    for (_, reads) in &mut work {
        reads.sort_unstable_by(f64::total_cmp);
        reads.dedup();
    }
    let runs: Vec<(usize, usize)> =
        (0..work.len()).flat_map(|case| (0..RUNS).map(move |seed| (case, seed))).collect();
    let parts = each(&runs, |(case, seed)| {
        let (case, reads) = &work[*case];
        measured(case, reads, *seed)
    });
    let mut found = vec![Found::default(); work.len()];
    for ((case, _), part) in runs.iter().zip(&parts) {
        found[*case].merge(part);
    }
    let mut table = Table::default();
    for figure in &figures {
        let (case, reads) = case(figure);
        let place = work.iter().position(|(known, _)| *known == case).expect("a measured case");
        table.compare(figure, value(figure, &found[place], &reads), TRIALS);
    }
    table.finish();
}
