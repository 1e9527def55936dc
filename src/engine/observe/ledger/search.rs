//! Finds out why writes were lost: one look at the newest records, one at the events since the
//! first of them began. It runs only when a loss was found.

use std::collections::BTreeMap;

use super::Evidence;
use super::NodeSet;
use super::why::{Reason, Why};
use crate::engine::base::{Epoch, NodeId, OpId, Position, SimTime};
use crate::engine::observe::history::{End, Operation, Taken};
use crate::engine::observe::lineage::Lineage;
use crate::engine::protocol::{MessageFacts, Note, RecordRef, Records};
use crate::engine::world::{Dropped, Event, What};

/// A lost write and what the messages did for it.
struct Track {
    op: OpId,
    by: NodeId,
    acknowledged: SimTime,
    taken: Taken,
    record: Option<RecordRef>,
    position: Position,
    // The last time that it was sent, and to whom it was without arriving yet.
    sent: SimTime,
    on_way: NodeSet,
    arrived: NodeSet,
    dropped: NodeSet,
    dropped_why: Dropped,
}

/// The reason for each of these lost writes, in their order.
pub fn reasons(missing: &[OpId], lineage: &Lineage, evidence: &Evidence<'_>) -> Vec<(OpId, Why)> {
    let Some((chosen, epoch)) = lineage.leader() else { return Vec::new() };
    let mut begun = SimTime::NEVER;
    let mut tracks = Vec::new();
    for op in missing {
        if let Some(operation) = evidence.history.get(*op) {
            begun = begun.min(operation.invoked);
            tracks.push(Track::of(*op, operation));
        }
    }
    let places = find_records(&mut tracks, evidence);
    follow_messages(&mut tracks, &places, begun, evidence);
    let promoted = evidence.milestones.promoted(chosen, epoch);
    let why = |track: &Track| Why {
        by: track.by,
        acknowledged: track.acknowledged,
        death: evidence.milestones.death(track.by, track.taken.at),
        chosen,
        reason: track.reason(chosen, promoted, evidence),
    };
    tracks.iter().map(|track| (track.op, why(track))).collect()
}

/// Where the lost writes' records stand: which track belongs to an epoch and position.
type Places = BTreeMap<(Epoch, Position), usize>;

fn find_records(tracks: &mut [Track], evidence: &Evidence<'_>) -> Places {
    let mut by_op: BTreeMap<OpId, usize> =
        tracks.iter().enumerate().map(|(index, track)| (track.op, index)).collect();
    let mut places = Places::new();
    for (at, op, epoch, position) in newest_first(evidence.world.records) {
        if by_op.is_empty() {
            break;
        }
        let Some(index) = by_op.get(&op).copied() else { continue };
        let told = evidence.history.get(op).map(|operation| operation.end);
        let exact = told == Some(End::Written { position, epoch });
        if exact || tracks[index].record.is_none() {
            (tracks[index].record, tracks[index].position) = (Some(at), position);
            places.insert((epoch, position), index);
        }
        if exact {
            by_op.remove(&op);
        }
    }
    places
}

fn newest_first(
    records: &Records,
) -> impl Iterator<Item = (RecordRef, OpId, Epoch, Position)> + '_ {
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    (0..count).rev().map(RecordRef).filter_map(|at| {
        let record = records.get(at)?;
        Some((at, record.op, record.epoch, record.position))
    })
}

fn follow_messages(tracks: &mut [Track], places: &Places, begun: SimTime, evidence: &Evidence<'_>) {
    let carried = |message: &MessageFacts| {
        let range = (message.epoch, message.first)..=(message.epoch, message.last);
        let carries = message.kind.carries_records() && message.first <= message.last;
        carries.then(|| places.range(range)).into_iter().flatten()
    };
    for event in evidence.trace.window(begun, SimTime::NEVER) {
        let (What::Sent { from, ref message, .. }
        | What::Delivered { from, ref message, .. }
        | What::Lost { from, ref message, .. }) = event.what
        else {
            continue;
        };
        for (_, index) in carried(message) {
            let track = &mut tracks[*index];
            if track.by == from || track.taken.node == from {
                track.message(&event.what, event.at);
            }
        }
    }
}

impl Track {
    fn of(op: OpId, operation: &Operation) -> Self {
        Self {
            op,
            by: operation.node.unwrap_or(operation.taken.node),
            acknowledged: operation.ended,
            taken: operation.taken,
            record: None,
            position: Position::ZERO,
            sent: SimTime::ZERO,
            on_way: NodeSet::default(),
            arrived: NodeSet::default(),
            dropped: NodeSet::default(),
            dropped_why: Dropped::Loss,
        }
    }

    fn message(&mut self, what: &What, at: SimTime) {
        match *what {
            What::Sent { to, .. } => {
                self.on_way.insert(to);
                self.sent = at;
            }
            What::Delivered { to, .. } => {
                self.on_way.remove(to);
                self.arrived.insert(to);
            }
            // What was on its way when the power went stays "on its way".
            What::Lost { to, why, .. } if why != Dropped::SenderLostPower => {
                self.on_way.remove(to);
                self.dropped.insert(to);
                self.dropped_why = why;
            }
            _ => {}
        }
    }

    /// The node that it had arrived at and that threw it away unapplied.
    fn discarded_by(&self, evidence: &Evidence<'_>) -> Option<NodeId> {
        let since = evidence.milestones.iter().rev().take_while(|e| e.id > self.taken.event);
        let mut discards = since.filter_map(|event| match event.what {
            What::Noted { node, note: Note::Discarded { from, to } } => {
                (from..=to).contains(&self.position).then_some(node)
            }
            _ => None,
        });
        discards.find(|node| self.arrived.contains(*node))
    }

    fn reason(&self, chosen: NodeId, promoted: Option<&Event>, evidence: &Evidence<'_>) -> Reason {
        let Some(record) = self.record else { return Reason::NeverWritten };
        if self.by == chosen {
            return Reason::OwnLog;
        }
        if let Some(promoted) = promoted.filter(|promoted| promoted.id < self.taken.event) {
            return Reason::TooLate { late: self.taken.at.since(promoted.at) };
        }
        if let Some(node) = self.discarded_by(evidence) {
            return Reason::Discarded { node };
        }
        let others = evidence.nodes.iter().map(|node| node.node).filter(|node| *node != self.by);
        let holders: NodeSet = others
            .filter(|node| evidence.world.nodes.record_at(*node, self.position) == Some(record))
            .collect();
        let fallen = self.arrived.and(evidence.milestones.down());
        let all = (0..evidence.world.nodes.count()).map(NodeId);
        let to: NodeSet = all.filter(|node| *node != self.by).collect();
        let cut = to
            .iter()
            .find_map(|node| evidence.milestones.cut_since(self.by, node, self.acknowledged));
        if !holders.is_empty() {
            Reason::NotChosen { holders }
        } else if !fallen.is_empty() {
            Reason::HoldersDown { holders: fallen }
        } else if !self.arrived.is_empty() {
            Reason::NotKept { holders: self.arrived }
        } else if !self.on_way.is_empty() {
            Reason::OnItsWay { to: self.on_way, sent: self.sent }
        } else if let Some(since) = cut {
            let is_cut = |node: &NodeId| {
                let since = evidence.milestones.cut_since(self.by, *node, self.acknowledged);
                since.is_some()
            };
            Reason::LinkCut { to: to.iter().filter(is_cut).collect(), since }
        } else if !self.dropped.is_empty() {
            Reason::NotDelivered { to: self.dropped, why: self.dropped_why }
        } else {
            Reason::NeverSent { to }
        }
    }
}
