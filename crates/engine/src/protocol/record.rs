//! Log records: written once, never changed, kept in one place and referred to by number.
//!
//! A message that carries a record carries its number; ten logs that hold it hold ten numbers.
//! What goes to a disk or over a link is the record's frame, the very bytes, encoded once.
//! Each record knows the record that it was written after, so that the ancestry of any log can be
//! followed even where the log itself was truncated.

mod given;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::parts::version::{Version, VersionVector};
use crate::base::{Chunked, ClientId, Digest, Epoch, Key, OpId, Position};

/// A record by its number in [`Records`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RecordRef(pub u32);

impl RecordRef {
    /// The parent of a log's first record.
    pub const NONE: Self = Self(u32::MAX);

    /// The position that stands for a record in answers where there is no log: its number, counted
    /// from 1.
    #[must_use]
    pub const fn name(self) -> Position {
        Position(self.0.wrapping_add(1))
    }

    /// The record that a [name](Self::name) stands for; [`Self::NONE`] for position 0.
    #[must_use]
    pub const fn named(name: Position) -> Self {
        Self(name.0.wrapping_sub(1))
    }
}

/// A stretch of immutable bytes in [`Records`].
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct FrameRef {
    block: u32,
    start: u32,
    /// Length in bytes.
    pub len: u32,
}

impl FrameRef {
    /// The first `len` bytes of it: what a torn write leaves.
    #[must_use]
    pub fn torn_to(self, len: u32) -> Self {
        Self { len: len.min(self.len), ..self }
    }

    /// At most `len` bytes of it from `offset` on.
    #[must_use]
    pub fn piece(self, offset: u32, len: u32) -> Self {
        let offset = offset.min(self.len);
        Self { start: self.start + offset, len: len.min(self.len - offset), ..self }
    }
}

/// One record of a log.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Record {
    /// Where it stands, counted from 1.
    pub position: Position,
    /// The epoch of the leader that wrote it.
    pub epoch: Epoch,
    /// The client's operation, or [`OpId::NONE`] for the mark that opens an epoch.
    pub op: OpId,
    /// Whose session, if a client's.
    pub client: ClientId,
    /// The operation's number in its session; 0 if no client's or not idempotent.
    pub number: u32,
    /// The key written.
    pub key: Key,
    /// The value written.
    pub value: u64,
    /// Length of the value in bytes.
    pub value_bytes: u32,
    /// The record before it in the log in which it was written.
    pub parent: RecordRef,
    /// Digest of this record and all before it: equal chains mean equal logs up to here.
    pub chain: u64,
    /// Its bytes on disks and links; set by [`Records::add`].
    pub frame: FrameRef,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            position: Position::ZERO,
            epoch: Epoch(0),
            op: OpId::NONE,
            client: ClientId(0),
            number: 0,
            key: Key(0),
            value: 0,
            value_bytes: 0,
            parent: RecordRef::NONE,
            chain: 0,
            frame: FrameRef::default(),
        }
    }
}

/// A record's value that moves money: the account that gets it in the upper half, the amount in the
/// lower. Such a record has no value bytes of its own.
#[must_use]
pub const fn transfer(to: Key, amount: u32) -> u64 {
    (to.0 as u64) << 32 | amount as u64
}

impl Record {
    /// To which account how much is moved from the record's key, if it moves money.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    pub fn transferred(&self) -> Option<(Key, u32)> {
        let amount = self.value as u32;
        let moves = self.op.is_some() && self.value_bytes == 0 && amount > 0;
        moves.then_some((Key((self.value >> 32) as u32), amount))
    }

    /// What a reader calls it: "k7 = 91", "30 from k1 to k2".
    #[must_use]
    pub fn name(&self) -> String {
        match self.transferred() {
            Some((to, amount)) => format!("{amount} from {} to {to}", self.key),
            None if self.value == 0 => format!("delete {}", self.key),
            None => format!("{} = {}", self.key, self.value),
        }
    }

    /// The chain that continues `parent_chain` with this record's content.
    #[must_use]
    pub fn chain_after(&self, parent_chain: u64) -> u64 {
        Digest::from_value(parent_chain)
            .with(u64::from(self.position.0) << 32 | u64::from(self.epoch.0))
            .with(u64::from(self.op.0) << 32 | u64::from(self.key.0))
            .with(self.value)
            .value()
    }
}

/// Every record of the run, and every byte that a disk or a link holds.
#[derive(Clone, Default, Debug)]
pub struct Records {
    records: Chunked<Record>,
    bytes: Bytes,
    // By record, as far as records have versions: none in a run whose data follow one log.
    versions: Chunked<Option<Rc<Versioned>>>,
    // The first version of each operation, + 1; 0: none.
    first: Chunked<u32>,
    // All versions of operations that became several.
    several: Rc<BTreeMap<OpId, Vec<RecordRef>>>,
}

/// The version of a record, and what its writer had been given.
#[derive(Clone, Default, Debug)]
struct Versioned {
    version: Version,
    // What the writer had been given of the key; of what stands for siblings, the siblings.
    seen: Vec<RecordRef>,
    joined: bool,
}

/// Blocks of bytes. The last is open; it is copied when a checkpoint shares it.
#[derive(Clone, Default, Debug)]
struct Bytes {
    blocks: Vec<Rc<Vec<u8>>>,
}

/// Small enough that the copy of an open block after a checkpoint costs microseconds.
const BLOCK_BYTES: usize = 16 * 1024;

impl Records {
    /// Adds a record whose frame was stored before; says how to refer to it.
    #[inline]
    pub fn add(&mut self, record: Record) -> RecordRef {
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push(record);
        RecordRef(number)
    }

    /// Adds a record that is a version of its key. Its writer had been given `seen`, and with each of
    /// these all that their writers had been given.
    pub fn add_versioned(
        &mut self,
        record: Record,
        version: Version,
        seen: Vec<RecordRef>,
    ) -> RecordRef {
        let op = record.op;
        let added = self.add_with(record, Versioned { version, seen, joined: false });
        if op.is_some() {
            self.list(op, added);
        }
        added
    }

    /// Adds what stands for several siblings read at once: no node ever holds it, but an answer can
    /// name it. It has seen all of them.
    pub fn add_joined(&mut self, shown: RecordRef, siblings: &[RecordRef]) -> RecordRef {
        let mut vector = VersionVector::default();
        for version in siblings.iter().filter_map(|record| self.version(*record)) {
            vector.merge(&version.context());
        }
        let version = Version { vector, ..Version::default() };
        let shown = self.get(shown).copied().unwrap_or_default();
        let record = Record { op: OpId::NONE, ..shown };
        self.add_with(record, Versioned { version, seen: siblings.to_vec(), joined: true })
    }

    fn add_with(&mut self, record: Record, versioned: Versioned) -> RecordRef {
        while self.versions.len() < self.records.len() {
            self.versions.push(None);
        }
        self.versions.push(Some(Rc::new(versioned)));
        self.add(record)
    }

    /// Takes down that an operation became this version.
    fn list(&mut self, op: OpId, version: RecordRef) {
        while self.first.len() <= op.index() {
            self.first.push(0);
        }
        let Some(first) = self.first.get_mut(op.index()) else { return };
        match first.checked_sub(1).map(RecordRef) {
            None => *first = version.0 + 1,
            Some(first) => {
                let several = Rc::make_mut(&mut self.several);
                several.entry(op).or_insert_with(|| vec![first]).push(version);
            }
        }
    }

    /// What is known of a record as a version of its key.
    #[must_use]
    #[inline]
    pub fn version(&self, record: RecordRef) -> Option<&Version> {
        self.versioned(record).map(|versioned| &versioned.version)
    }

    /// The siblings that a [joined](Self::add_joined) record stands for; none for any other.
    #[must_use]
    pub fn joins(&self, record: RecordRef) -> &[RecordRef] {
        let joined = self.versioned(record).filter(|versioned| versioned.joined);
        joined.map_or(&[], |versioned| &versioned.seen)
    }

    /// What the writer of a version had been given of its key: versions, or what stands for several read
    /// at once; of what stands for several, these. What their writers had been given is not among it.
    #[must_use]
    pub fn given(&self, record: RecordRef) -> &[RecordRef] {
        self.versioned(record).map_or(&[], |versioned| &versioned.seen)
    }

    fn versioned(&self, record: RecordRef) -> Option<&Versioned> {
        self.versions.get(record.0 as usize)?.as_deref()
    }

    /// The record, or `None` for [`RecordRef::NONE`].
    #[must_use]
    #[inline]
    pub fn get(&self, record: RecordRef) -> Option<&Record> {
        self.records.get(record.0 as usize)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing was ever written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The newest record with this position and chain: what bytes read back from a disk or a
    /// snapshot refer to.
    #[must_use]
    pub fn find(&self, position: Position, chain: u64) -> Option<RecordRef> {
        let mut number = u32::try_from(self.records.len()).ok()?;
        self.records.iter().rev().find_map(|record| {
            number -= 1;
            (record.chain == chain && record.position == position).then_some(RecordRef(number))
        })
    }

    /// The ancestor of `from` (itself included) at `position`, following who was written after
    /// whom.
    #[must_use]
    pub fn ancestor(&self, from: RecordRef, position: Position) -> Option<RecordRef> {
        let mut at = from;
        loop {
            let record = self.get(at)?;
            if record.position <= position {
                return (record.position == position).then_some(at);
            }
            at = record.parent;
        }
    }

    /// Stores bytes; `fill` appends them to the buffer it is given.
    #[inline]
    pub fn store(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> FrameRef {
        self.bytes.store(fill)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self, frame: FrameRef) -> &[u8] {
        let start = frame.start as usize;
        self.bytes
            .blocks
            .get(frame.block as usize)
            .and_then(|block| block.get(start..start + frame.len as usize))
            .unwrap_or(&[])
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let blocks: usize = self.bytes.blocks.iter().map(|block| block.capacity()).sum();
        self.records.heap_bytes() + self.versions.heap_bytes() + self.first.heap_bytes() + blocks
    }
}

impl Bytes {
    #[expect(clippy::cast_possible_truncation, reason = "limits on a run keep both far below 2^32")]
    fn store(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> FrameRef {
        if self.blocks.last().is_none_or(|block| block.len() >= BLOCK_BYTES) {
            self.blocks.push(Rc::new(Vec::with_capacity(BLOCK_BYTES + 256)));
        }
        let block = self.blocks.len() as u32 - 1;
        let Some(bytes) = self.blocks.last_mut().map(Rc::make_mut) else {
            return FrameRef { block, start: 0, len: 0 };
        };
        let start = bytes.len() as u32;
        fill(bytes);
        FrameRef { block, start, len: bytes.len() as u32 - start }
    }
}
