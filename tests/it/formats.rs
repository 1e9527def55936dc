//! Every format of histories says the same: those of real systems keep their verdicts in each of them, and random
//! ones are read back as they were written.

use replicarium::scenario::history::{Bounds, Format, Recorded};
use replicarium::scenario::{Json, parse};

/// Random numbers that are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn text(json: &Json, name: &str) -> String {
    json.field(name).and_then(Json::as_text).unwrap_or_default().to_owned()
}

fn edn(json: &Json) -> String {
    match json {
        Json::Null => "nil".to_owned(),
        Json::List(elements) => {
            format!("[{}]", elements.iter().map(edn).collect::<Vec<String>>().join(" "))
        }
        other => other.to_string(),
    }
}

/// A record's value with its key before it, as Jepsen's independent keys have it.
fn with_key(record: &Json) -> Json {
    let value = record.field("value").cloned().unwrap_or(Json::Null);
    record.field("key").map_or(value.clone(), |key| Json::List(vec![key.clone(), value]))
}

fn edn_map(record: &Json, in_pairs: bool) -> String {
    let Json::Object(fields) = record else { panic!("{record}") };
    let field = |(name, value): &(String, Json)| match name.as_str() {
        "key" if in_pairs => String::new(),
        "value" if in_pairs => format!(":value {}, ", edn(&with_key(record))),
        "type" | "f" => format!(":{name} :{}, ", text(record, name)),
        name => format!(":{name} {}, ", edn(value)),
    };
    format!("{{{} :time 7}}", fields.iter().map(field).collect::<String>().trim_end_matches(", "))
}

fn row(record: &Json) -> String {
    let [kind, f] = ["type", "f"].map(|name| text(record, name));
    let process = record.field("process").map(Json::to_string).unwrap_or_default();
    format!("{process}\t:{kind}\t:{f}\t{}\n", edn(&with_key(record)))
}

/// A compare-and-set that was refused as one that did not happen.
fn failed(record: &Json) -> Json {
    let mut record = record.clone();
    if record.field("applied") == Some(&Json::Bool(false)) {
        record.remove("applied");
        record.put("type", Json::from("fail"));
    }
    record
}

/// The same history in every format that can say it, with what the format is called.
fn written(records: &[Json]) -> Vec<(Format, &'static str, String)> {
    let each = |write: &dyn Fn(&Json) -> String| records.iter().map(write).collect::<Vec<String>>();
    let lines = each(&Json::to_string);
    let refused = records.iter().any(|record| record.field("applied") == Some(&Json::Bool(false)));
    let mut all = vec![
        (Format::Lines, "lines", lines.join("\n")),
        (Format::Json, "array", format!("[\n{}\n]\n", lines.join(",\n"))),
        (Format::Json, "pretty", each(&|record| format!("{{\n{}", &record.pretty()[1..])).join("")),
        (Format::Edn, "maps", each(&|record| edn_map(record, false) + "\n").join("; a comment\n")),
        (Format::Edn, "pairs", each(&|record| edn_map(record, true)).join("\n")),
        (
            Format::Edn,
            "vector",
            format!(
                "\u{feff}[{}]",
                each(&|r| format!("#jepsen.history.Op{}", edn_map(r, false))).join("\n ")
            ),
        ),
    ];
    // A table has no place for `applied`: there, what was not applied has failed.
    let records: Vec<Json> = records.iter().map(failed).collect();
    let rows: Vec<String> = records.iter().map(row).collect();
    let log = |row: &String| format!("INFO  jepsen.util - {row}INFO  jepsen.core - more\n");
    let (table, weak) =
        if refused { ("refused as failed", "failed log") } else { ("table", "log") };
    all.push((Format::Table, table, rows.concat()));
    all.push((Format::Table, weak, rows.iter().map(log).collect()));
    all
}

/// A history as Porcupine's operations: those that failed cannot be said.
fn porcupine(records: &[Json]) -> String {
    let mut all: Vec<Json> = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let [kind, f] = ["type", "f"].map(|name| text(record, name));
        let client = record.field("process").cloned().unwrap_or(Json::Null);
        let time = Json::text((1_700_000_000_000_000_000 + place).to_string());
        let value = record.field("value").cloned().unwrap_or(Json::Null);
        let open = |json: &&mut Json| {
            json.field("ClientId") == Some(&client) && json.field("Open").is_some()
        };
        if kind == "invoke" {
            let mut json = Json::object([
                ("ClientId", client.clone()),
                ("Call", time),
                ("Return", Json::Null),
            ]);
            json.set("Input.op", Json::Text(f.clone()));
            record.field("key").into_iter().for_each(|key| json.set("Input.Key", key.clone()));
            match &value {
                Json::List(pair) => {
                    json.set("Input.from", pair[0].clone());
                    json.set("Input.to", pair[1].clone());
                }
                value if f != "read" && f != "get" => json.set("Input.value", value.clone()),
                _ => {}
            }
            json.put("Open", Json::Bool(true));
            all.push(json);
            continue;
        }
        let json = all.iter_mut().find(open).expect("an operation");
        json.remove("Open");
        match (kind.as_str(), f.as_str()) {
            ("ok", "cas") => {
                json.set("Output.ok", record.field("applied").cloned().unwrap_or(Json::Bool(true)))
            }
            ("ok", "read" | "get") => json.set("Output.value", value),
            ("fail", _) => json.put("Failed", Json::Bool(true)),
            _ => {}
        }
        if kind == "ok" {
            json.put("Return", time);
        }
    }
    all.retain(|json| json.field("Failed").is_none());
    with_times(&Json::List(all).pretty())
}

/// The text with its times as whole numbers, which no double holds.
fn with_times(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\"17000000000") {
        out.push_str(&rest[..at]);
        let end = at + 1 + rest[at + 1..].find('"').expect("the other quote");
        out.push_str(&rest[at + 1..end]);
        rest = &rest[end + 1..];
    }
    out + rest
}

fn judged(text: &str, name: &str) -> (Recorded, Option<bool>, Vec<Json>) {
    let read = Recorded::read(text, None);
    let told = |p: &replicarium::scenario::history::Problem| p.to_string();
    let mut history = read
        .unwrap_or_else(|p| panic!("{name}: {}\n{text}", p.iter().map(told).collect::<String>()));
    let judged = history.judge(Bounds::default());
    (history, judged.linearizable, judged.failure.map_or(Vec::new(), |failure| failure.stuck))
}

fn without_places(mut operations: Vec<Json>) -> Vec<Json> {
    for operation in &mut operations {
        operation.remove("lines");
        operation.remove("records");
    }
    operations
}

#[test]
fn histories_of_real_systems_keep_their_verdicts_in_every_format() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/histories");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect(name);
    let Ok(Json::Object(verdicts)) = parse(&read("verdicts.json")) else { panic!("an object") };
    let mut texts = 0;
    for (name, expected) in &verdicts {
        let original = read(&format!("{name}.jsonl"));
        let records: Vec<Json> =
            original.lines().map(|line| parse(line).expect("a record")).collect();
        let right = match expected.field("linearizable") {
            Some(Json::Bool(right)) => Some(*right),
            other => panic!("{name}: {other:?}"),
        };
        let stuck = judged(&original, name).2;
        let plain = without_places(stuck.clone());
        for (format, writer, text) in written(&records) {
            let (history, linearizable, found) = judged(&text, name);
            assert_eq!((history.format, linearizable), (format, right), "{name} as {writer}");
            if ["lines", "pairs", "table"].contains(&writer) {
                assert_eq!(found, stuck, "{name} as {writer}");
            }
            if !writer.contains("failed") {
                assert_eq!(without_places(found), plain, "{name} as {writer}");
            }
            texts += 1;
        }
        let (history, linearizable, found) = judged(&porcupine(&records), name);
        assert_eq!(
            (history.format, linearizable),
            (Format::Porcupine, right),
            "{name} as porcupine"
        );
        assert_eq!(without_places(found), plain, "{name} as porcupine");
    }
    println!("{texts} texts of {} histories, and each as Porcupine's", verdicts.len());
    assert_eq!(texts, 8 * verdicts.len());
}

const FIELDS: [&str; 6] = ["process", "type", "f", "key", "value", "applied"];

fn same(a: &[Json], b: &[Json]) -> bool {
    let fields = |json: &Json| FIELDS.map(|name| json.field(name).cloned());
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| fields(a) == fields(b))
}

/// Values of a register, or texts.
fn value(dice: &mut Dice, texts: bool, plain: bool) -> Json {
    let words = ["", "a", "x 1 y", "\"\\\n\t", "é😀", ":ok", "nil", "; {", "0"];
    match dice.below(if plain { 3 } else { 6 }) {
        _ if texts => Json::text(words[dice.below(9) as usize]),
        0 => Json::from(dice.below(5) as f64),
        1 => Json::from(-0.5 * dice.below(9) as f64),
        2 => Json::Null,
        3 => Json::Bool(dice.below(2) == 0),
        _ => Json::text(words[dice.below(9) as usize]),
    }
}

/// A history as `Recorded::records` tells it.
fn history(dice: &mut Dice, texts: bool, plain: bool) -> Vec<Json> {
    let keyed = dice.below(2) == 0;
    let names = [Json::from(0.0), Json::from(12.0), Json::text("reader"), Json::from(3.0)];
    let keys = [Json::text("x"), Json::from(7.0), Json::text("a b")];
    let functions = if texts { ["get", "put", "append"] } else { ["read", "write", "cas"] };
    let (mut open, mut records): (Vec<Option<Json>>, Vec<Json>) = (vec![None; 4], Vec::new());
    for _ in 0..dice.below(30) {
        let place = dice.below(4) as usize;
        let Some(mut ends) = open[place].take() else {
            let f = functions[dice.below(3) as usize];
            let mut call = Json::object([("process", names[place].clone()), ("f", Json::from(f))]);
            let pair = |dice: &mut Dice| vec![value(dice, false, plain), value(dice, false, plain)];
            call.put(
                "value",
                match f {
                    "read" | "get" => Json::Null,
                    "cas" => Json::List(pair(dice)),
                    _ => value(dice, texts, plain),
                },
            );
            if keyed {
                call.put("key", keys[dice.below(3) as usize].clone());
            }
            open[place] = Some(call.clone());
            call.put("type", Json::from("invoke"));
            records.push(call);
            continue;
        };
        let kind = ["ok", "ok", "fail", "info"][dice.below(4) as usize];
        ends.put("type", Json::from(kind));
        match text(&ends, "f").as_str() {
            "read" | "get" if kind == "ok" => ends.put("value", value(dice, texts, plain)),
            "cas" if kind == "ok" => ends.put("applied", Json::Bool(!plain || dice.below(3) > 0)),
            _ => {}
        }
        records.push(ends);
    }
    records
}

#[test]
fn a_history_is_read_back_as_it_was_written_in_every_format() {
    let (mut found, mut timed) = (0, 0);
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let (texts, plain) = (seed % 2 == 0, seed % 3 == 0);
        let records = history(&mut dice, texts, plain);
        if records.is_empty() {
            continue;
        }
        for (format, writer, text) in written(&records) {
            let name = format!("seed {seed} as {writer}");
            let (history, ..) = judged(&text, &name);
            assert_eq!(history.format, format, "{name}\n{text}");
            let back = history.records();
            let told: Vec<Json> = if writer.contains("failed") {
                records.iter().map(failed).collect()
            } else {
                records.clone()
            };
            assert!(same(&back, &told), "{name}\n{text}\n{told:?}\n{back:?}");
            found += 1;
        }
        let read = |r: &Json| matches!(r.field("value"), Some(Json::Text(_)));
        if (plain || texts) && (!texts || records.iter().any(read)) {
            let text = porcupine(&records);
            let (history, ..) = judged(&text, &format!("seed {seed} as porcupine"));
            let said = said_by_porcupine(&records);
            let back = history.records();
            let name = format!("seed {seed} as porcupine\n{text}\n{said:?}\n{back:?}");
            let applied = |r: &Json| text_model_matches(&history, r);
            if said.iter().all(applied) {
                assert!(same(&back, &said), "{name}");
                timed += 1;
            }
        }
    }
    println!("seeds 0..400: {found} texts, {timed} of Porcupine's");
    assert!(found > 2_000 && timed > 100, "{found} {timed}");
}

/// Whether the names of functions were kept: by numbers alone, reads and gets cannot be told apart.
fn text_model_matches(history: &Recorded, record: &Json) -> bool {
    history.model.functions().contains(&text(record, "f").as_str())
}

/// What Porcupine's operations can say: neither failures nor that an outcome is unknown.
fn said_by_porcupine(records: &[Json]) -> Vec<Json> {
    let mut said = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let process = record.field("process");
        let kind = text(record, "type");
        let next = records[place + 1..].iter().find(|later| later.field("process") == process);
        let fails = kind == "invoke" && next.is_some_and(|end| text(end, "type") == "fail");
        if !fails && kind != "fail" && kind != "info" {
            said.push(record.clone());
        }
    }
    said
}
