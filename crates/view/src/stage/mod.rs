//! The cluster at the playhead: nodes, links, the faces of the clients.
//!
//! Built up to sixty times a second: it looks at every node once and at the end of its log, never
//! at the run's past beyond the last milestones.

mod cells;
mod faces;
mod node;
pub mod store;
mod ways;

pub use faces::MAX_FACES;
pub use node::awaited_words;

use super::number::capitalised;
use super::offers;
use super::types::{Deed, LinkView, NodeCard, NodeLook, Stage};
use engine::base::NodeId;
use engine::observe::Recorder;
use engine::protocol::{Policy, Shape};
use engine::world::{NodeStatus, Run};

/// The stage.
#[must_use]
pub fn stage(run: &dyn Run<Recorder>) -> Stage {
    let nodes = run.view().nodes;
    let all: Vec<NodeId> = (0..nodes.count()).map(NodeId).collect();
    let cards = node::cards(run, &all);
    let deed = deed(run, &cards);
    Stage {
        links: links(run, &all),
        clients: faces::faces(run),
        row: row(run, &all),
        service: run.service().map(|node| node.0),
        deed,
        ring: store::key_ring(run),
        adds: run.card().adds,
        nodes: cards,
    }
}

/// The order in which writes pass, as the node that knows the latest has it.
fn row(run: &dyn Run<Recorder>, all: &[NodeId]) -> Vec<u8> {
    let known = all.iter().filter_map(|node| run.view().nodes.facts(*node));
    let known = known.filter(|facts| !facts.row.is_empty()).max_by_key(|facts| facts.epoch);
    known.map_or_else(Vec::new, |facts| facts.row.iter().map(|node| node.0).collect())
}

/// The one who is in charge loses power; without one, a dead node returns.
fn deed(run: &dyn Run<Recorder>, cards: &[NodeCard]) -> Option<Deed> {
    let offer = offers::headline(run.card());
    if cards.iter().any(|card| card.look == NodeLook::Leader) {
        let (label, action) = (offer.label.to_owned(), offer.action);
        return Some(Deed { label, action, breaks: true });
    }
    let back = cards.iter().find_map(|card| {
        let action = card.offers.iter().map(|offer| offer.action);
        let action = action.into_iter().find(|action| action.fault.brings_back)?;
        Some(Deed { label: capitalised(&action.order()), action, breaks: false })
    });
    // Where all nodes are alike, one of them will do.
    let alike = run.view().shape == Shape::Store;
    let (label, action) = (offer.label.to_owned(), offer.action);
    back.or_else(|| alike.then_some(Deed { label, action, breaks: true }))
}

fn links(run: &dyn Run<Recorder>, all: &[NodeId]) -> Vec<LinkView> {
    let runs =
        |node: NodeId| matches!(run.view().nodes.status(node), NodeStatus::Up | NodeStatus::Paused);
    let used = |a: NodeId, b: NodeId| match run.policy() {
        Policy::Leaders(policy) => {
            let leaders = policy.leaders.min(run.view().nodes.count());
            let sends = |from, to| policy.topology.sends(leaders, from, to);
            sends(a, b) || sends(b, a)
        }
        Policy::Leads(_) | Policy::Row(_) | Policy::Quorums(_) => true,
    };
    let mut links = Vec::new();
    for (index, a) in all.iter().enumerate() {
        for b in &all[index + 1..] {
            let link = link(run, *a, *b);
            let whole = !link.cut_ab && !link.cut_ba && !link.disturbed;
            if !whole || (runs(*a) && runs(*b) && used(*a, *b)) {
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
