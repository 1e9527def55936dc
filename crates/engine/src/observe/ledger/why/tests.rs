//! Each reason as the sentence that readers see.

use super::*;

fn check_sentence(death: Option<(DeathKind, u64)>, reason: Reason, expected: &str) {
    let (event, before) = (EventId(7), None);
    let death = death.map(|(kind, at)| Death { kind, at: SimTime::from_micros(at), event, before });
    let why = Why {
        by: NodeId(0),
        took: NodeId(0),
        taken: EventId(3),
        acknowledged: SimTime::from_micros(10_500),
        answered: SimTime::from_micros(10_000),
        told: EventId(5),
        death,
        chosen: NodeId(1),
        promoted: EventId(9),
        reason,
    };
    assert_eq!(why.sentence(), expected);
}

#[test]
fn every_reason_is_a_sentence() {
    let others: NodeSet = [NodeId(1), NodeId(2)].into_iter().collect();
    let third: NodeSet = [NodeId(2)].into_iter().collect();
    let power = Some((DeathKind::PowerLoss, 11_200));
    let sent = SimTime::from_micros(9_900);
    check_sentence(
        power,
        Reason::NeverSent { to: others },
        "n1 lost power 1.2 ms after acknowledging it, before it was sent to n2 or n3",
    );
    check_sentence(
        power,
        Reason::DiedOnItsWay { to: others, sent, event: EventId(8) },
        "n1 lost power 1.3 ms after sending it to n2 and n3, and it never arrived",
    );
    check_sentence(
        Some((DeathKind::Crash, 11_200)),
        Reason::ArrivedLate { to: NodeId(1), at: SimTime::from_millis(8_800), event: EventId(10) },
        "n1 crashed 1.2 ms after acknowledging it; n1 had sent it to n2, but it arrived at 8.800 s, \
         after n2 had become the leader",
    );
    check_sentence(
        None,
        Reason::OnItsWay { to: others, sent, event: EventId(4) },
        "n1 had sent it to n2 and n3, but it had not arrived when n2 became the leader",
    );
    check_sentence(
        None,
        Reason::NotChosen { holders: third },
        "n3 had it, but n2 became the leader without it",
    );
    check_sentence(
        None,
        Reason::Discarded { node: NodeId(1), event: EventId(9) },
        "n2 had received it and not applied it, and threw it away to lead at once",
    );
    check_sentence(
        None,
        Reason::TooLate { late: Span::from_millis(340) },
        "n1 took it 340 ms after n2 had become the leader",
    );
    check_sentence(
        Some((DeathKind::PowerLoss, 9_000)),
        Reason::OwnLog,
        "n1 acknowledged it but had not flushed it when it lost power 1.5 ms before its client \
         heard so; n1 leads without it",
    );
    check_sentence(
        None,
        Reason::LinkCut { to: third, since: SimTime::from_millis(5_000), event: EventId(2) },
        "n1 acknowledged it, but the link from n1 to n3 had been cut since 5.000 s",
    );
}
