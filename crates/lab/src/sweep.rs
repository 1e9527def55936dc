//! Many runs of one scenario under different seeds, added up: distributions, not single stories.
//!
//! What two sweeps found can be added without loss, so that a large one can be done in shards.

use std::collections::BTreeMap;

use engine::observe::metric::Latency;
use engine::observe::report::Report;
use engine::observe::{End, Recorder};
use engine::world::Run;

use super::Span;

/// How often each value was found.
pub type Counts = BTreeMap<u64, u64>;

/// What became of many runs.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Sweep {
    /// How many.
    pub runs: u64,
    /// Writes begun, acknowledged, failed, unknown.
    pub writes: [u64; 4],
    /// Reads answered, and stale ones.
    pub reads: [u64; 2],
    /// Runs by how many acknowledged writes were lost in them.
    pub lost: Counts,
    /// Runs by how many acknowledged writes were overwritten unseen in them.
    pub overwritten: Counts,
    /// Runs by the time in which writes were not served, in microseconds.
    pub writes_unavailable_us: Counts,
    /// Runs by the time in which reads were not served, in microseconds.
    pub reads_unavailable_us: Counts,
    /// Acknowledged writes by how long they took, in microseconds.
    pub write_latency_us: Counts,
    /// Answered reads by how long they took, in microseconds.
    pub read_latency_us: Counts,
    /// By microseconds after an acknowledgement: fresh reads, and all.
    pub staleness_us: BTreeMap<u64, [u64; 2]>,
    /// By promise: kept, broken, not exercised.
    pub verdicts: BTreeMap<String, [u64; 3]>,
}

impl Sweep {
    /// Plays a run to its end and adds it.
    pub fn play(&mut self, run: &mut dyn Run<Recorder>) {
        run.advance(run.until(), u32::MAX);
        while run.next_at().is_some_and(|next| next <= run.until()) {
            run.advance(run.until(), u32::MAX);
        }
        let case = engine::observe::audit::Case::new(run.observer(), run.view(), run.now());
        self.add(&Report::new(&case, run.seed()));
        for (_, operation) in run.observer().history().iter() {
            let took = operation.ended.since(operation.invoked).micros();
            match operation.end {
                End::Written { .. } => *self.write_latency_us.entry(took).or_default() += 1,
                End::Value { .. } => *self.read_latency_us.entry(took).or_default() += 1,
                _ => {}
            }
        }
    }

    fn add(&mut self, report: &Report) {
        self.runs += 1;
        let writes = &report.writes;
        let counts = [writes.invoked, writes.acknowledged, writes.failed, writes.unknown];
        add_all(&mut self.writes, counts.map(u64::from));
        add_all(&mut self.reads, [report.reads.total, report.reads.stale].map(u64::from));
        *self.lost.entry(writes.lost.into()).or_default() += 1;
        *self.overwritten.entry(writes.overwritten.into()).or_default() += 1;
        let unavailable = &report.unavailable_ms;
        *self.writes_unavailable_us.entry(micros(unavailable.write)).or_default() += 1;
        *self.reads_unavailable_us.entry(micros(unavailable.read)).or_default() += 1;
        for row in &report.staleness {
            let known = self.staleness_us.entry(micros(row.t_ms)).or_default();
            add_all(known, [row.fresh, row.total].map(u64::from));
        }
        for row in &report.verdicts {
            let known = self.verdicts.entry(row.promise.to_owned()).or_default();
            let place = ["holds", "broken"].iter().position(|word| *word == row.verdict);
            known[place.unwrap_or(2)] += 1;
        }
    }

    /// Adds what another sweep found.
    pub fn merge(&mut self, other: &Self) {
        self.runs += other.runs;
        add_all(&mut self.writes, other.writes);
        add_all(&mut self.reads, other.reads);
        let pairs = [
            (&mut self.lost, &other.lost),
            (&mut self.overwritten, &other.overwritten),
            (&mut self.writes_unavailable_us, &other.writes_unavailable_us),
            (&mut self.reads_unavailable_us, &other.reads_unavailable_us),
            (&mut self.write_latency_us, &other.write_latency_us),
            (&mut self.read_latency_us, &other.read_latency_us),
        ];
        for (mine, theirs) in pairs {
            for (value, count) in theirs {
                *mine.entry(*value).or_default() += count;
            }
        }
        for (after, theirs) in &other.staleness_us {
            add_all(self.staleness_us.entry(*after).or_default(), *theirs);
        }
        for (promise, theirs) in &other.verdicts {
            add_all(self.verdicts.entry(promise.clone()).or_default(), *theirs);
        }
    }
}

/// Percentiles of what was counted, in the same units.
#[must_use]
pub fn percentiles(counts: &Counts) -> Option<Latency> {
    let total: u64 = counts.values().sum();
    let max = *counts.last_key_value()?.0;
    let at = |per_mille: u64| {
        let rank = (total * per_mille).div_ceil(1_000).max(1);
        let mut seen = 0;
        let place = counts.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        Span::from_micros(place.map_or(max, |(value, _)| *value))
    };
    let sum: u128 = counts.iter().map(|(value, count)| u128::from(value * count)).sum();
    Some(Latency {
        count: u32::try_from(total).unwrap_or(u32::MAX),
        p50: at(500),
        p90: at(900),
        p99: at(990),
        p999: at(999),
        max: Span::from_micros(max),
        mean: Span::from_micros(u64::try_from(sum / u128::from(total)).unwrap_or(u64::MAX)),
    })
}

fn add_all<const N: usize>(mine: &mut [u64; N], theirs: [u64; N]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times of a run")]
fn micros(millis: f64) -> u64 {
    (millis * 1_000.0 + 0.5) as u64
}
