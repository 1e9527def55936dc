//! Whether a write or a read is possible when each node is up with a probability: every set of
//! nodes that may be up is played, and weighs as much as it is likely.

use replicarium::engine::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, Outcome, Protocol};
use replicarium::engine::world::{
    ClientSetup, Event, Observer, Pace, ReadFrom, Scripted, Setup, Target, What, World, WorldView,
    fault,
};
use replicarium::protocols::chain::Chain;
use replicarium::protocols::chain::knobs::Variant;
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode, Promote};

use super::bare_cluster;
use super::figures::{Figure, Table, figures};
use crate::chain::figures::{closed, servers};
use crate::support::parallel::each;

pub fn compares(id: &str) -> bool {
    id.starts_with("avail.")
}

/// When nodes go down, when the client asks, and how long it may take.
const DOWN: SimTime = SimTime::from_millis(1_000);
const ASKED: SimTime = SimTime::from_millis(5_000);
const END: SimTime = SimTime::from_millis(30_000);

/// Whether the client was served.
#[derive(Clone, Default)]
struct Served(bool);

impl Observer for Served {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        if let What::Told { outcome, .. } = event.what {
            self.0 |= matches!(outcome, Outcome::Written { .. } | Outcome::Value { .. });
        }
    }
}

/// The cluster that a figure is about.
fn cluster(figure: &Figure) -> Setup<Knobs> {
    let nodes = figure.number("nodes") as u8;
    let acks = figure.number("acks") as u8;
    let quorum = figure.id.contains("majority_quorum");
    let mode = if figure.id.contains("semi-sync") {
        Mode::SemiSyncAny(acks)
    } else if quorum {
        Mode::SemiSyncAny(nodes / 2)
    } else if figure.id.contains("async") || figure.id.contains("read_one") {
        Mode::Asynchronous
    } else {
        Mode::Synchronous
    };
    let mut setup = bare_cluster(nodes, 3, mode, Delay::constant(Span::from_millis(1)));
    let failover = &mut setup.knobs.failover;
    failover.heartbeat = Span::from_millis(100);
    failover.timeout = Span::from_millis(500);
    failover.election_timeout = (Span::from_millis(500), Span::from_millis(1_000));
    failover.fencing = quorum;
    failover.promote = if quorum {
        Promote::Majority
    } else if figure.id.ends_with("failover") {
        Promote::FirstToNotice
    } else {
        Promote::ByHand
    };
    let reads = figure.id.contains("read_one");
    setup.clients = vec![ClientSetup {
        count: 1,
        pace: Pace::Closed {
            update_fraction: if reads { 0.0 } else { 1.0 },
            think: Span::from_millis(100_000),
        },
        read_from: if reads { ReadFrom::Any } else { ReadFrom::Leader },
        from: ASKED,
        ..ClientSetup::default()
    }];
    setup
}

/// A chain that nobody repairs: its service waits for ever before it takes a node for dead.
fn chain(figure: &Figure) -> Setup<<Chain as Protocol>::Knobs> {
    let share = if figure.id.contains("chain_write") { 1.0 } else { 0.0 };
    let mut client = closed(1, share, Span::from_millis(100_000), ReadFrom::Leader);
    client.from = ASKED;
    servers(figure.number("nodes") as u8, Variant::Chain, vec![client])
}

/// Whether the client is served when exactly these nodes are up, one bit a node.
fn is_served(figure: &Figure, up: u32) -> bool {
    if figure.id.contains("chain") {
        played::<Chain>(chain(figure), up)
    } else {
        played::<SingleLeader>(cluster(figure), up)
    }
}

fn played<P: Protocol>(mut setup: Setup<P::Knobs>, up: u32) -> bool {
    for node in (0..setup.nodes).filter(|node| up >> node & 1 == 0) {
        let action = fault::power_off(Target::Node(NodeId(node)));
        setup.script.push(Scripted { at: DOWN, action });
    }
    let mut world: World<P, Served> = World::new(setup, Served::default());
    world.advance(END, u32::MAX);
    world.observer().0
}

fn probability(figure: &Figure) -> f64 {
    let (nodes, p) = (figure.number("nodes") as u32, figure.number("p_up"));
    let weight = |up: u32| -> f64 {
        (0..nodes).map(|node| if up >> node & 1 == 1 { p } else { 1.0 - p }).product()
    };
    (0..1 << nodes).filter(|up| is_served(figure, *up)).map(weight).sum()
}

#[test]
fn a_write_or_a_read_is_possible_as_often_as_computed() {
    let all = figures("availability");
    let measured = each(&all, probability);
    let mut table = Table::default();
    for (figure, measured) in all.iter().zip(measured) {
        let sets = 1 << figure.number("nodes") as usize;
        table.compare_closely(figure, measured, sets);
    }
    table.finish();
}
