//! Reads where one log is followed: what is newer, the logs say.
//!
//! While no two logs have parted, positions are all that is needed, and most answers are compared by
//! one number. Once some have, a log holds what stands before their parting, and what neither holds
//! before the other is newer only if it began after the other had been acknowledged.

use std::cell::Cell;

use super::strands::{Entry, Fresh, List};
use super::{Anomaly, Known, Sessions};
use crate::base::{Chunked, ClientId, Epoch, EventId, Key, OpId, Position};
use crate::observe::history::{End, Operation};
use crate::observe::lines::Spot;
use crate::protocol::{Record, RecordRef};

/// What a read showed.
#[derive(Clone, Copy)]
struct Shown {
    spot: Spot,
    // The event of the write's acknowledgement, as a time of a strand; later than all if there was none.
    ended: i64,
    // That of its beginning.
    began: i64,
}

/// The furthest write that a client saw of a branch, and the furthest of another key than that.
#[derive(Clone, Copy, Debug)]
struct Sight {
    ended: EventId,
    furthest: Seen,
    other: Option<Seen>,
    // The sight before it of the same client and branch, counted from 1; 0: none.
    before: u32,
}

/// A write that a client saw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    key: Key,
    position: Position,
    read: OpId,
}

/// A client's newest sight of a branch.
#[derive(Clone, Copy, Debug)]
struct Head {
    branch: u32,
    newest: u32,
    // Of another branch, counted from 1; 0: none.
    next: u32,
}

/// What clients saw of all keys together.
#[derive(Clone, Default, Debug)]
pub struct Sights {
    all: Chunked<Sight>,
    heads: Chunked<Head>,
    // By client: its first head, counted from 1; 0: none.
    clients: Chunked<u32>,
}

impl Sights {
    /// A client saw a write. Kept only if it is further than what it saw of that branch, or the
    /// furthest of another key.
    fn push(&mut self, client: ClientId, branch: u32, seen: Seen, ended: EventId) {
        let head = self.head(client, branch);
        let before = self.heads.get(head).map_or(0, |head| head.newest);
        let last = self.get(before).map(|last| (last.furthest, last.other));
        let (furthest, other) = match last {
            None => (seen, None),
            Some((top, other)) if seen.key == top.key => {
                if seen.position <= top.position {
                    return;
                }
                (seen, other)
            }
            Some((top, _)) if seen.position > top.position => (seen, Some(top)),
            Some((_, Some(other))) if seen.position <= other.position => return,
            Some((top, _)) => (top, Some(seen)),
        };
        self.all.push(Sight { ended, furthest, other, before });
        let newest = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        if let Some(head) = self.heads.get_mut(head) {
            head.newest = newest;
        }
    }

    /// The place of a client's head for a branch, made if there is none.
    fn head(&mut self, client: ClientId, branch: u32) -> usize {
        while self.clients.len() <= client.index() {
            self.clients.push(0);
        }
        let first = self.clients.get(client.index()).copied().unwrap_or_default();
        let known = self.heads_from(first).find(|(_, head)| head.branch == branch);
        if let Some((place, _)) = known {
            return place;
        }
        self.heads.push(Head { branch, newest: 0, next: first });
        let place = self.heads.len() - 1;
        if let Some(first) = self.clients.get_mut(client.index()) {
            *first = u32::try_from(place + 1).unwrap_or(u32::MAX);
        }
        place
    }

    fn heads_from(&self, first: u32) -> impl Iterator<Item = (usize, &Head)> {
        let get = |number: u32| {
            let place = (number as usize).checked_sub(1)?;
            Some((place, self.heads.get(place)?))
        };
        core::iter::successors(get(first), move |(_, head)| get(head.next))
    }

    fn get(&self, number: u32) -> Option<&Sight> {
        self.all.get((number as usize).checked_sub(1)?)
    }

    /// Of each branch, the furthest that a client had seen of another key before a time.
    fn before(
        &self,
        client: ClientId,
        before: EventId,
        key: Key,
    ) -> impl Iterator<Item = (u32, Seen)> {
        let first = self.clients.get(client.index()).copied().unwrap_or_default();
        self.heads_from(first).filter_map(move |(_, head)| {
            let newest = self.get(head.newest);
            let mut sights = core::iter::successors(newest, |sight| self.get(sight.before));
            let sight = sights.find(|sight| sight.ended < before)?;
            let seen = Some(sight.furthest).filter(|seen| seen.key != key).or(sight.other)?;
            Some((head.branch, seen))
        })
    }
}

impl Sessions {
    pub(super) fn wrote_in_line(
        &mut self,
        op: OpId,
        operation: &Operation,
        position: Position,
        known: &Known<'_>,
    ) -> Spot {
        let branch = if known.lines.is_one() {
            0
        } else {
            let of_it = |record: &Record| record.op == op;
            let told = match operation.end {
                End::Written { epoch, .. } => epoch,
                _ => Epoch(0),
            };
            let at = latest(position, told, known, of_it);
            at.and_then(|at| known.lines.spot(at, known.records)).map_or(0, |spot| spot.branch)
        };
        let (ended, time) = (operation.ended_event, time(operation.invoked_event));
        self.wrote(operation, branch, Fresh { op, ended, place: position.0, time }, false);
        Spot { branch, position }
    }

    pub(super) fn read_in_line(
        &mut self,
        read: OpId,
        operation: &Operation,
        version: Position,
        known: &Known<'_>,
    ) -> Spot {
        let written = self.key(operation);
        let own = self.owns.get(operation.client, operation.key());
        let fresh = |list: List| {
            let furthest = self.strands.furthest(list).filter(|_| known.lines.is_one());
            furthest.is_some_and(|furthest| furthest <= version.0)
        };
        let (all_there, none_seen) = (fresh(written), fresh(own.saw));
        let shown = shown(operation, version, known);
        if !all_there {
            self.misses(read, operation, &shown, known);
        }
        if !none_seen && let Some(before) = self.older(own.saw, operation, &shown, known) {
            let earlier = before.op;
            self.slip(Anomaly::BackInTime, (read, operation), earlier, OpId::NONE);
        }
        if version > Position::ZERO {
            let (ended, place) = (operation.ended_event, version.0);
            let fresh = Fresh { op: read, ended, place, time: shown.began };
            self.saw(operation, shown.spot.branch, fresh, false);
            let seen = Seen { key: operation.key(), position: version, read };
            self.sights.push(operation.client, shown.spot.branch, seen, ended);
        }
        shown.spot
    }

    /// Which acknowledged writes a read lacks: anybody's, its own client's, and one that stands
    /// before what the client had seen.
    fn misses(&mut self, read: OpId, operation: &Operation, shown: &Shown, known: &Known<'_>) {
        let written = self.key(operation);
        let Some(missed) = self.older(written, operation, shown, known).map(|entry| entry.op)
        else {
            return;
        };
        let wrote = self.owns.get(operation.client, operation.key()).wrote;
        let own = self.older(wrote, operation, shown, known).map(|entry| entry.op);
        let cause = self.cause(written, operation, shown, known);
        self.slip(Anomaly::Stale, (read, operation), missed, OpId::NONE);
        if let Some(own) = own {
            self.slip(Anomaly::OwnWriteMissing, (read, operation), own, OpId::NONE);
        }
        if let Some((cause, seen)) = cause {
            self.slip(Anomaly::OutOfOrder, (read, operation), cause, seen);
        }
    }

    /// The newest told of a list, before the read began, that what it showed is older than.
    fn older(
        &self,
        list: List,
        operation: &Operation,
        shown: &Shown,
        known: &Known<'_>,
    ) -> Option<&Entry> {
        let is_newer = newer(shown, known);
        self.strands.newest(
            list,
            operation.invoked_event,
            |branch, entry| is_newer(branch, entry.place, entry.time),
            |branch, entry| !is_newer(branch, entry.furthest, entry.latest),
        )
    }

    /// A missed write that stands before one of another key that the client had seen, and the read
    /// that showed it that one.
    fn cause(
        &self,
        written: List,
        operation: &Operation,
        shown: &Shown,
        known: &Known<'_>,
    ) -> Option<(OpId, OpId)> {
        let is_newer = newer(shown, known);
        let one = known.lines.is_one();
        let sights = self.sights.before(operation.client, operation.invoked_event, operation.key());
        let mut later = sights.filter(|(_, seen)| !one || seen.position > shown.spot.position);
        later.find_map(|(of, seen)| {
            let log = Spot { branch: of, position: seen.position };
            let before = |branch: u32, place: u32| {
                place < seen.position.0
                    && known.lines.holds(log, Spot { branch, position: Position(place) })
            };
            let found = self.strands.newest(
                written,
                operation.invoked_event,
                |branch, entry| {
                    is_newer(branch, entry.place, entry.time) && before(branch, entry.place)
                },
                |branch, entry| !is_newer(branch, entry.furthest, entry.latest),
            );
            found.map(|entry| (entry.op, seen.read))
        })
    }
}

/// Whether a write in a branch, at a place and begun at a time, is newer than what a read showed: it
/// stands behind it in a log, or, where logs have parted, began after that had been acknowledged.
fn newer(shown: &Shown, known: &Known<'_>) -> impl Fn(u32, u32, i64) -> bool {
    let one = known.lines.is_one();
    let Shown { spot, ended, .. } = *shown;
    move |branch, place, began| {
        let behind = || one || spot.position == Position::ZERO || known.lines.goes_on(branch, spot);
        (place > spot.position.0 && behind()) || (!one && began > ended)
    }
}

/// What is looked for at a position. Written in several logs at one place, it is that of the latest
/// epoch which whoever answered in `told` could know of.
fn latest(
    position: Position,
    told: Epoch,
    known: &Known<'_>,
    wanted: impl Fn(&Record) -> bool,
) -> Option<RecordRef> {
    let newest = Cell::new(None);
    let looks_on = |record: &Record| {
        if wanted(record) && record.epoch <= told {
            newest.set(newest.get().max(Some(record.epoch)));
        }
        false
    };
    let none = known.lines.find(position, known.records, looks_on);
    debug_assert_eq!(none, None, "it looks at every one");
    let of_it = |record: &Record| newest.get().is_none_or(|epoch| record.epoch == epoch);
    known.lines.find(position, known.records, |record| wanted(record) && of_it(record))
}

/// Where what a read showed stands, and when it was written.
fn shown(operation: &Operation, version: Position, known: &Known<'_>) -> Shown {
    let nothing = Shown { spot: Spot::default(), ended: i64::MAX, began: i64::MIN };
    if version == Position::ZERO {
        return nothing;
    }
    let key = operation.key();
    let of_key = |record: &Record| {
        record.op.is_some()
            && (record.key == key || record.transferred().is_some_and(|(to, _)| to == key))
    };
    let same = |record: &Record| of_key(record) && Some(record.value) == operation.value();
    let exact = known.exact.filter(|at| known.records.get(*at).is_some_and(of_key));
    let epoch = match operation.end {
        End::Value { epoch, .. } => epoch,
        _ => Epoch(0),
    };
    let found = exact.or_else(|| latest(version, epoch, known, same));
    let found = found.or_else(|| known.lines.find(version, known.records, of_key));
    let Some(at) = found else {
        return Shown { spot: Spot { branch: 0, position: version }, ..nothing };
    };
    let spot = known.lines.spot(at, known.records).unwrap_or_default();
    let write = known.records.get(at).and_then(|record| known.history.get(record.op));
    let ended = write.filter(|write| matches!(write.end, End::Written { .. }));
    Shown {
        spot,
        ended: ended.map_or(i64::MAX, |write| time(write.ended_event)),
        began: write.map_or(i64::MIN, |write| time(write.invoked_event)),
    }
}

fn time(event: EventId) -> i64 {
    i64::from(event.0)
}
