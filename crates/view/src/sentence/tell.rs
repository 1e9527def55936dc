//! From a situation to two lines of English. It reads nothing else.

use super::behind::behind;
use super::changes::{refused, took_over};
use super::losses::{OTHERS_TOLD, other_losses, story, why_lost};
use super::policy::InWords as _;
use super::{Absence, AbsenceKind, Blocked, Situation, Told};
use crate::number::{agree, any_name, capitalised, count, names, span, things, things_do, who};
use crate::types::{Reason, Sentence, Tone};
use engine::base::{NodeId, Span};
use engine::observe::metric::Failover;
use engine::protocol::policy::{Copies, Leads, Takeover};

/// So many sentences say why, at most, and where the story of losses is told, too.
const MOST: usize = 3;
const MOST_AFTER_LOSSES: usize = 4;
/// Waiting for confirmations is ordinary up to here.
const ORDINARY_WAIT: Span = Span::from_millis(250);

type Part = (Tone, String);

/// Tells a situation.
#[must_use]
pub fn tell(s: &Situation, policy: &Leads) -> Sentence {
    let trouble = trouble(s, policy);
    let mut parts = vec![acknowledged(s)];
    let mut why = Vec::new();
    let mut reasons = Vec::new();
    if let Some(worst) = s.losses.first() {
        let (is, lost) = (agree(s.writes.lost, "is", "are"), count(s.writes.lost.into()));
        reasons.extend(
            s.losses
                .iter()
                .take(1 + OTHERS_TOLD)
                .map(|group| Reason::of(group.why.reason.kind(), group.why.events())),
        );
        parts.push((Tone::Lost, format!("{lost} of them {is} lost:")));
        parts.push((Tone::Plain, why_lost(s, worst)));
    }
    match (trouble, s.losses.is_empty()) {
        (Some(Trouble { clause, more, told }), true) => {
            parts.extend(clause);
            why.push(more);
            reasons.extend(told);
        }
        (Some(Trouble { clause, more, told }), false) => {
            why.extend(other_losses(s));
            why.extend(clause.into_iter().map(|(_, text)| text));
            why.push(more);
            reasons.extend(told);
        }
        (None, false) => {
            why.push(story(s));
            let all = happened(s, policy).into_iter().chain(led_since(s));
            super::story::add(all, &mut why, &mut reasons, MOST_AFTER_LOSSES);
        }
        (None, true) => {
            let (part, more, told) = unharmed(s, policy);
            parts.extend(part);
            why.push(more);
            reasons.extend(told);
            super::story::add(happened(s, policy), &mut why, &mut reasons, MOST);
        }
    }
    why.extend(s.behind.iter().take(2).map(behind));
    why.extend(
        s.stopped.iter().take(1).map(|node| {
            format!("{node} knows that it may have been replaced and accepts no writes.")
        }),
    );
    why.push(given_up(s.writes.unknown));
    why.retain(|line| !line.is_empty());
    Sentence { parts, why: why.join(" "), reasons }
}

/// What happened and is over, and what clients saw of the time in which no write was acknowledged.
fn happened(s: &Situation, policy: &Leads) -> Vec<Told> {
    let follower = |node: NodeId| s.leaders.iter().all(|(leader, _)| *leader != node);
    let outage = s.outages.map(|outages| {
        // Writes waited for a follower, and not for a leader to be found.
        let price = policy.waits() && s.writes.lost == 0 && outages.back.is_some_and(follower);
        outages.told(if price { " That was the price: nothing is lost." } else { "" })
    });
    s.stories.iter().cloned().chain(outage).collect()
}

/// The last change of leaders, where losses tell of earlier ones only: it may be why no write was
/// acknowledged for a time.
fn led_since(s: &Situation) -> Option<Told> {
    let takeover = s.failover?;
    let told = s.losses.iter().any(|group| group.why.promoted == takeover.event);
    let reason = Reason::of(takeover.began.kind(), takeover.events());
    (!told).then(|| Told { weight: 73, text: took_over(&takeover), reason })
}

#[inline(never)]
fn given_up(unknown: u32) -> String {
    match unknown {
        0 => String::new(),
        1 => "1 write was given up by its client, which never learnt what became of it.".to_owned(),
        n => format!(
            "{} were given up by their clients, which never learnt what became of them.",
            things(n, "write")
        ),
    }
}

fn acknowledged(s: &Situation) -> Part {
    match (s.writes.acknowledged, s.writes.invoked) {
        (0, 0) => (Tone::Plain, "Nothing has been written yet.".to_owned()),
        (0, _) => (Tone::Plain, "No write has been acknowledged yet.".to_owned()),
        (n, _) => (Tone::Good, format!("{} acknowledged.", things(n, "write"))),
    }
}

/// Nothing lost and nothing wrong.
fn unharmed(s: &Situation, policy: &Leads) -> (Option<Part>, String, Option<Reason>) {
    let leader = s.leaders.first().map(|(leader, _)| *leader);
    let guarantee = leader.filter(|_| s.stories.is_empty()).map_or_else(String::new, |leader| {
        let late = |node: &NodeId| s.behind.iter().any(|behind| behind.node == *node);
        let fed: Vec<NodeId> = s.followers.iter().filter(|node| !late(node)).copied().collect();
        policy.guarantee(leader, &fed)
    });
    if s.writes.acknowledged == 0 {
        return (None, guarantee, None);
    }
    let none = "None lost.".to_owned();
    match &s.failover {
        Some(failover) => {
            let Failover { old, new, .. } = failover;
            let part = if failover.again() {
                none
            } else {
                format!("None lost: {new} had all that {old} had acknowledged.")
            };
            let told = Reason::of(failover.began.kind(), failover.events());
            (Some((Tone::Good, part)), took_over(failover), Some(told))
        }
        None => (Some((Tone::Good, none)), guarantee, None),
    }
}

/// Something is wrong now: a clause for the headline, and more for the second line.
struct Trouble {
    clause: Vec<Part>,
    more: String,
    told: Option<Reason>,
}

fn trouble(s: &Situation, policy: &Leads) -> Option<Trouble> {
    split_brain(s)
        .or_else(|| s.absence.as_ref().map(|absence| absent(s, absence, policy)))
        .or_else(|| refusing(s, policy))
        .or_else(|| {
            let blocked = s.blocked.as_ref()?;
            (s.now.since(blocked.since) >= ORDINARY_WAIT).then(|| waits(s, blocked, policy))
        })
        .or_else(|| s.degraded.map(degraded))
        .or_else(|| s.wrong_total.map(wrong_total))
}

#[inline(never)]
fn split_brain(s: &Situation) -> Option<Trouble> {
    let [(newest, epoch), (older, _), ..] = s.leaders.as_slice() else { return None };
    let all: Vec<NodeId> = s.leaders.iter().map(|(leader, _)| *leader).collect();
    if s.rivals.is_empty() {
        return Some(two_leaders(s, &all));
    }
    let text = format!("{} nodes lead at once: {}.", number_word(all.len()), names(&all));
    let more = format!(
        "Each accepts writes. {older} does not know that {newest} leads epoch {epoch}: what it acknowledges now is not in \
         {newest}'s log."
    );
    Some(Trouble { clause: vec![(Tone::Lost, text)], more, told: None })
}

/// Several nodes lead, and no two of them have accepted writes at the same time.
fn two_leaders(s: &Situation, all: &[NodeId]) -> Trouble {
    let text = format!("{} nodes lead: {}.", number_word(all.len()), names(all));
    let more = match s.unasked.as_slice() {
        [] => {
            "Writes were accepted by one after the other, not by both at the same time.".to_owned()
        }
        [one] => format!("{one} would accept writes, but has acknowledged none."),
        several => {
            format!("{} would accept writes, but have acknowledged none.", names(several))
        }
    };
    Trouble { clause: vec![(Tone::Wait, text)], more, told: None }
}

fn number_word(number: usize) -> String {
    match number {
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        _ => number.to_string(),
    }
}

fn absent(s: &Situation, absence: &Absence, policy: &Leads) -> Trouble {
    let Absence { leader, kind, .. } = absence;
    let state = match kind {
        AbsenceKind::Crashed => format!("leader {leader} has crashed"),
        AbsenceKind::LostPower => format!("leader {leader} has lost power"),
        AbsenceKind::Paused => format!("leader {leader} is paused"),
        AbsenceKind::CutOff => format!("leader {leader} is cut off from the other nodes"),
        AbsenceKind::NotLeading => "nobody leads".to_owned(),
    };
    let state = state + &noticed(absence);
    let clause = match at_risk(s, absence) {
        Some(at_risk) => vec![(Tone::Lost, at_risk), (Tone::Wait, state)],
        None => vec![(Tone::Wait, capitalised(&state))],
    };
    let order = s.refused.filter(|_| policy.takeover == Takeover::ByHand);
    let told = order.map(|order| Reason::of("refused-order", [order.event]));
    Trouble { clause, more: until_takeover(s, absence, policy), told }
}

/// "3 of them are on no running node:": what is gone unless the leader comes back.
fn at_risk(s: &Situation, absence: &Absence) -> Option<String> {
    let all = absence.at_risk == s.writes.acknowledged;
    let (who, are) = match absence.at_risk {
        0 => return None,
        1 if all => ("It".to_owned(), "is"),
        1 => ("1 of them".to_owned(), "is"),
        _ if all => ("All of them".to_owned(), "are"),
        n => (format!("{} of them", count(n.into())), "are"),
    };
    Some(match absence.kind {
        AbsenceKind::Paused | AbsenceKind::CutOff => {
            format!("{who} {are} on {} alone:", absence.leader)
        }
        AbsenceKind::Crashed | AbsenceKind::LostPower | AbsenceKind::NotLeading => {
            format!("{who} {are} on no running node:")
        }
    })
}

fn noticed(absence: &Absence) -> String {
    match (absence.candidates.as_slice(), absence.suspected_by.as_slice()) {
        ([], []) if absence.kind == AbsenceKind::NotLeading => ".".to_owned(),
        ([], []) if absence.kind == AbsenceKind::Crashed => {
            ", and nobody has taken over yet.".to_owned()
        }
        // It may have noticed itself, and accepts nothing.
        ([], []) if absence.kind == AbsenceKind::CutOff => {
            ", and no follower has noticed yet.".to_owned()
        }
        ([], []) => ", and nobody has noticed yet.".to_owned(),
        ([], by) => format!("; {} noticed.", names(by)),
        (candidates, _) => format!("; {} to take over.", who(candidates, "wants", "want")),
    }
}

fn until_takeover(s: &Situation, absence: &Absence, policy: &Leads) -> String {
    let mut more = match absence.kind {
        AbsenceKind::CutOff if s.lapsed.is_some() => {
            format!("It knows that it may have been replaced and accepts no writes. {}", waiting(s))
        }
        AbsenceKind::CutOff if policy.waits() && s.degraded.is_none() => {
            format!("It gets no confirmations, so it acknowledges nothing. {}", waiting(s))
        }
        AbsenceKind::CutOff => {
            "It still tells clients “saved”, with nobody to pass it on to.".to_owned()
        }
        AbsenceKind::Paused => {
            format!("It is alive and does not know that time passes. {}", waiting(s))
        }
        AbsenceKind::Crashed | AbsenceKind::LostPower | AbsenceKind::NotLeading => waiting(s),
    };
    let unnoticed = absence.suspected_by.is_empty() && absence.candidates.is_empty();
    let next = if unnoticed && absence.kind != AbsenceKind::NotLeading {
        policy.notice(absence.leader)
    } else {
        policy.who_takes_over().to_owned()
    };
    more += if more.is_empty() { "" } else { " " };
    if let (Some(order), Takeover::ByHand) = (s.refused, policy.takeover) {
        more += &refused(&order);
        more.push(' ');
    }
    more + &next
}

/// "12 writes wait, for 1.2 s already."
fn waiting(s: &Situation) -> String {
    match (s.writes.waiting(), s.unserved) {
        (0, _) => String::new(),
        (n, Some(unserved)) => {
            let wait = things_do(n, "write", "waits", "wait");
            format!("{wait}; none was acknowledged for {}.", span(unserved))
        }
        (n, None) => format!("{}.", things_do(n, "write", "waits", "wait")),
    }
}

#[inline(never)]
fn refusing(s: &Situation, policy: &Leads) -> Option<Trouble> {
    let text = match (s.full, s.lapsed) {
        _ if s.applies_first.is_some() => {
            let (leader, records) = s.applies_first?;
            let records = things(records, "record");
            format!("{leader} applies first what it had received: {records} to go.")
        }
        _ if s.too_few.is_some() => return too_few(s, policy),
        (Some(leader), _) => format!("{leader}'s disk is full: it accepts no writes."),
        (None, Some(leader)) => {
            format!("{leader} cannot reach a majority of the nodes and accepts no writes.")
        }
        (None, None) => return None,
    };
    Some(Trouble { clause: vec![(Tone::Wait, text)], more: waiting(s), told: None })
}

/// Writes are refused, because a write must be on more nodes than are in step.
#[inline(never)]
fn too_few(s: &Situation, policy: &Leads) -> Option<Trouble> {
    let (leader, in_step) = s.too_few?;
    let Copies::InSync { least, .. } = policy.copies else { return None };
    let are = match in_step {
        1 => format!("{leader} alone is in step"),
        n => format!("only {n} nodes are in step"),
    };
    let text = format!("{leader} refuses writes: {are}, and {least} nodes must be.");
    let more = format!("{} {}", waiting(s), policy.when_blocked(leader)).trim_start().to_owned();
    Some(Trouble { clause: vec![(Tone::Wait, text)], more, told: None })
}

#[inline(never)]
fn waits(s: &Situation, blocked: &Blocked, policy: &Leads) -> Trouble {
    let Blocked { leader, nodes, needed, .. } = blocked;
    let whom = match (nodes.as_slice(), usize::from(*needed)) {
        ([], _) => "followers that are not there".to_owned(),
        (nodes, needed) if needed >= nodes.len() => names(nodes),
        (nodes, 1) => any_name(nodes),
        (nodes, needed) => format!("{needed} of {}", names(nodes)),
    };
    let text = format!("No write gets through: {leader} waits for {whom}.");
    let more = format!("{} {}", waiting(s), policy.when_blocked(*leader)).trim_start().to_owned();
    Trouble { clause: vec![(Tone::Wait, text)], more, told: None }
}

#[inline(never)]
fn degraded(leader: NodeId) -> Trouble {
    let text = format!("{leader} no longer waits for confirmations.");
    let more = format!(
        "Nobody confirmed in time: until a follower is back, a write is on {leader} alone when its \
         client is told “saved”."
    );
    Trouble { clause: vec![(Tone::Wait, text)], more, told: None }
}

#[inline(never)]
fn wrong_total((node, wrong, right): (NodeId, u64, u64)) -> Trouble {
    let (wrong, right) = (count(wrong), count(right));
    let text = format!("The accounts on {node} add up to {wrong} instead of {right}.");
    let more = format!(
        "Its pages were copied at different moments and opened as if they were of one: half of some \
         transfers is missing, nothing complained, and {node} follows the log as if all were well."
    );
    Trouble { clause: vec![(Tone::Lost, text)], more, told: None }
}
