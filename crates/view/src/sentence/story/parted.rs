//! Who could not be reached for a time that is over, where nodes go on without each other.

use super::{Away, Told, aways};
use crate::number::{clock, names};
use engine::base::{EventId, NodeId, SimTime, sort, sort_by_key};
use engine::observe::{Milestones, Recorder};
use engine::protocol::Shape;
use engine::world::{Event, Run, What};

/// Who, how, from when to when; until when the last of it lasted; the first and the last event.
type Apart = (String, SimTime, (EventId, EventId));

/// At most so many absences that overlap are told, the last ones.
const TOGETHER: usize = 3;

/// Links that were cut in one instant and mended in one instant.
struct Cut {
    links: Vec<(NodeId, NodeId)>,
    time: (SimTime, SimTime),
    events: (EventId, EventId),
}

/// "n1 and n2 did not hear each other from 4.000 s to 8.000 s." Where one log is followed, changes of
/// leaders and losses tell it.
pub fn apart(run: &dyn Run<Recorder>) -> Option<Told> {
    if run.card().data == Shape::Line {
        return None;
    }
    let milestones = run.observer().milestones();
    let (away, cut) = (aways(milestones), cuts(milestones));
    let nodes = run.view().nodes.count();
    let cut = cut.iter().next_back();
    let cut = cut.and_then(|cut| {
        Some((format!("{} {}", who(cut, nodes)?, lasted(cut.time)), cut.time.1, cut.events))
    });
    let away = together(&away);
    let (text, _, (first, last)) = away.into_iter().chain(cut).max_by_key(|(_, to, _)| *to)?;
    Some(Told::new((62, "apart"), format!("{text}."), [first, last]))
}

/// "from 4.000 s to 9.000 s"
fn lasted((from, to): (SimTime, SimTime)) -> String {
    format!("from {} to {}", clock(from), clock(to))
}

/// The node that was away last, with others that were away in the same way meanwhile. Nodes are told
/// together only where they went and came back in the same instants: each keeps its own time.
fn together(all: &[Away]) -> Option<Apart> {
    let last = all.last()?;
    let mut times: Vec<(Vec<NodeId>, &Away)> = Vec::new();
    for one in all.iter().filter(|one| one.was == last.was && one.time.1 > last.time.0) {
        match times.iter_mut().find(|(_, known)| known.time == one.time) {
            Some((nodes, _)) => nodes.push(one.node),
            None => times.push((vec![one.node], one)),
        }
    }
    times.drain(..times.len().saturating_sub(TOGETHER));
    sort_by_key(&mut times, |(_, one)| one.time);
    let (_, first) = times.first()?;
    let events = (first.events.0, last.events.1);
    let many = times.first().is_some_and(|(nodes, _)| nodes.len() > 1);
    let mut was = match last.was.strip_prefix("was ") {
        Some(rest) if many => format!("were {rest} "),
        _ => format!("{} ", last.was),
    };
    let mut clauses: Vec<String> = times
        .iter_mut()
        .map(|(nodes, one)| {
            sort(nodes);
            // The verb is said once.
            format!("{} {}{}", names(nodes), std::mem::take(&mut was), lasted(one.time))
        })
        .collect();
    let end = clauses.pop()?;
    let text = if clauses.is_empty() { end } else { format!("{}, and {end}", clauses.join(", ")) };
    Some((text, last.time.1, events))
}

/// Who did not hear whom, in a clause in the past.
fn who(cut: &Cut, count: u8) -> Option<String> {
    let ends = cut.links.iter().flat_map(|(from, to)| [*from, *to]);
    let mut nodes: Vec<NodeId> = ends.collect();
    sort(&mut nodes);
    nodes.dedup();
    let in_all = |node: &&NodeId| cut.links.iter().all(|(a, b)| a == *node || b == *node);
    let node = *nodes.iter().find(in_all)?;
    let to: Vec<NodeId> = cut.links.iter().filter(|(a, _)| *a == node).map(|(_, b)| *b).collect();
    let from: Vec<NodeId> = cut.links.iter().filter(|(_, b)| *b == node).map(|(a, _)| *a).collect();
    Some(match (to.as_slice(), from.as_slice()) {
        (to, []) => format!("{} did not hear {node}", names(to)),
        ([], from) => format!("{node} did not hear {}", names(from)),
        (to, from) if to.len() != from.len() => format!("some links of {node} were cut"),
        ([_], _) => format!("{} did not hear each other", names(&nodes)),
        (to, _) if to.len() + 1 == usize::from(count) => format!("{node} was cut off"),
        (to, _) => format!("{node} was cut off from {}", names(to)),
    })
}

/// A link that was cut, and is whole again only when both of its ends run, too.
struct Broken<'a> {
    link: (NodeId, NodeId),
    begun: &'a Event,
    healed: bool,
}

/// The times for which nodes did not hear each other and that are over: the link is whole, and both run.
fn cuts(milestones: &Milestones) -> Vec<Cut> {
    let mut open: Vec<Broken<'_>> = Vec::new();
    let mut stopped: Vec<NodeId> = Vec::new();
    let mut over: Vec<Cut> = Vec::new();
    for event in milestones.iter() {
        match event.what {
            What::LinkCut { from, to } => {
                match open.iter_mut().find(|broken| broken.link == (from, to)) {
                    Some(broken) => broken.healed = false,
                    None => open.push(Broken { link: (from, to), begun: event, healed: false }),
                }
            }
            What::LinkHealed { from, to } => {
                let healed = open.iter_mut().find(|broken| broken.link == (from, to));
                healed.into_iter().for_each(|broken| broken.healed = true);
            }
            What::Crashed { node } | What::PoweredOff { node, .. } | What::Paused { node } => {
                stopped.push(node);
            }
            What::Started { node } | What::Resumed { node, .. } => {
                stopped.retain(|other| *other != node);
            }
            _ => continue,
        }
        let runs = |node: NodeId| !stopped.contains(&node);
        let is_over =
            |broken: &Broken<'_>| broken.healed && runs(broken.link.0) && runs(broken.link.1);
        let (ended, lasting): (Vec<_>, Vec<_>) = open.into_iter().partition(is_over);
        open = lasting;
        for Broken { link, begun, .. } in ended {
            let time = (begun.at, event.at);
            match over.iter_mut().find(|cut| cut.time == time) {
                Some(cut) => cut.links.push(link),
                None => over.push(Cut { links: vec![link], time, events: (begun.id, event.id) }),
            }
        }
    }
    over
}
