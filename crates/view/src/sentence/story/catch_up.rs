//! How nodes got what they lacked, and what became of what they had too much.

use super::{Told, aways, notes};
use crate::number::{bytes, clock, count, names, span, things};
use engine::base::{EventId, NodeId, Position, sort};
use engine::observe::audit::wrong_total;
use engine::observe::metric::catch_up::{CatchUp, Method};
use engine::observe::{Reason, Recorder};
use engine::protocol::{NodeFacts, Note};
use engine::world::{Event, Run};

/// The last node that was brought up to date: from where, how much, how long it took.
pub fn caught_up(run: &dyn Run<Recorder>) -> Option<Told> {
    let recorder = run.observer();
    let all = || recorder.catch_ups().iter().filter(|one| one.caught_up.is_some());
    // A copy says more than what a log made good.
    let copied = all().rfind(|one| one.method != Method::Log);
    let last = copied.or_else(|| all().next_back())?;
    let at = last.caught_up?;
    let done = notes(recorder.milestones()).find_map(|(event, _, note)| match note {
        Note::CaughtUp { node, position } if node == last.node && event.at == at => {
            Some((event, position))
        }
        _ => None,
    });
    let (done, position) = done?;
    let events = [last.event, done.id];
    let mut text = match last.method {
        Method::Log => return from_log(run, last, done, position),
        Method::Snapshot => {
            let copied = copied_bytes(recorder, last)?;
            let taken = taken_at(recorder, last).map_or(last.started, |event| event.at);
            let then = records(last, position);
            format!(
                "{} copied {} of data as they were at {}, then {then} of the log, and had everything at {}.",
                last.node,
                bytes(copied.into()),
                clock(taken),
                clock(at)
            )
        }
        Method::Files => format!(
            "{} copied the data files page by page while clients wrote, and had everything at {}.",
            last.node,
            clock(at)
        ),
    };
    match began_again(recorder, last.node) {
        Some(again) => text = format!("{again} {text}"),
        None if recorder.write_availability().outages(run.now()).next().is_none() => {
            text.truncate(text.len() - 1);
            text += "; writes went on all the time.";
        }
        None => {}
    }
    Some(Told::new((80, "caught-up"), text, events))
}

fn records(catch_up: &CatchUp, position: Position) -> String {
    let count = (position.0 + 1).saturating_sub(catch_up.from.0);
    things(count, "record")
}

fn taken_at<'a>(recorder: &'a Recorder, of: &CatchUp) -> Option<&'a Event> {
    let mut all = notes(recorder.milestones());
    let taken = |note: &Note| {
        matches!(note, Note::CatchUpFromSnapshot { node, position, .. }
            if *node == of.node && Some(*position) == of.snapshot_position)
    };
    all.find(|(_, _, note)| taken(note)).map(|(event, ..)| event)
}

fn copied_bytes(recorder: &Recorder, of: &CatchUp) -> Option<u32> {
    notes(recorder.milestones()).find_map(|(_, _, note)| match note {
        Note::CatchUpFromSnapshot { node, position, bytes }
            if node == of.node && Some(position) == of.snapshot_position =>
        {
            Some(bytes)
        }
        _ => None,
    })
}

/// A copy that was of no use, because the log had been cut when it was complete.
fn began_again(recorder: &Recorder, node: NodeId) -> Option<String> {
    let cut = notes(recorder.milestones()).rev().find_map(|(_, leader, note)| match note {
        Note::LogTruncatedMeanwhile { node: of, needs, first } if of == node => {
            Some((leader, needs, first))
        }
        _ => None,
    });
    let (leader, needs, first) = cut?;
    Some(format!(
        "{node}'s first copy took longer than the log is kept: {node} needed record {needs}, but \
         {leader}'s log began at {first} by then."
    ))
}

fn from_log(
    run: &dyn Run<Recorder>,
    of: &CatchUp,
    done: &Event,
    position: Position,
) -> Option<Told> {
    let away = aways(run.observer().milestones());
    let away = away.iter().rev().find(|away| away.node == of.node && away.time.1 <= done.at)?;
    let records = records(of, position);
    let (length, later) = (span(away.time.1.since(away.time.0)), done.at.since(away.time.1));
    let text = format!(
        "{} {} for {length}; it got the {records} that it lacked from the log and was up to date {} \
         after it was back.",
        of.node,
        away.was,
        span(later)
    );
    Some(Told::new((45, "caught-up"), text, [away.events.0, away.events.1, done.id]))
}

/// What nodes cut off the ends of their logs, because their leader does not have it.
pub fn cut_back(run: &dyn Run<Recorder>) -> Option<Told> {
    let all = notes(run.observer().milestones()).filter_map(|(event, node, note)| match note {
        Note::Rewound { from, to } if from > to => Some((event, node, from.since(to))),
        _ => None,
    });
    let all: Vec<(&Event, NodeId, u32)> = all.collect();
    let (last, node, _) = *all.last()?;
    let sum = all.iter().map(|(.., records)| records).sum();
    let mut nodes: Vec<NodeId> = all.iter().map(|(_, node, _)| *node).collect();
    sort(&mut nodes);
    nodes.dedup();
    let them = if sum == 1 { "it" } else { "them" };
    let none_lost = run.observer().ledger().ever_lost().next().is_none();
    let so = match (none_lost, nodes.len()) {
        (true, _) => format!("no client had been told “saved” of {them}"),
        (false, 1) => format!("its leader does not have {them}"),
        (false, _) => format!("their leader does not have {them}"),
    };
    let at = clock(last.at);
    let cut = match all.as_slice() {
        [_] => format!("{node} cut {} off the end of its log at {at}", things(sum, "record")),
        [(one, first, some), (.., more)] if *first != node => format!(
            "{first} cut {} off the end of its log at {}, and {node} {} at {at}",
            things(*some, "record"),
            clock(one.at),
            count((*more).into())
        ),
        _ if nodes.len() == 1 => format!(
            "{node} cut {} off the end of its log, in {} steps, the last at {at}",
            things(sum, "record"),
            all.len()
        ),
        _ => format!(
            "{} cut {} in all off the ends of their logs, the last at {at}",
            names(&nodes),
            things(sum, "record")
        ),
    };
    let events = all.iter().map(|(event, ..)| event.id);
    Some(Told::new((65, "cut-back"), format!("{cut}: {so}."), events))
}

/// A record that was torn when the power failed.
pub fn torn(run: &dyn Run<Recorder>) -> Option<Told> {
    let all = notes(run.observer().milestones()).rev();
    let torn = all.filter_map(|(event, node, note)| match note {
        Note::DiskRead { records, torn: true } => Some((event, node, records)),
        _ => None,
    });
    let (event, node, records) = { torn }.next()?;
    let text = format!(
        "When it started, {node} read {} from its disk; the next one was torn, and dropped.",
        things(records, "record")
    );
    let mut lost = run.observer().ledger().lost();
    let own = lost.next_back().is_some_and(|lost| lost.why.reason == Reason::OwnLog);
    Some(Told::new((if own { 68 } else { 40 }, "torn"), text, [event.id]))
}

/// Whether accounts that clients move money between add up wherever they can be read.
pub fn adds_up(run: &dyn Run<Recorder>) -> Option<Told> {
    let nodes = run.view().nodes;
    let all = (0..nodes.count()).map(NodeId);
    let known: Vec<(NodeId, NodeFacts)> =
        all.filter_map(|node| Some((node, nodes.facts(node)?))).collect();
    let shown: Vec<NodeId> =
        known.iter().filter(|(_, f)| f.accounts.is_some()).map(|(node, _)| *node).collect();
    run.observer().catch_ups().iter().rfind(|one| one.caught_up.is_some())?;
    if shown.is_empty() || wrong_total(known.iter().map(|(node, f)| (*node, f))).is_some() {
        return None;
    }
    let text = format!("The accounts add up on {}.", names(&shown));
    Some(Told::new((78, "adds-up"), text, [EventId(run.observer().trace().len())]))
}
