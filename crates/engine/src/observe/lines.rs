//! All logs of a run as one tree: what stands before what, where logs part, and which operations
//! stand behind themselves.
//!
//! It reads only who was written after whom in [`Records`]: each record once, in the order of their
//! writing, whenever it is asked. So it says the same of a run however often anybody looks.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Chunked, OpId, Position};
use crate::protocol::{Record, RecordRef, Records};

/// A place in the tree: everything up to a position of a branch.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Spot {
    /// Which branch; logs that never parted are branch 0.
    pub branch: u32,
    /// How far.
    pub position: Position,
}

/// A stretch of records, each written after the one before it.
#[derive(Clone, Copy, Debug)]
struct Branch {
    // Where it parts from another, and from which; the first parts from itself at 0.
    from: Spot,
    // Its last record.
    tip: RecordRef,
}

/// Where a record stands, and which were written before it; those are numbers + 1, 0: none.
#[derive(Clone, Copy, Default, Debug)]
struct Place {
    branch: u32,
    same_position: u32,
    same_op: u32,
}

/// An operation that stands behind itself in one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repeated {
    /// Which.
    pub op: OpId,
    /// Where it stands first.
    pub first: Position,
    /// Where it stands again.
    pub again: Spot,
}

/// The tree.
#[derive(Clone, Default, Debug)]
pub struct Lines {
    branches: Chunked<Branch>,
    records: Chunked<Place>,
    // By position: the newest record there, + 1.
    newest: Chunked<u32>,
    // By operation: its newest record, + 1.
    of: Chunked<u32>,
    repeated: Chunked<Repeated>,
    // By branch: how far clients were shown of it.
    told: Chunked<Position>,
    // Once logs have parted: what nodes showed in answers that no client has yet.
    answers: Rc<BTreeMap<(OpId, u16), RecordRef>>,
}

impl Lines {
    /// Reads the records that were written since.
    #[inline]
    pub fn follow(&mut self, records: &Records) {
        let (mut next, end) = (self.records.len(), records.len());
        while next < end {
            self.extend(RecordRef(u32::try_from(next).unwrap_or(u32::MAX)), records);
            next += 1;
        }
    }

    fn extend(&mut self, at: RecordRef, records: &Records) {
        let Some(record) = records.get(at) else { return };
        if record.position == Position::ZERO {
            return self.records.push(Place::default());
        }
        let branch = self.branch_of_new(at, record, records);
        let place = record.position.0 as usize;
        while self.newest.len() <= place {
            self.newest.push(0);
        }
        let slot = self.newest.get_mut(place);
        let same_position = slot.map_or(0, |newest| std::mem::replace(newest, at.0 + 1));
        let again = Spot { branch, position: record.position };
        let same_op = if record.op.is_some() { self.of(record.op, at, again, records) } else { 0 };
        self.records.push(Place { branch, same_position, same_op });
    }

    fn branch_of_new(&mut self, at: RecordRef, record: &Record, records: &Records) -> u32 {
        let parent = match record.parent {
            RecordRef::NONE => self.find(Position(record.position.0 - 1), records, |before| {
                record.chain_after(before.chain) == record.chain
            }),
            parent => Some(parent),
        };
        let parent = parent.and_then(|at| Some((at, self.spot(at, records)?)));
        if let Some((parent, spot)) = parent
            && let Some(branch) = self.branches.get_mut(spot.branch as usize)
            && branch.tip == parent
        {
            branch.tip = at;
            return spot.branch;
        }
        let from = parent.map(|(_, spot)| spot).unwrap_or_default();
        self.branches.push(Branch { from, tip: at });
        u32::try_from(self.branches.len() - 1).unwrap_or(u32::MAX)
    }

    /// Remembers an operation's newest record, and whether an earlier one of it stands before it.
    /// Says which it had before.
    fn of(&mut self, op: OpId, at: RecordRef, again: Spot, records: &Records) -> u32 {
        while self.of.len() <= op.index() {
            self.of.push(0);
        }
        let newest = self.of.get_mut(op.index());
        let known = newest.map_or(0, |newest| std::mem::replace(newest, at.0 + 1));
        let mut number = known;
        while let Some(earlier) = number.checked_sub(1) {
            if let Some(first) = self.spot(RecordRef(earlier), records)
                && self.holds(again, first)
            {
                self.repeated.push(Repeated { op, first: first.position, again });
                break;
            }
            number = self.records.get(earlier as usize).map_or(0, |place| place.same_op);
        }
        known
    }

    /// How many branches there are.
    #[must_use]
    #[inline]
    pub fn branches(&self) -> usize {
        self.branches.len()
    }

    /// Whether no two logs ever parted.
    #[must_use]
    #[inline]
    pub fn is_one(&self) -> bool {
        self.branches.len() <= 1
    }

    /// Where a record stands.
    #[must_use]
    pub fn spot(&self, at: RecordRef, records: &Records) -> Option<Spot> {
        let branch = self.records.get(at.0 as usize)?.branch;
        Some(Spot { branch, position: records.get(at)?.position })
    }

    /// The newest record at a position that is what is looked for.
    #[must_use]
    pub fn find(
        &self,
        position: Position,
        records: &Records,
        wanted: impl Fn(&Record) -> bool,
    ) -> Option<RecordRef> {
        let mut at = *self.newest.get(position.0 as usize)?;
        while let Some(index) = at.checked_sub(1) {
            if records.get(RecordRef(index)).is_some_and(&wanted) {
                return Some(RecordRef(index));
            }
            at = self.records.get(index as usize)?.same_position;
        }
        None
    }

    /// Whether a log that reaches to `log` holds what stands at `spot`.
    #[must_use]
    pub fn holds(&self, log: Spot, spot: Spot) -> bool {
        let Spot { mut branch, position: mut upto } = log;
        while branch > spot.branch {
            let Some(known) = self.branches.get(branch as usize) else { return false };
            upto = upto.min(known.from.position);
            branch = known.from.branch;
        }
        spot.position == Position::ZERO || (branch == spot.branch && spot.position <= upto)
    }

    /// Whether what a branch has beyond `spot` was written after it.
    #[must_use]
    #[inline]
    pub fn goes_on(&self, branch: u32, spot: Spot) -> bool {
        branch == spot.branch || self.holds(Spot { branch, position: Position(u32::MAX) }, spot)
    }

    /// A node answers a sending of a read with what stands in its log there. Where logs have parted the
    /// position alone would not tell which record that is.
    pub fn answered(&mut self, sending: (OpId, u16), shown: RecordRef) {
        Rc::make_mut(&mut self.answers).insert(sending, shown);
    }

    /// What such an answer showed; it has arrived.
    pub fn arrived(&mut self, sending: (OpId, u16)) -> Option<RecordRef> {
        self.answers
            .contains_key(&sending)
            .then(|| Rc::make_mut(&mut self.answers).remove(&sending))?
    }

    /// A client was told of something that stands there.
    #[inline]
    pub fn told(&mut self, spot: Spot) {
        while self.told.len() <= spot.branch as usize {
            self.told.push(Position::ZERO);
        }
        if self.told.get(spot.branch as usize).is_some_and(|told| *told < spot.position)
            && let Some(told) = self.told.get_mut(spot.branch as usize)
        {
            *told = spot.position;
        }
    }

    /// Operations that stand behind themselves in a log of which clients were told as much.
    pub fn repeated(&self) -> impl Iterator<Item = &Repeated> {
        let told = |repeated: &&Repeated| {
            let mut branches = (0_u32..).zip(self.told.iter());
            branches
                .any(|(branch, told)| self.holds(Spot { branch, position: *told }, repeated.again))
        };
        self.repeated.iter().filter(told)
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.records.heap_bytes() + self.newest.heap_bytes() + self.of.heap_bytes()
    }
}
