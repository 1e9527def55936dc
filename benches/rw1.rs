//! The reference work RW1 on the engine and on the limit program, in turn, in one run.
//!
//! Prints for each the median of paired rounds and their ratio. `--check` runs a short round and
//! fails if the engine's outcome is not the reference's. Speeds are stated, never asserted here:
//! machines differ; the ratio is what counts.

mod limit;

use std::time::Instant;

use replicarium::engine::base::SimTime;
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Report};
use replicarium::engine::world::{Observer, Setup, World};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::Knobs;

const ROUNDS: usize = 5;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() {
    let check = std::env::args().any(|argument| argument == "--check" || argument == "--test");
    let seconds = if check { 5 } else { 60 };
    let rounds = if check { 1 } else { ROUNDS };
    for nodes in if check { vec![5] } else { vec![5, 3, 9, 33] } {
        compare(nodes, seconds, rounds);
    }
}

/// RW1 as the engine is told it, the same document that a browser plays.
fn setup(nodes: u8, seconds: u64, seed: u64) -> Setup<Knobs> {
    let scenario = replicarium::protocols::read(include_str!("rw1.json"))
        .expect("the reference work is a scenario");
    let setup = scenario.setup::<SingleLeader>().expect("it is about a leader").clone();
    Setup { seed, nodes, until: SimTime::from_millis(seconds * 1_000), ..setup }
}

struct Figure {
    wall_s: f64,
    events: u64,
}

fn engine<O: Observer>(setup: Setup<Knobs>, observer: O) -> (Figure, World<SingleLeader, O>) {
    let until = setup.until;
    let start = clock();
    let mut world = World::<SingleLeader, O>::new(setup, observer);
    while world.advance(until, 100_000) == 100_000 {}
    let wall_s = start.elapsed().as_secs_f64();
    let counts = world.counts();
    (Figure { wall_s, events: counts.operations + counts.deliveries + counts.timers }, world)
}

fn compare(nodes: u8, seconds: u64, rounds: usize) {
    let (mut limits, mut bare, mut recorded) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    for round in 0..rounds as u64 {
        let start = clock();
        let outcome = limit::run(usize::from(nodes), seconds * 1_000_000, 7 + round);
        limits.push(Figure { wall_s: start.elapsed().as_secs_f64(), events: outcome.events });
        bare.push(engine(setup(nodes, seconds, 7 + round), ()).0);
        let setup = setup(nodes, seconds, 7 + round);
        let recorder = Recorder::new(&setup.limits);
        let (figure, world) = engine(setup, recorder);
        recorded.push(figure);
        last = Some((outcome, world));
    }
    let seconds = seconds as f64;
    println!("RW1, {nodes} nodes, {seconds} simulated seconds, median of {rounds}:");
    let base = print("limit program", &limits, None, seconds);
    print("engine, nobody watching", &bare, Some(base), seconds);
    let recorded_wall = print("engine, trace + ledger + audits", &recorded, Some(base), seconds);
    if nodes == 5 {
        // For the script that plays the same in a browser.
        println!("native_wall_s {recorded_wall:.6}");
        println!("limit_events_per_s {:.0}", limits[0].events as f64 / base);
    }
    if let Some((outcome, world)) = last {
        let case = Case::new(world.observer(), world.view(), world.now());
        let report = Report::new(&case, 7);
        let mean = report.latency_ms.write.mean.unwrap_or(0.0);
        println!(
            "  mean commit {mean:.3} ms (limit program {:.3} ms over {} commits, reference 1.459 ms); \
             memory of the recorded run {:.1} MB",
            outcome.mean_commit_ms,
            outcome.commits,
            (world.observer().heap_bytes() + world.view().records.heap_bytes()) as f64 / 1e6,
        );
        assert!((mean - 1.459).abs() < 0.05 || nodes != 5, "mean commit {mean}");
    }
}

fn print(name: &str, figures: &[Figure], base: Option<f64>, seconds: f64) -> f64 {
    let mut walls: Vec<f64> = figures.iter().map(|figure| figure.wall_s).collect();
    walls.sort_by(f64::total_cmp);
    let wall = walls[walls.len() / 2];
    let events = figures[0].events as f64;
    let ratio = base.map_or(String::new(), |base| format!(", ratio {:.2}", base / wall));
    println!(
        "  {name:32} {:8.0} simulated s / s, {:6.2} M events/s, {:6.0} events / simulated s{ratio}",
        seconds / wall,
        events / wall / 1e6,
        events / seconds,
    );
    wall
}
