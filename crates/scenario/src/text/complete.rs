//! What may come next where the caret stands: names of fields, words, nodes of this cluster, and
//! whole lines of a script, each with what it is for and what taking it writes.

use core::ops::Range;

use crate::json::Json;

use super::MOST_BYTES;
use super::edit::one_line;
use super::guide::{Guide, apart, blank, fields, is, must_have, told, words};
use super::nodes;
use super::outline::{Outline, Sort};

/// One thing that may come next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// As it is listed.
    pub label: String,
    /// What it is for.
    pub told: String,
    /// What is written.
    pub insert: String,
    /// Where the caret stands afterwards, in bytes of what is written.
    pub caret: usize,
}

/// What may come next, and what it replaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completions {
    /// What taking one replaces, in bytes of the text.
    pub range: Range<usize>,
    /// The best first.
    pub all: Vec<Completion>,
}

/// So many are offered at once.
const OFFERED: usize = 60;

/// What may come next at `caret`, a place in bytes. Nothing in a text that is too long, or where the
/// caret stands in no place for a name or value.
#[must_use]
pub fn complete(guide: &Guide, text: &str, caret: usize) -> Option<Completions> {
    if text.len() > MOST_BYTES || !text.is_char_boundary(caret) {
        return None;
    }
    let before = Outline::of(text.get(..caret)?);
    let place = Place { guide, whole: Outline::of(text), typed: Typed::at(text, &before, caret)? };
    let all = if before.wants_key() { place.names(&before)? } else { place.values(&before)? };
    let all = fitting(all, &place.typed.word);
    Some(Completions { range: place.typed.range.clone(), all })
}

/// Those that go on as typed first, then those that hold what was typed.
fn fitting(all: Vec<Completion>, typed: &str) -> Vec<Completion> {
    let typed = typed.to_lowercase();
    let rank = |one: &Completion| one.label.to_lowercase().find(&typed).map(|at| at > 0);
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for one in all {
        match rank(&one) {
            Some(false) => first.push(one),
            Some(true) => later.push(one),
            None => {}
        }
    }
    first.append(&mut later);
    first.truncate(OFFERED);
    first
}

/// The word that the caret stands in or behind.
struct Typed {
    word: String,
    range: Range<usize>,
    /// Whether a comma is missing before it.
    comma_before: bool,
    /// What follows it, without blanks.
    next: Option<char>,
}

impl Typed {
    /// `None` behind a finished value, where only a comma or a bracket can follow.
    fn at(text: &str, before: &Outline, caret: usize) -> Option<Self> {
        let start = before.tail.unwrap_or(caret);
        let word = text[start..caret].trim_start_matches('"').to_owned();
        let goes_on = |c: char| c.is_ascii_alphanumeric() || "_-:.".contains(c);
        let mut end = caret;
        if before.tail.is_some() {
            let quoted = text[start..].starts_with('"');
            let rest = &text[caret..];
            let length =
                rest.find(|c: char| !goes_on(c) || !quoted && c == ':').unwrap_or(rest.len());
            end = caret + length;
            if quoted && text[end..].starts_with('"') {
                end += 1;
            }
        }
        let last = text[..start].trim_ascii_end().chars().next_back();
        let opens = last.is_none_or(|c| "{[,:".contains(c));
        let on_new_line = text[..start].trim_end_matches([' ', '\t']).ends_with('\n');
        let comma_before = !opens && !before.open.is_empty();
        if comma_before && !on_new_line && before.tail.is_none() {
            return None;
        }
        let next = text[end..].trim_ascii_start().chars().next();
        Some(Self { word, range: start..end, comma_before, next })
    }

    /// A name or value with the commas that it needs around it.
    fn framed(&self, label: &str, told: &str, mut insert: String, mut caret: usize) -> Completion {
        if self.comma_before {
            insert.insert_str(0, ", ");
            caret += 2;
        }
        if self.next.is_some_and(|next| next == '"' || next == '{') {
            insert.push(',');
        }
        Completion { label: label.to_owned(), told: told.to_owned(), insert, caret }
    }
}

struct Place<'a> {
    guide: &'a Guide,
    whole: Outline<'a>,
    typed: Typed,
}

impl<'a> Place<'a> {
    /// The schemas of what may stand in the `depth`-th of the open objects and lists.
    fn kinds(&self, before: &Outline, depth: usize) -> Vec<&'a Json> {
        let mut kinds = self.kinds_of(self.guide.root(), before, 0);
        for level in 1..=depth {
            let inside = self.inside(&kinds, before, level - 1);
            kinds = inside.iter().flat_map(|schema| self.kinds_of(schema, before, level)).collect();
        }
        kinds
    }

    /// The schemas of what is typed in the `level`-th of the open objects and lists.
    fn inside(&self, kinds: &[&'a Json], before: &Outline, level: usize) -> Vec<&'a Json> {
        let Some(open) = before.open.get(level) else { return Vec::new() };
        if before.parts[open.part].sort == Sort::List {
            return kinds.iter().filter_map(|kind| kind.field("items")).collect();
        }
        let name = key_at(before, level).unwrap_or_default();
        kinds.iter().filter_map(|kind| kind.field("properties")?.field(&name)).collect()
    }

    /// The kinds by what the whole text has there. The word that is being typed decides nothing yet.
    fn kinds_of(&self, schema: &'a Json, before: &Outline, level: usize) -> Vec<&'a Json> {
        let start = before.open.get(level).map(|open| before.parts[open.part].range.start);
        let part = start.and_then(|at| self.whole.parts.iter().position(|p| p.range.start == at));
        let typing = key_at(before, level).filter(|_| level + 1 == before.open.len());
        self.guide.kinds(schema, &|name| {
            let field = self.whole.field(part?, name).filter(|_| typing.as_deref() != Some(name));
            self.whole.scalar(field?)
        })
    }

    /// The fields that an object does not have yet.
    fn names(&self, before: &Outline) -> Option<Vec<Completion>> {
        let depth = before.open.len().checked_sub(1)?;
        let kinds = self.kinds(before, depth);
        let start = before.parts[before.open[depth].part].range.start;
        let part = self.whole.parts.iter().position(|part| part.range.start == start)?;
        let given: Vec<String> =
            self.whole.children(part).filter_map(|child| self.whole.name(child)).collect();
        let mut all: Vec<Completion> = Vec::new();
        for kind in kinds.iter().filter(|kind| is(kind, "object")) {
            for (name, schema) in fields(kind) {
                let typing = *name == self.typed.word;
                let known = all.iter().any(|one| one.label == *name);
                if !known && (typing || !given.contains(name)) {
                    all.push(self.named(name, schema, kinds.len() > 1));
                }
            }
        }
        Some(all)
    }

    /// A field with the beginning of its value.
    fn named(&self, name: &str, schema: &Json, open: bool) -> Completion {
        let key = Json::text(name).to_string();
        if self.typed.next == Some(':') {
            let caret = key.len();
            return Completion {
                label: name.to_owned(),
                told: told(schema).to_owned(),
                insert: key,
                caret,
            };
        }
        let kinds = self.guide.kinds(schema, &|_| None);
        let fixed = kinds.len() == 1 && !open;
        let (value, back) = match kinds.first() {
            Some(kind) if !fixed && !words(kind).is_empty() => ("\"\"".to_owned(), 1),
            Some(kind) if is(kind, "object") => ("{  }".to_owned(), 2),
            Some(kind) if is(kind, "array") => ("[  ]".to_owned(), 2),
            Some(kind) if is(kind, "string") && words(kind).is_empty() => ("\"\"".to_owned(), 1),
            _ => (one_line(&blank(self.guide, schema)), 0),
        };
        let insert = format!("{key}: {value}");
        let caret = insert.len() - back;
        self.typed.framed(name, told(schema), insert, caret)
    }

    /// The values that may stand where one is typed.
    fn values(&self, before: &Outline) -> Option<Vec<Completion>> {
        let Some(depth) = before.open.len().checked_sub(1) else { return Some(self.documents()) };
        let kinds = self.kinds(before, depth);
        let mut all = Vec::new();
        for schema in self.inside(&kinds, before, depth) {
            for kind in self.guide.kinds(schema, &|_| None) {
                self.values_of(kind, schema, &mut all);
            }
        }
        let mut seen: Vec<Completion> = Vec::new();
        for one in all {
            if !seen.iter().any(|other| other.label == one.label) {
                seen.push(one);
            }
        }
        Some(seen)
    }

    fn values_of(&self, kind: &Json, schema: &Json, all: &mut Vec<Completion>) {
        let mut add = |label: &str, about: &str, insert: String, back: usize| {
            let caret = insert.len() - back;
            all.push(self.typed.framed(label, about, insert, caret));
        };
        for (word, meaning) in words(kind) {
            add(word, meaning, Json::text(word).to_string(), 0);
        }
        if let Some(pattern) = kind.field("pattern").and_then(Json::as_text) {
            for node in nodes::named(&self.whole, pattern) {
                add(&node, told(schema), Json::text(node.as_str()).to_string(), 0);
            }
        }
        if is(kind, "boolean") {
            let default = schema.field("default").cloned();
            for on in [true, false] {
                let usual = default == Some(Json::Bool(on));
                add(&on.to_string(), if usual { USUAL } else { "" }, on.to_string(), 0);
            }
        }
        if is(kind, "number") || is(kind, "integer") {
            let bounds = [("default", USUAL), ("minimum", LEAST), ("maximum", MOST)];
            for (name, about) in bounds {
                let text = schema.field(name).or(kind.field(name)).map(Json::to_string);
                if let Some(text) = text.filter(|text| text != "null") {
                    add(&text, about, text.clone(), 0);
                }
            }
        }
        if is(kind, "null") {
            add("null", "", "null".to_owned(), 0);
        }
        if is(kind, "object") {
            let words = fields(kind).iter().find_map(|(_, field)| words(field).first().copied());
            let object = one_line(&self.filled(kind));
            match words {
                Some((word, meaning)) => add(word, meaning, object, 2),
                None if object == "{}" => add("{ }", told(schema), "{  }".to_owned(), 2),
                None => add("{ }", told(schema), object, 2),
            }
        }
        if is(kind, "array") {
            add("[ ]", told(schema), "[  ]".to_owned(), 2);
        }
    }

    /// The least object of a kind; a line of a script happens after those before it.
    fn filled(&self, kind: &Json) -> Json {
        let needed = fields(kind).iter().filter(|(name, _)| must_have(kind, name));
        let value = |name: &str, field: &Json| {
            let later =
                (name == "at_ms").then(|| nodes::next_at_ms(&self.whole, self.typed.range.start));
            later.map_or_else(|| blank(self.guide, field), Json::Number)
        };
        let mut all: Vec<_> =
            needed.map(|(name, field)| (name.clone(), value(name, field))).collect();
        apart(&mut all);
        Json::Object(all)
    }

    /// Whole documents, for an empty page: one for each protocol.
    fn documents(&self) -> Vec<Completion> {
        let cluster = self.guide.root().at("properties.cluster");
        let kinds = cluster.map_or_else(Vec::new, |cluster| self.guide.kinds(cluster, &|_| None));
        let words =
            kinds.iter().filter_map(|kind| words(kind.at("properties.protocol")?).first().copied());
        let document = |(word, told): (&str, &str)| {
            let cluster = Json::object([("nodes", 3.0.into()), ("protocol", word.into())]);
            let whole = Json::object([("format", 1.0.into()), ("cluster", cluster)]);
            self.typed.framed(word, told, one_line(&whole), one_line(&whole).len())
        };
        words.map(document).collect()
    }
}

/// The name of the field that is open in the `level`-th of the open objects.
fn key_at(before: &Outline, level: usize) -> Option<String> {
    let key = match before.open.get(level + 1) {
        Some(next) => before.parts[next.part].key.clone(),
        None => before.open.get(level)?.key.clone(),
    };
    before.key(key?)
}

const USUAL: &str = "the usual value";
const LEAST: &str = "the least";
const MOST: &str = "the most";
