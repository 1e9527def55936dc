//! From the path of a problem to the line where it stands in the text.

use crate::mistake::{Mistake, Problem};

use super::outline::Outline;

/// A place in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// In bytes from the start.
    pub offset: usize,
}

/// Where a problem stands in the text that it was found in: what its path leads to, or as far as the
/// path leads.
#[must_use]
pub fn spot(text: &str, problem: &Problem) -> Spot {
    if let Mistake::NotJson { line, column, .. } = problem.mistake {
        return Spot { line, column, offset: offset_of(text, line, column) };
    }
    let outline = Outline::of(text);
    let unknown = matches!(problem.mistake, Mistake::UnknownField { .. });
    let found = deepest(&outline, &problem.at).map(|part| &outline.parts[part]);
    let offset = found.map_or(0, |part| match &part.key {
        Some(key) if unknown => key.start,
        _ => part.range.start,
    });
    spot_at(text, offset)
}

/// The line and column of a place.
#[must_use]
pub fn spot_at(text: &str, offset: usize) -> Spot {
    let (mut line, mut column) = (1, 1);
    for (_, character) in text.char_indices().take_while(|(at, _)| *at < offset) {
        (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    Spot { line, column, offset: offset.min(text.len()) }
}

/// The place of a line and column.
fn offset_of(text: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(length) => start += length + 1,
            None => return text.len(),
        }
    }
    let steps = column.saturating_sub(1) as usize;
    text[start..].char_indices().nth(steps).map_or(text.len(), |(at, _)| start + at)
}

/// The part that a path such as `script[3].node` leads to.
pub(super) fn find(outline: &Outline, path: &str) -> Option<usize> {
    let (part, rest) = walk(outline, path)?;
    rest.is_empty().then_some(part)
}

/// The part that a path leads to, or the last on the way.
fn deepest(outline: &Outline, path: &str) -> Option<usize> {
    walk(outline, path).map(|(part, _)| part)
}

/// Follows a path as far as the text has it; says where that is, and what is left of the path.
pub(super) fn walk<'p>(outline: &Outline, path: &'p str) -> Option<(usize, &'p str)> {
    let mut here = outline.parts.first().map(|_| 0)?;
    let mut rest = path;
    while !rest.is_empty() {
        let Some((next, left)) = step(outline, here, rest) else { break };
        (here, rest) = (next, left);
    }
    Some((here, rest))
}

/// One step into an element or a field. A typed name may itself hold dots and brackets: the longest
/// that fits is meant.
fn step<'p>(outline: &Outline, here: usize, path: &'p str) -> Option<(usize, &'p str)> {
    if let Some((index, rest)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) {
        if let Ok(index) = index.parse::<usize>() {
            let element = outline.children(here).find(|n| outline.parts[*n].index == index)?;
            return Some((element, rest.strip_prefix('.').unwrap_or(rest)));
        }
    }
    let fits = |child: usize| {
        let name = outline.name(child)?;
        let rest = path.strip_prefix(name.as_str())?;
        let ends = rest.is_empty() || rest.starts_with(['.', '[']);
        ends.then(|| (name.len(), child, rest.strip_prefix('.').unwrap_or(rest)))
    };
    let longest = outline.children(here).filter_map(fits).max_by_key(|(length, ..)| *length);
    longest.map(|(_, child, rest)| (child, rest))
}
