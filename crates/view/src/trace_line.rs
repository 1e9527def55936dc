//! One recorded event for tools that read traces: what sort of event, who took part, and a
//! sentence. Sorts are stable names; sentences are for people.

use super::words::{self, Commands};
use engine::base::{EventId, OpId};
use engine::world::{Event, Party, What};

/// An event as a line of a trace.
#[derive(Clone, PartialEq, Debug)]
pub struct TraceLine {
    /// Its number.
    pub event: u32,
    /// When, in milliseconds.
    pub at_ms: f64,
    /// The event that made it happen, if one.
    pub cause: Option<u32>,
    /// What sort of event: "sent", "powered-off".
    pub sort: &'static str,
    /// Who acted or sends: "n1", "c2".
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// The client's operation that it belongs to.
    pub operation: Option<u32>,
    /// The sentence.
    pub text: String,
}

/// An event as a line of a trace; `commands` looks up what clients wanted.
#[must_use]
pub fn trace_line(event: &Event, commands: Commands<'_>) -> TraceLine {
    let (sort, from, to, operation) = parts(&event.what);
    TraceLine {
        event: event.id.0,
        at_ms: event.at.as_millis_f64(),
        cause: (event.cause != EventId::NONE).then_some(event.cause.0),
        sort,
        from: from.map(name),
        to: to.map(name),
        operation: operation.map(|op| op.0),
        text: words::clause(&event.what, commands),
    }
}

fn name(party: Party) -> String {
    match party {
        Party::Node(node) => node.to_string(),
        Party::Client(client) => client.to_string(),
    }
}

type Parts = (&'static str, Option<Party>, Option<Party>, Option<OpId>);

fn parts(what: &What) -> Parts {
    use Party::{Client, Node};
    let alone = |sort, node| (sort, Some(Node(node)), None, None);
    let between = |sort, from, to| (sort, Some(Node(from)), Some(Node(to)), None);
    match *what {
        What::Sent { from, to, .. } => between("sent", from, to),
        What::Delivered { from, to, .. } => between("delivered", from, to),
        What::Lost { from, to, .. } => between("lost", from, to),
        What::Invoked { client, op } => ("invoked", Some(Client(client)), None, Some(op)),
        What::Asked { client, node, op, .. } => {
            ("asked", Some(Client(client)), Some(Node(node)), Some(op))
        }
        What::Requested { client, node, op, .. } => {
            ("requested", Some(Client(client)), Some(Node(node)), Some(op))
        }
        What::Answered { node, client, op, .. } => {
            ("answered", Some(Node(node)), Some(Client(client)), Some(op))
        }
        What::Told { node, client, op, .. } => {
            ("told", Some(Node(node)), Some(Client(client)), Some(op))
        }
        What::Directed { node, client, .. } => {
            ("directed", Some(Node(node)), Some(Client(client)), None)
        }
        What::TalkLost { client, node, op, .. } => {
            ("talk-lost", Some(Client(client)), Some(Node(node)), Some(op))
        }
        What::TimedOut { client, node, op, .. } => {
            ("timed-out", Some(Client(client)), Some(Node(node)), Some(op))
        }
        What::TimerFired { node, .. } => alone("timer-fired", node),
        What::Flushed { node, .. } => alone("flushed", node),
        What::Applied { node, .. } => alone("applied", node),
        What::ApplyingPaused { node, paused: true } => alone("applying-paused", node),
        What::ApplyingPaused { node, paused: false } => alone("applying-resumed", node),
        What::Noted { node, .. } => alone("noted", node),
        What::Crashed { node } => alone("crashed", node),
        What::PoweredOff { node, .. } => alone("powered-off", node),
        What::Paused { node } => alone("paused", node),
        What::Resumed { node, .. } => alone("resumed", node),
        What::Started { node } => alone("started", node),
        What::Added { node } => alone("added", node),
        What::LinkCut { from, to } => between("link-cut", from, to),
        What::LinkHealed { from, to } => between("link-healed", from, to),
        What::ClientsCut { node, .. } => alone("clients-cut", node),
        What::LinkDisturbed { from, to, .. } => between("link-disturbed", from, to),
        What::DiskSlowed { node, .. } => alone("disk-slowed", node),
        What::DiskFull { node, .. } => alone("disk-full", node),
        What::ClockSet { node, .. } => alone("clock-set", node),
        What::Ordered { node, .. } => alone("ordered", node),
        What::Meddled { .. } => ("meddled", None, None, None),
        What::ClientsQuiet { .. } => ("clients-quiet", None, None, None),
        What::ActionRefused { node, .. } => ("action-refused", node.map(Node), None, None),
        What::LimitReached(_) => ("limit-reached", None, None, None),
    }
}
