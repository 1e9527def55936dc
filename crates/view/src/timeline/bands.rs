//! Stretches on the lanes: down, paused, silence, copying, two leaders, nothing acknowledged.

use super::lane;
use crate::number::span;
use crate::types::{TimeBand, Tone};
use engine::base::{NodeId, SimTime, Span};
use engine::observe::Recorder;
use engine::observe::metric::{CatchUp, Method};
use engine::protocol::TimerKind;
use engine::world::{NodeStatus, Run, What};

/// Bands drawn.
const MAX_BANDS: usize = 200;
/// A shorter catching up is no stretch.
const BRIEF: Span = Span::from_millis(100);

/// The bands that reach into the window.
pub fn bands(run: &dyn Run<Recorder>, from: SimTime, to: SimTime) -> Vec<TimeBand> {
    let end = run.now();
    let recorder = run.observer();
    let mut bands = Vec::new();
    let mut add = |lane: u8, start: SimTime, stop: Option<SimTime>, tone: Tone, label: String| {
        let lasts = stop.is_none();
        let stop = stop.unwrap_or(if end < to { end } else { to });
        if start < to && (stop > from || (lasts && end >= from)) && bands.len() < MAX_BANDS {
            let (from_ms, to_ms) = (start.max(from).as_millis_f64(), stop.min(to).as_millis_f64());
            bands.push(TimeBand { lane, from_ms, to_ms, tone, label });
        }
    };
    for stop in stops(recorder) {
        let (tone, label) = stop.words();
        add(lane(Some(stop.node)), stop.from, stop.to, tone, label.to_owned());
    }
    for silence in silences(run) {
        let label = format!("no heartbeat {}", span(silence.to.unwrap_or(end).since(silence.from)));
        add(lane(Some(silence.node)), silence.from, silence.to.or(Some(end)), Tone::Wait, label);
    }
    // What is done at once is not drawn as a stretch.
    let lasts = |c: &&CatchUp| c.caught_up.is_none_or(|at| at.since(c.started) >= BRIEF);
    for catch_up in recorder.catch_ups().iter().filter(lasts) {
        let label = match catch_up.method {
            Method::Log => "catching up from the log",
            Method::Snapshot => "copying a snapshot, then the log",
            Method::Files => "copying the data files, then the log",
        };
        let stop = if catch_up.given_up { Some(catch_up.started) } else { catch_up.caught_up };
        add(lane(Some(catch_up.node)), catch_up.started, stop, Tone::Write, label.to_owned());
    }
    for both in recorder.reigns().split_brains() {
        for node in [both.old.node, both.new.node] {
            add(lane(Some(node)), both.from, Some(both.to), Tone::Lost, "two leaders".to_owned());
        }
    }
    for outage in recorder.write_availability().outages(end) {
        let label = format!("no write acknowledged for {}", span(outage.length()));
        add(lane(None), outage.from, Some(outage.to), Tone::Wait, label);
    }
    bands
}

/// A stretch in which a node did not run, or was silent.
struct Stop {
    node: NodeId,
    from: SimTime,
    to: Option<SimTime>,
    status: NodeStatus,
}

impl Stop {
    fn words(&self) -> (Tone, &'static str) {
        match self.status {
            NodeStatus::Up => (Tone::Plain, "runs"),
            NodeStatus::Paused => (Tone::Wait, "paused"),
            NodeStatus::Crashed => (Tone::Faint, "crashed"),
            NodeStatus::PoweredOff => (Tone::Faint, "powered off"),
        }
    }
}

/// When nodes were down or paused.
fn stops(recorder: &Recorder) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for event in recorder.milestones().iter() {
        let (node, status) = match event.what {
            What::Crashed { node } => (node, NodeStatus::Crashed),
            What::PoweredOff { node, .. } => (node, NodeStatus::PoweredOff),
            What::Paused { node } => (node, NodeStatus::Paused),
            What::Resumed { node, .. } | What::Started { node } => (node, NodeStatus::Up),
            _ => continue,
        };
        let open = stops.iter_mut().rev().find(|stop| stop.node == node && stop.to.is_none());
        if let Some(open) = open {
            open.to = Some(event.at);
        }
        if status != NodeStatus::Up {
            stops.push(Stop { node, from: event.at, to: None, status });
        }
    }
    stops
}

/// Silences that ended in a time-out, and those that have lasted for half of one.
fn silences(run: &dyn Run<Recorder>) -> Vec<Stop> {
    let recorder = run.observer();
    let fired = recorder.milestones().iter().filter_map(|event| {
        let What::TimerFired { node, timer: TimerKind::Silence } = event.what else { return None };
        let armed = recorder.trace().get(event.cause)?.at;
        Some(Stop { node, from: armed, to: Some(event.at), status: NodeStatus::Up })
    });
    let now = run.now();
    let nodes = (0..run.view().nodes.count()).map(NodeId);
    let up = nodes.filter(|node| run.view().nodes.status(*node) == NodeStatus::Up);
    let lasting = up.filter_map(|node| {
        let countdowns = run.countdowns(node);
        let silence = countdowns.iter().find(|countdown| countdown.kind == TimerKind::Silence)?;
        let half = silence.fires.since(silence.armed).micros() / 2;
        let long = now.since(silence.armed).micros() >= half;
        let (from, to, status) = (silence.armed, None, NodeStatus::Up);
        long.then_some(Stop { node, from, to, status })
    });
    fired.chain(lasting).collect()
}
