//! The run as a log that ShiViz reads: every event at its host, with a vector clock.
//!
//! ShiViz takes it with the regular expression that stands in its own field from the start:
//!
//! ```text
//! (?<event>.*)\n(?<host>\S*) (?<clock>{.*})
//! ```
//!
//! An event is two lines, its words and then its host and clock. A clock begins at 1 where the log
//! begins, counts the host's events without gaps, and takes over the clock of the event that caused
//! this one: a message's arrival that of its sending. What happens to no node and no client (a link
//! is cut, a message is lost on its way) happens at the host `world`, from which nothing comes back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::stretch::{Stretch, one_line};
use crate::Lab;
use view::TraceLine;
use view::number::clock_ms;

/// ShiViz's own regular expression, which reads these logs.
pub const EXPRESSION: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

/// Events of a log: more would take ShiViz minutes to draw.
pub const EVENTS: u32 = 4_000;

/// The host of what happens to no node and no client.
const WORLD: &str = "world";

/// A host's number and its events so far, seen from some host.
type Clock = BTreeMap<usize, u32>;

/// The log up to the playhead.
pub fn shiviz(lab: &Lab) -> String {
    let stretch = Stretch::last(lab, EVENTS);
    let mut text = format!("# {}\n# ShiViz reads this with {EXPRESSION}\n", heading(lab));
    if let Some(note) = stretch.left_out() {
        let _ = writeln!(text, "# {note}");
    }
    let mut log = Log { first: stretch.first, ..Log::default() };
    stretch.each(lab, &mut |_, line| log.event(line, &mut text));
    text
}

fn heading(lab: &Lab) -> String {
    one_line(&format!("{}, seed {}", lab.heading(), lab.scenario().seed())).replace('{', "(")
}

#[derive(Default)]
struct Log {
    first: u32,
    hosts: Vec<String>,
    /// By host: its clock now.
    clocks: Vec<Clock>,
    /// By event since the first: where it happened and its clock.
    stamps: Vec<(usize, Clock)>,
}

impl Log {
    fn event(&mut self, line: &TraceLine, text: &mut String) {
        let host = self.host(host_of(line));
        let cause = line.cause.and_then(|cause| cause.checked_sub(self.first));
        let caused = cause.and_then(|cause| self.stamps.get(cause as usize)).cloned();
        let clock = &mut self.clocks[host];
        if let Some((_, seen)) = caused.filter(|(elsewhere, _)| *elsewhere != host) {
            for (other, count) in seen {
                let known = clock.entry(other).or_insert(0);
                *known = (*known).max(count);
            }
        }
        *clock.entry(host).or_insert(0) += 1;
        let clock = clock.clone();
        // A brace after a word would look like the line of a host.
        let words = one_line(&line.text).replace('{', "(").replace('}', ")");
        let _ = writeln!(text, "{} {words}", clock_ms(line.at_ms));
        let _ = write!(text, "{} {{", self.hosts[host]);
        for (place, (other, count)) in clock.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}\"{}\": {count}", self.hosts[*other]);
        }
        text.push_str("}\n");
        self.stamps.push((host, clock));
    }

    fn host(&mut self, name: &str) -> usize {
        if let Some(known) = self.hosts.iter().position(|host| host == name) {
            return known;
        }
        self.hosts.push(name.to_owned());
        self.clocks.push(Clock::new());
        self.hosts.len() - 1
    }
}

/// Where an event happened.
fn host_of(line: &TraceLine) -> &str {
    let at = match line.sort {
        "delivered" | "requested" | "told" | "directed" => &line.to,
        "lost" | "talk-lost" | "link-cut" | "link-healed" | "link-disturbed" | "clients-cut"
        | "action-refused" => &None,
        _ => &line.from,
    };
    at.as_deref().unwrap_or(WORLD)
}
