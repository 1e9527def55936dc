//! What the page says of every scenario kept ready, at its key moments and at its end, in one text that
//! reads as stories; and its figures and colours, held against the report of the same run.
//! `UPDATE=1` accepts what there is now: read it as a stranger would.

use std::fmt::Write as _;
use std::path::PathBuf;

use replicarium::engine::protocol::note::Resolution;
use replicarium::engine::protocol::{Note, Outcome};
use replicarium::engine::world::What;
use replicarium::lab::{Lab, SimTime, Span};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, Preset, presets};
use replicarium::view::number::{clock_ms, count};
use replicarium::view::{Sentence, Tone};

use crate::support::parallel::each;

/// So long after something was done it is looked at.
const JUST_AFTER: Span = Span::from_millis(100);

fn open(preset: &Preset) -> Lab {
    Lab::load(&preset.document(), PROTOCOLS)
        .unwrap_or_else(|_| panic!("{} cannot be read", preset.name))
}

fn played(preset: &Preset) -> Lab {
    let mut lab = open(preset);
    lab.finish();
    lab
}

/// When something was done to the cluster, when somebody began to lead, and the end; each with what
/// happened, in order.
fn moments(lab: &Lab) -> Vec<(SimTime, String)> {
    let run = lab.run();
    let done = run.script().iter().map(|line| (line.at + JUST_AFTER, line.action.order()));
    let led = run.observer().failovers().promotions();
    let led = led.map(|change| (change.promoted, format!("{} leads", change.new)));
    let mut all: Vec<(SimTime, String)> = done.chain(led).collect();
    all.sort_by_key(|(at, _)| *at);
    all.push((run.until(), "the end".to_owned()));
    all.dedup_by_key(|(at, _)| *at);
    all
}

/// The large line, each part with its colour, and the smaller one.
fn told(sentence: &Sentence) -> String {
    let mark = |tone: Tone| match tone {
        Tone::Good => "green",
        Tone::Lost => "red",
        Tone::Wait => "amber",
        _ => "plain",
    };
    let mut text = String::new();
    for (tone, part) in &sentence.parts {
        let _ = writeln!(text, "  {:<6} {part}", mark(*tone));
    }
    for line in sentence.why.split_inclusive(". ").filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "         {}", line.trim_end());
    }
    text
}

pub fn story(preset: &Preset) -> String {
    let ended = played(preset);
    let mut text = format!("# {} ({})\n", ended.scenario().title, preset.name);
    let mut lab = open(preset);
    for (at, what) in moments(&ended) {
        while lab.now() < at.min(lab.until()) {
            lab.seek(at);
        }
        let clock = clock_ms(lab.now().as_millis_f64());
        let _ = write!(text, "{clock}: {what}\n{}", told(&lab.sentence()));
    }
    text
}

#[test]
fn every_scenario_tells_its_story() {
    let all: Vec<_> = presets(PROTOCOLS).collect();
    let text = each(&all, |preset| story(preset)).join("\n");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/stories.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the golden is written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = known.lines().zip(text.lines()).find(|(known, now)| known != now);
    assert!(known == text, "{differs:?}: read {}, then accept with UPDATE=1", path.display());
}

/// The names of the promises that a scenario is about.
fn about(preset: &Preset) -> Vec<String> {
    let document = preset.document();
    let names = document.field("about").map_or(&[][..], Json::elements);
    names.iter().filter_map(Json::as_text).map(str::to_owned).collect()
}

/// Looks at every scenario at every key moment.
fn at_every_moment(check: &(dyn Fn(&Preset, &Lab, &Sentence) -> Result<(), String> + Sync)) {
    let all: Vec<_> = presets(PROTOCOLS).collect();
    let wrong = each(&all, |preset| {
        let ended = played(preset);
        let mut lab = open(preset);
        for (at, _) in moments(&ended) {
            while lab.now() < at.min(lab.until()) {
                lab.seek(at);
            }
            let sentence = lab.sentence();
            if let Err(why) = check(preset, &lab, &sentence) {
                let at = clock_ms(lab.now().as_millis_f64());
                return Some(format!("{} at {at}: {why}: {}", preset.name, told(&sentence)));
            }
        }
        None
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn green_means_that_no_promise_is_broken_that_the_scenario_is_about() {
    at_every_moment(&|preset, lab, sentence| {
        let about = about(preset);
        if about.is_empty() {
            return Err("it names no promise that it is about".to_owned());
        }
        let report = lab.report();
        let broken = report.verdicts.iter().filter(|row| row.verdict == "broken");
        let broken: Vec<&str> = broken.map(|row| row.promise).collect();
        let worst = about.iter().any(|promise| broken.contains(&promise.as_str()));
        let has = |tone: Tone| sentence.parts.iter().any(|(of_part, _)| *of_part == tone);
        match (worst, has(Tone::Good), has(Tone::Lost)) {
            (true, true, _) => Err(format!("green, and broken: {broken:?}")),
            (true, _, false) => Err(format!("nothing is red, and broken: {broken:?}")),
            (false, _, true) if lab.at_end() => Err(format!("red, and broken: {broken:?}")),
            (false, false, _) if lab.at_end() => Err("nothing is green".to_owned()),
            _ => Ok(()),
        }
    });
}

/// The number before some words, if the text has them: `1,747` before " writes acknowledged".
fn number_before(text: &str, words: &str) -> Option<u32> {
    let head = text.split_once(words)?.0;
    let number: String =
        head.chars().rev().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    let digits: String = number.chars().rev().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn whole(sentence: &Sentence) -> String {
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    format!("{} {}", parts.join(" "), sentence.why)
}

#[test]
fn figures_are_those_of_the_report() {
    at_every_moment(&|_, lab, sentence| {
        let (text, report) = (whole(sentence), lab.report());
        let figures = [
            (" writes acknowledged", report.writes.acknowledged),
            (" acknowledged writes count", report.writes.acknowledged),
            (" acknowledged additions count", report.writes.acknowledged),
            (" of them are lost", report.writes.lost),
            (" of them were overwritten unseen", report.writes.overwritten),
            (" writes are stored, though", report.writes.partial),
            (" reads showed the past", report.reads.total),
            (" missed what their own client had saved", report.reads.own_writes_missing),
            (" went back in time", report.reads.back_in_time),
            (" showed an effect without its cause", report.reads.out_of_order),
        ];
        for (words, figure) in figures {
            if let Some(found) = number_before(&text, words).filter(|found| *found != figure) {
                return Err(format!("{found}{words}, and the report says {figure}"));
            }
        }
        let stale = format!(" of {} reads showed the past", count(report.reads.total.into()));
        match number_before(&text, &stale) {
            Some(found) if found != report.reads.stale => Err(format!("{found}{stale}")),
            _ => Ok(()),
        }
    });
}

/// "6.004 s" as microseconds: from there to before the next millisecond.
fn clocked(text: &str) -> Option<(u64, u64)> {
    let (seconds, millis) = text.trim().strip_suffix(" s")?.split_once('.')?;
    let millis = seconds.parse::<u64>().ok()? * 1_000 + millis.parse::<u64>().ok()?;
    let from = millis * 1_000;
    Some((from, from + 999))
}

/// Recounted from what clients were told: nobody was told “saved” in the time that the sentence names,
/// and somebody was at its end.
#[test]
fn a_time_without_service_has_no_acknowledgement_in_it() {
    at_every_moment(&|_, lab, sentence| {
        let text = whole(sentence);
        let Some((_, rest)) = text.split_once("No write was acknowledged") else { return Ok(()) };
        let Some((_, rest)) = rest.split_once("from ") else { return Ok(()) };
        let found = rest
            .split_once(" to ")
            .and_then(|(from, rest)| Some((clocked(from)?, clocked(rest.split_once(" (")?.0)?)));
        let Some((from, to)) = found else { return Err("its times cannot be read".to_owned()) };
        let history = lab.run().observer().history();
        let told = history.iter().filter(|(_, operation)| operation.is_acknowledged());
        let told: Vec<u64> = told.map(|(_, operation)| operation.ended.micros()).collect();
        if let Some(within) = told.iter().find(|at| **at > from.1 && **at < to.0) {
            return Err(format!("a write was acknowledged at {within} µs"));
        }
        let ends = told.iter().any(|at| (to.0..=to.1).contains(at));
        if ends { Ok(()) } else { Err("no write was acknowledged at its end".to_owned()) }
    });
}

/// Recounted from the trace, event by event.
#[test]
fn what_stories_count_is_what_the_trace_tells() {
    at_every_moment(&|_, lab, sentence| {
        let (mut handed, mut filled, mut repaired) = (0, 0, 0);
        let (mut early, mut alone, mut since) = (Vec::new(), 0, None);
        let mut keys = Vec::new();
        for event in lab.run().observer().trace().iter() {
            match event.what {
                What::Told { outcome: Outcome::Written { .. }, ends: true, .. }
                    if since.is_some() =>
                {
                    alone += 1;
                }
                What::Noted { node, note } => match note {
                    Note::HandedOff { versions, .. } => handed += versions,
                    Note::Filled { versions, .. } => filled += versions,
                    Note::Repaired { .. } => repaired += 1,
                    Note::TakenEarly { .. } => early.push(node),
                    Note::Degraded { .. } => (since, alone) = (Some(node), 0),
                    Note::Rearmed => since = None,
                    Note::Conflict { won, by: Resolution::KeptBoth, .. } => {
                        keys.extend(lab.run().operation(won).map(|op| op.command.key()));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let most = early.iter().map(|node| early.iter().filter(|one| *one == node).count()).max();
        let text = whole(sentence);
        let figures = [
            (" versions when they were back", handed, "handed over "),
            (" versions.", filled, "and got "),
            (" versions that", filled, "found "),
            (" times, and sent it", repaired, "on a node "),
            (
                " writes before those that they follow",
                u32::try_from(most.unwrap_or(0)).expect("few"),
                "showed ",
            ),
            (" writes were acknowledged with no second copy", alone, "went on alone: "),
            (" keys had more than one value", u32::try_from(keys.len()).expect("few"), ""),
        ];
        for (words, figure, before) in figures {
            let words_before = text.split_once(words).map_or("", |(head, _)| head);
            let told = words_before.contains(before) && !words_before.is_empty();
            let found = number_before(&text, words).filter(|_| told);
            if let Some(found) = found.filter(|found| *found != figure) {
                return Err(format!("{found}{words}, and the trace says {figure}"));
            }
        }
        Ok(())
    });
}

/// Slips of grammar and of tone that strangers stumble over.
#[test]
fn sentences_are_sentences() {
    at_every_moment(&|_, _, sentence| {
        let text = whole(sentence);
        let bad = [
            " 1 writes",
            " 1 reads",
            " 1 records",
            " 1 versions",
            " 1 keys",
            "..",
            " .",
            "  ",
            ";.",
            "None,",
            "Some(",
        ];
        if let Some(bad) = bad.iter().find(|bad| text.contains(**bad)) {
            return Err(format!("it has {bad:?}"));
        }
        let line = sentence.why.matches(". ").count();
        if line > 4 { Err(format!("{} sentences say why", line + 1)) } else { Ok(()) }
    });
}
