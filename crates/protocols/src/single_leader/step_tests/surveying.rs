//! First-to-notice promotion.

use super::*;
use crate::single_leader::knobs::Choose;

fn standing(last: u32, of: u32) -> Message {
    Message::Standing { epoch: Epoch(2), last: Position(last), of: Epoch(of) }
}

#[test]
fn who_notices_first_asks_how_far_the_others_are_and_leads_if_nobody_is_further() {
    let mut bench = Bench::new(N2, first_to_notice());
    bench.holds(1, 2);
    check(
        bench.timer(3_000, Timer::Silence),
        &[
            "note Suspected { leader: n1, epoch: 1 }",
            "note Surveyed { epoch: 2 }",
            "n1 <- Survey { epoch: 2 }",
            "n3 <- Survey { epoch: 2 }",
            "set Election 1000ms",
        ],
    );
    // n1 is taken for dead: nobody waits for its answer.
    check(
        bench.hears(3_010, N3, standing(1, 1)),
        &[
            "write Reign { epoch: 2, voted_for: Some(n2), leading: yes, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "note Promoted { epoch: 2, position: 2 }",
            "cancel Silence",
            "cancel Election",
            "write record 3",
            "flush Log { position: 3, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
}

#[test]
fn who_is_further_is_appointed() {
    let mut bench = Bench::new(N2, first_to_notice());
    bench.holds(1, 1);
    bench.timer(3_000, Timer::Silence);
    check(
        bench.hears(3_010, N3, standing(2, 1)),
        &[
            "n3 <- Appoint { epoch: 2 }",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
        ],
    );
    let mut bench = Bench::new(N3, first_to_notice());
    bench.holds(1, 2);
    check(
        bench.hears(3_020, N2, Message::Appoint { epoch: Epoch(2) }),
        &[
            "write Reign { epoch: 2, voted_for: Some(n3), leading: yes, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "note Promoted { epoch: 2, position: 2 }",
            "cancel Silence",
            "cancel Election",
            "write record 3",
            "flush Log { position: 3, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
    // The same appointment, arriving again, appoints nobody.
    check(bench.hears(3_021, N2, Message::Appoint { epoch: Epoch(2) }), &[]);
}

#[test]
fn who_does_not_answer_in_time_is_passed_over() {
    let mut bench = Bench::new(N2, first_to_notice());
    bench.timer(3_000, Timer::Silence);
    check(
        bench.timer(4_000, Timer::Election),
        &[
            "write Reign { epoch: 2, voted_for: Some(n2), leading: yes, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "note Promoted { epoch: 2, position: 0 }",
            "cancel Silence",
            "cancel Election",
            "write record 1",
            "flush Log { position: 1, era: 0 }",
            "set Heartbeat 0ms",
        ],
    );
}

#[test]
fn a_fixed_priority_appoints_whoever_answers_however_old_its_data() {
    let mut bench = Bench::new(
        N2,
        knobs(|k| {
            k.failover.promote = Promote::FirstToNotice;
            k.failover.choose = Choose::Priority(vec![N3, N2]);
        }),
    );
    bench.holds(1, 2);
    bench.timer(3_000, Timer::Silence);
    check(
        bench.hears(3_010, N3, standing(0, 0)),
        &[
            "n3 <- Appoint { epoch: 2 }",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
        ],
    );
}

#[test]
fn a_follower_says_how_far_its_log_reaches() {
    let mut bench = Bench::new(N3, first_to_notice());
    bench.holds(1, 2);
    check(
        bench.hears(3_010, N2, Message::Survey { epoch: Epoch(2) }),
        &["set Silence 3000ms", "n2 <- Standing { epoch: 2, last: 2, of: 1 }"],
    );
    check(bench.hears(3_011, N2, Message::Survey { epoch: Epoch(1) }), &["set Silence 3000ms"]);
}

#[test]
fn a_leader_that_is_alive_after_all_says_so() {
    let mut bench = Bench::new(N1, first_to_notice());
    check(
        bench.hears(3_010, N2, Message::Survey { epoch: Epoch(2) }),
        &["n2 <- Heartbeat { epoch: 1, committed: 0, sent: 3010ms, stamp: 3010000, greet: no }"],
    );
    let mut bench = Bench::new(N2, first_to_notice());
    bench.timer(3_000, Timer::Silence);
    check(
        bench.hears(3_012, N1, heartbeat(1, 0, 3_010, false)),
        &[
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
            "note Follows { leader: n1, epoch: 1 }",
            "n1 <- Alive { epoch: 1, sent: 3010ms }",
            "set Silence 3000ms",
            "n1 <- Hello { epoch: 1, since: 3012ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: no }",
        ],
    );
}

#[test]
fn of_two_who_noticed_the_lower_name_goes_on() {
    let mut bench = Bench::new(N2, first_to_notice());
    bench.timer(3_000, Timer::Silence);
    check(bench.hears(3_001, N3, Message::Survey { epoch: Epoch(2) }), &[]);
    let mut bench = Bench::new(N3, first_to_notice());
    bench.timer(3_000, Timer::Silence);
    check(
        bench.hears(3_001, N2, Message::Survey { epoch: Epoch(2) }),
        &[
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms",
            "n2 <- Standing { epoch: 2, last: 0, of: 0 }",
        ],
    );
}
