//! Messages in flight as small marks that move along the links.
//!
//! Built up to sixty times a second: one pass over what is in flight, at most [`MAX_CHIPS`].

use super::number::range;
use super::types::{Chip, ChipLook, End};
use engine::protocol::client::Request;
use engine::protocol::{Command, MessageFacts, MessageKind, Outcome};
use engine::world::{Cargo, Flight, Party};

/// More marks than these cannot be told apart; heartbeats are left out first, then the latest.
pub const MAX_CHIPS: usize = 240;

/// The marks of what is in flight. What waits in a paused node's socket stands at its end.
#[must_use]
pub fn chips(flights: &[Flight]) -> Vec<Chip> {
    let crowded = flights.len() > MAX_CHIPS;
    let shown = flights.iter().filter(|flight| !(crowded && is_beat(&flight.what)));
    shown.take(MAX_CHIPS).map(chip).collect()
}

fn is_beat(cargo: &Cargo) -> bool {
    look(cargo) == ChipLook::Beat
}

fn chip(flight: &Flight) -> Chip {
    Chip {
        id: u64::from(flight.event.0),
        from: end(flight.from),
        to: end(flight.to),
        sent_ms: flight.sent.as_millis_f64(),
        arrives_ms: flight.arrives.as_millis_f64(),
        look: look(&flight.what),
        label: label(&flight.what),
    }
}

fn end(party: Party) -> End {
    match party {
        Party::Node(node) => End::Node(node.0),
        Party::Client(client) => End::Client(client.0),
    }
}

/// What a cargo looks like.
#[must_use]
pub fn look(cargo: &Cargo) -> ChipLook {
    match cargo {
        Cargo::Message(message) => message_look(message.kind),
        Cargo::Request(Request { command, .. }) if command.writes() => ChipLook::Write,
        Cargo::Request(_) => ChipLook::Read,
        Cargo::Answer(_, outcome) => outcome_look(*outcome),
        Cargo::Directions(_) => ChipLook::Election,
    }
}

/// What an answer looks like.
#[must_use]
pub fn outcome_look(outcome: Outcome) -> ChipLook {
    match outcome {
        Outcome::Written { .. } => ChipLook::Good,
        Outcome::Value { .. } => ChipLook::Read,
        Outcome::NotLeader { .. } | Outcome::Unavailable { .. } => ChipLook::Refused,
    }
}

/// What a message between nodes looks like.
#[must_use]
pub fn message_look(kind: MessageKind) -> ChipLook {
    match kind {
        MessageKind::Append
        | MessageKind::Forward
        | MessageKind::Again
        | MessageKind::Put
        | MessageKind::Hint
        | MessageKind::Update
        | MessageKind::PassOn => ChipLook::Write,
        MessageKind::Confirm | MessageKind::Ack | MessageKind::Stored | MessageKind::HandedOff => {
            ChipLook::Good
        }
        MessageKind::VersionQuery
        | MessageKind::VersionAnswer
        | MessageKind::Get
        | MessageKind::Versions => ChipLook::Read,
        MessageKind::Heartbeat
        | MessageKind::HeartbeatAnswer
        | MessageKind::Alive
        | MessageKind::Knock
        | MessageKind::Here
        | MessageKind::Have
        | MessageKind::AliveHeard => ChipLook::Beat,
        MessageKind::Hello
        | MessageKind::Welcome
        | MessageKind::SnapshotPiece
        | MessageKind::SnapshotConfirm
        | MessageKind::Repair
        | MessageKind::HandOff
        | MessageKind::Hashes
        | MessageKind::Exchange
        | MessageKind::Fetch
        | MessageKind::Page
        | MessageKind::PageConfirm => ChipLook::Copy,
        MessageKind::PreVoteRequest
        | MessageKind::PreVote
        | MessageKind::VoteRequest
        | MessageKind::Vote
        | MessageKind::Survey
        | MessageKind::Standing
        | MessageKind::Appoint
        | MessageKind::Fence
        | MessageKind::Configure
        | MessageKind::Petition => ChipLook::Election,
    }
}

fn label(cargo: &Cargo) -> String {
    match cargo {
        Cargo::Message(message) => message_label(message),
        Cargo::Request(Request {
            command: Command::Write { key, .. } | Command::Swap { key, .. },
            ..
        }) => key.to_string(),
        Cargo::Request(Request { command: Command::Transfer { from, to, .. }, .. }) => {
            format!("{from}→{to}")
        }
        Cargo::Request(Request { command: Command::Read { key, .. }, .. }) => format!("{key}?"),
        Cargo::Answer(_, Outcome::Written { .. }) => "saved".to_owned(),
        Cargo::Answer(_, Outcome::Value { .. }) => String::new(),
        Cargo::Answer(_, Outcome::NotLeader { .. } | Outcome::Unavailable { .. }) => {
            "no".to_owned()
        }
        Cargo::Directions(directions) => format!("ask {}", directions.writes),
    }
}

fn message_label(message: &MessageFacts) -> String {
    match message.kind {
        MessageKind::Append | MessageKind::Forward if message.last.0 == 0 => "?".to_owned(),
        MessageKind::Append | MessageKind::Forward => range(message.first, message.last),
        MessageKind::Confirm | MessageKind::Ack => format!("✓{}", message.last),
        MessageKind::Heartbeat
        | MessageKind::HeartbeatAnswer
        | MessageKind::Alive
        | MessageKind::AliveHeard => String::new(),
        MessageKind::Configure => format!("chain {}", message.epoch),
        MessageKind::Petition => "ready".to_owned(),
        MessageKind::VersionQuery => "clean?".to_owned(),
        MessageKind::VersionAnswer => message.last.to_string(),
        MessageKind::Again => "again".to_owned(),
        MessageKind::Hello => "hello".to_owned(),
        MessageKind::Welcome => "welcome".to_owned(),
        MessageKind::SnapshotPiece => "piece".to_owned(),
        MessageKind::SnapshotConfirm => "✓piece".to_owned(),
        MessageKind::Page if message.first.0 == 0 => "end".to_owned(),
        MessageKind::Page => format!("p{}", message.first),
        MessageKind::PageConfirm => format!("✓p{}", message.last),
        MessageKind::PreVoteRequest => "would vote?".to_owned(),
        MessageKind::PreVote => "pre-vote".to_owned(),
        MessageKind::VoteRequest => "vote?".to_owned(),
        MessageKind::Vote => "vote".to_owned(),
        MessageKind::Survey => "how far?".to_owned(),
        MessageKind::Standing => message.last.to_string(),
        MessageKind::Appoint => "lead".to_owned(),
        MessageKind::Fence => "too old".to_owned(),
        MessageKind::Put => "put".to_owned(),
        MessageKind::Stored => "✓".to_owned(),
        MessageKind::Get => "get".to_owned(),
        MessageKind::Versions | MessageKind::Knock | MessageKind::Here | MessageKind::Have => {
            String::new()
        }
        MessageKind::Update => "update".to_owned(),
        MessageKind::Repair => "repair".to_owned(),
        MessageKind::Hint => "hint".to_owned(),
        MessageKind::HandOff => "handoff".to_owned(),
        MessageKind::HandedOff => "✓handoff".to_owned(),
        MessageKind::PassOn => "pass on".to_owned(),
        MessageKind::Hashes => "hashes".to_owned(),
        MessageKind::Exchange => "exchange".to_owned(),
        MessageKind::Fetch => "fetch".to_owned(),
    }
}
