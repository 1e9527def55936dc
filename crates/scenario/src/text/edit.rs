//! Changes one value of a document and nothing else of its text: the reader's lines, blanks and
//! order stay as typed.

use core::ops::Range;

use crate::json::Json;

use super::locate::{find, walk};
use super::outline::{Outline, Part, Sort};

/// A piece of text in place of another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced, in bytes.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}

impl Edit {
    /// The text after the edit.
    #[must_use]
    pub fn applied(&self, text: &str) -> String {
        let (before, after) = (text.get(..self.range.start), text.get(self.range.end..));
        [before.unwrap_or_default(), &self.text, after.unwrap_or_default()].concat()
    }

    /// The least edit that makes one text of another.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Self {
        let pairs = before.char_indices().zip(after.chars());
        let start = pairs.take_while(|((_, a), b)| a == b).last();
        let start = start.map_or(0, |((at, a), _)| at + a.len_utf8());
        let (old, new) = (&before[start..], &after[start..]);
        let ends = old.chars().rev().zip(new.chars().rev());
        let same: usize = ends.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let range = start..before.len() - same;
        Self { range, text: new[..new.len() - same].to_owned() }
    }
}

/// Sets what a path such as `clients[1].keys` leads to. A field that is missing is put where `order`
/// (the names of an object's fields, by its path) wants it; an element that is missing, at the end of its
/// list. `None` if the document has no room for it: what stands on the way is no object or list.
#[must_use]
pub fn put(
    text: &str,
    path: &str,
    value: &Json,
    order: &dyn Fn(&str) -> Vec<String>,
) -> Option<Edit> {
    let outline = Outline::of(text);
    let (part, rest) = walk(&outline, path)?;
    if rest.is_empty() {
        let range = outline.parts[part].range.clone();
        return Some(Edit { range, text: one_line(value) });
    }
    let (first, below) = first_step(rest);
    let value = wrapped(below, value)?;
    let inside = path[..path.len() - rest.len()].trim_end_matches('.');
    match (first, outline.parts[part].sort) {
        (Step::Field(name), Sort::Object) => {
            Some(insert(&outline, part, Some(name), &value, &order(inside)))
        }
        (Step::Element, Sort::List) => Some(insert(&outline, part, None, &value, &[])),
        _ => None,
    }
}

/// Takes out what a path leads to, with the comma that it no longer needs.
#[must_use]
pub fn take(text: &str, path: &str) -> Option<Edit> {
    let outline = Outline::of(text);
    let part = find(&outline, path)?;
    let parent = outline.parts[part].parent?;
    let all: Vec<&Part> = outline.children(parent).map(|child| &outline.parts[child]).collect();
    let place = outline.parts[part].index;
    let here = all.get(place)?;
    let range = match (place.checked_sub(1).and_then(|before| all.get(before)), all.get(place + 1))
    {
        (_, Some(after)) => start(here)..start(after),
        (Some(before), None) => before.range.end..here.range.end,
        (None, None) => {
            let Range { start, end } = outline.parts[parent].range;
            start + 1..end.saturating_sub(1).max(start + 1)
        }
    };
    Some(Edit { range, text: String::new() })
}

enum Step<'p> {
    Field(&'p str),
    Element,
}

/// The first step of a path, and what follows it.
fn first_step(path: &str) -> (Step<'_>, &str) {
    if path.starts_with('[') {
        let rest = path.split_once(']').map_or("", |(_, rest)| rest);
        return (Step::Element, rest.strip_prefix('.').unwrap_or(rest));
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let rest = &path[end..];
    (Step::Field(&path[..end]), rest.strip_prefix('.').unwrap_or(rest))
}

/// The value within the objects and lists that a path goes through.
fn wrapped(path: &str, value: &Json) -> Option<Json> {
    if path.is_empty() {
        return Some(value.clone());
    }
    let (step, rest) = first_step(path);
    let inner = wrapped(rest, value)?;
    Some(match step {
        Step::Field(name) => Json::object([(name, inner)]),
        Step::Element => Json::List(vec![inner]),
    })
}

/// Where a part begins, its name included.
fn start(part: &Part) -> usize {
    part.key.as_ref().map_or(part.range.start, |key| key.start)
}

/// Puts a field or an element into an object or list, laid out as its neighbour is.
fn insert(
    outline: &Outline,
    into: usize,
    name: Option<&str>,
    value: &Json,
    order: &[String],
) -> Edit {
    let all: Vec<usize> = outline.children(into).collect();
    let text = outline.text;
    let key =
        |colon: &str| name.map_or_else(String::new, |name| format!("{}{colon}", Json::text(name)));
    let open = outline.parts[into].range.start + 1;
    let Some(first) = all.first() else {
        let end = outline.parts[into].range.end.saturating_sub(1).max(open);
        let new = format!(" {}{} ", key(": "), one_line(value));
        return Edit { range: open..end, text: new };
    };
    let rank = |name: &str| order.iter().position(|known| known == name);
    let wanted = name.and_then(rank);
    let precedes = |child: &&usize| match (wanted, outline.name(**child)) {
        (Some(wanted), Some(name)) => rank(&name).is_none_or(|rank| rank < wanted),
        _ => true,
    };
    let anchor = all.iter().rev().find(precedes);
    let near = &outline.parts[*anchor.unwrap_or(first)];
    let gap = &text[gap_before(text, start(near), open)..start(near)];
    let colon = near.key.as_ref().map_or(": ", |key| &text[key.end..near.range.start]);
    let colon = if colon.trim() == ":" && !colon.contains('\n') { colon } else { ": " };
    let new = format!("{}{}", key(colon), one_line(value));
    // Behind a lone neighbour in braces of one line there is room for a blank.
    match anchor {
        Some(_) => Edit {
            range: near.range.end..near.range.end,
            text: format!(",{}{new}", if gap.is_empty() && colon.len() > 1 { " " } else { gap }),
        },
        None => Edit {
            range: start(near)..start(near),
            text: format!("{new},{}", if gap.is_empty() { " " } else { gap }),
        },
    }
}

/// Where the blanks before a place begin.
fn gap_before(text: &str, place: usize, least: usize) -> usize {
    text[least..place].trim_end_matches([' ', '\t', '\n', '\r']).len() + least
}

/// A value on one line, with the blanks that people leave.
#[must_use]
pub fn one_line(json: &Json) -> String {
    let joined = |all: Vec<String>| all.join(", ");
    match json {
        Json::List(all) if !all.is_empty() => {
            format!("[{}]", joined(all.iter().map(one_line).collect()))
        }
        Json::Object(all) if !all.is_empty() => {
            let field = |(name, value): &(String, Json)| {
                format!("{}: {}", Json::text(name.as_str()), one_line(value))
            };
            format!("{{ {} }}", joined(all.iter().map(field).collect()))
        }
        other => other.to_string(),
    }
}
