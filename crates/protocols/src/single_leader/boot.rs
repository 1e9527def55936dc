//! Starting: reading the disk, and what a node is when it has read it.

use std::rc::Rc;

use super::knobs::{Promote, Returning};
use super::role::{Feeding, Follower, Role};
use super::{SingleLeader, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::parts::backlog::Backlog;
use engine::protocol::parts::frame::{self, Frame, Reign, Torn};
use engine::protocol::parts::log::End;
use engine::protocol::parts::{Data, Log};
use engine::protocol::{Applying, Boot, Effects, FrameRef, Note, Record};

/// The node that leads when a cluster is new.
const FIRST_LEADER: NodeId = NodeId(0);

/// Starts a node from what its disk holds.
pub(super) fn start(
    boot: &Boot<'_, SingleLeader>,
    out: &mut Effects<'_, SingleLeader>,
) -> SingleLeader {
    let mut node = SingleLeader {
        me: boot.me,
        nodes: boot.nodes,
        knobs: Rc::new(boot.knobs.clone()),
        reign: Reign { epoch: Epoch(1), voted_for: Some(FIRST_LEADER), ..Reign::default() },
        log: Log::default(),
        flushed: Position::ZERO,
        committed: Position::ZERO,
        data: Data::default(),
        base_data: Data::default(),
        era: 0,
        extents: 0,
        heard_leader: boot.now,
        led_in: None,
        copied: None,
        role: Role::Follower(Follower::default()),
        backlog: Backlog::default(),
    };
    let empty = boot.disk.is_empty();
    if !empty {
        node.read_disk(boot.disk, boot.applied, out);
    }
    // A machine that loses power before its first flush comes back empty to a cluster that is not.
    if empty && !boot.added && boot.now == SimTime::ZERO {
        node.begin_new_cluster(boot, out);
    } else if node.leads_again() {
        node.lead_again(boot, out);
    } else {
        if boot.added && empty {
            let reign = Reign { fresh: true, ..node.reign };
            node.set_reign(reign, super::Mark::Reign, out);
        }
        node.role = Role::Follower(Follower::of(None, boot.now));
        node.backlog.received(node.log.last(), boot.now);
        node.apply_visible(out);
        node.arm_silence(boot.now, out);
    }
    node
}

impl SingleLeader {
    /// A new cluster: n1 leads, and everybody knows that everybody's log is empty.
    fn begin_new_cluster(&mut self, boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) {
        let leading = self.me == FIRST_LEADER;
        self.reign.leading = leading;
        let frame = frame::write_reign(out.records, self.reign);
        self.write(frame, out);
        out.flush(super::Mark::Reign);
        if !leading {
            let leader = Some(FIRST_LEADER);
            self.role = Role::Follower(Follower { leader, attached: true, ..Follower::default() });
            return self.arm_silence(boot.now, out);
        }
        self.led_in = Some(self.reign.epoch);
        let mut leader = self.new_leader(boot.now, out.records);
        for progress in &mut leader.progress {
            progress.feeding = Feeding::Log;
            progress.caught_up = true;
            progress.answered = boot.now;
        }
        leader.progress[self.me.index()].caught_up = false;
        leader.synchronous = self.synchronous_nodes(&leader);
        self.role = Role::Leader(Box::new(leader));
        out.set_timer(Timer::Heartbeat, self.knobs.failover.heartbeat);
    }

    /// Whether a restarted node takes itself for the leader still: where only an administrator
    /// promotes, or where a former leader is trusted.
    fn leads_again(&self) -> bool {
        let failover = &self.knobs.failover;
        let trusted = failover.returning == Returning::Trust || failover.promote == Promote::ByHand;
        self.reign.leading && trusted
    }

    /// Leads on in its old epoch. The record that says so is the first that it writes, as a
    /// PostgreSQL server that is started as a primary begins with a checkpoint: if another leads by
    /// now, the logs have parted, even if no client writes anything here.
    fn lead_again(&mut self, boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) {
        out.note(Note::Promoted { epoch: self.reign.epoch, position: self.log.last() });
        self.committed = self.log.last();
        let mut leader = self.new_leader(boot.now, out.records);
        leader.found = self.found(out.applying);
        leader.synchronous = self.synchronous_nodes(&leader);
        self.role = Role::Leader(Box::new(leader));
        self.apply_visible(out);
        let mark = self.epoch_mark();
        self.append(mark, out);
        out.set_timer(Timer::Heartbeat, Span::ZERO);
    }

    /// Reads frames until the first that does not check.
    /// Where applying takes time, nothing is applied for free that was not before.
    fn read_disk(&mut self, disk: &[FrameRef], applied: Position, out: &mut Effects<'_, Self>) {
        let mut found = 0;
        let mut torn = false;
        for extent in disk {
            let read = frame::read(out.records.bytes(*extent)).and_then(Read::owned);
            let Ok(read) = read else {
                torn = true;
                break;
            };
            self.replay(read, *extent, &mut found, out);
            self.extents += 1;
        }
        self.flushed = self.log.last();
        let at_once = out.applying == Applying::AtOnce;
        self.apply_upto(if at_once { self.flushed } else { applied.min(self.flushed) }, out);
        out.note(Note::DiskRead { records: found, torn });
    }

    fn replay(
        &mut self,
        read: Read,
        extent: FrameRef,
        found: &mut u32,
        out: &mut Effects<'_, Self>,
    ) {
        match read {
            Read::Record(record) => {
                *found += 1;
                self.replay_record(record, extent, out);
            }
            Read::Reign(reign) => {
                self.reign = reign;
                if reign.leading {
                    self.led_in = Some(reign.epoch);
                } else if reign.emptied {
                    self.led_in = None;
                }
            }
            Read::Rewind(to) if to < self.log.base() => {
                self.log = Log::default();
                (self.data, self.base_data) = (Data::default(), Data::default());
            }
            Read::Rewind(to) => self.log.truncate(to, out.records),
            // It stood for a front that has been dropped further since; the one that stands for it
            // now comes later on this disk.
            Read::Snapshot(data) if data.applied() < self.log.base() => {}
            Read::Snapshot(mut data) => {
                data.ends_with(out.records.find(data.applied(), data.end().chain));
                let agrees = self.log.at(data.applied(), out.records).map(|end| end.chain);
                if agrees == Some(data.end().chain) {
                    self.log.drop_front(data.applied(), out.records);
                } else {
                    self.log = Log::after(data.end());
                }
                self.base_data = (*data).clone();
                self.data = *data;
            }
        }
    }

    fn replay_record(&mut self, record: Record, extent: FrameRef, out: &mut Effects<'_, Self>) {
        let known = out.records.find(record.position, record.chain);
        if self.log.last() == Position::ZERO && record.position > Position(1) {
            // The front was dropped; the snapshot that stands for it comes later on this disk.
            let parent = known.and_then(|known| out.records.get(known)).map(|known| known.parent);
            let before = parent.and_then(|parent| out.records.get(parent));
            self.log = Log::after(End {
                position: record.position.before(),
                record: parent.unwrap_or(engine::protocol::RecordRef::NONE),
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
}

/// A frame without its bytes.
enum Read {
    Record(Record),
    Reign(Reign),
    Rewind(Position),
    Snapshot(Box<Data>),
}

impl Read {
    fn owned(frame: Frame<'_>) -> Result<Self, Torn> {
        Ok(match frame {
            Frame::Record(record) => Self::Record(*record),
            Frame::Epoch(reign) => Self::Reign(reign),
            Frame::Rewind(to) => Self::Rewind(to),
            Frame::Snapshot(image) => Self::Snapshot(Box::new(Data::read(image)?)),
            Frame::Version(_) | Frame::Own(..) | Frame::Members { .. } => return Err(frame::Torn),
        })
    }
}
