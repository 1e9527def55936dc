//! `replicarium check`: what the checker says of a recorded history, for people and as JSON.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use crate::scenario::Json;
use crate::scenario::history::{Failure, Judged, Recorded};
use crate::view::number::count;

use super::args::Judge;
use super::mistake::Mistake;
use super::text_of;

/// Operations of the longest order that people are shown; the JSON has them all.
const SHOWN: usize = 10;

/// Judges a history and prints what came out.
pub fn check(
    judge: &Judge,
    json: bool,
    expect: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Mistake> {
    let path = &judge.history;
    let unreadable =
        |why: std::io::Error| Mistake::UnreadableFile { path: path.clone(), why: why.to_string() };
    let text = text_of(path).map_err(unreadable)?;
    let mut history = Recorded::read(&text, judge.model).map_err(Mistake::History)?;
    drop(text);
    let judged = history.judge(judge.bounds);
    let text = if json { as_json(&history, &judged).pretty() } else { as_text(&history, &judged) };
    out.write_all(text.as_bytes())?;
    let disappoints = expect && judged.linearizable != Some(true);
    Ok(if disappoints { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn as_json(history: &Recorded, judged: &Judged) -> Json {
    let number = |count: usize| Json::from(count as f64);
    let mut json = Json::object([
        ("linearizable", judged.linearizable.map_or(Json::Null, Json::from)),
        ("model", Json::from(history.model.word())),
        ("operations", number(history.operations())),
        ("unknown", number(history.unknown())),
        ("keys", number(history.keys())),
        ("steps", Json::from(judged.steps as f64)),
    ]);
    if let Some(Failure { key, longest, stuck }) = &judged.failure {
        json.put("key", key.clone());
        json.set("witness.longest", Json::List(longest.clone()));
        json.set("witness.stuck", Json::List(stuck.clone()));
    }
    if let Some(undecided) = &judged.undecided {
        json.put("key", undecided.key.clone());
        json.put("undecided", Json::text(&undecided.why));
    }
    json
}

fn as_text(history: &Recorded, judged: &Judged) -> String {
    let mut out = String::new();
    let n = |number: usize| count(number as u64);
    let _ = writeln!(
        out,
        "{}: {} operations on {} key{}, {} of unknown outcome; {} steps",
        history.model.word(),
        n(history.operations()),
        n(history.keys()),
        if history.keys() == 1 { "" } else { "s" },
        n(history.unknown()),
        count(judged.steps)
    );
    if let Some(failure) = &judged.failure {
        fails(&mut out, failure);
    } else if let Some(undecided) = &judged.undecided {
        let _ = writeln!(out, "\nUndecided on key {}: {}", undecided.key, undecided.why);
    } else {
        let _ = writeln!(out, "\nLinearizable");
    }
    out
}

fn fails(out: &mut String, failure: &Failure) {
    let Failure { key, longest, stuck } = failure;
    let _ = writeln!(out, "\nNot linearizable on key {key}\n\nLongest order that works");
    let left_out = longest.len().saturating_sub(SHOWN);
    if left_out > 0 {
        let _ = writeln!(out, "  {} operations, the last of them:", count(longest.len() as u64));
    }
    if longest.is_empty() {
        let _ = writeln!(out, "  none");
    }
    for operation in &longest[left_out..] {
        let _ = writeln!(out, "  {}", line(operation));
    }
    let _ = writeln!(out, "\nCannot be ordered after it, nor in any other order");
    for operation in stuck {
        let _ = writeln!(out, "  {}", line(operation));
    }
}

/// An operation: its lines, its process, what it does.
fn line(operation: &Json) -> String {
    let text = |name: &str| match operation.field(name) {
        Some(Json::Text(word)) if name == "f" => word.clone(),
        Some(json) => json.to_string(),
        None => String::new(),
    };
    let lines: Vec<String> =
        operation.at("lines").map_or(&[][..], Json::elements).iter().map(Json::to_string).collect();
    let reads = matches!(text("f").as_str(), "read" | "get");
    let applied = match operation.field("applied") {
        Some(Json::Bool(true)) => ", applied",
        Some(_) => ", refused",
        None => "",
    };
    format!(
        "{:<14} process {:<4} {}{} {}{applied}",
        format!("lines {}", lines.join("-")),
        text("process"),
        text("f"),
        if reads { " said" } else { "" },
        text("value"),
    )
}
