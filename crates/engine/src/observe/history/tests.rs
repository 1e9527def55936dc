//! What a history keeps of operations, and in which order.

use super::*;
use crate::protocol::Post;

const fn ms(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

fn write(value: u64) -> Command {
    Command::Write { key: Key(7), value, bytes: 8 }
}

#[test]
fn a_refusal_after_an_unanswered_attempt_leaves_the_write_unknown() {
    let mut history = History::default();
    history.begin(OpId(0), ClientId(0), write(1), ms(1));
    assert!(!history.timed_out(OpId(0), ms(2), EventId(5), false));
    let refused = Outcome::NotLeader { post: Post::Leader, leader: None, epoch: Epoch(1) };
    assert!(history.told(OpId(0), NodeId(1), refused, (ms(3), EventId(6))));
    assert_eq!(history.get(OpId(0)).unwrap().end, End::Unknown);
    let late = Outcome::Written { position: Position(1), epoch: Epoch(1) };
    assert!(!history.told(OpId(0), NodeId(1), late, (ms(4), EventId(7))));
}

#[test]
fn rows_stand_in_the_order_of_events_and_unknown_processes_never_return() {
    let mut history = History::default();
    for (op, event) in [(0, 1), (1, 2), (2, 6)] {
        let command = if op == 1 {
            Command::Read { key: Key(7), at_leader: true }
        } else {
            write(u64::from(op) + 10)
        };
        history.begin(OpId(op), ClientId(0), command, ms(u64::from(op)));
        history.invoked(OpId(op), EventId(event));
    }
    let value =
        Outcome::Value { value: 0, version: Position(0), applied: Position(0), epoch: Epoch(1) };
    history.told(OpId(1), NodeId(0), value, (ms(3), EventId(4)));
    history.timed_out(OpId(0), ms(4), EventId(5), true);
    let rows: Vec<_> =
        history.rows().into_iter().map(|r| (r.process, r.kind, r.f, r.value)).collect();
    let expected = vec![
        (0, "invoke", "write", Some(10)),
        (1, "invoke", "read", None),
        (1, "ok", "read", None),
        (0, "info", "write", Some(10)),
        (1, "invoke", "write", Some(12)),
    ];
    assert_eq!(rows, expected);
}
