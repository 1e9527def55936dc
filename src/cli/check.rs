//! `replicarium check`: what the checker says of a recorded history, for people and as JSON.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use scenario::Json;
use scenario::history::{Failure, Hint, Judged, Order, Recorded, decode};
use view::number::count;

use super::args::Judge;
use super::bytes_of;
use super::mistake::Mistake;

/// Operations of an order that people are shown, and keys of which they are shown one; the JSON has them all.
const SHOWN: usize = 10;
const KEYS_SHOWN: usize = 3;

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
    let bytes = bytes_of(path).map_err(unreadable)?;
    let foreign = |why: &str| Mistake::UnreadableFile { path: path.clone(), why: why.to_owned() };
    let text = decode(&bytes).map_err(foreign)?;
    let mut history = Recorded::read(&text, judge.model).map_err(Mistake::History)?;
    drop((bytes, text));
    if let Some(initial) = &judge.initial {
        history.set_initial(&Recorded::value_of(initial));
    }
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
        ("format", Json::from(history.format.word())),
        ("model", Json::from(history.model.word())),
        ("operations", number(history.operations())),
        ("unknown", number(history.unknown())),
        ("keys", number(history.keys())),
        ("marks", number(history.marks)),
        ("steps", Json::from(judged.steps as f64)),
    ]);
    if let Some(Failure { key, longest, stuck, why, hint }) = &judged.failure {
        json.put("key", key.clone());
        json.set("witness.longest", Json::List(longest.clone()));
        json.set("witness.stuck", Json::List(stuck.clone()));
        json.set("witness.why", Json::List(why.iter().map(Json::text).collect()));
        if let Some(Hint { initial, linearizable }) = hint {
            json.set("hint.initial", initial.clone());
            json.set("hint.linearizable", linearizable.map_or(Json::Null, Json::from));
        }
    }
    if judged.linearizable == Some(true) {
        let order = |order: &Order| {
            let operations = history.in_order(order, 0, usize::MAX);
            Json::object([("key", order.key.clone()), ("operations", Json::List(operations))])
        };
        json.put("order", Json::List(judged.orders.iter().map(order).collect()));
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
    let marks = match history.marks {
        0 => String::new(),
        1 => "; 1 record of the fault injector is passed over".to_owned(),
        marks => format!("; {} records of the fault injector are passed over", n(marks)),
    };
    let _ = writeln!(out, "read as {}{marks}", history.format.title());
    if let Some(failure) = &judged.failure {
        fails(&mut out, failure);
    } else if let Some(undecided) = &judged.undecided {
        let _ = writeln!(out, "\nUndecided{}: {}", on_key(&undecided.key), undecided.why);
    } else {
        let _ = writeln!(out, "\nLinearizable");
        works(&mut out, history, &judged.orders);
    }
    out
}

/// The key, where there is more than one register.
fn on_key(key: &Json) -> String {
    if *key == Json::Null { String::new() } else { format!(" on key {key}") }
}

/// An order that works, shortened.
fn works(out: &mut String, history: &Recorded, orders: &[Order]) {
    for order in orders.iter().filter(|order| !order.is_empty()).take(KEYS_SHOWN) {
        let _ = writeln!(out, "\nAn order that works{}", on_key(&order.key));
        for operation in history.in_order(order, 0, SHOWN) {
            let _ = writeln!(out, "  {}", line(&operation));
        }
        let more = order.len().saturating_sub(SHOWN);
        if more > 0 {
            let _ = writeln!(out, "  and {} more (--json has them all)", count(more as u64));
        }
    }
    let keys = orders.len().saturating_sub(KEYS_SHOWN);
    if keys > 0 {
        let _ =
            writeln!(out, "\nAnd orders on {} more keys (--json has them all)", count(keys as u64));
    }
}

fn fails(out: &mut String, failure: &Failure) {
    let Failure { key, longest, stuck, why, hint } = failure;
    let _ = writeln!(out, "\nNot linearizable{}\n\nLongest order that works", on_key(key));
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
    for sentence in why {
        let _ = writeln!(out, "\n{sentence}");
    }
    if let Some(Hint { initial, linearizable }) = hint {
        let then = match linearizable {
            Some(true) => "linearizable",
            Some(false) => "not linearizable either",
            None => "undecided",
        };
        let _ = writeln!(
            out,
            "If that is the value at the beginning, say --initial {initial}: then it is {then}."
        );
    }
}

/// An operation: its lines, its process, what it does.
fn line(operation: &Json) -> String {
    let text = |name: &str| match operation.field(name) {
        Some(Json::Text(word)) if name == "f" => word.clone(),
        Some(json) => json.to_string(),
        None => String::new(),
    };
    let (word, places) = ["lines", "records"]
        .iter()
        .find_map(|word| Some((*word, operation.field(word)?.elements())))
        .unwrap_or(("lines", &[]));
    let places: Vec<String> = places.iter().map(Json::to_string).collect();
    let reads = matches!(text("f").as_str(), "read" | "get");
    let applied = match operation.field("applied") {
        Some(Json::Bool(true)) => ", applied",
        Some(_) => ", refused",
        None => "",
    };
    format!(
        "{:<14} process {:<4} {}{} {}{applied}",
        format!("{word} {}", places.join("-")),
        text("process"),
        text("f"),
        if reads { " said" } else { "" },
        text("value"),
    )
}
