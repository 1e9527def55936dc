//! From a situation to two lines of English. It reads nothing else.

use super::losses::{cause, story};
use super::{Absence, AbsenceKind, Behind, BehindHow, Blocked, Situation, Takeover};
use crate::engine::base::{NodeId, Span};
use crate::engine::protocol::policy::Leads;
use crate::view::number::{any_name, bytes, count, names, span, things};
use crate::view::types::{Sentence, Tone};

/// A takeover is news for so long; afterwards the line says again what the mode guarantees.
const NEWS: Span = Span::from_millis(10_000);
/// Waiting for confirmations is ordinary up to here.
const ORDINARY_WAIT: Span = Span::from_millis(250);

type Part = (Tone, String);

/// Tells a situation.
#[must_use]
pub fn tell(s: &Situation, policy: &Leads) -> Sentence {
    let trouble = trouble(s, policy);
    let mut parts = vec![acknowledged(s)];
    let mut why = Vec::new();
    if let Some(worst) = s.losses.first() {
        let (is, lost) =
            (if s.writes.lost == 1 { "is" } else { "are" }, count(s.writes.lost.into()));
        parts.push((Tone::Lost, format!("{lost} of them {is} lost:")));
        let share = if s.losses.len() > 1 {
            format!("{} because ", count(worst.count.into()))
        } else {
            String::new()
        };
        parts.push((Tone::Plain, share + &cause(worst)));
    }
    match (trouble, s.losses.is_empty()) {
        (Some(Trouble { clause, more }), true) => {
            parts.extend(clause);
            why.push(more);
        }
        (Some(Trouble { clause, more }), false) => {
            why.extend(clause.into_iter().map(|(_, text)| text));
            why.push(more);
        }
        (None, false) => why.push(story(s)),
        (None, true) => {
            let (part, more) = unharmed(s, policy);
            parts.extend(part);
            why.push(more);
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
    Sentence { parts, why: why.join(" ") }
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
fn unharmed(s: &Situation, policy: &Leads) -> (Option<Part>, String) {
    let leader = s.leaders.first().map(|(leader, _)| *leader);
    let guarantee = leader.map_or_else(String::new, |leader| {
        let late = |node: &NodeId| s.behind.iter().any(|behind| behind.node == *node);
        let fed: Vec<NodeId> = s.followers.iter().filter(|node| !late(node)).copied().collect();
        policy.guarantee(leader, &fed)
    });
    if s.writes.acknowledged == 0 {
        return (None, guarantee);
    }
    match &s.failover {
        Some(takeover) if s.now.since(takeover.at) < NEWS => {
            let Takeover { old, new, .. } = takeover;
            let part =
                (Tone::Good, format!("None lost: {new} had all that {old} had acknowledged."));
            (Some(part), took_over(takeover))
        }
        _ => (Some((Tone::Good, "None lost.".to_owned())), guarantee),
    }
}

/// "n1 lost power; n2 took over 3.1 s later, in epoch 2."
fn took_over(takeover: &Takeover) -> String {
    let Takeover { old, new, epoch, death, at, suspected } = takeover;
    match (death, suspected) {
        (Some((kind, died)), _) => {
            let later = span(at.since(*died));
            format!("{old} {}; {later} later {new} led epoch {epoch}.", kind.verb())
        }
        (None, Some(suspected)) => {
            let later = span(at.since(*suspected));
            format!("{old} was taken for dead; {later} later {new} led epoch {epoch}.")
        }
        (None, None) => format!("{new} was ordered to lead, in epoch {epoch}."),
    }
}

/// Something is wrong now: a clause for the headline, and more for the second line.
struct Trouble {
    clause: Vec<Part>,
    more: String,
}

fn trouble(s: &Situation, policy: &Leads) -> Option<Trouble> {
    split_brain(s)
        .or_else(|| s.absence.as_ref().map(|absence| absent(s, absence, policy)))
        .or_else(|| refusing(s))
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
    let text = format!("{} nodes lead at once: {}.", number_word(all.len()), names(&all));
    let more = format!(
        "Each accepts writes. {older} does not know that {newest} leads epoch {epoch}: what it acknowledges now is not in \
         {newest}'s log."
    );
    Some(Trouble { clause: vec![(Tone::Lost, text)], more })
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
    Trouble { clause, more: until_takeover(s, absence, policy) }
}

fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    // Our sentences begin with plain letters; the tables for all others would weigh kilobytes.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
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
        ([], []) => ", and nobody has noticed yet.".to_owned(),
        ([], by) => format!("; {} noticed.", names(by)),
        (candidates, _) => {
            let want = if candidates.len() == 1 { "wants" } else { "want" };
            format!("; {} {want} to take over.", names(candidates))
        }
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
    more + &next
}

/// "12 writes wait, for 1.2 s already."
fn waiting(s: &Situation) -> String {
    match (s.writes.waiting(), s.unserved) {
        (0, _) => String::new(),
        (n, Some(unserved)) => {
            let wait = if n == 1 { "waits" } else { "wait" };
            format!("{} {wait}; none was acknowledged for {}.", things(n, "write"), span(unserved))
        }
        (n, None) => format!("{} {}.", things(n, "write"), if n == 1 { "waits" } else { "wait" }),
    }
}

#[inline(never)]
fn refusing(s: &Situation) -> Option<Trouble> {
    let text = match (s.full, s.lapsed) {
        _ if s.applies_first.is_some() => {
            let (leader, records) = s.applies_first?;
            let records = things(records, "record");
            format!("{leader} applies first what it had received: {records} to go.")
        }
        (Some(leader), _) => format!("{leader}'s disk is full: it accepts no writes."),
        (None, Some(leader)) => {
            format!("{leader} cannot reach a majority of the nodes and accepts no writes.")
        }
        (None, None) => return None,
    };
    Some(Trouble { clause: vec![(Tone::Wait, text)], more: waiting(s) })
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
    Trouble { clause: vec![(Tone::Wait, text)], more }
}

#[inline(never)]
fn degraded(leader: NodeId) -> Trouble {
    let text = format!("{leader} no longer waits for confirmations.");
    let more = format!(
        "Nobody confirmed in time: until a follower is back, a write is on {leader} alone when its \
         client is told “saved”."
    );
    Trouble { clause: vec![(Tone::Wait, text)], more }
}

#[inline(never)]
fn wrong_total((node, wrong, right): (NodeId, u64, u64)) -> Trouble {
    let (wrong, right) = (count(wrong), count(right));
    let text = format!("The accounts on {node} add up to {wrong} instead of {right}.");
    let more = format!(
        "Its pages were copied at different moments and opened as if they were of one: half of some \
         transfers is missing, nothing complained, and {node} follows the log as if all were well."
    );
    Trouble { clause: vec![(Tone::Lost, text)], more }
}

#[inline(never)]
fn behind(behind: &Behind) -> String {
    let node = behind.node;
    match behind.how {
        BehindHow::FromLog(1) => format!("{node} catches up: 1 record to go."),
        BehindHow::FromLog(missing) => {
            format!("{node} catches up: {} records to go.", count(missing.into()))
        }
        BehindHow::Snapshot(got, of) => {
            let (got, of) = (bytes(got.into()), bytes(of.into()));
            format!("{node} copies the data while writes go on: {got} of {of}.")
        }
        BehindHow::Files(got, of) => {
            format!("{node} copies the data files page by page while writes go on: {got} of {of}.")
        }
        BehindHow::Stranded => {
            format!(
                "{node}'s log parts from the leader's: it follows nobody until it is copied afresh."
            )
        }
        BehindHow::Waiting => format!("{node} waits for its copying to begin."),
        BehindHow::Truncated(first) => {
            format!("{node} needs records that the leader dropped: its log begins at {first}.")
        }
    }
}
