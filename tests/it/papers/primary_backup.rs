//! Primary/backup as van Renesse and Schneider (OSDI 2004) compare it with chain replication:
//! a synchronous leader, a message takes 1 ms, a query 5 ms of the leader's processor, an update
//! 50 ms there and 20 ms at each further server.

use replicarium::engine::base::{ClientId, Delay, NodeId, OpId, SimTime, Span};
use replicarium::engine::protocol::{Command, Note};
use replicarium::engine::world::{
    ClientSetup, Event, Observer, Pace, ServiceSetup, Setup, Target, What, World, WorldView, fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode};

use super::bare_cluster;
use super::figures::{Figure, Table, figures};
use crate::support::parallel::each;

/// Counting starts when the queues are as they will stay.
const WARM: SimTime = SimTime::from_millis(60_000);

/// Counted for so long. The paper's 300 s scatter by up to 3 %.
const COUNTED: Span = Span::from_millis(1_000_000);

/// The paper's message delay.
const DELAY: Span = Span::from_millis(1);

pub fn compares(id: &str) -> bool {
    id.starts_with("cr.") && (id.contains(".pb") || id.ends_with("backup"))
}

/// Operations that ended, the last one's latency, and when the leader gave a backup up.
#[derive(Clone, Default)]
struct Ends {
    count: u32,
    began: SimTime,
    ended: SimTime,
    took: Span,
    gave_up: Option<SimTime>,
}

impl Observer for Ends {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, at: SimTime) {
        self.began = at;
    }

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Told { ends: true, .. } => {
                (self.count, self.ended) = (self.count + 1, event.at);
                self.took = event.at.since(self.began);
            }
            What::Noted { note: Note::GaveUp { .. }, .. } => self.gave_up = Some(event.at),
            _ => {}
        }
    }
}

fn primary_backup(servers: u8, clients: u16, update_fraction: f64, think: Span) -> Setup<Knobs> {
    let mut setup = bare_cluster(servers, 3, Mode::Synchronous, Delay::constant(DELAY));
    setup.service = ServiceSetup {
        read: Span::from_millis(5),
        write: Span::from_millis(50),
        replicate: Span::from_millis(20),
        ..ServiceSetup::default()
    };
    setup.clients = vec![ClientSetup {
        count: clients,
        pace: Pace::Closed { update_fraction, think },
        timeout: Span::from_millis(1_000_000),
        retry: None,
        from: SimTime::from_millis(1_000),
        ..ClientSetup::default()
    }];
    setup
}

fn throughput(servers: u8, update_percent: f64) -> f64 {
    let setup = primary_backup(servers, 25, update_percent / 100.0, Span::ZERO);
    let mut world: World<SingleLeader, Ends> = World::new(setup, Ends::default());
    world.advance(WARM, u32::MAX);
    let before = world.observer().count;
    world.advance(WARM + COUNTED, u32::MAX);
    f64::from(world.observer().count - before) * 1_000.0 / COUNTED.as_millis_f64()
}

#[test]
fn throughput_falls_with_the_share_of_updates_as_in_figure_4() {
    let all: Vec<Figure> =
        figures("single-leader").into_iter().filter(|f| f.id.starts_with("cr.fig4.")).collect();
    let measured =
        each(&all, |figure| throughput(figure.number("t") as u8, figure.number("update_pct")));
    let mut table = Table::default();
    for (figure, measured) in all.iter().zip(measured) {
        table.compare(figure, measured, 1);
    }
    table.finish();
}

#[test]
fn an_update_alone_takes_74_ms_whatever_the_number_of_backups() {
    let all = figures("single-leader");
    let figure = all.iter().find(|f| f.id == "cr.lat.update.pb").expect("the figure");
    let mut table = Table::default();
    for servers in 2..=5 {
        let setup = primary_backup(servers, 1, 1.0, Span::from_millis(500));
        let mut world: World<SingleLeader, Ends> = World::new(setup, Ends::default());
        world.advance(SimTime::from_millis(10_200), u32::MAX);
        let ends = world.observer();
        table.compare(figure, ends.took.as_millis_f64(), ends.count as usize);
    }
    table.finish();
}

/// In the paper a configuration service detects the death and needs one message to tell the
/// primary. Here the leader itself detects it and answers its waiting client at once: the one
/// message delay is that of the answer.
#[test]
fn a_dead_backup_holds_an_update_up_for_one_message_delay_after_its_detection() {
    let all = figures("single-leader");
    let figure = all.iter().find(|f| f.id == "cr.outage.backup").expect("the figure");
    let mut setup = primary_backup(3, 1, 1.0, Span::from_millis(500));
    setup.knobs.acknowledge.mode = Mode::SemiSyncFirst(1, vec![NodeId(1), NodeId(2)]);
    setup.knobs.acknowledge.give_up_after = Some(Span::from_millis(2_000));
    setup.knobs.failover.heartbeat = Span::from_millis(100);
    let mut world: World<SingleLeader, Ends> = World::new(setup, Ends::default());
    world.advance(SimTime::from_millis(5_000), u32::MAX);
    world.act(fault::power_off(Target::Node(NodeId(1))));
    while world.observer().gave_up.is_none() {
        assert!(world.step(SimTime::from_millis(20_000)), "the dead backup is never given up");
    }
    let (gave_up, told) = (world.now(), world.observer().count);
    while world.observer().count == told {
        assert!(world.step(SimTime::from_millis(20_000)), "the update never returns");
    }
    let delays = world.observer().ended.since(gave_up).as_millis_f64() / DELAY.as_millis_f64();
    let mut table = Table::default();
    table.compare(figure, delays, 1);
    table.finish();
}
