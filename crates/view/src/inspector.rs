//! What is selected, explained: a node, a message, an event, a write. Why: the chain of causes.

use super::landmark::landmark;
use super::ledger::write_row;
use super::number::{bytes, clock, count, range, span, span_ms, things};
use super::offers::{self, LinkState, Seen};
use super::stage::{awaited_words, stage};
use super::types::{CauseStep, Inspector, Reason};
use super::words;
use engine::base::{EventId, NodeId, OpId, Position, SimTime};
use engine::observe::{End, Operation, Recorder};
use engine::protocol::facts::{Feeding, FollowerFacts};
use engine::protocol::{MessageFacts, MessageKind, NodeFacts};
use engine::world::{Cargo, Event, Flight, NodeStatus, Party, Run, What};

/// Steps shown of a chain of causes.
pub const MAX_CAUSES: usize = 12;

type Rows = Vec<(String, String)>;

fn row(label: &str, value: impl Into<String>) -> (String, String) {
    (label.to_owned(), value.into())
}

/// A node: what it is, where its log stands, and what made it so.
#[must_use]
pub fn node(run: &dyn Run<Recorder>, node: NodeId) -> Option<Inspector> {
    let card = stage(run).nodes.into_iter().nth(node.index())?;
    let mut rows = vec![row("State", card.word)];
    if let Some(facts) = run.view().nodes.facts(node) {
        rows.extend(of_facts(run.now(), node, &facts));
    }
    rows.extend(card.remark.map(|remark| row("Now", remark)));
    let disk = run.disk(node);
    let volatile = disk.bytes.saturating_sub(disk.durable_bytes);
    let flushing = if disk.flushing { ", a flush is under way" } else { "" };
    let text = format!("{}, {} not flushed{flushing}", bytes(disk.bytes), bytes(volatile));
    rows.push(row("Disk", text));
    let mut newest = run.observer().milestones().iter().rev();
    let last = newest.find(|event| about(event, node));
    Some(Inspector {
        title: card.name,
        rows,
        causes: last.map_or_else(Vec::new, |event| causes(run, event.id)),
        reason: None,
        offers: card.offers,
    })
}

fn of_facts(now: SimTime, node: NodeId, facts: &NodeFacts) -> Rows {
    let mut rows = Vec::new();
    if facts.epoch.0 > 0 {
        rows.push(row("Epoch", facts.epoch.to_string()));
    }
    let follows = facts.leader.filter(|leader| *leader != node && facts.row.is_empty());
    rows.extend(follows.map(|leader| row("Follows", leader.to_string())));
    if !facts.row.is_empty() {
        let names: Vec<String> = facts.row.iter().map(|node| node.to_string()).collect();
        rows.push(row("Chain", names.join(" → ")));
    }
    if !facts.role.is_replica() {
        return rows;
    }
    let log = range(facts.base.next(), facts.last);
    let whole = if facts.last == Position::ZERO { "empty".to_owned() } else { log };
    rows.push(row("Log", whole));
    rows.push(row("On disk up to", facts.flushed.to_string()));
    rows.push(row("Committed up to", facts.committed.to_string()));
    rows.push(row("Readers see up to", facts.applied.to_string()));
    if let Some(since) = facts.suspects_since {
        rows.push(row("Takes its leader for dead", format!("for {}", span(now.since(since)))));
    }
    if let Some(accounts) = facts.accounts {
        let (total, rows_of) = (count(accounts.total), things(accounts.rows, "account"));
        rows.push(row("Total", format!("{total} in {rows_of}")));
    }
    for (page, at) in (1..).zip(facts.pages.iter().flat_map(|pages| &pages.read_at)) {
        rows.push(row(&format!("Page {page}"), format!("as it was at {at}")));
    }
    if let Some(accrual) = facts.accrual {
        rows.push(row("Suspicion", words::suspicion(accrual.phi(now), accrual.threshold)));
        let (mean, deviation) =
            (span_ms(accrual.mean / 1_000.0), span_ms(accrual.deviation / 1_000.0));
        rows.push(row("Heartbeats came", format!("every {mean}, give or take {deviation}")));
    }
    if let (Some(waiting), Some(whom)) = (&facts.waiting, awaited_words(facts)) {
        let since = span(now.since(waiting.since));
        rows.push(row("Waits for", format!("{whom}, for {since}")));
    }
    let followers = facts.followers.iter().filter(|follower| follower.node != node);
    rows.extend(followers.map(|follower| of_fed(now, facts.last, follower)));
    rows
}

fn of_fed(now: SimTime, last: Position, follower: &FollowerFacts) -> (String, String) {
    let waited = if follower.synchronous { ", waited for" } else { "" };
    let heard = span(now.since(follower.heard));
    let text = match follower.feeding {
        Feeding::Unknown => "not heard from since this node leads".to_owned(),
        Feeding::GivenUp => format!("given up; last heard {heard} ago"),
        Feeding::Snapshot { sent, of } => {
            format!("gets a snapshot: {} of {}", bytes(sent.into()), bytes(of.into()))
        }
        Feeding::Files { sent, of } => format!("gets the data files: {sent} of {of} pages"),
        Feeding::Streaming | Feeding::CatchingUp => {
            let lag = last.since(follower.flushed);
            let lag =
                if lag == 0 { "everything".to_owned() } else { format!("all but the last {lag}") };
            format!("has {lag}{waited}; last heard {heard} ago")
        }
    };
    row(&follower.node.to_string(), text)
}

/// Whether a milestone tells of this node.
fn about(event: &Event, this: NodeId) -> bool {
    let first = event.at == SimTime::ZERO;
    landmark(event).is_some_and(|mark| mark.node == Some(this) && (mark.major || first))
}

/// A message, in flight or long arrived, by the event of its sending.
#[must_use]
pub fn message(run: &dyn Run<Recorder>, id: EventId) -> Option<Inspector> {
    let flight = run.flights().into_iter().find(|flight| flight.event == id);
    let sent = run.observer().trace().get(id);
    match (flight, sent.map(|event| event.what)) {
        (Some(flight), _) => Some(in_flight(run, &flight)),
        (None, Some(What::Sent { from, to, message })) => {
            let title = title(Party::Node(from), Party::Node(to), &words::message(&message));
            let mut rows = of_message(&message);
            rows.push(row("Sent", sent.map_or_else(String::new, |event| clock(event.at))));
            Some(Inspector {
                title,
                rows,
                causes: causes(run, id),
                reason: None,
                offers: Vec::new(),
            })
        }
        (None, _) => event(run, id),
    }
}

fn title(from: Party, to: Party, what: &str) -> String {
    format!("{} to {}: {what}", party(from), party(to))
}

fn party(party: Party) -> String {
    match party {
        Party::Node(node) => node.to_string(),
        Party::Client(client) => client.to_string(),
    }
}

fn in_flight(run: &dyn Run<Recorder>, flight: &Flight) -> Inspector {
    let command = |op: OpId| run.operation(op).map(|operation| operation.command);
    let (what, mut rows, offers) = match &flight.what {
        Cargo::Message(message) => (
            words::message(message),
            of_message(message),
            offers::of(run, Seen::Message(flight.event)),
        ),
        Cargo::Request(request) => (words::command(Some(request.command)), Vec::new(), Vec::new()),
        Cargo::Answer(op, outcome) => {
            (format!("“{}”", words::outcome(*outcome, command(*op))), Vec::new(), Vec::new())
        }
        Cargo::Directions(directions) => {
            (format!("“{}”", words::directions(*directions)), Vec::new(), Vec::new())
        }
    };
    rows.push(row("Sent", clock(flight.sent)));
    rows.push(if flight.waiting {
        row("Arrived", "waits until the node goes on")
    } else {
        let left = span(flight.arrives.since(run.now()));
        row("Arrives", format!("{}, in {left}", clock(flight.arrives)))
    });
    let title = title(flight.from, flight.to, &what);
    Inspector { title, rows, causes: causes(run, flight.event), reason: None, offers }
}

fn of_message(message: &MessageFacts) -> Rows {
    let mut rows = vec![
        row("Kind", words::message_kind(message.kind)),
        row("Meaning", words::message_help(message.kind)),
        row("Epoch", message.epoch.to_string()),
        row("Length", bytes(message.bytes.into())),
    ];
    if message.kind == MessageKind::Page {
        rows.push(row("As it was at", message.last.to_string()));
    } else if message.last > Position::ZERO {
        rows.push(row("Positions", range(message.first.max(Position(1)), message.last)));
    }
    rows
}

/// Any event.
#[must_use]
pub fn event(run: &dyn Run<Recorder>, id: EventId) -> Option<Inspector> {
    let event = run.observer().trace().get(id)?;
    let rows = vec![row("When", clock(event.at)), row("Event", id.0.to_string())];
    let causes = causes(run, id);
    let title = clause(run, &event);
    Some(Inspector { title, rows, causes, reason: None, offers: Vec::new() })
}

/// A write: who asked, what it was told, where it is, and why. A read: what it was told.
#[must_use]
pub fn write(run: &dyn Run<Recorder>, op: OpId) -> Option<Inspector> {
    let recorder = run.observer();
    let operation = recorder.history().get(op)?;
    if !operation.is_write() {
        return Some(read(run, operation));
    }
    let found = write_row(run, op)?;
    let mut rows = vec![row("Fate", found.fate)];
    rows.extend(found.why.map(|why| row("Reason", format!("{why}."))));
    rows.extend(of_operation(operation));
    if let Some(place) = recorder.ledger().lineage().place(op) {
        rows.push(row(words::in_the_log(run.card().red.1), place.to_string()));
    }
    let title = format!("write {}", found.what);
    let reason = found.reason;
    let causes = match &reason {
        Some(reason) => told(run, reason),
        None => causes(run, latest(operation)),
    };
    Some(Inspector { title, rows, causes, reason, offers: Vec::new() })
}

/// A read of a client: what it was told, by whom and when.
fn read(run: &dyn Run<Recorder>, operation: &Operation) -> Inspector {
    let mut rows = of_operation(operation);
    let told = match operation.end {
        End::Value { value: 0, .. } => "never written".to_owned(),
        End::Value { value, .. } => format!("{} = {value}", operation.key()),
        End::Pending => "nothing yet".to_owned(),
        End::Written { .. } | End::Refused { .. } | End::Unknown => "nothing".to_owned(),
    };
    rows.insert(0, row("Told", told));
    if operation.end != End::Pending {
        let by = operation.node.map_or_else(String::new, |node| format!("by {node} "));
        let took = span(operation.ended.since(operation.invoked));
        rows.push(row("Ended", format!("{by}at {}, after {took}", clock(operation.ended))));
    }
    let causes = causes(run, latest(operation));
    Inspector { title: operation.name(), rows, causes, reason: None, offers: Vec::new() }
}

/// The latest that is known of an operation.
fn latest(operation: &Operation) -> EventId {
    match operation.end {
        End::Pending if operation.taken.event == EventId::NONE => operation.invoked_event,
        End::Pending => operation.taken.event,
        _ => operation.ended_event,
    }
}

fn of_operation(operation: &Operation) -> Rows {
    let mut rows =
        vec![row("Asked by", format!("{} at {}", operation.client, clock(operation.invoked)))];
    if operation.attempts > 1 {
        rows.push(row("Attempts", operation.attempts.to_string()));
    }
    if operation.taken.event != EventId::NONE {
        rows.push(row(
            "Taken by",
            format!("{} at {}", operation.taken.node, clock(operation.taken.at)),
        ));
    }
    if let End::Written { position, epoch } = operation.end {
        let by = operation.node.map_or_else(String::new, |node| format!("by {node} "));
        let took = span(operation.ended.since(operation.invoked));
        rows.push(row("Told “saved”", format!("{by}at {}, after {took}", clock(operation.ended))));
        let epoch = if epoch.0 > 0 { format!(", epoch {epoch}") } else { String::new() };
        rows.push(row("Written at", format!("{position}{epoch}")));
    }
    rows
}

/// A link between two nodes.
#[must_use]
pub fn link(run: &dyn Run<Recorder>, a: NodeId, b: NodeId) -> Inspector {
    let link = super::stage::link(run, a, b);
    let status = |node| words::status(run.view().nodes.status(node));
    let both_up = [a, b].map(|node| run.view().nodes.status(node)) == [NodeStatus::Up; 2];
    let mut rows = vec![row("State", link.text)];
    if !both_up {
        rows.push(row("Ends", format!("{a} {}, {b} {}", status(a), status(b))));
    }
    let title = format!("link between {a} and {b}");
    let state =
        LinkState { a, b, cut_ab: link.cut_ab, cut_ba: link.cut_ba, disturbed: link.disturbed };
    let offers = offers::of(run, Seen::Link(state));
    Inspector { title, rows, causes: Vec::new(), reason: None, offers }
}

/// Why an event happened: it and its causes, the newest first.
#[must_use]
pub fn causes(run: &dyn Run<Recorder>, id: EventId) -> Vec<CauseStep> {
    let chain = run.observer().trace().causes(id).take(MAX_CAUSES);
    chain.map(|event| cause_step(run, &event)).collect()
}

/// The events that a reason tells, the newest first.
fn told(run: &dyn Run<Recorder>, reason: &Reason) -> Vec<CauseStep> {
    let events = reason.events.iter().rev();
    let known = events.filter_map(|event| run.observer().trace().get(EventId(*event)));
    known.map(|event| cause_step(run, &event)).collect()
}

fn cause_step(run: &dyn Run<Recorder>, event: &Event) -> CauseStep {
    CauseStep { at_ms: event.at.as_millis_f64(), text: clause(run, event), event: event.id.0 }
}

fn clause(run: &dyn Run<Recorder>, event: &Event) -> String {
    let commands = |op: OpId| run.operation(op).map(|operation| operation.command);
    words::clause(&event.what, &commands)
}
