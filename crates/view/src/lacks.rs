//! How much of another log a node's log lacks: logs that have parted share what stands before their
//! parting, and their lengths say nothing.

use engine::base::{NodeId, Position};
use engine::observe::Recorder;
use engine::world::Run;

/// How many records of the leader's log this node does not have. O(log of their lengths).
#[must_use]
pub fn lacks(run: &dyn Run<Recorder>, node: NodeId, leader: NodeId) -> u32 {
    let nodes = run.view().nodes;
    let last = |node: NodeId| nodes.extent(node).map(|extent| extent.last);
    let (Some(own), Some(leads)) = (last(node), last(leader)) else { return 0 };
    leads.since(shared(run, (node, leader), own.min(leads)))
}

/// The last position, at most `end`, up to which both logs are one.
fn shared(run: &dyn Run<Recorder>, (one, other): (NodeId, NodeId), end: Position) -> Position {
    let view = run.view();
    let chain = |node, at| {
        let record = view.nodes.record_at(node, at).and_then(|record| view.records.get(record));
        record.map(|record| record.chain)
    };
    // What one of them no longer keeps counts as the same: only what is done with is dropped.
    let same = |at: Position| match (chain(one, at), chain(other, at)) {
        (Some(own), Some(theirs)) => own == theirs,
        _ => true,
    };
    let (mut known, mut parted) = (0, end.0 + 1);
    if same(end) {
        return end;
    }
    while known + 1 < parted {
        let middle = known.midpoint(parted);
        if same(Position(middle)) { known = middle } else { parted = middle }
    }
    Position(known)
}
