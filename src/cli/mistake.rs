//! Mistakes in the arguments, in the same form as those in a scenario: what, where, how to fix.

use std::fmt;

use lab::export::EXPORTS;
use scenario::{Problem, history};

use super::args::COMMANDS;

/// What can be wrong with a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Mistake {
    /// A command that does not exist.
    UnknownCommand { found: String },
    /// An option or argument that the command does not take.
    UnknownArgument { found: String, known: &'static [&'static str] },
    /// No scenario was named.
    MissingScenario { command: &'static str },
    /// No history was named.
    MissingHistory,
    /// An option's value that is no number.
    BadNumber { option: &'static str, found: String },
    /// An option's value that is not the one that exists.
    BadChoice { option: &'static str, found: String, only: &'static str },
    /// A format that does not exist.
    UnknownFormat { found: String },
    /// A line of words that no picture has room for.
    TooLong { option: &'static str, letters: usize, most: usize },
    /// An argument that is not written as arguments are.
    BadArgument { why: String },
    /// Neither a built-in scenario nor a file.
    UnknownScenario { found: String },
    /// A file that cannot be read.
    UnreadableFile { path: String, why: String },
    /// Mistakes in the scenario, all of them.
    Scenario(Vec<Problem>),
    /// Mistakes in the history, all of them.
    History(Vec<history::Problem>),
    /// A range of seeds that is none.
    BadSeeds { found: String },
    /// A file that is no shard of a sweep.
    NoShard { path: String },
    /// Nobody reads the output any more. No mistake of anybody's.
    OutputClosed,
}

impl Mistake {
    /// Stable id, what is wrong, where, how to fix it.
    fn parts(&self) -> (&'static str, String, String, String) {
        let commands = || format!("commands are {}", COMMANDS.join(", "));
        match self {
            Self::UnknownCommand { found } => {
                let what = format!("there is no command \"{found}\"");
                ("cli/unknown-command", what, "the first argument".to_owned(), commands())
            }
            Self::UnknownArgument { found, known } => {
                let what = format!("\"{found}\" is not expected");
                let options = format!("options are {}", known.join(", "));
                let fix = if known.is_empty() { "leave it out".to_owned() } else { options };
                ("cli/unknown-argument", what, "the arguments".to_owned(), fix)
            }
            Self::MissingScenario { command } => {
                let fix = format!("replicarium {command} async-leader-crash, or a file's name");
                let what = "no scenario is named".to_owned();
                ("cli/missing-scenario", what, format!("after \"{command}\""), fix)
            }
            Self::MissingHistory => {
                let fix = "replicarium check history.jsonl".to_owned();
                let what = "no history is named".to_owned();
                ("cli/missing-history", what, "after \"check\"".to_owned(), fix)
            }
            Self::BadNumber { option, found } => {
                let what = format!("\"{found}\" is not a number from zero");
                ("cli/bad-number", what, (*option).to_owned(), format!("write {option} 7"))
            }
            Self::BadChoice { option, found, only } => {
                let what = format!("\"{found}\" is none of the choices");
                ("cli/bad-choice", what, (*option).to_owned(), format!("write {option} {only}"))
            }
            Self::UnknownFormat { found } => {
                let names: Vec<&str> = EXPORTS.iter().map(|kind| kind.name).collect();
                let what = format!("there is no format \"{found}\"");
                let fix = format!("formats are {}", names.join(", "));
                ("cli/unknown-format", what, "--format".to_owned(), fix)
            }
            Self::TooLong { option, letters, most } => {
                let what = format!("these are {letters} letters");
                let fix = format!("write {most} at most");
                ("cli/too-long", what, (*option).to_owned(), fix)
            }
            Self::BadSeeds { found } => {
                let what = format!("\"{found}\" is no range of seeds");
                ("cli/bad-seeds", what, "--seeds".to_owned(), "write --seeds 0..1000".to_owned())
            }
            Self::NoShard { path } => {
                let what = "this is no shard of a sweep".to_owned();
                let fix = "print one with `replicarium sweep SCENARIO --shard`".to_owned();
                ("cli/no-shard", what, path.clone(), fix)
            }
            Self::BadArgument { why } => {
                ("cli/bad-argument", why.clone(), "the arguments".to_owned(), commands())
            }
            Self::UnknownScenario { found } => {
                let what = format!("\"{found}\" is neither a built-in scenario nor a file");
                let fix = "`replicarium scenarios` lists what is built in".to_owned();
                ("cli/unknown-scenario", what, "the scenario's name".to_owned(), fix)
            }
            Self::UnreadableFile { path, why } => {
                let fix = "give a readable text file".to_owned();
                ("cli/unreadable-file", why.clone(), path.clone(), fix)
            }
            Self::Scenario(_) | Self::History(_) | Self::OutputClosed => {
                ("cli/output-closed", String::new(), String::new(), String::new())
            }
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = match self {
            Self::Scenario(problems) => problems.iter().map(ToString::to_string).collect(),
            Self::History(problems) => problems.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        if !told.is_empty() {
            return f.write_str(&told.join("\n"));
        }
        let (id, what, at, fix) = self.parts();
        write!(f, "{id}: {what}\n  where: {at}\n  fix:   {fix}")
    }
}

impl From<lexopt::Error> for Mistake {
    fn from(error: lexopt::Error) -> Self {
        Self::BadArgument { why: error.to_string() }
    }
}

impl From<std::io::Error> for Mistake {
    fn from(_: std::io::Error) -> Self {
        Self::OutputClosed
    }
}
