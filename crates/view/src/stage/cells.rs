//! The end of a node's log as cells.

use crate::number::range;
use crate::types::{CELLS, Cell, CellLook};
use engine::base::sort;
use engine::base::{NodeId, Position};
use engine::observe::{Fate, Recorder};
use engine::protocol::parts::Conflicts;
use engine::protocol::{NodeFacts, Record, RecordRef, Shape};
use engine::world::{NodeStatus, Run};

/// A node's log: of a running node as it is, of a dead one as it was last seen.
pub struct Log {
    /// The node's facts, or the last ones.
    pub facts: NodeFacts,
    /// The end of what there is.
    pub last: Position,
    /// Whether the process runs.
    pub runs: bool,
    // The record at `last` of a node that does not run.
    tip: RecordRef,
}

impl Log {
    /// The log of a node; `None` if nothing was ever seen of it.
    #[must_use]
    pub fn of(run: &dyn Run<Recorder>, node: NodeId) -> Option<Self> {
        let view = run.view();
        if let Some(facts) = view.nodes.facts(node) {
            let last = facts.last;
            return Some(Self { facts, last, runs: true, tip: RecordRef::NONE });
        }
        let remains = run.observer().remains(node)?;
        let facts = remains.facts.clone();
        let gone = remains.volatile_gone || view.nodes.status(node) == NodeStatus::PoweredOff;
        let last = if gone { facts.flushed.min(facts.last) } else { facts.last };
        let tip = view.records.ancestor(remains.tip, last).unwrap_or(RecordRef::NONE);
        Some(Self { facts, last, runs: false, tip })
    }

    /// The records at the end of the log, oldest first.
    fn end(&self, run: &dyn Run<Recorder>, node: NodeId) -> Vec<(RecordRef, Record)> {
        let view = run.view();
        if view.shape == Shape::Store {
            return newest(run, node);
        }
        let mut found = Vec::with_capacity(CELLS);
        let mut position = self.last;
        let mut at = self.tip;
        while found.len() < CELLS && position > self.facts.base {
            if self.runs {
                let Some(record) = view.nodes.record_at(node, position) else { break };
                at = record;
            }
            let Some(record) = view.records.get(at) else { break };
            found.push((at, *record));
            at = record.parent;
            position = position.before();
        }
        found.reverse();
        found
    }

    /// The cells, and what is to be said of the records that parted from the leader's.
    #[must_use]
    pub fn cells(&self, run: &dyn Run<Recorder>, node: NodeId) -> (Vec<Cell>, Option<String>) {
        let cells: Vec<Cell> =
            self.end(run, node).iter().map(|(at, record)| self.cell(run, *at, record)).collect();
        if run.view().shape == Shape::Store {
            return (cells, self.siblings(run, node));
        }
        let leader = run.observer().ledger().lineage().leader().map(|(leader, _)| leader);
        let leader = leader.filter(|leader| *leader != node);
        let remark = leader
            .zip(self.parted(&cells, run, node))
            .map(|(leader, (first, last))| format!("{} not in {leader}'s log", range(first, last)));
        (cells, remark)
    }

    /// The first and the last record that the leader's log does not have, however far back: the cells
    /// show the end of the log only.
    fn parted(
        &self,
        cells: &[Cell],
        run: &dyn Run<Recorder>,
        node: NodeId,
    ) -> Option<(Position, Position)> {
        let parted = |cell: &&Cell| matches!(cell.look, CellLook::Lost | CellLook::Parted);
        let last = Position(cells.iter().rev().find(parted)?.position);
        let (records, lineage) = (run.view().records, run.observer().ledger().lineage());
        let mut at = match self.runs {
            true => run.view().nodes.record_at(node, last)?,
            false => records.ancestor(self.tip, last)?,
        };
        let mut first = last;
        while let Some(record) = records.get(at).filter(|record| record.position > self.facts.base)
        {
            let line = lineage.at(record.position).and_then(|line| records.get(line));
            if line.is_some_and(|line| line.chain == record.chain) {
                break;
            }
            (first, at) = (record.position, record.parent);
        }
        Some((first, last))
    }

    /// "k3: 2 siblings": a key of which the node holds several versions, the newest such.
    fn siblings(&self, run: &dyn Run<Recorder>, node: NodeId) -> Option<String> {
        let store = self.facts.store.as_ref().filter(|_| self.runs)?;
        let siblings = matches!(store.conflicts, Conflicts::Siblings | Conflicts::SitePriority);
        let ends = newest(run, node);
        let keys = ends.iter().rev().map(|(_, record)| record.key).filter(|_| siblings);
        let mut counts = keys.map(|key| (key, run.view().nodes.stored(node, key).len()));
        let (key, count) = counts.find(|(_, count)| *count > 1)?;
        Some(format!("{key} has {count} siblings"))
    }

    fn cell(&self, run: &dyn Run<Recorder>, at: RecordRef, record: &Record) -> Cell {
        let look = self.look(run, at, record);
        let Record { position, op, .. } = *record;
        let what = if op.is_some() { record.name() } else { "new epoch".to_owned() };
        let text = match run.view().shape {
            Shape::Line => format!("{position}: {what}, {}", state(look)),
            Shape::Store => version_text(run, at, &what, look),
        };
        Cell { position: position.0, look, op: op.is_some().then_some(op.0), text }
    }

    fn look(&self, run: &dyn Run<Recorder>, at: RecordRef, record: &Record) -> CellLook {
        let recorder = run.observer();
        if run.view().shape == Shape::Store {
            return match recorder.fate(record.op) {
                Fate::Acknowledged | Fate::Superseded(_) => CellLook::Committed,
                Fate::Lost(_) | Fate::Overwritten(_) => CellLook::Lost,
                Fate::Partial { .. } | Fate::Passed { .. } | Fate::Failed => CellLook::Parted,
                Fate::Pending | Fate::Unknown => CellLook::Replicating,
            };
        }
        if record.op.is_some() && matches!(recorder.fate(record.op), Fate::Lost(_)) {
            return CellLook::Lost;
        }
        let line = recorder.ledger().lineage().at(record.position).filter(|line| *line != at);
        let line = line.and_then(|line| run.view().records.get(line));
        if line.is_some_and(|line| line.chain != record.chain) {
            return CellLook::Parted;
        }
        if !record.op.is_some() {
            return CellLook::EpochMark;
        }
        if record.position <= self.facts.committed {
            CellLook::Committed
        } else if record.position <= self.facts.flushed {
            CellLook::Replicating
        } else {
            CellLook::Waiting
        }
    }
}

/// The newest versions that a node holds for itself or for others, in the order of their making.
fn newest(run: &dyn Run<Recorder>, node: NodeId) -> Vec<(RecordRef, Record)> {
    let view = run.view();
    let mut held = view.nodes.holdings(node, view.records);
    sort(&mut held);
    held.dedup();
    let newest = held.len().saturating_sub(CELLS);
    held[newest..].iter().filter_map(|at| Some((*at, *view.records.get(*at)?))).collect()
}

/// "k7 = 91 of n2, acknowledged"
fn version_text(run: &dyn Run<Recorder>, at: RecordRef, what: &str, look: CellLook) -> String {
    let by = run.view().records.version(at).map(|version| version.writer);
    let by = by.map_or_else(String::new, |by| format!(", taken by {by}"));
    let state = match look {
        CellLook::Committed => "acknowledged",
        CellLook::Lost => "acknowledged and dropped",
        CellLook::Parted => "told to have failed, or never answered",
        CellLook::Replicating | CellLook::Waiting | CellLook::EpochMark => "not yet answered",
    };
    format!("{what}{by}, {state}")
}

fn state(look: CellLook) -> &'static str {
    match look {
        CellLook::Committed => "committed",
        CellLook::Replicating => "on disk here, not known to be committed",
        CellLook::Waiting => "in memory here, not on disk yet",
        CellLook::Lost => "acknowledged and lost",
        CellLook::Parted => "not in the leader's log",
        CellLook::EpochMark => "written by the new leader",
    }
}
