//! Starting: reading the disk. A node that starts again has no place in the chain: it asks for one.

use std::collections::VecDeque;
use std::rc::Rc;

use super::configuration::Configuration;
use super::link::Feeding;
use super::replica::{Replica, Sent};
use super::{Chain, Mark, Timer};
use engine::base::{NodeId, Position, SimTime, Span};
use engine::protocol::parts::backlog::Backlog;
use engine::protocol::parts::frame::{self, Frame};
use engine::protocol::parts::log::End;
use engine::protocol::parts::{Data, Log, Reorder};
use engine::protocol::{Applying, Boot, Effects, FrameRef, Note, Record, RecordRef};

/// The log is trimmed when it is longer than it must be by this part of it.
const SLACK: u32 = 4;

/// Starts a node from what its disk holds.
pub(super) fn start(boot: &Boot<'_, Chain>, out: &mut Effects<'_, Chain>) -> Replica {
    let new = boot.disk.is_empty() && !boot.added && boot.now == SimTime::ZERO;
    let service = boot.service.unwrap_or(NodeId(boot.nodes));
    let mut node = Replica {
        me: boot.me,
        service,
        knobs: Rc::new(boot.knobs.clone()),
        since: boot.now,
        chain: Rc::default(),
        log: Log::default(),
        flushed: Position::ZERO,
        committed: Position::ZERO,
        stable: Position::ZERO,
        data: Data::default(),
        backlog: Backlog::default(),
        base_data: Data::default(),
        sent: VecDeque::new(),
        links: Vec::new(),
        attached: false,
        attempt: boot.now,
        echo: SimTime::ZERO,
        early: Reorder::default(),
        incoming: None,
        ready: new,
        settled: Position::ZERO,
        announced: false,
        heard: boot.now,
        unsure: false,
        leaving: false,
        not_equal: VecDeque::new(),
        queries: Vec::new(),
        era: 0,
        extents: 0,
        piece_armed: false,
    };
    if new {
        node.begin_new_cluster(service.0);
    } else if !boot.disk.is_empty() {
        node.read_disk(boot.now, boot.disk, boot.applied, out);
    }
    let first = if new { boot.knobs.detect.heartbeat } else { Span::ZERO };
    out.set_timer(Timer::Beat, first);
    node
}

impl Replica {
    /// A new cluster: everybody knows the chain, and that everybody's log is empty.
    fn begin_new_cluster(&mut self, nodes: u8) {
        self.chain = Rc::new(Configuration::first(nodes));
        let star = self.knobs.is_star();
        let links = self.chain.successors(self.me, star).map(|node| {
            let mut link = super::link::Link::unknown(node, true);
            link.feeding = super::link::Feeding::Log;
            link
        });
        self.links = links.collect();
        self.attached = true;
    }

    /// Reads frames until the first that does not check.
    /// Where applying takes time, what was applied before need not be applied again.
    fn read_disk(
        &mut self,
        now: SimTime,
        disk: &[FrameRef],
        applied: Position,
        out: &mut Effects<'_, Chain>,
    ) {
        let (mut found, mut torn) = (0, false);
        for extent in disk {
            let bytes = out.records.bytes(*extent).to_vec();
            let read = frame::read(&bytes);
            let Ok(read) = read else {
                torn = true;
                break;
            };
            found += u32::from(matches!(read, Frame::Record(_)));
            self.replay(read, *extent, out);
            self.extents += 1;
        }
        self.flushed = self.log.last();
        if out.applying != Applying::AtOnce {
            self.apply_upto(applied.min(self.flushed), out);
        }
        self.committed = self.data.applied();
        self.stable = self.committed;
        let rest = self.committed.0 + 1..=self.log.last().0;
        let sent = |record| Sent { record, attempt: 0, since: now };
        self.sent = rest.filter_map(|at| self.log.get(Position(at))).map(sent).collect();
        out.note(Note::DiskRead { records: found, torn });
    }

    fn replay(&mut self, read: Frame<'_>, extent: FrameRef, out: &mut Effects<'_, Chain>) {
        match read {
            Frame::Record(record) => self.replay_record(*record, extent, out),
            Frame::Rewind(to) if to < self.log.base() || to == Position::ZERO => {
                self.log = Log::default();
                (self.data, self.base_data) = (Data::default(), Data::default());
            }
            Frame::Rewind(to) => self.log.truncate(to, out.records),
            Frame::Snapshot(image) => {
                let Ok(mut data) = Data::read(image) else { return };
                // It stood for a front that has been dropped further since.
                if data.applied() < self.log.base() {
                    return;
                }
                data.ends_with(out.records.find(data.applied(), data.end().chain));
                let agrees = self.log.at(data.applied(), out.records).map(|end| end.chain);
                if agrees == Some(data.end().chain) {
                    self.log.drop_front(data.applied(), out.records);
                } else {
                    self.log = Log::after(data.end());
                }
                self.base_data = data.clone();
                self.data = data;
            }
            Frame::Epoch(_) | Frame::Members { .. } | Frame::Version(_) | Frame::Own(..) => {}
        }
    }

    fn replay_record(&mut self, record: Record, extent: FrameRef, out: &mut Effects<'_, Chain>) {
        let known = out.records.find(record.position, record.chain);
        if self.log.last() == Position::ZERO && record.position > Position(1) {
            // The front was dropped; the snapshot that stands for it comes later on this disk.
            let parent = known.and_then(|known| out.records.get(known)).map(|known| known.parent);
            let before = parent.and_then(|parent| out.records.get(parent));
            self.log = Log::after(End {
                position: record.position.before(),
                record: parent.unwrap_or(RecordRef::NONE),
                chain: before.map_or(0, |before| before.chain),
                epoch: before.map_or(record.epoch, |before| before.epoch),
            });
        }
        let parent = self.log.end().record;
        let record = Record { parent, frame: extent, ..record };
        let reference = known.unwrap_or_else(|| out.records.add(record));
        if record.position == self.log.last().next() {
            self.log.push(reference, &record, self.extents);
        }
    }

    /// Drops the front of the log if more is kept than has to be.
    pub(super) fn trim(&mut self, out: &mut Effects<'_, Chain>) {
        let Some(keep) = self.knobs.retention else { return };
        let held = self.log.last().since(self.log.base());
        if held <= keep + keep / SLACK + 1 {
            return;
        }
        // What a node that is copied needs next is kept for it.
        let copied = self.links.iter().filter_map(|link| match link.feeding {
            Feeding::Snapshot(outgoing) => Some(outgoing.position),
            Feeding::Log if !link.counts => Some(link.acked),
            Feeding::Log | Feeding::Unknown => None,
        });
        let wanted = Position(self.log.last().0 - keep).min(self.data.applied());
        let to = copied.fold(wanted, Position::min);
        if to.since(self.log.base()) <= keep / SLACK {
            return;
        }
        while self.base_data.applied() < to {
            let next = self.base_data.applied().next();
            let Some(reference) = self.log.get(next) else { return };
            let Some(record) = out.records.get(reference) else { return };
            self.base_data.apply(reference, record);
        }
        let first_extent = self.log.extent(to.next()).unwrap_or(self.extents);
        self.log.drop_front(to, out.records);
        let data = &self.base_data;
        let snapshot = frame::write_snapshot(out.records, |bytes| data.write(bytes));
        self.write(snapshot, out);
        out.flush(Mark::Front { first_extent });
    }
}
