//! Inputs in which people met untrue outcomes or sentences, and some that came out right and must stay so: one test
//! each, with the right value, named for what it shows. The inputs stand in `tests/cases/`.
//!
//! `make cases` prints the table.

mod applying;
mod chain;
mod checker;
mod elections;
mod promises;
mod right;
mod sentences;
mod settings;
mod stores;

use std::fmt::Display;
use std::path::Path;

use replicarium::engine::base::SimTime;
use replicarium::engine::observe::Recorder;
use replicarium::engine::world::Run;
use replicarium::scenario::{Json, parse};

/// The text of an input, by the name of its file.
#[track_caller]
pub fn input(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The document of an input.
#[track_caller]
pub fn document(name: &str) -> Json {
    parse(&input(name)).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// Plays a document until `until_ms`, or to its end.
#[track_caller]
pub fn played(text: &str, until_ms: Option<u64>) -> Box<dyn Run<Recorder>> {
    let scenario = replicarium::protocols::read(text).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}\n{text}", problems.join("\n"))
    });
    let mut run = scenario.run();
    let until = until_ms.map_or(run.until(), SimTime::from_millis);
    run.advance(until, u32::MAX);
    run
}

/// A line of the table, and the test's demand: what was found is what is right.
#[track_caller]
pub fn comes_out(name: &str, shows: &str, right: &str, found: impl Display) {
    let found = found.to_string();
    println!("case | {name} | {shows} | {right} | {found}");
    assert_eq!(found, right, "{name}: {shows}\n  again: replicarium run tests/cases/{name}");
}

/// A line of the table, and a demand that is wider than one value.
#[track_caller]
pub fn holds(name: &str, shows: &str, right: &str, found: impl Display, is_so: bool) {
    println!("case | {name} | {shows} | {right} | {found}");
    assert!(
        is_so,
        "{name}: {shows}: right is {right}, found was {found}\n  again: replicarium run tests/cases/{name}"
    );
}
