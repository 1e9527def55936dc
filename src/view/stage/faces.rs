//! What each client was told last.

use crate::engine::base::ClientId;
use crate::engine::observe::{Fate, Recorder};
use crate::engine::protocol::Outcome;
use crate::engine::world::client::Told;
use crate::engine::world::{Client, Run};
use crate::view::types::{ClientFace, Tone};
use crate::view::words;

/// More faces than these are not shown.
pub const MAX_FACES: usize = 12;

/// The faces of the first clients.
#[must_use]
pub fn faces(run: &dyn Run<Recorder>) -> Vec<ClientFace> {
    let clients = (0..).map(ClientId).zip(run.clients());
    clients.take(MAX_FACES).map(|(id, client)| face(run, id, client)).collect()
}

fn face(run: &dyn Run<Recorder>, id: ClientId, client: &Client) -> ClientFace {
    let (told, tone) = client
        .told
        .as_ref()
        .map_or_else(|| ("nothing yet".to_owned(), Tone::Faint), |told| told_words(run, told));
    ClientFace { client: id.0, name: id.to_string(), talks_to: client.asks.writes.0, told, tone }
}

fn told_words(run: &dyn Run<Recorder>, told: &Told) -> (String, Tone) {
    let wanted = run.operation(told.op).map(|operation| operation.command);
    match told.outcome {
        Some(Outcome::Written { .. }) => {
            let what = words::command(wanted);
            if matches!(run.observer().fate(told.op), Fate::Lost(_)) {
                (format!("told “saved”: {what}, lost"), Tone::Lost)
            } else {
                (format!("saved {what}"), Tone::Good)
            }
        }
        Some(Outcome::Value { value, .. }) => {
            let key = match wanted {
                Some(command) => command.key().to_string(),
                None => "a key".to_owned(),
            };
            let text = if value == 0 {
                format!("read {key}: empty")
            } else {
                format!("read {key}: {value}")
            };
            match run.observer().sessions().of(told.op) {
                Some(anomaly) => {
                    let text = text.trim_start_matches("read ");
                    (format!("{text}, {}", words::anomaly(anomaly)), Tone::Lost)
                }
                None => (text, Tone::Plain),
            }
        }
        Some(Outcome::NotLeader { post, .. }) => {
            (format!("{} {}", told.node, words::is_not(post)), Tone::Wait)
        }
        Some(Outcome::Unavailable { why, .. }) => {
            (format!("{}: “{}”", told.node, words::refusal(why)), Tone::Wait)
        }
        None => (format!("no answer from {}", told.node), Tone::Wait),
    }
}
