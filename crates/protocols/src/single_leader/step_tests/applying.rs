//! Received, flushed, applied: what waits for the applier, and what does not.

use super::*;
use crate::single_leader::knobs::{ConfirmOn, Unapplied};
use engine::protocol::{Applying, Outcome, client::Refusal};

/// A node whose applier takes its time for what others wrote.
fn slow(me: NodeId, knobs: Knobs) -> Bench {
    Bench { applying: Applying::SlowForOthers, ..Bench::new(me, knobs) }
}

impl Bench {
    fn applied(&mut self, ms: u64, position: u32) -> Vec<String> {
        self.effects(ms, Input::Applied(Position(position)))
    }
}

#[test]
fn a_follower_confirms_what_is_durable_and_has_it_applied_one_after_the_other() {
    let mut bench = slow(N2, Knobs::default());
    for position in 1..=2 {
        let record = bench.record(1, position);
        bench.hears(10, N1, append(1, position - 1, record, 0));
    }
    check(
        bench.log_flushed(12, 2),
        &["apply 1", "n1 <- Confirm { epoch: 1, since: 0ms, received: 2, flushed: 2, applied: 0 }"],
    );
    check(bench.applied(100, 1), &["apply 2"]);
    assert_eq!(bench.node.data.applied(), Position(1));
    check(bench.applied(200, 2), &[]);
    assert_eq!(bench.node.data.applied(), Position(2));
}

#[test]
fn where_applied_is_what_counts_it_is_confirmed_again_when_it_is() {
    let mut bench = slow(N2, knobs(|k| k.acknowledge.on = ConfirmOn::Applied));
    let record = bench.record(1, 1);
    bench.hears(10, N1, append(1, 0, record, 0));
    bench.log_flushed(12, 1);
    check(
        bench.applied(100, 1),
        &["n1 <- Confirm { epoch: 1, since: 0ms, received: 1, flushed: 1, applied: 1 }"],
    );
}

#[test]
fn a_leader_has_executed_its_own_writes() {
    let mut bench = slow(N1, Knobs::default());
    bench.write(10, 1);
    let told = bench.log_flushed(12, 1);
    assert!(told.iter().any(|line| line.starts_with("reply to")), "{told:#?}");
    assert_eq!(bench.node.data.applied(), Position(1));
}

#[test]
fn a_leader_whose_own_applier_is_slow_acknowledges_what_its_readers_see() {
    let mut bench = Bench { applying: Applying::Slow, ..Bench::new(N1, Knobs::default()) };
    bench.write(10, 1);
    check(bench.log_flushed(12, 1), &["note Committed { position: 1 }", "apply 1"]);
    let told = bench.applied(100, 1);
    assert!(told.iter().any(|line| line.starts_with("reply to")), "{told:#?}");
}

#[test]
fn what_a_leader_acknowledges_from_memory_its_readers_see_before_it_is_durable() {
    let mut bench = Bench::new(N1, knobs(|k| k.acknowledge.on = ConfirmOn::Received));
    let told = bench.write(10, 1);
    assert!(told.iter().any(|line| line.starts_with("reply to")), "{told:#?}");
    let read = bench.effects(11, Input::Request(read(2, true)));
    assert!(read.iter().any(|line| line.contains("value: 10")), "{read:#?}");
}

/// A follower with two records, of which one is applied, is promoted.
fn promoted(unapplied: Unapplied) -> (Bench, Vec<String>) {
    let mut bench = slow(N2, knobs(|k| k.failover.unapplied = unapplied));
    bench.holds(1, 2);
    bench.applied(50, 1);
    let told = bench.ordered(60, Admin::Promote);
    (bench, told)
}

#[test]
fn a_promoted_follower_applies_first_and_serves_when_it_has() {
    let (mut bench, told) = promoted(Unapplied::Apply);
    assert_eq!(told[0], "note AppliesFirst { from: 2, to: 2 }", "{told:#?}");
    let why = Outcome::Unavailable { why: Refusal::Applying, epoch: Epoch(2) };
    let refused = format!("reply to 9/1: {}", format!("{why:?}").replace("Epoch(2)", "2"));
    check(bench.write(70, 9), &[&refused]);
    check(bench.effects(71, Input::Request(read(9, true))), &[&refused]);
    assert!(!bench.node.accepts_writes());
    bench.applied(80, 2);
    assert!(bench.node.accepts_writes());
    let told = bench.effects(90, Input::Request(read(9, true)));
    assert!(told.iter().any(|line| line.contains("value: 20")), "{told:#?}");
}

#[test]
fn a_follower_promoted_at_once_throws_away_what_it_had_not_applied() {
    let (bench, told) = promoted(Unapplied::Discard);
    assert_eq!(told[0], "note Discarded { from: 2, to: 2 }", "{told:#?}");
    assert_eq!(told[1], "write rewind to 1");
    assert!(told.contains(&"note Promoted { epoch: 2, position: 1 }".to_owned()), "{told:#?}");
    assert!(bench.node.accepts_writes());
}

#[test]
fn who_would_throw_away_what_is_not_applied_asks_for_votes_with_what_is() {
    for (unapplied, last) in [(Unapplied::Apply, 2), (Unapplied::Discard, 1)] {
        let mut bench = slow(N2, knobs(|k| k.failover.unapplied = unapplied));
        bench.holds(1, 2);
        bench.applied(50, 1);
        let told = bench.timer(3_200, Timer::Silence);
        let asked = format!("n3 <- PreVoteRequest {{ epoch: 2, last: {last}, of: 1 }}");
        assert!(told.contains(&asked), "{told:#?}");
    }
}

#[test]
fn what_was_not_applied_before_a_restart_is_applied_after_it() {
    let mut bench = slow(N2, Knobs::default());
    bench.holds(1, 3);
    bench.applied(50, 1);
    let (bench, told) = bench.restart(100);
    assert_eq!(bench.node.data.applied(), Position(1));
    assert!(told.contains(&"apply 2".to_owned()), "{told:#?}");
}

#[test]
fn the_applier_is_stopped_when_what_it_works_on_is_cut_off() {
    let mut bench = slow(N2, Knobs::default());
    bench.holds(1, 2);
    let out = bench.ordered(20, Admin::CopyAfresh);
    assert!(out.contains(&"stop applying".to_owned()), "{out:#?}");
    check(bench.applied(50, 1), &[]);
    assert_eq!(bench.node.data.applied(), Position::ZERO);
}
