//! Received, at the end of the chain, applied: what waits for the applier, and what does not.

use super::*;

fn slow(me: NodeId, knobs: Knobs) -> Bench {
    Bench { applying: Applying::SlowForOthers, ..Bench::new(me, knobs) }
}

impl Bench {
    fn applied(&mut self, ms: u64, position: u32) -> Vec<String> {
        self.effects(ms, Input::Applied(Position(position)))
    }
}

#[test]
fn the_tail_acknowledges_what_it_has_applied() {
    let mut tail = slow(N3, Knobs::default());
    for position in 1..=2 {
        let record = tail.record(position);
        tail.hears(10, N2, forward(1, position - 1, record, 0));
    }
    check(tail.log_flushed(12, 2), &["apply 1"]);
    check(
        tail.applied(20, 1),
        &[
            "reply to 1/1: Written { position: 1, epoch: 1 }",
            "note Committed { position: 1 }",
            "n2 <- Ack { epoch: 1, attempt: 0ms, position: 1, end: yes }",
            "apply 2",
        ],
    );
    assert_eq!(tail.stands(), (2, 1, 1));
    let told = tail.asked(21, read(9, true));
    assert!(told[0].contains("value: 10"), "{told:#?}");
}

#[test]
fn a_middle_passes_acknowledgements_on_and_applies_afterwards() {
    let mut middle = slow(N2, Knobs::default());
    middle.holds(1);
    check(
        middle.hears(15, N3, ack(1, 0, 1)),
        &["n1 <- Ack { epoch: 1, attempt: 0ms, position: 1, end: yes }", "apply 1"],
    );
    assert_eq!((middle.stands(), middle.node().data.applied()), ((1, 1, 0), Position::ZERO));
    check(middle.applied(30, 1), &[]);
    assert_eq!(middle.node().data.applied(), Position(1));
}

#[test]
fn in_craq_what_is_not_applied_is_asked_for_like_what_is_dirty() {
    let mut middle = slow(N2, variant(Variant::Craq));
    middle.holds(1);
    middle.hears(15, N3, ack(1, 0, 1));
    let told = middle.asked(16, read(9, false));
    assert!(told[0].starts_with("n3 <- VersionQuery"), "{told:#?}");
}

#[test]
fn a_new_tail_answers_no_reads_before_it_has_applied_what_was_acknowledged() {
    let mut middle = slow(N2, Knobs::default());
    middle.holds(1);
    middle.hears(15, N3, ack(1, 0, 1));
    middle.hears(20, N4, configure(2, &[N1, N2], None));
    let told = middle.asked(21, read(9, true));
    assert!(told[0].contains("Applying"), "{told:#?}");
    middle.applied(30, 1);
    let told = middle.asked(31, read(9, true));
    assert!(told[0].contains("value: 10"), "{told:#?}");
}

/// The second node of the chain; it knows the first write to be at the end, has not applied it, and
/// has become the head.
fn head_that_has_not_applied() -> Bench {
    let mut middle = slow(N2, Knobs::default());
    middle.holds(1);
    middle.hears(15, N3, ack(1, 0, 1));
    middle.hears(20, N4, configure(2, &[N2, N3], None));
    assert_eq!((middle.stands(), middle.node().data.applied()), ((1, 1, 0), Position::ZERO));
    middle
}

#[test]
fn what_is_committed_and_not_applied_is_not_taken_again() {
    let mut head = head_that_has_not_applied();
    let told = head.asked(21, write_again(1));
    assert_eq!(head.node().log.last(), Position(1), "{told:#?}");
}

#[test]
fn a_condition_is_held_against_what_is_committed_and_not_applied() {
    let mut head = head_that_has_not_applied();
    let swap = |op, expected| {
        let command = Command::Swap { key: Key(0), expected, value: 7, bytes: 8 };
        Request { command, ..write(op) }
    };
    let told = head.asked(21, swap(2, 0));
    assert!(told[0].contains("NotEqual") || told[0].contains("Unsure"), "{told:#?}");
    head.asked(22, swap(3, 10));
    assert_eq!(head.node().log.last(), Position(2), "the value is 10");
}
