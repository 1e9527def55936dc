//! At no time do two nodes accept writes as leaders.
//!
//! **Meaning.** Broken if two nodes accept writes at the same time. A node accepts a write when it
//! takes a request that is later answered with "saved" (for the first time since it began to lead, where it was
//! asked for again; in a chain the first node takes it and the last one answers). It accepts writes from the
//! first request so taken to the last; its crash, its loss of power, its pause, or a newer epoch of its
//! own ends that stretch and a new one may begin. Two stretches of different nodes that overlap, or one
//! that lies within another, break the promise for as long as they overlap. A node that leads beside
//! another without accepting a write, because nobody asks it or because it never answers, does not
//! break it. Not exercised while no write was accepted, nor where nodes follow no leader.
//!
//! Evidence: requests and answers. Roles do not count, and notes only against themselves: of what a node was asked
//! before it says that it began or ceased to lead, nothing counts after, which makes a stretch shorter, never longer. The time of the split brain in the
//! report, the page's headline and the bands on its timeline ask [`Reigns`] too, so they cannot say
//! otherwise. A window found is never longer than the real one.

use super::{Audit, Case, Verdict, Witness};
use crate::base::number;
use crate::base::sort_by_key;
use crate::base::{Epoch, EventId, NodeId, OpId, SimTime, Span};
use crate::observe::history::Taken;
use crate::protocol::{Promise, Shape};

/// The audit.
pub struct OneLeader;

/// A stretch of time in which a node accepted writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reign {
    /// Who.
    pub node: NodeId,
    /// As the leader of this epoch.
    pub epoch: Epoch,
    /// When the first write arrived that it accepted.
    pub from: SimTime,
    /// When the last one arrived.
    pub to: SimTime,
    /// The events of these arrivals: an instant may have many.
    pub taken: (EventId, EventId),
    /// Its first such answer.
    pub first_answer: EventId,
    /// Its last such answer.
    pub last_answer: EventId,
    /// What it answered last.
    pub last_op: OpId,
}

/// Two nodes accepted writes at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SplitBrain {
    /// From.
    pub from: SimTime,
    /// To.
    pub to: SimTime,
    /// The one whose reign began earlier.
    pub old: Reign,
    /// The other.
    pub new: Reign,
}

/// Who accepted writes when.
#[derive(Clone, Default, Debug)]
pub struct Reigns {
    // By node: what ended a stretch of it, in order.
    ends: Vec<Vec<EventId>>,
    // By node: each with the number of ends before it.
    stretches: Vec<Vec<(usize, Reign)>>,
}

impl Reigns {
    /// A write that was taken so was answered with "written".
    #[inline]
    pub fn accepted(&mut self, taken: Taken, epoch: Epoch, op: OpId, answer: EventId) {
        let Taken { node, at, event, .. } = taken;
        self.room_for(node);
        let life = self.ends[node.index()].partition_point(|end| *end < event);
        let stretches = &mut self.stretches[node.index()];
        // An older epoch in an answer tells of a write that was done before.
        let of_life = stretches.iter_mut().rev().find(|(known, _)| *known == life);
        if let Some((_, reign)) = of_life.filter(|(_, reign)| epoch <= reign.epoch) {
            (reign.from, reign.to) = (reign.from.min(at), reign.to.max(at));
            reign.taken = (reign.taken.0.min(event), reign.taken.1.max(event));
            (reign.last_answer, reign.last_op) = (answer, op);
            return;
        }
        let reign = Reign {
            node,
            epoch,
            from: at,
            to: at,
            taken: (event, event),
            first_answer: answer,
            last_answer: answer,
            last_op: op,
        };
        stretches.push((life, reign));
    }

    /// The node died or was paused.
    pub fn interrupted(&mut self, node: NodeId, event: EventId) {
        self.room_for(node);
        self.ends[node.index()].push(event);
    }

    fn room_for(&mut self, node: NodeId) {
        if self.ends.len() <= node.index() {
            self.ends.resize(node.index() + 1, Vec::new());
            self.stretches.resize(node.index() + 1, Vec::new());
        }
    }

    /// Every reign, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Reign> {
        self.stretches.iter().flatten().map(|(_, reign)| reign)
    }

    /// The stretch of a node that has not ended.
    fn current(&self, node: NodeId) -> Option<Reign> {
        let life = self.ends.get(node.index())?.len();
        let (known, reign) = self.stretches.get(node.index())?.last()?;
        (*known == life).then_some(*reign)
    }

    /// Windows of time in which two nodes accepted writes, by their beginnings.
    #[must_use]
    pub fn split_brains(&self) -> Vec<SplitBrain> {
        let mut reigns: Vec<Reign> = self.iter().copied().collect();
        sort_by_key(&mut reigns, |reign| reign.taken.0);
        let mut windows = Vec::new();
        for (index, old) in reigns.iter().enumerate() {
            let later = reigns.get(index + 1..).unwrap_or_default().iter();
            let overlapping = later.take_while(|new| new.taken.0 <= old.taken.1);
            for new in overlapping.filter(|new| new.node != old.node) {
                let (from, to) = (new.from, old.to.min(new.to));
                windows.push(SplitBrain { from, to, old: *old, new: *new });
            }
        }
        sort_by_key(&mut windows, |window| window.from);
        windows
    }

    /// Of these nodes, those that still accept writes while another of them does: they took some in
    /// stretches that overlap, and neither stretch has ended.
    #[must_use]
    pub fn rivals(&self, nodes: &[NodeId]) -> Vec<NodeId> {
        let now = |node: &NodeId| self.current(*node);
        let both = |one: Reign, other: Reign| one.node != other.node && overlap(&one, &other);
        let has_rival = |node: &&NodeId| {
            let Some(one) = now(node) else { return false };
            nodes.iter().filter_map(now).any(|other| both(one, other))
        };
        nodes.iter().filter(has_rival).copied().collect()
    }

    /// Whether a node has ever accepted a write.
    #[must_use]
    pub fn has_accepted(&self, node: NodeId) -> bool {
        self.iter().any(|reign| reign.node == node)
    }

    /// Time in which at least two nodes accepted writes; an instant counts as a microsecond.
    #[must_use]
    pub fn split_brain_time(&self) -> Span {
        let mut total = Span::ZERO;
        let mut covered = SimTime::ZERO;
        for window in self.split_brains() {
            let to = window.to.max(window.from + Span::from_micros(1));
            total += to.since(window.from.max(covered));
            covered = covered.max(to);
        }
        total
    }
}

/// Whether two stretches overlap, if only for an instant.
fn overlap(one: &Reign, other: &Reign) -> bool {
    one.taken.0 <= other.taken.1 && other.taken.0 <= one.taken.1
}

impl Audit for OneLeader {
    fn promise(&self) -> Promise {
        Promise::OneLeader
    }

    fn id(&self) -> &'static str {
        "one-leader"
    }

    fn title(&self) -> &'static str {
        "One leader at a time"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        if case.world.shape == Shape::Store {
            return Verdict::NotExercised("its nodes follow no leader".to_owned());
        }
        let reigns = case.recorder.reigns();
        if let Some(first) = reigns.split_brains().first() {
            let SplitBrain { old, new, .. } = first;
            let sentence = format!(
                "{} (epoch {}) and {} (epoch {}) both accepted writes from {} to {}",
                old.node,
                old.epoch,
                new.node,
                new.epoch,
                number::clock(first.from),
                number::clock(first.to),
            );
            return Verdict::Broken(Witness {
                events: vec![new.first_answer, old.last_answer],
                operations: vec![new.last_op, old.last_op],
                sentence,
            });
        }
        if reigns.iter().next().is_none() {
            return Verdict::NotExercised("no write was accepted".to_owned());
        }
        Verdict::Holds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> SimTime {
        SimTime::from_millis(millis)
    }

    /// A request that a node read then; each instant has one event.
    fn taken(node: u8, at: u64) -> Taken {
        let event = EventId(u32::try_from(at).unwrap());
        Taken { at: ms(at), event, node: NodeId(node), attempt: 1 }
    }

    fn reigns(accepted: &[(u8, u32, u64)]) -> Reigns {
        let mut reigns = Reigns::default();
        for (answer, (node, epoch, at)) in (1..).zip(accepted) {
            reigns.accepted(taken(*node, *at), Epoch(*epoch), OpId(answer), EventId(answer));
        }
        reigns
    }

    #[test]
    fn leaders_that_follow_one_another_are_no_split_brain() {
        let calm = reigns(&[(0, 1, 10), (0, 1, 50), (1, 2, 90), (1, 2, 95), (0, 3, 100)]);
        assert_eq!(calm.split_brains(), vec![]);
    }

    #[test]
    fn the_window_reaches_from_the_later_beginning_to_the_earlier_end() {
        let torn = reigns(&[(0, 1, 10), (1, 2, 60), (0, 1, 80), (2, 3, 70), (1, 2, 200)]);
        let windows: Vec<_> = torn.split_brains().iter().map(|w| (w.from, w.to)).collect();
        assert_eq!(windows, vec![(ms(60), ms(80)), (ms(70), ms(70)), (ms(70), ms(70))]);
        assert_eq!(torn.split_brain_time(), Span::from_millis(20));
    }

    #[test]
    fn a_restart_interrupts_a_reign() {
        let mut trusted = reigns(&[(0, 1, 10), (0, 1, 50)]);
        trusted.interrupted(NodeId(0), EventId(60));
        trusted.accepted(taken(1, 90), Epoch(2), OpId(9), EventId(9));
        assert_eq!(trusted.split_brains(), vec![]);
        trusted.accepted(taken(0, 120), Epoch(1), OpId(10), EventId(10));
        trusted.accepted(taken(1, 130), Epoch(2), OpId(11), EventId(11));
        assert_eq!(trusted.split_brains().len(), 1);
    }

    #[test]
    fn what_was_taken_before_a_pause_and_answered_after_it_does_not_reach_over_the_pause() {
        let mut paused = reigns(&[(0, 1, 10)]);
        paused.interrupted(NodeId(0), EventId(60));
        paused.accepted(taken(1, 90), Epoch(2), OpId(9), EventId(200));
        paused.accepted(taken(0, 50), Epoch(1), OpId(8), EventId(210));
        assert_eq!(paused.split_brains(), vec![]);
    }
}
