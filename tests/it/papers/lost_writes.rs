//! What an asynchronous leader takes with it when its machine dies with the messages in flight:
//! Poisson writes of rate L, exponential delays of mean d, rho = L d.
//!
//! "prefix": the promoted follower's log goes as far as the first gap; judged by the ledger.
//! "set" and "none_of_3" count single records that reached no follower. A log has no gaps, so that
//! these are counted on the links: appends that died in flight.

use std::collections::BTreeMap;

use replicarium::engine::base::{ClientId, Delay, DelayPart, NodeId, OpId, SimTime, Span};
use replicarium::engine::observe::Recorder;
use replicarium::engine::protocol::{Command, MessageKind};
use replicarium::engine::world::{
    ClientSetup, Dropped, Event, Limits, Observer, Pace, Scripted, Setup, Target, What, World,
    WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode};

use super::bare_cluster;
use super::figures::{Figure, Table, figures, mean};
use crate::support::parallel::each;

/// The reference tolerances are about four standard errors of so many crashes.
const CRASHES: u64 = 10_000;

/// Writing goes on for so many mean delays before the crash: what was written earlier has arrived
/// but for one in three million.
const DELAYS_OF_WRITING: u64 = 15;

/// Versions behind are looked at so often, ten mean delays apart.
const LOOKS: u64 = 6_000;

pub fn compares(id: &str) -> bool {
    id.starts_with("sl.lost.") || id.starts_with("misc.versions_behind")
}

/// Appends in flight, by position: how many of them are on their way, and how many died.
#[derive(Clone, Default)]
struct InFlight {
    sent: u64,
    delivered: u64,
    died: BTreeMap<u32, u32>,
}

impl Observer for InFlight {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Sent { message, .. } if message.kind == MessageKind::Append => self.sent += 1,
            What::Delivered { message, .. } if message.kind == MessageKind::Append => {
                self.delivered += 1;
            }
            What::Lost { message, why: Dropped::SenderLostPower, .. }
                if message.kind == MessageKind::Append =>
            {
                for position in message.first.0..=message.last.0 {
                    *self.died.entry(position).or_default() += 1;
                }
            }
            _ => {}
        }
    }
}

/// An asynchronous leader that is written to from then on, and when that is.
fn written_to(seed: u64, followers: u8, rate: f64, delay: Span) -> (Setup<Knobs>, SimTime) {
    let links = Delay::new(vec![DelayPart::Exponential(delay.micros() as f64)]);
    let mut setup = bare_cluster(followers + 1, seed, Mode::Asynchronous, links);
    let from = SimTime::ZERO + delay.times(60);
    setup.clients = vec![ClientSetup {
        count: 1,
        pace: Pace::Open { writes_per_s: rate, reads_per_s: 0.0 },
        timeout: Span::from_millis(100_000),
        retry: None,
        from,
        at_leader: true,
        ..ClientSetup::default()
    }];
    (setup, from)
}

/// Kills the leader's machine under load and promotes the first follower when all is quiet.
fn crash<O: Observer>(
    (mut setup, from): (Setup<Knobs>, SimTime),
    delay: Span,
    observer: O,
) -> World<SingleLeader, O> {
    let dies = from + delay.times(DELAYS_OF_WRITING);
    let end = dies + delay.times(60);
    setup.clients[0].until = dies;
    setup.script = vec![
        Scripted { at: dies, action: fault::power_off(Target::Node(NodeId(0))) },
        Scripted { at: end, action: fault::promote(Target::Node(NodeId(1))) },
    ];
    let mut world = World::new(setup, observer);
    world.advance(end + Span::from_millis(1), u32::MAX);
    world
}

fn lost(rule: &str, seed: u64, rate: f64, delay: Span) -> f64 {
    let died = |followers: u8| {
        let setup = written_to(seed, followers, rate, delay);
        let world = crash(setup, delay, InFlight::default());
        let died = world.observer().died.values().filter(|count| **count == u32::from(followers));
        died.count() as f64
    };
    match rule {
        "set" => died(1),
        "none_of_3" => died(3),
        "prefix" => {
            let world =
                crash(written_to(seed, 1, rate, delay), delay, Recorder::new(&Limits::default()));
            f64::from(world.observer().ledger().counts().lost)
        }
        other => panic!("no such rule: {other}"),
    }
}

#[test]
fn an_asynchronous_leader_takes_what_is_in_flight_with_it() {
    let all: Vec<Figure> =
        figures("single-leader").into_iter().filter(|f| f.id.starts_with("sl.lost.")).collect();
    let measured = each(&all, |figure| {
        let delay = Span::from_micros((figure.number("mean_delay_s") * 1e6) as u64);
        let (rule, rate) = (figure.text("rule"), figure.number("rate_per_s"));
        mean(&(0..CRASHES).map(|seed| lost(rule, seed, rate, delay)).collect::<Vec<_>>())
    });
    let mut table = Table::default();
    for (figure, measured) in all.iter().zip(measured) {
        table.compare(figure, measured, CRASHES as usize);
    }
    table.finish();
}

#[test]
fn a_follower_is_behind_by_the_rate_times_the_mean_delay() {
    // The figure's 10 versions: 1,000 writes per second, 10 ms.
    let delay = Span::from_millis(10);
    let (setup, from) = written_to(5, 1, 1_000.0, delay);
    let mut world: World<SingleLeader, InFlight> = World::new(setup, InFlight::default());
    let behind: Vec<f64> = (1..=LOOKS)
        .map(|look| {
            world.advance(from + delay.times(10 * (look + 1)), u32::MAX);
            (world.observer().sent - world.observer().delivered) as f64
        })
        .collect();
    let mut table = Table::default();
    for figure in figures("single-leader").iter().filter(|f| f.id.starts_with("misc.versions")) {
        table.compare(figure, mean(&behind), behind.len());
    }
    table.finish();
}
