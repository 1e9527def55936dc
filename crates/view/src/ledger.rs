//! The ledger: what became of each of the latest writes, and of the lost ones, in words.
//!
//! It looks at the newest operations only; the counts come from the recorder.

use super::number::{names, who};
use super::stage::awaited_words;
use super::types::{LEDGER_ROWS, Ledger, LedgerRow, Reason, Tally, Tone};
use super::words;
use engine::base::{NodeId, OpId, Position, sort, sort_by_key};
use engine::observe::history::Talk;
use engine::observe::ledger::store::Overwritten;
use engine::observe::{End, Fate, Operation, Recorder};
use engine::protocol::{NodeFacts, RecordRef, Role, Shape};
use engine::world::{NodeStatus, Run};
use std::cell::OnceCell;
use std::cmp::Reverse;

/// So many of the rows are for lost writes, if there are that many.
const LOST_ROWS: usize = 16;
/// So many operations back it looks for the newest writes.
const LOOK_BACK: u32 = 400;
/// So many of the newest writes stand before the lost ones.
const NEWEST: usize = 3;
/// More nodes than these are counted, not named.
const NAMED: usize = 4;
/// What is told of a write that is saved and cannot be reached.
const AWAY: &str = "saved, but on no node that runs";

/// The ledger at the playhead; the write that a reader selected is among the rows.
#[must_use]
pub fn ledger(run: &dyn Run<Recorder>, selected: Option<OpId>) -> Ledger {
    let recorder = run.observer();
    let counts = recorder.ledger().counts();
    let holders = Holders::of(run);
    let mut shown: Vec<OpId> =
        recorder.ledger().lost().rev().take(LOST_ROWS).map(|lost| lost.op).collect();
    let overwritten = recorder.ledger().versions().overwritten().rev();
    shown.extend(overwritten.take(LOST_ROWS - shown.len()).map(|lost| lost.op));
    shown
        .extend(selected.filter(|op| recorder.history().get(*op).is_some_and(Operation::is_write)));
    let end = recorder.history().len();
    let recent = (end.saturating_sub(LOOK_BACK)..end).rev().map(OpId);
    for op in recent.filter(|op| recorder.history().get(*op).is_some_and(Operation::is_write)) {
        if shown.len() >= LEDGER_ROWS {
            break;
        }
        if !shown.contains(&op) {
            shown.push(op);
        }
    }
    sort(&mut shown);
    shown.dedup();
    let mut rows: Vec<LedgerRow> =
        shown.iter().filter_map(|op| row(recorder, &holders, *op)).collect();
    // The newest first, by the times that stand beside them. The bits of numbers that are not
    // negative stand in the order of the numbers.
    sort_by_key(&mut rows, |row| Reverse((row.at_ms.to_bits(), row.op)));
    let rows = in_sight(rows);
    let lost_rows = rows.iter().filter(|row| row.tone == Tone::Lost).count();
    let more_lost = (counts.lost + counts.overwritten)
        .saturating_sub(u32::try_from(lost_rows).unwrap_or(u32::MAX));
    let tally = Tally {
        acknowledged: counts.acknowledged,
        lost: counts.lost,
        overwritten: counts.overwritten,
        waiting: counts.waiting(),
        unknown: counts.unknown,
        failed: counts.failed,
        blocked_ms: recorder.write_availability().total(run.now()).as_millis_f64(),
    };
    Ledger { tally, rows, more_lost }
}

/// Lost writes stand right behind the newest few, however old they are.
fn in_sight(rows: Vec<LedgerRow>) -> Vec<LedgerRow> {
    let mut others = Vec::with_capacity(rows.len());
    let mut lost = Vec::new();
    for row in rows {
        if row.tone == Tone::Lost { lost.push(row) } else { others.push(row) }
    }
    let place = others.len().min(NEWEST);
    others.splice(place..place, lost);
    others
}

/// One write's row; `None` if it is none.
#[must_use]
pub fn write_row(run: &dyn Run<Recorder>, op: OpId) -> Option<LedgerRow> {
    row(run.observer(), &Holders::of(run), op)
}

fn row(recorder: &Recorder, holders: &Holders<'_>, op: OpId) -> Option<LedgerRow> {
    let operation = recorder.history().get(op).filter(|operation| operation.is_write())?;
    let pending = operation.end == End::Pending;
    let at = if pending { operation.invoked } else { operation.ended };
    let mut reason = None;
    let (fate, tone, why) = match recorder.fate(op) {
        Fate::Pending => (holders.waiting(op, operation), Tone::Wait, None),
        Fate::Acknowledged => holders.places(op, operation),
        Fate::Failed if recorder.ledger().lineage().holds(op) => {
            let why = format!("{}; an earlier attempt of it had been done", refused(operation));
            ("refused, but done".to_owned(), Tone::Wait, Some(why))
        }
        Fate::Failed => ("refused".to_owned(), Tone::Plain, Some(refused(operation))),
        Fate::Unknown => ("unknown".to_owned(), Tone::Wait, Some(unknown(recorder, op))),
        Fate::Lost(why) => {
            reason = Some(Reason::of(why.reason.kind(), why.events()));
            ("lost".to_owned(), Tone::Lost, Some(why.sentence()))
        }
        Fate::Superseded(by) => {
            (format!("replaced by {}, which had seen it", recorder.name(by)), Tone::Good, None)
        }
        Fate::Overwritten(by) => {
            let why = recorder.ledger().versions().overwritten().find(|lost| lost.op == op);
            let events = |lost: &Overwritten| lost.events(recorder.history());
            reason = why.map(|lost| Reason::of("overwritten-unseen", events(lost)));
            let why = why.map(|lost| lost.sentence(&recorder.name(by)));
            ("overwritten unseen".to_owned(), Tone::Lost, why)
        }
        Fate::Partial { failed } => {
            let fate = if failed { "failed, but stored" } else { "unknown, but stored" };
            let why = partial(operation, failed, "some node holds it, and a read may find it");
            (fate.to_owned(), Tone::Wait, Some(why))
        }
        Fate::Passed { failed } => {
            let fate = if failed { "failed, but was stored" } else { "unknown, was stored" };
            let why = "some node held it, and a read may have found it; none holds it now";
            (fate.to_owned(), Tone::Wait, Some(partial(operation, failed, why)))
        }
    };
    let what = words::command(Some(operation.command));
    Some(LedgerRow { op: op.0, what, fate, tone, at_ms: at.as_millis_f64(), why, reason })
}

fn refused(operation: &Operation) -> String {
    let by = operation.node.map_or_else(String::new, |node| format!("{node} said: "));
    match operation.end {
        End::Refused { why: Some(why) } => format!("{by}“{}”", words::refusal(why)),
        _ => format!("{by}“I am not the leader”"),
    }
}

/// A write that reached fewer replicas than it had to, and what that means.
fn partial(operation: &Operation, failed: bool, held: &str) -> String {
    if failed {
        format!("{}; {held}", refused(operation))
    } else {
        format!("the client stopped waiting and was never told; {held}")
    }
}

fn unknown(recorder: &Recorder, op: OpId) -> String {
    let told = "the client stopped waiting and was never told";
    if recorder.ledger().lineage().holds(op) {
        format!("{told}; the write did happen")
    } else {
        format!("{told} whether it happened")
    }
}

/// Who runs and what each of them has.
struct Holders<'a> {
    run: &'a dyn Run<Recorder>,
    nodes: Vec<(NodeId, NodeFacts)>,
    // Every version that each node has, once that was asked.
    holdings: OnceCell<Vec<Vec<RecordRef>>>,
}

impl<'a> Holders<'a> {
    fn of(run: &'a dyn Run<Recorder>) -> Self {
        let nodes = run.view().nodes;
        let all = (0..nodes.count()).map(NodeId);
        let nodes = all.filter_map(|node| Some((node, nodes.facts(node)?))).collect();
        Self { run, nodes, holdings: OnceCell::new() }
    }

    /// "on n1, n2 and n3"; that it is on no node that runs is not as it should be.
    fn places(&self, op: OpId, operation: &Operation) -> (String, Tone, Option<String>) {
        let End::Written { position, .. } = operation.end else {
            return (String::new(), Tone::Good, None);
        };
        if self.run.view().shape == Shape::Store {
            return self.places_of_versions(op);
        }
        let has = |(node, facts): &(NodeId, NodeFacts)| {
            self.has(*node, facts, op, position).then_some(*node)
        };
        let on: Vec<NodeId> = self.nodes.iter().filter_map(has).collect();
        if on.is_empty() {
            let why = "a node that does not run may bring it back".to_owned();
            return (AWAY.to_owned(), Tone::Wait, Some(why));
        }
        (self.on(&on), Tone::Good, None)
    }

    fn on(&self, nodes: &[NodeId]) -> String {
        match nodes.len() {
            0..=NAMED => format!("on {}", names(nodes)),
            many => format!("on {many} of {} nodes", self.run.view().nodes.count()),
        }
    }

    /// "on n1 and n5; kept for n2 by n4": where data are versions per key, a write may be with nodes
    /// that stand in for others.
    fn places_of_versions(&self, op: OpId) -> (String, Tone, Option<String>) {
        let view = self.run.view();
        let mine: Vec<RecordRef> = self.run.observer().ledger().versions().of(op).collect();
        let any_of = |at: &RecordRef| mine.contains(at);
        let mut on = Vec::new();
        let mut kept: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
        for (node, facts) in &self.nodes {
            let hints = facts.store.iter().flat_map(|store| &store.hints);
            let mut owners: Vec<NodeId> =
                hints.filter(|(_, at)| any_of(at)).map(|(owner, _)| *owner).collect();
            owners.dedup();
            let shown = mine.iter().filter_map(|at| view.records.get(*at));
            let shown =
                { shown }.any(|record| view.nodes.stored(*node, record.key).iter().any(any_of));
            if shown || owners.is_empty() && self.holds(*node, any_of) {
                on.push(*node);
            }
            for owner in owners {
                match kept.iter_mut().find(|(known, _)| *known == owner) {
                    Some((_, by)) => by.push(*node),
                    None => kept.push((owner, vec![*node])),
                }
            }
        }
        sort_by_key(&mut kept, |(owner, _)| *owner);
        let kept: Vec<String> =
            kept.iter().map(|(owner, by)| format!("for {owner} by {}", names(by))).collect();
        let fate = match (on.is_empty(), kept.is_empty()) {
            (false, true) => self.on(&on),
            (false, false) => format!("{}; kept {}", self.on(&on), kept.join(", ")),
            (true, false) => format!("kept {}", kept.join(", ")),
            (true, true) => return self.on_none(op, any_of),
        };
        (fate, Tone::Good, None)
    }

    /// What no running node has: it is with nodes that do not run, or a deletion that has done its
    /// work and was forgotten.
    fn on_none(
        &self,
        op: OpId,
        any_of: impl Fn(&RecordRef) -> bool,
    ) -> (String, Tone, Option<String>) {
        let all = (0..self.run.view().nodes.count()).map(NodeId);
        let with: Vec<NodeId> = all.filter(|node| self.holds(*node, &any_of)).collect();
        if with.is_empty() {
            return ("done, and forgotten by every node".to_owned(), Tone::Good, None);
        }
        if !self.run.observer().ledger().out_of_reach().contains(&op) {
            return ("replaced on the nodes that run".to_owned(), Tone::Good, None);
        }
        let why = who(&with, "has it, and does not run", "have it, and do not run");
        (AWAY.to_owned(), Tone::Wait, Some(why))
    }

    /// Whether a node has one of these versions in any way; of one that does not run, on its disk.
    fn holds(&self, node: NodeId, any_of: impl Fn(&RecordRef) -> bool) -> bool {
        let all = self.holdings.get_or_init(|| {
            let view = self.run.view();
            let nodes = (0..view.nodes.count()).map(NodeId);
            nodes.map(|node| view.nodes.holdings(node, view.records)).collect()
        });
        all.get(node.index()).is_some_and(|held| held.iter().any(any_of))
    }

    fn has(&self, node: NodeId, facts: &NodeFacts, op: OpId, position: Position) -> bool {
        let view = self.run.view();
        if position <= facts.base {
            return facts.role != Role::Stranded;
        }
        let record = view.nodes.record_at(node, position).and_then(|at| view.records.get(at));
        record.is_some_and(|record| record.op == op)
    }

    /// Where a request is that no node has read, or that a node did nothing for.
    fn nowhere(&self, op: OpId, operation: &Operation) -> Option<String> {
        let asked = self.run.operation(op).map(|op| op.node)?;
        let paused = self.run.view().nodes.status(asked) == NodeStatus::Paused;
        let status = if paused { ", which is paused" } else { "" };
        let again = operation.attempts > 1;
        Some(match (operation.talk, again) {
            (Talk::OnItsWay, false) => format!("on its way to {asked}{status}"),
            (Talk::OnItsWay, true) => {
                format!("asked {} times, now {asked}{status}", operation.attempts)
            }
            (Talk::Lost, _) => format!("did not reach {asked}"),
            (Talk::AnswerLost, _) => format!("the answer of {asked} got lost"),
            (Talk::TurnedAway(node), _) => format!("{node} refused it; its client asks again"),
            (Talk::Read, _) => return None,
        })
    }

    /// "waits for n2": what a write waits for that was not answered yet.
    fn waiting(&self, op: OpId, operation: &Operation) -> String {
        if let Some(nowhere) = self.nowhere(op, operation) {
            return nowhere;
        }
        let taken = operation.taken;
        let leader =
            self.nodes.iter().find(|(node, _)| *node == taken.node).map(|(_, facts)| facts);
        match leader {
            None => format!("{} does not answer", taken.node),
            Some(facts) if facts.store.is_some() => "too few nodes have it".to_owned(),
            Some(facts) if !facts.role.leads() => format!("{} does not lead", taken.node),
            Some(facts) => awaited_words(facts)
                .map_or_else(|| format!("at {}", taken.node), |whom| format!("waits for {whom}")),
        }
    }
}
