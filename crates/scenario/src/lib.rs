//! Scenarios: a run as a reader types it, and as the world is given it.
//!
//! One document in JSON says everything about a run; the same stands in a file, in a link and
//! behind the page's controls. Here it is read (with all its mistakes at once), written, described
//! as a schema, and kept ready under names. Nothing here runs anything.
#![doc = include_str!("../README.md")]

pub mod embed;
pub mod fields;
pub mod form;
pub mod history;
pub mod json;
pub mod knobs;
pub mod link;
pub mod mistake;
pub mod presets;
pub mod schema;
pub mod slot;
pub mod system;
pub mod text;
mod unused;

pub use fields::action::{action_json, action_of, action_text, scripted_json};
pub use json::{Json, Misprint};
pub use link::Opening;
pub use mistake::{Mistake, Problem};
pub use presets::{Filed, Preset, preset, presets};
pub use system::{Entry, Offered, Protocols, Scenario, System, deeds_of, entry};

/// Reads the text of a document.
///
/// # Errors
/// The text is not JSON.
pub fn parse(text: &str) -> Result<Json, Problem> {
    json::parse(text).map_err(|Misprint { line, column, what }| Problem {
        mistake: Mistake::NotJson { line, column, what },
        at: String::new(),
    })
}

/// Reads a scenario about any of these protocols from the text of its document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str, protocols: Protocols) -> Result<Scenario, Vec<Problem>> {
    let document = parse(text).map_err(|problem| vec![problem])?;
    Scenario::read(&document, protocols)
}
