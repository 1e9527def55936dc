//! The cluster at the playhead: nodes, links, the faces of the clients.
//!
//! Built up to sixty times a second: it looks at every node once and at the end of its log, never
//! at the run's past beyond the last milestones.

mod cells;
mod faces;
mod node;

pub use faces::MAX_FACES;
pub use node::awaited_words;

use super::types::{LinkView, Stage};
use crate::engine::base::NodeId;
use crate::engine::observe::Recorder;
use crate::engine::world::{NodeStatus, Run};

/// The stage.
#[must_use]
pub fn stage(run: &dyn Run<Recorder>) -> Stage {
    let nodes = run.view().nodes;
    let all: Vec<NodeId> = (0..nodes.count()).map(NodeId).collect();
    Stage { nodes: node::cards(run, &all), links: links(run, &all), clients: faces::faces(run) }
}

fn links(run: &dyn Run<Recorder>, all: &[NodeId]) -> Vec<LinkView> {
    let runs =
        |node: NodeId| matches!(run.view().nodes.status(node), NodeStatus::Up | NodeStatus::Paused);
    let mut links = Vec::new();
    for (index, a) in all.iter().enumerate() {
        for b in &all[index + 1..] {
            let link = link(run, *a, *b);
            let whole = !link.cut_ab && !link.cut_ba && !link.disturbed;
            if !whole || (runs(*a) && runs(*b)) {
                links.push(link);
            }
        }
    }
    links
}

/// The link between two nodes.
#[must_use]
pub fn link(run: &dyn Run<Recorder>, a: NodeId, b: NodeId) -> LinkView {
    let ((cut_ab, disturbed_ab), (cut_ba, disturbed_ba)) = (run.link(a, b), run.link(b, a));
    let text = match ((cut_ab, disturbed_ab), (cut_ba, disturbed_ba)) {
        ((false, false), (false, false)) => format!("{a} and {b}: the link is whole"),
        ((true, _), (true, _)) => format!("{a} and {b}: cut both ways"),
        (ab, ba) => format!("{a} to {b}: {}; {b} to {a}: {}", state(ab), state(ba)),
    };
    let disturbed = disturbed_ab || disturbed_ba;
    LinkView { a: a.0, b: b.0, cut_ab, cut_ba, disturbed, text }
}

fn state((cut, disturbed): (bool, bool)) -> &'static str {
    match (cut, disturbed) {
        (true, _) => "cut",
        (false, true) => "disturbed",
        (false, false) => "whole",
    }
}
