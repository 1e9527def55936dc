//! A fixed time-out over a link with loss: how long until a death is noticed, how often and how
//! long a living leader is suspected.
//!
//! A leader says every h that it is alive; a follower suspects it after tau of silence. Nobody
//! takes over: a suspicion is only noted.

use replicarium::engine::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, MessageKind, Note};
use replicarium::engine::world::{
    Event, Observer, Scripted, Setup, Target, What, World, WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode};

use super::bare_cluster;
use super::figures::{Figure, Table, figures, mean};
use crate::support::parallel::each;

/// Crashes in one run, and runs for one mean: a run lasts 19 hours at most, and the reference
/// tolerances are four standard errors of as many crashes as this where messages get lost.
const CRASHES: u32 = 10_000;
const RUNS: u64 = 6;

/// Heartbeats sent for one probability.
const HEARTBEATS: u64 = 200_000;

/// Heartbeat periods between a restart and the next crash: some heartbeat surely arrived.
const WARM_PERIODS: u64 = 8;

pub fn compares(id: &str) -> bool {
    id.starts_with("fd.timeout.")
}

/// h, tau, d in milliseconds and p, as they stand in a figure's parameters.
struct Spec {
    period: Span,
    timeout: Span,
    delay: Span,
    loss: f64,
}

impl Spec {
    fn of(figure: &Figure) -> Self {
        let words: Vec<f64> = figure
            .text("spec")
            .split_whitespace()
            .map(|word| word.split('=').nth(1).and_then(|v| v.parse().ok()).expect("a number"))
            .collect();
        let millis = |value: f64| Span::from_micros((value * 1e3) as u64);
        Self {
            period: millis(words[0]),
            timeout: millis(words[1]),
            delay: millis(words[2]),
            loss: words[3],
        }
    }

    fn setup(&self, seed: u64) -> Setup<Knobs> {
        let mut setup = bare_cluster(2, seed, Mode::Asynchronous, Delay::constant(self.delay));
        setup.knobs.failover.heartbeat = self.period;
        setup.knobs.failover.timeout = self.timeout;
        setup.network.all.loss = self.loss;
        setup.clients = Vec::new();
        setup
    }
}

/// What a follower thought of its leader.
#[derive(Clone, Default)]
struct Doubts {
    heartbeats: u64,
    suspected: Option<SimTime>,
    suspicions: u64,
    /// How long suspicions of a living leader lasted.
    lasted: Vec<f64>,
    crashed: Option<SimTime>,
    /// From each crash to the suspicion that stands after it; negative if it stood before.
    noticed: Vec<f64>,
}

impl Observer for Doubts {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Delivered { message, .. } if message.kind == MessageKind::Heartbeat => {
                self.heartbeats += 1;
            }
            What::Noted { note: Note::Suspected { .. }, .. } => {
                assert!(self.suspected.is_none(), "suspected twice without trust in between");
                self.suspected = Some(event.at);
                self.suspicions += 1;
            }
            What::Noted { note: Note::TrustedAgain { .. }, .. } => {
                let since = self.suspected.take().expect("trusted again without a suspicion");
                self.lasted.push(event.at.since(since).as_millis_f64());
            }
            What::Crashed { .. } => self.crashed = Some(event.at),
            What::Started { node: NodeId(0) } => {
                if let Some(crashed) = self.crashed.take() {
                    let noticed = self.suspected.expect("a dead leader is suspected in the end");
                    self.noticed.push(noticed.as_millis_f64() - crashed.as_millis_f64());
                }
            }
            _ => {}
        }
    }
}

/// Times from a crash, at any point of a heartbeat period, to the suspicion.
fn detections(spec: &Spec, seed: u64) -> Vec<f64> {
    let mut setup = spec.setup(seed);
    let leader = Target::Node(NodeId(0));
    let mut start = SimTime::ZERO + spec.period;
    for crash in 0..CRASHES {
        // Crashes spread evenly over the period: the golden ratio's multiples.
        let share = f64::from(crash) * 0.618_033_988_749_895 % 1.0;
        let into = Span::from_micros((share * spec.period.micros() as f64) as u64);
        let at = start + spec.period.times(WARM_PERIODS) + into;
        setup.script.push(Scripted { at, action: fault::crash(leader) });
        start = at + spec.timeout + spec.period.times(3);
        setup.script.push(Scripted { at: start, action: fault::restart(leader) });
    }
    let mut world: World<SingleLeader, Doubts> = World::new(setup, Doubts::default());
    world.advance(start, u32::MAX);
    assert_eq!(world.observer().noticed.len(), CRASHES as usize);
    world.observer().noticed.clone()
}

/// A living leader heard over the link: heartbeats, suspicions, how long they lasted, and the time.
fn false_suspicions(spec: &Spec) -> (Doubts, f64) {
    let mut world: World<SingleLeader, Doubts> = World::new(spec.setup(23), Doubts::default());
    let end = SimTime::ZERO + spec.period.times(HEARTBEATS);
    world.advance(end, u32::MAX);
    (world.observer().clone(), end.as_millis_f64())
}

fn measure(figure: &Figure) -> (f64, usize) {
    let spec = Spec::of(figure);
    if figure.id.contains(".mean.") {
        let runs = if spec.loss > 0.0 { RUNS } else { 1 };
        let all: Vec<f64> = (0..runs).flat_map(|run| detections(&spec, run)).collect();
        return (mean(&all), all.len());
    }
    let (doubts, millis) = false_suspicions(&spec);
    let suspicions = doubts.suspicions as f64;
    if figure.id.contains(".false.") {
        (suspicions / doubts.heartbeats as f64, doubts.heartbeats as usize)
    } else if figure.id.contains(".mtbfs.") {
        (millis / suspicions, doubts.suspicions as usize)
    } else {
        (mean(&doubts.lasted), doubts.lasted.len())
    }
}

#[test]
fn a_fixed_time_out_notices_and_errs_as_computed() {
    let all = figures("failover-timeout");
    let measured = each(&all, measure);
    let mut table = Table::default();
    for (figure, (measured, trials)) in all.iter().zip(measured) {
        table.compare(figure, measured, trials);
    }
    table.finish();
}
