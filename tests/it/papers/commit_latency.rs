//! The latency of a write that waits for the k-th of n confirmations is the k-th order statistic
//! of n round trips.
//!
//! One client on the leader's machine writes one record after another, far enough apart that no
//! two are on their way at once: the trials are independent.

use replicarium::engine::base::{ClientId, Delay, DelayPart, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::Command;
use replicarium::engine::world::{
    ClientSetup, Event, LinkSetup, Observer, Pace, What, World, WorldView,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::Mode;

use super::bare_cluster;
use super::figures::{Figure, Table, figures, mean};
use crate::support::parallel::each;

/// The reference tolerances of exponential round trips are about four standard errors of so many
/// trials; the others leave room for fewer.
fn trials(round_trip: &str) -> usize {
    if round_trip.starts_with("Exp") { 100_000 } else { 40_000 }
}

/// Pause between two writes: longer than nearly every round trip.
const APART: Span = Span::from_millis(400);

/// Time for the followers to find their leader.
const SETTLED: SimTime = SimTime::from_millis(60_000);

pub fn compares(id: &str) -> bool {
    id.starts_with("sl.commit.")
}

/// The latencies of one client's writes, in milliseconds.
#[derive(Clone, Default)]
struct Latencies {
    began: SimTime,
    millis: Vec<f64>,
}

impl Observer for Latencies {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, at: SimTime) {
        self.began = at;
    }

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        if let What::Told { ends: true, .. } = event.what {
            self.millis.push(event.at.since(self.began).as_millis_f64());
        }
    }
}

/// The way out and the way back of a round trip with this distribution.
fn legs(round_trip: &str) -> (Delay, Delay) {
    let one = |part| Delay::new(vec![part]);
    match round_trip {
        "Exp mean 10" => (one(DelayPart::Exponential(10_000.0)), Delay::default()),
        "sum of two Exp mean 5" => {
            (one(DelayPart::Exponential(5_000.0)), one(DelayPart::Exponential(5_000.0)))
        }
        "Uniform 5..15" => (one(DelayPart::Uniform(5_000.0, 15_000.0)), Delay::default()),
        "Pareto xm 2 alpha 2.5" => {
            (one(DelayPart::Pareto { scale: 2_000.0, shape: 2.5 }), Delay::default())
        }
        other => panic!("no such round trip: {other}"),
    }
}

/// Sorted latencies of many writes with these followers, confirmations and round trips.
fn latencies(followers: u8, acks: u8, round_trip: &str) -> Vec<f64> {
    let (out, back) = legs(round_trip);
    let mut setup = bare_cluster(followers + 1, 4, Mode::SemiSyncAny(acks), out);
    let way_back = LinkSetup { delay: back, ..setup.network.all.clone() };
    setup.network.links =
        (1..=followers).map(|f| (NodeId(f), NodeId(0), way_back.clone())).collect();
    setup.clients = vec![ClientSetup {
        count: 1,
        pace: Pace::Closed { update_fraction: 1.0, think: APART },
        keys: 1,
        timeout: Span::from_millis(100_000),
        retry: None,
        from: SETTLED,
        at_leader: true,
        ..ClientSetup::default()
    }];
    let mut world: World<SingleLeader, Latencies> = World::new(setup, Latencies::default());
    let trials = trials(round_trip);
    while world.observer().millis.len() < trials {
        let until = world.now() + APART.times(100);
        world.advance(until, u32::MAX);
    }
    let mut millis = world.observer().millis.clone();
    millis.truncate(trials);
    millis.sort_by(f64::total_cmp);
    millis
}

#[test]
fn a_write_waits_for_the_kth_of_n_round_trips() {
    let all: Vec<Figure> =
        figures("single-leader").into_iter().filter(|f| compares(&f.id)).collect();
    let case = |f: &Figure| {
        (f.number("followers") as u8, f.number("acks") as u8, f.text("rtt").to_string())
    };
    let mut cases: Vec<_> = all.iter().map(case).collect();
    cases.sort();
    cases.dedup();
    let measured = each(&cases, |(followers, acks, round_trip)| {
        let sorted = latencies(*followers, *acks, round_trip);
        (mean(&sorted), sorted[sorted.len() * 99 / 100])
    });
    let mut table = Table::default();
    for figure in &all {
        let place = cases.iter().position(|c| *c == case(figure)).expect("it was measured");
        let (mean, p99) = measured[place];
        let value = if figure.id.contains(".p99.") { p99 } else { mean };
        table.compare(figure, value, trials(figure.text("rtt")));
    }
    table.finish();
}
