//! A JSON document as a value: what a scenario file, a link and the page's fields hold.
//!
//! It is this small because it travels in the page, where a general JSON library and the standard
//! library's number formatting would cost more than a tenth of everything that a reader downloads.
//! It knows nothing of scenarios.

mod number;
mod parse;
mod print;

pub use number::plain;
pub use parse::{Misprint, parse, parse_exactly};

/// A JSON value. Objects keep the order in which they were typed.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object; no name stands in it twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// An object of these fields.
    #[must_use]
    pub fn object<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A string.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What it is in a word, for people.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The elements of a list; nothing for anything else.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        if let Self::List(elements) = self { elements } else { &[] }
    }

    /// The field of this name, if this is an object that has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// What a path of names joined by dots leads to; a number is a place in a list, from 0.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |json, name| match json {
            Self::List(elements) => elements.get(name.parse::<usize>().ok()?),
            other => other.field(name),
        })
    }

    /// Sets the field of this name. What is not an object becomes one.
    pub fn put(&mut self, name: &str, value: Self) {
        *self.slot(name) = value;
    }

    /// Sets what a path of names joined by dots leads to; objects on the way are made, elements of
    /// lists must be there.
    pub fn set(&mut self, path: &str, value: Self) {
        let mut here = self;
        for name in path.split('.') {
            let place = name.parse::<usize>().ok().filter(|place| *place < here.elements().len());
            here = match (here, place) {
                (Self::List(elements), Some(place)) => &mut elements[place],
                (other, _) => other.slot(name),
            };
        }
        *here = value;
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) {
        if let Self::Object(fields) = self {
            fields.retain(|(known, _)| known != name);
        }
    }

    /// Adds an element at the end. What is not a list becomes one.
    pub fn push(&mut self, element: Self) {
        if !matches!(self, Self::List(_)) {
            *self = Self::List(Vec::new());
        }
        if let Self::List(elements) = self {
            elements.push(element);
        }
    }

    /// The place of the field `name`, made if need be.
    fn slot(&mut self, name: &str) -> &mut Self {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(fields) = self else { unreachable!("made one just now") };
        let place = fields.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            fields.push((name.to_owned(), Self::Null));
            fields.len() - 1
        });
        &mut fields[place].1
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_makes_the_objects_that_it_needs() {
        let mut json = Json::Null;
        json.set("cluster.knobs.retention.records", Json::Number(5.0));
        json.set("cluster.nodes", Json::Number(3.0));
        json.set("cluster.nodes", Json::Number(5.0));
        let text = r#"{"cluster":{"knobs":{"retention":{"records":5}},"nodes":5}}"#;
        assert_eq!(json.to_string(), text);
        assert_eq!(json.at("cluster.nodes"), Some(&Json::Number(5.0)));
        assert_eq!(json.at("cluster.none.nodes"), None);
    }
}
