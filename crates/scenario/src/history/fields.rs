//! The fields of a record, and what is wrong with them.

use super::mistake::{FIELDS, Mistake};
use crate::json::Json;
use crate::mistake::distance;
use engine::base::sort;

/// What was read, or why not.
pub type Read<T> = Result<T, Mistake>;

/// The fields of a record.
pub struct Fields<'a>(pub &'a Json);

impl<'a> Fields<'a> {
    /// A field that must be there.
    pub fn get(&self, name: &'static str) -> Read<&'a Json> {
        self.0.field(name).ok_or(Mistake::MissingField { name })
    }

    /// A name, with or without the colon of a keyword.
    pub fn word(&self, name: &'static str) -> Read<&'a str> {
        let json = self.get(name)?;
        let word = json.as_text().ok_or_else(|| wrong(name, json, "a string"))?;
        Ok(word.strip_prefix(':').unwrap_or(word))
    }

    /// The value, if it is there and not `null`.
    pub fn value(&self) -> Option<&'a Json> {
        self.0.field("value").filter(|value| **value != Json::Null)
    }

    /// A field that was meant to be one that is missing.
    pub fn misspelled(&self) -> Option<&'a str> {
        let Json::Object(fields) = self.0 else { return None };
        let letters = |name: &str| {
            let mut letters: Vec<u8> = name.bytes().collect();
            sort(&mut letters);
            letters
        };
        let meant =
            |name: &str, known: &str| distance(name, known) < 2 || letters(name) == letters(known);
        let known = |name: &str| FIELDS.contains(&name);
        let others = fields.iter().map(|(name, _)| name.as_str()).filter(|name| !known(name));
        let mut others = others.filter(|name| name.len() > 2);
        let missing = ["process", "type", "key", "value", "applied"];
        others.find(|name| {
            missing.iter().any(|known| self.0.field(known).is_none() && meant(name, known))
        })
    }
}

/// A value of the wrong kind.
pub fn wrong(name: &'static str, found: &Json, wanted: &'static str) -> Mistake {
    Mistake::WrongType { name, found: found.word(), wanted }
}

/// A number or a string that names something.
pub fn name<'a>(name: &'static str, json: &'a Json) -> Read<&'a Json> {
    match json {
        Json::Text(_) | Json::Number(_) => Ok(json),
        other => Err(wrong(name, other, "a number or a string")),
    }
}

/// A list of two.
pub fn pair(json: &Json) -> Option<(&Json, &Json)> {
    let [first, second] = json.elements() else { return None };
    Some((first, second))
}
