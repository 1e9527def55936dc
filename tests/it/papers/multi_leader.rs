//! Two leaders that write one key: how often a write has a concurrent rival, and how often the last
//! write wins over one that it had not seen.
//!
//! Times of writing and of arrival are what the world saw, and what versions had seen must say the
//! same, pair by pair: here a write has seen what its leader holds.
//!
//! What the ledger calls overwritten unseen is less than the share of writes with a later rival:
//! versions stand in a row by their stamps, and only the next one takes a write's place. If that is
//! its own leader's, which had it, the write is superseded, whatever rival comes afterwards.

use std::collections::BTreeMap;

use replicarium::engine::base::{ClientId, NodeId, OpId, Position, SimTime, Span};
use replicarium::engine::observe::{Fate, Recorder};
use replicarium::engine::protocol::parts::Causality;
use replicarium::engine::protocol::{Command, MessageKind, Note, RecordRef, Records};
use replicarium::engine::world::{Event, Observer, What, World, WorldView};
use replicarium::protocols::multi_leader::MultiLeader;

use super::figures::{Figure, Table, figures};
use crate::support::parallel::each;

/// The tolerances are three in a hundred: six standard errors of so many and more.
const WRITES: usize = 60_000;

pub fn compares(id: &str) -> bool {
    id.starts_with("multi-leader.")
}

/// One write: when and by whom it was taken, and when the other leader had it.
#[derive(Clone, Debug)]
struct Taken {
    at: SimTime,
    node: NodeId,
    arrived: SimTime,
    record: RecordRef,
}

#[derive(Clone, Default)]
struct Watch {
    taken: Vec<Taken>,
    places: BTreeMap<Position, usize>,
}

impl Observer for Watch {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}

    fn on_event(&mut self, event: &Event, _: &WorldView<'_>) {
        match event.what {
            What::Noted { node, note: Note::Coordinated { version: name, .. } } => {
                self.places.insert(name, self.taken.len());
                let (record, arrived) = (RecordRef::named(name), SimTime::NEVER);
                self.taken.push(Taken { at: event.at, node, arrived, record });
            }
            What::Delivered { message, .. } if message.kind == MessageKind::Update => {
                let place = self.places[&message.first];
                self.taken[place].arrived = event.at;
            }
            _ => {}
        }
    }
}

fn document(delay: &str, rate: f64, d: f64) -> String {
    let (per_s, ms) = (rate, d * 1_000.0);
    let delay = format!(r#"{{"{delay}_ms":{ms}}}"#);
    format!(
        r#"{{"format":1,"seed":21,"until_ms":20000000,
            "cluster":{{"nodes":2,"protocol":"multi-leader","knobs":{{"leaders":2,
              "resolve":"siblings","context":"server","resync_ms":null}}}},
            "network":{{"delay":{delay},"ordered":false,"clients_delay":{{"constant_ms":0}}}},
            "disk":{{"flush":{{"constant_ms":0}}}},
            "limits":{{"operations":{WRITES}}},
            "clients":[{{"count":2,"writes_per_s":{per_s},"reads_per_s":0,"keys":1}}]}}"#
    )
}

fn watched(delay: &str, rate: f64, d: f64) -> (Vec<Taken>, Records) {
    let text = document(delay, rate, d);
    let read = replicarium::protocols::read(&text);
    let read = read.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let setup = read.setup::<MultiLeader>().expect("a multi-leader scenario").clone();
    let until = setup.until;
    let mut world: World<MultiLeader, Watch> = World::new(setup, Watch::default());
    world.advance(until, u32::MAX);
    let taken = world.observer().taken.clone();
    assert_eq!(taken.len(), WRITES, "the run is long enough");
    (taken, world.view().records.clone())
}

/// The other leader's writes near a write, with whether each is a rival of it.
fn rivals(taken: &[Taken], place: usize, reach: Span) -> impl Iterator<Item = (&Taken, bool)> {
    let a = &taken[place];
    let near = move |b: &&Taken| b.at.since(a.at) < reach && a.at.since(b.at) < reach;
    let later = taken[place + 1..].iter().take_while(near);
    let earlier = taken[..place].iter().rev().take_while(near);
    let others = later.chain(earlier).filter(move |b| b.node != a.node);
    others.map(move |b| (b, if b.at >= a.at { b.at < a.arrived } else { a.at < b.arrived }))
}

fn value(figure: &Figure, taken: &[Taken]) -> f64 {
    // Beyond twenty mean delays nothing is on its way any more.
    let reach = Span::from_micros((figure.number("d") * 20e6) as u64);
    let overwritten = figure.text("metric").contains("wins");
    let counts = |place: &usize| {
        let a = &taken[*place];
        rivals(taken, *place, reach).any(|(b, rival)| rival && (!overwritten || b.at > a.at))
    };
    (0..taken.len()).filter(counts).count() as f64 / taken.len() as f64
}

#[test]
fn concurrent_writes_are_as_frequent_as_their_delays_say() {
    let figures = figures("multi-leader");
    let delays = ["constant", "exponential"];
    let runs = each(&delays, |delay| watched(delay, 2.0, 0.1).0);
    let mut table = Table::default();
    for figure in &figures {
        assert_eq!((figure.number("L"), figure.number("d")), (2.0, 0.1));
        let run = delays.iter().position(|delay| *delay == figure.text("delay"));
        table.compare(figure, value(figure, &runs[run.expect("a delay")]), WRITES);
    }
    table.finish();
}

#[test]
fn version_vectors_find_exactly_the_pairs_that_had_not_heard_of_each_other() {
    let (taken, records) = watched("constant", 2.0, 0.1);
    for place in 0..5_000 {
        for (b, rival) in rivals(&taken, place, Span::from_millis(1_000)) {
            let found = records.compare(taken[place].record, b.record) == Causality::Concurrent;
            assert_eq!(found, rival, "{:?}\n{b:?}", taken[place]);
        }
    }
}

/// The shares of acknowledged writes that the ledger calls overwritten unseen where the last write
/// wins, with a mean delay `d` between two leaders of `rate` writes per second each.
fn overwritten(context: &str, rate: f64, d: f64) -> f64 {
    let text = document("exponential", rate, d).replace("siblings", "last-write-wins");
    let text = text.replace(r#""context":"server""#, &format!(r#""context":"{context}""#));
    let text = text.replace(&WRITES.to_string(), &FEW.to_string());
    let mut run = replicarium::protocols::read(&text).expect("a scenario").run();
    run.advance(run.until(), u32::MAX);
    let recorder: &Recorder = run.observer();
    let case = replicarium::engine::observe::Case::new(recorder, run.view(), run.now());
    let fates = recorder
        .history()
        .iter()
        .map(|(op, _)| case.recorder.ledger().fate(op, recorder.history()));
    let unseen = fates.filter(|fate| matches!(fate, Fate::Overwritten(_))).count();
    assert_eq!(unseen, case.recorder.ledger().counts().overwritten as usize);
    unseen as f64 / FEW as f64
}

/// So many make the standard error of a share below .004.
const FEW: usize = 10_000;

/// The chance that the first of `rivals` on their way to a write's leader arrives before that leader takes a
/// write of its own, which has seen it, while the other leader goes on sending rivals: each way takes one mean
/// delay, in which a leader takes `load` writes.
fn arrives_first(rivals: u32, load: f64) -> f64 {
    if rivals > 40 {
        return 1.0;
    }
    let count = f64::from(rivals);
    (count + load * arrives_first(rivals + 1, load)) / (count + 2.0 * load)
}

#[test]
fn of_two_leaders_a_write_is_overwritten_unseen_if_a_rival_comes_before_one_that_has_seen_it() {
    let (rate, d) = (2.0, 0.1);
    let load: f64 = rate * d;
    let shares = each(&["server", "client"], |context| overwritten(context, rate, d));
    // The next write of either leader is the other's, and comes before this one arrived there; and it arrives
    // before this one's leader takes another.
    let rival = load / (1.0 + 2.0 * load) * arrives_first(1, load);
    assert!((shares[0] - rival).abs() < 0.012, "{} not {rival}", shares[0]);
    // Clients that never read know their own writes alone: half of the next writes are another's.
    let blind = 0.5 * arrives_first(1, load);
    assert!((shares[1] - blind).abs() < 0.02, "{} not {blind}", shares[1]);
}
