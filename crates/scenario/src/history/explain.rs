//! Why an answer fits no order, in sentences: which operations could have written the value, and how those
//! ended. Each sentence says what follows from the records; where nothing simple does, it says so much.

use super::{End, Entry, Function, Model, Recorded};
use crate::json::Json;

/// Operations that one sentence names.
const NAMED: usize = 4;

const TIMED_OUT: &str = "info would be right if it merely timed out";

impl Recorded {
    /// Sentences about what cannot be ordered, and its value if nothing here writes it.
    pub(super) fn explain(&self, stuck: &[u32]) -> (Vec<String>, Option<Json>) {
        let [stuck] = stuck else { return (Vec::new(), None) };
        let stuck = self.entries[*stuck as usize];
        match (stuck.function, self.model) {
            (Function::Read(text), Model::KeyValue) => self.explain_text(&stuck, text),
            (Function::Read(value) | Function::Swap { expected: value, applied: true, .. }, _) => {
                self.explain_value(&stuck, value)
            }
            (Function::Swap { expected, .. }, _) => {
                let value = self.value(expected);
                let other = "in every order that fits the other answers";
                (vec![format!("It was refused, but {other} the value then was {value}.")], None)
            }
            _ => (Vec::new(), None),
        }
    }

    fn explain_value(&self, stuck: &Entry, value: u32) -> (Vec<String>, Option<Json>) {
        let on_key = || self.entries.iter().filter(|entry| entry.key == stuck.key);
        let itself = |entry: &&Entry| entry.call == stuck.call;
        let makers: Vec<&Entry> =
            on_key().filter(|entry| !itself(entry) && made(entry) == Some(value)).collect();
        let begins = value == self.initial;
        let shown = self.value(value);
        if makers.is_empty() && !begins {
            return (vec![format!("Nothing here writes {shown}.")], Some(shown));
        }
        let possible: Vec<&Entry> =
            makers.iter().copied().filter(|entry| why_not(entry, stuck).is_none()).collect();
        if possible.is_empty() && !begins {
            return (self.could_only(&shown.to_string(), &makers, stuck), None);
        }
        // The last moment at which the value can have been written, if that is known.
        let written = possible.iter().try_fold(0, |last: u32, entry| {
            (entry.end == End::Ok).then_some(last.max(entry.ended))
        });
        let replaced = written.and_then(|written| {
            on_key().find(|entry| {
                let other = happened(entry) && made(entry).is_some_and(|made| made != value);
                other && entry.call > written && entry.ended < stuck.call
            })
        });
        let from = match &possible[..] {
            [] => format!("{shown} is the value at the beginning"),
            some if begins => {
                format!("{shown} is the value at the beginning, and of {}", self.named(some))
            }
            some => format!("{shown} could come only from {}", self.named(some)),
        };
        let then = match replaced {
            Some(entry) => format!(
                "{} wrote {} after that, and had ended before this was called.",
                self.named(&[entry]),
                self.value(made(entry).unwrap_or(0))
            ),
            None => "no order that has it here fits the other answers.".to_owned(),
        };
        (vec![format!("{from}; {then}")], None)
    }

    fn explain_text(&self, stuck: &Entry, text: u32) -> (Vec<String>, Option<Json>) {
        let read = self.texts.text(text);
        let on_key: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.key == stuck.key && made(entry).is_some())
            .collect();
        let written = |entry: &Entry| self.texts.text(made(entry).unwrap_or(0));
        let within = |entry: &&Entry| {
            let part = written(entry);
            !part.is_empty() && read.contains(&part)
        };
        let parts: Vec<&Entry> = on_key.iter().copied().filter(within).collect();
        if parts.is_empty() && !read.is_empty() {
            let shown = self.value(text);
            return (vec!["Nothing here writes any part of it.".to_owned()], Some(shown));
        }
        let alive = |part: &Entry| {
            let same = |other: &&Entry| made(other) == made(part);
            parts.iter().any(|other| same(other) && why_not(other, stuck).is_none())
        };
        let dead: Vec<&Entry> = parts.iter().copied().filter(|part| !alive(part)).collect();
        if let Some(first) = dead.first() {
            let same: Vec<&Entry> =
                dead.iter().copied().filter(|other| made(other) == made(first)).collect();
            return (
                self.could_only(&self.value(made(first).unwrap_or(0)).to_string(), &same, stuck),
                None,
            );
        }
        let puts = || on_key.iter().filter(|entry| matches!(entry.function, Function::Write(_)));
        let stays = |append: &Entry| {
            puts().all(|put| {
                why_not(put, stuck).is_some() || happened(put) && put.ended < append.call
            })
        };
        let missing = on_key.iter().find(|entry| {
            let append = matches!(entry.function, Function::Append(_)) && happened(entry);
            append
                && entry.ended < stuck.call
                && !within(entry)
                && !written(entry).is_empty()
                && stays(entry)
        });
        let sentence = match missing {
            Some(entry) => format!(
                "{} is missing in it: {} had ended before this was called.",
                Json::text(written(entry)),
                self.named(&[entry])
            ),
            None => {
                "No order of the writes that makes this text fits the other answers.".to_owned()
            }
        };
        (vec![sentence], None)
    }

    /// The value could come only from these, and of each, why it did not.
    fn could_only(&self, value: &str, makers: &[&Entry], stuck: &Entry) -> Vec<String> {
        let each = |entry: &&Entry| {
            let why = why_not(entry, stuck).unwrap_or("");
            format!("{}, {why}", self.named(&[entry]))
        };
        let told: Vec<String> = makers.iter().take(NAMED).map(each).collect();
        let more = match makers.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and from {more} more that did not happen before"),
        };
        let sentence = format!("{value} could come only from {}{more}", told.join("; from "));
        let late = |entry: &&Entry| why_not(entry, stuck) == Some(LATE);
        let end = if makers.iter().all(late) { ".".to_owned() } else { format!("; {TIMED_OUT}.") };
        vec![format!("{sentence}{end}")]
    }

    /// Operations by their lines.
    fn named(&self, entries: &[&Entry]) -> String {
        let word = if self.by_record { "record" } else { "line" };
        let name = |entry: &&Entry| {
            let places: Vec<String> = self.places(entry).iter().map(u32::to_string).collect();
            let plural = if places.len() > 1 { "s" } else { "" };
            format!("{word}{plural} {}", places.join("-"))
        };
        let named: Vec<String> = entries.iter().take(NAMED).map(name).collect();
        match entries.len().saturating_sub(NAMED) {
            0 => named.join(" or "),
            more => format!("{}, or {more} more", named.join(", ")),
        }
    }
}

/// What it writes, whether or not it did.
const fn made(entry: &Entry) -> Option<u32> {
    match entry.function {
        Function::Read(_) => None,
        Function::Write(value) | Function::Append(value) => Some(value),
        Function::Swap { new, .. } => Some(new),
    }
}

/// Whether it certainly took effect.
fn happened(entry: &Entry) -> bool {
    let refused = matches!(entry.function, Function::Swap { applied: false, .. });
    entry.end == End::Ok && !refused
}

const LATE: &str = "called after this had been answered";

/// Why its effect cannot be seen by `stuck`; `None`: it can.
fn why_not(entry: &Entry, stuck: &Entry) -> Option<&'static str> {
    let swap = matches!(entry.function, Function::Swap { .. });
    match entry.end {
        End::Failed if swap => Some("said not to have applied (fail)"),
        End::Failed => Some("ended as fail"),
        End::Ok if swap && !happened(entry) => Some("said not to have applied"),
        _ if entry.call > stuck.ended => Some(LATE),
        _ => None,
    }
}
