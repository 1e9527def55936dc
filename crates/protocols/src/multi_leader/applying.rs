//! Applying: what other leaders wrote is taken in when it arrives, written down, passed on, and shown
//! to readers when the applier is done with it, in the order in which it was taken in.
//!
//! A leader has executed its own writes: its readers see them at once. A node that starts has read its
//! journal: what lies there is applied. So are data that are copied afresh.

use std::collections::VecDeque;

use super::MultiLeader;
use engine::base::{NodeId, Position, SimTime};
use engine::protocol::{Applying, Effects, RecordRef};

/// Versions that were taken in and are not shown yet.
#[derive(Clone, Default, Debug)]
pub struct Unapplied {
    // Each with its arrival, in the order of arrival.
    list: VecDeque<(RecordRef, SimTime)>,
    // The applier works on the first.
    asked: bool,
}

impl Unapplied {
    /// How many.
    pub fn count(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    /// The versions.
    pub fn records(&self) -> impl Iterator<Item = RecordRef> {
        self.list.iter().map(|(record, _)| *record)
    }

    /// Nothing of this is of use any more. Returns whether the applier works on some of it.
    #[must_use]
    pub fn clear(&mut self) -> bool {
        self.list.clear();
        std::mem::take(&mut self.asked)
    }
}

impl MultiLeader {
    /// Shows a version that was just taken in to readers: at once, or by the applier.
    pub(super) fn apply(
        &mut self,
        now: SimTime,
        writer: NodeId,
        record: RecordRef,
        out: &mut Effects<'_, Self>,
    ) {
        if writer == self.me || self.copying {
            return self.show(record, out);
        }
        self.unapplied.list.push_back((record, now));
        self.apply_next(out);
    }

    fn apply_next(&mut self, out: &mut Effects<'_, Self>) {
        while out.applying == Applying::AtOnce {
            let Some((record, _)) = self.unapplied.list.pop_front() else { return };
            self.show(record, out);
        }
        if let (false, Some((record, arrived))) =
            (self.unapplied.asked, self.unapplied.list.front())
        {
            self.unapplied.asked = true;
            out.apply(record.name(), *arrived);
        }
    }

    /// The applier is done with a version.
    pub(super) fn on_applied(&mut self, version: Position, out: &mut Effects<'_, Self>) {
        self.unapplied.asked = false;
        let list = &mut self.unapplied.list;
        let first = list.front().map(|(record, _)| *record);
        if let Some(record) = first.filter(|record| record.name() == version) {
            list.pop_front();
            self.show(record, out);
        }
        self.apply_next(out);
    }

    fn show(&mut self, record: RecordRef, out: &mut Effects<'_, Self>) {
        let Some(key) = out.records.get(record).map(|record| record.key) else { return };
        self.tell_conflict(record, out);
        self.store.merge(key, record, out.records);
    }
}
