//! Starting from what the disk holds: a journal of updates, in the order in which they were taken
//! in.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::applying::Unapplied;
use super::knobs::Knobs;
use super::topology::Layout;
use super::updates::{Update, Updates};
use super::{MultiLeader, Store};
use engine::base::{ClientId, NodeId, Position, SimTime};
use engine::protocol::parts::frame::{self, Frame, Reader, Torn};
use engine::protocol::parts::{Dot, Version, VersionVector, data};
use engine::protocol::{Boot, Effects, FrameRef, Note, RecordRef, Records};

/// What the leader of the update that follows had taken in.
const AFTER: u8 = 16;
/// All that others than this node wrote was thrown away, or there was nothing; others must give
/// theirs.
const EMPTIED: u8 = 17;
/// Others have given theirs.
const JOINED: u8 = 18;

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
    updates: Updates,
    sessions: Sessions,
    after: Rc<VersionVector>,
    emptied: bool,
    read: u32,
    torn: bool,
}

/// Starts a process.
pub fn start(boot: &Boot<'_, MultiLeader>, out: &mut Effects<'_, MultiLeader>) -> MultiLeader {
    let journal = read(boot.disk, boot.knobs, out.records);
    let Journal { store, updates, sessions, emptied, read, torn, .. } = journal;
    let Knobs { leaders: wanted, topology, .. } = *boot.knobs;
    let durable = updates.highest(boot.me);
    let mut node = MultiLeader {
        me: boot.me,
        layout: Layout { nodes: boot.nodes, wanted, topology },
        knobs: Rc::new(boot.knobs.clone()),
        store,
        updates,
        sessions,
        unapplied: Unapplied::default(),
        waiting: Vec::new(),
        asked: BTreeMap::new(),
        heard: BTreeMap::new(),
        given: BTreeMap::new(),
        owed: VecDeque::new(),
        flushes: 0,
        durable,
        copying: false,
    };
    if !boot.disk.is_empty() {
        out.note(Note::DiskRead { records: read, torn });
    }
    node.arm_resync(out);
    if boot.added || emptied {
        node.copy(out);
    } else if !boot.disk.is_empty() {
        node.ask_all(out);
    }
    node
}

fn read(disk: &[FrameRef], knobs: &Knobs, records: &Records) -> Journal {
    let mut journal = Journal {
        store: Store::new(knobs.conflicts()),
        updates: Updates::default(),
        sessions: Sessions::default(),
        after: Rc::default(),
        emptied: false,
        read: 0,
        torn: false,
    };
    for extent in disk {
        if journal.take(records.bytes(*extent), records).is_err() {
            journal.torn = true;
            break;
        }
    }
    journal
}

/// Every version that a journal shows to readers.
pub fn holdings(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
    read(disk, knobs, records).store.all()
}

impl Journal {
    fn take(&mut self, bytes: &[u8], records: &Records) -> Result<(), Torn> {
        match frame::read(bytes)? {
            Frame::Own(AFTER, payload) => self.after = Rc::new(read_vector(payload)?),
            Frame::Version(found) => {
                let record = known(found.0.position, found.0.chain, records)?;
                let Version { writer: node, counter, .. } = found.1;
                let after = std::mem::take(&mut self.after);
                self.store.merge(found.0.key, record, records);
                self.sessions.remember(found.0.client, found.0.number, record);
                let update = Update { record, after };
                self.updates.insert(Dot { node, counter }, update, SimTime::ZERO);
                self.read += 1;
            }
            Frame::Own(EMPTIED, payload) => {
                self.emptied = true;
                self.updates.keep_own(NodeId(Reader(payload).u8()?));
                self.store = Store::new(self.store.conflicts());
                for update in self.updates.iter() {
                    let record = records.get(update.record).ok_or(Torn)?;
                    self.store.merge(record.key, update.record, records);
                }
            }
            Frame::Own(JOINED, _) => self.emptied = false,
            _ => return Err(Torn),
        }
        Ok(())
    }
}

/// The record that bytes on a disk speak of.
fn known(name: Position, chain: u64, records: &Records) -> Result<RecordRef, Torn> {
    let at = RecordRef::named(name);
    records.get(at).filter(|record| record.chain == chain).map(|_| at).ok_or(Torn)
}

fn read_vector(payload: &[u8]) -> Result<VersionVector, Torn> {
    let mut reader = Reader(payload);
    let mut vector = VersionVector::default();
    for _ in 0..reader.u8()? {
        let node = NodeId(reader.u8()?);
        vector.see(Dot { node, counter: reader.u32()? });
    }
    Ok(vector)
}

/// What the leader of the update that follows had taken in, as bytes.
pub fn after_frame(after: &VersionVector, records: &mut Records) -> FrameRef {
    frame::write_own(records, AFTER, |bytes| {
        bytes.push(u8::try_from(after.entries().len()).unwrap_or(u8::MAX));
        for (node, counter) in after.entries() {
            bytes.push(node.0);
            bytes.extend_from_slice(&counter.to_le_bytes());
        }
    })
}

/// That there are no data of others than this node.
pub fn emptied_frame(me: NodeId, records: &mut Records) -> FrameRef {
    frame::write_own(records, EMPTIED, |bytes| bytes.push(me.0))
}

/// That the data of others were taken in.
pub fn joined_frame(records: &mut Records) -> FrameRef {
    frame::write_own(records, JOINED, |_| {})
}
