//! What a reader sees of every scenario kept ready, at its telling moments, as text: read it like a
//! reader would. `UPDATE=1` accepts what there is now.

use std::path::PathBuf;

use replicarium::engine::world::fault;
use replicarium::lab::{EventId, Lab, NodeId, OpId, Selection, SimTime, Span, Target};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{preset, presets};
use replicarium::view::number::{clock_ms, span};
use replicarium::view::pace::plan;
use replicarium::view::{Cell, CellLook, Inspector, NodeCard, Sentence, Tone};

/// The moments at which each scenario is looked at, in milliseconds.
const TOURS: &[(&str, &[u64])] = &[
    ("async-leader-crash", &[0, 30, 9_000, 10_000, 11_500, 12_300, 14_000, 16_001, 16_100, 22_000]),
    ("semi-sync-leader-crash", &[9_000, 10_010, 11_500, 14_000, 22_000]),
    ("sync-leader-crash", &[9_000, 10_010, 11_500, 14_000, 17_000, 22_000]),
    ("sync-follower-silent", &[5_000, 6_500, 11_500, 12_050, 20_000]),
    ("semi-sync-degrades", &[5_500, 8_000, 10_000, 14_200, 18_500, 24_000]),
    ("catch-up-from-log", &[5_000, 10_020, 10_060, 20_000]),
    ("catch-up-from-snapshot", &[8_001, 10_000, 11_500, 20_000]),
    ("catch-up-log-truncated", &[10_000, 12_000, 20_000, 30_000]),
    ("copy-files-wrong", &[6_500, 9_000, 11_500, 20_000]),
    ("copy-snapshot-right", &[9_000, 20_000]),
    ("false-suspicion", &[6_500, 9_000, 11_010, 12_000, 22_000]),
    ("split-brain-unfenced", &[7_000, 9_000, 15_000, 16_500, 26_000]),
    ("split-brain-fenced", &[7_000, 9_000, 15_000, 16_500, 26_000]),
    ("cas-retried", &[2_000, 6_000, 10_000]),
    ("lease-fails-by-drift", &[7_000, 9_000, 12_000, 16_500, 26_000]),
    ("old-leader-returns", &[6_500, 7_500, 10_000, 14_002, 14_500, 24_000]),
    ("power-outage-torn-record", &[5_900, 6_001, 8_000, 10_001, 11_000, 20_000]),
    ("timeout-30s", &[7_000, 20_000, 42_500, 43_500, 60_000]),
    ("multi-leader-conflict", &[3_000, 6_000, 8_020, 9_500, 16_000]),
    ("multi-leader-clock-skew", &[2_000, 6_000, 14_000]),
    ("multi-leader-siblings", &[6_000, 8_100, 12_000]),
    ("multi-leader-counter", &[6_000, 8_100, 16_000]),
    ("multi-leader-ring-breaks", &[3_000, 7_000, 9_500, 10_300, 18_000]),
    ("multi-leader-causality", &[2_000, 5_000, 8_000, 14_000]),
    ("multi-leader-home", &[3_000, 7_500, 12_000]),
    ("leaderless-stale-read", &[1_000, 6_000]),
    ("leaderless-read-repair", &[3_000, 6_000, 9_500, 12_000]),
    ("leaderless-quorum-not-linearizable", &[3_000, 4_500, 5_500, 9_000]),
    ("leaderless-sloppy-quorum-hints", &[3_000, 7_000, 9_200, 12_000]),
    ("leaderless-anti-entropy", &[3_000, 6_000, 9_600, 12_500]),
    ("leaderless-lww-skew", &[2_000, 6_000, 12_000]),
    ("leaderless-failed-write-returns", &[3_000, 5_500, 9_000]),
    ("leaderless-deletion-undone", &[3_000, 7_000, 11_000, 15_000]),
    ("follower-reads-stale", &[3_000, 10_000, 20_000]),
    ("follower-reads-own-writes", &[3_000, 16_000]),
    ("follower-reads-own-writes-mended", &[3_000, 16_000]),
    ("fixed-under-jitter", &[10_000, 20_000, 31_000, 40_000]),
    ("phi-accrual", &[1_000, 10_000, 30_500, 31_000, 40_000]),
    ("chain-head-crash", &[0, 30, 5_000, 6_000, 6_600, 7_300, 9_000, 13_050, 13_400, 20_000]),
    ("chain-middle-crash", &[5_000, 6_600, 7_310, 9_000, 13_050, 13_400, 20_000]),
    ("chain-tail-crash", &[5_000, 6_600, 7_310, 9_000, 13_400, 20_000]),
    ("chain-node-joins", &[6_001, 6_800, 7_700, 9_000, 18_000]),
    ("chain-craq-dirty-read", &[3_000, 6_500, 7_500, 14_000]),
    ("chain-false-suspicion", &[6_100, 7_300, 8_000, 13_400, 20_000]),
];

#[track_caller]
fn check(name: &str, text: &str) {
    let goldens = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let path = goldens.join(format!("views-{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        let written = std::fs::write(&path, text);
        return assert!(written.is_ok(), "{} cannot be written", path.display());
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let line = known.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |line| line + 1);
    let path = path.display();
    assert!(
        known == text,
        "{path} differs from line {line} on; read it, then accept with UPDATE=1"
    );
}

fn open(name: &str) -> Lab {
    let preset = preset(PROTOCOLS, name).unwrap_or_else(|| panic!("there is no scenario {name}"));
    Lab::load(&preset.document(), PROTOCOLS).unwrap_or_else(|_| panic!("{name} cannot be read"))
}

fn seek(lab: &mut Lab, millis: u64) {
    let time = SimTime::from_millis(millis);
    while lab.now() < time.min(lab.until()) {
        lab.seek(time);
    }
}

/// A run at these times, then its log and its promises.
fn tour(name: &str, times: &[u64]) -> String {
    let mut lab = open(name);
    let mut text = String::new();
    for time in times {
        seek(&mut lab, *time);
        text += &format!("## {}\n", clock_ms(lab.now().as_millis_f64()));
        text += &snapshot(&lab);
    }
    lab.finish();
    text += "## in words\n";
    for line in lab.log_since(EventId::NONE) {
        text += &format!("{} {}\n", clock_ms(line.at_ms), line.text);
    }
    text += "\n## promises\n";
    for verdict in lab.verdicts() {
        text += &format!("{}: {}. {}\n", verdict.promise, verdict.word, verdict.why);
    }
    let pace = plan(&lab.moments(), lab.known(), lab.hop());
    text + &format!("\nwatched in {}\n", span(pace.watched()))
}

fn snapshot(lab: &Lab) -> String {
    let Sentence { parts, why, .. } = lab.sentence();
    let parts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    let mut text = format!("{}\n{why}\n", parts.join(" "));
    let stage = lab.stage();
    let nodes: Vec<String> = stage.nodes.iter().map(card).collect();
    text += &format!("  {}\n", nodes.join("; "));
    for link in stage.links.iter().filter(|link| link.cut_ab || link.cut_ba || link.disturbed) {
        text += &format!("  {}\n", link.text);
    }
    let told: Vec<&str> = stage.clients.iter().map(|face| face.told.as_str()).collect();
    text += &format!("  clients: {}\n", told.join("; "));
    let rows = lab.ledger(None).rows;
    let lost = rows.iter().find(|row| row.tone == Tone::Lost);
    for row in rows.first().into_iter().chain(lost) {
        let why = row.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        text += &format!("  {} {} {}{why}\n", clock_ms(row.at_ms), row.what, row.fate);
    }
    text + "\n"
}

/// "n1 leader ########++.. [waiting for n2 for 1.2 s]"
fn card(node: &NodeCard) -> String {
    let cells: String = node.cells.iter().map(mark).collect();
    let remark = node.remark.as_ref().map_or_else(String::new, |remark| format!(" [{remark}]"));
    let NodeCard { name, word, .. } = node;
    format!("{name} {word} {cells}{remark}")
}

fn mark(cell: &Cell) -> char {
    match cell.look {
        CellLook::Committed => '#',
        CellLook::Replicating => '+',
        CellLook::Waiting => '.',
        CellLook::Lost => 'X',
        CellLook::Parted => 'x',
        CellLook::EpochMark => '|',
    }
}

#[test]
fn every_scenario_is_told_in_sentences_that_were_read() {
    for preset in presets(PROTOCOLS) {
        let known = TOURS.iter().find(|(name, _)| *name == preset.name);
        let (name, times) = known.unwrap_or_else(|| panic!("{} has no tour", preset.name));
        check(name, &tour(name, times));
    }
}

#[test]
fn the_story_of_every_chain_takes_less_than_twenty_seconds_to_watch() {
    for preset in presets(PROTOCOLS).filter(|preset| preset.protocol == "chain") {
        let mut lab = open(preset.name);
        lab.finish();
        let watched = plan(&lab.moments(), lab.known(), lab.hop()).watched();
        assert!(watched.as_millis_f64() < 20_000.0, "{}: {}", preset.name, span(watched));
    }
}

#[test]
fn the_story_of_the_opening_scenario_takes_less_than_twenty_seconds_to_watch() {
    let mut lab = open("async-leader-crash");
    lab.finish();
    let pace = plan(&lab.moments(), lab.known(), lab.hop());
    assert!(pace.watched().as_millis_f64() < 20_000.0, "{}", span(pace.watched()));
}

#[test]
fn the_timeline_of_a_failover_has_everything_on_it() {
    let mut lab = open("async-leader-crash");
    lab.finish();
    let (from, to) = (SimTime::from_millis(9_900), SimTime::from_millis(13_000));
    let drawn = lab.timeline(from, to);
    let lane = |lane: u8| &drawn.lanes[usize::from(lane)];
    let mut text = format!("{} lines, one in {}\n", drawn.lines.len(), drawn.one_in);
    let between_nodes = |from: u8, to: u8| from > 0 && to > 0;
    for line in drawn.lines.iter().filter(|line| line.lost && between_nodes(line.from, line.to)) {
        let (sent, end) = (clock_ms(line.sent_ms), clock_ms(line.end_ms));
        text += &format!(
            "lost {} to {} {sent} {end} {:?}\n",
            lane(line.from),
            lane(line.to),
            line.look
        );
    }
    for mark in &drawn.marks {
        let major = if mark.major { "" } else { " (minor)" };
        let at = clock_ms(mark.at_ms);
        text += &format!("{} {at} {:?} {}{major}\n", lane(mark.lane), mark.shape, mark.label);
    }
    for band in &drawn.bands {
        let (from, to) = (clock_ms(band.from_ms), clock_ms(band.to_ms));
        text += &format!("{} {from} to {to} {}\n", lane(band.lane), band.label);
    }
    check("timeline", &text);
}

fn inspected(title: &str, inspector: Option<Inspector>) -> String {
    let Some(Inspector { title: name, rows, causes, offers, .. }) = inspector else {
        return format!("## {title}: nothing\n\n");
    };
    let mut text = format!("## {title}\n{name}\n");
    for (label, value) in rows {
        text += &format!("  {label}: {value}\n");
    }
    for step in causes {
        text += &format!("  because at {} {}\n", clock_ms(step.at_ms), step.text);
    }
    let offers: Vec<String> = offers
        .iter()
        .map(|offer| format!("{} ({})", offer.label, offer.key.unwrap_or(' ')))
        .collect();
    text + "  " + &offers.join(", ") + "\n\n"
}

#[test]
fn what_is_selected_is_explained() {
    let mut lab = open("async-leader-crash");
    seek(&mut lab, 9_990);
    let chips = lab.chips();
    let mut text = String::new();
    for chip in chips.iter().take(6) {
        let id = EventId(u32::try_from(chip.id).unwrap());
        text += &inspected("a message in flight", lab.inspect(Selection::Message(id)));
    }
    text += &inspected("the leader", lab.inspect(Selection::Node(NodeId(0))));
    text += &inspected("a link", lab.inspect(Selection::Link(NodeId(0), NodeId(1))));
    seek(&mut lab, 15_000);
    text += &inspected("a dead node", lab.inspect(Selection::Node(NodeId(0))));
    text += &inspected("a new leader", lab.inspect(Selection::Node(NodeId(1))));
    let rows = lab.ledger(None).rows;
    let lost = rows.iter().find(|row| row.tone == Tone::Lost).map(|row| OpId(row.op));
    text += &inspected("a lost write", lost.and_then(|op| lab.inspect(Selection::Write(op))));
    let kept = rows.iter().find(|row| row.tone == Tone::Good).map(|row| OpId(row.op));
    text += &inspected("a kept write", kept.and_then(|op| lab.inspect(Selection::Write(op))));
    check("inspector", &text);
}

#[test]
fn no_moment_of_any_scenario_is_skipped() {
    for preset in presets(PROTOCOLS) {
        let mut lab = open(preset.name);
        lab.foresee(u32::MAX);
        assert_eq!(lab.foreseen(), lab.until(), "{}", preset.name);
        let (moments, plan) = (lab.moments(), plan(&lab.moments(), lab.foreseen(), lab.hop()));
        for stretch in plan.stretches().iter().filter(|stretch| stretch.watched == Span::ZERO) {
            let skipped = moments.iter().find(|m| m.at > stretch.from && m.at < stretch.to);
            assert_eq!(skipped, None, "{}", preset.name);
        }
    }
}

#[test]
fn what_is_foreseen_is_what_happens_and_leaves_no_trace() {
    let (mut blind, mut seer) = (open("async-leader-crash"), open("async-leader-crash"));
    seer.foresee(20_000);
    seek(&mut seer, 4_000);
    seer.foresee(u32::MAX);
    seer.act(fault::power_off(Target::Leader));
    assert_eq!(seer.branches().len(), 1, "what nobody saw is no future to keep");
    seek(&mut blind, 4_000);
    blind.act(fault::power_off(Target::Leader));
    seer.foresee(u32::MAX);
    let foreseen = seer.moments();
    blind.finish();
    seer.finish();
    let digest = |lab: &Lab| lab.run().observer().trace().digest();
    assert_eq!(digest(&seer), digest(&blind));
    assert_eq!(foreseen, seer.moments());
}
