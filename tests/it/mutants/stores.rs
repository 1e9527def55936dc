//! Deliberately wrong leaderless nodes, one for each promise about versions per key, and the proof
//! that the audit finds.

use replicarium::engine::base::{Delay, NodeId, Position, SimTime, Span};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::protocol::{
    Boot, Card, Effect, Effects, FrameRef, Input, MessageFacts, NodeFacts, Outcome, Policy,
    Promise, Protocol, RecordRef, Records, Request,
};
use replicarium::engine::world::{
    Action, ClientSetup, Pace, Retry, Scripted, Setup, Target, World, fault,
};
use replicarium::protocols::leaderless::knobs::Knobs;
use replicarium::protocols::leaderless::{Leaderless, Mark, Message, Timer};

/// What is wrong with a node.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fault {
    None,
    /// Says that a version is on its disk although it never writes it down.
    NeverWrites,
    /// Takes nothing from others but writes: no repairs, no exchanges, nothing handed over.
    TakesNothing,
    /// Makes a new version of a write that is asked for again.
    ForgetsRequests,
    /// Says at once that too few replicas confirmed, and goes on.
    FailsLoudly,
}

const FAULTS: [Fault; 5] = [
    Fault::None,
    Fault::NeverWrites,
    Fault::TakesNothing,
    Fault::ForgetsRequests,
    Fault::FailsLoudly,
];

#[derive(Clone, Debug)]
struct Mutant<const F: usize>(Leaderless);

impl<const F: usize> Mutant<F> {
    const FAULT: Fault = FAULTS[F];

    fn pass(wishes: Vec<Effect<Leaderless>>, out: &mut Effects<'_, Self>) {
        for effect in wishes {
            match effect {
                Effect::Send { to, message } => out.send(to, message),
                Effect::SetTimer { timer, from, to } => out.set_timer_within(timer, from, to),
                Effect::CancelTimer(timer) => out.cancel_timer(timer),
                Effect::Write(_) if Self::FAULT == Fault::NeverWrites => {}
                Effect::Write(frame) => out.write(frame),
                Effect::Flush(mark) => out.flush(mark),
                Effect::Apply { position, arrived } => out.apply(position, arrived),
                Effect::StopApplying => out.stop_applying(),
                Effect::Discard { keep } => out.discard(keep),
                Effect::Reply { id, outcome: Outcome::Written { epoch, .. } }
                    if Self::FAULT == Fault::FailsLoudly && id.op.0 % 5 == 0 =>
                {
                    let why = replicarium::engine::protocol::client::Refusal::QuorumMissed;
                    out.reply(id, Outcome::Unavailable { why, epoch });
                }
                Effect::Reply { id, outcome } => out.reply(id, outcome),
                Effect::Direct(directions) => out.direct(directions),
                Effect::Note(note) => out.note(note),
            }
        }
    }
}

impl<const F: usize> Protocol for Mutant<F> {
    const CARD: Card = Leaderless::CARD;
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        let Boot { me, nodes, now, knobs, disk, added, applied, service } = *boot;
        let mut wishes = Vec::new();
        let node = Leaderless::boot(
            &Boot { me, nodes, now, knobs, disk, added, applied, service },
            &mut Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying),
        );
        Self::pass(wishes, out);
        Self(node)
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        let input = match input {
            Input::Message { message, .. }
                if Self::FAULT == Fault::TakesNothing
                    && matches!(
                        message,
                        Message::Repair { .. } | Message::Exchange { .. } | Message::HandOff { .. }
                    ) =>
            {
                return;
            }
            Input::Message { from, message } => Input::Message { from, message },
            Input::Timer(timer) => Input::Timer(timer),
            Input::Request(request) if Self::FAULT == Fault::ForgetsRequests => {
                Input::Request(Request { idempotent: false, ..request })
            }
            Input::Request(request) => Input::Request(request),
            Input::Flushed(mark) => Input::Flushed(mark),
            Input::Applied(position) => Input::Applied(position),
            Input::PeerClosed(node) => Input::PeerClosed(node),
            Input::Admin(order) => Input::Admin(order),
        };
        let mut wishes = Vec::new();
        let mut inner = Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying);
        self.0.step(now, input, &mut inner);
        Self::pass(wishes, out);
    }

    fn first_asked(knobs: &Knobs, nodes: u8) -> replicarium::engine::protocol::Directions {
        Leaderless::first_asked(knobs, nodes)
    }

    fn policy(knobs: &Knobs) -> Policy {
        Leaderless::policy(knobs)
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        Leaderless::describe(message, records)
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

    fn stored(&self, key: replicarium::engine::base::Key) -> Vec<RecordRef> {
        self.0.stored(key)
    }

    fn holdings(&self) -> Vec<RecordRef> {
        self.0.holdings()
    }

    fn holdings_on_disk(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
        Leaderless::holdings_on_disk(knobs, disk, records)
    }
}

fn at(millis: u64, action: Action) -> Scripted {
    Scripted { at: SimTime::from_millis(millis), action }
}

fn setup(script: Vec<Scripted>) -> Setup<Knobs> {
    let pace = Pace::Open { writes_per_s: 20.0, reads_per_s: 10.0 };
    let retry = Some(Retry { idempotent: true, attempts: 4, pause: Span::from_millis(50) });
    let until = SimTime::from_millis(8_000);
    let clients = ClientSetup { count: 2, pace, keys: 4, retry, until, ..ClientSetup::default() };
    let mut setup = Setup { seed: 17, clients: vec![clients], script, ..Setup::default() };
    setup.network.all.delay = Delay::constant(Span::from_millis(3));
    setup.until = SimTime::from_millis(30_000);
    setup
}

fn verdict<const F: usize>(setup: &Setup<Knobs>, promise: Promise) -> Verdict {
    let mut world: World<Mutant<F>, Recorder> =
        World::new(setup.clone(), Recorder::new(&setup.limits));
    world.advance(setup.until, u32::MAX);
    let case = Case::new(world.observer(), world.view(), world.now());
    case.verdict(promise).expect("an audit")
}

#[track_caller]
fn check<const F: usize>(setup: &Setup<Knobs>, promise: Promise, says: &str) {
    let sound = verdict::<0>(setup, promise);
    assert!(!matches!(sound, Verdict::Broken(_)), "the sound one: {sound:?}");
    match verdict::<F>(setup, promise) {
        Verdict::Broken(witness) => {
            assert!(witness.sentence.contains(says), "{}", witness.sentence);
            assert!(!witness.operations.is_empty() && !witness.events.is_empty());
        }
        other => panic!("{:?} was not caught: {other:?}", FAULTS[F]),
    }
}

fn power_cycle(node: u8) -> [Scripted; 2] {
    let node = Target::Node(NodeId(node));
    [at(4_000, fault::power_off(node)), at(4_300, fault::restart(node))]
}

#[test]
fn versions_that_were_never_written_down_are_missed_after_a_power_outage() {
    let script = (0..3).flat_map(power_cycle).collect();
    let promise = Promise::AcknowledgedWritesSurvive;
    check::<1>(&setup(script), promise, "no node holds it any more");
}

#[test]
fn a_node_that_takes_nothing_from_others_stays_apart() {
    let node = Target::Node(NodeId(2));
    let script = vec![at(3_000, fault::isolate(node, true)), at(7_900, fault::heal_all())];
    let mut setup = setup(script);
    setup.clients[0].keys = 60;
    check::<2>(&setup, Promise::ReplicasConverge, "hold different versions");
}

#[test]
fn a_retry_that_becomes_a_new_version_undoes_what_came_between() {
    let mut setup = setup(Vec::new());
    // Answers come after the clients have asked again.
    setup.clients[0].timeout = Span::from_millis(12);
    setup.clients[0].keys = 1;
    let found = verdict::<3>(&setup, Promise::NothingAppliedTwice);
    assert!(matches!(found, Verdict::Broken(_)), "{found:?}");
}

#[test]
fn a_failure_that_was_none_is_found_when_it_is_read() {
    let mut setup = setup(Vec::new());
    setup.clients[0].retry = None;
    check::<4>(&setup, Promise::FailedWritesStayFailed, "failed; ");
}
