//! Porcupine's operations as records: a call and a return each, in the order of their times. As Porcupine has
//! it, an operation that is called at the instant at which another returns overlaps it.
//!
//! What stands in `Input` and `Output` is each program's own; what is read here are the shapes of Porcupine's
//! examples: `op` by name, or by number (read or get, write or put, append or cas), or as whether it reads.

use super::mistake::Mistake;
use crate::json::Json;
use engine::base::sort;

/// A record, by the operation that it belongs to.
pub struct Record {
    /// Which operation, in the order in which they stand.
    pub operation: u32,
    /// The record.
    pub json: Json,
}

/// Whether this is an operation with its times.
pub fn is_operation(json: &Json) -> bool {
    ["input", "call"].iter().all(|name| field(json, &[name]).is_some())
}

/// The field of one of these names, however its letters are written.
fn field<'a>(json: &'a Json, names: &[&str]) -> Option<&'a Json> {
    let Json::Object(fields) = json else { return None };
    let found = |name: &&str| fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    names.iter().find_map(found).map(|(_, value)| value)
}

/// A time in billionths, whatever its unit.
fn time(json: Option<&Json>, name: &'static str) -> Result<i128, Mistake> {
    let missing = Mistake::MissingField { name };
    let json = json.ok_or(missing)?;
    let written = json.as_text().map_or_else(|| json.to_string(), str::to_owned);
    let (whole, decimals) = written.split_once('.').unwrap_or((&written, ""));
    let digits = format!("{whole}{:0<9.9}", decimals);
    let found = json.word();
    digits.parse().map_err(|_| Mistake::WrongType { name, found, wanted: "a number" })
}

/// Who asked, and both records in one.
struct Operation {
    client: Json,
    call: Json,
    end: Option<Json>,
    called: i128,
    returned: i128,
}

const VALUE: &[&str] = &["value", "val", "v", "arg1"];
const EXPECTED: &[&str] = &["expected", "old", "from", "arg1"];
const NEW: &[&str] = &["new", "to", "arg2"];

fn operation(json: &Json) -> Result<Operation, Mistake> {
    let get = |names: &[&str]| field(json, names).filter(|json| **json != Json::Null);
    let input = get(&["input"]).ok_or(Mistake::MissingField { name: "Input" })?;
    let Json::Object(_) = input else {
        let (name, found) = ("Input", input.word());
        return Err(Mistake::WrongType { name, found, wanted: "an object with op and value" });
    };
    let op =
        field(input, &["op", "f", "type", "kind"]).ok_or(Mistake::MissingField { name: "op" })?;
    let swaps = field(input, NEW).is_some();
    let f = match op {
        Json::Text(name) => name.to_ascii_lowercase(),
        Json::Bool(reads) => if *reads { "read" } else { "write" }.to_owned(),
        Json::Number(0.0) => "read".to_owned(),
        Json::Number(1.0) => "write".to_owned(),
        Json::Number(2.0) => if swaps { "cas" } else { "append" }.to_owned(),
        other => {
            let (name, found) = ("op", other.word());
            return Err(Mistake::WrongType { name, found, wanted: "a name, or 0, 1 or 2" });
        }
    };
    let reads = matches!(f.as_str(), "read" | "get");
    let missing = || Mistake::MissingField { name: "value" };
    let value = match (reads, field(input, EXPECTED), field(input, NEW)) {
        (true, ..) => Json::Null,
        (false, Some(expected), Some(new)) if f == "cas" => {
            Json::List(vec![expected.clone(), new.clone()])
        }
        _ => field(input, VALUE).ok_or_else(missing)?.clone(),
    };
    let mut call = Json::object([("f", Json::Text(f.clone())), ("value", value)]);
    if let Some(key) = field(input, &["key", "k"]) {
        call.put("key", key.clone());
    }
    let output = field(json, &["output"]).unwrap_or(&Json::Null);
    let unknown = field(output, &["unknown"]) == Some(&Json::Bool(true));
    let returned = get(&["return"]).filter(|_| !unknown);
    let end = returned.map(|_| end(&call, &f, reads, output));
    let called = time(get(&["call"]), "Call")?;
    let returned = if returned.is_some() { time(returned, "Return")? } else { called };
    if returned < called {
        return Err(Mistake::EndsBefore);
    }
    let client = get(&["clientid"]).cloned().unwrap_or(Json::Null);
    Ok(Operation { client, call, end, called, returned })
}

fn end(call: &Json, f: &str, reads: bool, output: &Json) -> Json {
    let mut end = call.clone();
    let scalar = !matches!(output, Json::Object(_));
    if reads {
        let gone = field(output, &["exists"]) == Some(&Json::Bool(false));
        let value = if scalar { Some(output) } else { field(output, VALUE) };
        end.put("value", value.filter(|_| !gone).cloned().unwrap_or(Json::Null));
    } else if f == "cas" {
        let applied = if scalar { Some(output) } else { field(output, &["ok", "applied"]) };
        end.put("applied", applied.cloned().unwrap_or(Json::Bool(true)));
    }
    end
}

/// All operations as records in the order of their times, and who asked for each.
pub struct Timed {
    /// The records.
    pub records: Vec<Record>,
    /// By operation: the client.
    pub clients: Vec<Json>,
}

/// What is wrong is told with the operation's place.
pub fn timed(all: &[Json]) -> Result<Timed, Vec<(usize, Mistake)>> {
    let (mut operations, mut wrong) = (Vec::new(), Vec::new());
    for (place, json) in all.iter().enumerate() {
        match operation(json) {
            Ok(operation) => operations.push(operation),
            Err(mistake) => wrong.push((place, mistake)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    name_functions(&mut operations);
    let mut events: Vec<(i128, bool, u32)> = Vec::with_capacity(2 * operations.len());
    for (place, operation) in (0..).zip(&operations) {
        events.push((operation.called, false, place));
        if operation.end.is_some() {
            events.push((operation.returned, true, place));
        }
    }
    sort(&mut events);
    let record = |(_, ends, place): (i128, bool, u32)| {
        let operation = &operations[place as usize];
        let end = operation.end.as_ref().filter(|_| ends);
        let mut json = end.unwrap_or(&operation.call).clone();
        json.put("process", Json::from(f64::from(place)));
        json.put("type", Json::from(if ends { "ok" } else { "invoke" }));
        Record { operation: place, json }
    };
    let records = events.into_iter().map(record).collect();
    let name = |(place, operation): (u32, &Operation)| match &operation.client {
        Json::Null => Json::from(f64::from(place)),
        client => client.clone(),
    };
    Ok(Timed { records, clients: (0..).zip(&operations).map(name).collect() })
}

/// Get and put are read and write where no value is a text, and the other way round: numbers of functions
/// do not say which they are.
fn name_functions(operations: &mut [Operation]) {
    let value = |json: &Json| matches!(json.field("value"), Some(Json::Text(_)));
    let f = |op: &Operation, name: &str| op.call.field("f") == Some(&Json::from(name));
    let texts = |op: &Operation| value(&op.call) || op.end.as_ref().is_some_and(value);
    let swaps = operations.iter().any(|op| f(op, "cas"));
    let appends = operations.iter().any(|op| f(op, "append"));
    let texts = !swaps && (appends || operations.iter().any(texts));
    for operation in operations {
        for json in [Some(&mut operation.call), operation.end.as_mut()].into_iter().flatten() {
            let name = match json.field("f").and_then(Json::as_text) {
                Some("read" | "get") => {
                    if texts {
                        "get"
                    } else {
                        "read"
                    }
                }
                Some("write" | "put") => {
                    if texts {
                        "put"
                    } else {
                        "write"
                    }
                }
                _ => continue,
            };
            json.put("f", Json::from(name));
        }
    }
}
