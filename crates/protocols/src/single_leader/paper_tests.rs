//! Paper tests: one test per rule that single-leader replication takes from somewhere. Each
//! restates its rule and says where it stands.

use super::knobs::{Choose, ConfirmOn, Knobs, Mode, Promote, Returning, WhenSilent};
use super::message::Message;
use super::role::{Feeding, Role};
use super::step_tests::{
    Bench, N1, N2, N3, alive, any_one, append, confirm, heartbeat, knobs, ms, vote_request, write,
};
use super::{Mark, Timer};
use engine::base::{Epoch, NodeId, OpId, Position, SimTime};
use engine::protocol::{Admin, Input, Request, RequestId};

fn promises(told: &[String]) -> Vec<&String> {
    told.iter().filter(|line| line.contains("Written") || line.contains("Vote {")).collect()
}

fn acknowledges(told: &[String]) -> bool {
    told.iter().any(|line| line.contains("Written"))
}

/// "Each server will vote for at most one candidate in a given term, on a first-come-first-served
/// basis." Raft, section 5.2. The vote is durable, so that a restart does not undo it.
#[test]
fn one_vote_per_term() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(3_300, N2, vote_request(2, 0, 0));
    assert!(promises(&bench.hears(3_301, N1, vote_request(2, 0, 0))).len() == 1, "refused");
    let (mut bench, _) = bench.restart(4_000);
    let told = bench.hears(8_000, N1, vote_request(2, 9, 1));
    assert_eq!(told, ["n1 <- Vote { epoch: 2, given: no }"]);
    assert!(bench.hears(8_001, N2, vote_request(2, 0, 0)).iter().any(|l| l.contains("note Voted")));
}

/// "The voter denies its vote if its own log is more up-to-date than that of the candidate … the
/// log with the later term is more up-to-date … whichever log is longer is more up-to-date." Raft,
/// section 5.4.1.
#[test]
fn only_an_up_to_date_candidate_is_voted_for() {
    let given = |last, of| {
        let mut bench = Bench::new(N3, Knobs::default());
        bench.holds(1, 3);
        let told = bench.hears(3_300, N2, vote_request(2, last, of));
        told.iter().any(|line| line.contains("note Voted"))
    };
    assert!(!given(2, 1), "a shorter log of the same term");
    assert!(given(3, 1), "an equal log");
    assert!(given(4, 1), "a longer log of the same term");
    assert!(given(1, 2), "a shorter log of a later term");
}

/// "Raft never commits log entries from previous terms by counting replicas. Only log entries from
/// the leader's current term are committed by counting replicas; once an entry from the current
/// term has been committed in this way, then all prior entries are committed indirectly." Raft,
/// section 5.4.2.
#[test]
fn only_records_of_the_own_term_are_committed_by_counting() {
    let mut bench = Bench::new(N2, any_one());
    bench.holds(1, 2);
    bench.ordered(100, Admin::Promote);
    bench.log_flushed(102, 3);
    let end = bench.node.log.at(Position(2), &bench.records).unwrap();
    let since = SimTime::from_millis(103);
    let (epoch, at, fresh) = (Epoch(2), Position(2), false);
    let (of, chain, flushed) = (end.epoch, end.chain, at);
    let hello = Message::Hello { epoch, since, at, of, chain, flushed, fresh };
    bench.hears(104, N3, hello);
    bench.hears(105, N3, super::step_tests::confirm_since(103, 2, 2, 2));
    assert_eq!(bench.node.committed, Position(0), "two nodes of three hold it, and yet");
    bench.hears(106, N3, super::step_tests::confirm_since(103, 2, 3, 3));
    assert_eq!(bench.node.committed, Position(3));
}

/// "If a server receives a RequestVote RPC within the minimum election timeout of hearing from a
/// current leader, it does not update its term or grant its vote." Raft, section 6.
#[test]
fn a_vote_request_is_disregarded_while_a_leader_is_heard() {
    let mut bench = Bench::new(N3, Knobs::default());
    bench.hears(1_000, N1, heartbeat(1, 0, 999, false));
    assert!(bench.hears(3_999, N2, vote_request(7, 9, 6)).is_empty());
    assert_eq!(bench.node.reign.epoch, Epoch(1));
}

/// A leader may answer without asking anybody for an election time-out from the *sending* of the
/// heartbeats that a majority answered. Ongaro, *Consensus: Bridging Theory and Practice*, section
/// 6.4.1. It holds because those who answered vote for nobody else for at least as long.
#[test]
fn a_lease_ends_before_a_follower_may_vote_for_another() {
    let mut leader = Bench::new(N1, Knobs::default());
    let mut follower = Bench::new(N2, Knobs::default());
    let sent = 5_000;
    leader.hears(5_003, N2, alive(1, sent));
    follower.hears(5_002, N1, heartbeat(1, 0, sent, false));
    let mut serves =
        |at| !leader.write(at, at as u32).iter().any(|line| line.contains("LeaseOver"));
    let mut votes = |at| !follower.hears(at, N3, vote_request(2, 9, 1)).is_empty();
    assert!(serves(7_999) && !votes(7_999));
    assert!(!serves(8_000) && !votes(8_000) && !votes(8_001));
    assert!(votes(8_002));
}

/// `FIRST num_sync (…)`: "transaction commits wait until their WAL records are replicated to
/// num_sync synchronous standbys chosen based on their priorities". PostgreSQL manual,
/// `synchronous_standby_names`.
#[test]
fn first_waits_for_the_first_of_the_list() {
    let mut bench =
        Bench::new(N1, knobs(|k| k.acknowledge.mode = Mode::SemiSyncFirst(1, vec![N2, N3])));
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    assert!(!acknowledges(&bench.hears(13, N3, confirm(1, 1, 1))), "it is not the first");
    assert!(acknowledges(&bench.hears(14, N2, confirm(1, 1, 1))));
}

/// `ANY num_sync (…)`: "transaction commits wait until their WAL records are replicated to at least
/// num_sync listed standbys". The same place.
#[test]
fn any_waits_for_whoever_comes_first() {
    let mut bench = Bench::new(N1, any_one());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    assert!(acknowledges(&bench.hears(13, N3, confirm(1, 1, 1))));
}

/// `wal_sender_timeout`: "terminate replication connections that are inactive for longer than this
/// amount of time"; "if any of the current synchronous standbys disconnects for whatever reason, it
/// will be replaced immediately with the next-highest-priority standby". PostgreSQL manual.
#[test]
fn a_silent_standby_is_replaced_after_the_time_out() {
    let mut bench = Bench::new(
        N1,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncFirst(1, vec![N2, N3]);
            k.acknowledge.give_up_after = Some(ms(2_000));
        }),
    );
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    bench.hears(1_900, N3, confirm(1, 1, 1));
    assert!(!acknowledges(&bench.timer(1_999, Timer::Heartbeat)));
    assert!(acknowledges(&bench.timer(2_000, Timer::Heartbeat)));
}

/// `synchronous_commit`: `remote_write` waits until the standby has received it, `on` until it is
/// flushed to its disk, `remote_apply` until it is visible to queries there. PostgreSQL manual.
#[test]
fn what_a_confirmation_means_is_a_choice() {
    let acknowledged = |on, received, flushed, applied| {
        let mut bench = Bench::new(
            N1,
            knobs(|k| (k.acknowledge.mode, k.acknowledge.on) = (Mode::SemiSyncAny(1), on)),
        );
        bench.write(10, 1);
        bench.log_flushed(12, 1);
        let [received, flushed, applied] = [received, flushed, applied].map(Position);
        let (epoch, since) = (Epoch(1), SimTime::ZERO);
        acknowledges(&bench.hears(
            13,
            N2,
            Message::Confirm { epoch, since, received, flushed, applied },
        ))
    };
    assert!(acknowledged(ConfirmOn::Received, 1, 0, 0));
    assert!(!acknowledged(ConfirmOn::Flushed, 1, 0, 0));
    assert!(acknowledged(ConfirmOn::Flushed, 1, 1, 0));
    assert!(!acknowledged(ConfirmOn::Applied, 1, 1, 0));
    assert!(acknowledged(ConfirmOn::Applied, 1, 1, 1));
}

fn base_with(records: u32, change: impl FnOnce(&mut Knobs)) -> Position {
    let mut bench = Bench::new(N1, knobs(change));
    bench.hears(5, N3, confirm(1, 0, 0));
    for op in 1..=records {
        bench.write(10, op);
        bench.log_flushed(11, op);
        bench.hears(12, N2, confirm(1, op, op));
    }
    bench.node.log.base()
}

/// "Replication slots provide an automated way to ensure that the primary server does not remove
/// WAL segments until they have been received by all standbys." PostgreSQL manual, section 27.2.6.
#[test]
fn a_slot_keeps_what_a_standby_has_not_confirmed() {
    assert!(base_with(40, |k| k.retention.records = Some(8)) > Position::ZERO);
    let slots = |k: &mut Knobs| (k.retention.records, k.retention.slots) = (Some(8), true);
    assert_eq!(base_with(40, slots), Position::ZERO, "n3 has confirmed nothing");
}

/// `max_slot_wal_keep_size`: "the standby using the replication slot may no longer be able to
/// continue replication due to removal of required WAL files". PostgreSQL manual.
#[test]
fn a_slot_over_its_limit_is_lost() {
    let base = base_with(40, |k| {
        (k.retention.records, k.retention.slots, k.retention.slot_limit) =
            (Some(8), true, Some(20));
    });
    assert!(base > Position::ZERO && base <= Position(20), "{base:?}");
}

/// "pg_rewind is a tool for synchronizing a PostgreSQL cluster with another copy of the same
/// cluster, after the clusters' timelines have diverged": the old leader's own records are gone.
/// PostgreSQL manual, `pg_rewind`. Without it an old leader cannot follow.
#[test]
fn an_old_leader_is_rewound_or_cannot_follow() {
    let returns = |returning| {
        let mut bench = Bench::new(N1, knobs(|k| k.failover.returning = returning));
        bench.write(10, 1);
        bench.log_flushed(12, 1);
        bench.hears(100, N3, heartbeat(2, 0, 100, true));
        let (epoch, since, from) = (Epoch(2), SimTime::from_millis(100), Position(0));
        bench.hears(101, N3, Message::Continue { epoch, since, from });
        (bench.node.log.last(), matches!(bench.node.role, Role::Stranded(_)))
    };
    assert_eq!(returns(Returning::Rewind), (Position(0), false));
    assert_eq!(returns(Returning::Refuse), (Position(1), true));
}

/// `rpl_semi_sync_source_timeout`: "a value in milliseconds that controls how long the source waits
/// on a commit for acknowledgment from a replica before timing out and reverting to asynchronous
/// replication … When at least one semisynchronous replica catches up, the source returns to
/// semisynchronous replication." MySQL manual, section 19.4.10.
#[test]
fn semi_synchronous_replication_reverts_after_a_time_out_and_returns() {
    let mut bench = Bench::new(
        N1,
        knobs(|k| {
            k.acknowledge.mode = Mode::SemiSyncAny(1);
            k.acknowledge.when_silent = WhenSilent::DegradeAfter(ms(1_000));
        }),
    );
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    assert!(acknowledges(&bench.timer(1_010, Timer::Degrade)));
    bench.write(1_100, 2);
    assert!(acknowledges(&bench.log_flushed(1_102, 2)), "nobody is waited for");
    bench.hears(1_200, N2, confirm(1, 2, 2));
    bench.write(1_300, 3);
    assert!(!acknowledges(&bench.log_flushed(1_302, 3)), "it waits again");
}

/// "Take a consistent snapshot of the leader's database … copy it to the new follower node … the
/// follower connects to the leader and requests all the data changes that have happened since the
/// snapshot was taken … when the follower has processed the backlog, we say it has caught up."
/// Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Setting Up New Followers". It
/// counts for acknowledgements from then on.
#[test]
fn a_new_follower_is_set_up_by_snapshot_and_log() {
    let mut bench = Bench::new(N1, Knobs::default());
    bench.write(10, 1);
    bench.log_flushed(12, 1);
    let node = NodeId(3);
    bench.ordered(20, Admin::Join(node));
    let hello = |since, at: u32, chain, of, fresh| Message::Hello {
        epoch: Epoch(1),
        since: SimTime::from_millis(since),
        at: Position(at),
        of: Epoch(of),
        chain,
        flushed: Position(at),
        fresh,
    };
    let feeding = |bench: &Bench| {
        let Role::Leader(leader) = &bench.node.role else { panic!("it does not lead") };
        (leader.progress[3].feeding, leader.progress[3].caught_up)
    };
    bench.hears(21, node, hello(20, 0, 0, 0, true));
    assert!(matches!(feeding(&bench), (Feeding::Snapshot(s), false) if s.position == Position(1)));
    // Writes go on meanwhile.
    bench.write(30, 2);
    assert!(acknowledges(&bench.log_flushed(32, 2)));
    let chain = bench.node.log.at(Position(1), &bench.records).unwrap().chain;
    bench.hears(40, node, hello(39, 1, chain, 1, false));
    assert_eq!(feeding(&bench), (Feeding::Log, false));
    bench.hears(45, node, super::step_tests::confirm_since(39, 1, 2, 2));
    assert_eq!(feeding(&bench), (Feeding::Log, true));
}

/// "Determining that the leader has failed … choosing a new leader … the best candidate is usually
/// the replica with the most up-to-date data changes … reconfiguring the system to use the new
/// leader … if the old leader comes back, the system needs to ensure that the old leader becomes a
/// follower and recognizes the new leader." The same chapter, "Leader failure: Failover".
#[test]
fn failover_in_three_steps_and_the_old_leader_follows() {
    let mut bench = Bench::new(N2, knobs(|k| k.failover.promote = Promote::FirstToNotice));
    bench.holds(1, 2);
    bench.timer(3_000, Timer::Silence);
    let standing = Message::Standing { epoch: Epoch(2), last: Position(3), of: Epoch(1) };
    let told = bench.hears(3_010, N3, standing);
    assert_eq!(told[0], "n3 <- Appoint { epoch: 2 }", "its log is longer");
    let mut old = Bench::new(N1, knobs(|k| k.failover.promote = Promote::FirstToNotice));
    let told = old.hears(4_000, N3, heartbeat(2, 0, 3_999, true));
    assert_eq!(told[0], "note SteppedDown { epoch: 1, later: 2, why: Replaced { by: n3 } }");
    assert_eq!(old.node.leader(), Some(N3));
    let told = old.write(4_001, 1);
    assert_eq!(told, ["reply to 1/1: NotLeader { post: Leader, leader: Some(n3), epoch: 2 }"]);
}

/// A fixed priority is the other way to choose: PostgreSQL's tools (repmgr's `priority`, Patroni's
/// `failover_priority`) can be told who comes first. The first of the list asks before the others
/// do.
#[test]
fn a_fixed_priority_lets_the_first_of_the_list_ask_first() {
    let wait = |me| {
        let priority = |k: &mut Knobs| k.failover.choose = Choose::Priority(vec![N3, N2]);
        Bench::new(me, knobs(priority)).node.election_range()
    };
    assert!(wait(N3) < wait(N2) && wait(N2) < wait(N1));
}

/// "The broker … will only accept a message with the next sequence number … a retry is recognized
/// as a duplicate." Kafka, KIP-98, the idempotent producer: a producer's number makes a retry find
/// its first attempt, at the next leader too, since the numbers are in the log.
#[test]
fn a_retry_is_recognized_by_the_next_leader() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.holds(1, 1);
    // The second record is in memory only when the node is promoted.
    let record = bench.record(1, 2);
    bench.hears(50, N1, append(1, 1, record, 1));
    bench.ordered(100, Admin::Promote);
    let mut retry = |op| {
        let id = RequestId { op: OpId(op), attempt: 2 };
        bench.effects(101, Input::Request(Request { id, epoch: Epoch(2), ..write(op) }))
    };
    assert!(acknowledges(&retry(1)), "it knows that this is committed");
    assert!(!acknowledges(&retry(2)), "this waits for the new epoch's first commit");
    assert_eq!(bench.node.log.last(), Position(3), "two records and the mark of the new epoch");
    assert!(acknowledges(&bench.log_flushed(103, 3)));
}

/// A candidate's vote for itself is a vote like any other: it "increments its current term", votes
/// for itself and only then asks. Raft, section 5.2, with the rule that what an answer rests on is
/// "updated on stable storage before responding to RPCs" (figure 2).
#[test]
fn a_candidate_asks_only_when_its_own_vote_is_durable() {
    let mut bench = Bench::new(N2, knobs(|k| k.failover.pre_vote = false));
    let told = bench.timer(3_200, Timer::Silence);
    assert!(!told.iter().any(|line| line.contains("VoteRequest")));
    let told = bench.flushed(3_202, Mark::Candidacy(Epoch(2)));
    assert!(told.iter().all(|line| line.contains("VoteRequest")) && told.len() == 2);
}

/// "In the Pre-Vote algorithm, a candidate only increments its term if it first learns from a
/// majority of the cluster that they would be willing to grant the candidate their votes (if the
/// candidate's log is sufficiently up-to-date, and the voters have not received heartbeats from a
/// valid leader for at least a baseline election timeout)." Ongaro, *Consensus: Bridging Theory and
/// Practice*, section 9.6.
#[test]
fn a_term_is_begun_only_when_a_majority_would_vote() {
    let mut bench = Bench::new(N2, Knobs::default());
    bench.timer(3_200, Timer::Silence);
    assert_eq!(bench.node.reign.epoch, Epoch(1), "it asks first");
    let refused = Message::PreVote { epoch: Epoch(1), given: false };
    bench.hears(3_210, N1, refused);
    assert_eq!(bench.node.reign.epoch, Epoch(1), "n1 is not willing");
    bench.hears(3_211, N3, Message::PreVote { epoch: Epoch(2), given: true });
    assert_eq!(bench.node.reign.epoch, Epoch(2), "with its own, two of three are");
    let would = |ms, last| {
        let mut voter = Bench::new(N3, Knobs::default());
        voter.holds(1, 3);
        let asks = Message::PreVoteRequest { epoch: Epoch(2), last: Position(last), of: Epoch(1) };
        let told = voter.hears(ms, N2, asks);
        assert_eq!(voter.node.reign.epoch, Epoch(1), "being asked binds nobody");
        told.iter().any(|line| line.contains("given: yes"))
    };
    assert!(would(3_000, 3), "an equal log, and no heartbeat for a baseline election timeout");
    assert!(!would(2_999, 3), "a heartbeat came lately");
    assert!(!would(3_000, 2), "the candidate's log is not up to date");
}
