//! What the schema of a scenario says about a place in a document: which kinds of value may stand
//! there, which fields an object has, what they are for.
//!
//! The schema is data: the page fetches it with all its sentences, and goes by its own without them
//! until it has come.

use crate::json::Json;
use crate::schema::schema;
use crate::system::Protocols;

/// References followed from one to the next.
const REFERENCES: u32 = 8;

/// A schema that is asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Guide {
    schema: Json,
}

/// Tells the value of a field that a document has at the place in question.
pub type Given<'a> = &'a dyn Fn(&str) -> Option<Json>;

impl Guide {
    /// A guide by a schema that was read; `None` if it is no schema of scenarios.
    #[must_use]
    pub fn of(schema: Json) -> Option<Self> {
        schema.at("properties.cluster").is_some().then_some(Self { schema })
    }

    /// A guide to scenarios about these protocols.
    #[must_use]
    pub fn to(protocols: Protocols) -> Self {
        Self { schema: schema(protocols) }
    }

    /// The whole document.
    #[must_use]
    pub fn root(&self) -> &Json {
        &self.schema
    }

    /// What a reference leads to; anything else is itself.
    fn resolved<'s>(&'s self, mut schema: &'s Json) -> &'s Json {
        for _ in 0..REFERENCES {
            let name = schema.field("$ref").and_then(Json::as_text);
            let found = name.and_then(|name| name.strip_prefix("#/$defs/"));
            match found.and_then(|name| self.schema.field("$defs")?.field(name)) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// Every kind of value that may stand where this schema holds. Of objects that differ in a fixed
    /// word, such as what an action does, only those whose word is `given`.
    #[must_use]
    pub fn kinds<'s>(&'s self, schema: &'s Json, given: Given) -> Vec<&'s Json> {
        let mut all = Vec::new();
        self.gather(schema, REFERENCES, &mut all);
        let fits = |kind: &&Json| {
            fields(kind).iter().all(|(name, field)| match (field.field("const"), given(name)) {
                (Some(wanted), Some(found)) => *wanted == found,
                _ => true,
            })
        };
        let fitting: Vec<&Json> = all.iter().copied().filter(fits).collect();
        if fitting.is_empty() { all } else { fitting }
    }

    fn gather<'s>(&'s self, schema: &'s Json, left: u32, all: &mut Vec<&'s Json>) {
        let schema = self.resolved(schema);
        match schema.field("oneOf").or(schema.field("anyOf")) {
            Some(choices) if left > 0 => {
                for choice in choices.elements() {
                    self.gather(choice, left - 1, all);
                }
            }
            _ => all.push(schema),
        }
    }

    /// The names of the fields of what stands at a path, in the order of the schema.
    #[must_use]
    pub fn order(&self, document: &Json, path: &str) -> Vec<String> {
        let Some((schema, here)) = self.at(document, path) else { return Vec::new() };
        let kinds = self.kinds(schema, &|name| here?.field(name).cloned());
        let names = kinds.iter().flat_map(|kind| fields(kind));
        names.map(|(name, _)| name.clone()).collect()
    }

    /// The schema of what stands at a path such as `script[3].node`, and what the document has there.
    #[must_use]
    pub fn at<'s, 'd>(
        &'s self,
        document: &'d Json,
        path: &str,
    ) -> Option<(&'s Json, Option<&'d Json>)> {
        let (mut schema, mut here) = (&self.schema, Some(document));
        for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
            let kinds = self.kinds(schema, &|name| here?.field(name).cloned());
            if let Some(index) = step.strip_suffix(']') {
                schema = kinds.iter().find_map(|kind| kind.field("items"))?;
                here = here.and_then(|list| list.elements().get(index.parse::<usize>().ok()?));
            } else {
                schema = kinds.iter().find_map(|kind| kind.field("properties")?.field(step))?;
                here = here.and_then(|object| object.field(step));
            }
        }
        Some((schema, here))
    }
}

/// The fields of an object's schema.
#[must_use]
pub fn fields(kind: &Json) -> &[(String, Json)] {
    if let Some(Json::Object(fields)) = kind.field("properties") { fields } else { &[] }
}

/// What a schema says that something is for.
#[must_use]
pub fn told(schema: &Json) -> &str {
    schema.field("description").and_then(Json::as_text).unwrap_or_default()
}

/// Whether a schema allows values of this type.
#[must_use]
pub fn is(kind: &Json, wanted: &str) -> bool {
    match kind.field("type") {
        Some(Json::Text(one)) => one == wanted,
        Some(Json::List(some)) => some.iter().any(|one| one.as_text() == Some(wanted)),
        _ => false,
    }
}

/// Whether an object of this kind must have the field.
#[must_use]
pub fn must_have(kind: &Json, name: &str) -> bool {
    let required = kind.field("required").map_or(&[][..], Json::elements);
    required.iter().any(|one| one.as_text() == Some(name))
}

/// The words that a kind fixes or chooses from, each with what it means.
#[must_use]
pub fn words(kind: &Json) -> Vec<(&str, &str)> {
    if let Some(word) = kind.field("const").and_then(Json::as_text) {
        return vec![(word, told(kind))];
    }
    let all = kind.field("enum").map_or(&[][..], Json::elements);
    all.iter().filter_map(|word| Some((word.as_text()?, ""))).collect()
}

/// What is written for a kind of value that nobody has chosen yet: its default, or the least that can
/// stand there.
#[must_use]
pub fn blank(guide: &Guide, schema: &Json) -> Json {
    if let Some(default) = schema.field("default").filter(|default| **default != Json::Null) {
        return default.clone();
    }
    let kinds = guide.kinds(schema, &|_| None);
    let Some(kind) = kinds.first() else { return Json::Null };
    if let Some((word, _)) = words(kind).first() {
        return Json::text(*word);
    }
    if let Some(example) = kind.field("examples").and_then(|all| all.elements().first()) {
        return example.clone();
    }
    if let Some(least) = kind.field("minimum") {
        return least.clone();
    }
    if is(kind, "array") {
        let least = kind.field("minItems").and_then(Json::as_number).unwrap_or(0.0);
        let item = kind.field("items").map_or(Json::Null, |item| blank(guide, item));
        return Json::List(if least > 1.5 {
            vec![item.clone(), item]
        } else if least > 0.5 {
            vec![item]
        } else {
            Vec::new()
        });
    }
    if is(kind, "object") {
        let needed = fields(kind).iter().filter(|(name, _)| must_have(kind, name));
        return Json::Object(
            needed.map(|(name, field)| (name.clone(), blank(guide, field))).collect(),
        );
    }
    if is(kind, "boolean") {
        return Json::Bool(false);
    }
    if is(kind, "string") { Json::text("") } else { Json::Null }
}

/// Two ends of a link are two nodes.
pub fn apart(fields: &mut [(String, Json)]) {
    let value = |name: &str| fields.iter().position(|(known, _)| known == name);
    if let (Some(from), Some(to)) = (value("from"), value("to")) {
        if fields[from].1 == fields[to].1 {
            fields[to].1 =
                Json::text(if fields[from].1.as_text() == Some("n2") { "n1" } else { "n2" });
        }
    }
}
