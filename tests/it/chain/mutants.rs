//! Chains that go wrong in one way, and the audits that catch them; the sound one passes in the same
//! run.

use core::fmt::Debug;

use replicarium::engine::base::{Delay, NodeId, Position, SimTime, Span};
use replicarium::engine::observe::Anomaly;
use replicarium::engine::observe::{Case, Recorder, Verdict};
use replicarium::engine::protocol::{
    Boot, Card, Directions, Effect, Effects, Input, MessageFacts, NodeFacts, Note, Outcome, Policy,
    Promise, Protocol, RecordRef, Records, Request, RequestId,
};
use replicarium::engine::world::{
    Action, ClientSetup, LinkSetup, NetworkSetup, Pace, Scripted, Setup, Target, World, fault,
};
use replicarium::protocols::chain::knobs::{Knobs, Variant};
use replicarium::protocols::chain::{Chain, Mark, Message, Timer};

/// One way of going wrong: what becomes of what the node is told, and of what it wants done.
trait Fault: Clone + Debug + Default + 'static {
    fn hear(&mut self, _node: &Chain, input: Input<Chain>) -> Option<Input<Chain>> {
        Some(input)
    }

    fn act(&mut self, _node: &Chain, effect: Effect<Chain>, done: &mut Vec<Effect<Chain>>) {
        done.push(effect);
    }
}

/// A node with a fault.
#[derive(Clone, Debug)]
struct Mutant<F: Fault>(Chain, F);

impl<F: Fault> Mutant<F> {
    fn pass(&mut self, wishes: Vec<Effect<Chain>>, out: &mut Effects<'_, Self>) {
        let mut done = Vec::new();
        for effect in wishes {
            self.1.act(&self.0, effect, &mut done);
        }
        for effect in done {
            match effect {
                Effect::Send { to, message } => out.send(to, message),
                Effect::SetTimer { timer, from, to } => out.set_timer_within(timer, from, to),
                Effect::CancelTimer(timer) => out.cancel_timer(timer),
                Effect::Write(frame) => out.write(frame),
                Effect::Flush(mark) => out.flush(mark),
                Effect::Apply { position, arrived } => out.apply(position, arrived),
                Effect::StopApplying => out.stop_applying(),
                Effect::Discard { keep } => out.discard(keep),
                Effect::Reply { id, outcome } => out.reply(id, outcome),
                Effect::Direct(directions) => out.direct(directions),
                Effect::Note(note) => out.note(note),
            }
        }
    }
}

impl<F: Fault> Protocol for Mutant<F> {
    const CARD: Card = Chain::CARD;
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        let Boot { me, nodes, now, knobs, disk, added, applied, service } = *boot;
        let mut wishes = Vec::new();
        let boot = Boot { me, nodes, now, knobs, disk, added, applied, service };
        let node = Chain::boot(&boot, &mut Effects::new(&mut wishes, out.records));
        let mut mutant = Self(node, F::default());
        mutant.pass(wishes, out);
        mutant
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        let input = match input {
            Input::Message { from, message } => Input::Message { from, message },
            Input::Timer(timer) => Input::Timer(timer),
            Input::Request(request) => Input::Request(request),
            Input::Flushed(mark) => Input::Flushed(mark),
            Input::Applied(position) => Input::Applied(position),
            Input::PeerClosed(node) => Input::PeerClosed(node),
            Input::Admin(order) => Input::Admin(order),
        };
        let Some(heard) = self.1.hear(&self.0, input) else { return };
        let mut wishes = Vec::new();
        self.0.step(now, heard, &mut Effects::new(&mut wishes, out.records));
        self.pass(wishes, out);
    }

    fn first_asked(knobs: &Knobs, nodes: u8) -> Directions {
        Chain::first_asked(knobs, nodes)
    }

    fn policy(knobs: &Knobs) -> Policy {
        Chain::policy(knobs)
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        Chain::describe(message, records)
    }

    fn facts(&self) -> NodeFacts {
        self.0.facts()
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        self.0.record_at(position)
    }

    fn state_digest(&self) -> u64 {
        self.0.state_digest()
    }
}

fn setup(script: &[(u64, Action)]) -> Setup<Knobs> {
    let pace = Pace::Open { writes_per_s: 20.0, reads_per_s: 0.0 };
    let link = LinkSetup { delay: Delay::constant(Span::from_millis(10)), ..LinkSetup::default() };
    let script = script
        .iter()
        .map(|(millis, action)| Scripted { at: SimTime::from_millis(*millis), action: *action });
    Setup {
        seed: 11,
        network: NetworkSetup {
            all: link,
            links: Vec::new(),
            clients: Some(Delay::constant(Span::from_micros(300))),
        },
        clients: vec![ClientSetup { count: 2, pace, ..ClientSetup::default() }],
        script: script.collect(),
        until: SimTime::from_millis(30_000),
        ..Setup::default()
    }
}

/// The verdict, and how many reads were stale.
fn verdict<P: Protocol<Knobs = Knobs>>(setup: &Setup<Knobs>, promise: Promise) -> (Verdict, u32) {
    let recorder = Recorder::new(&setup.limits);
    let mut world: World<P, Recorder> = World::new(setup.clone(), recorder);
    world.advance(setup.until, u32::MAX);
    let case = Case::new(world.observer(), world.view(), world.now());
    let stale = case.recorder.sessions().count(Anomaly::Stale);
    (case.verdict(promise).expect("every promise has an audit"), stale)
}

#[track_caller]
fn check<F: Fault>(setup: &Setup<Knobs>, promise: Promise, proof: &str) {
    assert_eq!(verdict::<Chain>(setup, promise).0, Verdict::Holds, "the sound one");
    match verdict::<Mutant<F>>(setup, promise).0 {
        Verdict::Broken(witness) => assert_eq!(witness.sentence, proof),
        other => panic!("not caught: {other:?}"),
    }
}

/// A head that says "written" as soon as a write is in its own log.
#[derive(Clone, Default, Debug)]
struct HastyHead(Option<RequestId>);

impl Fault for HastyHead {
    fn hear(&mut self, _: &Chain, input: Input<Chain>) -> Option<Input<Chain>> {
        if let Input::Request(Request { id, .. }) = &input {
            self.0 = Some(*id);
        }
        Some(input)
    }

    fn act(&mut self, node: &Chain, effect: Effect<Chain>, done: &mut Vec<Effect<Chain>>) {
        let appended = match &effect {
            Effect::Note(Note::Appended { position, .. }) => Some(*position),
            _ => None,
        };
        done.push(effect);
        if let (Some(position), Some(id)) = (appended, self.0) {
            let outcome = Outcome::Written { position, epoch: node.facts().epoch };
            done.push(Effect::Reply { id, outcome });
        }
    }
}

#[test]
fn a_head_that_acknowledges_by_itself_is_caught_when_its_power_goes() {
    check::<HastyHead>(
        &setup(&[(5_060, fault::power_off(Target::Head))]),
        Promise::AcknowledgedWritesSurvive,
        "1 of 1,249 acknowledged writes is gone: k3 = 211; n1 lost power 5.1 ms after sending it to n2, and it never \
         arrived",
    );
}

/// A tail that does not notice that nobody answers its signs of life, and is told of no other chain.
#[derive(Clone, Default, Debug)]
struct DeafTail;

impl Fault for DeafTail {
    fn act(&mut self, _: &Chain, effect: Effect<Chain>, done: &mut Vec<Effect<Chain>>) {
        use replicarium::engine::protocol::client::Refusal;
        done.push(match effect {
            Effect::Reply { id, outcome: Outcome::Unavailable { why: Refusal::Unsure, epoch } } => {
                // It answers with what it has: nothing.
                let (value, version, applied) = (0, Position::ZERO, Position::ZERO);
                Effect::Reply { id, outcome: Outcome::Value { value, version, applied, epoch } }
            }
            other => other,
        });
    }
}

#[test]
fn a_tail_that_answers_although_it_may_be_replaced_shows_old_data() {
    let apart = fault::isolate(Target::Node(NodeId(2)), false);
    let mut setup = setup(&[(5_000, apart)]);
    setup.clients.push(ClientSetup {
        pace: Pace::Open { writes_per_s: 0.0, reads_per_s: 50.0 },
        read_from: replicarium::engine::world::ReadFrom::Any,
        retry: None,
        ..ClientSetup::default()
    });
    setup.knobs.variant = Variant::Craq;
    assert_eq!(verdict::<Chain>(&setup, Promise::OneLeader).1, 0, "the sound one");
    assert!(verdict::<Mutant<DeafTail>>(&setup, Promise::OneLeader).1 > 100);
}

/// A middle node that from some position on passes nothing on.
#[derive(Clone, Default, Debug)]
struct LazyMiddle;

impl Fault for LazyMiddle {
    fn act(&mut self, node: &Chain, effect: Effect<Chain>, done: &mut Vec<Effect<Chain>>) {
        use replicarium::engine::protocol::Role;
        let facts = node.facts();
        done.push(match effect {
            Effect::Send {
                to,
                message: Message::Forward { epoch, prev, records, stable, sent },
            } if facts.role == Role::Middle => {
                // The next one never gets what comes after this.
                let records = if prev >= Position(20) {
                    replicarium::protocols::chain::Batch::Many(Vec::new().into())
                } else {
                    records
                };
                Effect::Send {
                    to,
                    message: Message::Forward { epoch, prev, records, stable, sent },
                }
            }
            other => other,
        });
    }
}

#[test]
fn a_middle_node_that_passes_nothing_on_lets_no_write_through() {
    let setup = setup(&[(15_000, fault::quiet_clients(true))]);
    assert_eq!(verdict::<Chain>(&setup, Promise::ReplicasConverge).0, Verdict::Holds);
    let recorder = Recorder::new(&setup.limits);
    let mut world: World<Mutant<LazyMiddle>, Recorder> = World::new(setup.clone(), recorder);
    world.advance(setup.until, u32::MAX);
    let acknowledged = world.observer().ledger().counts().acknowledged;
    assert!(acknowledged <= 21, "{acknowledged}");
}
