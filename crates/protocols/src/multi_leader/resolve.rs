//! Conflicts: two versions of a key of which neither writer had seen the other, found by their
//! version vectors (Parker et al., 1983); and what becomes of them.
//!
//! The rule itself is the store's: the later stamp, all of them, or a merge. It depends on nothing
//! but the versions, so that all nodes come to the same whatever the order in which they hear.

use core::cmp::Ordering;

use super::MultiLeader;
use super::updates::Update;
use engine::base::SimTime;
use engine::protocol::note::Resolution;
use engine::protocol::parts::{Causality, Conflicts, Version};
use engine::protocol::{Effects, Note, RecordRef};

impl MultiLeader {
    /// Takes an update in: into the list of its leader's, onto the disk, into the data, or into the
    /// applier's hands.
    pub(super) fn take_in(&mut self, now: SimTime, update: Update, out: &mut Effects<'_, Self>) {
        let Some(record) = out.records.get(update.record).copied() else { return };
        let Some(dot) = out.records.version(update.record).map(Version::dot) else { return };
        if self.knobs.causality {
            let after = super::boot::after_frame(&update.after, out.records);
            out.write(after);
        }
        out.write(record.frame);
        self.sessions.remember(record.client, record.number, update.record);
        self.apply(now, dot.node, update.record, out);
        self.updates.insert(dot, update, now);
    }

    /// Says whether a version conflicts with one that is held, and which of them stays.
    pub(super) fn tell_conflict(&self, new: RecordRef, out: &mut Effects<'_, Self>) {
        let Some(record) = out.records.get(new).copied() else { return };
        let held = self.store.get(record.key).clone();
        for known in held.as_slice() {
            let Some(found) = self.conflict(new, *known, out) else { continue };
            let rival = out.records.get(*known).map(|rival| rival.op);
            // A write does not conflict with its own retry.
            let Some(rival) = rival.filter(|rival| *rival != record.op) else { continue };
            let (won, lost, by) = match found {
                (true, by) => (record.op, rival, by),
                (false, by) => (rival, record.op, by),
            };
            out.note(Note::Conflict { won, lost, by });
            // One is told for each update, or counters would tell of everything that they count.
            return;
        }
    }

    /// Whether two versions are in conflict: if so, whether the first stays, and by which rule.
    fn conflict(
        &self,
        new: RecordRef,
        known: RecordRef,
        out: &Effects<'_, Self>,
    ) -> Option<(bool, Resolution)> {
        let (a, b) = (out.records.version(new)?, out.records.version(known)?);
        let later = a.later(b) == Ordering::Greater;
        let conflicts = self.store.conflicts();
        let causality = match conflicts {
            // Of increments only leaders know which had the others.
            Conflicts::Counter => a.compare(b),
            // Two additions to a set do not disturb each other.
            Conflicts::AddWins if a.deleted == b.deleted => return None,
            _ => out.records.compare(new, known),
        };
        match (conflicts, causality) {
            (_, Causality::Same) => None,
            (Conflicts::LastWriteWins, Causality::Concurrent) => {
                Some((later, Resolution::LaterStamp))
            }
            // Only a wrong clock stamps what was seen later than what had seen it.
            (Conflicts::LastWriteWins, Causality::After) => {
                (!later).then_some((false, Resolution::WrongClock))
            }
            (Conflicts::LastWriteWins, Causality::Before) => {
                later.then_some((true, Resolution::WrongClock))
            }
            (Conflicts::Siblings, Causality::Concurrent) => Some((true, Resolution::KeptBoth)),
            (Conflicts::SitePriority, Causality::Concurrent) => {
                Some((a.writer < b.writer, Resolution::FirstSite))
            }
            (Conflicts::Counter, Causality::Concurrent) => Some((true, Resolution::Merged)),
            // Of an addition and a removal that had not seen it the addition stays.
            (Conflicts::AddWins, Causality::Concurrent) => Some((b.deleted, Resolution::AddWins)),
            (_, Causality::Before | Causality::After) => None,
        }
    }
}
