//! Words, switches and free text.

use crate::form::{Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;

/// One of several words: (as typed, what it means, value).
pub struct Word<'a, T: 'static>(pub &'a mut T, pub &'static [(&'static str, &'static str, T)]);

impl<T: Copy + PartialEq> Slot for Word<'_, T> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Some(found) = json.as_text() else {
            let words: Vec<&str> = self.1.iter().map(|(word, ..)| *word).collect();
            place.wrong_type(json, format!("one of the words {}", words.join(", ")));
            return;
        };
        match self.1.iter().find(|(word, ..)| *word == found) {
            Some((.., value)) => *self.0 = *value,
            None => place.report(Mistake::UnknownWord {
                found: found.to_owned(),
                known: self.1.iter().map(|(word, ..)| *word).collect(),
            }),
        }
    }

    fn write(&mut self) -> Json {
        let word = self.1.iter().find(|(.., value)| value == self.0);
        word.map_or(Json::Null, |(word, ..)| Json::text(*word))
    }

    fn kind(&mut self) -> Kind {
        Kind::Words(self.1.iter().map(|(word, meaning, _)| (*word, *meaning)).collect())
    }
}

/// True or false.
pub struct Switch<'a>(pub &'a mut bool);

impl Slot for Switch<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        match json {
            Json::Bool(on) => *self.0 = *on,
            _ => place.wrong_type(json, "true or false"),
        }
    }

    fn write(&mut self) -> Json {
        Json::Bool(*self.0)
    }

    fn kind(&mut self) -> Kind {
        Kind::Switch
    }
}

/// Any text.
pub struct Text<'a>(pub &'a mut String);

impl Slot for Text<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        match json.as_text() {
            Some(text) => text.clone_into(self.0),
            None => place.wrong_type(json, "a text in double quotes"),
        }
    }

    fn write(&mut self) -> Json {
        Json::text(self.0.as_str())
    }

    fn kind(&mut self) -> Kind {
        Kind::Text
    }
}
