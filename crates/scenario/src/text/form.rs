//! A document as a form: for every field that may stand at a place, what it holds or would hold, and
//! the control that fits. What is changed in a form is an edit of the text.

use crate::json::{Json, parse};

use super::edit::{Edit, put, take};
use super::guide::{Guide, apart, blank, fields, is, must_have, told, words};
use super::nodes;
use super::outline::Outline;

/// A field of a form.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Where it stands, such as `clients[0].keys`.
    pub path: String,
    /// Its name; of an element, its number.
    pub name: String,
    /// What it is for.
    pub told: String,
    /// Whether the document has it.
    pub given: bool,
    /// Whether it may be left out.
    pub free: bool,
    /// What it holds, or what it is if left out.
    pub value: Json,
    /// What it can be set to.
    pub control: Control,
}

/// What a field can be set to.
#[derive(Clone, PartialEq, Debug)]
pub enum Control {
    /// A number.
    Number {
        /// The least that it may be; 0 if the schema does not say.
        min: f64,
        /// The most that it may be; `f64::MAX` if the schema does not say.
        max: f64,
        /// Whether it must have no decimals.
        whole: bool,
    },
    /// On or off.
    Switch,
    /// One of several words, each with what it means.
    Words(Vec<(String, String)>),
    /// Any text; some that fit.
    Text(Vec<String>),
    /// An object with fields of its own: see [`form`].
    Group,
    /// A list.
    List {
        /// What a further element begins as.
        blank: Json,
        /// How many elements it may have; 1000 if the schema does not say.
        most: usize,
    },
    /// One of several kinds.
    Choice {
        /// What each kind is called, and what it begins as.
        kinds: Vec<(String, Json)>,
        /// Which of them the value is, counted from 0.
        chosen: usize,
        /// The control for the value as that kind.
        within: Box<Control>,
    },
    /// Nothing: `null`, or a word that cannot be another.
    Fixed,
}

/// The fields of the object or the elements of the list at a path; `fallback`: what stands there if
/// the document leaves it out.
#[must_use]
pub fn form(guide: &Guide, document: &Json, path: &str, fallback: Option<&Json>) -> Vec<Field> {
    let Some((schema, here)) = guide.at(document, path) else { return Vec::new() };
    if here == Some(&Json::Null) {
        return Vec::new();
    }
    let held = here.or(fallback);
    let kinds = guide.kinds(schema, &|name| held?.field(name).cloned());
    if let Some(Json::List(elements)) = held {
        let Some(item) = kinds.iter().find_map(|kind| kind.field("items")) else {
            return Vec::new();
        };
        let field = |(index, value): (usize, &Json)| Field {
            path: format!("{path}[{index}]"),
            name: (index + 1).to_string(),
            told: String::new(),
            given: here.is_some(),
            free: false,
            control: control(guide, document, item, value),
            value: value.clone(),
        };
        return elements.iter().take(SHOWN).enumerate().map(field).collect();
    }
    let Some(kind) = kinds.iter().find(|kind| is(kind, "object")) else { return Vec::new() };
    let all = guide.kinds(schema, &|_| None);
    let field = |(name, schema): &(String, Json)| {
        let given = here.and_then(|here| here.field(name));
        let usual =
            || fallback.and_then(|all| all.field(name)).or(schema.field("default")).cloned();
        let value = given.cloned().or_else(usual).unwrap_or(Json::Null);
        let dot = if path.is_empty() { "" } else { "." };
        Field {
            path: format!("{path}{dot}{name}"),
            name: name.clone(),
            told: told(schema).to_owned(),
            given: given.is_some(),
            free: !must_have(kind, name),
            control: deciding(&all, name)
                .unwrap_or_else(|| control(guide, document, schema, &value)),
            value,
        }
    };
    fields(kind).iter().map(field).collect()
}

/// The choice of the word that decides which of several kinds an object is, if that field does.
fn deciding(kinds: &[&Json], name: &str) -> Option<Control> {
    let fixed = kinds.iter().filter_map(|kind| {
        let field = kind.field("properties")?.field(name)?;
        let (word, about) = field.field("const").and_then(|_| words(field).first().copied())?;
        Some((word.to_owned(), about.to_owned()))
    });
    let all: Vec<_> = fixed.collect();
    (all.len() > 1).then_some(Control::Words(all))
}

/// Elements of a list that a form shows; the text has them all.
const SHOWN: usize = 100;

/// The control for a value where a schema holds.
fn control(guide: &Guide, document: &Json, schema: &Json, value: &Json) -> Control {
    let kinds = guide.kinds(schema, &|name| value.field(name).cloned());
    let fixed = kinds.iter().all(|kind| !words(kind).is_empty());
    if fixed && kinds.len() > 1 {
        let all = kinds.iter().flat_map(|kind| words(kind));
        return Control::Words(
            all.map(|(word, about)| (word.to_owned(), about.to_owned())).collect(),
        );
    }
    // Objects that differ in a fixed word are one kind, with a choice of the word.
    let number = |kind: &Json| is(kind, "number") || is(kind, "integer");
    let differ = kinds.len() > 1 && kinds.iter().all(|kind| is(kind, "object"));
    match kinds.as_slice() {
        [one] if is(one, "null") && number(one) => {
            let some = schema.field("default").filter(|default| **default != Json::Null);
            let some = some.or(one.field("minimum")).cloned().unwrap_or(Json::Number(1.0));
            let kinds = vec![("number".to_owned(), some), ("null".to_owned(), Json::Null)];
            let none = *value == Json::Null;
            let within = if none { Control::Fixed } else { single(guide, document, one) };
            Control::Choice { kinds, chosen: usize::from(none), within: Box::new(within) }
        }
        [one] => single(guide, document, one),
        [one, ..] if differ => single(guide, document, one),
        _ => {
            let open = kinds.iter().map(|kind| (called(kind), blank(guide, kind))).collect();
            let chosen = kinds.iter().position(|kind| suits(kind, value)).unwrap_or(0);
            let within = Box::new(single(guide, document, kinds[chosen]));
            Control::Choice { kinds: open, chosen, within }
        }
    }
}

fn single(guide: &Guide, document: &Json, kind: &Json) -> Control {
    let bound = |name: &str| kind.field(name).and_then(Json::as_number);
    let all = words(kind);
    if !all.is_empty() {
        let words: Vec<_> =
            all.iter().map(|(word, about)| ((*word).to_owned(), (*about).to_owned())).collect();
        return if words.len() > 1 { Control::Words(words) } else { Control::Fixed };
    }
    if is(kind, "number") || is(kind, "integer") {
        let (min, max) = (bound("minimum").unwrap_or(0.0), bound("maximum").unwrap_or(f64::MAX));
        return Control::Number { min, max, whole: is(kind, "integer") };
    }
    if is(kind, "boolean") {
        return Control::Switch;
    }
    if is(kind, "string") {
        let pattern = kind.field("pattern").and_then(Json::as_text);
        let named = |p| nodes::named(&Outline::of(&document.to_string()), p);
        let offers = pattern.map_or_else(Vec::new, named);
        return Control::Text(offers);
    }
    if is(kind, "array") {
        let item = kind.field("items").map_or(Json::Null, |item| blank(guide, item));
        let most = bound("maxItems").unwrap_or(1_000.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count"
        )]
        return Control::List { blank: item, most: most as usize };
    }
    if is(kind, "object") { Control::Group } else { Control::Fixed }
}

/// What a kind is called where several are possible.
fn called(kind: &Json) -> String {
    if let Some((word, _)) = words(kind).first() {
        return (*word).to_owned();
    }
    let names: Vec<&str> = fields(kind).iter().map(|(name, _)| name.as_str()).take(2).collect();
    match kind.field("type").and_then(Json::as_text) {
        Some("null") => "null".to_owned(),
        Some("array") => "[ … ]".to_owned(),
        Some("object") => format!("{{ {} … }}", names.join(", ")),
        Some(other) => other.to_owned(),
        None => "number".to_owned(),
    }
}

/// Whether a value is of a kind.
fn suits(kind: &Json, value: &Json) -> bool {
    let all = words(kind);
    if !all.is_empty() {
        return all.iter().any(|(word, _)| value.as_text() == Some(word));
    }
    match value {
        Json::Null => is(kind, "null"),
        Json::Bool(_) => is(kind, "boolean"),
        Json::Number(_) => is(kind, "number") || is(kind, "integer"),
        Json::Text(_) => is(kind, "string"),
        Json::List(_) => is(kind, "array"),
        Json::Object(given) => {
            is(kind, "object")
                && given.iter().all(|(name, _)| fields(kind).iter().any(|(known, _)| known == name))
        }
    }
}

/// The edit of a text that sets a field. What is given as a whole and was left out is written as
/// it was meant, with this one change; with a word that makes another kind of an object, what that kind
/// does not have goes, and what it must have comes.
#[must_use]
pub fn set(guide: &Guide, text: &str, document: &Json, path: &str, value: &Json) -> Option<Edit> {
    let order = |inside: &str| guide.order(document, inside);
    let (outer, name) = path.rsplit_once('.').unwrap_or(("", path));
    let (schema, _) = guide.at(document, outer)?;
    let kinds = guide.kinds(schema, &|_| None);
    if deciding(&kinds, name).is_none() {
        let (path, value) = whole(guide, document, path, value);
        return put(text, &path, &value, &order);
    }
    let mut after = put(text, path, value, &order)?.applied(text);
    let mut json = parse(&after).ok()?;
    for foreign in foreign(guide, &json, outer) {
        after = take(&after, &foreign)?.applied(&after);
    }
    json = parse(&after).ok()?;
    let missing = form(guide, &json, outer, None).into_iter().filter(|f| !f.given && !f.free);
    for field in missing {
        let (schema, _) = guide.at(&json, &field.path)?;
        let mut all = guide.at(&json, outer).and_then(|(_, here)| fields_of(here?))?;
        all.push((field.name, blank(guide, schema)));
        apart(&mut all);
        let (_, value) = all.pop()?;
        let order = |inside: &str| guide.order(&json, inside);
        after = put(&after, &field.path, &value, &order)?.applied(&after);
        json = parse(&after).ok()?;
    }
    Some(Edit::between(text, &after))
}

/// The paths of fields that what stands at `path` cannot have.
fn foreign(guide: &Guide, document: &Json, path: &str) -> Vec<String> {
    let Some((schema, Some(Json::Object(given)))) = guide.at(document, path) else {
        return Vec::new();
    };
    let kinds = guide.kinds(schema, &|name| document_field(given, name));
    let known = |name: &str| kinds.iter().any(|kind| fields(kind).iter().any(|(n, _)| n == name));
    let paths = given.iter().flat_map(|(name, _)| {
        let inner = format!("{path}.{name}");
        if known(name) { foreign(guide, document, &inner) } else { vec![inner] }
    });
    paths.collect()
}

fn fields_of(json: &Json) -> Option<Vec<(String, Json)>> {
    if let Json::Object(fields) = json { Some(fields.clone()) } else { None }
}

fn document_field(given: &[(String, Json)], name: &str) -> Option<Json> {
    given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// The outermost part on the way to `path` that the document leaves out and whose default says more
/// than nothing, with the change made in it; else the path and value themselves.
fn whole(guide: &Guide, document: &Json, path: &str, value: &Json) -> (String, Json) {
    let ends = path.match_indices(['.', '[']).map(|(at, _)| at).filter(|at| *at > 0);
    for end in ends {
        let (outer, inner) = path.split_at(end);
        let Some((schema, None)) = guide.at(document, outer) else { continue };
        let default = schema.field("default").filter(|default| !matches!(default, Json::Null));
        let filled = |json: &Json| {
            !json.elements().is_empty() || matches!(json, Json::Object(all) if !all.is_empty())
        };
        if let Some(default) = default.filter(|default| filled(default)) {
            let mut part = slim(guide, schema, default);
            let dotted = inner.replace('[', ".").replace(']', "");
            part.set(dotted.trim_start_matches('.'), value.clone());
            return (outer.to_owned(), part);
        }
    }
    (path.to_owned(), value.clone())
}

/// A value without what would be the same if left out.
fn slim(guide: &Guide, schema: &Json, value: &Json) -> Json {
    let kinds = guide.kinds(schema, &|name| value.field(name).cloned());
    match value {
        Json::List(all) => match kinds.iter().find_map(|kind| kind.field("items")) {
            Some(item) => Json::List(all.iter().map(|one| slim(guide, item, one)).collect()),
            None => value.clone(),
        },
        Json::Object(all) => {
            let schema =
                |name: &str| kinds.iter().find_map(|kind| kind.field("properties")?.field(name));
            let kept = all.iter().filter_map(|(name, value)| {
                let slimmed =
                    schema(name).map_or_else(|| value.clone(), |of| slim(guide, of, value));
                let usual = schema(name).and_then(|of| of.field("default")) == Some(value);
                let empty = matches!(&slimmed, Json::Object(left) if left.is_empty());
                (!usual && !empty).then(|| (name.clone(), slimmed))
            });
            Json::Object(kept.collect())
        }
        other => other.clone(),
    }
}
