//! Parts within parts: objects, lists of objects, and objects that may be `null`.

use crate::form::{Fields, Kind, Place, Slot, described, read_into, written};
use crate::json::Json;

/// An object whose left-out fields keep what they are.
pub struct Part<'a>(pub &'a mut dyn Fields);

impl Slot for Part<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        read_into(self.0, json, place);
    }

    fn write(&mut self) -> Json {
        written(self.0)
    }

    fn kind(&mut self) -> Kind {
        Kind::Object { rows: described(self.0), merged: true }
    }
}

/// An object or `null`; the second part is what an empty object means.
pub struct Maybe<'a, T>(pub &'a mut Option<T>, pub T);

impl<T: Fields + Clone> Slot for Maybe<'_, T> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if *json == Json::Null {
            *self.0 = None;
        } else {
            let mut part = self.1.clone();
            read_into(&mut part, json, place);
            *self.0 = Some(part);
        }
    }

    fn write(&mut self) -> Json {
        self.0.as_mut().map_or(Json::Null, |part| written(part))
    }

    fn kind(&mut self) -> Kind {
        let rows = described(&mut self.1);
        Kind::Either(vec![Kind::Object { rows, merged: false }, Kind::Null])
    }
}

/// Several objects of one kind; the second part is what an empty object means. `merged` elements
/// may be written without what is left at that.
pub struct List<'a, T> {
    /// The elements.
    pub elements: &'a mut Vec<T>,
    /// What an element is whose object is empty.
    pub blank: T,
    /// At most so many.
    pub most: u32,
    /// Whether an element may be written without its defaults.
    pub merged: bool,
}

impl<T: Fields + Clone> Slot for List<'_, T> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(found) = json else {
            place.wrong_type(json, "a list in brackets");
            return;
        };
        if found.len() > self.most as usize {
            place.wrong_type(json, format!("a list of at most {} elements", self.most));
            return;
        }
        self.elements.clear();
        for (index, json) in found.iter().enumerate() {
            let mut element = self.blank.clone();
            place.in_element(index, |place| read_into(&mut element, json, place));
            self.elements.push(element);
        }
    }

    fn write(&mut self) -> Json {
        Json::List(self.elements.iter_mut().map(|element| written(element)).collect())
    }

    fn kind(&mut self) -> Kind {
        let of = Kind::Object { rows: described(&mut self.blank), merged: self.merged };
        Kind::List { of: Box::new(of), least: 0, most: self.most }
    }
}
