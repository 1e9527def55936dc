//! Two runs side by side: the first event in which they differ, and what each came to.
//!
//! Under one seed, chance treats both alike, so the first difference is where their settings began
//! to matter. It judges neither of them.

use super::Lab;
use engine::base::EventId;
use engine::observe::Report;
use engine::observe::report::LatencyMs;
use view::{self, TraceLine};

/// Two runs side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// Whether chance treats both alike.
    pub same_seed: bool,
    /// Whether exactly the same happened in both so far.
    pub identical: bool,
    /// The first event in which they differ, up to the earlier of the two playheads.
    pub difference: Option<Difference>,
    /// Whether a beginning was forgotten, in which an earlier difference may lie.
    pub forgotten: bool,
    /// What can be counted, side by side.
    pub figures: Vec<Figure>,
    /// Which promises were kept, side by side.
    pub verdicts: Vec<VerdictPair>,
    /// The report of the run that was asked.
    pub mine: Report,
    /// The report of the other run.
    pub theirs: Report,
}

/// The first event in which two runs differ. Where one of them has none, nothing more happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// Its number.
    pub event: u32,
    /// When: the earlier of the two.
    pub at_ms: f64,
    /// What happened in the run that was asked.
    pub mine: Option<TraceLine>,
    /// What happened in the other run.
    pub theirs: Option<TraceLine>,
}

/// One figure of both reports.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// Where it stands in a report: "writes.lost".
    pub name: &'static str,
    /// Of the run that was asked; nothing if there is none.
    pub mine: Option<f64>,
    /// Of the other run.
    pub theirs: Option<f64>,
}

/// What became of one promise in both runs: "holds", "broken", "not exercised".
#[derive(Clone, PartialEq, Debug)]
pub struct VerdictPair {
    /// The promise's stable name.
    pub promise: &'static str,
    /// In the run that was asked.
    pub mine: &'static str,
    /// In the other run.
    pub theirs: &'static str,
}

impl Lab {
    /// This run and another, each up to its playhead.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Comparison {
        let (mine, theirs) = (self.report(), other.report());
        let figures = figures(&mine).into_iter().zip(figures(&theirs));
        let pairs = mine.verdicts.iter().zip(&theirs.verdicts);
        let trace = |lab: &Self| lab.run().observer().trace().has_forgotten();
        Comparison {
            same_seed: mine.seed == theirs.seed,
            identical: mine.digest == theirs.digest,
            difference: self.first_difference(other),
            forgotten: trace(self) || trace(other),
            figures: figures
                .map(|((name, mine), (_, theirs))| Figure { name, mine, theirs })
                .collect(),
            verdicts: pairs
                .map(|(mine, theirs)| VerdictPair {
                    promise: mine.promise,
                    mine: mine.verdict,
                    theirs: theirs.verdict,
                })
                .collect(),
            mine,
            theirs,
        }
    }

    /// The first event in which two runs differ, up to the earlier of the two playheads.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<Difference> {
        let traces = [self, other].map(|lab| lab.run().observer().trace());
        let first = traces.iter().filter_map(|trace| trace.oldest()).map(|event| event.id.0).max();
        let last = traces.iter().map(|trace| trace.len()).max().unwrap_or(0);
        let both = self.now().min(other.now());
        for number in first.unwrap_or(1)..=last {
            let [mine, theirs] =
                traces.map(|trace| trace.get(EventId(number)).filter(|event| event.at <= both));
            let at = match (mine, theirs) {
                (None, None) => return None,
                (Some(a), Some(b)) if a == b => continue,
                (Some(a), Some(b)) => a.at.min(b.at),
                (Some(one), None) | (None, Some(one)) => one.at,
            };
            let line = |lab: &Self, id| lab.trace_line(EventId(id));
            return Some(Difference {
                event: number,
                at_ms: at.as_millis_f64(),
                mine: mine.and_then(|event| line(self, event.id.0)),
                theirs: theirs.and_then(|event| line(other, event.id.0)),
            });
        }
        None
    }

    /// A recorded event for tools, unless it was forgotten or is still to come.
    #[must_use]
    pub fn trace_line(&self, event: EventId) -> Option<TraceLine> {
        let commands = |op| self.run().operation(op).map(|operation| operation.command);
        let event = self.run().observer().trace().get(event)?;
        Some(view::trace_line(&event, &commands))
    }
}

/// What can be counted in a report, named as scripts find it there.
fn figures(report: &Report) -> Vec<(&'static str, Option<f64>)> {
    let count = |count: u32| Some(f64::from(count));
    let length = |length: usize| u32::try_from(length).ok().map(f64::from);
    let (writes, reads) = (&report.writes, &report.reads);
    let LatencyMs { p50, p99, max, .. } = report.latency_ms.write;
    vec![
        ("writes.invoked", count(writes.invoked)),
        ("writes.acknowledged", count(writes.acknowledged)),
        ("writes.failed", count(writes.failed)),
        ("writes.unknown", count(writes.unknown)),
        ("writes.lost", count(writes.lost)),
        ("writes.overwritten", count(writes.overwritten)),
        ("writes.cameBack", count(writes.came_back)),
        ("reads.total", count(reads.total)),
        ("reads.stale", count(reads.stale)),
        ("latencyMs.write.p50", p50),
        ("latencyMs.write.p99", p99),
        ("latencyMs.write.max", max),
        ("latencyMs.read.p50", report.latency_ms.read.p50),
        ("latencyMs.read.p99", report.latency_ms.read.p99),
        ("throughputPerS.write", Some(report.throughput_per_s.write)),
        ("throughputPerS.read", Some(report.throughput_per_s.read)),
        ("unavailableMs.write", Some(report.unavailable_ms.write)),
        ("unavailableMs.read", Some(report.unavailable_ms.read)),
        ("splitBrainMs", Some(report.split_brain_ms)),
        ("maxLag", count(report.max_lag)),
        ("maxApplyLag", count(report.max_apply_lag)),
        ("suspicions", length(report.suspicions.len())),
        ("failovers", length(report.failovers.len())),
        ("catchUps", length(report.catch_ups.len())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, Target};
    use engine::world::fault;
    use protocols::PROTOCOLS;
    use scenario::{Json, preset};

    fn lab(change: impl Fn(&mut Json)) -> Lab {
        let mut document = preset(PROTOCOLS, "async-leader-crash").unwrap().document();
        change(&mut document);
        Lab::load(&document, PROTOCOLS).unwrap()
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let (mut one, mut other) = (lab(|_| ()), lab(|_| ()));
        one.finish();
        other.finish();
        let compared = one.compare(&other);
        assert!(compared.identical && compared.same_seed && compared.difference.is_none());
        assert!(compared.figures.iter().all(|figure| figure.mine == figure.theirs));
    }

    #[test]
    fn the_first_difference_is_where_a_reader_acted() {
        let (mut one, mut other) = (lab(|_| ()), lab(|_| ()));
        one.advance(Span::from_millis(2_000), u32::MAX);
        one.act(fault::pause(Target::Leader));
        one.advance(Span::from_millis(1_000), u32::MAX);
        other.advance(Span::from_millis(4_000), u32::MAX);
        let compared = one.compare(&other);
        let difference = compared.difference.unwrap();
        assert_eq!(difference.mine.unwrap().sort, "paused");
        assert!((2_000.0..2_020.0).contains(&difference.at_ms), "{}", difference.at_ms);
        assert!(!compared.identical);
    }

    #[test]
    fn events_behind_the_earlier_playhead_are_no_difference() {
        let (mut one, mut other) = (lab(|_| ()), lab(|_| ()));
        one.advance(Span::from_millis(2_000), u32::MAX);
        other.finish();
        assert_eq!(one.first_difference(&other), None);
        assert_eq!(other.first_difference(&one), None);
    }

    #[test]
    fn modes_are_compared_under_the_same_luck() {
        let mode = |mode: &'static str| {
            let mut lab = lab(|document| {
                document.set("cluster.knobs.acknowledge", Json::object([("mode", mode.into())]));
            });
            lab.finish();
            lab
        };
        let compared = mode("async").compare(&mode("sync"));
        let lost = compared.figures.iter().find(|figure| figure.name == "writes.lost").unwrap();
        assert!(lost.mine > Some(0.0) && lost.theirs == Some(0.0), "{lost:?}");
        let survive = &compared.verdicts[0];
        assert_eq!((survive.mine, survive.theirs), ("broken", "holds"), "{}", survive.promise);
    }
}
