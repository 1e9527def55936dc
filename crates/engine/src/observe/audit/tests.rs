//! Every audit on hand-made runs: what it catches, and what it lets pass.

mod stores;

use crate::base::{EventId, NodeId, OpId, Span};
use crate::observe::fake::Paper;
use crate::observe::{Verdict, Witness};
use crate::protocol::{Promise, Record, Role};
use crate::world::What;

fn verdict(paper: &Paper, promise: Promise) -> Verdict {
    paper.judged(|case| case.verdict(promise).unwrap())
}

#[track_caller]
fn check_broken(paper: &Paper, promise: Promise, sentence: &str, operations: &[OpId]) {
    match verdict(paper, promise) {
        Verdict::Broken(Witness { sentence: told, operations: named, events }) => {
            assert_eq!(told, sentence);
            assert_eq!(named, operations);
            assert!(events.iter().all(|event| *event > EventId::NONE), "{events:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_exercised_before_anything_happens() {
    let paper = Paper::of(3);
    for (promise, verdict) in paper.judged(|case| case.verdicts()) {
        assert!(matches!(verdict, Verdict::NotExercised(_)), "{promise:?}: {verdict:?}");
    }
}

/// n1 leads, all nodes hold and have committed its two writes.
fn healthy() -> Paper {
    let mut paper = Paper::of(3);
    paper.wait(5);
    paper.write(0);
    paper.write(0);
    for node in [1, 2] {
        paper.copy(0, node);
    }
    for node in &mut paper.nodes {
        (node.committed, node.digest) = (2, 77);
    }
    paper
}

#[test]
fn a_healthy_run_holds_every_promise() {
    let mut paper = healthy();
    paper.read(0, OpId(1), 101);
    for (promise, verdict) in paper.judged(|case| case.verdicts()) {
        let beside = [Promise::FailedWritesStayFailed, Promise::TotalHolds];
        let exercised = !beside.contains(&promise);
        assert_eq!(verdict == Verdict::Holds, exercised, "{promise:?}: {verdict:?}");
    }
}

#[test]
fn lost_writes_are_named_with_their_reason() {
    let mut paper = healthy();
    let op = paper.write(0);
    paper.power_off(0);
    paper.promote(2, 2);
    check_broken(
        &paper,
        Promise::AcknowledgedWritesSurvive,
        "1 of 3 acknowledged writes is gone: k2 = 102; n1 lost power 0.0 ms after acknowledging it, \
         before it was sent to n2 or n3",
        &[op],
    );
}

#[test]
fn an_answer_from_the_past_is_named_with_what_it_should_have_shown() {
    let mut paper = healthy();
    let open = paper.ask(0);
    paper.wait(1_234);
    paper.read(0, open, 0);
    paper.read(0, open, 102);
    assert_eq!(verdict(&paper, Promise::Linearizable), Verdict::Holds);
    let stale = paper.read(2, OpId(1), 0);
    check_broken(
        &paper,
        Promise::Linearizable,
        "at 1.239 s c2 read nothing at k1, but by the answers before it the last write was k1 = 101: \
         no single order explains both",
        &[stale, OpId(1)],
    );
}

#[test]
fn without_a_leader_survival_is_not_exercised() {
    let mut paper = healthy();
    paper.write(0);
    paper.nodes[0].role = Role::Follower;
    let expected = "nobody leads, so 3 acknowledged writes cannot be looked for".to_owned();
    assert_eq!(
        verdict(&paper, Promise::AcknowledgedWritesSurvive),
        Verdict::NotExercised(expected)
    );
}

#[test]
fn two_leaders_that_take_turns_in_accepting_are_a_split_brain() {
    let mut paper = healthy();
    paper.promote(1, 2);
    paper.wait(10);
    let new = paper.write(1);
    paper.wait(10);
    let old = paper.write(0);
    paper.write(1);
    check_broken(
        &paper,
        Promise::OneLeader,
        "n1 (epoch 1) and n2 (epoch 2) both accepted writes from 0.015 s to 0.025 s",
        &[OpId(new.0 + 2), old],
    );
    assert_eq!(paper.recorder.reigns().split_brain_time(), Span::from_millis(10));
}

#[test]
fn different_records_at_a_committed_position_are_found() {
    let mut paper = healthy();
    let (left, right) = (paper.ask(0), paper.ask(1));
    paper.append(0, left);
    paper.append(1, right);
    paper.write(0);
    for node in [0, 1] {
        paper.nodes[node].committed = 3;
    }
    check_broken(
        &paper,
        Promise::ReplicasAgree,
        "position 3 is committed as k2 = 102 on n1 and as k3 = 103 on n2",
        &[right, left],
    );
}

#[test]
fn a_record_changed_in_one_log_behind_its_end_is_found() {
    let mut paper = healthy();
    let record = *paper.records.get(paper.nodes[2].log[0]).unwrap();
    paper.nodes[2].log[0] = paper.records.add(Record { op: OpId(1), value: 101, ..record });
    check_broken(
        &paper,
        Promise::ReplicasAgree,
        "position 1 is committed as k0 = 100 on n1 and as k0 = 101 on n3",
        &[OpId(1), OpId(0)],
    );
}

#[test]
fn what_only_one_node_called_committed_may_be_replaced() {
    let mut paper = healthy();
    paper.write(0);
    paper.nodes[0].committed = 3;
    paper.power_off(0);
    paper.promote(1, 2);
    paper.write(1);
    paper.copy(1, 2);
    paper.nodes[1].committed = 3;
    paper.nodes[2].committed = 3;
    assert_eq!(verdict(&paper, Promise::ReplicasAgree), Verdict::Holds);
}

#[test]
fn what_two_nodes_called_committed_may_not_be_rewritten() {
    let mut paper = healthy();
    paper.power_off(0);
    for node in [1, 2] {
        paper.nodes[node].log.truncate(1);
        paper.nodes[node].committed = 1;
    }
    paper.promote(1, 2);
    let other = paper.write(1);
    assert_eq!(verdict(&paper, Promise::ReplicasAgree), Verdict::Holds, "not committed yet");
    paper.nodes[1].committed = 2;
    check_broken(
        &paper,
        Promise::ReplicasAgree,
        "position 2 was agreed on as k1 = 101, and n2 has it as k2 = 102",
        &[other, OpId(1)],
    );
}

#[test]
fn replicas_that_differ_long_after_the_last_fault_have_not_converged() {
    let mut paper = healthy();
    paper.nodes[2].digest = 78;
    let waiting = verdict(&paper, Promise::ReplicasConverge);
    assert!(matches!(waiting, Verdict::NotExercised(_)), "{waiting:?}");
    let mut mended = paper.clone();
    paper.idle(9);
    let waiting = verdict(&paper, Promise::ReplicasConverge);
    assert!(matches!(waiting, Verdict::NotExercised(_)), "{waiting:?}");
    paper.idle(1);
    let found = "n3 (applied 2) and n1 (applied 2) hold different data 10.0 s after the last write";
    check_broken(&paper, Promise::ReplicasConverge, found, &[]);
    paper.nodes[2].digest = 77;
    let found = format!("{found}; they hold the same now");
    check_broken(&paper, Promise::ReplicasConverge, &found, &[]);

    mended.idle(9);
    mended.nodes[2].digest = 77;
    mended.idle(20);
    assert_eq!(verdict(&mended, Promise::ReplicasConverge), Verdict::Holds);
    mended.power_off(2);
    let expected = Verdict::NotExercised("n3 not running".to_owned());
    assert_eq!(verdict(&mended, Promise::ReplicasConverge), expected);
}

#[test]
fn replicas_are_not_judged_while_anything_is_under_way() {
    let mut sent = healthy();
    sent.nodes[2].digest = 78;
    let (mut asked, mut behind, mut moves) = (sent.clone(), sent.clone(), sent.clone());
    let message = sent.last_of(0);
    let sending = sent.event(What::Sent { from: NodeId(0), to: NodeId(2), message });
    asked.idle(5);
    asked.ask(0);
    asked.idle(5);
    behind.nodes[2].applied = Some(1);
    for late in [&mut sent, &mut behind] {
        late.idle(60);
    }
    for _ in 0..20 {
        moves.nodes[2].digest += 1;
        moves.idle(4);
    }
    for (paper, why) in [
        (&sent, "data are still on their way between nodes"),
        (
            &asked,
            "n3 (applied 2) and n1 (applied 2) hold different data, and somebody wrote 5.0 s ago: they \
                  have 10.0 s to come together",
        ),
        (&behind, "n3 has applied 1 of the 2 records that it received"),
    ] {
        let expected = Verdict::NotExercised(why.to_owned());
        assert_eq!(verdict(paper, Promise::ReplicasConverge), expected);
    }
    let still = verdict(&moves, Promise::ReplicasConverge);
    assert!(matches!(still, Verdict::NotExercised(_)), "{still:?}");
    // One that was sent once may arrive twice, and hides no other that is on its way.
    let other = sent.event(What::Sent { from: NodeId(0), to: NodeId(1), message });
    for _ in 0..2 {
        sent.event_of(other, What::Delivered { from: NodeId(0), to: NodeId(1), message });
    }
    sent.idle(60);
    let still = verdict(&sent, Promise::ReplicasConverge);
    assert!(matches!(still, Verdict::NotExercised(_)), "{still:?}");
    sent.event_of(sending, What::Delivered { from: NodeId(0), to: NodeId(2), message });
    sent.idle(6);
    assert!(matches!(verdict(&sent, Promise::ReplicasConverge), Verdict::Broken(_)));
}

#[test]
fn an_operation_in_the_log_twice_is_found_once_a_client_is_told_of_it_and_stays_found() {
    let mut paper = healthy();
    paper.append(0, OpId(1));
    let mut untold = paper.clone();
    untold.power_off(0);
    untold.promote(1, 2);
    untold.write(1);
    assert_eq!(verdict(&untold, Promise::NothingAppliedTwice), Verdict::Holds);

    paper.write(0);
    let found = "k1 = 101 stands in the log at 2 and again at 3: it was asked for once";
    check_broken(&paper, Promise::NothingAppliedTwice, found, &[OpId(1)]);
    paper.power_off(0);
    paper.promote(1, 2);
    check_broken(&paper, Promise::NothingAppliedTwice, found, &[OpId(1)]);
}

#[test]
fn a_write_that_was_gone_for_a_time_breaks_the_promise_for_good() {
    let mut paper = healthy();
    let op = paper.write(0);
    paper.power_off(0);
    paper.promote(1, 2);
    paper.wait(100);
    paper.power_off(1);
    paper.start(0, Role::Follower);
    paper.promote(0, 3);
    check_broken(
        &paper,
        Promise::AcknowledgedWritesSurvive,
        "1 of 3 acknowledged writes was gone until 0.105 s: k2 = 102; n1 lost power 0.0 ms after \
         acknowledging it, before it was sent to n2 or n3",
        &[op],
    );
}
