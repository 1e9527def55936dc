//! The words of the scenario editor, and of what is said about a file that was opened.

/// The button that opens it.
pub const EDIT: &str = "Edit";
/// Its heading.
pub const EDITOR: &str = "The scenario";
/// How to use it.
pub const EDITOR_SAYS: &str =
    "As text and as a form: both say the same. Ctrl+Space completes, Ctrl+Enter runs.";
/// The text.
pub const TEXT: &str = "Text of the scenario";
/// The form.
pub const FORM: &str = "The same as a form";
/// Why the form rests.
pub const FORM_RESTS: &str = "The form waits until the text is JSON again.";
/// Plays it.
pub const RUN: &str = "Run it";
/// Lays it out.
pub const FORMAT: &str = "Format";
/// Saves it.
pub const DOWNLOAD: &str = "Download";
/// Opens a file.
pub const OPEN: &str = "Open file…";
/// Back to what runs.
pub const RESET: &str = "As it runs";
/// The text is older than the run.
pub const KEPT: &str = "This is what you typed before; another scenario runs now.";
/// No mistakes.
pub const SOUND: &str = "No mistakes.";
/// What may come next.
pub const OFFERS: &str = "What may come next";
/// An element more.
pub const ADD: &str = "Add";
/// Leaves a field out.
#[must_use]
pub fn leave_out(name: &str) -> String {
    format!("Leave out {name}")
}
/// How many mistakes.
#[must_use]
pub fn mistakes(count: usize) -> String {
    if count == 1 { "1 mistake".to_owned() } else { format!("{count} mistakes") }
}
/// Mistakes that are not listed.
#[must_use]
pub fn more_mistakes(count: usize) -> String {
    format!("and {count} more")
}
/// Where a mistake is: "line 7, column 3".
#[must_use]
pub fn spot(line: u32, column: u32) -> String {
    format!("line {line}, column {column}")
}
/// The text is longer than any scenario.
pub const TOO_LONG: &str = "This text is too long for a scenario: 1 MB at most.";

/// Where files are dropped.
pub const DROP: &str = "Drop a scenario, a run or a history here";
/// A file of another kind.
pub const FOREIGN: &str = "Replicarium cannot open this file";
/// What can be opened.
pub const OURS: &str = "What opens here: a scenario or a run (JSON), and a history of operations \
                        (Jepsen's EDN, text or JSON; Porcupine's operations).";
/// A file that is too large.
pub const TOO_LARGE: &str = "It is larger than 4 MB.";
/// A file that could not be read.
pub const UNREADABLE: &str = "The browser could not read it.";
/// A history with mistakes.
pub const BAD_HISTORY: &str = "This history has mistakes";
/// A history's verdict.
pub const LINEARIZABLE: &str = "This history is linearizable";
/// A history's verdict.
pub const NOT_LINEARIZABLE: &str = "This history is not linearizable";
/// A history's verdict.
pub const UNDECIDED: &str = "This history is undecided";
/// Why there is no verdict.
pub const GIVEN_UP: &str = "The page looks no further: replicarium check does, without this bound.";
/// What was read.
#[must_use]
pub fn operations(count: usize, keys: usize, unknown: usize) -> String {
    let keys = if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") };
    format!("{count} operations on {keys}, {unknown} of unknown outcome.")
}
/// Why it is not linearizable.
#[must_use]
pub fn stuck(key: &str, ordered: usize) -> String {
    let on = if key == "null" { String::new() } else { format!("On key {key}: ") };
    format!(
        "{on}{ordered} operations can be put in an order, but none of these can follow, in that \
         order or any other:"
    )
}
/// An operation of a history: its lines, its process, what it did.
#[must_use]
pub fn operation(lines: &str, process: &str, f: &str, value: &str) -> String {
    format!("lines {lines}: process {process}, {f} {value}")
}
/// A mistake and where it is.
#[must_use]
pub fn at(place: &str, what: &str, fix: &str) -> String {
    format!("{place}: {what}; {fix}")
}
/// In which format a history was written, and what was passed over in it.
#[must_use]
pub fn read_as(format: &str, marks: usize) -> String {
    match marks {
        0 => format!("Read as {format}."),
        1 => format!("Read as {format}; 1 record of the fault injector is passed over."),
        marks => {
            format!("Read as {format}; {marks} records of the fault injector are passed over.")
        }
    }
}
/// What begins an order that works.
#[must_use]
pub fn order(key: &str, operations: usize, keys: usize) -> String {
    let on = if key == "null" { String::new() } else { format!(" on key {key}") };
    let all = if keys > 1 { "; there is one on each key" } else { "" };
    format!(
        "An order of the {operations} operations{on} that explains every answer begins like this{all}:"
    )
}
/// What would change the verdict.
#[must_use]
pub fn hint(initial: &str, linearizable: Option<bool>) -> String {
    let then = match linearizable {
        Some(true) => "linearizable",
        Some(false) => "not linearizable either",
        None => "undecided",
    };
    format!("If {initial} is the value at the beginning, it is {then}.")
}
