//! The sentence about a row of nodes: who is in it, what is being repaired, what it guarantees.

mod repairs;

use super::{Outages, Told};
use crate::number::{agree, bytes, clock, count, names, span, things, things_do, who};
use crate::types::{Reason, Sentence, Tone};
use engine::base::{NodeId, SimTime, Span};
use engine::observe::Recorder;
use engine::observe::ledger::{Why, WriteCounts};
use engine::protocol::Role;
use engine::protocol::policy::{Passes, Reads, Row};
use engine::world::{NodeStatus, Run};
pub use repairs::Repair;
use repairs::{repair, taken, taken_out};

/// So many sentences say why, at most.
const MOST: usize = 3;

type Part = (Tone, String);

/// What the sentence is told from.
#[derive(Clone, PartialEq, Debug)]
pub struct Situation {
    /// The present.
    pub now: SimTime,
    /// How many writes met which fate.
    pub writes: WriteCounts,
    /// Why the first of the lost ones is lost.
    pub lost_because: Option<Why>,
    /// The row, as whoever knows the latest has it.
    pub row: Vec<NodeId>,
    /// Its members that do not run, and how.
    pub missing: Vec<(NodeId, NodeStatus)>,
    /// Its members that no longer hear the service.
    pub unsure: Vec<NodeId>,
    /// The service, and whether it runs.
    pub service: Option<(NodeId, NodeStatus)>,
    /// Running nodes that are not in the row and not being fed.
    pub outside: Vec<NodeId>,
    /// A node that is fed, and how much of a snapshot it has.
    pub joining: Option<(NodeId, Option<(u32, u32)>)>,
    /// The last repair.
    pub repair: Option<Repair>,
    /// The last time that the same node was taken out, if the last repair put it in.
    pub taken_out: Option<Repair>,
    /// What happened and is over.
    pub stories: Vec<Told>,
    /// How long nobody's write, nobody's read was answered.
    pub unserved: (Option<Span>, Option<Span>),
    /// Times in which clients went without service of writes, and that are over.
    pub outages: Option<Outages>,
}

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, policy: &Row) -> Sentence {
    tell(&gather(run), policy)
}

fn gather(run: &dyn Run<Recorder>) -> Situation {
    let (recorder, view, now) = (run.observer(), run.view(), run.now());
    let all: Vec<NodeId> = (0..view.nodes.count()).map(NodeId).collect();
    let known = all.iter().filter_map(|node| Some((*node, view.nodes.facts(*node)?)));
    let known: Vec<_> = known.collect();
    let newest = known.iter().filter(|(_, facts)| !facts.row.is_empty());
    let row = newest.max_by_key(|(_, facts)| facts.epoch).map(|(_, facts)| facts.row.clone());
    let row = row.unwrap_or_default();
    let status = |node: NodeId| view.nodes.status(node);
    let down = |node: &NodeId| (status(*node) != NodeStatus::Up).then_some((*node, status(*node)));
    let is = |role: Role| known.iter().filter(move |(_, facts)| facts.role == role);
    Situation {
        now,
        writes: recorder.ledger().counts(),
        lost_because: recorder.ledger().lost().next().map(|lost| lost.why),
        missing: row.iter().filter_map(down).collect(),
        unsure: known.iter().filter(|(_, f)| f.degraded).map(|(node, _)| *node).collect(),
        service: run.service().map(|node| (node, status(node))),
        outside: is(Role::Outside)
            .filter(|(node, _)| status(*node) == NodeStatus::Up && !row.contains(node))
            .map(|(node, _)| *node)
            .collect(),
        joining: is(Role::CatchingUp).next().map(|(node, facts)| (*node, facts.snapshot)),
        taken_out: repair(recorder)
            .filter(|last| last.added)
            .and_then(|last| taken_out(recorder, &last)),
        repair: repair(recorder),
        stories: super::story::stories(run),
        unserved: {
            let lasting = |of: &engine::observe::metric::Availability| {
                of.lasting(now).map(|outage| outage.length())
            };
            (lasting(recorder.write_availability()), lasting(recorder.read_availability()))
        },
        outages: Outages::of(run),
        row,
    }
}

/// Tells a situation.
#[must_use]
pub fn tell(s: &Situation, policy: &Row) -> Sentence {
    let mut parts = vec![acknowledged(s)];
    let (mut why, mut reasons) = (Vec::new(), Vec::new());
    if s.writes.lost > 0 {
        let are = agree(s.writes.lost, "is", "are");
        let lost = format!("{} of them {are} lost.", count(s.writes.lost.into()));
        parts.push((Tone::Lost, lost));
        why.extend(s.lost_because.map(|because| format!("{}.", because.sentence())));
        let told = |why: Why| Reason::of(why.reason.kind(), why.events());
        reasons.extend(s.lost_because.map(told));
    }
    match trouble(s, policy) {
        Some((clause, more)) => {
            parts.push((Tone::Wait, clause));
            why.push(more);
        }
        None if s.writes.acknowledged == 0 => why.push(guarantee(s, policy)),
        None => {
            if s.writes.lost == 0 {
                parts.push((Tone::Good, unharmed(s)));
            }
            reasons.extend(s.repair.map(|repair| repair.reason()));
            let happened = s.stories.iter().cloned().chain(s.outages.map(|o| o.told("")));
            let joined = s.repair.is_some_and(|repair| repair.added) && s.taken_out.is_none();
            if !joined {
                why.extend(news(s));
            }
            let most = if joined { MOST - 1 } else { MOST };
            super::story::add(happened, &mut why, &mut reasons, most);
            if joined {
                why.extend(news(s));
            }
            if why.is_empty() {
                why.push(guarantee(s, policy));
            }
        }
    }
    why.extend(joining(s));
    why.extend(s.outside.first().map(|node| {
        format!("{node} runs, but it is not in the chain: it takes no writes and answers no reads.")
    }));
    why.extend(given_up(s.writes.unknown));
    why.retain(|line| !line.is_empty());
    Sentence { parts, why: why.join(" "), reasons }
}

fn acknowledged(s: &Situation) -> Part {
    match (s.writes.acknowledged, s.writes.invoked) {
        (0, 0) => (Tone::Plain, "Nothing has been written yet.".to_owned()),
        (0, _) => (Tone::Plain, "No write has been acknowledged yet.".to_owned()),
        (n, _) => (Tone::Good, format!("{} acknowledged.", things(n, "write"))),
    }
}

fn given_up(unknown: u32) -> Option<String> {
    match unknown {
        0 => None,
        1 => {
            Some("1 write was given up by its client, which never learnt what became of it.".into())
        }
        n => Some(format!(
            "{} were given up by their clients, which never learnt what became of them.",
            things(n, "write")
        )),
    }
}

/// Nothing is lost: in a row that was just repaired, because all that was acknowledged had passed
/// through every node.
fn unharmed(s: &Situation) -> String {
    match s.repair.filter(|repair| !repair.added) {
        Some(Repair { node, .. }) => {
            format!("None lost: all that was acknowledged had passed {node} and reached the end.")
        }
        None => "None lost.".to_owned(),
    }
}

/// What the service did to the row last: taken out, put in, or one after the other.
fn news(s: &Situation) -> Option<String> {
    let repair = s.repair?;
    let Repair { at, node, added, .. } = repair;
    let row = order(&s.row);
    Some(match (added, s.taken_out) {
        (true, None) => {
            format!("{node} had everything and was put at the end: the chain is {row}.")
        }
        (true, Some(out)) => {
            let at = clock(at);
            format!("{}; at {at} it was put at the end: the chain is {row}.", taken(&out))
        }
        (false, _) => format!("{}: the chain is {row}.", taken(&repair)),
    })
}

/// "n1 → n2 → n3"
fn order(row: &[NodeId]) -> String {
    row.iter().map(|node| node.to_string()).collect::<Vec<_>>().join(" → ")
}

/// Where a write is when its client is told, and who answers reads.
fn guarantee(s: &Situation, policy: &Row) -> String {
    let (Some(first), Some(last)) = (s.row.first(), s.row.last()) else { return String::new() };
    let told = "when its client is told “saved”";
    let writes = match (s.row.as_slice(), policy.passes) {
        ([only], _) => format!("Only {only} is left: every write is on its disk alone {told}."),
        (row, Passes::OneByOne) => format!(
            "Every write has passed from {first} to {last} and is on {} {told}.",
            names(row)
        ),
        (row, Passes::Parallel) => format!("Every write is on {} {told}.", names(row)),
    };
    let reads = match policy.reads {
        _ if s.row.len() == 1 => String::new(),
        Reads::First => format!("{first} answers reads."),
        Reads::Last => format!("{last} answers reads."),
        Reads::Checked => format!(
            "Every node answers reads; where a write is on its way, it asks {last} what is committed."
        ),
        Reads::Unchecked => {
            "Every node answers reads with what it has: perhaps too old, perhaps never acknowledged."
                .to_owned()
        }
    };
    format!("{writes} {reads}").trim_end().to_owned()
}

fn joining(s: &Situation) -> Option<String> {
    let (node, snapshot) = s.joining?;
    Some(match snapshot {
        Some((got, of)) => {
            let (got, of) = (bytes(got.into()), bytes(of.into()));
            format!("{node} copies the data while writes go on: {got} of {of}.")
        }
        None => format!("{node} is fed, to be put at the end of the chain."),
    })
}

/// What is wrong now: a clause for the headline, and more for the second line.
fn trouble(s: &Situation, policy: &Row) -> Option<(String, String)> {
    let service_up = s.service.is_some_and(|(_, status)| status == NodeStatus::Up);
    if let Some((node, status)) = s.missing.first().copied() {
        return Some(member_missing(s, policy, node, status, service_up));
    }
    if let Some((node, status)) = s.service.filter(|_| !service_up) {
        let clause = format!("The configuration service on {node} {}.", state(status));
        let silent = span(policy.silence);
        let more = match (s.unsure.is_empty(), policy.fencing) {
            (true, true) => format!(
                "Nobody repairs the chain; after {silent} without a word from it nobody answers reads."
            ),
            (true, false) => "The chain works on, but nobody repairs it.".to_owned(),
            (false, _) => format!(
                "Writes go on, but {}, and no reads are answered there.",
                who(
                    &s.unsure,
                    "does not know whether it was replaced",
                    "do not know whether they were replaced"
                )
            ),
        };
        return Some((clause, more));
    }
    if let (Some(node), (_, Some(unserved))) = (s.unsure.first(), s.unserved) {
        let clause =
            format!("{node} does not hear the configuration service and answers no reads.");
        return Some((clause, format!("No read was answered for {}.", span(unserved))));
    }
    let (writes, _) = s.unserved;
    let clause = "No write gets through to the end of the chain.".to_owned();
    writes.map(|_| (clause, waiting(s)))
}

fn state(status: NodeStatus) -> &'static str {
    match status {
        NodeStatus::Up => "runs",
        NodeStatus::Paused => "is paused",
        NodeStatus::Crashed => "has crashed",
        NodeStatus::PoweredOff => "has lost power",
    }
}

/// A member of the row does not run, and the service has not taken it out yet.
fn member_missing(
    s: &Situation,
    policy: &Row,
    node: NodeId,
    status: NodeStatus,
    service_up: bool,
) -> (String, String) {
    let (first, last) = (s.row.first() == Some(&node), s.row.last() == Some(&node));
    let sends = policy.passes == Passes::Parallel;
    let (what, stops) = match (first, last, policy.reads) {
        (true, true, _) => ("All that is left of the chain,", "Nobody is served until it is back."),
        (true, _, Reads::First) => ("The first node,", "Nothing is written or read meanwhile."),
        (true, ..) => ("The head,", "Reads go on; nobody takes writes meanwhile."),
        (_, true, Reads::Last) => {
            ("The tail,", "Nothing is acknowledged and no read is answered meanwhile.")
        }
        (_, true, _) if !sends => ("The tail,", "Nothing is acknowledged meanwhile."),
        _ if sends => ("A backup,", "Reads go on; nothing is acknowledged meanwhile."),
        _ => ("A middle node,", "Reads go on; no write gets past it meanwhile."),
    };
    let clause = format!("{what} {node}, {}, and the chain is not repaired yet.", state(status));
    let next = match (service_up, s.row.len()) {
        (_, 1) => String::new(),
        (true, _) => format!("After {} of silence the service takes it out.", span(policy.silence)),
        (false, _) => "The configuration service that would take it out does not run.".to_owned(),
    };
    let more = [stops.to_owned(), waiting(s), next];
    let more: Vec<String> = more.into_iter().filter(|line| !line.is_empty()).collect();
    (clause, more.join(" "))
}

/// "12 writes wait; none was acknowledged for 1.2 s."
fn waiting(s: &Situation) -> String {
    match (s.writes.waiting(), s.unserved.0) {
        (0, _) | (_, None) => String::new(),
        (n, Some(unserved)) => {
            let wait = things_do(n, "write", "waits", "wait");
            format!("{wait}; none was acknowledged for {}.", span(unserved))
        }
    }
}

#[cfg(test)]
mod tests;
