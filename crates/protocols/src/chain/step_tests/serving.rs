//! The configuration service.

use super::*;

/// A service that has heard of all three, and has flushed what it wrote.
fn service() -> Bench {
    let mut service = Bench::new(N4, Knobs::default());
    service.flushed(1, Mark::Chain(Epoch(1)));
    for node in [N1, N2, N3] {
        service.hears(100, node, alive(1, 0, 90));
    }
    service
}

#[test]
fn it_answers_a_sign_of_life_with_the_chain() {
    let mut service = service();
    check(
        service.hears(200, N2, alive(1, 0, 190)),
        &[
            "n2 <- AliveHeard { chain: Configuration { epoch: 1, chain: [n1, n2, n3], joining: None }, sent: 190ms }",
            "set Silence 1900ms",
        ],
    );
}

#[test]
fn silence_takes_a_node_out_and_nobody_is_told_before_it_is_on_the_disk() {
    let mut service = service();
    service.hears(2_000, N2, alive(1, 0, 1_990));
    service.hears(2_000, N3, alive(1, 0, 1_990));
    check(
        service.timer(2_100, Timer::Silence),
        &[
            "note Suspected { leader: n1, epoch: 1 }",
            "note LeftOut { node: n1, epoch: 2 }",
            "write members",
            "flush Chain(2)",
            "set Silence 1900ms",
        ],
    );
    check(
        service.flushed(2_105, Mark::Chain(Epoch(2))),
        &[
            "n1 <- Configure { chain: Configuration { epoch: 2, chain: [n2, n3], joining: None } }",
            "n2 <- Configure { chain: Configuration { epoch: 2, chain: [n2, n3], joining: None } }",
            "n3 <- Configure { chain: Configuration { epoch: 2, chain: [n2, n3], joining: None } }",
            "direct Directions { writes: n2, reads: n3, joint: no, anywhere: no, epoch: 2 }",
        ],
    );
}

#[test]
fn whoever_is_being_left_out_is_not_told_that_it_was_heard() {
    let mut service = service();
    service.hears(2_000, N2, alive(1, 0, 1_990));
    service.hears(2_000, N3, alive(1, 0, 1_990));
    service.timer(2_100, Timer::Silence);
    check(
        service.hears(2_101, N1, alive(1, 0, 2_050)),
        &["note TrustedAgain { leader: n1 }", "set Silence 1899ms"],
    );
}

#[test]
fn a_process_that_was_started_again_has_lost_its_place() {
    let mut service = service();
    check(
        service.hears(300, N2, alive(0, 290, 290)),
        &[
            "note LeftOut { node: n2, epoch: 2 }",
            "write members",
            "flush Chain(2)",
            "set Silence 1800ms",
        ],
    );
}

#[test]
fn what_an_earlier_life_said_comes_late_and_counts_for_nothing() {
    let mut service = service();
    service.hears(300, N2, alive(0, 290, 290));
    check(service.hears(310, N2, alive(1, 0, 280)), &[]);
}

#[test]
fn a_node_outside_is_fed_and_then_put_at_the_end() {
    let mut service = service();
    check(
        service.hears(300, NodeId(4), alive(0, 290, 290)),
        &[
            "note Admitted { node: n5 }",
            "n3 <- Configure { chain: Configuration { epoch: 1, chain: [n1, n2, n3], joining: Some(n5) } }",
            "n5 <- Configure { chain: Configuration { epoch: 1, chain: [n1, n2, n3], joining: Some(n5) } }",
            "n5 <- AliveHeard { chain: Configuration { epoch: 1, chain: [n1, n2, n3], joining: Some(n5) }, sent: 290ms }",
            "set Silence 1800ms",
        ],
    );
    check(
        service.hears(310, N3, Message::Ready { epoch: Epoch(1) }),
        &["note TakenIn { node: n5, epoch: 2 }", "write members", "flush Chain(2)"],
    );
    check(service.hears(311, N2, Message::Ready { epoch: Epoch(1) }), &[]);
}

#[test]
fn the_last_member_is_waited_for() {
    let mut service = service();
    service.timer(2_100, Timer::Silence);
    check(
        service.flushed(2_105, Mark::Chain(Epoch(3))),
        &[
            "n1 <- Configure { chain: Configuration { epoch: 3, chain: [n1], joining: None } }",
            "n2 <- Configure { chain: Configuration { epoch: 3, chain: [n1], joining: None } }",
            "n3 <- Configure { chain: Configuration { epoch: 3, chain: [n1], joining: None } }",
            "direct Directions { writes: n1, reads: n1, joint: no, anywhere: no, epoch: 3 }",
        ],
    );
    check(service.timer(9_000, Timer::Silence), &["set Silence 2000ms"]);
}

#[test]
fn a_service_that_comes_back_has_everybody_find_together_anew() {
    let (mut service, told) = service().restart(5_000);
    check(told, &["write members", "flush Chain(2)", "set Silence 2000ms"]);
    check(
        service.flushed(5_005, Mark::Chain(Epoch(2))),
        &[
            "n1 <- Configure { chain: Configuration { epoch: 2, chain: [n1, n2, n3], joining: None } }",
            "n2 <- Configure { chain: Configuration { epoch: 2, chain: [n1, n2, n3], joining: None } }",
            "n3 <- Configure { chain: Configuration { epoch: 2, chain: [n1, n2, n3], joining: None } }",
            "direct Directions { writes: n1, reads: n3, joint: no, anywhere: no, epoch: 2 }",
        ],
    );
}
