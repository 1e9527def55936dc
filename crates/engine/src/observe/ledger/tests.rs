//! What the ledger says of hand-made runs.

use super::{Fate, Reason};
use crate::base::{NodeId, OpId};
use crate::observe::fake::Paper;
use crate::protocol::Role;
use crate::world::{Dropped, NodeStatus, What};

/// n1 has acknowledged three writes, of which n2 and n3 hold the first.
fn behind() -> (Paper, [OpId; 3]) {
    let mut paper = Paper::of(3);
    paper.wait(10);
    let first = paper.write(0);
    paper.copy(0, 1);
    paper.copy(0, 2);
    paper.wait(10);
    let second = paper.write(0);
    paper.wait(10);
    let third = paper.write(0);
    (paper, [first, second, third])
}

fn lost(paper: &Paper) -> Vec<(OpId, String)> {
    paper.judged(|case| {
        case.recorder.ledger().lost().map(|lost| (lost.op, lost.why.sentence())).collect()
    })
}

fn reason(paper: &Paper, op: OpId) -> Reason {
    match paper.judged(|case| case.recorder.ledger().fate(op, case.recorder.history())) {
        Fate::Lost(why) => why.reason,
        other => panic!("{op:?} is {other:?}"),
    }
}

#[test]
fn what_was_never_sent_is_lost_when_another_leads() {
    let (mut paper, [first, second, third]) = behind();
    paper.wait(2);
    paper.power_off(0);
    assert_eq!(lost(&paper), vec![], "nobody else leads yet");
    paper.wait(3_000);
    paper.promote(1, 2);
    let sentence = |wait: &str| {
        format!("n1 lost power {wait} after acknowledging it, before it was sent to n2 or n3")
    };
    assert_eq!(lost(&paper), vec![(second, sentence("12.0 ms")), (third, sentence("2.0 ms"))]);
    assert_eq!(paper.recorder.fate(first), Fate::Acknowledged);
    let counts = paper.recorder.ledger().counts();
    assert_eq!((counts.invoked, counts.acknowledged, counts.lost), (3, 3, 2));
}

#[test]
fn what_was_on_its_way_when_the_power_went_never_arrived() {
    let (mut paper, [_, _, third]) = behind();
    let (from, message) = (NodeId(0), paper.last_of(0));
    let others = [NodeId(1), NodeId(2)];
    let sent = others.map(|to| paper.event(What::Sent { from, to, message }));
    paper.wait(1);
    paper.power_off(0);
    let why = Dropped::SenderLostPower;
    for (to, sent) in others.into_iter().zip(sent) {
        paper.event_of(sent, What::Lost { from, to, message, why });
    }
    paper.wait(3_000);
    paper.promote(2, 2);
    let expected = "n1 lost power 1.0 ms after sending it to n2 and n3, and it never arrived";
    assert_eq!(lost(&paper)[1], (third, expected.to_owned()));
}

/// A crashed process's messages go on: what was on its way then may arrive after all, or get lost.
#[test]
fn what_becomes_of_a_message_later_changes_the_reason() {
    let (mut paper, [_, _, third]) = behind();
    let (from, message) = (NodeId(0), paper.last_of(0));
    let others = [NodeId(1), NodeId(2)];
    let sent = others.map(|to| paper.event(What::Sent { from, to, message }));
    paper.event(What::Crashed { node: from });
    paper.nodes[0].status = NodeStatus::Crashed;
    paper.wait(3_000);
    let promoted = paper.promote(1, 2);
    let why = |paper: &Paper| match paper.recorder.fate(third) {
        Fate::Lost(why) => why,
        other => panic!("{third:?} is {other:?}"),
    };
    let on_way = "n1 had sent it to n2 and n3, but it had not arrived when n2 became the leader";
    assert!(why(&paper).sentence().ends_with(on_way), "{}", why(&paper).sentence());
    let mut gone = paper.clone();
    gone.wait(500);
    gone.event_of(sent[0], What::Lost { from, to: others[0], message, why: Dropped::Loss });
    let on_way = "n1 had sent it to n3, but it had not arrived when n2 became the leader";
    assert!(why(&gone).sentence().ends_with(on_way), "{}", why(&gone).sentence());
    let last =
        gone.event_of(sent[1], What::Lost { from, to: others[1], message, why: Dropped::Cut });
    assert_eq!(why(&gone).sentence(), "the link to n3 was cut, and n1 crashed");
    assert_eq!(why(&gone).reason.event(), last);
    paper.wait(500);
    let arrived = paper.event_of(sent[0], What::Delivered { from, to: others[0], message });
    let Reason::ArrivedLate { to, event, .. } = why(&paper).reason else { panic!() };
    assert_eq!((to, event), (others[0], arrived));
    let events = why(&paper).events();
    assert!(events.contains(&arrived) && events.contains(&promoted) && events.is_sorted());
}

/// A message that gets lost takes nothing from another with the same write to the same node.
#[test]
fn of_two_messages_to_one_node_one_may_get_lost() {
    let (mut paper, [_, _, third]) = behind();
    let (from, to, message) = (NodeId(0), NodeId(1), paper.last_of(0));
    let first = paper.event(What::Sent { from, to, message });
    paper.wait(1);
    let again = paper.event(What::Sent { from, to, message });
    paper.event(What::Crashed { node: from });
    paper.nodes[0].status = NodeStatus::Crashed;
    paper.wait(3_000);
    paper.promote(1, 2);
    for (gone, left) in [(first, again), (again, first)] {
        let mut paper = paper.clone();
        paper.event_of(gone, What::Lost { from, to, message, why: Dropped::Loss });
        let Reason::OnItsWay { to: still, event, .. } = reason(&paper, third) else {
            panic!("{:?}", reason(&paper, third));
        };
        assert_eq!((still, event), ([to].into_iter().collect(), left));
    }
}

#[test]
fn a_holder_that_was_not_chosen_is_named() {
    let (mut paper, [_, second, third]) = behind();
    paper.copy(0, 2);
    paper.power_off(0);
    paper.wait(3_000);
    paper.promote(1, 2);
    let expected = "n3 had it, but n2 became the leader without it".to_owned();
    assert_eq!(lost(&paper), vec![(second, expected.clone()), (third, expected)]);
}

#[test]
fn what_an_old_leader_takes_after_a_promotion_is_lost_at_once() {
    let mut paper = Paper::of(3);
    paper.write(0);
    paper.copy(0, 1);
    paper.promote(1, 2);
    paper.wait(340);
    let late = paper.write(0);
    assert_eq!(
        lost(&paper),
        vec![(late, "n1 took it 340 ms after n2 had become the leader".to_owned())]
    );
    assert!(matches!(paper.recorder.fate(late), Fate::Lost(_)), "without waiting for the end");
}

#[test]
fn a_lost_write_comes_back_with_the_old_leader() {
    let (mut paper, [_, second, _]) = behind();
    paper.power_off(0);
    paper.promote(1, 2);
    assert_eq!(lost(&paper).len(), 2);
    paper.power_off(1);
    paper.wait(100);
    paper.start(0, Role::Follower);
    paper.promote(0, 3);
    assert_eq!(lost(&paper), vec![]);
    assert_eq!(paper.recorder.fate(second), Fate::Acknowledged);
    assert_eq!(paper.recorder.ledger().ever_lost().filter(|l| l.came_back.is_some()).count(), 2);
}

#[test]
fn a_leader_whose_disk_forgot_says_so() {
    let (mut paper, [first, second, third]) = behind();
    paper.power_off(0);
    paper.nodes[0].log.truncate(1);
    paper.wait(50);
    paper.start(0, Role::Leader);
    assert_eq!(lost(&paper).iter().map(|(op, _)| *op).collect::<Vec<_>>(), [second, third]);
    assert_eq!(reason(&paper, second), Reason::OwnLog);
    assert_eq!(paper.recorder.fate(first), Fate::Acknowledged);
}

#[test]
fn what_no_log_ever_held_was_never_written() {
    let mut paper = Paper::of(3);
    paper.write(0);
    let claimed = paper.ask(0);
    paper.acknowledge(0, claimed);
    assert_eq!(reason(&paper, claimed), Reason::NeverWritten);
}

#[test]
fn unknown_and_waiting_writes_are_never_lost() {
    let (mut paper, _) = behind();
    let waiting = paper.ask(0);
    paper.append(0, waiting);
    paper.power_off(0);
    paper.promote(1, 2);
    assert_eq!(paper.recorder.fate(waiting), Fate::Pending);
    assert_eq!(paper.recorder.ledger().counts().waiting(), 1);
    assert_eq!(lost(&paper).len(), 2);
}
