//! How much of the log is kept. What is dropped from the front is replaced by a snapshot of the
//! data as of there, on the disk too.

use super::role::Role;
use super::{Mark, SingleLeader};
use engine::base::Position;
use engine::protocol::parts::frame;
use engine::protocol::{Effects, Note};

/// The log is trimmed when it is longer than it must be by this part of it, so that trimming costs
/// little per record.
const SLACK: u32 = 4;

impl SingleLeader {
    /// Drops the front of the log if more is kept than has to be.
    #[inline]
    pub(super) fn trim(&mut self, out: &mut Effects<'_, Self>) {
        let Some(keep) = self.knobs.retention.records else { return };
        let held = self.log.last().since(self.log.base());
        if held > keep + keep / SLACK + 1 {
            self.trim_to(keep, out);
        }
    }

    fn trim_to(&mut self, keep: u32, out: &mut Effects<'_, Self>) {
        let wanted = Position(self.log.last().0 - keep);
        let to = self.held_by_slots(wanted).min(self.data.applied()).min(self.flushed);
        let to = to.min(self.committed);
        // Slots give way a little at a time; a snapshot for every record would be dear.
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
        let reign = frame::write_reign(out.records, self.reign);
        self.write(reign, out);
        out.flush(Mark::Front { first_extent });
        if let Role::Leader(_) = self.role {
            out.note(Note::LogTruncated { first: to.next() });
        }
    }

    /// A replication slot keeps what its follower has not confirmed, up to a limit: PostgreSQL's
    /// `max_slot_wal_keep_size`.
    fn held_by_slots(&self, wanted: Position) -> Position {
        let retention = self.knobs.retention;
        let Role::Leader(leader) = &self.role else { return wanted };
        if !retention.slots {
            return wanted;
        }
        let slowest = self.others().map(|node| leader.progress[node.index()].flushed).min();
        let held = slowest.unwrap_or(wanted).min(wanted);
        let limit = retention.slot_limit.map_or(0, |most| self.log.last().0.saturating_sub(most));
        held.max(Position(limit))
    }
}
