//! Detectors beside the fixed time-out: freshness points under loss (Chen, Toueg and Aguilera), and
//! the moment at which accumulating suspicion reaches a threshold (Hayashibara and others).
//!
//! Nobody takes over: a suspicion is only noted.

use replicarium::engine::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::parts::phi::{Gaps, Phi};
use replicarium::engine::protocol::{Command, MessageKind, Note};
use replicarium::engine::world::{
    Event, Observer, Scripted, Setup, Target, What, World, WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Detect, Knobs, Mode};

use super::bare_cluster;
use super::figures::{Figure, Table, figures};
use crate::support::parallel::each;

pub fn compares(id: &str) -> bool {
    id.starts_with("fd.nfds.") || id.starts_with("fd.phi.")
}

/// What a follower thought of its leader.
#[derive(Clone, Default)]
struct Doubts {
    heard: SimTime,
    since: Option<SimTime>,
    mistakes: u32,
    mistaken: Span,
    noticed: Option<SimTime>,
}

impl Observer for Doubts {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Delivered { message, .. } if message.kind == MessageKind::Heartbeat => {
                self.heard = event.at;
            }
            What::Noted { note: Note::Suspected { .. }, .. } => {
                self.since = Some(event.at);
                self.noticed.get_or_insert(event.at);
                self.mistakes += 1;
            }
            What::Noted { note: Note::TrustedAgain { .. }, .. } => {
                let since = self.since.take().expect("trusted again without a suspicion");
                self.mistaken += event.at.since(since);
            }
            _ => {}
        }
    }
}

fn watched(delay: Delay, period: Span, detect: Detect) -> Setup<Knobs> {
    let mut setup = bare_cluster(2, 41, Mode::Asynchronous, delay);
    setup.knobs.failover.heartbeat = period;
    setup.knobs.failover.detect = detect;
    setup.clients = Vec::new();
    setup
}

/// A heartbeat period of the freshness figures: short, for a run lasts 19 hours at most.
const ETA: Span = Span::from_millis(100);

/// "eta=1 pL=.01 D~exp(.02) T_D<=1.04": the loss, the mean delay and the shift, in periods.
fn freshness(spec: &str) -> (f64, f64, f64) {
    let after = |name: &str| -> f64 {
        let rest =
            &spec[spec.find(name).unwrap_or_else(|| panic!("{name} in {spec}")) + name.len()..];
        let end = rest.find([' ', ')']).unwrap_or(rest.len());
        rest[..end].parse().expect("a number")
    };
    let shift = if spec.contains("delta=") { after("delta=") } else { after("T_D<=") - 1.0 };
    (after("pL="), after("D~exp("), shift)
}

fn periods(share: f64) -> Span {
    Span::from_micros((share * ETA.micros() as f64).round() as u64)
}

/// Mean time between mistakes and their mean length in periods, and the share of time in which the
/// living leader was trusted.
fn quality(spec: &str) -> ([f64; 3], usize) {
    let (loss, mean, shift) = freshness(spec);
    let delay = Delay::base_exponential(Span::ZERO, periods(mean));
    let mut setup = watched(delay, ETA, Detect::Freshness(periods(shift)));
    setup.network.all.loss = loss;
    // Where two heartbeats in a row must be lost, mistakes are a hundred times rarer.
    let heartbeats = if shift > 1.2 && loss < 0.05 { 600_000 } else { 150_000 };
    let mut world: World<SingleLeader, Doubts> = World::new(setup, Doubts::default());
    let end = SimTime::ZERO + ETA.times(heartbeats);
    world.advance(end, u32::MAX);
    let doubts = world.observer();
    let mistakes = f64::from(doubts.mistakes);
    let mistaken = doubts.mistaken.micros() as f64 / ETA.micros() as f64;
    let all = heartbeats as f64;
    ([all / mistakes, mistaken / mistakes, 1.0 - mistaken / all], doubts.mistakes as usize)
}

#[test]
fn freshness_points_err_as_often_and_as_long_as_computed() {
    let all: Vec<Figure> =
        figures("failover-detectors").into_iter().filter(|f| f.id.contains("nfds")).collect();
    let mut specs: Vec<&str> = all.iter().map(|figure| figure.text("spec")).collect();
    specs.dedup();
    let measured = each(&specs, |spec| quality(spec));
    let mut table = Table::default();
    for figure in &all {
        let place = specs.iter().position(|spec| *spec == figure.text("spec")).expect("measured");
        let ([between, length, trusted], mistakes) = measured[place];
        let value = match figure.id.rsplit('.').next() {
            Some("E_TMR") => between,
            Some("E_TM") => length,
            _ => trusted,
        };
        table.compare(figure, value, mistakes);
    }
    table.finish();
}

/// From the last heartbeat to the suspicion after the leader's crash.
fn noticed_after(mut setup: Setup<Knobs>, heartbeats: u64) -> Span {
    let leader = Target::Node(NodeId(0));
    let period = setup.knobs.failover.heartbeat;
    let at = SimTime::ZERO + period.times(heartbeats) + Span::from_micros(period.micros() / 2);
    setup.script.push(Scripted { at, action: fault::crash(leader) });
    let mut world: World<SingleLeader, Doubts> = World::new(setup, Doubts::default());
    world.advance(at + period.times(1_000), u32::MAX);
    let doubts = world.observer();
    assert_eq!(doubts.mistakes, 1, "it suspects once, and rightly");
    doubts.noticed.expect("a dead leader is suspected").since(doubts.heard)
}

fn phi(figure: &Figure, gaps: Gaps) -> Detect {
    let threshold = figure.number("phi");
    Detect::Phi(Phi { threshold, window: 200, min_deviation: Span::ZERO, gaps })
}

/// Every other heartbeat takes 10 ms longer: gaps of 90 and 110 ms, mean 100, deviation 10.
fn normal(figure: &Figure) -> f64 {
    const HEARTBEATS: u64 = 420;
    let (period, constant) = (Span::from_millis(100), Delay::constant(Span::from_millis(5)));
    assert_eq!((figure.number("mean_ms"), figure.number("sd_ms")), (100.0, 10.0));
    let mut setup = watched(constant, period, phi(figure, Gaps::Normal));
    let (from, to) = (Target::Node(NodeId(0)), Target::Node(NodeId(1)));
    for beat in 0..HEARTBEATS {
        let extra = Span::from_millis(10 * (beat % 2));
        let action = fault::disturb(from, to, 0.0, 0.0, extra);
        let at = SimTime::ZERO + period.times(beat) + Span::from_millis(50);
        setup.script.push(Scripted { at, action });
    }
    noticed_after(setup, HEARTBEATS).as_millis_f64()
}

/// Gaps of exactly ten seconds: the time in mean gaps.
fn exponential(figure: &Figure) -> f64 {
    let (period, constant) = (Span::from_millis(10_000), Delay::constant(Span::from_millis(5)));
    let setup = watched(constant, period, phi(figure, Gaps::Exponential));
    noticed_after(setup, 30).micros() as f64 / period.micros() as f64
}

#[test]
fn suspicion_reaches_each_threshold_when_it_should() {
    let all: Vec<Figure> =
        figures("failover-detectors").into_iter().filter(|f| f.id.contains("phi")).collect();
    let measured =
        each(
            &all,
            |figure| {
                if figure.id.contains("normal") { normal(figure) } else { exponential(figure) }
            },
        );
    let mut table = Table::default();
    for (figure, measured) in all.iter().zip(measured) {
        table.compare(figure, measured, 1);
    }
    table.finish();
}
