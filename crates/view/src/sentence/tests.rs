//! The sentence in every situation, read as one text.

use super::*;
use crate::golden;
use engine::observe::ledger::{Death, DeathKind};
use engine::observe::metric::{Began, Deposed};
use engine::observe::{NodeSet, Reason};
use engine::protocol::policy::{Copies, Held, Leads, Takeover as Promotes};
use protocols::single_leader::knobs::Knobs;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

const fn ms(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

/// Everything is well: n1 leads, 214 writes.
fn well() -> Situation {
    Situation {
        now: ms(9_000),
        writes: WriteCounts {
            invoked: 216,
            acknowledged: 214,
            failed: 0,
            unknown: 0,
            lost: 0,
            overwritten: 0,
            came_back: 0,
        },
        leaders: vec![(N1, Epoch(1))],
        rivals: Vec::new(),
        unasked: Vec::new(),
        followers: vec![N2, N3],
        absence: None,
        failover: None,
        outages: None,
        refused: None,
        losses: Vec::new(),
        blocked: None,
        degraded: None,
        behind: Vec::new(),
        wrong_total: None,
        full: None,
        stopped: Vec::new(),
        lapsed: None,
        applies_first: None,
        too_few: None,
        unserved: None,
        stories: Vec::new(),
    }
}

fn policy(copies: Copies) -> Leads {
    Leads { copies, ..Knobs::default().policy() }
}

fn in_step(least: u8) -> Leads {
    policy(Copies::InSync { least, after: Some(Span::from_millis(2_000)) })
}

#[test]
fn a_leader_that_waits_for_those_in_step_says_whom_it_drops_and_what_it_refuses() {
    let mut book = Book(String::new());
    let blocked = Blocked { leader: N1, nodes: vec![N3], needed: 2, since: ms(8_000) };
    book.tell("waits", &Situation { blocked: Some(blocked), ..well() }, &in_step(2));
    for left in [1, 2] {
        let few = Situation { too_few: Some((N1, left)), ..well() };
        book.tell(&format!("{left} in step"), &few, &in_step(left + 1));
    }
    golden::check("sentence-in-step", &book.0);
}

fn taken_over() -> Situation {
    Situation {
        now: ms(14_000),
        leaders: vec![(N2, Epoch(2))],
        followers: vec![N3],
        failover: Some(Failover {
            death: died(ms(10_000)),
            suspected: Some(ms(13_050)),
            noticed: Some((ms(13_050), EventId(80))),
            deposed: None,
            began: Began::Elected { event: EventId(81) },
            promoted: ms(13_056),
            event: EventId(82),
            old: N1,
            new: N2,
            epoch: Epoch(2),
        }),
        ..well()
    }
}

fn died(at: SimTime) -> Option<Death> {
    Some(Death { kind: DeathKind::PowerLoss, at, event: EventId(70), before: None })
}

fn lost(count: u32, reason: Reason, dead: bool) -> Losses {
    let death = died(ms(10_000)).filter(|_| dead);
    let acknowledged = SimTime::from_micros(9_998_700);
    let closest = dead.then_some(Span::from_micros(1_300));
    let (taken, told, promoted) = (EventId(60), EventId(65), EventId(82));
    let (by, took, chosen) = (N1, N1, N2);
    let answered = acknowledged;
    let why =
        Why { by, took, taken, acknowledged, answered, told, death, chosen, promoted, reason };
    Losses { count, why, closest }
}

fn losing(groups: Vec<Losses>) -> Situation {
    let mut s = taken_over();
    s.writes.lost = groups.iter().map(|group| group.count).sum();
    s.losses = groups;
    s
}

fn absent(kind: AbsenceKind) -> Situation {
    let absence =
        Absence { leader: N1, kind, at_risk: 0, suspected_by: Vec::new(), candidates: Vec::new() };
    let leaders = if kind == AbsenceKind::CutOff { vec![(N1, Epoch(1))] } else { Vec::new() };
    let unserved = Some(Span::from_millis(1_200));
    let mut s = Situation { leaders, absence: Some(absence), unserved, ..well() };
    s.writes.invoked = 226;
    s
}

fn with_absence(kind: AbsenceKind, change: impl Fn(&mut Absence)) -> Situation {
    let mut s = absent(kind);
    s.absence.iter_mut().for_each(change);
    s
}

fn blocked(nodes: Vec<NodeId>, needed: u8) -> Situation {
    let blocked = Blocked { leader: N1, nodes, needed, since: ms(7_800) };
    Situation { blocked: Some(blocked), ..well() }
}

fn behind(how: BehindHow) -> Situation {
    Situation { behind: vec![Behind { node: N3, how }], ..well() }
}

struct Book(String);

impl Book {
    fn tell(&mut self, title: &str, s: &Situation, policy: &Leads) {
        let Sentence { parts, why, .. } = tell(s, policy);
        let large: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
        self.0 += &format!("## {title}\n{}\n{why}\n\n", large.join(" "));
    }
}

#[test]
fn every_mode_says_what_it_guarantees() {
    let mut book = Book(String::new());
    let mut nothing = well();
    nothing.writes = WriteCounts::default();
    book.tell("nothing yet", &nothing, &policy(Copies::Nobody));
    nothing.writes.invoked = 2;
    book.tell("first writes wait", &nothing, &policy(Copies::Everybody));
    book.tell("asynchronous", &well(), &policy(Copies::Nobody));
    book.tell("any 1", &well(), &policy(Copies::Any(1)));
    book.tell("any 2", &well(), &policy(Copies::Any(2)));
    book.tell("first 1 of n3", &well(), &policy(Copies::First(1, vec![N3])));
    book.tell("synchronous", &well(), &policy(Copies::Everybody));
    book.tell("in step", &well(), &in_step(1));
    let mut memory = policy(Copies::Any(1));
    memory.held = Held::Received;
    book.tell("any 1, received", &well(), &memory);
    memory.held = Held::Applied;
    book.tell("any 1, applied", &well(), &memory);
    golden::check("sentence-well", &book.0);
}

#[test]
fn a_leader_that_is_gone_is_named_with_what_is_at_risk() {
    let mut book = Book(String::new());
    let asynchronous = policy(Copies::Nobody);
    let synchronous = policy(Copies::Everybody);
    let dead = with_absence(AbsenceKind::LostPower, |absence| absence.at_risk = 3);
    book.tell("lost power, unnoticed", &dead, &asynchronous);
    book.tell("crashed, unnoticed", &absent(AbsenceKind::Crashed), &synchronous);
    book.tell("paused", &absent(AbsenceKind::Paused), &asynchronous);
    book.tell("cut off, asynchronous", &absent(AbsenceKind::CutOff), &asynchronous);
    book.tell("cut off, synchronous", &absent(AbsenceKind::CutOff), &synchronous);
    let noticed =
        with_absence(AbsenceKind::LostPower, |absence| absence.suspected_by = vec![N2, N3]);
    let mut by_hand = policy(Copies::Nobody);
    by_hand.takeover = Promotes::ByHand;
    book.tell("noticed, by hand", &noticed, &by_hand);
    let standing = with_absence(AbsenceKind::Crashed, |absence| {
        (absence.suspected_by, absence.candidates) = (vec![N2], vec![N2]);
    });
    book.tell("election", &standing, &asynchronous);
    book.tell("nobody leads", &absent(AbsenceKind::NotLeading), &asynchronous);
    golden::check("sentence-absent", &book.0);
}

#[test]
fn losses_are_counted_and_explained() {
    let mut book = Book(String::new());
    let p = policy(Copies::Nobody);
    let both: NodeSet = [N2, N3].into_iter().collect();
    let third: NodeSet = [N3].into_iter().collect();
    let sent = ms(9_999);
    let mut tell = |title: &str, groups: Vec<Losses>| book.tell(title, &losing(groups), &p);
    tell(
        "on its way",
        vec![lost(3, Reason::DiedOnItsWay { to: both, sent, event: EventId(71) }, true)],
    );
    tell("one, never sent", vec![lost(1, Reason::NeverSent { to: both }, true)]);
    tell(
        "two stories",
        vec![
            lost(3, Reason::DiedOnItsWay { to: both, sent, event: EventId(71) }, true),
            lost(1, Reason::NotChosen { holders: third }, true),
        ],
    );
    tell(
        "a handful beside many, and more groups than are told",
        vec![
            lost(77, Reason::NotChosen { holders: third }, false),
            lost(20, Reason::OwnLog, true),
            lost(2, Reason::NeverWritten, false),
            lost(1, Reason::NotKept { holders: third }, false),
        ],
    );
    let many =
        losing(vec![lost(1_990, Reason::OwnLog, true), lost(10, Reason::NeverWritten, false)]);
    let writes = WriteCounts { lost: 2_500, ..many.writes };
    book.tell("more than were looked at", &Situation { writes, ..many }, &p);
    let mut tell = |title: &str, groups: Vec<Losses>| book.tell(title, &losing(groups), &p);
    tell("another had them", vec![lost(2, Reason::NotChosen { holders: third }, false)]);
    tell("holders down", vec![lost(2, Reason::HoldersDown { holders: third, only: true }, false)]);
    tell(
        "link cut",
        vec![lost(9, Reason::LinkCut { to: both, since: ms(5_000), event: EventId(9) }, false)],
    );
    tell("too late", vec![lost(40, Reason::TooLate { late: Span::from_millis(340) }, false)]);
    tell("own log", vec![lost(2, Reason::OwnLog, true)]);
    let event = EventId(90);
    let late = Reason::ArrivedLate { to: N2, at: ms(13_500), event };
    tell("arrived late", vec![lost(125, late, true)]);
    let on_way = Reason::OnItsWay { to: both, sent, event: EventId(64) };
    tell("on its way still", vec![lost(7, on_way, false)]);
    tell("cut back", vec![lost(2, Reason::CutBack { event }, false)]);
    tell("not kept", vec![lost(2, Reason::NotKept { holders: third }, false)]);
    tell("never written", vec![lost(2, Reason::NeverWritten, false)]);
    tell(
        "buffer full",
        vec![lost(
            2,
            Reason::NotDelivered {
                to: third,
                why: engine::world::Dropped::BufferFull,
                event: EventId(71),
            },
            true,
        )],
    );
    book.tell("nothing lost", &taken_over(), &policy(Copies::Any(1)));
    book.tell("long after", &Situation { now: ms(30_000), ..taken_over() }, &p);
    golden::check("sentence-lost", &book.0);
}

#[test]
fn waiting_degrading_and_two_leaders_are_said_plainly() {
    let mut book = Book(String::new());
    let synchronous = policy(Copies::Everybody);
    let mut degrades = policy(Copies::Any(1));
    degrades.degrade_after = Some(Span::from_millis(10_000));
    book.tell("synchronous, one silent", &blocked(vec![N3], 1), &synchronous);
    book.tell("any 1, both silent", &blocked(vec![N2, N3], 1), &degrades);
    book.tell("nobody there", &blocked(Vec::new(), 1), &policy(Copies::Any(1)));
    book.tell("degraded", &Situation { degraded: Some(N1), ..well() }, &degrades);
    let leaders = vec![(N2, Epoch(2)), (N1, Epoch(1))];
    let two = Situation { leaders, rivals: vec![N2, N1], ..taken_over() };
    book.tell("two leaders", &two, &synchronous);
    let mut worse = losing(vec![lost(40, Reason::TooLate { late: Span::from_millis(340) }, false)]);
    (worse.leaders, worse.rivals) = (two.leaders, two.rivals);
    book.tell("two leaders, losses", &worse, &synchronous);
    book.tell(
        "lapsed",
        &Situation { leaders: Vec::new(), lapsed: Some(N1), ..well() },
        &synchronous,
    );
    let first = Situation { leaders: Vec::new(), applies_first: Some((N2, 40)), ..taken_over() };
    book.tell("applies first", &first, &synchronous);
    book.tell(
        "disk full",
        &Situation { leaders: Vec::new(), full: Some(N1), ..well() },
        &synchronous,
    );
    book.tell("snapshot", &behind(BehindHow::Snapshot(32_768, 65_536)), &synchronous);
    book.tell("from the log", &behind(BehindHow::FromLog(120)), &synchronous);
    book.tell("stranded", &behind(BehindHow::Stranded), &synchronous);
    book.tell("truncated", &behind(BehindHow::Truncated(Position(101))), &synchronous);
    golden::check("sentence-trouble", &book.0);
}

/// How a change of leaders came about is told from what was recorded of it, and from nothing else.
#[test]
fn a_change_of_leaders_is_told_as_it_was_recorded() {
    let mut book = Book(String::new());
    let p = policy(Copies::Any(1));
    let mut tell = |title: &str, change: &dyn Fn(&mut Failover)| {
        let mut s = taken_over();
        s.failover.iter_mut().for_each(change);
        book.tell(title, &s, &p);
    };
    let alive = |f: &mut Failover| f.death = None;
    let paused = Some((DeathKind::Pause, ms(9_861), EventId(69)));
    tell("died", &|_| {});
    tell("paused, then lost power", &|f| f.death.iter_mut().for_each(|d| d.before = paused));
    tell("taken for dead", &alive);
    tell("ordered", &|f| {
        alive(f);
        (f.began, f.noticed) = (Began::Ordered { event: EventId(81) }, None);
    });
    tell("ordered after a death", &|f| f.began = Began::Ordered { event: EventId(81) });
    let deposed = |f: &mut Failover| {
        alive(f);
        let heard = Some((N3, Epoch(14), EventId(78)));
        f.deposed = Some(Deposed { at: ms(12_000), event: EventId(79), heard });
    };
    tell("deposed", &deposed);
    tell("elected again", &|f| {
        deposed(f);
        (f.new, f.epoch) = (N1, Epoch(15));
    });
    tell("elected again, nothing else known", &|f| {
        alive(f);
        (f.new, f.noticed) = (N1, None);
    });
    tell("elected, nobody suspected", &|f| {
        alive(f);
        f.noticed = None;
    });
    tell("started", &|f| {
        alive(f);
        (f.began, f.noticed) = (Began::Restarted { event: EventId(81) }, None);
    });
    let last = Outage {
        from: ms(10_010),
        began: EventId(72),
        certain: ms(10_265),
        to: ms(13_060),
        ended: Some(EventId(84)),
    };
    let outages = Outages { total: last.length(), count: 1, last, back: None };
    book.tell("an outage", &Situation { outages: Some(outages), ..taken_over() }, &p);
    let twice = Outages { total: Span::from_millis(5_000), count: 2, last, back: Some(N1) };
    let long_after = Situation { now: ms(40_000), outages: Some(twice), ..taken_over() };
    book.tell("two outages, long after", &long_after, &p);
    golden::check("sentence-changes", &book.0);
}

#[test]
fn an_order_that_was_refused_is_told_while_nobody_leads() {
    let mut by_hand = policy(Copies::Nobody);
    by_hand.takeover = Promotes::ByHand;
    let (node, why) = (Some(N2), Refused::DoesNotRun);
    let refused = Some(RefusedPromotion { at: ms(5_000), node, why, event: EventId(50) });
    let s = Situation { refused, ..absent(AbsenceKind::LostPower) };
    let Sentence { why, reasons, .. } = tell(&s, &by_hand);
    let order =
        "An administrator ordered n2 to lead at 5.000 s, which was refused: n2 does not run.";
    assert!(why.contains(order), "{why}");
    assert_eq!(reasons, [crate::Reason { kind: "refused-order", events: vec![50] }]);
}

#[test]
fn nobody_and_somebody_have_the_verb_that_goes_with_them() {
    let p = policy(Copies::Nobody);
    let told = |followers: Vec<NodeId>| tell(&Situation { followers, ..well() }, &p).why;
    let alone = "Every write is on n1 alone when its client is told “saved”";
    assert_eq!(told(Vec::new()), format!("{alone}."));
    assert_eq!(told(vec![N2]), format!("{alone}; n2 gets it a moment later."));
    let many = (1..128).map(NodeId).collect();
    assert_eq!(told(many), format!("{alone}; n2, n3, n4, n5 and 123 more get it a moment later."));
}
