//! What the checker reads and explains.

use replicarium::scenario::{Json, parse};

use super::comes_out;
use crate::cli::says;

/// The path of an input.
fn path(name: &str) -> String {
    format!("{}/tests/cases/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What the checker says of an input, as JSON.
#[track_caller]
fn checked(name: &str, options: &[&str]) -> Json {
    let path = path(name);
    parse(&says(&[&["check", path.as_str(), "--json"], options].concat())).expect("json")
}

/// The value at a path, as it is written.
fn at(json: &Json, path: &str) -> String {
    json.at(path).map_or_else(|| "nothing".to_owned(), Json::to_string)
}

#[test]
fn a_jepsen_history_is_read_as_jepsen_writes_it() {
    let right = "false, stuck on 9 in lines [8,9]";
    let said = |json: &Json| {
        let stuck = (at(json, "witness.stuck.0.value"), at(json, "witness.stuck.0.lines"));
        format!("{}, stuck on {} in lines {}", at(json, "linearizable"), stuck.0, stuck.1)
    };
    for (name, format) in [
        ("jepsen-history.edn", "edn"),
        ("jepsen-history.txt", "text"),
        ("jepsen-history.jsonl", "json-lines"),
    ] {
        let json = checked(name, &[]);
        comes_out(name, "a Jepsen history is judged as it is", right, said(&json));
        comes_out(name, "the format is named", &format!("\"{format}\""), at(&json, "format"));
        comes_out(name, "the fault injector is a mark", "1", at(&json, "marks"));
        comes_out(
            name,
            "a compare-and-set that is ok was applied",
            "true",
            at(&json, "witness.longest.1.applied"),
        );
    }
    let name = "jepsen-history-by-hand.jsonl";
    let by_hand = checked(name, &[]);
    let same = said(&by_hand).replace("[7,8]", "[8,9]");
    comes_out(name, "converted by hand it comes to the same", right, same);
}

#[test]
fn a_read_of_a_failed_write_is_told_what_would_be_right() {
    let name = "aborted-read.jsonl";
    let json = checked(name, &[]);
    comes_out(name, "a write that failed was read", "false", at(&json, "linearizable"));
    let right = "\"3 could come only from lines 2-3, ended as fail; info would be right if it merely timed out.\"";
    comes_out(name, "where the value could have come from", right, at(&json, "witness.why.0"));
    let text = says(&["check", &path(name)]);
    assert!(text.contains(right.trim_matches('"')), "{text}");
}

#[test]
fn an_order_that_works_is_given() {
    let name = "why-linearizable.jsonl";
    let json = checked(name, &[]);
    let lines: Vec<String> =
        (0..9).map(|place| at(&json, &format!("order.0.operations.{place}.lines.0"))).collect();
    let right = "1 5 3 9 11 7 15 13 17";
    comes_out(name, "each answer has its place, and what timed out", right, lines.join(" "));
    comes_out(name, "nothing more is placed", "nothing", at(&json, "order.0.operations.9"));
    let text = says(&["check", &path(name)]);
    assert!(
        text.contains("An order that works on key \"x\"") && text.contains("lines 13-14"),
        "{text}"
    );
}

#[test]
fn a_value_that_only_a_refused_compare_and_set_makes_is_told() {
    let name = "cas-retried.jsonl";
    let json = checked(name, &[]);
    comes_out(
        name,
        "a retried compare-and-set was applied twice",
        "false",
        at(&json, "linearizable"),
    );
    let right = "\"4 could come only from lines 3-6, said not to have applied; info would be right if it merely timed out.\"";
    comes_out(name, "where the value could have come from", right, at(&json, "witness.why.0"));
}

#[test]
fn a_register_may_begin_with_another_value() {
    let name = "initial-value.jsonl";
    let json = checked(name, &[]);
    let hint = format!("{} {}", at(&json, "linearizable"), at(&json, "hint"));
    let right = "false {\"initial\":0,\"linearizable\":true}";
    comes_out(name, "a value that nobody wrote, and a hint", right, hint);
    let text = says(&["check", &path(name)]);
    assert!(text.contains("Nothing here writes 0.") && text.contains("--initial 0"), "{text}");
    let json = checked(name, &["--initial", "0"]);
    comes_out(name, "it starts at 0", "true", at(&json, "linearizable"));
    let json = checked(name, &["--initial", "1"]);
    comes_out(name, "it starts at 1", "false", at(&json, "linearizable"));
}
