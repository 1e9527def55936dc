//! Catching up: which follower was brought up to date how, from when to when.

use crate::base::{Chunked, EventId, NodeId, Position, SimTime};
use crate::protocol::{Note, RecordRef};
use crate::world::WorldView;

/// How a follower was brought up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// From the leader's log alone.
    Log,
    /// By a snapshot, then from the log.
    Snapshot,
    /// By its data files, page by page, then from the log.
    Files,
}

/// One catch-up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CatchUp {
    /// Who was brought up to date.
    pub node: NodeId,
    /// How.
    pub method: Method,
    /// When it began.
    pub started: SimTime,
    /// The event of its beginning.
    pub event: EventId,
    /// From which position on records were needed.
    pub from: Position,
    /// The snapshot's position.
    pub snapshot_position: Option<Position>,
    /// When it was done; `None`: not yet, or given up because the log was truncated meanwhile.
    pub caught_up: Option<SimTime>,
    /// Whether it ended without success.
    pub given_up: bool,
    /// Bytes of the snapshot and of the records that were needed.
    pub bytes: u64,
}

/// All catch-ups of a run.
#[derive(Clone, Default, Debug)]
pub struct CatchUps {
    list: Chunked<CatchUp>,
}

impl CatchUps {
    /// A leader said something of a follower.
    pub fn noted(
        &mut self,
        leader: NodeId,
        note: &Note,
        (at, event): (SimTime, EventId),
        world: &WorldView<'_>,
    ) {
        match *note {
            Note::CatchUpFromLog { node, from } if self.open(node).is_none() => {
                self.list.push(CatchUp {
                    node,
                    method: Method::Log,
                    started: at,
                    event,
                    from,
                    snapshot_position: None,
                    caught_up: None,
                    given_up: false,
                    bytes: 0,
                });
            }
            Note::CatchUpFromSnapshot { node, position, bytes } => {
                let copy = (Method::Snapshot, Some(position), bytes);
                self.copied(node, copy, (at, event));
            }
            Note::CopyFiles { node, .. } => {
                self.copied(node, (Method::Files, None, 0), (at, event));
            }
            Note::LogTruncatedMeanwhile { node, .. } => {
                if let Some(open) = self.open(node) {
                    open.given_up = true;
                }
            }
            Note::CaughtUp { node, position } => {
                let Some(open) = self.open(node) else { return };
                open.caught_up = Some(at);
                open.bytes += bytes_of_records(leader, open.from, position, world);
            }
            _ => {}
        }
    }

    /// All of them, in order of their beginnings.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &CatchUp> {
        self.list.iter()
    }

    fn copied(
        &mut self,
        node: NodeId,
        (method, position, bytes): (Method, Option<Position>, u32),
        (at, event): (SimTime, EventId),
    ) {
        let (started, event) = match self.open(node) {
            // What began from the log goes on by snapshot.
            Some(open) if open.method == Method::Log => {
                *open = CatchUp {
                    method,
                    snapshot_position: position,
                    from: position.map_or(open.from, Position::next),
                    bytes: u64::from(bytes),
                    ..*open
                };
                return;
            }
            Some(open) => {
                open.given_up = true;
                (at, event)
            }
            None => (at, event),
        };
        self.list.push(CatchUp {
            node,
            method,
            started,
            event,
            // What files are opened at is known only at their end; their bytes are not counted.
            from: position.map_or(Position(u32::MAX), Position::next),
            snapshot_position: position,
            caught_up: None,
            given_up: false,
            bytes: u64::from(bytes),
        });
    }

    fn open(&mut self, node: NodeId) -> Option<&mut CatchUp> {
        let is_open = |catch_up: &CatchUp| {
            catch_up.node == node && catch_up.caught_up.is_none() && !catch_up.given_up
        };
        let index = self.list.iter().rev().position(is_open)?;
        self.list.get_mut(self.list.len() - 1 - index)
    }
}

/// Bytes of the records `from` to `to` in the leader's log and before it.
fn bytes_of_records(leader: NodeId, from: Position, to: Position, world: &WorldView<'_>) -> u64 {
    let mut at = world.nodes.record_at(leader, to).unwrap_or(RecordRef::NONE);
    let mut bytes = 0;
    while let Some(record) = world.records.get(at).filter(|record| record.position >= from) {
        bytes += u64::from(record.frame.len);
        at = record.parent;
    }
    bytes
}
