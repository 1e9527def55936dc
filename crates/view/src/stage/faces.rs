//! What each client was told last.

use crate::types::{ClientFace, Tone};
use crate::words;
use engine::base::ClientId;
use engine::observe::{Fate, Recorder};
use engine::protocol::{Command, Outcome};
use engine::world::client::Told;
use engine::world::{Client, Run};

/// More faces than these are not shown.
pub const MAX_FACES: usize = 12;
/// Letters that have room on a face beside its sign, in the page and in pictures.
const ROOM: usize = 21;

/// The faces of the first clients.
#[must_use]
pub fn faces(run: &dyn Run<Recorder>) -> Vec<ClientFace> {
    let clients = (0..).map(ClientId).zip(run.clients());
    clients.take(MAX_FACES).map(|(id, client)| face(run, id, client)).collect()
}

/// A text, the same in few words, and how it is meant.
struct Words {
    told: String,
    brief: String,
    tone: Tone,
}

impl Words {
    /// The shorter texts come after the longer ones: the first that has room on a face is its brief
    /// one.
    fn new(tone: Tone, told: String, shorter: &[String]) -> Self {
        let fits = |text: &&String| text.chars().count() <= ROOM;
        let brief = core::iter::once(&told).chain(shorter).find(fits).or(shorter.last());
        Self { brief: brief.unwrap_or(&told).clone(), told, tone }
    }
}

fn face(run: &dyn Run<Recorder>, id: ClientId, client: &Client) -> ClientFace {
    let nothing = || Words::new(Tone::Faint, "nothing yet".to_owned(), &[]);
    let Words { told, brief, tone } =
        client.told.as_ref().map_or_else(nothing, |told| told_words(run, told));
    let talks_to = client.asks.writes.0;
    ClientFace { client: id.0, name: id.to_string(), talks_to, told, brief, tone }
}

fn told_words(run: &dyn Run<Recorder>, told: &Told) -> Words {
    let wanted = run.operation(told.op).map(|operation| operation.command);
    let node = told.node;
    match told.outcome {
        Some(Outcome::Written { .. }) => written(run, told, wanted),
        Some(Outcome::Value { value, .. }) => {
            let key = wanted.map_or_else(|| "a key".to_owned(), |wanted| wanted.key().to_string());
            let value = if value == 0 { "empty".to_owned() } else { value.to_string() };
            let text = format!("{key}: {value}");
            match run.observer().sessions().of(told.op) {
                Some(anomaly) => {
                    let brief = words::brief_anomaly(anomaly);
                    let shorter = [format!("{text}, {brief}"), format!("{key}: {brief}")];
                    Words::new(Tone::Lost, format!("{text}, {}", words::anomaly(anomaly)), &shorter)
                }
                None => Words::new(Tone::Plain, format!("read {text}"), &[text]),
            }
        }
        Some(Outcome::NotLeader { post, .. }) => {
            Words::new(Tone::Wait, format!("{node} {}", words::is_not(post)), &[])
        }
        Some(Outcome::Unavailable { why, .. }) => {
            let shorter = [format!("{node}: {}", words::brief_refusal(why))];
            Words::new(Tone::Wait, format!("{node}: “{}”", words::refusal(why)), &shorter)
        }
        None => Words::new(Tone::Wait, format!("no answer from {node}"), &[]),
    }
}

fn written(run: &dyn Run<Recorder>, told: &Told, wanted: Option<Command>) -> Words {
    let what = words::command(wanted);
    // What is said of a write where its condition has no room, and its value has none.
    let (set, key) = match wanted {
        Some(Command::Swap { key, value, .. } | Command::Write { key, value, .. }) => {
            (format!("{key} = {value}"), key.to_string())
        }
        _ => (what.clone(), what.clone()),
    };
    let deletes = matches!(wanted, Some(Command::Write { value: 0, .. }));
    match (matches!(run.observer().fate(told.op), Fate::Lost(_)), deletes) {
        (true, true) => Words::new(
            Tone::Lost,
            format!("told “{key} is deleted”, lost"),
            &[format!("deletion of {key} lost")],
        ),
        (false, true) => Words::new(Tone::Good, format!("deleted {key}"), &[]),
        (true, false) => Words::new(
            Tone::Lost,
            format!("told “saved”: {what}, lost"),
            &[format!("saved {set}, lost"), format!("{set}, lost"), format!("{key}, lost")],
        ),
        (false, false) => Words::new(
            Tone::Good,
            format!("saved {what}"),
            &[format!("saved {set}"), set, format!("saved {key}")],
        ),
    }
}
