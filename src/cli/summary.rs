//! The report for people: what became of the promises first, then the figures.

use std::fmt::Write as _;

use lab::Lab;
use lab::report::{LatencyMs, Replica, Report};
use scenario::action_text;
use view::number::{bytes, clock_ms, count, span_ms};

/// Lost writes that are listed; the JSON report has them all.
const LISTED: usize = 20;

/// The whole report.
#[must_use]
pub fn text(lab: &Lab, report: &Report) -> String {
    let mut out = String::new();
    head(&mut out, lab, report);
    promises(&mut out, lab);
    lost(&mut out, report);
    figures(&mut out, report);
    script(&mut out, lab, report);
    changes(&mut out, report);
    nodes(&mut out, &report.replicas);
    out
}

fn head(out: &mut String, lab: &Lab, report: &Report) {
    let title = &lab.scenario().title;
    if !title.is_empty() {
        let _ = writeln!(out, "{title}");
    }
    let (time, events) = (span_ms(report.simulated_ms), count(u64::from(report.events)));
    let _ =
        writeln!(out, "seed {}, {time}, {events} events, digest {}", report.seed, report.digest);
    let sentence = lab.sentence();
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    let _ = writeln!(out, "\n{}\n{}", parts.join(" "), sentence.why);
}

fn promises(out: &mut String, lab: &Lab) {
    let _ = writeln!(out, "\nPromises");
    for verdict in lab.verdicts() {
        let _ = writeln!(out, "  {:<14} {}", verdict.word, verdict.promise);
        if verdict.word != "holds" && !verdict.why.is_empty() {
            let _ = writeln!(out, "  {:<14}   {}", "", verdict.why);
        }
    }
}

fn lost(out: &mut String, report: &Report) {
    if report.lost.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nLost writes");
    for row in report.lost.iter().take(LISTED) {
        let name = format!("{} = {}", row.key, row.value);
        let at = clock_ms(row.acknowledged_ms);
        let _ = writeln!(out, "  {name:<14} acknowledged at {at}: {}", row.why);
    }
    if report.lost.len() > LISTED {
        let _ = writeln!(out, "  and {} more", report.lost.len() - LISTED);
    }
}

fn figures(out: &mut String, report: &Report) {
    let n = |number: u32| count(u64::from(number));
    let w = &report.writes;
    let _ = writeln!(out, "\nFigures");
    let _ = writeln!(
        out,
        "  writes         {} asked for, {} acknowledged, {} failed, {} unknown, {} lost",
        n(w.invoked),
        n(w.acknowledged),
        n(w.failed),
        n(w.unknown),
        n(w.lost)
    );
    let (total, stale) = (n(report.reads.total), n(report.reads.stale));
    let _ = writeln!(out, "  reads          {total} answered, {stale} stale");
    latency(out, "write latency", &report.latency_ms.write);
    latency(out, "read latency", &report.latency_ms.read);
    let (write, read) = (report.unavailable_ms.write, report.unavailable_ms.read);
    let _ = writeln!(out, "  unavailable    writes {}, reads {}", span_ms(write), span_ms(read));
    if report.split_brain_ms > 0.0 {
        let _ = writeln!(out, "  two leaders    for {}", span_ms(report.split_brain_ms));
    }
}

fn latency(out: &mut String, name: &str, latency: &LatencyMs) {
    let LatencyMs { p50: Some(p50), p90: Some(p90), p99: Some(p99), max: Some(max), .. } = latency
    else {
        return;
    };
    let _ = writeln!(
        out,
        "  {name:<14} median {}, 90 % {}, 99 % {}, longest {}",
        span_ms(*p50),
        span_ms(*p90),
        span_ms(*p99),
        span_ms(*max)
    );
}

/// What was done to the cluster up to the end of the run, and what was refused.
fn script(out: &mut String, lab: &Lab, report: &Report) {
    let numbered = lab.run().script().iter().zip(0..);
    let mut lines = numbered.filter(|(line, _)| line.at <= lab.now()).peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "\nScript");
    }
    for (line, number) in lines {
        let (at, does) = (clock_ms(line.at.as_millis_f64()), action_text(&line.action));
        let refused = report.refused.iter().find(|row| row.line == number);
        let refused = refused.map_or_else(String::new, |row| format!(": refused, {}", row.why));
        let _ = writeln!(out, "  {at:<14} {does}{refused}");
    }
    if !report.refused.is_empty() {
        let _ = writeln!(out, "\nRefused");
    }
    for row in &report.refused {
        let line = lab.run().script().get(row.line as usize);
        let does = line.map_or_else(String::new, |line| line.action.order());
        let _ = writeln!(out, "  {does} at {} was refused: {}", clock_ms(row.at_ms), row.why);
    }
}

fn changes(out: &mut String, report: &Report) {
    if report.failovers.is_empty() && report.catch_ups.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nChanges");
    for row in &report.failovers {
        let (at, new, epoch) = (clock_ms(row.promoted_ms), &row.new, row.epoch);
        let who = if row.old == row.new {
            format!("{new} leads again")
        } else {
            format!("{new} leads after {}", row.old)
        };
        let away = match (row.service_stopped_ms, row.time_to_recover_ms) {
            (Some(stopped), Some(took)) => {
                format!("; no write from {} on for {}", clock_ms(stopped), span_ms(took))
            }
            (Some(stopped), None) => format!("; no write from {} on", clock_ms(stopped)),
            (None, _) => String::new(),
        };
        let _ = writeln!(out, "  {at:<14} {who}, epoch {epoch} ({}){away}", row.began);
    }
    for row in &report.catch_ups {
        let from = if row.method == "log" { "the log" } else { "a snapshot" };
        let (at, node, size) = (clock_ms(row.started_ms), &row.node, bytes(row.bytes));
        let done = row.caught_up_ms.map_or_else(
            || "not caught up".to_owned(),
            |done| format!("caught up after {}", span_ms(done - row.started_ms)),
        );
        let _ = writeln!(out, "  {at:<14} {node} copies from {from}: {size}, {done}");
    }
}

fn nodes(out: &mut String, replicas: &[Replica]) {
    let _ =
        writeln!(out, "\nNodes  role          epoch      last   flushed committed   applied  data");
    let number = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    for row in replicas {
        let _ = writeln!(
            out,
            "  {:<4} {:<13} {:>5} {:>9} {:>9} {:>9} {:>9}  {}",
            row.node,
            row.role.unwrap_or(row.up),
            number(row.epoch),
            number(row.last),
            number(row.flushed),
            number(row.committed),
            number(row.applied),
            row.state_digest.as_deref().unwrap_or("-"),
        );
    }
}
