//! The line: the log of the current leader as it really is, record by record, and what of the
//! clients' operations stands in it.
//!
//! It follows who was written after whom in [`Records`], from the end of the leader's log back to
//! where it joins what was known before: each record is visited once, however often it is asked.
//! It believes no node about what is committed, and it does not know what clients were told.

use super::milestones::Milestones;
use crate::base::{Chunked, Epoch, NodeId, OpId, Position, SimTime};
use crate::protocol::facts::Extent;
use crate::protocol::{NodeFacts, Note, RecordRef, Records};
use crate::world::{NodeStatus, What, WorldView};

/// The log of the current leader.
#[derive(Clone, Default, Debug)]
pub struct Lineage {
    // The record at position p stands at index p - 1.
    line: Chunked<RecordRef>,
    places: Chunked<Place>,
    leader: Option<(NodeId, Epoch)>,
}

/// Where an operation stands in the line.
#[derive(Clone, Copy, Default, Debug)]
struct Place {
    // The first of its places; 0 if it has none.
    first: Position,
    times: u8,
}

/// What changed in the line: operations that no longer stand in it, and that now do.
#[derive(Default, Debug)]
pub struct Change {
    /// They left.
    pub gone: Vec<OpId>,
    /// They came.
    pub came: Vec<OpId>,
}

/// A node as it is looked at when the observer samples.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which.
    pub node: NodeId,
    /// Whether it runs or is paused.
    pub status: NodeStatus,
    /// Its facts.
    pub facts: NodeFacts,
}

/// Every node whose process runs, paused ones included.
#[must_use]
pub fn sample(world: &WorldView<'_>) -> Vec<Sample> {
    (0..world.nodes.count())
        .map(NodeId)
        .filter_map(|node| {
            let facts = world.nodes.facts(node)?;
            Some(Sample { node, status: world.nodes.status(node), facts })
        })
        .collect()
}

/// The leader of the highest epoch among the running. One that somebody has already replaced, and
/// that takes no writes, is nobody's leader any more, even while no successor runs.
#[must_use]
pub fn leader(nodes: &[Sample]) -> Option<&Sample> {
    let extent = |sample: &Sample| (sample.node, sample.status, Extent::of(&sample.facts));
    let all: Vec<_> = nodes.iter().map(extent).collect();
    let (leader, _) = leading(&all)?;
    nodes.iter().find(|node| node.node == leader)
}

/// The same of nodes of which less is known, with the end of its log.
#[must_use]
pub fn leading(nodes: &[(NodeId, NodeStatus, Extent)]) -> Option<(NodeId, Position)> {
    let newest = nodes.iter().map(|(_, _, extent)| extent.epoch).max()?;
    nodes
        .iter()
        .filter(|(_, _, extent)| extent.authority)
        .filter(|(_, status, extent)| {
            extent.epoch == newest || (*status == NodeStatus::Up && extent.alone)
        })
        .max_by_key(|(node, _, extent)| (extent.epoch, core::cmp::Reverse(*node)))
        .map(|(node, _, extent)| (*node, extent.last))
}

/// Since when a leader of an older epoch has been the only one left: the newer one ended, or it went on itself.
fn alone_since(milestones: &Milestones, older: NodeId, newer: NodeId) -> SimTime {
    let parts = |what: &What| match *what {
        What::Crashed { node } | What::PoweredOff { node, .. } => node == newer,
        What::Noted { node, note: Note::SteppedDown { .. } } => node == newer,
        What::Started { node } | What::Resumed { node, .. } => node == older,
        _ => false,
    };
    milestones.iter().rev().find(|event| parts(&event.what)).map_or(SimTime::ZERO, |event| event.at)
}

impl Lineage {
    /// Follows the current leader's log as it is at `at`. `None` if nobody leads or its end cannot be
    /// seen. One of an older epoch that goes on after a pause needs a moment to find out that nobody
    /// follows it: it counts once time has passed. Another one counts once it has said that it leads: it
    /// may die of a full disk before.
    pub fn follow(
        &mut self,
        nodes: &[Sample],
        world: &WorldView<'_>,
        milestones: &Milestones,
        at: SimTime,
    ) -> Option<Change> {
        let found = leader(nodes);
        let who = found.map(|leader| (leader.node, leader.facts.epoch));
        let newer = self.leader.filter(|known| who.is_some_and(|(_, epoch)| known.1 > epoch));
        let alone_since =
            who.zip(newer).map(|(who, newer)| alone_since(milestones, who.0, newer.0));
        let leader = found.filter(|_| alone_since.is_none_or(|since| since < at))?;
        // A row goes on from epoch to epoch; what is left of an older one is no longer the cluster.
        let in_a_row = !leader.facts.row.is_empty();
        let (node, epoch) = (leader.node, leader.facts.epoch);
        let another = self.leader.is_some_and(|known| known != (node, epoch) && known.1 <= epoch);
        if another && !in_a_row && milestones.promoted(node, epoch).is_none() {
            return None;
        }
        if in_a_row && self.leader.is_some_and(|(_, epoch)| epoch > leader.facts.epoch) {
            return None;
        }
        let last = leader.facts.last;
        let tip = match last {
            Position::ZERO => RecordRef::NONE,
            last => world.nodes.record_at(leader.node, last)?,
        };
        self.leader = Some((leader.node, leader.facts.epoch));
        Some(self.follow_from(tip, last, world.records))
    }

    /// The leader whose log this is.
    #[must_use]
    pub const fn leader(&self) -> Option<(NodeId, Epoch)> {
        self.leader
    }

    /// Whether the operation stands in the line.
    #[must_use]
    #[inline]
    pub fn holds(&self, op: OpId) -> bool {
        self.places.get(op.index()).is_some_and(|place| place.times > 0)
    }

    /// Its first place in the line.
    #[must_use]
    pub fn place(&self, op: OpId) -> Option<Position> {
        self.places.get(op.index()).filter(|place| place.times > 0).map(|place| place.first)
    }

    /// The record at a position of the line.
    #[must_use]
    pub fn at(&self, position: Position) -> Option<RecordRef> {
        self.line.get((position.0 as usize).checked_sub(1)?).copied()
    }

    /// How long the line is.
    #[must_use]
    pub fn end(&self) -> Position {
        Position(u32::try_from(self.line.len()).unwrap_or(u32::MAX))
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.line.heap_bytes() + self.places.heap_bytes()
    }

    fn follow_from(&mut self, tip: RecordRef, last: Position, records: &Records) -> Change {
        let mut fresh = Vec::new();
        let mut at = tip;
        while let Some(record) = records.get(at) {
            if self.joins(at, record.position, record.chain, records) {
                break;
            }
            fresh.push(at);
            at = record.parent;
        }
        let kept = last.0 as usize - fresh.len().min(last.0 as usize);
        let mut change = Change::default();
        self.cut_to(kept, records, &mut change);
        for record in fresh.into_iter().rev() {
            self.extend(record, records, &mut change);
        }
        let Change { gone, came } = change;
        Change {
            gone: gone.into_iter().filter(|op| !self.holds(*op)).collect(),
            came: came.into_iter().filter(|op| self.holds(*op)).collect(),
        }
    }

    fn joins(&self, at: RecordRef, position: Position, chain: u64, records: &Records) -> bool {
        self.at(position).is_some_and(|known| {
            known == at || records.get(known).is_some_and(|known| known.chain == chain)
        })
    }

    fn cut_to(&mut self, kept: usize, records: &Records, change: &mut Change) {
        while let Some(record) = self.line.last().copied().filter(|_| self.line.len() > kept) {
            self.line.truncate(self.line.len() - 1);
            let op = records.get(record).map_or(OpId::NONE, |record| record.op);
            if let Some(place) = self.places.get_mut(op.index()) {
                place.times = place.times.saturating_sub(1);
                if place.times == 0 {
                    change.gone.push(op);
                }
            }
        }
        // An ancestry that cannot be seen to its beginning.
        while self.line.len() < kept {
            self.line.push(RecordRef::NONE);
        }
    }

    fn extend(&mut self, at: RecordRef, records: &Records, change: &mut Change) {
        self.line.push(at);
        let Some(record) = records.get(at).filter(|record| record.op.is_some()) else { return };
        while self.places.len() <= record.op.index() {
            self.places.push(Place::default());
        }
        let Some(place) = self.places.get_mut(record.op.index()) else { return };
        place.times = place.times.saturating_add(1);
        if place.times == 1 {
            place.first = record.position;
            change.came.push(record.op);
        }
    }
}
