//! The example post cites figures; each is what the program says.

use replicarium::scenario::{Json, parse};
use std::collections::BTreeMap;
use std::process::Command;

const POST: &str = include_str!("../../www/embed/example.html");

/// The cited figures: scenario, field, and the text as a reader sees it.
fn cited() -> Vec<(String, String, String)> {
    let quoted = |text: &str, name: &str| {
        let rest = text.split_once(&format!("{name}=\"")).map(|(_, rest)| rest)?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let cite = |piece: &str| {
        let (run, field) = (quoted(piece, "data-run")?, quoted(piece, "data-figure")?);
        let text = piece.split_once('>')?.1.split_once("</span>")?.0;
        Some((run, field, text.to_owned()))
    };
    POST.split("<span ").skip(1).map(|piece| cite(piece).expect("a span cites a figure")).collect()
}

fn report(scenario: &str) -> Json {
    let run = Command::new(env!("CARGO_BIN_EXE_replicarium"))
        .args(["run", scenario, "--json"])
        .output()
        .expect("it runs");
    parse(&String::from_utf8(run.stdout).expect("a text")).expect("a report")
}

fn number(report: &Json, field: &str) -> f64 {
    let step = |json: &Json, name: &str| match name.parse::<usize>() {
        Ok(index) => json.elements()[index].clone(),
        Err(_) => json.field(name).unwrap_or_else(|| panic!("no {field}")).clone(),
    };
    field
        .split('.')
        .fold(report.clone(), |json, name| step(&json, name))
        .as_number()
        .expect("a number")
}

/// What a reader sees, as a number in the report's unit, and half of its last digit.
fn read(text: &str) -> (f64, f64) {
    let (digits, unit) = text.split_once(' ').unwrap_or((text, ""));
    let factor = match unit {
        "s" => 1_000.0,
        "" | "ms" => 1.0,
        other => panic!("unknown unit {other}"),
    };
    let digits = digits.replace(',', "");
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let last = (0..decimals).fold(factor, |unit, _| unit / 10.0);
    (digits.parse::<f64>().expect("a number") * factor, last / 2.0)
}

#[test]
fn every_figure_that_the_example_post_cites_is_what_the_run_shows() {
    let mut reports = BTreeMap::new();
    let cited = cited();
    assert!(cited.len() >= 15, "only {} figures", cited.len());
    for (run, field, text) in cited {
        let report = reports.entry(run.clone()).or_insert_with(|| report(&run));
        let (said, half) = read(&text);
        let is = number(report, &field);
        assert!(
            (is - said).abs() <= half * 1.000_001,
            "{run} {field}: the post says {text}, the run {is}"
        );
    }
}

#[test]
fn the_post_shows_the_runs_that_it_cites() {
    for (run, ..) in cited() {
        assert!(POST.contains(&format!("#{run}\"")), "{run} is cited, but cannot be opened");
    }
}
