//! How replicas that had missed something got it: kept for them, found by reads, found by comparing.

use super::{Told, notes};
use crate::number::{names, things};
use engine::base::{EventId, NodeId, sort};
use engine::observe::Recorder;
use engine::protocol::Note;
use engine::world::Run;

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
    let mut sum = Sum::default();
    for (event, _, note) in notes(run.observer().milestones()) {
        if let Note::HandedOff { node, versions } = note {
            sum.add(node, versions, event.id);
        }
    }
    let (whom, versions) = (names(&sum.nodes), things(sum.versions, "version"));
    (sum.versions > 0).then(|| {
        let text = format!(
            "While {whom} did not answer, others kept what was meant for {}, and handed over {versions} \
             when {} back.",
            if sum.nodes.len() == 1 { "it" } else { "them" },
            if sum.nodes.len() == 1 { "it was" } else { "they were" },
        );
        Told::new((80, "handed-over"), text, sum.events)
    })
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
