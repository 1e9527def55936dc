//! Sessions: what each client was shown, read by read, and the reads that break what a session
//! takes for granted.
//!
//! It knows only what the clients were told. "Before" always means: ended before the other began,
//! so two reads that overlap prove nothing. Where one log is followed, positions say what is newer;
//! where data are versions per key, the versions themselves do, and nothing orders two keys.

use super::history::{End, History, Operation};
use super::ledger::{Fate, Ledger};
use super::shown::{Shown, versions_of};
use crate::engine::base::{Chunked, ClientId, EventId, Key, NodeId, OpId, Position, SimTime};
use crate::engine::protocol::{RecordRef, Records};

/// What was wrong with a read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Anomaly {
    /// It lacked a write that was acknowledged before it began.
    Stale,
    /// It lacked a write that the same client had been told is saved.
    OwnWriteMissing,
    /// The same client had seen something newer at this key.
    BackInTime,
    /// The same client had seen a later write at another key: an effect without its cause.
    OutOfOrder,
}

/// A read that broke what a session takes for granted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slip {
    /// How.
    pub anomaly: Anomaly,
    /// Whose.
    pub client: ClientId,
    /// The read.
    pub read: OpId,
    /// The write that it lacked; for [`Anomaly::BackInTime`] the earlier read.
    pub missed: OpId,
    /// For [`Anomaly::OutOfOrder`]: the earlier read that saw what came later.
    pub seen: OpId,
    /// Who answered it.
    pub node: NodeId,
    /// When the client was told.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// The first of its kind in this session.
    pub first: bool,
}

/// Something that a client was told of a key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    op: OpId,
    client: ClientId,
    wrote: bool,
    position: Position,
    ended: SimTime,
    // The entry of the same key before it, counted from 1; 0: none.
    before: u32,
}

/// What is known of a key.
#[derive(Clone, Copy, Default, Debug)]
struct Known {
    newest: u32,
    furthest: Position,
}

/// The furthest write that a client saw.
#[derive(Clone, Copy, Debug)]
struct Sight {
    position: Position,
    ended: SimTime,
    key: Key,
    read: OpId,
}

/// Each client's last few sights that went further than all before.
const SIGHTS: usize = 4;
/// A read is compared with so many earlier answers about its key.
const LOOK_BACK: usize = 512;
/// The same where versions are compared, which takes longer.
const LOOK_BACK_AT_VERSIONS: usize = 64;

/// Everything that clients saw.
#[derive(Clone, Default, Debug)]
pub struct Sessions {
    entries: Chunked<Entry>,
    keys: Chunked<Known>,
    // By client, the newest first.
    sights: Vec<[Option<Sight>; SIGHTS]>,
    slips: Chunked<Slip>,
    // By client, one bit an anomaly: which it has met.
    met: Vec<u8>,
    // Positions after the second, told of before the first, were lost in a change of leaders.
    cuts: Vec<(SimTime, Position)>,
    reads: u32,
}

impl Sessions {
    /// An operation ended with an answer, where data are versions per key.
    pub fn ended_in_store(
        &mut self,
        op: OpId,
        operation: &Operation,
        records: &Records,
        (ledger, history): (&Ledger, &History),
    ) {
        match operation.end {
            End::Written { position, .. } => self.tell(op, operation, true, position),
            End::Value { version, .. } => {
                self.reads += 1;
                let shown = Shown::of(version, records);
                let found = self.lacking(operation, &shown, records, (ledger, history));
                for (anomaly, missed) in found {
                    self.slip(anomaly, (op, operation), missed, OpId::NONE);
                }
                self.tell(op, operation, false, version);
            }
            End::Pending | End::Refused { .. } | End::Unknown => {}
        }
    }

    /// An operation ended with an answer.
    pub fn ended(&mut self, op: OpId, operation: &Operation, ledger: &Ledger, history: &History) {
        match operation.end {
            End::Written { position, .. } => self.tell(op, operation, true, position),
            End::Value { version, .. } => {
                self.reads += 1;
                self.compare(op, operation, version, ledger, history);
                self.tell(op, operation, false, version);
                self.see(op, operation, version);
            }
            End::Pending | End::Refused { .. } | End::Unknown => {}
        }
    }

    /// Another leader's log ends at `end`: what stood after that is gone.
    pub fn cut(&mut self, at: SimTime, end: Position) {
        self.cuts.push((at, end));
    }

    /// Every anomaly, in order.
    pub fn slips(&self) -> impl DoubleEndedIterator<Item = &Slip> {
        self.slips.iter()
    }

    /// What was wrong with a read that ended lately; the worst of it.
    #[must_use]
    pub fn of(&self, read: OpId) -> Option<Anomaly> {
        let lately = self.slips.iter().rev().take(64);
        lately.filter(|slip| slip.read == read).map(|slip| slip.anomaly).max()
    }

    /// Reads that were answered.
    #[must_use]
    pub const fn reads(&self) -> u32 {
        self.reads
    }

    fn tell(&mut self, op: OpId, operation: &Operation, wrote: bool, position: Position) {
        let key = operation.key();
        while self.keys.len() <= key.0 as usize {
            self.keys.push(Known::default());
        }
        let number = u32::try_from(self.entries.len() + 1).unwrap_or(u32::MAX);
        let Some(known) = self.keys.get_mut(key.0 as usize) else { return };
        let before = std::mem::replace(&mut known.newest, number);
        known.furthest = known.furthest.max(position);
        let (client, ended) = (operation.client, operation.ended);
        self.entries.push(Entry { op, client, wrote, position, ended, before });
    }

    fn see(&mut self, read: OpId, operation: &Operation, position: Position) {
        let (client, key, ended) = (operation.client, operation.key(), operation.ended);
        if self.sights.len() <= client.index() {
            self.sights.resize(client.index() + 1, [None; SIGHTS]);
        }
        let sights = &mut self.sights[client.index()];
        if sights[0].is_none_or(|newest| newest.position < position) {
            sights.rotate_right(1);
            sights[0] = Some(Sight { position, ended, key, read });
        }
    }

    fn is_void(&self, position: Position, ended: SimTime) -> bool {
        self.cuts.iter().any(|(at, end)| ended <= *at && position > *end)
    }

    /// The furthest write that the client had seen before a read began.
    fn sight(&self, operation: &Operation) -> Option<Sight> {
        let sights = self.sights.get(operation.client.index())?;
        let before = sights.iter().flatten().filter(|sight| sight.ended < operation.invoked);
        before.copied().find(|sight| !self.is_void(sight.position, sight.ended))
    }

    /// Compares a read with what had been told of its key before it began.
    fn compare(
        &mut self,
        read: OpId,
        operation: &Operation,
        version: Position,
        ledger: &Ledger,
        history: &History,
    ) {
        let known = self.keys.get(operation.key().0 as usize).copied().unwrap_or_default();
        if version >= known.furthest {
            return;
        }
        let sight = self.sight(operation).filter(|sight| sight.key != operation.key());
        let mut missed = [None; 4];
        let mut at = known.newest;
        for _ in 0..LOOK_BACK {
            let Some(entry) = (at as usize).checked_sub(1).and_then(|i| self.entries.get(i)) else {
                break;
            };
            at = entry.before;
            if entry.position <= version
                || entry.ended >= operation.invoked
                || self.is_void(entry.position, entry.ended)
            {
                continue;
            }
            let own = entry.client == operation.client;
            if !entry.wrote {
                if own {
                    missed[Anomaly::BackInTime as usize].get_or_insert(entry.op);
                }
                continue;
            }
            if matches!(ledger.fate(entry.op, history), Fate::Lost(_)) {
                continue;
            }
            missed[Anomaly::Stale as usize].get_or_insert(entry.op);
            if own {
                missed[Anomaly::OwnWriteMissing as usize].get_or_insert(entry.op);
            }
            if sight.is_some_and(|sight| entry.position < sight.position) {
                missed[Anomaly::OutOfOrder as usize].get_or_insert(entry.op);
            }
        }
        let seen = sight.map_or(OpId::NONE, |sight| sight.read);
        for anomaly in
            [Anomaly::Stale, Anomaly::OwnWriteMissing, Anomaly::BackInTime, Anomaly::OutOfOrder]
        {
            if let Some(missed) = missed[anomaly as usize] {
                self.slip(anomaly, (read, operation), missed, seen);
            }
        }
    }

    /// What a read lacks of what had been told of its key before it began: the newest told of each
    /// kind.
    fn lacking(
        &self,
        operation: &Operation,
        shown: &Shown<'_>,
        records: &Records,
        (ledger, history): (&Ledger, &History),
    ) -> Vec<(Anomaly, OpId)> {
        let mut found: Vec<(Anomaly, OpId)> = Vec::new();
        let mut at = self.keys.get(operation.key().0 as usize).map_or(0, |known| known.newest);
        for _ in 0..LOOK_BACK_AT_VERSIONS {
            let Some(entry) = (at as usize).checked_sub(1).and_then(|i| self.entries.get(i)) else {
                break;
            };
            at = entry.before;
            if entry.ended >= operation.invoked {
                continue;
            }
            let own = entry.client == operation.client;
            let mut lacks = |anomaly| {
                if found.iter().all(|(known, _)| *known != anomaly) {
                    found.push((anomaly, entry.op));
                }
            };
            if !entry.wrote {
                if own && versions_of(entry.position, records).any(|seen| shown.lacks(seen)) {
                    lacks(Anomaly::BackInTime);
                }
                continue;
            }
            let version = records.version(RecordRef::named(entry.position));
            let missing = version.is_some_and(|version| shown.lacks(version));
            if missing && !matches!(ledger.fate(entry.op, history), Fate::Lost(_)) {
                lacks(Anomaly::Stale);
                if own {
                    lacks(Anomaly::OwnWriteMissing);
                }
            }
        }
        crate::engine::base::sort(&mut found);
        found
    }

    fn slip(
        &mut self,
        anomaly: Anomaly,
        (read, operation): (OpId, &Operation),
        missed: OpId,
        seen: OpId,
    ) {
        let client = operation.client;
        if self.met.len() <= client.index() {
            self.met.resize(client.index() + 1, 0);
        }
        let bit = 1 << anomaly as u8;
        let first = self.met[client.index()] & bit == 0;
        self.met[client.index()] |= bit;
        self.slips.push(Slip {
            anomaly,
            client,
            read,
            missed,
            seen,
            node: operation.node.unwrap_or_default(),
            at: operation.ended,
            event: operation.ended_event,
            first,
        });
    }
}
