//! The JSON Schema (draft 2020-12) of a scenario, made from the same lists as its reader.

use super::fields::delay::{delay_rows, weighted_delay_rows};
use super::form::{Kind, Row};
use super::json::Json;
use super::system::{Protocols, rows};

/// The schema of a scenario document about one of these protocols.
#[must_use]
pub fn schema(protocols: Protocols) -> Json {
    let all: Vec<Vec<Row>> = protocols.iter().map(rows).collect();
    let Some(first) = all.first() else { return Json::Null };
    let mut top = object(first);
    // Only the cluster differs from protocol to protocol.
    let clusters = all.iter().filter_map(|rows| rows.iter().find(|row| row.name == "cluster"));
    let clusters: Vec<Json> = clusters.map(property).collect();
    if let [_, _, ..] = clusters.as_slice() {
        let told = "The nodes and how they replicate: one form for each protocol.";
        let choice = [("description", Json::text(told)), ("oneOf", Json::List(clusters))];
        top.set("properties.cluster", Json::object(choice));
    }
    let Json::Object(fields) = &mut top else { return top };
    let head = [
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("title", "Replicarium scenario, format 1"),
        ("description", "A run of a replicated database: cluster, surroundings, clients, script."),
    ];
    let head = head.map(|(name, text)| (name.to_owned(), Json::text(text)));
    fields.splice(0..0, head);
    let delays = Json::object([
        ("delay", object(&delay_rows())),
        ("weighted_delay", object(&weighted_delay_rows())),
    ]);
    fields.push(("$defs".to_owned(), delays));
    top
}

fn object(rows: &[Row]) -> Json {
    let properties = rows.iter().map(|row| (row.name.to_owned(), property(row))).collect();
    let required: Vec<Json> =
        rows.iter().filter(|row| row.required).map(|row| Json::text(row.name)).collect();
    let mut schema =
        Json::object([("type", "object".into()), ("properties", Json::Object(properties))]);
    if !required.is_empty() {
        schema.put("required", Json::List(required));
    }
    schema.put("additionalProperties", Json::Bool(false));
    schema
}

/// A field: what may stand in it, its sentence, its unit and its default.
fn property(row: &Row) -> Json {
    let mut schema = kind(&row.kind);
    schema.put("description", Json::text(described(row)));
    let merged = matches!(row.kind, Kind::Object { merged: true, .. });
    if !row.required && !merged {
        schema.put("default", row.default.clone());
    }
    schema
}

fn described(row: &Row) -> String {
    match &row.kind {
        Kind::Number { unit, .. } if !unit.is_empty() => format!("{} Unit: {unit}.", row.doc),
        // A field that holds one word for certain is for what that word means.
        Kind::Words(words) => match words.as_slice() {
            [(_, meaning)] if !meaning.is_empty() => (*meaning).to_owned(),
            _ => row.doc.to_owned(),
        },
        _ => row.doc.to_owned(),
    }
}

fn kind(kind: &Kind) -> Json {
    match kind {
        Kind::Number { min, max, whole, open, .. } => number(*min, *max, *whole, *open),
        Kind::Switch => Json::object([("type", "boolean".into())]),
        Kind::Text => Json::object([("type", "string".into())]),
        Kind::Null => Json::object([("type", "null".into())]),
        Kind::Pattern { pattern, example } => Json::object([
            ("type", "string".into()),
            ("pattern", Json::text(*pattern)),
            ("examples", Json::List(vec![Json::text(*example)])),
        ]),
        Kind::Words(words) => words_of(words),
        Kind::Object { rows, .. } => object(rows),
        Kind::List { of, least, most } => Json::object([
            ("type", "array".into()),
            ("items", self::kind(of)),
            ("minItems", Json::Number(f64::from(*least))),
            ("maxItems", Json::Number(f64::from(*most))),
        ]),
        Kind::Either(kinds) => {
            Json::object([("anyOf", Json::List(kinds.iter().map(self::kind).collect()))])
        }
        Kind::Named(name) => Json::object([("$ref", Json::text(format!("#/$defs/{name}")))]),
    }
}

fn number(min: f64, max: f64, whole: bool, open: bool) -> Json {
    let name = Json::text(if whole { "integer" } else { "number" });
    let of = if open { Json::List(vec![name, "null".into()]) } else { name };
    Json::object([("type", of), ("minimum", min.into()), ("maximum", max.into())])
}

/// Words that mean something each, or words alone.
fn words_of(words: &[(&'static str, &'static str)]) -> Json {
    if words.iter().all(|(_, meaning)| meaning.is_empty()) {
        let words = words.iter().map(|(word, _)| Json::text(*word)).collect();
        return Json::object([("enum", Json::List(words))]);
    }
    if let [(word, meaning)] = words {
        return constant(word, meaning);
    }
    let choices = words.iter().map(|(word, meaning)| constant(word, meaning)).collect();
    Json::object([("oneOf", Json::List(choices))])
}

fn constant(word: &str, meaning: &str) -> Json {
    Json::object([("const", Json::text(word)), ("description", Json::text(meaning))])
}
