//! Reads an exported history back: one flat JSON object a line.

use super::plain::{At, Ending, Function, History, Mark, Operation};

/// The fields of a line.
#[derive(Default)]
struct Line<'a> {
    process: &'a str,
    kind: &'a str,
    f: &'a str,
    key: &'a str,
    value: &'a str,
    time: u64,
    op: u32,
    client: &'a str,
    node: &'a str,
    epoch: u32,
    position: u32,
    attempt: u32,
    error: &'a str,
    given: &'a str,
    // Of a compare-and-set that was answered: whether it found what it expected.
    applied: &'a str,
}

fn fields(text: &str) -> Option<Line<'_>> {
    let mut line = Line::default();
    // No text of an export holds a quote, a colon or a brace.
    for field in text.strip_prefix('{')?.strip_suffix('}')?.split(",\"") {
        let (name, value) = field.split_once(':')?;
        let value = value.trim_matches('"');
        match name.trim_matches('"') {
            "process" => line.process = value,
            "type" => line.kind = value,
            "f" => line.f = value,
            "key" => line.key = value,
            "value" => line.value = value,
            "time" => line.time = value.parse().ok()?,
            "op" => line.op = value.parse().ok()?,
            "client" => line.client = value,
            "node" => line.node = value,
            "epoch" => line.epoch = value.parse().ok()?,
            "position" => line.position = value.parse().ok()?,
            "attempt" => line.attempt = value.parse().ok()?,
            "error" => line.error = value,
            "given" => line.given = value,
            "applied" => line.applied = value,
            _ => return None,
        }
    }
    Some(line)
}

/// Reads a history.
///
/// # Errors
/// The first line that cannot be read.
pub fn read(text: &str) -> Result<History, String> {
    let mut history = History::default();
    for (number, text) in (1..).zip(text.lines()) {
        take(&mut history, number, text).ok_or_else(|| format!("line {number}: {text}"))?;
    }
    Ok(history)
}

fn take(history: &mut History, number: u32, text: &str) -> Option<()> {
    let line = fields(text)?;
    let at = At { line: number, time: line.time };
    let named =
        if line.process == "nemesis" { line.f.split_once('-') } else { Some((line.kind, line.f)) };
    let named = named.and_then(|(kind, f)| Some((kind, function(f, line.value)?)));
    let Some((kind, function)) = named else {
        let refused = !line.error.is_empty();
        let (what, whom) = (line.f.to_owned(), line.value.to_owned());
        let (epoch, position) = (line.epoch, line.position);
        let numbers = line.given.split_ascii_whitespace().map(|number| number.parse().ok());
        let given = numbers.collect::<Option<Vec<u32>>>()?;
        let (operation, attempt) = (line.op, line.attempt);
        let mark = Mark { at, what, whom, operation, attempt, epoch, position, refused, given };
        history.marks.push(mark);
        return Some(());
    };
    if kind == "invoke" {
        let operation = Operation {
            number: line.op,
            client: line.client.to_owned(),
            function,
            key: line.key.strip_prefix('k')?.parse().ok()?,
            value: written(line.value),
            invoked: at,
            ended: At { line: u32::MAX, time: u64::MAX },
            ending: Ending::Open,
            node: None,
            epoch: 0,
            position: 0,
        };
        return history.operations.insert(line.op, operation).is_none().then_some(());
    }
    let operation = history.operations.get_mut(&line.op)?;
    operation.ending = match kind {
        "ok" if line.applied == "false" => Ending::Unequal,
        "ok" => Ending::Ok,
        "fail" => Ending::Failed { kept: false },
        "info" if line.error != "timeout" => Ending::Failed { kept: true },
        "info" => Ending::Unknown,
        _ => return None,
    };
    operation.ended = at;
    operation.node = (!line.node.is_empty()).then(|| line.node.to_owned());
    (operation.epoch, operation.position) = (line.epoch, line.position);
    if !operation.writes() {
        operation.value = line.value.parse().ok();
    }
    Some(())
}

fn function(f: &str, value: &str) -> Option<Function> {
    match f {
        "write" => Some(Function::Write),
        "read" => Some(Function::Read),
        "transfer" => Some(Function::Transfer),
        "cas" => {
            let (expected, _) = value.trim_start_matches('[').split_once(',')?;
            Some(Function::Swap { expected: expected.parse().ok() })
        }
        _ => None,
    }
}

/// A value, or the second of two: of a compare-and-set what it sets.
fn written(value: &str) -> Option<u64> {
    let value = value.trim_end_matches(']');
    value.rsplit(',').next().and_then(|value| value.parse().ok())
}
