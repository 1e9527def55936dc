//! The fate of writes where data are versions per key.
//!
//! A write is kept while some node holds its version, in its process or on its disk. Else another
//! version took its place, or it is lost. It is *superseded* if the writer of that version had been
//! given it, *overwritten unseen* if not. Where siblings are kept, only a version whose writer had
//! been given another takes its place. Where the last write wins, versions stand in a row by their
//! stamps: of those further on that are held or acknowledged by then, one whose writer had been given
//! it takes its place, or if there is none, the next. It is judged from the versions that the records
//! carry and from what the nodes hold, never from what they say.

use std::collections::BTreeMap;
use std::rc::Rc;

use core::cmp::Ordering;

use super::held::Held;
pub use super::overwritten::Overwritten;
use super::why::{Reason, Why};
use super::{Evidence, Ledger, LostWrite};
use crate::base::{Chunked, EventId, Key, NodeId, NodeSet, OpId};
use crate::observe::history::{End, Operation};
use crate::protocol::parts::Conflicts;
use crate::protocol::{RecordRef, Records};
use crate::world::WorldView;

/// How a write's version stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Standing {
    /// Some node holds it, or nothing was looked at yet.
    #[default]
    Kept,
    /// This operation's version took its place, and its writer had been given it.
    Superseded(OpId),
    /// This operation's version took its place by its stamp; its writer had not been given it.
    Overwritten(OpId),
    /// No node holds it.
    Lost,
    /// Its client was not told that it is saved, and some node holds it.
    Partial,
    /// Its client was not told that it is saved; some node held it, and none does any more.
    Passed,
}

/// What is known of the versions.
#[derive(Clone, Default, Debug)]
pub struct Versions {
    // So many records have been looked at.
    scanned: u32,
    // The first record of each operation, + 1; 0: none.
    first: Chunked<u32>,
    // Further records of operations that have several.
    more: Vec<(OpId, RecordRef)>,
    keys: BTreeMap<Key, Rc<Vec<RecordRef>>>,
    // The same by their stamps, where the last write wins.
    rows: BTreeMap<Key, Rc<Vec<RecordRef>>>,
    standing: Chunked<Standing>,
    // Operations whose standing may still change, with those that were seen to hold them.
    pub(super) open: Vec<(OpId, NodeSet)>,
    // Acknowledged writes that only nodes hold which do not run, and that no version has seen.
    pub(super) out_of_reach: Vec<OpId>,
    overwritten: Chunked<Overwritten>,
    // So many different ones were held at the last look.
    held: u32,
    // What is kept of concurrent ones, once a node that runs was asked: it is a setting.
    conflicts: Option<Conflicts>,
}

impl Versions {
    /// What is kept of concurrent versions, as far as it is known.
    #[must_use]
    pub const fn conflicts(&self) -> Option<Conflicts> {
        self.conflicts
    }

    /// How many different versions nodes held at the last look.
    #[must_use]
    pub const fn held(&self) -> u32 {
        self.held
    }

    /// Every version that an operation became.
    pub fn of(&self, op: OpId) -> impl Iterator<Item = RecordRef> + '_ {
        let first = self.first.get(op.index()).and_then(|first| first.checked_sub(1));
        let more = self.more.iter().filter(move |(known, _)| *known == op);
        first.map(RecordRef).into_iter().chain(more.map(|(_, record)| *record))
    }

    /// Operations that became more than one version.
    pub fn doubles(&self) -> impl Iterator<Item = OpId> + '_ {
        self.more.iter().map(|(op, _)| *op)
    }

    /// Every version ever made of a key, in the order of their making.
    #[must_use]
    pub fn of_key(&self, key: Key) -> &[RecordRef] {
        self.keys.get(&key).map_or(&[], |records| records)
    }

    /// Every key that was ever written.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.keys.keys().copied()
    }

    /// How an operation stands, as of the last judgement.
    #[must_use]
    pub fn standing(&self, op: OpId) -> Standing {
        self.standing.get(op.index()).copied().unwrap_or_default()
    }

    /// Writes that were overwritten unseen.
    pub fn overwritten(&self) -> impl DoubleEndedIterator<Item = &Overwritten> {
        self.overwritten.iter()
    }

    /// Bytes of heap held, about.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let lists = self.keys.values().chain(self.rows.values());
        let keys: usize = lists.map(|records| records.capacity() * 4).sum();
        self.first.heap_bytes() + self.standing.heap_bytes() + self.overwritten.heap_bytes() + keys
    }

    fn scan(&mut self, records: &Records) {
        let end = u32::try_from(records.len()).unwrap_or(u32::MAX);
        for at in (self.scanned..end).map(RecordRef) {
            let (Some(record), Some(_)) = (records.get(at), records.version(at)) else { continue };
            if !record.op.is_some() {
                continue;
            }
            while self.first.len() <= record.op.index() {
                self.first.push(0);
            }
            match self.first.get_mut(record.op.index()) {
                Some(first) if *first == 0 => *first = at.0 + 1,
                _ => self.more.push((record.op, at)),
            }
            Rc::make_mut(self.keys.entry(record.key).or_default()).push(at);
            if self.conflicts == Some(Conflicts::LastWriteWins) {
                let row = Rc::make_mut(self.rows.entry(record.key).or_default());
                let place = row.iter().rev().take_while(|known| is_later(**known, at, records));
                row.insert(row.len() - place.count(), at);
            }
        }
        self.scanned = end;
    }

    /// The versions of a key that have later stamps than this one, in the order of their stamps.
    fn after(&self, key: Key, version: RecordRef, records: &Records) -> &[RecordRef] {
        let row = self.rows.get(&key).map_or(&[][..], |row| row);
        &row[row.partition_point(|known| !is_later(*known, version, records))..]
    }

    fn stands(&mut self, op: OpId, standing: Standing) {
        while self.standing.len() <= op.index() {
            self.standing.push(Standing::Kept);
        }
        if let Some(known) = self.standing.get_mut(op.index()) {
            *known = standing;
        }
    }
}

fn is_deletion(versions: &[RecordRef], records: &Records) -> bool {
    versions.iter().any(|own| records.version(*own).is_some_and(|version| version.deleted))
}

/// Whether a version would win over another where the last write wins.
fn is_later(one: RecordRef, other: RecordRef, records: &Records) -> bool {
    match (records.version(one), records.version(other)) {
        (Some(one), Some(other)) => one.later(other) == Ordering::Greater,
        _ => false,
    }
}

impl Ledger {
    /// What is known of versions, where data are versions per key.
    #[must_use]
    pub const fn versions(&self) -> &Versions {
        &self.versions
    }

    /// What is kept of concurrent versions: asked of a node that runs, once.
    pub fn conflicts(&mut self, world: &WorldView<'_>) -> Conflicts {
        if self.versions.conflicts.is_none() {
            let mut nodes = (0..world.nodes.count()).map(NodeId);
            let told = nodes.find_map(|node| world.nodes.facts(node)?.store);
            self.versions.conflicts = told.map(|store| store.conflicts);
        }
        self.versions.conflicts.unwrap_or_default()
    }

    /// Compares all writes whose fate is open with what the nodes hold.
    pub(super) fn judge_versions(&mut self, evidence: &Evidence<'_>) {
        self.conflicts(evidence.world);
        if self.versions.conflicts.is_none() {
            // Nothing was ever asked of a node that runs.
            return;
        }
        self.versions.scan(evidence.world.records);
        let held = Held::of(evidence);
        self.versions.held = u32::try_from(held.by.len()).unwrap_or(u32::MAX);
        let ended: Vec<OpId> = self.acknowledged.iter_from(self.judged).copied().collect();
        self.judged = self.acknowledged.len();
        self.versions.open.extend(ended.into_iter().map(|op| (op, NodeSet::default())));
        let doubtful: Vec<OpId> = self.doubtful.drain(..).collect();
        self.versions.open.extend(doubtful.into_iter().map(|op| (op, NodeSet::default())));
        self.versions.out_of_reach.clear();
        let mut open = std::mem::take(&mut self.versions.open);
        open.retain_mut(|(op, holders)| self.judge_version(*op, holders, &held, evidence));
        self.versions.open = open;
    }

    /// Judges one write; says whether its fate is still open.
    fn judge_version(
        &mut self,
        op: OpId,
        holders: &mut NodeSet,
        held: &Held,
        evidence: &Evidence<'_>,
    ) -> bool {
        let Some(operation) = evidence.history.get(op) else { return false };
        let records = evidence.world.records;
        let mine: Vec<RecordRef> = self.versions.of(op).collect();
        let now = mine.iter().fold(NodeSet::default(), |all, r| all.or(held.holders(*r)));
        let acknowledged = matches!(operation.end, End::Written { .. });
        let was = self.versions.standing(op);
        let standing = match (now.is_empty(), acknowledged) {
            (false, true) => Standing::Kept,
            (false, false) => Standing::Partial,
            (true, true) => {
                let first = mine.first().and_then(|at| records.get(*at));
                let key = first.map_or(operation.key(), |record| record.key);
                self.without_holder(key, &mine, held, evidence)
            }
            (true, false) if matches!(was, Standing::Partial | Standing::Passed) => {
                Standing::Passed
            }
            // It never happened, as far as anybody has seen.
            (true, false) => Standing::Kept,
        };
        if !now.is_empty() {
            *holders = now;
            let runs = now.iter().any(|node| !evidence.milestones.down().contains(node));
            if acknowledged && !runs {
                let key = operation.key();
                let heir = self.without_holder(key, &mine, held, evidence);
                if !matches!(heir, Standing::Superseded(_)) {
                    self.versions.out_of_reach.push(op);
                }
            }
        }
        self.versions.stands(op, standing);
        match (was, standing) {
            (Standing::Lost, Standing::Kept) => self.came_back(op, evidence.at),
            (Standing::Lost, Standing::Lost) => {}
            (_, Standing::Lost) => {
                let by = operation.node.unwrap_or(operation.taken.node);
                let taken = operation.taken;
                let reason = self.gone(operation.key(), &mine, *holders, held, records);
                let why = Why {
                    by,
                    took: taken.node,
                    taken: taken.event,
                    acknowledged: operation.ended,
                    answered: operation.ended,
                    told: operation.ended_event,
                    death: evidence.milestones.death(by, taken.event, evidence.event),
                    chosen: by,
                    promoted: EventId::NONE,
                    reason,
                };
                let (at, event, came_back) = (evidence.at, evidence.event, None);
                self.lose(LostWrite { op, at, event, why, came_back });
            }
            (_, Standing::Overwritten(by)) => self.overwrite(op, by, &mine, evidence),
            _ => {}
        }
        match standing {
            // An answer may come before the write that it speaks of arrives anywhere.
            Standing::Kept => acknowledged || mine.is_empty(),
            Standing::Superseded(_) | Standing::Overwritten(_) => false,
            Standing::Lost | Standing::Partial | Standing::Passed => true,
        }
    }

    /// What became of an acknowledged write that nobody holds: which version took its place. Only
    /// versions count that are held or were acknowledged; others may never have been anywhere.
    fn without_holder(
        &self,
        key: Key,
        mine: &[RecordRef],
        held: &Held,
        evidence: &Evidence<'_>,
    ) -> Standing {
        let records = evidence.world.records;
        let is_told = |op: OpId| evidence.history.get(op).is_some_and(Operation::is_acknowledged);
        let is_held = |at: RecordRef| !held.holders(at).is_empty();
        let taken = |at: &&RecordRef| {
            let op = records.get(**at).map(|record| record.op);
            !mine.contains(*at) && (is_held(**at) || op.is_some_and(is_told))
        };
        let saw = |at: RecordRef| mine.iter().any(|own| records.saw(at, *own));
        let lasts = self.versions.conflicts == Some(Conflicts::LastWriteWins);
        let winner = if lasts {
            // Asked again elsewhere, a write is several versions: the last of them may have died
            // with its node, while another one's stamp took the place of an earlier one.
            let later = |own: &RecordRef| self.versions.after(key, *own, records).iter();
            let knew = mine.iter().flat_map(later).filter(taken).find(|at| saw(**at)).copied();
            let winners = mine.iter().filter_map(|own| later(own).find(taken)).copied();
            knew.or_else(|| winners.reduce(|a, b| if is_later(b, a, records) { b } else { a }))
        } else {
            let all = self.versions.of_key(key).iter().rev();
            let later = all.take_while(|at| mine.iter().any(|own| *at > own));
            later.filter(taken).find(|at| saw(**at)).copied()
        };
        if let Some((at, record)) = winner.and_then(|at| Some((at, records.get(at)?))) {
            return match saw(at) {
                true => Standing::Superseded(record.op),
                false => Standing::Overwritten(record.op),
            };
        }
        // A tombstone that everybody has forgotten has done its work, unless what it took away is
        // there again.
        let undone = !self.undone_by(key, mine, held, records).is_empty();
        if is_deletion(mine, records) && !undone { Standing::Kept } else { Standing::Lost }
    }

    /// The nodes that hold what these versions took away.
    fn undone_by(&self, key: Key, mine: &[RecordRef], held: &Held, records: &Records) -> NodeSet {
        let taken = |at: &&RecordRef| mine.iter().any(|own| records.saw(*own, **at));
        let all = self.versions.of_key(key).iter().filter(taken);
        all.fold(NodeSet::default(), |holders, at| holders.or(held.holders(*at)))
    }

    /// Why an acknowledged write is gone that became these versions.
    fn gone(
        &self,
        key: Key,
        mine: &[RecordRef],
        holders: NodeSet,
        held: &Held,
        records: &Records,
    ) -> Reason {
        if mine.is_empty() {
            Reason::NeverWritten
        } else if is_deletion(mine, records) {
            Reason::Undeleted { holders: self.undone_by(key, mine, held, records) }
        } else {
            Reason::NoReplica { holders }
        }
    }

    fn overwrite(&mut self, op: OpId, by: OpId, mine: &[RecordRef], evidence: &Evidence<'_>) {
        let records = evidence.world.records;
        let won_over = |lost: RecordRef| {
            let won = self.versions.of(by).find(|at| is_later(*at, lost, records))?;
            Some((lost, won))
        };
        let Some((lost, won)) = mine.iter().rev().copied().find_map(won_over) else { return };
        let (Some(winner), Some(loser)) = (records.version(won), records.version(lost)) else {
            return;
        };
        let found = Overwritten {
            op,
            by,
            writer: winner.writer,
            later_us: winner.stamp.saturating_sub(loser.stamp),
            saw_winner: records.saw(lost, won),
            at: evidence.at,
            event: evidence.event,
        };
        if self.versions.overwritten.iter().all(|known| known.op != op) {
            self.versions.overwritten.push(found);
            self.counts.overwritten += 1;
        }
    }
}
