//! Messages as lines between lanes.

use super::{MAX_EVENTS, MAX_LINES, lane};
use crate::chips::{look, message_look, outcome_look};
use crate::types::{ChipLook, TimeLine};
use engine::base::sort;
use engine::base::{EventId, NodeId, SimTime, Span};
use engine::observe::{Recorder, Trace};
use engine::protocol::Command;
use engine::world::{Event, Flight, Party, Run, What};

/// A message sent in the window may arrive so much later; its line is drawn nevertheless.
const SLACK: Span = Span::from_millis(50);

/// Events before and after a milestone that are all looked at.
const AROUND: u32 = 150;
/// Milestones whose surroundings are looked at.
const MAX_AROUND: usize = 24;

/// The lines of the window, and one in how many messages is drawn.
pub fn lines(run: &dyn Run<Recorder>, from: SimTime, to: SimTime) -> (Vec<TimeLine>, u32) {
    let trace = run.observer().trace();
    let first = trace.last_before(from).map_or(1, |event| event.id.0 + 1);
    let oldest = trace.oldest().map_or(1, |event| event.id.0);
    let first = first.max(oldest);
    let last = trace.last_before(to + SLACK).map_or(0, |event| event.id.0);
    let count = (last + 1).saturating_sub(first);
    let mut one_in = count.div_ceil(MAX_EVENTS).max(1);
    // What is sampled at an even distance may always hit the same kind of event.
    one_in += u32::from(one_in > 1 && one_in % 2 == 0);
    let mut lines: Vec<TimeLine> = looked_at(run, first, last, one_in)
        .into_iter()
        .filter_map(|id| line(run, trace, &trace.get(EventId(id))?))
        .chain(run.flights().iter().filter_map(flight))
        .filter(|line| line.sent_ms < to.as_millis_f64() && line.end_ms > from.as_millis_f64())
        .collect();
    if lines.len() > MAX_LINES {
        lines.retain(|line| line.look != ChipLook::Beat || line.lost);
    }
    let fewer = lines.len().div_ceil(MAX_LINES).max(1);
    if fewer > 1 {
        let mut place = 0;
        lines.retain(|line| {
            place += 1;
            place % fewer == 0 || is_telling(line)
        });
        one_in *= u32::try_from(fewer).unwrap_or(1);
    }
    (lines, one_in)
}

/// Numbers of the events that are looked at: one in so many, and all around the milestones, where
/// each message matters.
fn looked_at(run: &dyn Run<Recorder>, first: u32, last: u32, one_in: u32) -> Vec<u32> {
    let mut ids: Vec<u32> = (first..=last).step_by(one_in as usize).collect();
    if one_in > 1 {
        let milestones = run.observer().milestones().iter();
        let within = milestones.filter(|event| (first..=last).contains(&event.id.0));
        for event in within.take(MAX_AROUND) {
            let from = event.id.0.saturating_sub(AROUND).max(first);
            ids.extend(from..=(event.id.0 + AROUND).min(last));
        }
        sort(&mut ids);
        ids.dedup();
    }
    ids
}

/// Lines that are never thinned out: elections, and what died on its way between nodes.
fn is_telling(line: &TimeLine) -> bool {
    line.look == ChipLook::Election || (line.lost && line.from > 0 && line.to > 0)
}

/// The line of a message whose end is this event.
fn line(run: &dyn Run<Recorder>, trace: &Trace, event: &Event) -> Option<TimeLine> {
    let (from, to, look, lost) = match event.what {
        What::Delivered { from, to, message } => {
            (Some(from), Some(to), message_look(message.kind), false)
        }
        What::Lost { from, to, message, .. } => {
            (Some(from), Some(to), message_look(message.kind), true)
        }
        What::Requested { node, op, .. } => {
            let reads = matches!(run.operation(op)?.command, Command::Read { .. });
            (None, Some(node), if reads { ChipLook::Read } else { ChipLook::Write }, false)
        }
        What::Told { node, outcome, .. } => (Some(node), None, outcome_look(outcome), false),
        What::Directed { node, .. } => (Some(node), None, ChipLook::Election, false),
        What::TalkLost { node, .. } => return talk_lost(trace, event, node),
        What::Sent { .. }
        | What::Invoked { .. }
        | What::Asked { .. }
        | What::Answered { .. }
        | What::TimedOut { .. }
        | What::TimerFired { .. }
        | What::Flushed { .. }
        | What::Applied { .. }
        | What::ApplyingPaused { .. }
        | What::Noted { .. }
        | What::Crashed { .. }
        | What::PoweredOff { .. }
        | What::Paused { .. }
        | What::Resumed { .. }
        | What::Started { .. }
        | What::Added { .. }
        | What::LinkCut { .. }
        | What::LinkHealed { .. }
        | What::ClientsCut { .. }
        | What::LinkDisturbed { .. }
        | What::DiskSlowed { .. }
        | What::DiskFull { .. }
        | What::ClockSet { .. }
        | What::Ordered { .. }
        | What::Meddled { .. }
        | What::ClientsQuiet { .. }
        | What::ActionRefused { .. }
        | What::LimitReached(_) => return None,
    };
    let sent = trace.when(event.cause)?;
    Some(TimeLine {
        from: lane(from),
        to: lane(to),
        sent_ms: sent.as_millis_f64(),
        end_ms: event.at.as_millis_f64(),
        look,
        lost,
        event: event.cause.0,
    })
}

/// A request or an answer that got lost: its cause is its sending, or the death that ended it.
fn talk_lost(trace: &Trace, event: &Event, node: NodeId) -> Option<TimeLine> {
    let cause = trace.get(event.cause)?;
    let (from, to) = match cause.what {
        What::Answered { .. } => (Some(node), None),
        _ => (None, Some(node)),
    };
    Some(TimeLine {
        from: lane(from),
        to: lane(to),
        sent_ms: cause.at.as_millis_f64(),
        end_ms: event.at.as_millis_f64(),
        look: ChipLook::Refused,
        lost: true,
        event: cause.id.0,
    })
}

/// The line of what is still in flight, drawn to where it will arrive.
fn flight(flight: &Flight) -> Option<TimeLine> {
    if flight.waiting {
        return None;
    }
    let place = |party: Party| match party {
        Party::Node(node) => lane(Some(node)),
        Party::Client(_) => lane(None),
    };
    Some(TimeLine {
        from: place(flight.from),
        to: place(flight.to),
        sent_ms: flight.sent.as_millis_f64(),
        end_ms: flight.arrives.as_millis_f64(),
        look: look(&flight.what),
        lost: false,
        event: flight.event.0,
    })
}
