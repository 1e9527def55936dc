//! How replicas that had missed something got it: kept for them, found by reads, found by comparing.

use super::{Told, notes};
use crate::number::{names, things};
use engine::base::{EventId, NodeId, NodeSet, sort};
use engine::observe::{Milestones, Recorder};
use engine::protocol::Note;
use engine::world::{Run, What};

/// So many versions, of whom or for whom, and the events.
#[derive(Default)]
struct Sum {
    nodes: Vec<NodeId>,
    versions: u32,
    events: Vec<EventId>,
}

impl Sum {
    fn add(&mut self, node: NodeId, versions: u32, event: EventId) {
        if !self.nodes.contains(&node) {
            self.nodes.push(node);
        }
        sort(&mut self.nodes);
        self.versions += versions;
        self.events.push(event);
    }
}

/// What stand-ins kept for silent nodes and handed over.
pub fn handed_over(run: &dyn Run<Recorder>) -> Option<Told> {
    let milestones = run.observer().milestones();
    let mut sum = Sum::default();
    for (event, _, note) in notes(milestones) {
        if let Note::HandedOff { node, versions } = note {
            sum.add(node, versions, event.id);
        }
    }
    let (whom, versions) = (names(&sum.nodes), things(sum.versions, "version"));
    let (them, were) = if sum.nodes.len() == 1 { ("it", "it was") } else { ("them", "they were") };
    let kept = format!("others kept what was meant for {them}, and handed over {versions}");
    (sum.versions > 0).then(|| {
        let text = match silent_to(milestones, &sum.nodes) {
            None => format!("While {whom} did not answer, {kept} when {were} back."),
            Some(pairs) => format!("{pairs}: {kept}."),
        };
        Told::new((80, "handed-over"), text, sum.events)
    })
}

/// "n3 did not answer n1, and n1 did not answer n3", as each observer found; `None` where all these
/// nodes had stopped, and so answered nobody.
fn silent_to(milestones: &Milestones, all: &[NodeId]) -> Option<String> {
    let stopped = |node: &NodeId| {
        milestones.iter().any(|event| match event.what {
            What::Crashed { node: n } | What::PoweredOff { node: n, .. } => n == *node,
            What::Paused { node: n } => n == *node,
            _ => false,
        })
    };
    if all.iter().all(stopped) {
        return None;
    }
    let mut pairs: Vec<(NodeSet, Vec<NodeId>)> = Vec::new();
    for node in all {
        let observers = notes(milestones).filter(
            |(.., note)| matches!(note, Note::Unresponsive { node: silent } if silent == node),
        );
        let observers: NodeSet = observers.map(|(_, observer, _)| observer).collect();
        match pairs.iter_mut().find(|(known, _)| *known == observers) {
            Some((_, nodes)) => nodes.push(*node),
            None => pairs.push((observers, vec![*node])),
        }
    }
    pairs.retain(|(observers, _)| !observers.is_empty());
    let mut clauses: Vec<String> = pairs
        .iter()
        .map(|(by, nodes)| format!("{} did not answer {}", names(nodes), by.names("or")))
        .collect();
    let last = clauses.pop()?;
    Some(if clauses.is_empty() { last } else { format!("{}, and {last}", clauses.join(", ")) })
}

/// How often a read found an older version and mended it.
pub fn repaired(run: &dyn Run<Recorder>) -> Option<Told> {
    let times = run.observer().tally().repaired;
    if times.count == 0 {
        return None;
    }
    let often = super::times(times.count);
    let text =
        format!("Reads found an older version on a node {often}, and sent it the newer one.");
    Some(Told::new((70, "repaired"), text, [times.last]))
}

/// What nodes got that they had missed, by comparing what both hold or by asking for it.
pub fn filled(run: &dyn Run<Recorder>) -> Option<Told> {
    let mut sum = Sum::default();
    let mut compared = false;
    for (event, node, note) in notes(run.observer().milestones()) {
        match note {
            Note::Filled { versions, .. } => sum.add(node, versions, event.id),
            Note::RangesDiffer { .. } => compared = true,
            _ => {}
        }
    }
    let versions = things(sum.versions, "version");
    (sum.versions > 0).then(|| {
        let whom = names(&sum.nodes);
        let they = if sum.nodes.len() == 1 { "it" } else { "they" };
        let text = if compared {
            format!(
                "Comparing hash trees, {whom} found {versions} that {they} lacked, and got them."
            )
        } else {
            format!("{whom} asked for what {they} had missed, and got {versions}.")
        };
        Told::new((60, "filled"), text, sum.events)
    })
}
