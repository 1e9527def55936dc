//! Causality: an update that depends on another must not be seen before it.
//!
//! "Update" may overtake the "insert" that it changes wherever updates come by several ways
//! (Kleppmann, chapter 5, figure 5-9). Every update says what its leader had taken in when it was
//! written; with version vectors on, a node holds it back until it has taken in the same (causal
//! delivery as in Ladin et al., *Lazy Replication*, 1992, and Bayou). Without them it is taken in as
//! it comes, and what depends on something that is not here is only noted.

use super::MultiLeader;
use super::updates::Update;
use engine::base::{NodeId, SimTime};
use engine::protocol::parts::Dot;
use engine::protocol::{Effects, Note, RecordRef};

impl MultiLeader {
    /// A leader whose update must come first and is not here; `None`: nothing is missing.
    pub(super) fn missing_for(&self, update: &Update, out: &Effects<'_, Self>) -> Option<NodeId> {
        let version = out.records.version(update.record)?;
        let here = self.updates.seen();
        let behind = |(node, counter): &&(NodeId, u32)| here.of(*node) < *counter;
        if let Some((node, _)) = update.after.entries().iter().find(behind) {
            return Some(*node);
        }
        // Of one leader, one after the other.
        (here.of(version.writer) + 1 < version.counter).then_some(version.writer)
    }

    /// A leader whose write of this very key the writer had seen, and that is not here.
    pub(super) fn unseen_cause(
        &self,
        record: RecordRef,
        out: &Effects<'_, Self>,
    ) -> Option<NodeId> {
        let seen = &out.records.version(record)?.vector;
        let absent = |(node, counter): &&(NodeId, u32)| {
            !self.updates.has(Dot { node: *node, counter: *counter })
        };
        seen.entries().iter().find(absent).map(|(node, _)| *node)
    }

    /// An update that is news comes in: at once, or when what it depends on is here.
    pub(super) fn deliver(
        &mut self,
        now: SimTime,
        from: NodeId,
        update: Update,
        out: &mut Effects<'_, Self>,
    ) {
        let op = out.records.get(update.record).map(|record| record.op);
        let Some(op) = op.filter(|_| !self.waiting.iter().any(|(_, held)| *held == update)) else {
            return;
        };
        if self.knobs.causality {
            if let Some(missing) = self.missing_for(&update, out) {
                out.note(Note::HeldBack { op, missing });
                self.waiting.push((from, update));
                return;
            }
        } else if let Some(missing) = self.unseen_cause(update.record, out) {
            out.note(Note::TakenEarly { op, missing });
        }
        self.accept(now, from, update, out);
        self.release(now, out);
    }

    /// What waited for what has just come.
    fn release(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        while let Some(place) =
            self.waiting.iter().position(|(_, held)| self.missing_for(held, out).is_none())
        {
            let (from, update) = self.waiting.remove(place);
            let op = out.records.get(update.record).map(|record| record.op);
            if let Some(op) = op {
                out.note(Note::Released { op });
            }
            self.accept(now, from, update, out);
        }
    }
}
