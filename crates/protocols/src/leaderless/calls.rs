//! Operations that a node coordinates: who was asked, who has answered, how long to wait.

use std::collections::VecDeque;

use super::knobs::Ask;
use super::{Leaderless, Timer};
use engine::base::{Digest, Epoch, Key, NodeId, NodeSet, SimTime};
use engine::protocol::client::Refusal;
use engine::protocol::parts::Siblings;
use engine::protocol::{Effects, Note, Outcome, RecordRef, Request};

/// More operations than these wait at no node.
const MOST_CALLS: usize = 10_000;

/// All of them, the oldest first.
#[derive(Clone, Default, Debug)]
pub struct Calls {
    list: VecDeque<Call>,
    last: u32,
    // The timer runs until then.
    armed: Option<SimTime>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its number at this coordinator.
    pub number: u32,
    /// What the client asked.
    pub request: Request,
    /// The key.
    pub key: Key,
    /// Nodes that were asked.
    pub asked: NodeSet,
    /// Nodes that have confirmed or answered.
    pub heard: NodeSet,
    /// The client has its answer; what is still expected is for repairs and hints.
    pub answered: bool,
    /// Until then nobody who is silent is done without.
    pub silent_at: Option<SimTime>,
    /// It ends then, whoever is missing.
    pub ends_at: SimTime,
    /// What is done.
    pub work: Work,
}

/// What is done.
#[derive(Clone, Debug)]
pub enum Work {
    /// A write of this version.
    Put { record: RecordRef },
    /// A read: what was told by whom, all of it merged, and who must confirm a repair before the
    /// client is answered.
    Get { told: Vec<(NodeId, Siblings)>, merged: Siblings, repairing: NodeSet },
}

impl Calls {
    /// A call, if it is still under way.
    pub fn get(&mut self, number: u32) -> Option<&mut Call> {
        let index = self.list.binary_search_by_key(&number, |call| call.number).ok()?;
        self.list.get_mut(index)
    }

    /// Removes a call whose work is done.
    pub fn finish(&mut self, number: u32) {
        if let Ok(index) = self.list.binary_search_by_key(&number, |call| call.number) {
            self.list.remove(index);
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.list.len()
    }
}

impl Leaderless {
    /// Begins to coordinate; `None`: there are too many already.
    pub(super) fn begin(
        &mut self,
        now: SimTime,
        request: Request,
        key: Key,
        work: Work,
    ) -> Option<&mut Call> {
        if self.calls.list.len() >= MOST_CALLS {
            return None;
        }
        self.calls.last += 1;
        self.calls.list.push_back(Call {
            number: self.calls.last,
            request,
            key,
            asked: NodeSet::default(),
            heard: NodeSet::default(),
            answered: false,
            silent_at: self.knobs.suspect_after.map(|after| now + after),
            ends_at: now + self.knobs.timeout,
            work,
        });
        self.calls.list.back_mut()
    }

    /// The first `most` of these nodes for an operation: all, or as many as must answer, drawn by
    /// its number and the time.
    pub(super) fn chosen(
        &self,
        list: &[NodeId],
        most: u8,
        request: &Request,
        now: SimTime,
    ) -> Vec<NodeId> {
        if self.knobs.ask == Ask::All || list.is_empty() {
            return list.to_vec();
        }
        let mut left = list.to_vec();
        let mut drawn = Digest::default().with(u64::from(request.id.op.0)).with(now.micros());
        let mut chosen = Vec::new();
        while !left.is_empty() && chosen.len() < usize::from(most) {
            drawn.fold(left.len() as u64);
            let place = ((drawn.value() >> 20) % left.len() as u64) as usize;
            chosen.push(left.remove(place));
        }
        chosen
    }

    /// The first node clockwise that is not responsible for the key, answers, and is not among
    /// those asked already: it stands in for one that is silent.
    pub(super) fn stand_in(&self, key: Key, asked: NodeSet) -> Option<NodeId> {
        let preference = self.preference(key);
        let fits = |node: &NodeId| {
            !preference.contains(node)
                && !asked.contains(*node)
                && !self.unresponsive.contains(*node)
                && *node != self.me
        };
        self.ring.walk(key).into_iter().find(fits)
    }

    /// (Re)arms the timer for the call whose patience ends first.
    pub(super) fn arm_patience(&mut self, out: &mut Effects<'_, Self>, now: SimTime) {
        let due = |call: &Call| call.silent_at.map_or(call.ends_at, |at| at.min(call.ends_at));
        let Some(soonest) = self.calls.list.iter().map(due).min() else { return };
        if self.calls.armed.is_none_or(|armed| soonest < armed || armed <= now) {
            self.calls.armed = Some(soonest);
            out.set_timer(Timer::Patience, soonest.since(now));
        }
    }

    /// Some call has waited for long enough.
    pub(super) fn on_patience_over(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        self.calls.armed = None;
        let due: Vec<u32> = self.calls.list.iter().map(|call| call.number).collect();
        for number in due {
            let Some(call) = self.calls.get(number) else { continue };
            if call.ends_at <= now {
                self.end(number, out);
            } else if call.silent_at.is_some_and(|at| at <= now) {
                call.silent_at = None;
                self.do_without_the_silent(number, out);
            }
        }
        self.arm_patience(out, now);
    }

    /// Those that did not answer in time count as unresponsive; others take their part.
    fn do_without_the_silent(&mut self, number: u32, out: &mut Effects<'_, Self>) {
        let Some(call) = self.calls.get(number) else { return };
        let (key, asked, heard) = (call.key, call.asked, call.heard);
        let record = match &call.work {
            Work::Put { record } => Some(*record),
            Work::Get { .. } => None,
        };
        for node in asked.iter().filter(|node| !heard.contains(*node)) {
            self.does_not_answer(node, out);
            match record {
                Some(record) => self.keep_for(node, number, key, record, out),
                None => self.ask_instead(number, key, out),
            }
        }
    }

    /// A call's time is over. Who has not got an answer gets a refusal.
    fn end(&mut self, number: u32, out: &mut Effects<'_, Self>) {
        let (r, w) = (self.knobs.r, self.knobs.w);
        let Some(call) = self.calls.get(number) else { return };
        if !call.answered {
            let (op, needed) = match &call.work {
                Work::Put { .. } => (call.request.id.op, w),
                Work::Get { .. } => (call.request.id.op, r),
            };
            let got = u8::try_from(call.heard.len()).unwrap_or(u8::MAX);
            let id = call.request.id;
            out.note(Note::QuorumMissed { op, got, needed });
            let (why, epoch) = (Refusal::QuorumMissed, Epoch(0));
            out.reply(id, Outcome::Unavailable { why, epoch });
        }
        self.calls.finish(number);
    }

    /// Says no without having tried.
    pub(super) fn refuse(request: &Request, why: Refusal, out: &mut Effects<'_, Self>) {
        out.reply(request.id, Outcome::Unavailable { why, epoch: Epoch(0) });
    }
}
