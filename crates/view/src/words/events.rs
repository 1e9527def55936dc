//! Events as clauses, in the present tense.

use super::{command, dropped, message, note, operation, outcome};
use crate::number::{bytes, span, things};
use engine::base::{ClientId, NodeId, OpId, Span};
use engine::protocol::note::NodeLimit;
use engine::protocol::{Command, TimerKind};
use engine::world::{Dropped, Limit, What, fault};

/// Looks up what a client wanted.
pub type Commands<'a> = &'a dyn Fn(OpId) -> Option<Command>;

/// What happened: "n1 loses power", "n2 receives log records 86–88 from n1".
#[must_use]
pub fn clause(what: &What, commands: Commands<'_>) -> String {
    match *what {
        What::Sent { from, to, message: m } => format!("{from} sends {to} {}", message(&m)),
        What::Delivered { from, to, message: m } => {
            format!("{to} receives {} from {from}", message(&m))
        }
        What::Lost { from, to, message: m, why } => {
            let why = dropped(why, &from.to_string(), &to.to_string());
            format!("{to} never receives {} from {from}: {why}", message(&m))
        }
        What::Invoked { client, op } => format!("{client} wants {}", wish(op, commands)),
        What::Asked { client, node, op, attempt } => {
            format!("{client} asks {node}: {}{}", wish(op, commands), again(attempt))
        }
        What::Requested { client, node, op, .. } => {
            format!("{node} receives a request of {client}: {}", wish(op, commands))
        }
        What::Answered { node, client, op, outcome: o, .. } => {
            format!("{node} answers {client}: “{}”", outcome(o, commands(op)))
        }
        What::Told { node, client, op, outcome: o, .. } => {
            format!("{client} is told by {node}: “{}”", outcome(o, commands(op)))
        }
        What::Directed { node, client, writes, reads } => {
            format!("{client} is told by {node}: “{}”", whom_to_ask(writes, reads))
        }
        What::TalkLost { client, node, op, why, .. } => {
            talk_lost(client, node, &operation(op, commands), why)
        }
        What::TimedOut { client, node, op, gave_up, .. } => {
            timed_out(client, node, commands(op), gave_up)
        }
        What::TimerFired { node, timer } => fired(node, timer),
        What::Flushed { node, .. } => format!("{node}'s disk has finished a flush"),
        What::Applied { node, position } => format!("{node} has applied record {position}"),
        What::ApplyingPaused { node, paused } => applying(node, paused),
        What::Noted { node, note: n } => note(node, &n, commands),
        What::Crashed { node } => format!("{node}'s process crashes"),
        What::PoweredOff { node, lost_bytes, torn } => powered_off(node, lost_bytes, torn),
        What::Paused { node } => format!("{node} is paused: it is alive and does not know"),
        What::Resumed { node, waited: 0 } => format!("{node} goes on"),
        What::Resumed { node, waited } => {
            format!("{node} goes on; {} waited for it", things(waited, "message"))
        }
        What::Started { node } => format!("{node} starts"),
        What::Added { node } => format!("{node} is added, its disk empty"),
        What::LinkCut { from, to } => format!("the link from {from} to {to} is cut"),
        What::LinkHealed { from, to } => format!("the link from {from} to {to} is whole again"),
        What::ClientsCut { node, cut } => clients_cut(node, cut),
        What::LinkDisturbed { from, to, extra } => disturbed(from, to, extra),
        What::DiskSlowed { node, factor: 0 | 1 } => format!("{node}'s disk has its normal speed"),
        What::DiskSlowed { node, factor } => format!("{node}'s disk becomes {factor} times slower"),
        What::DiskFull { node, full: true } => format!("{node}'s disk is full"),
        What::DiskFull { node, full: false } => format!("{node}'s disk has room again"),
        What::ClockSet { node, skew_us } => {
            format!("{node}'s clock is {}", fault::wrong_by(skew_us))
        }
        What::Ordered { node, promote: true } => format!("{node} is ordered to lead"),
        What::Ordered { node, promote: false } => {
            format!("{node} is ordered to copy everything afresh")
        }
        What::Meddled { .. } => "a message in flight is tampered with".to_owned(),
        What::ClientsQuiet { quiet: true } => "the clients fall silent".to_owned(),
        What::ClientsQuiet { quiet: false } => "the clients go on".to_owned(),
        What::ActionRefused { node, why, .. } => {
            format!("an action is refused: {}", why.sentence(node))
        }
        What::LimitReached(limit) => limited(limit).to_owned(),
    }
}

/// Clients that live on its machine need no network.
fn clients_cut(node: NodeId, cut: bool) -> String {
    if cut {
        format!("the network between the clients and {node} is cut")
    } else {
        format!("{node} is within the clients' reach again")
    }
}

fn applying(node: NodeId, paused: bool) -> String {
    if paused {
        format!("{node} applies nothing more; it goes on receiving")
    } else {
        format!("{node} applies again")
    }
}

/// "writes go to n2, reads to n3"
pub fn whom_to_ask(writes: NodeId, reads: NodeId) -> String {
    if writes == reads {
        format!("ask {writes}")
    } else {
        format!("writes go to {writes}, reads to {reads}")
    }
}

fn wish(op: OpId, commands: Commands<'_>) -> String {
    match commands(op) {
        Some(Command::Write { key, value: 0, .. }) => format!("to delete {key}"),
        Some(Command::Write { key, value, .. }) => format!("to write {key} = {value}"),
        Some(Command::Swap { key, expected: 0, value, .. }) => {
            format!("to write {key} = {value} if nobody has written it")
        }
        Some(Command::Swap { key, expected, value, .. }) => {
            format!("to write {key} = {value} if it is {expected}")
        }
        Some(Command::Read { key, .. }) => format!("to read {key}"),
        Some(transfer @ Command::Transfer { .. }) => format!("to move {}", transfer.name()),
        None => "something".to_owned(),
    }
}

fn again(attempt: u16) -> String {
    if attempt <= 1 { String::new() } else { format!(" (attempt {attempt})") }
}

fn talk_lost(client: ClientId, node: NodeId, operation: &str, why: Dropped) -> String {
    let why = match why {
        Dropped::ReceiverDown => format!("{node} is down"),
        Dropped::ReceiverRestarted => format!("{node}'s process ended first"),
        Dropped::SenderLostPower => format!("{node} lost power first"),
        Dropped::Cut => format!("{node} is cut off from it"),
        Dropped::Loss | Dropped::BufferFull | Dropped::ByHand | Dropped::Limit => {
            dropped(why, "its sender", "its receiver")
        }
    };
    format!("{client} hears nothing from {node} about {operation}: {why}")
}

fn timed_out(client: ClientId, node: NodeId, wanted: Option<Command>, gave_up: bool) -> String {
    let what = command(wanted);
    match (gave_up, wanted) {
        (false, _) => format!("{client} has waited long enough for {node} and asks again: {what}"),
        (true, Some(Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. })) => {
            format!("{client} gives up: whether {what} was saved is unknown")
        }
        (true, Some(Command::Read { .. }) | None) => {
            format!("{client} gives up waiting for {node}: {what}")
        }
    }
}

fn fired(node: NodeId, timer: TimerKind) -> String {
    match timer {
        TimerKind::Heartbeat => format!("{node}'s next heartbeat is due"),
        // Records that arrive say that the leader lives, but do not wind this countdown up.
        TimerKind::Silence => {
            format!("{node}'s time-out fires: no heartbeat of a leader came in time")
        }
        TimerKind::NoSign => format!("{node}'s time-out fires: a node was silent for too long"),
        TimerKind::Election => format!("{node} has waited long enough for the others' answers"),
        TimerKind::Degrade => format!("{node} has waited long enough for confirmations"),
        TimerKind::Piece => format!("{node}'s next piece of a snapshot is due"),
        TimerKind::Patience => format!("{node} has waited long enough for silent replicas"),
        TimerKind::Compare => format!("{node}'s next comparison with another node is due"),
        TimerKind::Knock => format!("{node} knocks again at nodes that do not answer"),
        TimerKind::Sweep => format!("{node} looks for old tombstones"),
        TimerKind::Resync => format!("{node} asks for what it missed"),
    }
}

fn powered_off(node: NodeId, lost_bytes: u64, torn: bool) -> String {
    let mut text = format!("{node} loses power");
    if lost_bytes > 0 {
        text += &format!("; {} were not yet flushed", bytes(lost_bytes));
    }
    if torn {
        text += "; the last record is torn";
    }
    text
}

fn disturbed(from: NodeId, to: NodeId, extra: Span) -> String {
    if extra == Span::ZERO {
        format!("the link from {from} to {to} is disturbed")
    } else {
        format!("the link from {from} to {to} is disturbed: {} longer", span(extra))
    }
}

/// Which limit of the run was reached, in a few words.
#[must_use]
pub fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::Trace => "limit of events: the oldest are forgotten",
        Limit::Operations => "limit of operations: clients fall silent",
        Limit::InFlight => "limit of messages in flight: more are dropped",
        Limit::Nodes => "limit of nodes: no more are added",
    }
}

/// Which limit of a node was reached, in a few words.
#[must_use]
pub fn node_limit(limit: NodeLimit) -> &'static str {
    match limit {
        NodeLimit::Waiting => "limit of waiting requests: more are refused",
        NodeLimit::Early => "limit of early records: more are dropped",
    }
}

/// Which limit of the run was reached, as a clause.
#[must_use]
pub fn limited(limit: Limit) -> &'static str {
    match limit {
        Limit::Trace => "the oldest events are forgotten from now on",
        Limit::Operations => "the run's limit of operations is reached: the clients fall silent",
        Limit::InFlight => "the run's limit of messages in flight is reached: more are dropped",
        Limit::Nodes => "the cluster has as many nodes as a run may have",
    }
}
