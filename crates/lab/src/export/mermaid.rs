//! The run as a sequence diagram for Mermaid: the last messages up to the playhead, with notes for
//! what happened to the nodes.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use super::stretch::{Stretch, one_line};
use crate::Lab;
use engine::base::{ClientId, NodeId, sort_by_key};
use engine::world::{Event, What};
use view::chips::message_look;
use view::number::{clock_ms, count};
use view::{ChipLook, TimeMark, TraceLine};

/// Messages of a diagram. Mermaid refuses texts of more than 50,000 letters; readers give up sooner.
pub const MESSAGES: usize = 120;

/// Notes of a diagram.
const NOTES: usize = 60;

/// Events looked through for the messages.
const EVENTS: u32 = 40_000;

/// Letters of a message's words.
const LETTERS: usize = 90;

/// A line of the diagram: the event that it tells of, and its text.
type Row = (u32, String);

/// The last messages up to the playhead.
#[derive(Default)]
struct Messages {
    rows: VecDeque<Row>,
    /// Messages before them.
    left_out: u64,
    /// The event from which on all are there.
    first: u32,
    /// By client: the last event in which it speaks or is spoken to.
    clients: BTreeMap<ClientId, u32>,
}

/// The diagram of the last messages.
pub fn mermaid(lab: &Lab) -> String {
    let Messages { rows, left_out, first, clients } = Messages::of(lab);
    let mut rows: Vec<Row> = rows.into();
    rows.extend(notes(lab, first));
    sort_by_key(&mut rows, |(event, _)| *event);
    let title = format!("{}, seed {}", lab.heading(), lab.scenario().seed());
    let mut text = format!("sequenceDiagram\n    title {}\n", escaped(&title));
    let nodes = (0..lab.run().view().nodes.count()).map(|node| NodeId(node).to_string());
    let clients = clients.into_iter().filter(|(_, last)| *last >= first);
    for name in clients.map(|(client, _)| client.to_string()).chain(nodes) {
        let _ = writeln!(text, "    participant {name}");
    }
    if left_out > 0 {
        let what = format!("{} messages before are left out", count(left_out));
        let _ = writeln!(text, "    Note over n1: {}", escaped(&what));
    }
    for (_, row) in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

impl Messages {
    fn of(lab: &Lab) -> Self {
        let stretch = Stretch::last(lab, EVENTS);
        let mut messages = Self { first: stretch.first, ..Self::default() };
        stretch.each(lab, &mut |event, line| {
            if !is_beat(&event.what) {
                messages.add(event, line);
            }
        });
        messages
    }

    /// Adds a message that arrived, or never will.
    fn add(&mut self, event: &Event, line: &TraceLine) {
        let arrow = match line.sort {
            "delivered" | "requested" | "told" | "directed" => "->>",
            "lost" | "talk-lost" => "-x",
            _ => return,
        };
        let (Some(from), Some(to)) = (&line.from, &line.to) else { return };
        if let Some(client) = client(&event.what) {
            self.clients.insert(client, line.event);
        }
        let words: String = one_line(&line.text).chars().take(LETTERS).collect();
        let words = escaped(&format!("{} {words}", clock_ms(line.at_ms)));
        if self.rows.len() == MESSAGES {
            self.left_out += 1;
            self.first = self.rows.pop_front().map_or(self.first, |(event, _)| event + 1);
        }
        self.rows.push_back((line.event, format!("    {from}{arrow}{to}: {words}")));
    }
}

/// The client of a talk.
fn client(what: &What) -> Option<ClientId> {
    match *what {
        What::Requested { client, .. }
        | What::Told { client, .. }
        | What::Directed { client, .. }
        | What::TalkLost { client, .. } => Some(client),
        _ => None,
    }
}

/// Whether a message says nothing new.
fn is_beat(what: &What) -> bool {
    match what {
        What::Delivered { message, .. } | What::Lost { message, .. } => {
            message_look(message.kind) == ChipLook::Beat
        }
        _ => false,
    }
}

/// Faults, suspicions, promotions since an event.
fn notes(lab: &Lab, first: u32) -> Vec<Row> {
    let now_ms = lab.now().as_millis_f64();
    let told = |mark: &TimeMark| mark.event >= first && mark.at_ms <= now_ms;
    let note = |mark: TimeMark| {
        let words = escaped(&format!("{} {}", clock_ms(mark.at_ms), mark.label));
        // What happens to clients has no lane of its own.
        let over = NodeId(mark.lane.saturating_sub(1));
        (mark.event, format!("    Note over {over}: {words}"))
    };
    lab.overview().marks.into_iter().filter(told).take(NOTES).map(note).collect()
}

/// A text in which no letter means anything to Mermaid.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        let plain = letter.is_ascii_alphanumeric() || " .,()=?!/'".contains(letter);
        if plain || (!letter.is_ascii() && letter.is_alphanumeric()) || "“”’→✓·–…".contains(letter)
        {
            safe.push(letter);
        } else {
            let _ = write!(safe, "#{};", u32::from(letter));
        }
    }
    safe
}
