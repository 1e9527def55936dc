//! Random set-ups: a whole run from one number.
//!
//! Every kind of configuration is as likely as any other, and sizes are small, so that limits,
//! truncated logs and elections happen within seconds. Left out is overload by settings (a window of
//! one record, links that go on losing one message in ten, processors and appliers slower than the
//! clients, retries without a key for ever): there the backlog grows faster than anybody can follow,
//! as it would anywhere.

use replicarium::engine::base::random::StreamName;
use replicarium::engine::base::{Delay, NodeId, SimTime, Span, Stream};
use replicarium::engine::world::{
    ApplierSetup, ClientSetup, ClockSetup, DiskSetup, FAULTS, Limits, LinkSetup, NetworkSetup,
    Pace, ReadFrom, Retry, Scripted, ServiceSetup, Setup, Target, fault,
};
use replicarium::protocols::single_leader::knobs::{
    Acknowledge, CatchUp, Choose, ConfirmOn, Detect, Failover, Knobs, Method, Mode, Promote,
    Retention, Returning, Shipping, Unapplied, WhenSilent,
};

use super::faults;

/// When faults stop and everything is mended.
pub const HEALED: SimTime = SimTime::from_millis(6_000);

/// Random choices of one plan.
pub struct Dice(Stream);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Stream::new(seed ^ 0x5_3a72, StreamName::Faults))
    }

    /// Uniform in `0..bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// Uniform in `low..=high`.
    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.below(high - low + 1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.0.below(100) < percent
    }

    pub fn millis(&mut self, low: u64, high: u64) -> Span {
        Span::from_micros(self.within(low * 1_000, high * 1_000))
    }

    /// One of several.
    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize].clone()
    }

    /// Some nodes in random order, perhaps all, perhaps none.
    fn some_nodes(&mut self, nodes: u8) -> Vec<NodeId> {
        let mut all: Vec<NodeId> = (0..nodes).map(NodeId).collect();
        let mut some = Vec::new();
        for _ in 0..self.within(0, u64::from(nodes)) {
            some.push(all.swap_remove(self.below(all.len() as u64) as usize));
        }
        some
    }
}

/// The run of this seed: its set-up with the faults in its script.
pub fn plan(seed: u64) -> Setup<Knobs> {
    let dice = &mut Dice::new(seed);
    let nodes = dice.within(2, 7) as u8;
    let knobs = knobs(dice, nodes);
    let network = network(dice, nodes);
    let disk = disk(dice);
    let clients = (0..dice.within(1, 2)).map(|_| clients(dice)).collect();
    let (mut knobs, mut clocks) = (knobs, Vec::new());
    disturb(&mut Dice::new(seed ^ 0xc10c_c000), nodes, &mut knobs, &mut clocks);
    Setup {
        seed,
        nodes,
        knobs,
        network,
        clocks,
        disk,
        service: service(dice),
        clients,
        script: faults::script(dice, nodes, faults::leader_or_other),
        until: SimTime::NEVER,
        limits: Limits::default(),
        faults: FAULTS,
    }
}

/// Of some runs, elections that disturb leaders, and clocks at the wrong pace.
fn disturb(dice: &mut Dice, nodes: u8, knobs: &mut Knobs, clocks: &mut Vec<ClockSetup>) {
    knobs.failover.pre_vote = dice.chance(75);
    knobs.failover.leader_stickiness = dice.chance(85);
    if dice.chance(20) {
        let drift = |dice: &mut Dice| dice.within(0, 600_000) as i32 - 300_000;
        clocks.extend((0..nodes).map(|node| ClockSetup {
            node: NodeId(node),
            skew_us: i64::from(drift(dice)),
            drift_ppm: drift(dice),
        }));
    }
}

fn knobs(dice: &mut Dice, nodes: u8) -> Knobs {
    let timeout = dice.millis(300, 1_500);
    Knobs {
        acknowledge: acknowledge(dice, nodes),
        failover: Failover {
            detect: Detect::Timeout,
            timeout,
            election_timeout: (timeout, timeout + dice.millis(100, 800)),
            heartbeat: Span::from_micros(timeout.micros() / dice.within(3, 6)),
            promote: dice.one_of(&[
                Promote::Majority,
                Promote::Majority,
                Promote::FirstToNotice,
                Promote::ByHand,
            ]),
            choose: choose(dice, nodes),
            fencing: dice.chance(70),
            pre_vote: true,
            leader_stickiness: true,
            returning: dice.one_of(&[
                Returning::Rewind,
                Returning::Rewind,
                Returning::Refuse,
                Returning::Trust,
            ]),
            unapplied: Unapplied::Apply,
        },
        retention: Retention {
            records: [None, Some(dice.within(1, 20) as u32), Some(dice.within(20, 300) as u32)]
                [dice.below(3) as usize],
            slots: dice.chance(30),
            slot_limit: [None, Some(dice.within(10, 200) as u32)][dice.below(2) as usize],
        },
        shipping: Shipping {
            batch_records: dice.within(1, 64) as u32,
            window_records: dice.within(8, 256) as u32,
        },
        catch_up: CatchUp {
            automatic: dice.chance(85),
            // Copied files are wrong by design.
            method: Method::Snapshot,
            page_keys: 8,
            page_pause: Span::ZERO,
            bandwidth: dice.within(50_000, 1_000_000),
            piece_bytes: dice.within(200, 8_192) as u32,
        },
    }
}

fn acknowledge(dice: &mut Dice, nodes: u8) -> Acknowledge {
    let k = dice.within(1, u64::from(nodes) - 1) as u8;
    let silent = dice.millis(300, 2_000);
    Acknowledge {
        mode: match dice.below(4) {
            0 => Mode::Asynchronous,
            1 => Mode::SemiSyncAny(k),
            2 => Mode::SemiSyncFirst(k, dice.some_nodes(nodes)),
            _ => Mode::Synchronous,
        },
        on: dice.one_of(&[ConfirmOn::Received, ConfirmOn::Flushed, ConfirmOn::Applied]),
        when_silent: dice.one_of(&[
            WhenSilent::Block,
            WhenSilent::Block,
            WhenSilent::DegradeAfter(silent),
        ]),
        give_up_after: [None, Some(dice.millis(400, 3_000))][dice.below(2) as usize],
    }
}

fn choose(dice: &mut Dice, nodes: u8) -> Choose {
    if dice.chance(80) { Choose::MostUpToDate } else { Choose::Priority(dice.some_nodes(nodes)) }
}

pub fn network(dice: &mut Dice, nodes: u8) -> NetworkSetup {
    let (base, mean) = (dice.millis(0, 5), dice.millis(0, 15));
    let all = LinkSetup {
        delay: Delay::base_exponential(base, mean),
        loss: [0.0, 0.0, 0.01, 0.02][dice.below(4) as usize],
        duplicate: [0.0, 0.0, 0.05][dice.below(3) as usize],
        bandwidth: [None, None, Some(dice.within(200_000, 2_000_000))][dice.below(3) as usize],
        buffer_bytes: [4 << 20, dice.within(40_000, 100_000)][dice.below(2) as usize],
        ordered: dice.chance(60),
    };
    let far = LinkSetup {
        delay: Delay::base_exponential(dice.millis(10, 40), dice.millis(0, 10)),
        ..all.clone()
    };
    let links = if dice.chance(30) {
        let from = NodeId(dice.below(u64::from(nodes)) as u8);
        (0..nodes).map(NodeId).filter(|to| *to != from).map(|to| (from, to, far.clone())).collect()
    } else {
        Vec::new()
    };
    NetworkSetup { all, links, clients: None }
}

pub fn disk(dice: &mut Dice) -> DiskSetup {
    let exponential = Delay::base_exponential(dice.millis(0, 2), dice.millis(0, 8));
    let flush =
        dice.one_of(&[Delay::default(), Delay::constant(Span::from_millis(2)), exponential]);
    DiskSetup { flush, capacity_bytes: None }
}

pub fn service(dice: &mut Dice) -> ServiceSetup {
    if dice.chance(80) {
        return ServiceSetup::default();
    }
    let mut micros = || Span::from_micros(dice.within(0, 400));
    let (read, write, replicate) = (micros(), micros(), micros());
    ServiceSetup { read, write, replicate, ..ServiceSetup::default() }
}

/// In one run of four appliers take their time, one of them longer or later than the others, and are
/// paused. Drawn apart, so that the rest of a run is what it is without them. None is busy for more
/// than half of the time.
pub fn with_appliers<K>(mut setup: Setup<K>) -> Setup<K> {
    let dice = &mut Dice::new(setup.seed ^ 0xa991_1e55);
    if !dice.chance(25) {
        return setup;
    }
    let node = |dice: &mut Dice| NodeId(dice.below(u64::from(setup.nodes)) as u8);
    let busy = Span::from_micros((500_000.0 / records_per_s(&setup.clients).max(1.0)) as u64);
    let exponential = |mean: Span| Delay::base_exponential(Span::ZERO, mean.min(busy));
    let service = &mut setup.service;
    service.apply =
        [Delay::default(), exponential(dice.millis(0, 3))][dice.below(2) as usize].clone();
    let apply = [None, Some(exponential(dice.millis(1, 20)))][dice.below(2) as usize].clone();
    // Within the clients' patience: where every write waits for "applied", none is served beyond it.
    let delayed = [Span::ZERO, dice.millis(1, 300)][dice.below(2) as usize];
    service.appliers = vec![ApplierSetup { node: node(dice), apply, delayed }];
    for _ in 0..dice.within(0, 2) {
        let (target, at) = (Target::Node(node(dice)), SimTime::ZERO + dice.millis(500, 6_000));
        let later = at + dice.millis(10, 2_000);
        setup.script.push(Scripted { at, action: fault::pause_applying(target) });
        setup.script.push(Scripted { at: later, action: fault::resume_applying(target) });
    }
    setup.script.sort_by_key(|scripted| scripted.at);
    setup
}

/// What clients have a log grow by in a second, at most: asking again without a key is a record more.
fn records_per_s(clients: &[ClientSetup]) -> f64 {
    let records = |client: &ClientSetup| {
        let writes = match client.pace {
            Pace::Open { writes_per_s, .. } => writes_per_s,
            Pace::Closed { update_fraction, think } => {
                update_fraction * 1e6 / think.micros() as f64
            }
        };
        let again = client.retry.filter(|retry| !retry.idempotent).map_or(1, |r| r.attempts);
        writes * f64::from(client.count) * f64::from(again)
    };
    clients.iter().map(records).sum()
}

pub fn clients(dice: &mut Dice) -> ClientSetup {
    let pace = if dice.chance(70) {
        Pace::Open {
            writes_per_s: dice.within(3, 20) as f64,
            reads_per_s: dice.within(0, 4) as f64,
        }
    } else {
        Pace::Closed { update_fraction: 0.7, think: dice.millis(30, 200) }
    };
    // Many attempts without a key would make the log grow faster than anybody can follow.
    let idempotent = dice.chance(70);
    let attempts = dice.within(1, if idempotent { 30 } else { 3 }) as u16;
    let retry = Retry { idempotent, attempts, pause: dice.millis(50, 200) };
    ClientSetup {
        count: dice.within(1, 3) as u16,
        pace,
        read_from: dice.one_of(&[ReadFrom::Leader, ReadFrom::Follower(1), ReadFrom::Any]),
        keys: dice.within(1, 30) as u32,
        value_bytes: dice.within(1, 200) as u32,
        timeout: dice.millis(300, 1_000),
        retry: if dice.chance(80) { Some(retry) } else { None },
        ..ClientSetup::default()
    }
}
