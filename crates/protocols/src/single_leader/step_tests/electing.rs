//! Silence, candidacies and votes, where nobody asks first whether it would be voted for.

use super::*;
use crate::single_leader::knobs::Choose;

#[test]
fn silence_makes_a_candidate_whose_own_vote_is_durable_before_it_asks() {
    let mut bench = Bench::new(N2, at_once());
    bench.holds(1, 2);
    check(
        bench.timer(3_200, Timer::Silence),
        &[
            "note Suspected { leader: n1, epoch: 1 }",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Candidacy(2)",
            "note AskedForVotes { epoch: 2 }",
            "set Election 3000ms to 4500ms",
        ],
    );
    check(
        bench.flushed(3_202, Mark::Candidacy(Epoch(2))),
        &[
            "n1 <- VoteRequest { epoch: 2, last: 2, of: 1 }",
            "n3 <- VoteRequest { epoch: 2, last: 2, of: 1 }",
        ],
    );
    // The mark of an earlier candidacy asks nobody.
    check(bench.flushed(3_203, Mark::Candidacy(Epoch(1))), &[]);
}

#[test]
fn a_vote_is_durable_before_it_is_sent() {
    let mut bench = Bench::new(N3, Knobs::default());
    check(
        bench.hears(3_300, N2, vote_request(2, 0, 0)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
    check(bench.flushed(3_302, Mark::Vote(N2, Epoch(2))), &["n2 <- Vote { epoch: 2, given: yes }"]);
}

#[test]
fn a_vote_whose_epoch_is_over_when_it_is_durable_is_not_sent() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(3_300, N2, vote_request(2, 0, 0));
    bench.hears(3_301, N1, heartbeat(3, 0, 3_301, false));
    check(bench.flushed(3_302, Mark::Vote(N2, Epoch(2))), &[]);
}

#[test]
fn a_candidate_is_not_heard_while_a_leader_is() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(1_000, N1, heartbeat(1, 0, 1_000, false));
    check(bench.hears(3_999, N2, vote_request(2, 0, 0)), &[]);
    assert_eq!(bench.node.reign.epoch, Epoch(1));
    check(
        bench.hears(4_000, N2, vote_request(2, 0, 0)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn a_voter_keeps_its_word_for_a_lease() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(3_300, N2, vote_request(2, 0, 0));
    check(bench.hears(6_299, N1, vote_request(3, 0, 0)), &[]);
    check(
        bench.hears(6_300, N1, vote_request(3, 0, 0)),
        &[
            "write Reign { epoch: 3, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 3, voted_for: Some(n1), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n1, 3)",
            "note Voted { candidate: n1, epoch: 3 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn a_restarted_voter_may_have_promised_something_and_waits() {
    let (mut bench, _) = Bench::new(N3, Knobs::default()).restart(3_300);
    check(bench.hears(6_299, N2, vote_request(2, 0, 0)), &[]);
    check(
        bench.hears(6_300, N2, vote_request(2, 0, 0)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn a_candidate_whose_log_is_older_gets_a_refusal() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.hears(3_300, N2, vote_request(2, 1, 1)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "n2 <- Vote { epoch: 2, given: no }",
        ],
    );
}

#[test]
fn under_a_fixed_priority_nobody_asks_how_old_the_data_is() {
    let priority = |k: &mut Knobs| k.failover.choose = Choose::Priority(vec![N2, N3]);
    let mut bench = Bench::new(N3, knobs(priority));
    bench.holds(1, 2);
    check(
        bench.hears(3_300, N2, vote_request(2, 0, 0)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 4500ms",
        ],
    );
}

#[test]
fn a_leader_that_holds_its_lease_hears_no_candidate() {
    let mut bench = Bench::new(N1, Knobs::default());
    check(bench.hears(100, N2, vote_request(2, 0, 0)), &[]);
    // Once it has noticed that its lease is over, it steps down.
    bench.timer(3_500, Timer::Heartbeat);
    check(
        bench.hears(3_501, N2, vote_request(2, 0, 0)),
        &[
            "note SteppedDown { epoch: 1, later: 2, why: AskedForVote { by: n2 } }",
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn a_majority_of_votes_makes_a_leader_that_opens_its_epoch() {
    let mut bench = Bench::new(
        N2,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncAny(1);
            k.failover.pre_vote = false;
        }),
    );
    bench.holds(1, 2);
    bench.timer(3_200, Timer::Silence);
    bench.flushed(3_202, Mark::Candidacy(Epoch(2)));
    let vote = |given| Message::Vote { epoch: Epoch(2), given };
    check(bench.hears(3_210, N1, vote(false)), &[]);
    check(
        bench.hears(3_211, N3, vote(true)),
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
    // A vote that comes later changes nothing.
    check(bench.hears(3_212, N3, vote(true)), &[]);
}

#[test]
fn an_election_that_takes_too_long_is_followed_by_another() {
    let mut bench = Bench::new(N2, at_once());
    bench.timer(3_200, Timer::Silence);
    check(
        bench.timer(6_500, Timer::Election),
        &[
            "write Reign { epoch: 3, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Candidacy(3)",
            "note AskedForVotes { epoch: 3 }",
            "set Election 3000ms to 4500ms",
        ],
    );
}

#[test]
fn a_candidate_that_hears_the_leader_of_its_epoch_follows_it() {
    let mut bench = Bench::new(N2, at_once());
    bench.timer(3_200, Timer::Silence);
    check(
        bench.hears(3_300, N3, heartbeat(2, 0, 3_299, true)),
        &[
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "note Follows { leader: n3, epoch: 2 }",
            "n3 <- Alive { epoch: 2, sent: 3299ms }",
            "set Silence 3000ms to 4500ms",
            "n3 <- Hello { epoch: 2, since: 3300ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: no }",
        ],
    );
}

#[test]
fn a_node_that_was_emptied_gives_no_vote_even_after_a_restart() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.holds(1, 2);
    bench.ordered(10, Admin::CopyAfresh);
    check(
        bench.hears(3_300, N2, vote_request(2, 2, 1)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: yes, emptied: yes, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "n2 <- Vote { epoch: 2, given: no }",
        ],
    );
    let (mut bench, _) = bench.restart(4_000);
    check(
        bench.hears(8_000, N2, vote_request(3, 2, 1)),
        &[
            "write Reign { epoch: 3, voted_for: None, leading: no, fresh: yes, emptied: yes, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "n2 <- Vote { epoch: 3, given: no }",
        ],
    );
    check(bench.timer(9_000, Timer::Silence), &["set Silence 3000ms to 4500ms"]);
}

#[test]
fn a_node_that_never_had_anything_may_vote() {
    let (mut bench, _) = Bench::added(NodeId(3), 5_000, Knobs::default());
    check(
        bench.hears(9_000, N2, vote_request(2, 2, 1)),
        &[
            "write Reign { epoch: 2, voted_for: None, leading: no, fresh: yes, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: yes, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn where_an_administrator_decides_silence_is_only_noted() {
    let mut bench = Bench::new(N2, knobs(|k| k.failover.promote = Promote::ByHand));
    check(bench.timer(3_000, Timer::Silence), &["note Suspected { leader: n1, epoch: 1 }"]);
    check(
        bench.hears(3_500, N1, heartbeat(1, 0, 3_499, false)),
        &[
            "n1 <- Alive { epoch: 1, sent: 3499ms }",
            "note TrustedAgain { leader: n1 }",
            "set Silence 3000ms",
        ],
    );
}
