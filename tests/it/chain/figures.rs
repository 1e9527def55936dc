//! The figures of the papers: a message takes 1 ms, a query 5 ms of a server's processor, an update
//! 50 ms at the first and 20 ms at each further server, disks take no time. The rows of primary/backup
//! are compared twice: with a synchronous leader (`papers`) and with a chain's own variant here.

use replicarium::engine::base::{ClientId, Delay, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, Note};
use replicarium::engine::world::{
    ClientSetup, DiskSetup, Event, LinkSetup, NetworkSetup, Observer, Pace, ReadFrom, ServiceSetup,
    Setup, Target, What, World, WorldView, fault,
};
use replicarium::protocols::chain::Chain;
use replicarium::protocols::chain::knobs::{Knobs, Variant};

use crate::papers::figures::{Figure, Table, figures};
use crate::support::parallel::each;

const MS: Span = Span::from_millis(1);

/// Counting starts when the queues are as they will stay.
const WARM: SimTime = SimTime::from_millis(20_000);

/// Counted for so long, as in the paper. Its 300 s scatter by up to 3 %.
const COUNTED: Span = Span::from_millis(300_000);

/// Longer than any run: nobody is taken for dead by mistake, signs of life are too rare to matter.
const NEVER: Span = Span::from_millis(10_000_000);

pub fn compares(id: &str) -> bool {
    (id.starts_with("cr.") && !id.contains(".pb") && !id.ends_with("backup"))
        || id.starts_with("craq.")
}

/// What is counted and timed.
#[derive(Clone, Default)]
struct Ends {
    count: u32,
    writes: u32,
    began: Vec<(SimTime, bool)>,
    last_write: Span,
    last_read: Span,
    slowest_read: Span,
    suspected: Option<SimTime>,
    // After a suspicion: when a write was first taken, when a client's request was first answered.
    taken: Option<SimTime>,
    answered: Option<SimTime>,
}

impl Observer for Ends {
    fn on_operation(&mut self, _: OpId, _: ClientId, command: Command, at: SimTime) {
        self.began.push((at, matches!(command, Command::Write { .. })));
    }

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Told { ends: true, op, .. } => {
                self.count += 1;
                let (began, write) = self.began[op.index()];
                let took = event.at.since(began);
                if write {
                    (self.writes, self.last_write) = (self.writes + 1, took);
                } else {
                    self.last_read = took;
                    self.slowest_read = self.slowest_read.max(took);
                }
            }
            What::Noted { note: Note::Suspected { .. }, .. } => self.suspected = Some(event.at),
            What::Noted { note: Note::Appended { .. }, .. } if self.suspected.is_some() => {
                self.taken.get_or_insert(event.at);
            }
            What::Answered { outcome, .. } if self.suspected.is_some() => {
                use replicarium::engine::protocol::Outcome::{Value, Written};
                if matches!(outcome, Value { .. } | Written { .. }) {
                    self.answered.get_or_insert(event.at);
                }
            }
            _ => {}
        }
    }
}

pub fn servers(nodes: u8, variant: Variant, clients: Vec<ClientSetup>) -> Setup<Knobs> {
    let mut knobs = Knobs { variant, retention: Some(100), ..Knobs::default() };
    (knobs.detect.timeout, knobs.detect.heartbeat) = (NEVER, Span::from_millis(100_000));
    let all = LinkSetup { delay: Delay::constant(MS), ..LinkSetup::default() };
    Setup {
        seed: 3,
        nodes,
        knobs,
        network: NetworkSetup { all, links: Vec::new(), clients: None },
        disk: DiskSetup { flush: Delay::default(), capacity_bytes: None },
        service: ServiceSetup {
            read: Span::from_millis(5),
            write: Span::from_millis(50),
            replicate: Span::from_millis(20),
            ..ServiceSetup::default()
        },
        clients,
        until: SimTime::NEVER,
        ..Setup::default()
    }
}

pub fn closed(count: u16, update_fraction: f64, think: Span, read_from: ReadFrom) -> ClientSetup {
    ClientSetup {
        count,
        pace: Pace::Closed { update_fraction, think },
        read_from,
        timeout: NEVER,
        retry: None,
        from: SimTime::from_millis(1_000),
        ..ClientSetup::default()
    }
}

fn start(setup: Setup<Knobs>) -> World<Chain, Ends> {
    World::new(setup, Ends::default())
}

/// Answered operations per second: all, and writes.
fn throughput(setup: Setup<Knobs>, counted: Span) -> (f64, f64) {
    let mut world = start(setup);
    world.advance(WARM, u32::MAX);
    let before = (world.observer().count, world.observer().writes);
    world.advance(WARM + counted, u32::MAX);
    let rate = |now: u32, then: u32| f64::from(now - then) * 1_000.0 / counted.as_millis_f64();
    let now = world.observer();
    (rate(now.count, before.0), rate(now.writes, before.1))
}

fn variant(figure: &Figure) -> (Variant, ReadFrom) {
    match figure.text("variant") {
        "chain" => (Variant::Chain, ReadFrom::Leader),
        "weak" => (Variant::Weak, ReadFrom::Any),
        "p/b" => (Variant::PrimaryBackup, ReadFrom::Leader),
        other => panic!("{}: {other}", figure.id),
    }
}

#[test]
fn throughput_falls_with_the_share_of_updates_as_in_figure_4() {
    let mut all = figures("chain");
    all.extend(figures("single-leader"));
    all.retain(|figure| figure.id.starts_with("cr.fig4."));
    let measured = each(&all, |figure| {
        let (variant, read_from) = variant(figure);
        let share = figure.number("update_pct") / 100.0;
        let clients = vec![closed(25, share, Span::ZERO, read_from)];
        throughput(servers(figure.number("t") as u8, variant, clients), COUNTED).0
    });
    let mut table = Table::default();
    for (figure, measured) in all.iter().zip(measured) {
        table.compare(figure, measured, 1);
    }
    table.finish();
}

/// Enough clients that the busiest server never waits for one.
const MANY: u16 = 200;

/// Seconds that a request takes of the busiest server, by the throughput where updates are these
/// two shares: two points of a straight line while the same server is the busiest.
fn line(t: u8, variant: Variant, shares: [f64; 2]) -> [(f64, f64); 2] {
    let read_from = if variant == Variant::Weak { ReadFrom::Any } else { ReadFrom::Leader };
    shares.map(|share| {
        let clients = vec![closed(MANY, share, Span::ZERO, read_from)];
        (share, 1.0 / throughput(servers(t, variant, clients), COUNTED.times(2)).0)
    })
}

/// The share at which two straight lines cross.
fn crossing(lines: &[[(f64, f64); 2]]) -> f64 {
    let [[a, b], [c, d]] = lines else { panic!("two lines") };
    let slope = |from: &(f64, f64), to: &(f64, f64)| (to.1 - from.1) / (to.0 - from.0);
    let (first, second) = (slope(a, b), slope(c, d));
    (c.1 - a.1 + first * a.0 - second * c.0) / (first - second)
}

#[test]
fn the_bottleneck_moves_to_the_head_and_weak_falls_below_the_chain_where_computed() {
    // With few updates the tail is the busiest of a chain, with many the head; of weak always the
    // head. All points lie well on their side of the crossing.
    let tail = [0.02, 0.1];
    let weak = [0.05, 0.25];
    let work = [
        (3, Variant::Chain, tail),
        (3, Variant::Chain, [0.2, 0.5]),
        (3, Variant::Weak, weak),
        (2, Variant::Chain, tail),
        (2, Variant::Weak, weak),
    ];
    let lines = each(&work, |(t, variant, shares)| line(*t, *variant, *shares));
    let mut table = Table::default();
    table.compare(&figure("cr.crossover.chain"), crossing(&[lines[0], lines[1]]), 1);
    table.compare(&figure("cr.crossover.weak.t3"), crossing(&[lines[0], lines[2]]), 1);
    table.compare(&figure("cr.crossover.weak.t2"), crossing(&[lines[3], lines[4]]), 1);
    table.finish();
}

/// The latencies of a write and of a read that nobody disturbs, in milliseconds.
fn unloaded(setup: Setup<Knobs>) -> (f64, f64) {
    let mut world = start(setup);
    world.advance(SimTime::from_millis(20_200), u32::MAX);
    let ends = world.observer();
    (ends.last_write.as_millis_f64(), ends.last_read.as_millis_f64())
}

fn alone(nodes: u8, variant: Variant, share: f64) -> Setup<Knobs> {
    let think = Span::from_millis(500);
    servers(nodes, variant, vec![closed(1, share, think, ReadFrom::Leader)])
}

fn figure(id: &str) -> Figure {
    let all = figures("chain").into_iter().chain(figures("single-leader"));
    all.into_iter().find(|figure| figure.id == id).unwrap_or_else(|| panic!("no figure {id}"))
}

#[test]
fn an_update_alone_passes_every_server_and_a_query_one() {
    let mut table = Table::default();
    for t in [1, 3, 5] {
        let (write, _) = unloaded(alone(t, Variant::Chain, 1.0));
        table.compare(&figure(&format!("cr.lat.update.chain.t{t}")), write, 1);
    }
    for t in [1, 2, 3, 5] {
        let (_, read) = unloaded(alone(t, Variant::Chain, 0.0));
        table.compare(&figure("cr.lat.query"), read, 1);
    }
    for t in 2..=5 {
        let (write, _) = unloaded(alone(t, Variant::PrimaryBackup, 1.0));
        table.compare(&figure("cr.lat.update.pb"), write, 1);
    }
    table.finish();
}

/// An outage in message delays, from the moment at which the service takes the node for dead to the
/// moment at which the first request is served that a client sends to the right node.
fn outage(variant: Variant, dies: Target, share: f64) -> World<Chain, Ends> {
    let mut setup = servers(3, variant, vec![closed(1, share, Span::ZERO, ReadFrom::Leader)]);
    setup.service = ServiceSetup::default();
    setup.clients[0].retry = ClientSetup::default().retry;
    (setup.knobs.detect.timeout, setup.knobs.detect.heartbeat) =
        (Span::from_millis(500), Span::from_millis(50));
    let mut world = start(setup);
    world.advance(SimTime::from_millis(5_000), u32::MAX);
    world.act(fault::power_off(dies));
    world.advance(SimTime::from_millis(8_000), u32::MAX);
    world
}

#[test]
fn a_dead_head_or_tail_costs_two_message_delays_after_its_detection_and_a_backup_one() {
    let delays = |from: Option<SimTime>, to: Option<SimTime>| {
        let (from, to) = (from.expect("suspected"), to.expect("served again"));
        to.since(from).as_millis_f64() / MS.as_millis_f64()
    };
    let mut table = Table::default();
    let head = outage(Variant::Chain, Target::Head, 1.0);
    table.compare(
        &figure("cr.outage.head"),
        delays(head.observer().suspected, head.observer().taken),
        1,
    );
    let tail = outage(Variant::Chain, Target::Tail, 0.0);
    let served = delays(tail.observer().suspected, tail.observer().answered);
    table.compare(&figure("cr.outage.tail"), served, 1);
    let backup = outage(Variant::PrimaryBackup, Target::Follower(1), 1.0);
    let served = delays(backup.observer().suspected, backup.observer().answered);
    table.compare(&figure("cr.outage.backup"), served, 1);
    table.finish();
}

/// The machines of the CRAQ paper are all alike: here an update costs every server the same.
fn alike(nodes: u8, variant: Variant, clients: Vec<ClientSetup>) -> Setup<Knobs> {
    let mut setup = servers(nodes, variant, clients);
    let work = Span::from_millis(5);
    setup.service =
        ServiceSetup { read: work, write: work, replicate: work, ..ServiceSetup::default() };
    setup
}

#[test]
fn craq_reads_scale_with_the_chain_and_its_writes_do_not_suffer() {
    let counted = Span::from_millis(60_000);
    let readers = |nodes, variant, from| {
        throughput(alike(nodes, variant, vec![closed(60, 0.0, Span::ZERO, from)]), counted).0
    };
    let writers = |nodes| {
        let clients = vec![closed(60, 1.0, Span::ZERO, ReadFrom::Leader)];
        throughput(alike(nodes, Variant::Craq, clients), counted).1
    };
    let mut table = Table::default();
    let tail = readers(3, Variant::Chain, ReadFrom::Leader);
    for nodes in [3, 5, 7] {
        let ratio = readers(nodes, Variant::Craq, ReadFrom::Any) / tail;
        table.compare(&figure(&format!("craq.r{nodes}")), ratio, 1);
    }
    table.compare(&figure("craq.w5"), writers(5) / writers(3), 1);
    table.finish();
}

#[test]
fn a_dirty_read_asks_the_tail_and_a_write_passes_every_server() {
    let write = |nodes| {
        let setup =
            alike(nodes, Variant::Craq, vec![closed(1, 1.0, MS.times(500), ReadFrom::Leader)]);
        unloaded(setup).0
    };
    let mut table = Table::default();
    table.compare(&figure("craq.wlat6"), write(6) / write(3), 1);
    table.compare(&figure("craq.dirtylat"), read_latency(true) / read_latency(false), 1);
    table.finish();
}

/// How long a read takes at most, of a key that is dirty at the head for ever, or clean everywhere:
/// the answers cost no processor, as on the paper's machines without load.
fn read_latency(dirty: bool) -> f64 {
    let mut reader = closed(1, 0.0, MS.times(100), ReadFrom::Any);
    (reader.keys, reader.from) = (1, SimTime::from_millis(3_000));
    let mut writer = closed(1, 1.0, Span::ZERO, ReadFrom::Leader);
    (writer.keys, writer.from) = (1, SimTime::from_millis(2_000));
    let clients = if dirty { vec![writer, reader] } else { vec![reader] };
    let mut setup = alike(3, Variant::Craq, clients);
    setup.service = ServiceSetup::default();
    let mut world = start(setup);
    world.act(fault::cut(Target::Head, Target::Middle(1), false));
    world.advance(SimTime::from_millis(20_000), u32::MAX);
    world.observer().slowest_read.as_millis_f64()
}
