//! The sentence in every situation, read as one text.

use super::*;
use crate::engine::observe::ledger::Death;
use crate::engine::observe::{NodeSet, Reason};
use crate::engine::protocol::policy::{Copies, Held, Leads, Takeover as Promotes};
use crate::engine::protocol::single_leader::knobs::Knobs;
use crate::view::golden;

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
        },
        leaders: vec![(N1, Epoch(1))],
        followers: vec![N2, N3],
        absence: None,
        failover: None,
        losses: Vec::new(),
        blocked: None,
        degraded: None,
        behind: Vec::new(),
        wrong_total: None,
        full: None,
        stopped: Vec::new(),
        lapsed: None,
        applies_first: None,
        unserved: None,
    }
}

fn policy(copies: Copies) -> Leads {
    Leads { copies, ..Knobs::default().policy() }
}

fn taken_over() -> Situation {
    Situation {
        now: ms(14_000),
        leaders: vec![(N2, Epoch(2))],
        followers: vec![N3],
        failover: Some(Takeover {
            old: N1,
            new: N2,
            epoch: Epoch(2),
            death: Some((DeathKind::PowerLoss, ms(10_000))),
            suspected: Some(ms(13_050)),
            at: ms(13_056),
        }),
        ..well()
    }
}

fn lost(count: u32, reason: Reason, died: bool) -> Losses {
    let death = died.then_some(Death { kind: DeathKind::PowerLoss, at: ms(10_000) });
    let acknowledged = SimTime::from_micros(9_998_700);
    let closest = died.then_some(Span::from_micros(1_300));
    Losses { count, why: Why { by: N1, acknowledged, death, chosen: N2, reason }, closest }
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
        let Sentence { parts, why } = tell(s, policy);
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
    tell("on its way", vec![lost(3, Reason::OnItsWay { to: both, sent }, true)]);
    tell("one, never sent", vec![lost(1, Reason::NeverSent { to: both }, true)]);
    tell(
        "two stories",
        vec![
            lost(3, Reason::OnItsWay { to: both, sent }, true),
            lost(1, Reason::NotChosen { holders: third }, true),
        ],
    );
    tell("another had them", vec![lost(2, Reason::NotChosen { holders: third }, false)]);
    tell("holders down", vec![lost(2, Reason::HoldersDown { holders: third }, false)]);
    tell("link cut", vec![lost(9, Reason::LinkCut { to: both, since: ms(5_000) }, false)]);
    tell("too late", vec![lost(40, Reason::TooLate { late: Span::from_millis(340) }, false)]);
    tell("own log", vec![lost(2, Reason::OwnLog, true)]);
    tell("not kept", vec![lost(2, Reason::NotKept { holders: third }, false)]);
    tell("never written", vec![lost(2, Reason::NeverWritten, false)]);
    tell(
        "buffer full",
        vec![lost(
            2,
            Reason::NotDelivered { to: third, why: crate::engine::world::Dropped::BufferFull },
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
    let two = Situation { leaders: vec![(N2, Epoch(2)), (N1, Epoch(1))], ..taken_over() };
    book.tell("two leaders", &two, &synchronous);
    let mut worse = losing(vec![lost(40, Reason::TooLate { late: Span::from_millis(340) }, false)]);
    worse.leaders = two.leaders;
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
