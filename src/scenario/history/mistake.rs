//! Mistakes in a recorded history: what, where and how to fix it, with an id that stays.

use core::fmt;

use crate::scenario::mistake::suggest;

/// A mistake and the line in which it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub mistake: Mistake,
    /// The line, counted from 1.
    pub line: u32,
}

/// What can be wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// The line is not JSON.
    NotJson { column: u32, what: &'static str },
    /// A field that must be there is not.
    MissingField { name: &'static str },
    /// A field that nothing reads.
    UnknownField { name: String },
    /// A value of the wrong kind.
    WrongType { name: &'static str, found: &'static str, wanted: &'static str },
    /// A number that cannot be told from its neighbours.
    InexactNumber { name: &'static str },
    /// A `type` that does not exist.
    UnknownType { found: String },
    /// A function that the model does not know.
    UnknownFunction { found: String, known: Vec<&'static str> },
    /// A function of another model than those before.
    MixedModels { found: &'static str, known: &'static [&'static str] },
    /// An end without a beginning.
    NoInvocation { process: String, kind: String },
    /// A second beginning before an end.
    AlreadyOpen { process: String, line: u32 },
    /// An end that tells of another operation than the beginning.
    OtherOperation { name: &'static str, line: u32 },
    /// More mistakes than are listed.
    More { count: usize },
}

/// The fields that are read, and those of other tools that are passed over.
pub const FIELDS: &[&str] =
    &["process", "type", "f", "key", "value", "applied", "time", "index", "error"];

/// What `type` can be.
pub const TYPES: &[&str] = &["invoke", "ok", "fail", "info"];

impl Mistake {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "history/not-json",
            Self::MissingField { .. } => "history/missing-field",
            Self::UnknownField { .. } => "history/unknown-field",
            Self::WrongType { .. } => "history/wrong-type",
            Self::InexactNumber { .. } => "history/inexact-number",
            Self::UnknownType { .. } => "history/unknown-type",
            Self::UnknownFunction { .. } => "history/unknown-function",
            Self::MixedModels { .. } => "history/mixed-models",
            Self::NoInvocation { .. } => "history/no-invocation",
            Self::AlreadyOpen { .. } => "history/already-open",
            Self::OtherOperation { .. } => "history/other-operation",
            Self::More { .. } => "history/more-mistakes",
        }
    }

    /// What is wrong, as one clause.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::NotJson { column, what } => format!("this is not JSON: column {column}: {what}"),
            Self::MissingField { name } => format!("\"{name}\" is missing"),
            Self::UnknownField { name } => format!("there is no field \"{name}\" here"),
            Self::WrongType { name, found, wanted } => format!("{name} is {found}, not {wanted}"),
            Self::InexactNumber { name } => {
                format!("the number in \"{name}\" cannot be told from its neighbours")
            }
            Self::UnknownType { found } => format!("there is no type \"{found}\""),
            Self::UnknownFunction { found, .. } => format!("there is no function \"{found}\""),
            Self::MixedModels { found, .. } => {
                format!("\"{found}\" is of another model than the functions before")
            }
            Self::NoInvocation { process, kind } => {
                format!("\"{kind}\" ends nothing: process {process} has no operation open")
            }
            Self::AlreadyOpen { process, line } => {
                format!("process {process} has an operation open since line {line}")
            }
            Self::OtherOperation { name, line } => {
                format!("\"{name}\" is not the one of the invocation in line {line}")
            }
            Self::More { count } => format!("and {count} more mistakes from here on"),
        }
    }

    /// How to put it right, as one clause.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::NotJson { .. } => "write one JSON object a line".to_owned(),
            Self::MissingField { name } => format!("add \"{name}\""),
            Self::UnknownField { name } => suggest("rename it to", name, FIELDS),
            Self::WrongType { wanted, .. } => format!("write {wanted}"),
            Self::InexactNumber { .. } => "write it as a string".to_owned(),
            Self::UnknownType { found } => suggest("write", found, TYPES),
            Self::UnknownFunction { found, known } => suggest("write", found, known),
            Self::MixedModels { known, .. } => {
                format!("keep to {}, or say which with --model", known.join(", "))
            }
            Self::NoInvocation { .. } => {
                "add its invocation before, or remove this line".to_owned()
            }
            Self::AlreadyOpen { .. } => {
                "end that one first (info, if its outcome is unknown), or use another process"
                    .to_owned()
            }
            Self::OtherOperation { .. } => "write the same as in that line".to_owned(),
            Self::More { .. } => "correct those above first".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, what, fix) = (self.mistake.id(), self.mistake.what(), self.mistake.fix());
        write!(f, "{id}: {what}\n  where: line {}\n  fix:   {fix}", self.line)
    }
}
