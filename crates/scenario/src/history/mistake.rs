//! Mistakes in a recorded history: what, where and how to fix it, with an id that stays.

use core::fmt;

use super::Format;
use crate::mistake::suggest;

/// A mistake and where it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub mistake: Mistake,
    /// The line, counted from 1.
    pub line: u32,
    /// The record, counted from 1, where several stand in a line; otherwise 0.
    pub record: u32,
    /// What the history was read as.
    pub format: Option<Format>,
}

impl Problem {
    /// Where it is: "line 7 of a Jepsen history in EDN".
    #[must_use]
    pub fn place(&self) -> String {
        let place = match self.record {
            0 => format!("line {}", self.line),
            record => format!("record {record}"),
        };
        self.format.map_or(place.clone(), |format| format!("{place} of {}", format.title()))
    }
}

/// What can be wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// No format is recognised.
    NoFormat,
    /// It is not JSON, or not EDN, whatever it looked like.
    Unreadable {
        /// What it was read as, `JSON` or `EDN`.
        format: &'static str,
        /// The column, counted from 1; in the first line of a record in JSON, from its beginning.
        column: u32,
        /// What is wrong there, in a few words.
        what: &'static str,
    },
    /// A line of a table that tells of no operation.
    NoRow,
    /// A field that must be there is not.
    MissingField {
        /// What it would be called.
        name: &'static str,
    },
    /// A field that nothing reads, where one of a similar name is missing.
    UnknownField {
        /// What it is called.
        name: String,
    },
    /// A value of the wrong kind.
    WrongType {
        /// The field, or words for it such as `the record`.
        name: &'static str,
        /// What kind of value stands there, such as `a list`.
        found: &'static str,
        /// What kind of value must stand there.
        wanted: &'static str,
    },
    /// An operation that returns before it is called.
    EndsBefore,
    /// An invocation does not give its key in the way in which the first one does.
    MixedKeys {
        /// The line of the first invocation, counted from 1.
        line: u32,
    },
    /// A `type` that does not exist.
    UnknownType {
        /// The type as written, without a colon.
        found: String,
    },
    /// A function that the model does not know.
    UnknownFunction {
        /// The function as written, without a colon.
        found: String,
        /// The functions of the model that was asked for; of all models, if none was.
        known: Vec<&'static str>,
    },
    /// A function of something that is no register and no key-value store.
    OutOfScope {
        /// The function as written, without a colon.
        found: String,
        /// What such functions are about, such as `sets`.
        of: &'static str,
        /// What judges histories of that.
        tool: &'static str,
    },
    /// A function of another model than those before.
    MixedModels {
        /// The function, which is one of another model.
        found: &'static str,
        /// The functions of the model of those before.
        known: &'static [&'static str],
    },
    /// An end without a beginning.
    NoInvocation {
        /// The process that has no operation open.
        process: String,
        /// The type of the end: `ok`, `fail` or `info`.
        kind: String,
    },
    /// A second beginning before an end.
    AlreadyOpen {
        /// The process that has an operation open.
        process: String,
        /// The line of that operation's invocation, counted from 1.
        line: u32,
    },
    /// An end that tells of another operation than the beginning.
    OtherOperation {
        /// The field that differs: `f`, `key` or `value`.
        name: &'static str,
        /// The line of the invocation, counted from 1.
        line: u32,
    },
    /// More mistakes than are listed.
    More {
        /// How many are not listed, at least 1.
        count: usize,
    },
}

/// Functions of what is not judged here: of what, and who judges it.
pub const OTHERS: &[(&[&str], &str, &str)] = &[
    (&["add", "remove"], "sets", "Jepsen's set or set-full checker"),
    (&["enqueue", "dequeue", "drain"], "queues", "Jepsen's total-queue checker or Knossos"),
    (&["acquire", "release", "lock", "unlock"], "locks", "Knossos' mutex model"),
    (&["txn"], "transactions", "Elle"),
    (&["inc", "dec", "increment", "decrement"], "counters", "Jepsen's counter checker"),
    (&["transfer"], "accounts", "Jepsen's bank checker"),
];

/// The fields that are read, and those of other tools that are passed over.
pub const FIELDS: &[&str] = &[
    "process", "type", "f", "key", "value", "applied", "time", "index", "error", "op", "client",
    "node", "epoch", "position", "attempt",
];

/// What `type` can be.
pub const TYPES: &[&str] = &["invoke", "ok", "fail", "info"];

impl Mistake {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NoFormat => "history/no-format",
            Self::Unreadable { format: "EDN", .. } => "history/not-edn",
            Self::Unreadable { .. } => "history/not-json",
            Self::NoRow => "history/no-row",
            Self::MissingField { .. } => "history/missing-field",
            Self::UnknownField { .. } => "history/unknown-field",
            Self::WrongType { .. } => "history/wrong-type",
            Self::EndsBefore => "history/ends-before",
            Self::MixedKeys { .. } => "history/mixed-keys",
            Self::OutOfScope { .. } => "history/out-of-scope",
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
            Self::NoFormat => "no format of histories begins like this".to_owned(),
            Self::Unreadable { format, column, what } => {
                format!("this is not {format}: column {column}: {what}")
            }
            Self::NoRow => "this is no row of process, type, function and value".to_owned(),
            Self::MissingField { name } => format!("\"{name}\" is missing"),
            Self::UnknownField { name } => format!("there is no field \"{name}\" here"),
            Self::WrongType { name, found, wanted } => format!("{name} is {found}, not {wanted}"),
            Self::EndsBefore => "it returns before it is called".to_owned(),
            Self::MixedKeys { line } => {
                format!("its key is not given in the way of the invocation in line {line}")
            }
            Self::OutOfScope { found, of, .. } => {
                format!(
                    "\"{found}\" is a function of {of}: only registers and key-value stores are judged"
                )
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
            Self::NoFormat => {
                "give Jepsen's history.edn or history.txt, Porcupine's operations as \
                               JSON, or JSON records: {\"process\":0,\"type\":\"invoke\",\"f\":\
                               \"write\",\"value\":1}"
                    .to_owned()
            }
            Self::Unreadable { format: "EDN", .. } => {
                "write a map a line: {:process 0, :type :invoke, :f :read, :value nil}".to_owned()
            }
            Self::Unreadable { .. } => "write one JSON object a line".to_owned(),
            Self::NoRow => "write it like 0 :invoke :write 1, or remove it".to_owned(),
            Self::MissingField { name } => format!("add \"{name}\""),
            Self::UnknownField { name } => suggest("rename it to", name, FIELDS),
            Self::WrongType { wanted, .. } => format!("write {wanted}"),
            Self::EndsBefore => "let Return be no earlier than Call".to_owned(),
            Self::MixedKeys { .. } => {
                "give every invocation a \"key\", or a value of [key value], or none".to_owned()
            }
            Self::OutOfScope { tool, .. } => format!("judge it with {tool}"),
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
        write!(f, "{id}: {what}\n  where: {}\n  fix:   {fix}", self.place())
    }
}
