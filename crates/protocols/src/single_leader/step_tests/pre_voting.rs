//! Asking first whether a majority would vote, and being bound to a leader that is heard.

use super::*;
use crate::single_leader::role::Role;

fn pre_vote_request(epoch: u32, last: u32, of: u32) -> Message {
    Message::PreVoteRequest { epoch: Epoch(epoch), last: Position(last), of: Epoch(of) }
}

fn pre_vote(epoch: u32, given: bool) -> Message {
    Message::PreVote { epoch: Epoch(epoch), given }
}

fn loose() -> Knobs {
    knobs(|k| k.failover.leader_stickiness = false)
}

fn unfenced() -> Knobs {
    knobs(|k| {
        k.failover.pre_vote = false;
        k.failover.fencing = false;
    })
}

/// n2 at 3.2 s, having heard nothing and asked.
fn asking() -> Bench {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 2);
    check(
        bench.timer(3_200, Timer::Silence),
        &[
            "note Suspected { leader: n1, epoch: 1 }",
            "note AskedForPreVotes { epoch: 2 }",
            "n1 <- PreVoteRequest { epoch: 2, last: 2, of: 1 }",
            "n3 <- PreVoteRequest { epoch: 2, last: 2, of: 1 }",
            "set Election 3000ms to 4500ms",
        ],
    );
    assert_eq!(bench.node.leader(), None, "it sends no client to one that it takes for dead");
    bench
}

#[test]
fn a_majority_that_would_vote_makes_a_candidate() {
    let mut bench = asking();
    check(
        bench.hears(3_210, N3, pre_vote(2, true)),
        &[
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Candidacy(2)",
            "note AskedForVotes { epoch: 2 }",
            "set Election 3000ms to 4500ms",
        ],
    );
    // Later answers change nothing.
    check(bench.hears(3_211, N1, pre_vote(2, true)), &[]);
    // A candidacy that comes to nothing is followed by a question again, in the next epoch.
    check(
        bench.timer(7_000, Timer::Election),
        &[
            "note AskedForPreVotes { epoch: 3 }",
            "n1 <- PreVoteRequest { epoch: 3, last: 2, of: 1 }",
            "n3 <- PreVoteRequest { epoch: 3, last: 2, of: 1 }",
            "set Election 3000ms to 4500ms",
        ],
    );
}

#[test]
fn who_is_refused_begins_no_epoch_and_asks_again_later() {
    let mut bench = asking();
    check(bench.hears(3_210, N3, pre_vote(1, false)), &[]);
    check(bench.hears(3_211, N1, pre_vote(1, false)), &[]);
    check(
        bench.timer(6_300, Timer::Election),
        &[
            "note AskedForPreVotes { epoch: 2 }",
            "n1 <- PreVoteRequest { epoch: 2, last: 2, of: 1 }",
            "n3 <- PreVoteRequest { epoch: 2, last: 2, of: 1 }",
            "set Election 3000ms to 4500ms",
        ],
    );
    assert_eq!(bench.node.reign.epoch, Epoch(1));
}

#[test]
fn a_leader_that_is_heard_again_is_followed_as_before() {
    let mut bench = asking();
    check(
        bench.hears(3_300, N1, heartbeat(1, 2, 3_299, false)),
        &[
            "n1 <- Alive { epoch: 1, sent: 3299ms }",
            "note TrustedAgain { leader: n1 }",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
        ],
    );
    assert_eq!(bench.node.leader(), Some(N1));
    // What comes later of the answers makes no candidate.
    check(bench.hears(3_301, N3, pre_vote(2, true)), &[]);
}

#[test]
fn another_leader_of_the_same_epoch_ends_the_question() {
    let (mut bench, _) = Bench::new(N2, Knobs::default()).restart(1_000);
    bench.timer(4_200, Timer::Silence);
    let record = bench.record(1, 1);
    check(
        bench.hears(4_300, N1, append(1, 0, record, 0)),
        &[
            "note Follows { leader: n1, epoch: 1 }",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn who_hears_a_leader_would_not_vote_and_enters_no_epoch() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(1_000, N1, heartbeat(1, 0, 999, false));
    check(
        bench.hears(3_999, N2, pre_vote_request(2, 0, 0)),
        &[
            "note RefusedPreVote { candidate: n2, why: HearsLeader(n1) }",
            "n2 <- PreVote { epoch: 1, given: no }",
        ],
    );
    check(
        bench.hears(4_000, N2, pre_vote_request(2, 0, 0)),
        &["n2 <- PreVote { epoch: 2, given: yes }"],
    );
    assert_eq!((bench.node.reign.epoch, bench.node.reign.voted_for), (Epoch(1), Some(N1)));
}

#[test]
fn a_leader_that_holds_its_lease_would_not_vote() {
    let mut bench = Bench::new(N1, Knobs::default());
    check(
        bench.hears(100, N2, pre_vote_request(2, 0, 0)),
        &[
            "note RefusedPreVote { candidate: n2, why: HearsLeader(n1) }",
            "n2 <- PreVote { epoch: 1, given: no }",
        ],
    );
    bench.timer(3_500, Timer::Heartbeat);
    check(
        bench.hears(3_501, N2, pre_vote_request(2, 0, 0)),
        &["n2 <- PreVote { epoch: 2, given: yes }"],
    );
}

#[test]
fn a_log_that_is_behind_an_old_epoch_and_an_emptied_node_get_no_yes() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.holds(1, 2);
    let mut asked = |message| bench.hears(3_300, N2, message)[0].clone();
    let refused = |why| format!("note RefusedPreVote {{ candidate: n2, why: {why} }}");
    assert_eq!(asked(pre_vote_request(2, 1, 1)), refused("LogBehind"));
    assert_eq!(asked(pre_vote_request(1, 2, 1)), refused("LaterEpoch"));
    bench.ordered(3_301, Admin::CopyAfresh);
    let told = bench.hears(7_000, N2, pre_vote_request(2, 2, 1));
    assert_eq!(told[0], refused("Emptied"));
    let (mut restarted, _) = Bench::new(N3, Knobs::default()).restart(4_000);
    let told = restarted.hears(4_001, N2, pre_vote_request(2, 2, 1));
    assert_eq!(told[0], refused("Bound"), "it may have promised something");
}

#[test]
fn who_asks_in_an_epoch_that_is_over_asks_at_once_in_the_next() {
    let mut bench = asking();
    check(
        bench.hears(3_210, N3, pre_vote(5, false)),
        &[
            "write Reign { epoch: 5, voted_for: None, leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "cancel Silence",
            "note AskedForPreVotes { epoch: 6 }",
            "n1 <- PreVoteRequest { epoch: 6, last: 2, of: 1 }",
            "n3 <- PreVoteRequest { epoch: 6, last: 2, of: 1 }",
            "set Election 3000ms to 4500ms",
        ],
    );
    // An answer about the earlier one does not count.
    check(bench.hears(3_211, N1, pre_vote(2, true)), &[]);
}

#[test]
fn a_vote_in_the_same_epoch_ends_the_question() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(3_300, N2, pre_vote_request(2, 0, 0));
    bench.hears(3_300, N1, Message::Vote { epoch: Epoch(2), given: false });
    assert_eq!(bench.node.reign.epoch, Epoch(2), "it heard of the epoch");
    bench.timer(3_400, Timer::Silence);
    check(
        bench.hears(3_401, N2, vote_request(2, 0, 0)),
        &[
            "cancel Election",
            "write Reign { epoch: 2, voted_for: Some(n2), leading: no, fresh: no, emptied: no, seen: 0 }",
            "flush Vote(n2, 2)",
            "note Voted { candidate: n2, epoch: 2 }",
            "set Silence 3000ms to 4500ms",
        ],
    );
}

#[test]
fn without_stickiness_a_leader_that_is_heard_binds_nobody() {
    let mut bench = Bench::new(N3, loose());
    bench.hears(1_000, N1, heartbeat(1, 0, 999, false));
    check(
        bench.hears(1_001, N2, pre_vote_request(2, 0, 0)),
        &["n2 <- PreVote { epoch: 2, given: yes }"],
    );
    let told = bench.hears(1_002, N2, vote_request(2, 0, 0));
    assert!(told.contains(&"note Voted { candidate: n2, epoch: 2 }".to_owned()), "{told:?}");
    let mut leader = Bench::new(N1, loose());
    let told = leader.hears(100, N2, vote_request(2, 0, 0));
    assert_eq!(told[0], "note SteppedDown { epoch: 1, later: 2, why: AskedForVote { by: n2 } }");
}

#[test]
fn a_leader_that_is_turned_away_says_by_whom_and_with_which_epoch() {
    let fenced = |leader| {
        let mut bench = Bench::new(N1, Knobs::default());
        bench.hears(100, N3, Message::Fence { epoch: Epoch(7), leader })[0].clone()
    };
    assert_eq!(
        fenced(None),
        "note SteppedDown { epoch: 1, later: 7, why: TurnedAway { by: n3, leader: None } }"
    );
    assert_eq!(
        fenced(Some(N2)),
        "note SteppedDown { epoch: 1, later: 7, why: TurnedAway { by: n3, leader: Some(n2) } }"
    );
}

#[test]
fn without_fencing_a_candidate_goes_back_to_the_leader_that_it_hears() {
    let mut bench = Bench::new(N3, unfenced());
    bench.timer(3_200, Timer::Silence);
    bench.timer(6_300, Timer::Election);
    assert_eq!(bench.node.reign.epoch, Epoch(3));
    check(
        bench.hears(7_000, N1, heartbeat(1, 0, 6_999, false)),
        &[
            "write Reign { epoch: 1, voted_for: None, leading: no, fresh: no, emptied: no, seen: 3 }",
            "flush Reign",
            "cancel Heartbeat",
            "cancel Degrade",
            "cancel Piece",
            "cancel Election",
            "set Silence 3000ms to 4500ms",
            "note Follows { leader: n1, epoch: 1 }",
            "n1 <- Alive { epoch: 1, sent: 6999ms }",
            "set Silence 3000ms to 4500ms",
            "n1 <- Hello { epoch: 1, since: 7000ms, at: 0, of: 0, chain: 0, flushed: 0, fresh: no }",
        ],
    );
    // It has voted for itself in epochs 2 and 3, and remembers that, a restart later too.
    let (mut bench, _) = bench.restart(8_000);
    check(
        bench.hears(11_999, N2, pre_vote_request(3, 9, 1)),
        &[
            "note RefusedPreVote { candidate: n2, why: LaterEpoch }",
            "n2 <- PreVote { epoch: 3, given: no }",
        ],
    );
    check(bench.hears(12_000, N2, vote_request(3, 9, 1)), &[]);
    bench.timer(12_001, Timer::Silence);
    assert_eq!(bench.node.reign.epoch, Epoch(4));
}

#[test]
fn without_fencing_who_follows_a_later_leader_stays_with_it() {
    let mut bench = Bench::new(N3, unfenced());
    bench.hears(100, N2, heartbeat(2, 0, 99, false));
    check(bench.hears(200, N1, heartbeat(1, 0, 199, false)), &[]);
    assert!(matches!(&bench.node.role, Role::Follower(f) if f.leader == Some(N2)));
}
