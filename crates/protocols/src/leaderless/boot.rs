//! Starting from what the disk holds: a journal of versions, hints, and what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::applying::Unapplied;
use super::calls::Calls;
use super::handoff::Hint;
use super::knobs::Knobs;
use super::{Leaderless, Store};
use engine::base::{ClientId, Key, NodeId, NodeSet, Position};
use engine::protocol::parts::frame::{self, Frame, Reader, Torn};
use engine::protocol::parts::{Ring, data};
use engine::protocol::{Boot, Effects, FrameRef, Note, RecordRef, Records};

/// A version kept for another node.
const HINT: u8 = 16;
/// It was handed over.
const HINT_DONE: u8 = 17;
/// A key was forgotten: its tombstone was old enough.
const FORGOTTEN: u8 = 18;
/// All data were thrown away, or there were none; others must give theirs.
const EMPTIED: u8 = 19;
/// The count of this node's writes.
const COUNTER: u8 = 20;
/// Others have given theirs.
const JOINED: u8 = 21;

/// The newest writes of each client session.
#[derive(Clone, Default, Debug)]
pub struct Sessions {
    lists: BTreeMap<ClientId, Rc<VecDeque<(u32, RecordRef)>>>,
}

impl Sessions {
    /// A write with this number of a session became this version.
    pub fn remember(&mut self, client: ClientId, number: u32, record: RecordRef) {
        if number == 0 || self.find(client, number).is_some() {
            return;
        }
        let list = Rc::make_mut(self.lists.entry(client).or_default());
        if list.len() == data::REMEMBERED {
            list.pop_front();
        }
        list.push_back((number, record));
    }

    /// The version that a write became, if it is remembered.
    pub fn find(&self, client: ClientId, number: u32) -> Option<RecordRef> {
        let list = self.lists.get(&client)?;
        list.iter().rev().find(|(known, _)| *known == number).map(|(_, record)| *record)
    }
}

/// What a journal comes to.
struct Journal {
    store: Store,
    hints: Vec<Hint>,
    sessions: Sessions,
    counter: u32,
    emptied: bool,
    read: u32,
    torn: bool,
}

/// Starts a process.
pub fn start(boot: &Boot<'_, Leaderless>, out: &mut Effects<'_, Leaderless>) -> Leaderless {
    let journal = read(boot.me, boot.disk, boot.knobs, out.records);
    let Journal { store, hints, sessions, counter, emptied, read, torn } = journal;
    let mut node = Leaderless {
        me: boot.me,
        nodes: boot.nodes,
        knobs: Rc::new(boot.knobs.clone()),
        ring: Ring::new(boot.nodes, boot.knobs.points),
        store,
        unapplied: Unapplied::default(),
        counter,
        sessions,
        calls: Calls::default(),
        owed: VecDeque::new(),
        flushes: 0,
        hints,
        unresponsive: NodeSet::default(),
        fetching: NodeSet::default(),
        last_peer: boot.me,
        compared: None,
        handing: BTreeMap::new(),
        extents: u32::try_from(boot.disk.len()).unwrap_or(u32::MAX) - u32::from(torn),
        rewriting: false,
    };
    if !boot.disk.is_empty() {
        Leaderless::note(out, Note::DiskRead { records: read, torn });
    }
    node.arm_comparison(out);
    node.arm_sweep(out);
    if boot.added || emptied {
        node.fetch(out);
    } else {
        node.knock_if_needed(out);
    }
    node
}

fn read(me: NodeId, disk: &[FrameRef], knobs: &Knobs, records: &Records) -> Journal {
    let mut journal = Journal {
        store: Store::new(knobs.versions),
        hints: Vec::new(),
        sessions: Sessions::default(),
        counter: 0,
        emptied: false,
        read: 0,
        torn: false,
    };
    for extent in disk {
        if journal.take(me, records.bytes(*extent), records).is_err() {
            journal.torn = true;
            break;
        }
    }
    journal
}

/// Every version in a journal that was not replaced, handed over or thrown away.
pub fn holdings(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
    let journal = read(NodeId(u8::MAX), disk, knobs, records);
    let mut all = journal.store.all();
    all.extend(journal.hints.iter().map(|hint| hint.record));
    all
}

impl Journal {
    fn take(&mut self, me: NodeId, bytes: &[u8], records: &Records) -> Result<(), Torn> {
        match frame::read(bytes)? {
            Frame::Version(found) => {
                let record = known(found.0.position, found.0.chain, records)?;
                self.store.merge(found.0.key, record, records);
                self.learn(me, record, records);
                self.read += 1;
            }
            Frame::Own(HINT, payload) => {
                let hint = read_hint(payload, records)?;
                self.learn(me, hint.record, records);
                self.hints.push(hint);
            }
            Frame::Own(HINT_DONE, payload) => {
                let done = read_hint(payload, records)?;
                self.hints.retain(|hint| *hint != done);
            }
            Frame::Own(FORGOTTEN, payload) => self.store.forget(Key(Reader(payload).u32()?)),
            Frame::Own(EMPTIED, _) => {
                self.store = Store::new(self.store.conflicts());
                self.hints.clear();
                self.emptied = true;
            }
            Frame::Own(JOINED, _) => self.emptied = false,
            Frame::Own(COUNTER, payload) => self.counter = self.counter.max(Reader(payload).u32()?),
            _ => return Err(Torn),
        }
        Ok(())
    }

    fn learn(&mut self, me: NodeId, at: RecordRef, records: &Records) {
        let (Some(record), Some(version)) = (records.get(at), records.version(at)) else { return };
        if version.writer == me {
            self.counter = self.counter.max(version.counter);
        }
        self.sessions.remember(record.client, record.number, at);
    }
}

/// The record that bytes on a disk speak of.
fn known(name: Position, chain: u64, records: &Records) -> Result<RecordRef, Torn> {
    let at = RecordRef::named(name);
    records.get(at).filter(|record| record.chain == chain).map(|_| at).ok_or(Torn)
}

fn read_hint(payload: &[u8], records: &Records) -> Result<Hint, Torn> {
    let mut reader = Reader(payload);
    let owner = NodeId(reader.u8()?);
    let (name, chain) = (Position(reader.u32()?), reader.u64()?);
    let record = known(name, chain, records)?;
    let key = records.get(record).map_or(Key(0), |record| record.key);
    Ok(Hint { owner, key, record })
}

fn fill_hint(hint: &Hint, chain: u64, bytes: &mut Vec<u8>) {
    bytes.push(hint.owner.0);
    bytes.extend_from_slice(&hint.record.name().0.to_le_bytes());
    bytes.extend_from_slice(&chain.to_le_bytes());
}

/// A hint with its version, as bytes.
pub fn hint_frame(hint: &Hint, records: &mut Records) -> FrameRef {
    let record = records.get(hint.record).copied().unwrap_or_default();
    let version = records.bytes(record.frame).to_vec();
    frame::write_own(records, HINT, |bytes| {
        fill_hint(hint, record.chain, bytes);
        bytes.extend_from_slice(&version);
    })
}

/// That a hint was handed over.
pub fn hint_done_frame(hint: &Hint, records: &mut Records) -> FrameRef {
    let chain = records.get(hint.record).map_or(0, |record| record.chain);
    frame::write_own(records, HINT_DONE, |bytes| fill_hint(hint, chain, bytes))
}

/// That a key was forgotten.
pub fn forgotten_frame(key: Key, records: &mut Records) -> FrameRef {
    frame::write_own(records, FORGOTTEN, |bytes| bytes.extend_from_slice(&key.0.to_le_bytes()))
}

/// That there are no data.
pub fn emptied_frame(records: &mut Records) -> FrameRef {
    frame::write_own(records, EMPTIED, |_| {})
}

/// That the data of others were taken in.
pub fn joined_frame(records: &mut Records) -> FrameRef {
    frame::write_own(records, JOINED, |_| {})
}

/// How many writes this node has taken.
pub fn counter_frame(counter: u32, records: &mut Records) -> FrameRef {
    frame::write_own(records, COUNTER, |bytes| bytes.extend_from_slice(&counter.to_le_bytes()))
}
