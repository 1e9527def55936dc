//! Every audit catches a database that breaks its promise, and lets the same run of a sound one
//! pass. The runs are fixed by their seed, so the proofs are pinned.

mod faults;
mod multi_leader;
mod mutant;
mod stores;

use replicarium::engine::base::{Delay, NodeId, SimTime, Span};
use replicarium::engine::observe::{Case, Recorder, Verdict};
use replicarium::engine::protocol::{Promise, Protocol};
use replicarium::engine::world::{
    Action, ClientSetup, LinkSetup, NetworkSetup, Pace, Scripted, Setup, Target, Workload, World,
    fault,
};
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{Knobs, Mode};

use faults::{Careless, Deaf, Forger, Forgetful, Hasty, Nostalgic, Stubborn, Wavering};
use mutant::{Fault, Mutant};

fn at(millis: u64, action: Action) -> Scripted {
    Scripted { at: SimTime::from_millis(millis), action }
}

fn n(number: u8) -> Target {
    Target::Node(NodeId(number - 1))
}

fn writers(count: u16) -> ClientSetup {
    let pace = Pace::Open { writes_per_s: 20.0, reads_per_s: 0.0 };
    ClientSetup { count, pace, ..ClientSetup::default() }
}

/// Two writing clients, any one follower must confirm, links take 10 ms.
fn setup(script: Vec<Scripted>) -> Setup<Knobs> {
    let mut knobs = Knobs::default();
    knobs.acknowledge.mode = Mode::SemiSyncAny(1);
    knobs.failover.election_timeout = (Span::from_millis(3_000), Span::from_millis(4_500));
    let link = LinkSetup { delay: Delay::constant(Span::from_millis(10)), ..LinkSetup::default() };
    Setup {
        seed: 11,
        knobs,
        network: NetworkSetup {
            all: link,
            links: Vec::new(),
            clients: Some(Delay::constant(Span::from_micros(300))),
        },
        clients: vec![writers(2)],
        script,
        until: SimTime::from_millis(30_000),
        ..Setup::default()
    }
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
fn check<F: Fault>(setup: &Setup<Knobs>, promise: Promise, proof: &str, operations: usize) {
    assert_eq!(verdict::<SingleLeader>(setup, promise), Verdict::Holds, "the sound one");
    match verdict::<Mutant<F>>(setup, promise) {
        Verdict::Broken(witness) => {
            assert_eq!(witness.sentence, proof);
            assert_eq!(witness.operations.len(), operations);
            assert!(!witness.events.is_empty());
        }
        other => panic!("not caught: {other:?}"),
    }
}

#[test]
fn who_acknowledges_before_a_follower_has_it_is_caught_when_the_power_goes() {
    let setup = setup(vec![at(5_060, fault::power_off(Target::Leader))]);
    check::<Hasty>(
        &setup,
        Promise::AcknowledgedWritesSurvive,
        "1 of 1,249 acknowledged writes is gone: k3 = 211; n1 lost power 7.1 ms after \
         sending it to n2 and n3, and it never arrived",
        1,
    );
}

#[test]
fn an_old_leader_that_goes_on_accepting_is_caught() {
    let isolated = fault::isolate(Target::Leader, true);
    let mut setup = setup(vec![at(5_000, isolated), at(12_000, fault::heal_all())]);
    setup.knobs.acknowledge.mode = Mode::Asynchronous;
    setup.clients.push(ClientSetup { at_leader: true, ..writers(1) });
    check::<Stubborn>(
        &setup,
        Promise::OneLeader,
        "n1 (epoch 1) and n2 (epoch 2) both accepted writes from 7.664 s to 12.146 s",
        2,
    );
}

#[test]
fn who_answers_reads_from_the_past_is_caught() {
    let mut setup = setup(vec![]);
    setup.clients[0].pace = Pace::Open { writes_per_s: 20.0, reads_per_s: 20.0 };
    check::<Nostalgic>(
        &setup,
        Promise::Linearizable,
        "at 0.439 s c2 read k6 = 3, but by the answers before it the last write was k6 = 35: no \
         single order explains both",
        3,
    );
}

#[test]
fn without_reads_nobody_can_see_that_there_are_several_copies() {
    let expected = Verdict::NotExercised("no read was answered".to_owned());
    assert_eq!(verdict::<SingleLeader>(&setup(vec![]), Promise::Linearizable), expected);
}

#[test]
fn a_replica_that_rewrites_a_committed_record_is_caught() {
    check::<Forger>(
        &setup(vec![]),
        Promise::ReplicasAgree,
        "position 20 is committed as k2 = 20 on n1 and as k2 = 1020 on n3",
        2,
    );
}

#[test]
fn a_replica_that_stops_taking_records_is_caught_when_all_is_quiet() {
    let setup = setup(vec![at(15_000, fault::quiet_clients(true))]);
    check::<Deaf>(
        &setup,
        Promise::ReplicasConverge,
        "n3 (applied 20) and n1 (applied 650) hold different data 10.0 s after the \
         last write",
        0,
    );
}

#[test]
fn a_replica_that_holds_another_value_is_caught_when_all_is_quiet() {
    let setup = setup(vec![at(15_000, fault::quiet_clients(true))]);
    check::<Forger>(
        &setup,
        Promise::ReplicasConverge,
        "n3 (applied 650) and n1 (applied 650) hold different data 10.0 s after the \
         last write",
        0,
    );
}

#[test]
fn who_forgets_what_a_client_has_asked_before_is_caught() {
    let apart = [2, 3].map(|follower| at(5_000, fault::pause(n(follower))));
    let again = [2, 3].map(|follower| at(7_000, fault::resume(n(follower))));
    let setup = setup(apart.into_iter().chain(again).collect());
    check::<Forgetful>(
        &setup,
        Promise::NothingAppliedTwice,
        "k7 = 210 stands in the log at 210 and again at 254: it was asked for 3 times; \
         44 writes happened twice in all",
        44,
    );
}

/// One client that writes and reads at the leader, one thing after the other.
fn reader() -> Setup<Knobs> {
    let pace = Pace::Closed { update_fraction: 0.5, think: Span::from_millis(20) };
    Setup { clients: vec![ClientSetup { count: 1, pace, ..writers(1) }], ..setup(vec![]) }
}

#[test]
fn who_answers_reads_with_the_past_breaks_every_promise_of_a_session() {
    let proofs = [
        (
            Promise::FreshReads,
            "c1 read nothing at k2 from n1, though k2 = 16 had been acknowledged 20 ms \
             before c1 asked; 213 of 464 reads in all",
        ),
        (
            Promise::ReadYourWrites,
            "c1 read nothing at k2 from n1, asked for 20 ms after it was told that its own k2 = 16 is \
             saved; 213 of 464 reads in all",
        ),
        (
            Promise::MonotonicReads,
            "c1 read nothing at k7 from n1, and had read the newer 19 20 ms \
             before it asked; 192 of 464 reads in all",
        ),
        (
            Promise::ConsistentPrefix,
            "c1 read nothing at k8 from n1, and had read k2 = 66, written after k8 = 26, \
             63 ms before it asked; 206 of 464 reads in all",
        ),
    ];
    let found = proofs.map(|(promise, _)| {
        assert_eq!(verdict::<SingleLeader>(&reader(), promise), Verdict::Holds, "the sound one");
        match verdict::<Mutant<Wavering>>(&reader(), promise) {
            Verdict::Broken(witness) => witness.sentence,
            other => panic!("not caught: {other:?}"),
        }
    });
    assert_eq!(found, proofs.map(|(_, proof)| proof.to_owned()));
}

#[test]
fn without_reads_nothing_is_said_about_them() {
    for promise in [
        Promise::FreshReads,
        Promise::ReadYourWrites,
        Promise::MonotonicReads,
        Promise::ConsistentPrefix,
    ] {
        let verdict = verdict::<SingleLeader>(&setup(vec![]), promise);
        assert_eq!(verdict, Verdict::NotExercised("nobody read".to_owned()));
    }
}

#[test]
fn a_replica_that_applies_half_a_transfer_is_caught() {
    let movers = ClientSetup { workload: Workload::Transfers, ..writers(2) };
    let setup = Setup { clients: vec![movers], ..setup(vec![]) };
    check::<Careless>(
        &setup,
        Promise::TotalHolds,
        "at 0.425 s the 17 accounts on n3 added up to 1,669 instead of 1,700",
        0,
    );
    let plain = verdict::<SingleLeader>(&self::setup(vec![]), Promise::TotalHolds);
    let expected = "nobody moved money between accounts".to_owned();
    assert_eq!(plain, Verdict::NotExercised(expected));
}
