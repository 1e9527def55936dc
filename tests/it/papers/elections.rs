//! Majority promotion as Raft's author measured it: how often a vote is split, how long an election
//! takes, and how long a cluster on a real network was without a leader.

use replicarium::engine::base::delay::DelayPart;
use replicarium::engine::base::{ClientId, Delay, Epoch, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, Note};
use replicarium::engine::world::{
    Event, Observer, Scripted, Setup, Target, What, World, WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode, Promote};

use super::bare_cluster;
use super::figures::{Figure, Table, figures, mean};
use crate::support::parallel::each;

/// Elections for one figure.
const TRIALS: u64 = 40_000;

/// Leaders that died for one figure on hardware: as many as were measured.
const DEATHS: u64 = 1_000;

pub fn compares(id: &str) -> bool {
    id.starts_with("raft.")
}

/// The first promotion.
#[derive(Clone, Default)]
struct Won(Option<(SimTime, Epoch)>);

impl Observer for Won {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        if let What::Noted { note: Note::Promoted { epoch, .. }, .. } = event.what {
            self.0.get_or_insert((event.at, epoch));
        }
    }
}

fn voters(nodes: u8, seed: u64, timeouts: (Span, Span), delay: Delay) -> Setup<Knobs> {
    let mut setup = bare_cluster(nodes, seed, Mode::Asynchronous, delay);
    setup.knobs.failover.promote = Promote::Majority;
    // The figures are of Raft without pre-vote.
    setup.knobs.failover.pre_vote = false;
    (setup.knobs.failover.timeout, setup.knobs.failover.election_timeout) = (timeouts.0, timeouts);
    setup.clients = Vec::new();
    setup
}

fn first_won(setup: Setup<Knobs>) -> (SimTime, Epoch) {
    let mut world: World<SingleLeader, Won> = World::new(setup, Won::default());
    let end = SimTime::from_millis(600_000);
    while world.observer().0.is_none() && world.step(end) {}
    world.observer().0.expect("somebody wins in the end")
}

/// When all timers start anew.
const START: SimTime = SimTime::from_millis(1);

/// All processes die; so many start again at one instant and elect a leader.
fn election(
    (nodes, live): (u8, u8),
    seed: u64,
    timeouts: (Span, Span),
    delay: Delay,
) -> (f64, bool) {
    let mut setup = voters(nodes, seed, timeouts, delay);
    let all = || (0..nodes).map(|node| Target::Node(NodeId(node)));
    let crashes = all().map(fault::crash);
    let restarts = all().skip(usize::from(nodes - live)).map(fault::restart);
    setup.script = crashes.chain(restarts).map(|action| Scripted { at: START, action }).collect();
    let (at, epoch) = first_won(setup);
    (at.since(START).as_millis_f64(), epoch == Epoch(2))
}

fn of(figure: &Figure) -> (u8, u8) {
    (figure.number("n") as u8, figure.number("live") as u8)
}

/// Time-outs from 1 to 2 s, and a latency that is a share of the range.
fn split_votes(figure: &Figure) -> f64 {
    let latency = Span::from_micros((figure.number("latency/range") * 1e6).round() as u64);
    let timeouts = (Span::from_millis(1_000), Span::from_millis(2_000));
    let split = |seed: &u64| !election(of(figure), *seed, timeouts, Delay::constant(latency)).1;
    let seeds: Vec<u64> = (1_000_000..1_000_000 + TRIALS).collect();
    let split = each(&seeds, split).into_iter().filter(|split| *split).count();
    split as f64 / TRIALS as f64
}

/// Time-outs from 300 to 600 ms, 30 to 40 ms one way: mean time, and share won in the first epoch.
fn election_times(figure: &Figure) -> (f64, f64) {
    let timeouts = (Span::from_millis(300), Span::from_millis(600));
    let seeds: Vec<u64> = (0..TRIALS / 5).collect();
    let all = each(&seeds, |seed| {
        let delay = Delay::new(vec![DelayPart::Uniform(30_000.0, 40_000.0)]);
        election(of(figure), *seed, timeouts, delay)
    });
    let times: Vec<f64> = all.iter().map(|(millis, _)| *millis).collect();
    let first = all.iter().filter(|(_, first)| *first).count();
    (mean(&times), first as f64 / all.len() as f64)
}

#[test]
fn votes_are_split_as_often_as_computed() {
    let mut table = Table::default();
    for figure in figures("failover-elections").iter().filter(|f| f.id.contains(".split.")) {
        table.compare(figure, split_votes(figure), TRIALS as usize);
    }
    table.finish();
}

#[test]
fn elections_take_as_long_as_published() {
    let all = figures("failover-elections");
    let mut table = Table::default();
    let means = all.iter().filter(|figure| figure.id.contains(".avail.mean."));
    for figure in means {
        let (millis, first) = election_times(figure);
        table.compare(figure, millis, TRIALS as usize / 5);
        let id = figure.id.replace("mean", "first");
        let other = all.iter().find(|figure| figure.id == id).expect("both were published");
        table.compare(other, first, TRIALS as usize / 5);
    }
    table.finish();
}

/// Times without a leader: five servers, heartbeats twice in the shortest time-out, the leader dies
/// at any point between two. A message takes 2.5 ms or so: of the 15 ms that a broadcast took there
/// and back, most went by on the disks of those who answered.
fn without_a_leader(timeouts: (u64, u64)) -> Vec<f64> {
    let span = |millis| Span::from_millis(millis);
    let seeds: Vec<u64> = (0..DEATHS).collect();
    let mut times = each(&seeds, |seed| {
        let delay = Delay::base_exponential(span(2), Span::from_micros(500));
        let mut setup = voters(5, *seed, (span(timeouts.0), span(timeouts.1)), delay);
        let beat = Span::from_micros(timeouts.0 * 500);
        setup.knobs.failover.heartbeat = beat;
        let share = (*seed as f64 * 0.618_033_988_749_895).fract();
        let into = Span::from_micros((share * beat.micros() as f64) as u64);
        // The first heartbeats are heard before any time-out can have passed.
        let died = SimTime::ZERO + beat.times(2) + into;
        let action = fault::crash(Target::Node(NodeId(0)));
        setup.script.push(Scripted { at: died, action });
        first_won(setup).0.since(died).as_millis_f64()
    });
    times.sort_by(f64::total_cmp);
    times
}

/// What was measured on hardware: the machines differ, so only the size is compared.
const ABOUT: f64 = 2.0;

#[test]
fn a_cluster_on_a_real_network_is_without_a_leader_for_about_as_long() {
    let all = figures("failover-elections");
    let mut table = Table::default();
    let worst = |times: &[f64]| times.last().copied().unwrap_or_default();
    let mut known: Vec<(&str, Vec<f64>)> = Vec::new();
    for figure in all.iter().filter(|f| f.id.contains(".lan.")) {
        let name = figure.id.rsplit('.').next().unwrap_or_default();
        let (range, what) = name.split_once('_').expect("a range");
        let (from, to) = range.split_once('-').expect("two time-outs");
        if known.iter().all(|(of, _)| *of != range) {
            let timeouts = (from.parse().expect("ms"), to.parse().expect("ms"));
            known.push((range, without_a_leader(timeouts)));
        }
        let times = known.iter().find(|(of, _)| *of == range).map_or(&[][..], |(_, t)| t);
        let measured = match what {
            "median" => times[times.len() / 2],
            "mean" => mean(times),
            _ => worst(times),
        };
        table.compare_about(figure, measured, times.len(), ABOUT);
    }
    table.finish();
    let median = |range| {
        let (_, times) = known.iter().find(|(of, _)| *of == range).expect("played");
        times[times.len() / 2]
    };
    assert!(median("150-155") > median("150-200"), "a narrow range splits votes");
}
