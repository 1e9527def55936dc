//! What the page says of every scenario kept ready, at its key moments and at its end, in one text that
//! reads as stories; and its figures and colours, held against the report of the same run.
//! `UPDATE=1` accepts what there is now: read it as a stranger would.

use std::fmt::Write as _;
use std::path::PathBuf;

use replicarium::lab::{Lab, SimTime, Span};
use replicarium::scenario::{PROTOCOLS, Preset, presets};
use replicarium::view::number::clock_ms;
use replicarium::view::words::action;
use replicarium::view::{Sentence, Tone};

use crate::support::parallel::each;

/// So long after something was done it is looked at.
const JUST_AFTER: Span = Span::from_millis(100);

fn open(preset: &Preset) -> Lab {
    Lab::load(&preset.document(), PROTOCOLS).unwrap_or_else(|_| panic!("{} cannot be read", preset.name))
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
    let done = run.script().iter().map(|line| (line.at + JUST_AFTER, action(&line.action)));
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
