//! How a follower tells a dead leader from a living one, where it is not by a fixed time-out.

use super::*;
use crate::single_leader::knobs::Detect;
use engine::protocol::parts::phi::{Gaps, Phi};

/// A follower that an administrator would have to promote, with this way to tell.
fn watching(detect: Detect) -> Bench {
    let by_hand = |k: &mut Knobs| {
        k.failover.promote = Promote::ByHand;
        k.failover.heartbeat = ms(100);
        k.failover.detect = detect;
        k.failover.fencing = false;
        k.acknowledge.give_up_after = None;
    };
    Bench::new(N2, knobs(by_hand))
}

fn phi() -> Detect {
    let min_deviation = ms(10);
    Detect::Phi(Phi { threshold: 8.0, window: 200, min_deviation, gaps: Gaps::Normal })
}

#[test]
fn accumulating_suspicion_is_armed_to_the_instant_at_which_it_is_too_much() {
    let mut bench = watching(phi());
    let answer = "n1 <- Alive { epoch: 1, sent: 0ms }";
    for beat in 1..=8 {
        let told = bench.hears(beat * 100, N1, heartbeat(1, 0, 0, false));
        check(told, &[answer, "set Silence 3000ms"]);
    }
    let told = bench.hears(900, N1, heartbeat(1, 0, 0, false));
    check(told, &[answer, "set Silence 156.121ms"]);
    assert_eq!(bench.timer(1_057, Timer::Silence), ["note Suspected { leader: n1, epoch: 1 }"]);
    check(
        bench.hears(1_100, N1, heartbeat(1, 0, 0, false)),
        &[answer, "note TrustedAgain { leader: n1 }", "set Silence 287.48ms"],
    );
}

#[test]
fn under_majority_promotion_the_random_wait_is_added() {
    let mut bench = Bench::new(N2, knobs(|k| k.failover.detect = phi()));
    for beat in 1..=9 {
        bench.hears(beat * 100, N1, heartbeat(1, 0, 0, false));
    }
    check(
        bench.hears(1_000, N1, heartbeat(1, 0, 999, false)),
        &["n1 <- Alive { epoch: 1, sent: 999ms }", "set Silence 156.121ms to 1656.121ms"],
    );
}

#[test]
fn another_leader_is_judged_by_its_own_heartbeats() {
    let mut bench = watching(phi());
    for beat in 1..=9 {
        bench.hears(beat * 100, N1, heartbeat(1, 0, 0, false));
    }
    let told = bench.hears(1_000, N3, heartbeat(2, 0, 999, false));
    assert!(told.contains(&"set Silence 3000ms".to_owned()), "{told:?}");
}

#[test]
fn a_heartbeat_vouches_for_the_leader_from_when_it_was_sent() {
    let mut bench = watching(Detect::Freshness(ms(30)));
    let answer = |sent: u64| format!("n1 <- Alive {{ epoch: 1, sent: {sent}ms }}");
    let told = bench.hears(120, N1, heartbeat(1, 0, 100, false));
    check(told, &[&answer(100), "set Silence 110ms"]);
    assert_eq!(bench.timer(230, Timer::Silence), ["note Suspected { leader: n1, epoch: 1 }"]);
    // It was sent in time and comes when the next one is overdue.
    check(bench.hears(340, N1, heartbeat(1, 0, 200, false)), &[&answer(200)]);
    check(
        bench.hears(350, N1, heartbeat(1, 0, 300, false)),
        &[&answer(300), "note TrustedAgain { leader: n1 }", "set Silence 80ms"],
    );
    let told = bench.hears(360, N1, heartbeat(1, 0, 200, false));
    check(told, &[&answer(200), "set Silence 70ms"]);
}

/// "Synchronized clocks": freshness points compare the leader's time of day with the follower's. The
/// leader hears all the same that its follower is there.
#[test]
fn a_heartbeat_from_a_clock_that_is_behind_vouches_for_nothing() {
    let mut bench = watching(Detect::Freshness(ms(30)));
    let beat = |sent, stamp_ms: i64| {
        let (epoch, committed, greet) = (Epoch(1), Position(0), false);
        let (sent, stamp) = (SimTime::from_millis(sent), stamp_ms * 1_000);
        Message::Heartbeat { epoch, committed, sent, stamp, greet }
    };
    let answer = |sent: u64| format!("n1 <- Alive {{ epoch: 1, sent: {sent}ms }}");
    check(bench.hears(120, N1, beat(100, -50)), &[&answer(100)]);
    check(bench.hears(220, N1, beat(200, 1_200)), &[&answer(200), "set Silence 1110ms"]);
}
