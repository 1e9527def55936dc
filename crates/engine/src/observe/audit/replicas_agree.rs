//! Two nodes never hold different records at a position that both call committed.
//!
//! **Meaning.** Broken if two running nodes at one moment hold different records at a position up to
//! which both say that their logs are committed; or if a node says so of a record where two nodes at
//! one moment had agreed on another one. What a single node called committed before it died may be
//! replaced: that is a loss, not a disagreement. Not exercised while no two nodes called a record
//! committed, nor where data follow no single log.
//!
//! Evidence: the records in the nodes' logs. A node's commit position says only how far it stands for
//! its log. Every record that a log newly stands for is compared with what the others have there, and
//! its ancestry, which covers all before it, with what was seen before.

use super::{Audit, Case, Verdict, Witness};
use crate::base::sort_by_key;
use crate::base::{Chunked, EventId, NodeId, Position, SimTime};
use crate::observe::lineage::Sample;
use crate::protocol::{Promise, RecordRef, Records, Shape};
use crate::world::WorldView;

/// The audit.
pub struct ReplicasAgree;

/// Different records at a position called committed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Disagreement {
    /// The first position at which they differ.
    pub position: Position,
    /// Who holds `held`.
    pub node: NodeId,
    /// Its record there.
    pub held: RecordRef,
    /// Who holds the other; `None`: it was agreed on before, and is rewritten.
    pub other: Option<NodeId>,
    /// The other record.
    pub against: RecordRef,
    /// When it was seen.
    pub at: SimTime,
    /// The event at which it was seen.
    pub event: EventId,
}

/// What at least two nodes at one time called committed.
#[derive(Clone, Default, Debug)]
pub struct Agreement {
    // The record at position p stands at index p - 1.
    agreed: Chunked<RecordRef>,
    // By node: how far the records in its log have been compared one by one.
    compared: Vec<Position>,
    broken: Option<Disagreement>,
}

/// A node's last committed record.
struct Tip {
    node: NodeId,
    committed: Position,
    record: RecordRef,
}

impl Agreement {
    /// Compares the nodes' logs. Each record is visited once, however often this is done.
    pub fn look(&mut self, nodes: &[Sample], world: &WorldView<'_>, at: SimTime, event: EventId) {
        if self.broken.is_some() {
            return;
        }
        let mut tips: Vec<Tip> = nodes.iter().filter_map(|node| tip(node, world)).collect();
        sort_by_key(&mut tips, |tip| (core::cmp::Reverse(tip.committed), tip.node));
        let Some(top) = tips.first() else { return };
        let end = self.end();
        let fresh = ancestors(top.record, end, world.records);
        let known = |position: Position| {
            if position <= end {
                return self.agreed.get((position.0 as usize).checked_sub(1)?).copied();
            }
            fresh.get((top.committed.since(position)) as usize).copied()
        };
        let found = tips.iter().find_map(|tip| {
            let (record, position) = if tip.node == top.node {
                let joint = end.min(top.committed);
                (world.records.ancestor(fresh.last().copied().unwrap_or(top.record), joint)?, joint)
            } else {
                (tip.record, tip.committed)
            };
            let against = known(position)?;
            (!same(record, against, world.records)).then(|| {
                let (held, against) = first_difference(record, against, world.records);
                let position = world.records.get(held).map_or(position, |held| held.position);
                let other = (position > end).then_some(top.node);
                Disagreement { position, node: tip.node, held, other, against, at, event }
            })
        });
        self.broken = found.or_else(|| {
            let found = tips.iter().find_map(|tip| {
                let from = self.compared.get(tip.node.index()).copied().unwrap_or_default();
                let (held, against) = other_record(tip, from, &known, world)?;
                let position = world.records.get(held)?.position;
                let other = (position > end).then_some(top.node);
                Some(Disagreement { position, node: tip.node, held, other, against, at, event })
            });
            self.compared.clear();
            self.compared.resize(usize::from(world.nodes.count()), Position::ZERO);
            tips.iter().for_each(|tip| self.compared[tip.node.index()] = tip.committed);
            found
        });
        let second = tips.get(1).map_or(Position::ZERO, |tip| tip.committed);
        if self.broken.is_none() && second > end {
            let skip = top.committed.since(second) as usize;
            fresh.into_iter().skip(skip).rev().for_each(|record| self.agreed.push(record));
        }
    }

    /// Up to where at least two nodes agreed.
    #[must_use]
    pub fn end(&self) -> Position {
        Position(u32::try_from(self.agreed.len()).unwrap_or(u32::MAX))
    }

    /// The first disagreement, if there ever was one.
    #[must_use]
    pub const fn broken(&self) -> Option<Disagreement> {
        self.broken
    }
}

fn tip(node: &Sample, world: &WorldView<'_>) -> Option<Tip> {
    let committed = node.facts.committed.min(node.facts.last);
    let record = world.nodes.record_at(node.node, committed)?;
    Some(Tip { node: node.node, committed, record })
}

/// The records from `from` back to just after `end`, newest first.
fn ancestors(from: RecordRef, end: Position, records: &Records) -> Vec<RecordRef> {
    let newer = |at: &RecordRef| records.get(*at).filter(|record| record.position > end);
    core::iter::successors(Some(from).filter(|at| newer(at).is_some()), |at| {
        newer(at).map(|record| record.parent).filter(|parent| newer(parent).is_some())
    })
    .collect()
}

fn same(a: RecordRef, b: RecordRef, records: &Records) -> bool {
    let content =
        |at| records.get(at).map(|record| (record.chain, record.op, record.key, record.value));
    a == b || content(a) == content(b)
}

/// The first record of a node's log after `from` that is not what is known to stand there, and
/// what is.
fn other_record(
    tip: &Tip,
    from: Position,
    known: &impl Fn(Position) -> Option<RecordRef>,
    world: &WorldView<'_>,
) -> Option<(RecordRef, RecordRef)> {
    let positions = from.0.min(tip.committed.0) + 1..=tip.committed.0;
    positions.map(Position).find_map(|position| {
        let (held, against) = (world.nodes.record_at(tip.node, position)?, known(position)?);
        (!same(held, against, world.records)).then_some((held, against))
    })
}

/// Follows two different records of one position back to the first pair that differs.
fn first_difference(a: RecordRef, b: RecordRef, records: &Records) -> (RecordRef, RecordRef) {
    let (mut a, mut b) = (a, b);
    while let (Some(left), Some(right)) = (records.get(a), records.get(b)) {
        let parents = (records.get(left.parent), records.get(right.parent));
        if !matches!(parents, (Some(l), Some(r)) if l.chain != r.chain) {
            break;
        }
        (a, b) = (left.parent, right.parent);
    }
    (a, b)
}

impl Audit for ReplicasAgree {
    fn promise(&self) -> Promise {
        Promise::ReplicasAgree
    }

    fn id(&self) -> &'static str {
        "replicas-agree"
    }

    fn title(&self) -> &'static str {
        "Replicas agree on what is committed"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        if case.world.shape == Shape::Store {
            return Verdict::NotExercised("its data follow no single log".to_owned());
        }
        let Some(found) = case.recorder.agreement().broken() else {
            return if case.recorder.agreement().end() == Position::ZERO {
                Verdict::NotExercised("no two nodes called a record committed".to_owned())
            } else {
                Verdict::Holds
            };
        };
        let name = |record: RecordRef| match case.world.records.get(record) {
            Some(record) if record.op.is_some() => record.name(),
            Some(record) => format!("the mark of epoch {}", record.epoch),
            None => "a record that is gone".to_owned(),
        };
        let op = |record: RecordRef| case.world.records.get(record).map(|record| record.op);
        let (held, against) = (name(found.held), name(found.against));
        let (node, position) = (found.node, found.position);
        let sentence = match found.other {
            Some(other) => format!(
                "position {position} is committed as {against} on {other} and as {held} on {node}",
            ),
            None => format!(
                "position {position} was agreed on as {against}, and {node} has it as {held}",
            ),
        };
        let operations = [op(found.held), op(found.against)];
        Verdict::Broken(Witness {
            events: vec![found.event],
            operations: operations.into_iter().flatten().filter(|op| op.is_some()).collect(),
            sentence,
        })
    }
}
