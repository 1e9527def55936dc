//! Multi-leader nodes that go wrong in one way, and the audits that catch them.

use core::fmt::Debug;
use core::marker::PhantomData;

use replicarium::engine::base::{ClientId, Delay, Key, NodeId, Position, SimTime, Span};
use replicarium::engine::observe::{Case, Recorder, Verdict};
use replicarium::engine::protocol::{
    Boot, Card, Command, Directions, Effect, Effects, FrameRef, Input, MessageFacts, NodeFacts,
    Note, Outcome, Policy, Promise, Protocol, RecordRef, Records, Request, RequestId,
};
use replicarium::engine::world::{
    Action, ClientSetup, LinkSetup, NetworkSetup, Pace, Retry, Scripted, Setup, Target, World,
    fault,
};
use replicarium::protocols::multi_leader::knobs::{Data, Knobs, Resolve};
use replicarium::protocols::multi_leader::{Mark, Message, MultiLeader, Timer};

/// One way of going wrong.
trait Wrong: Clone + Debug + 'static {
    /// What the node hears of what it is told.
    fn hears(_me: NodeId, _input: &Input<MultiLeader>) -> bool {
        true
    }

    /// How it understands a request.
    fn reads(request: Request) -> Request {
        request
    }

    /// What it answers instead of this.
    fn answers(outcome: Outcome) -> Outcome {
        outcome
    }

    /// What it says before all else when this write was made a version.
    fn says(_id: RequestId, _version: Position) -> Option<Outcome> {
        None
    }
}

/// n2 is deaf to every third update of the others, and to the same one again.
#[derive(Clone, Debug)]
struct Deaf;

impl Wrong for Deaf {
    fn hears(me: NodeId, input: &Input<MultiLeader>) -> bool {
        let Input::Message { message: Message::Updates { list, .. }, .. } = input else {
            return true;
        };
        me != NodeId(1) || list.iter().all(|update| update.record.0 % 3 != 0)
    }
}

/// Says "written" before the write is on its disk.
#[derive(Clone, Debug)]
struct Hasty;

impl Wrong for Hasty {
    fn says(_: RequestId, version: Position) -> Option<Outcome> {
        let epoch = replicarium::engine::base::Epoch(0);
        Some(Outcome::Written { position: version, epoch })
    }
}

/// Takes every retry for a new write.
#[derive(Clone, Debug)]
struct Forgetful;

impl Wrong for Forgetful {
    fn reads(request: Request) -> Request {
        Request { idempotent: false, ..request }
    }
}

/// Tells more than there is: every second increment twice.
#[derive(Clone, Debug)]
struct Boastful;

impl Wrong for Boastful {
    fn answers(outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Value { value, version, applied, epoch } => {
                Outcome::Value { value: value + value / 2, version, applied, epoch }
            }
            other => other,
        }
    }
}

/// A node with a fault.
#[derive(Clone, Debug)]
struct Mutant<W: Wrong> {
    me: NodeId,
    node: MultiLeader,
    wrong: PhantomData<W>,
}

impl<W: Wrong> Mutant<W> {
    fn pass(
        wishes: Vec<Effect<MultiLeader>>,
        asked: Option<RequestId>,
        out: &mut Effects<'_, Self>,
    ) {
        for effect in wishes {
            match effect {
                Effect::Send { to, message } => out.send(to, message),
                Effect::SetTimer { timer, from, to } => out.set_timer_within(timer, from, to),
                Effect::CancelTimer(timer) => out.cancel_timer(timer),
                Effect::Write(frame) => out.write(frame),
                Effect::Flush(mark) => out.flush(mark),
                Effect::Apply { position, arrived } => out.apply(position, arrived),
                Effect::StopApplying => out.stop_applying(),
                Effect::Discard { keep } => out.discard(keep),
                Effect::Reply { id, outcome } => out.reply(id, W::answers(outcome)),
                Effect::Direct(directions) => out.direct(directions),
                Effect::Note(note) => {
                    out.note(note);
                    if let (Note::Coordinated { version, .. }, Some(id)) = (note, asked) {
                        if let Some(outcome) = W::says(id, version) {
                            out.reply(id, outcome);
                        }
                    }
                }
            }
        }
    }
}

impl<W: Wrong> Protocol for Mutant<W> {
    const CARD: Card = MultiLeader::CARD;
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        let Boot { me, nodes, now, knobs, disk, added, applied, service } = *boot;
        let mut wishes = Vec::new();
        let node = MultiLeader::boot(
            &Boot { me, nodes, now, knobs, disk, added, applied, service },
            &mut Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying),
        );
        Self::pass(wishes, None, out);
        Self { me, node, wrong: PhantomData }
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        let input = match input {
            Input::Message { from, message } => Input::Message { from, message },
            Input::Timer(timer) => Input::Timer(timer),
            Input::Request(request) => Input::Request(W::reads(request)),
            Input::Flushed(mark) => Input::Flushed(mark),
            Input::Applied(position) => Input::Applied(position),
            Input::PeerClosed(node) => Input::PeerClosed(node),
            Input::Admin(order) => Input::Admin(order),
        };
        if !W::hears(self.me, &input) {
            return;
        }
        let asked = match &input {
            Input::Request(Request { id, command: Command::Write { .. }, .. }) => Some(*id),
            _ => None,
        };
        let mut wishes = Vec::new();
        self.node.step(
            now,
            input,
            &mut Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying),
        );
        Self::pass(wishes, asked, out);
    }

    fn asked_by(knobs: &Knobs, nodes: u8, client: ClientId) -> Directions {
        MultiLeader::asked_by(knobs, nodes, client)
    }

    fn policy(knobs: &Knobs) -> Policy {
        MultiLeader::policy(knobs)
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        MultiLeader::describe(message, records)
    }

    fn facts(&self) -> NodeFacts {
        self.node.facts()
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        self.node.record_at(position)
    }

    fn state_digest(&self) -> u64 {
        self.node.state_digest()
    }

    fn stored(&self, key: Key) -> Vec<RecordRef> {
        self.node.stored(key)
    }

    fn holdings(&self) -> Vec<RecordRef> {
        self.node.holdings()
    }

    fn holdings_on_disk(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
        MultiLeader::holdings_on_disk(knobs, disk, records)
    }
}

/// Two leaders, two writing clients, siblings, links of 10 ms, disks of 20 ms.
fn setup(script: Vec<Scripted>) -> Setup<Knobs> {
    let link = LinkSetup { delay: Delay::constant(Span::from_millis(10)), ..LinkSetup::default() };
    let mut setup = Setup {
        seed: 11,
        nodes: 2,
        knobs: Knobs { leaders: 2, resolve: Resolve::Siblings, ..Knobs::default() },
        network: NetworkSetup {
            all: link,
            links: Vec::new(),
            clients: Some(Delay::constant(Span::from_micros(300))),
        },
        clients: vec![ClientSetup {
            pace: Pace::Open { writes_per_s: 20.0, reads_per_s: 0.0 },
            ..ClientSetup::default()
        }],
        script,
        until: SimTime::from_millis(20_000),
        ..Setup::default()
    };
    setup.disk.flush = Delay::constant(Span::from_millis(20));
    setup
}

fn verdict<P: Protocol<Knobs = Knobs>>(setup: &Setup<Knobs>, promise: Promise) -> Verdict {
    let recorder = Recorder::new(&setup.limits);
    let mut world: World<P, Recorder> = World::new(setup.clone(), recorder);
    world.advance(setup.until, u32::MAX);
    let case = Case::new(world.observer(), world.view(), world.now());
    case.verdict(promise).expect("every promise has an audit")
}

/// The faulty one is caught with this proof, the sound one passes.
#[track_caller]
fn check<W: Wrong>(setup: &Setup<Knobs>, promise: Promise, proof: &str) {
    assert_eq!(verdict::<MultiLeader>(setup, promise), Verdict::Holds, "the sound one");
    match verdict::<Mutant<W>>(setup, promise) {
        Verdict::Broken(witness) => assert_eq!(witness.sentence, proof),
        other => panic!("not caught: {other:?}"),
    }
}

fn at(millis: u64, action: Action) -> Scripted {
    Scripted { at: SimTime::from_millis(millis), action }
}

#[test]
fn a_leader_that_misses_updates_for_good_is_caught_when_all_is_quiet() {
    check::<Deaf>(
        &setup(vec![at(5_000, fault::quiet_clients(true))]),
        Promise::ReplicasConverge,
        "n1 and n2 hold different versions of k0 10.0 s after the last write",
    );
}

#[test]
fn a_leader_that_answers_before_its_disk_has_the_write_is_caught_when_the_power_goes() {
    let off = fault::power_off(Target::Node(NodeId(0)));
    let on = fault::restart(Target::Node(NodeId(0)));
    check::<Hasty>(
        &setup(vec![at(5_060, off), at(6_000, on)]),
        Promise::AcknowledgedWritesSurvive,
        "2 of 842 acknowledged writes are gone: k7 = 210, k3 = 211; the first, k7 = 210: n1 had it, and \
         no node holds it any more",
    );
}

/// Clients ask again before an answer can be there, at the other leader.
fn impatient(data: Data, deletes: f64) -> Setup<Knobs> {
    let mut setup = setup(Vec::new());
    (setup.knobs.resolve, setup.knobs.data) = (Resolve::Merge, data);
    let retry = Some(Retry { idempotent: true, attempts: 4, pause: Span::from_millis(5) });
    let pace = Pace::Open { writes_per_s: 10.0, reads_per_s: 10.0 };
    let (timeout, keys) = (Span::from_millis(15), 2);
    let usual = ClientSetup::default();
    setup.clients = vec![ClientSetup { pace, retry, timeout, keys, deletes, ..usual }];
    setup.until = SimTime::from_millis(6_000);
    setup
}

#[track_caller]
fn happens_twice<W: Wrong>(setup: &Setup<Knobs>, says: &str) {
    let promise = Promise::NothingAppliedTwice;
    assert_eq!(verdict::<MultiLeader>(setup, promise), Verdict::Holds, "the sound one");
    match verdict::<Mutant<W>>(setup, promise) {
        Verdict::Broken(witness) => {
            assert!(witness.sentence.contains(says), "{}", witness.sentence);
            assert!(!witness.operations.is_empty() && !witness.events.is_empty());
        }
        other => panic!("not caught: {other:?}"),
    }
}

#[test]
fn increments_that_retries_count_again_are_caught() {
    happens_twice::<Forgetful>(&impatient(Data::Counter, 0.0), "are counted");
}

#[test]
fn a_counter_that_tells_of_more_than_anybody_asked_for_is_caught() {
    happens_twice::<Boastful>(&impatient(Data::Counter, 0.0), "nobody had asked for more than");
}

#[test]
fn an_addition_that_a_retry_brings_back_is_caught() {
    happens_twice::<Forgetful>(&impatient(Data::Set, 0.4), "stands beside");
}

#[test]
fn a_text_that_a_retry_brings_back_is_caught() {
    happens_twice::<Forgetful>(&impatient(Data::Text, 0.0), "stands beside");
}
