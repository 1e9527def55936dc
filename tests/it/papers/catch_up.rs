//! Copying a snapshot of S bytes over a link of B bytes per second while the log grows by w bytes
//! per second takes S/(B - w), and never ends when w >= B.

use replicarium::engine::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, MessageKind, Note};
use replicarium::engine::world::{
    ClientSetup, Event, LinkSetup, Observer, Pace, Setup, What, World, WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode};

use super::bare_cluster;
use super::figures::{Table, figures};

/// The figure's 142.857 s: S : B : w = 1000 : 10 : 3.
const SNAPSHOT_SECONDS: u64 = 100;
const LOG_SHARE: f64 = 0.3;

/// The database that is copied.
const KEYS: u32 = 8_000;
const VALUE_BYTES: u32 = 100;

/// How long the first client fills it: every key is written.
const FILLED: SimTime = SimTime::from_millis(110_000);

pub fn compares(id: &str) -> bool {
    id.starts_with("misc.catch_up")
}

/// One follower's way from empty to caught up.
#[derive(Clone, Default)]
struct Way {
    added: Option<SimTime>,
    snapshot_bytes: Option<u32>,
    caught_up: Option<SimTime>,
    append_bytes: u64,
    appended_records: u64,
}

impl Observer for Way {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Added { .. } => self.added = Some(event.at),
            What::Noted { note: Note::CatchUpFromSnapshot { bytes, .. }, .. } => {
                self.snapshot_bytes.get_or_insert(bytes);
            }
            What::Noted { note: Note::CaughtUp { node: NodeId(1), .. }, .. } => {
                self.caught_up.get_or_insert(event.at);
            }
            What::Delivered { message, .. } if message.kind == MessageKind::Append => {
                self.append_bytes += u64::from(message.bytes);
                self.appended_records += u64::from(message.last.since(message.first)) + 1;
            }
            _ => {}
        }
    }
}

/// A leader alone, filled, then written to steadily; it can ship `bandwidth` bytes per second.
fn growing(bandwidth: u64, writes_per_s: f64) -> Setup<Knobs> {
    let mut setup = bare_cluster(1, 9, Mode::Asynchronous, Delay::constant(Span::from_millis(1)));
    // Heartbeats are answered, so that what is slow is told from what is lost.
    setup.knobs.acknowledge.give_up_after = Some(Span::from_millis(100_000_000));
    setup.knobs.retention.records = Some(20_000);
    setup.knobs.failover.heartbeat = Span::from_millis(1_000);
    setup.knobs.shipping.batch_records = 64;
    setup.knobs.shipping.window_records = 256;
    setup.knobs.catch_up.bandwidth = bandwidth;
    setup.knobs.catch_up.piece_bytes = 4_096;
    let link = LinkSetup { bandwidth: Some(bandwidth), ordered: true, ..setup.network.all.clone() };
    setup.network.links = vec![(NodeId(0), NodeId(1), link)];
    let steady = ClientSetup {
        count: 1,
        pace: Pace::Closed {
            update_fraction: 1.0,
            think: Span::from_micros((1e6 / writes_per_s) as u64),
        },
        keys: KEYS,
        value_bytes: VALUE_BYTES,
        retry: None,
        from: FILLED,
        at_leader: true,
        ..ClientSetup::default()
    };
    let filling = Pace::Closed { update_fraction: 1.0, think: Span::from_millis(1) };
    let filler =
        ClientSetup { pace: filling, from: SimTime::ZERO, until: FILLED, ..steady.clone() };
    setup.clients = vec![filler, steady];
    setup
}

fn add_a_follower(setup: Setup<Knobs>, patience: Span) -> Way {
    let mut world: World<SingleLeader, Way> = World::new(setup, Way::default());
    world.advance(FILLED, u32::MAX);
    world.act(fault::add_follower());
    let end = FILLED + patience;
    while world.observer().caught_up.is_none() && world.step(end) {}
    world.observer().clone()
}

/// Bytes of the snapshot, and of one record on the link.
fn sizes() -> (f64, f64) {
    let way = add_a_follower(growing(1_000_000, 100.0), Span::from_millis(60_000));
    let snapshot = f64::from(way.snapshot_bytes.expect("the log does not reach back"));
    assert!(way.caught_up.is_some(), "a fast link is enough");
    (snapshot, way.append_bytes as f64 / way.appended_records as f64)
}

#[test]
fn a_snapshot_and_the_log_that_grows_meanwhile_take_s_over_b_minus_w() {
    let (snapshot, record) = sizes();
    let bandwidth = snapshot / SNAPSHOT_SECONDS as f64;
    let setup = growing(bandwidth as u64, LOG_SHARE * bandwidth / record);
    let way = add_a_follower(setup, Span::from_millis(1_000_000));
    let (added, done) = (way.added.expect("it was added"), way.caught_up.expect("it catches up"));
    let mut table = Table::default();
    table.compare(&figures("catch-up")[0], done.since(added).as_millis_f64() / 1_000.0, 1);
    table.finish();
}

#[test]
fn a_follower_never_catches_up_when_the_log_grows_faster_than_the_link_carries() {
    let (snapshot, record) = sizes();
    let bandwidth = snapshot / 10.0;
    let setup = growing(bandwidth as u64, 1.2 * bandwidth / record);
    let way = add_a_follower(setup, Span::from_millis(200_000));
    assert_eq!(way.caught_up, None);
    assert!(way.snapshot_bytes.is_some(), "the snapshot was begun");
}
