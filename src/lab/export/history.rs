//! What the clients asked and were told, as `replicarium check` and other checkers read it: one JSON
//! record a line, in the order of the events, without times.

use std::collections::BTreeSet;

use crate::engine::observe::history::Row;
use crate::engine::protocol::Command;
use crate::lab::Lab;
use crate::scenario::Json;
use crate::view::number::things;

/// The history up to the playhead.
pub fn history(lab: &Lab) -> String {
    let (rows, _) = rows(lab);
    let mut text = String::new();
    for row in rows {
        text.push_str(&line(row).to_string());
        text.push('\n');
    }
    text
}

/// What the lines do not tell.
pub fn left_out(lab: &Lab) -> Option<String> {
    let (_, keys) = rows(lab);
    let named = things(keys, "key");
    (keys > 0).then(|| format!("operations on {named} that money moves between are left out"))
}

/// The rows, and how many keys are left out. No register moves money: a transfer is about two keys
/// at once, and what is read of them afterwards nobody could explain.
fn rows(lab: &Lab) -> (Vec<Row>, u32) {
    let mut rows = lab.run().observer().history().rows();
    let operations = lab.run().observer().history().iter();
    let moved: BTreeSet<String> =
        operations.flat_map(|(_, operation)| accounts(operation.command)).collect();
    rows.retain(|row| !moved.contains(&row.key));
    (rows, u32::try_from(moved.len()).unwrap_or(u32::MAX))
}

/// The keys that a transfer is about.
fn accounts(command: Command) -> Vec<String> {
    match command {
        Command::Transfer { from, to, .. } => vec![from.to_string(), to.to_string()],
        Command::Write { .. } | Command::Read { .. } => Vec::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "values are below 2^53")]
fn line(row: Row) -> Json {
    Json::object([
        ("process", Json::Number(f64::from(row.process))),
        ("type", row.kind.into()),
        ("f", row.f.into()),
        ("key", Json::text(row.key)),
        ("value", row.value.map_or(Json::Null, |value| Json::Number(value as f64))),
    ])
}
