//! The views of whole runs at telling moments, printed as text and read like a reader would.

use super::golden;
use super::number::{clock_ms, span_ms};
use super::pace::plan;
use super::sentence::Policy;
use super::types::{Cell, CellLook, NodeCard, Sentence, Tone};
use super::{hop, ledger, log, moments, sentence, stage, timeline, verdicts};
use crate::engine::base::{Delay, EventId, NodeId, SimTime, Span};
use crate::engine::observe::Recorder;
use crate::engine::protocol::single_leader::SingleLeader;
use crate::engine::protocol::single_leader::knobs::{Knobs, Mode, Promote, Returning, WhenSilent};
use crate::engine::world::{Action, Pace, Run, Scripted, Setup, Target, World};

const N1: Target = Target::Node(NodeId(0));
const N3: Target = Target::Node(NodeId(2));

const fn ms(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

/// Two clients, twenty writes a second each, links of 4 ms and a bit.
fn setup(until: u64, script: Vec<(u64, Action)>) -> Setup<Knobs> {
    let mut setup = Setup::<Knobs> { seed: 7, until: ms(until), ..Setup::default() };
    setup.network.all.delay = Delay::base_exponential(Span::from_millis(4), Span::from_millis(4));
    setup.network.clients = Some(Delay::constant(Span::from_millis(1)));
    setup.clients[0].pace = Pace::Open { writes_per_s: 20.0, reads_per_s: 2.0 };
    setup.script = script.into_iter().map(|(at, action)| Scripted { at: ms(at), action }).collect();
    setup
}

fn start(setup: &Setup<Knobs>) -> Box<dyn Run<Recorder>> {
    let recorder = Recorder::new(&setup.limits);
    Box::new(World::<SingleLeader, Recorder>::new(setup.clone(), recorder))
}

/// Prints a run at these times, in milliseconds, and its log at the end.
fn tour(setup: &Setup<Knobs>, times: &[u64]) -> String {
    let mut run = start(setup);
    let policy = Policy::of(&setup.knobs);
    let mut text = String::new();
    for time in times {
        run.advance(ms(*time), u32::MAX);
        text += &format!("## {}\n", clock_ms(run.now().as_millis_f64()));
        text += &snapshot(&*run, &policy);
    }
    run.advance(run.until(), u32::MAX);
    text += "## in words\n";
    for line in log(&*run, EventId::NONE) {
        text += &format!("{} {}\n", clock_ms(line.at_ms), line.text);
    }
    text += "\n## promises\n";
    for verdict in verdicts(&*run) {
        text += &format!("{}: {}. {}\n", verdict.promise, verdict.word, verdict.why);
    }
    let pace = plan(&moments(&*run), run.now(), hop(&*run));
    text += &format!("\nwatched in {}\n", super::number::span(pace.watched()));
    text
}

fn snapshot(run: &dyn Run<Recorder>, policy: &Policy) -> String {
    let Sentence { parts, why } = sentence(run, policy);
    let parts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    let mut text = format!("{}\n{why}\n\n", parts.join(" "));
    let stage = stage(run);
    for node in &stage.nodes {
        text += &card(node, run.now().as_millis_f64());
    }
    for link in stage.links.iter().filter(|link| link.cut_ab || link.cut_ba || link.disturbed) {
        text += &format!("{}\n", link.text);
    }
    for face in &stage.clients {
        text += &format!("{} with n{}: {}\n", face.name, face.talks_to + 1, face.told);
    }
    let ledger = ledger(run, None);
    let tally = ledger.tally;
    text += &format!(
        "{} acknowledged, {} lost, {} waiting, {} unknown, {} blocked\n",
        tally.acknowledged,
        tally.lost,
        tally.waiting,
        tally.unknown,
        span_ms(tally.blocked_ms)
    );
    let lost = ledger.rows.iter().filter(|row| row.tone == Tone::Lost).take(3);
    let others = ledger.rows.iter().filter(|row| row.tone != Tone::Lost).take(4);
    for row in others.chain(lost) {
        let why = row.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        text += &format!("  {} {} {}{why}\n", clock_ms(row.at_ms), row.what, row.fate);
    }
    text + "\n"
}

fn card(node: &NodeCard, now: f64) -> String {
    let cells: String = node.cells.iter().map(mark).collect();
    let first = node.cells.first().map_or(0, |cell| cell.position);
    let positions = node.positions.map_or_else(String::new, |p| {
        format!(
            " last {} flushed {} committed {} applied {}",
            p.last, p.flushed, p.committed, p.applied
        )
    });
    let ring = node.ring.as_ref().map_or_else(String::new, |ring| {
        format!(" ({} in {})", ring.word, span_ms(ring.fires_ms - now))
    });
    let remark = node.remark.as_ref().map_or_else(String::new, |remark| format!(" [{remark}]"));
    let waited = if node.synchronous { " waited for" } else { "" };
    let NodeCard { name, word, epoch, .. } = node;
    format!("{name} {word} epoch {epoch}{waited} {first}:{cells}{positions}{ring}{remark}\n")
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
fn an_asynchronous_leader_loses_power() {
    let script = vec![(5_000, Action::PowerOff(Target::Leader)), (12_000, Action::Restart(N1))];
    let setup = setup(16_000, script);
    golden::check(
        "async-leader-crash",
        &tour(&setup, &[0, 40, 4_000, 5_000, 6_500, 8_100, 8_300, 11_000, 12_001, 12_200, 16_000]),
    );
}

#[test]
fn a_synchronous_follower_falls_silent() {
    let script = vec![(5_000, Action::Pause(N3)), (9_000, Action::Resume(N3))];
    let mut setup = setup(12_000, script);
    setup.knobs.acknowledge.mode = Mode::Synchronous;
    golden::check("sync-follower-silent", &tour(&setup, &[4_000, 5_100, 8_000, 9_050, 12_000]));
}

#[test]
fn a_semi_synchronous_leader_degrades() {
    let both = |action: fn(Target) -> Action, at| {
        [(at, action(Target::Node(NodeId(1)))), (at, action(N3))]
    };
    let mut script: Vec<(u64, Action)> = both(Action::Pause, 5_000).into();
    script.extend(both(Action::Resume, 10_000));
    let mut setup = setup(14_000, script);
    setup.knobs.acknowledge.mode = Mode::SemiSyncAny(1);
    setup.knobs.acknowledge.when_silent = WhenSilent::DegradeAfter(Span::from_millis(2_000));
    golden::check("semi-sync-degrades", &tour(&setup, &[4_000, 6_000, 7_500, 10_200, 14_000]));
}

#[test]
fn two_leaders_accept_writes() {
    let script =
        vec![(5_000, Action::Isolate { node: N1, clients: false }), (12_000, Action::HealAll)];
    let mut setup = setup(16_000, script);
    setup.knobs.failover.fencing = false;
    setup.knobs.failover.promote = Promote::FirstToNotice;
    setup.knobs.failover.returning = Returning::Rewind;
    setup.clients[0].count = 6;
    golden::check("split-brain-unfenced", &tour(&setup, &[5_500, 8_500, 11_000, 12_500, 16_000]));
}

#[test]
fn a_follower_is_added_and_copies_a_snapshot() {
    let mut setup = setup(14_000, vec![(6_000, Action::AddFollower)]);
    setup.knobs.retention.records = Some(50);
    setup.knobs.catch_up.bandwidth = 4_000;
    setup.knobs.catch_up.piece_bytes = 1_000;
    golden::check("catch-up-from-snapshot", &tour(&setup, &[6_001, 6_200, 6_900, 7_500, 14_000]));
}

#[test]
fn a_window_of_the_timeline_is_drawn_with_everything_on_it() {
    let script = vec![(5_000, Action::PowerOff(Target::Leader))];
    let mut run = start(&setup(9_000, script));
    run.advance(ms(9_000), u32::MAX);
    let drawn = timeline(&*run, ms(4_950), ms(8_400));
    let mut text = format!("{} lines, one in {}\n", drawn.lines.len(), drawn.one_in);
    let lost = drawn.lines.iter().filter(|line| line.lost);
    for line in lost {
        let (from, to) = (&drawn.lanes[usize::from(line.from)], &drawn.lanes[usize::from(line.to)]);
        let (sent, end) = (clock_ms(line.sent_ms), clock_ms(line.end_ms));
        text += &format!("lost {from} to {to} {sent} {end} {:?}\n", line.look);
    }
    for mark in &drawn.marks {
        let lane = &drawn.lanes[usize::from(mark.lane)];
        let major = if mark.major { "" } else { " (minor)" };
        text +=
            &format!("{lane} {} {:?} {}{major}\n", clock_ms(mark.at_ms), mark.shape, mark.label);
    }
    for band in &drawn.bands {
        let lane = &drawn.lanes[usize::from(band.lane)];
        text += &format!(
            "{lane} {} to {} {}\n",
            clock_ms(band.from_ms),
            clock_ms(band.to_ms),
            band.label
        );
    }
    golden::check("timeline", &text);
}
