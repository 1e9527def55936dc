//! Conversations: small runs as scripts with their transcripts, in `tests/conversations/*.txt`.
//!
//! ```text
//! # What it guards, in a sentence or two.
//! { "format": 1, … }                     the scenario document
//! > crash leader                         what is done, in the words of a script
//! > wait 500                             lets milliseconds pass
//! > until promoted                       lets things happen until an event of this sort
//! 00:03.412  n2 leads in epoch 2 …       what came of it: one line per event worth telling
//! ```
//!
//! `UPDATE=1 cargo test --test it conversations` rewrites the transcripts; commit only what you
//! can explain.

mod script;

use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations")
}

fn conversations() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder of conversations");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut texts: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    texts.sort();
    texts
}

/// The first line in which two texts differ, with what stands before it.
fn first_difference(expected: &str, found: &str) -> String {
    let mut lines = expected.lines().zip(found.lines()).enumerate();
    let differing = lines.find(|(_, (e, f))| e != f).map(|(number, _)| number);
    let number = differing.unwrap_or(expected.lines().count().min(found.lines().count()));
    let line = |text: &str| text.lines().nth(number).unwrap_or("(the end)").to_owned();
    format!("line {}\n  expected: {}\n  found:    {}", number + 1, line(expected), line(found))
}

#[test]
fn every_conversation_goes_as_it_is_written_down() {
    let paths = conversations();
    assert!(paths.len() >= 12, "only {} conversations", paths.len());
    let update = std::env::var("UPDATE").is_ok();
    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let expected = fs::read_to_string(&path).expect("it can be read");
        let found = script::play(&name, &expected);
        // What is the same is left alone: another test reads these files at the same time.
        if update && expected != found {
            fs::write(&path, &found).expect("it can be written");
        } else if expected != found {
            wrong.push(format!("{name}, {}", first_difference(&expected, &found)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nIf this is what you meant: UPDATE=1 cargo test --test it conversations",
        wrong.join("\n")
    );
}

#[test]
fn every_conversation_says_what_it_guards_and_is_short_enough_to_be_read() {
    for path in conversations() {
        let text = fs::read_to_string(&path).expect("it can be read");
        assert!(text.starts_with("# "), "{} does not say what it guards", path.display());
        let lines = text.lines().count();
        assert!(lines <= 150, "{} has {lines} lines", path.display());
    }
}
