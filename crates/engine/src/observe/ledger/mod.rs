//! The ledger: what became of every write. Pending, acknowledged, failed, unknown, or lost, and
//! why.
//!
//! A write is lost if its client was told that it is saved and it does not stand in the log of
//! the current leader: the running leader of the highest epoch. This is judged at promotions and
//! starts, every so often, and at the end, by looking at the logs; never by what a node says. A
//! lost write may come back, when the old leader returns and leads again. Whether the loss broke
//! a promise is for the audits.

mod death;
mod held;
mod kept;
mod overwritten;
mod search;
pub mod store;
#[cfg(test)]
mod tests;
mod why;

use super::history::{End, History};
use super::lineage::{Change, Lineage, Sample};
use super::milestones::Milestones;
use super::trace::Trace;
pub use crate::base::NodeSet;
use crate::base::sort;
use crate::base::{Chunked, EventId, OpId, SimTime};
use crate::protocol::Shape;
use crate::world::{Event, What, WorldView};
pub use death::{Death, DeathKind, Length};
use search::Sent;
use std::rc::Rc;
use store::{Standing, Versions};
pub use why::{Reason, Why};

/// What became of a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Its client waits.
    Pending,
    /// Its client was told that it is saved.
    Acknowledged,
    /// Its client was told that it was not done.
    Failed,
    /// Its client gave up without knowing.
    Unknown,
    /// Its client was told that it is saved, and it is gone.
    Lost(Why),
    /// It was saved, and this operation's version took its place, having seen it.
    Superseded(OpId),
    /// Its client was told that it is saved, and this operation's version was preferred, which had
    /// not seen it.
    Overwritten(OpId),
    /// Its client was not told that it is saved; some node holds it.
    Partial {
        /// Whether its client was refused; `false`: it gave up without knowing.
        failed: bool,
    },
    /// The same; some node held it once, and none does any more.
    Passed {
        /// Whether its client was refused; `false`: it gave up without knowing.
        failed: bool,
    },
}

/// A write that was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LostWrite {
    /// The operation.
    pub op: OpId,
    /// When the loss was found.
    pub at: SimTime,
    /// The event at which it was found.
    pub event: EventId,
    /// The reason.
    pub why: Why,
    /// When it stood in the current leader's log again, if ever.
    pub came_back: Option<SimTime>,
}

/// How many writes met which fate.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct WriteCounts {
    /// Begun by clients.
    pub invoked: u32,
    /// Acknowledged, lost ones included.
    pub acknowledged: u32,
    /// Refused for good.
    pub failed: u32,
    /// Given up without an answer.
    pub unknown: u32,
    /// Acknowledged and gone.
    pub lost: u32,
    /// Acknowledged and dropped in favour of a version that had not seen it.
    pub overwritten: u32,
    /// Losses that did not last: what was gone is there again.
    pub came_back: u32,
}

impl WriteCounts {
    /// Not ended yet.
    #[must_use]
    pub const fn waiting(&self) -> u32 {
        self.invoked - self.acknowledged - self.failed - self.unknown
    }
}

/// The fate of every write.
#[derive(Clone, Default, Debug)]
pub struct Ledger {
    lineage: Lineage,
    acknowledged: Chunked<OpId>,
    // So many of `acknowledged` have been compared with the line.
    judged: usize,
    lost: Chunked<LostWrite>,
    versions: Versions,
    // Ended without "saved", and not yet compared with what nodes hold.
    doubtful: Vec<OpId>,
    // Messages with lost writes that are on their way, and the index of the write in `lost`.
    on_way: Rc<Vec<(Sent, u32)>>,
    // Index into `lost` + 1 by operation; 0: never lost.
    entries: Chunked<u32>,
    counts: WriteCounts,
}

/// What a judgement is made from.
pub struct Evidence<'a> {
    /// The nodes that run.
    pub nodes: &'a [Sample],
    /// Logs and records.
    pub world: &'a WorldView<'a>,
    /// What the clients were told.
    pub history: &'a History,
    /// What happened to messages.
    pub trace: &'a Trace,
    /// What happened to nodes and links.
    pub milestones: &'a Milestones,
    /// When.
    pub at: SimTime,
    /// The event that gave occasion.
    pub event: EventId,
}

impl Ledger {
    /// A client begins a write.
    #[inline]
    pub fn invoked(&mut self) {
        self.counts.invoked += 1;
    }

    /// A write ended.
    #[inline]
    pub fn ended(&mut self, op: OpId, end: End) {
        match end {
            End::Written { .. } => {
                self.counts.acknowledged += 1;
                self.acknowledged.push(op);
            }
            End::Refused { .. } => {
                self.counts.failed += 1;
                self.doubtful.push(op);
            }
            End::Unknown => {
                self.counts.unknown += 1;
                self.doubtful.push(op);
            }
            End::Pending | End::Value { .. } => {}
        }
    }

    /// Whether a write just acknowledged must be judged at once: an older leader than the current
    /// one said so.
    #[must_use]
    #[inline]
    pub fn is_suspect(&self, op: OpId, end: End) -> bool {
        match (end, self.lineage.leader()) {
            (End::Written { epoch: told, .. }, Some((_, epoch))) => {
                told < epoch && !self.lineage.holds(op)
            }
            _ => false,
        }
    }

    /// Compares the acknowledged writes with the current leader's log.
    pub fn judge(&mut self, evidence: &Evidence<'_>) {
        if evidence.world.shape == Shape::Store {
            return self.judge_versions(evidence);
        }
        self.doubtful.clear();
        let Some(Change { gone, came }) =
            self.lineage.follow(evidence.nodes, evidence.world, evidence.milestones, evidence.at)
        else {
            return;
        };
        for op in came {
            self.came_back(op, evidence.at);
        }
        let acknowledged = |op: &OpId| {
            evidence.history.get(*op).is_some_and(super::history::Operation::is_acknowledged)
        };
        let mut missing: Vec<OpId> = gone.into_iter().filter(acknowledged).collect();
        let fresh = self.acknowledged.iter_from(self.judged);
        missing.extend(fresh.filter(|op| !self.lineage.holds(**op)));
        self.judged = self.acknowledged.len();
        sort(&mut missing);
        missing.dedup();
        missing.retain(|op| self.lost_entry(*op).is_none());
        if missing.is_empty() {
            return;
        }
        for search::Found { op, why, on_way } in search::reasons(&missing, &self.lineage, evidence)
        {
            let (at, event, came_back) = (evidence.at, evidence.event, None);
            self.lose(LostWrite { op, at, event, why, came_back });
            if !on_way.is_empty() {
                let entry = u32::try_from(self.lost.len() - 1).unwrap_or(u32::MAX);
                let all = on_way.into_iter().map(|sent| (sent, entry));
                Rc::make_mut(&mut self.on_way).extend(all);
            }
        }
    }

    /// Whether messages with lost writes are still on their way.
    #[must_use]
    #[inline]
    pub fn awaits_messages(&self) -> bool {
        !self.on_way.is_empty()
    }

    /// A message arrived or got lost: the reasons of the writes in it say so from now on.
    pub fn message_ended(&mut self, event: &Event) {
        let (What::Delivered { to, .. } | What::Lost { to, .. }) = event.what else { return };
        let it = |(sent, _): &&(Sent, u32)| sent.event == event.cause && sent.to == to;
        if !self.on_way.iter().any(|one| it(&one)) {
            return;
        }
        let all = self.on_way.iter().copied();
        let (ended, rest): (Vec<_>, Vec<_>) = all.partition(|one| it(&one));
        for (_, entry) in ended {
            let Some(lost) = self.lost.get_mut(entry as usize) else { continue };
            if !matches!(lost.why.reason, Reason::OnItsWay { .. }) {
                continue;
            }
            let still = || rest.iter().filter(|(_, other)| *other == entry).map(|(sent, _)| *sent);
            lost.why.reason = match (event.what, still().next_back()) {
                (What::Lost { why, .. }, None) => {
                    let to = [to].into_iter().collect();
                    Reason::NotDelivered { to, why, event: event.id }
                }
                (What::Lost { .. }, Some(last)) => {
                    let to = still().map(|sent| sent.to).collect();
                    Reason::OnItsWay { to, sent: last.at, event: last.event }
                }
                _ => Reason::ArrivedLate { to, at: event.at, event: event.id },
            };
        }
        self.on_way = Rc::new(rest);
    }

    /// What became of a write.
    #[must_use]
    pub fn fate(&self, op: OpId, history: &History) -> Fate {
        if let Some(lost) = self.lost_entry(op) {
            return Fate::Lost(lost.why);
        }
        let failed = |end| matches!(end, Some(End::Refused { .. }));
        let end = history.get(op).map(|operation| operation.end);
        match self.versions.standing(op) {
            Standing::Superseded(by) => return Fate::Superseded(by),
            Standing::Overwritten(by) => return Fate::Overwritten(by),
            Standing::Partial => return Fate::Partial { failed: failed(end) },
            Standing::Passed => return Fate::Passed { failed: failed(end) },
            Standing::Kept | Standing::Lost => {}
        }
        match end {
            Some(End::Written { .. }) => Fate::Acknowledged,
            Some(End::Refused { .. }) => Fate::Failed,
            Some(End::Unknown) => Fate::Unknown,
            Some(End::Pending | End::Value { .. }) | None => Fate::Pending,
        }
    }

    /// The writes that are lost now, in the order in which it was found.
    pub fn lost(&self) -> impl DoubleEndedIterator<Item = &LostWrite> {
        self.lost.iter().filter(|lost| lost.came_back.is_none())
    }

    /// Every loss that was ever found, those that came back included.
    pub fn ever_lost(&self) -> impl DoubleEndedIterator<Item = &LostWrite> {
        self.lost.iter()
    }

    /// Acknowledged writes in the order of their acknowledgement.
    #[must_use]
    pub const fn acknowledged(&self) -> &Chunked<OpId> {
        &self.acknowledged
    }

    /// Acknowledged writes that have not been compared with a leader's log yet.
    #[must_use]
    pub fn unjudged(&self) -> usize {
        self.acknowledged.len() - self.judged
    }

    /// How many writes met which fate.
    #[must_use]
    pub const fn counts(&self) -> WriteCounts {
        self.counts
    }

    /// The current leader's log, as of the last judgement.
    #[must_use]
    pub const fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.lineage.heap_bytes()
            + self.acknowledged.heap_bytes()
            + self.lost.heap_bytes()
            + self.entries.heap_bytes()
            + self.versions.heap_bytes()
    }

    fn lost_entry(&self, op: OpId) -> Option<&LostWrite> {
        let entry = self.entries.get(op.index())?.checked_sub(1)?;
        self.lost.get(entry as usize).filter(|lost| lost.came_back.is_none())
    }

    fn lose(&mut self, lost: LostWrite) {
        while self.entries.len() <= lost.op.index() {
            self.entries.push(0);
        }
        self.lost.push(lost);
        if let Some(entry) = self.entries.get_mut(lost.op.index()) {
            *entry = u32::try_from(self.lost.len()).unwrap_or(u32::MAX);
        }
        self.counts.lost += 1;
    }

    fn came_back(&mut self, op: OpId, at: SimTime) {
        let entry = self.entries.get(op.index()).and_then(|entry| entry.checked_sub(1));
        let Some(lost) = entry.and_then(|entry| self.lost.get_mut(entry as usize)) else { return };
        if lost.came_back.is_none() {
            lost.came_back = Some(at);
            self.counts.lost -= 1;
            self.counts.came_back += 1;
        }
    }
}
