//! The one place where a field is listed gives its reader, its writer and its description.
//!
//! A struct of a scenario implements [`Fields`]: it names its fields once, in order, each with a
//! sentence and a slot (its kind, unit and range). Three forms are filled in by that list:
//! [`Reading`] takes values from a document and collects every mistake, `Writing` makes a
//! document, `Describing` lists what there is, for the schema and the page's knobs.

use engine::base::SimTime;
use engine::world::Faults;

use super::json::Json;
use super::mistake::{Mistake, Problem};

/// A struct that lists its fields.
pub trait Fields {
    /// Shows every field to `form`, always in the same order.
    fn fields(&mut self, form: &mut dyn Form);
}

/// Something that a list of fields is shown to.
pub trait Form {
    /// A field that may be left out.
    fn on_field(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot);
    /// A field that must be there.
    fn on_required(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot);
    /// The place for mistakes, while a document is read.
    fn reader(&mut self) -> Option<&mut Place>;
    /// Whether a document is read and has this field.
    fn gives(&self, name: &str) -> bool;
    /// Whether a field is wanted that is used or not at present: a document that is written
    /// leaves out what has no meaning in it.
    fn wants(&self, used: bool) -> bool;
}

impl dyn Form + '_ {
    /// Shows a field that may be left out.
    #[inline(always)]
    pub fn field(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        self.on_field(name, said(doc), slot);
    }

    /// Shows a field that must be there.
    #[inline(always)]
    pub fn required(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        self.on_required(name, said(doc), slot);
    }
}

/// Only the schema tells what fields are for, and only the command line writes it: the page does
/// not carry these sentences.
#[inline(always)]
const fn said(doc: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { doc }
}

/// What stands behind one field.
pub trait Slot {
    /// Takes the value from a document, or says what is wrong with it and leaves it as it was.
    fn read(&mut self, json: &Json, place: &mut Place);
    /// The value, as it would be typed.
    fn write(&mut self) -> Json;
    /// What may stand here.
    fn kind(&mut self) -> Kind;
}

/// What may stand in a field.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number.
    Number {
        /// The least that it may be.
        min: f64,
        /// The most that it may be.
        max: f64,
        /// What it counts or is measured in, such as `ms`; empty: nothing.
        unit: &'static str,
        /// Whether it must have no decimals.
        whole: bool,
        /// Whether `null` may stand in its place.
        open: bool,
    },
    /// True or false.
    Switch,
    /// Any text.
    Text,
    /// A text of a certain form.
    Pattern {
        /// The regular expression that it must match, as JSON Schema has them.
        pattern: &'static str,
        /// A text that matches.
        example: &'static str,
    },
    /// One of these words, each with what it means.
    Words(Vec<(&'static str, &'static str)>),
    /// An object with these fields and no others.
    Object {
        /// Its fields, in their order.
        rows: Vec<Row>,
        /// Whether fields that are left out keep their defaults; else it is given as a whole.
        merged: bool,
    },
    /// Several of the same.
    List {
        /// What each element is.
        of: Box<Kind>,
        /// How many there must be.
        least: u32,
        /// How many there may be.
        most: u32,
    },
    /// Any of these.
    Either(Vec<Kind>),
    /// `null`.
    Null,
    /// A kind described elsewhere in the schema, to break the circle of delays within delays.
    Named(&'static str),
}

/// A field, described.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// One sentence or more.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What may stand in it.
    pub kind: Kind,
    /// What it is if left out.
    pub default: Json,
}

/// Where a reader is in a document, what it knows of the whole, and what it found wrong so far.
#[derive(Debug)]
pub struct Place {
    path: String,
    /// Every mistake so far, in the order of the fields.
    pub problems: Vec<Problem>,
    /// The cluster that nodes are looked up in.
    pub cluster: Growth,
    /// When the line of the script that is read happens.
    pub now: Option<SimTime>,
    /// The names of the protocols that there are.
    pub protocols: Vec<&'static str>,
    /// What can be done to a cluster.
    pub faults: Faults,
}

/// How many nodes a cluster has, and when.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Nodes at the start.
    pub start: u8,
    /// When followers are added.
    pub joins: Vec<SimTime>,
    /// When the run ends.
    pub until: SimTime,
}

impl Growth {
    /// So many nodes, for ever.
    #[must_use]
    pub fn fixed(start: u8) -> Self {
        Self { start, joins: Vec::new(), until: SimTime::NEVER }
    }

    /// Nodes at this time; `None`: at the end.
    #[must_use]
    pub fn nodes(&self, now: Option<SimTime>) -> u8 {
        let joined = self.joins.iter().filter(|at| now.is_none_or(|now| **at <= now)).count();
        u8::try_from(joined).unwrap_or(u8::MAX).saturating_add(self.start)
    }
}

impl Place {
    /// The document itself.
    #[must_use]
    pub fn new(cluster: Growth) -> Self {
        let (path, problems, protocols) = (String::new(), Vec::new(), Vec::new());
        Self { path, problems, cluster, now: None, protocols, faults: &[] }
    }

    /// Says that something is wrong here.
    pub fn report(&mut self, mistake: Mistake) {
        self.problems.push(Problem { mistake, at: self.path.clone() });
    }

    /// Says that a field means something only with another, unless it does.
    pub fn only_with(&mut self, name: &'static str, other: &'static str, means: bool) {
        if !means {
            self.report(Mistake::OnlyWith { name, other });
        }
    }

    /// Says that there are at most `most` of what this counts, if it counts more.
    pub fn at_most(&mut self, count: Option<u8>, most: u8, unit: &'static str) {
        if let Some(found) = count.filter(|count| *count > most).map(f64::from) {
            self.report(Mistake::OutOfRange { found, min: 1.0, max: most.into(), unit });
        }
    }

    /// Goes into a field for a while.
    pub fn in_field<T>(&mut self, name: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let seen = look(self);
        self.path.truncate(length);
        seen
    }

    /// Goes into the `index`-th element of a list for a while, counted from 0.
    pub fn in_element<T>(&mut self, index: usize, look: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        let seen = look(self);
        self.path.truncate(length);
        seen
    }

    /// Says that something of another kind was wanted.
    pub fn wrong_type(&mut self, found: &Json, wanted: impl Into<String>) {
        self.report(Mistake::WrongType { found: found.word(), wanted: wanted.into() });
    }
}

/// Takes the fields of an object from a document.
pub struct Reading<'a> {
    object: &'a [(String, Json)],
    place: &'a mut Place,
    known: Vec<&'static str>,
}

impl Form for Reading<'_> {
    fn on_field(&mut self, name: &'static str, _doc: &'static str, slot: &mut dyn Slot) {
        self.known.push(name);
        if let Some((_, json)) = self.object.iter().find(|(known, _)| known == name) {
            self.place.in_field(name, |place| slot.read(json, place));
        }
    }

    fn on_required(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        if !self.gives(name) {
            self.place.report(Mistake::MissingField { name, doc });
        }
        self.on_field(name, doc, slot);
    }

    fn reader(&mut self) -> Option<&mut Place> {
        Some(self.place)
    }

    fn gives(&self, name: &str) -> bool {
        self.object.iter().any(|(known, _)| known == name)
    }

    fn wants(&self, _used: bool) -> bool {
        true
    }
}

/// Reads an object into `subject`: what the object leaves out stays as it is.
pub fn read_into(subject: &mut dyn Fields, json: &Json, place: &mut Place) {
    let Json::Object(object) = json else {
        place.wrong_type(json, "an object in braces");
        return;
    };
    let mut form = Reading { object, place, known: Vec::new() };
    subject.fields(&mut form);
    let Reading { known, place, .. } = form;
    for (name, _) in object.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        let mistake = Mistake::UnknownField { name: name.clone(), known: known.clone() };
        place.in_field(name, |place| place.report(mistake));
    }
}

/// Makes a document.
#[derive(Default)]
struct Writing(Vec<(String, Json)>);

impl Form for Writing {
    fn on_field(&mut self, name: &'static str, _doc: &'static str, slot: &mut dyn Slot) {
        self.0.push((name.to_owned(), slot.write()));
    }

    fn on_required(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        self.on_field(name, doc, slot);
    }

    fn reader(&mut self) -> Option<&mut Place> {
        None
    }

    fn gives(&self, _name: &str) -> bool {
        false
    }

    fn wants(&self, used: bool) -> bool {
        used
    }
}

/// Every field of `subject` as an object.
pub fn written(subject: &mut dyn Fields) -> Json {
    let mut form = Writing::default();
    subject.fields(&mut form);
    Json::Object(form.0)
}

/// Lists what there is.
#[derive(Default)]
struct Describing(Vec<Row>);

impl Form for Describing {
    fn on_field(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        let (kind, default) = (slot.kind(), slot.write());
        self.0.push(Row { name, doc, required: false, kind, default });
    }

    fn on_required(&mut self, name: &'static str, doc: &'static str, slot: &mut dyn Slot) {
        self.0.push(Row { name, doc, required: true, kind: slot.kind(), default: Json::Null });
    }

    fn reader(&mut self) -> Option<&mut Place> {
        None
    }

    fn gives(&self, _name: &str) -> bool {
        false
    }

    fn wants(&self, _used: bool) -> bool {
        true
    }
}

/// Every field of `subject`, described; its present values are the defaults.
pub fn described(subject: &mut dyn Fields) -> Vec<Row> {
    let mut form = Describing::default();
    subject.fields(&mut form);
    form.0
}

/// What `json` says beyond the defaults of `rows`.
#[must_use]
pub fn beyond_defaults(json: Json, rows: &[Row]) -> Json {
    let Json::Object(fields) = json else { return json };
    let kept = fields.into_iter().filter_map(|(name, value)| {
        let row = rows.iter().find(|row| row.name == name)?;
        let short = match &row.kind {
            Kind::Object { rows, merged: true } => beyond_defaults(value.clone(), rows),
            Kind::List { of, .. } => shorter_elements(value.clone(), of),
            _ => value.clone(),
        };
        let told = row.required || value != row.default;
        told.then_some((name, short))
    });
    Json::Object(kept.collect())
}

fn shorter_elements(json: Json, of: &Kind) -> Json {
    match (json, of) {
        (Json::List(elements), Kind::Object { rows, merged: true }) => {
            Json::List(elements.into_iter().map(|e| beyond_defaults(e, rows)).collect())
        }
        (json, _) => json,
    }
}
