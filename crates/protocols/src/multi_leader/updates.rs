//! What a node has taken in: the updates of every leader by their number, so that it knows what it
//! misses and can give others what they miss.
//!
//! Nothing is ever dropped: whoever comes back after any time finds what it missed. Bayou (Terry
//! et al., 1995) and its relatives drop what everybody is known to have; a run is short enough.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use engine::base::{Chunked, NodeId, SimTime};
use engine::protocol::RecordRef;
use engine::protocol::parts::{Dot, VersionVector};

/// A write as leaders pass it on.
#[derive(Clone, PartialEq, Debug)]
pub struct Update {
    /// The version that it became.
    pub record: RecordRef,
    /// All that its leader had taken in before, of every key; empty where nobody asks for it.
    pub after: Rc<VersionVector>,
}

/// At most so many updates are sent at once.
pub const BATCH: usize = 64;

/// The updates of one leader.
#[derive(Clone, Default, Debug)]
struct Origin {
    // Number `index + 1`; `None`: not here yet.
    updates: Chunked<Option<Taken>>,
    // Everything up to this number is here.
    complete: u32,
}

/// An update that was taken in: when, and as the how-manieth of all.
#[derive(Clone, Debug)]
struct Taken {
    update: Update,
    at: SimTime,
    place: u32,
}

/// The updates of all leaders.
#[derive(Clone, Default, Debug)]
pub struct Updates {
    origins: BTreeMap<NodeId, Origin>,
    seen: VersionVector,
    count: u32,
}

impl Updates {
    /// Whether this update is here.
    #[must_use]
    pub fn has(&self, dot: Dot) -> bool {
        let Some(index) = (dot.counter as usize).checked_sub(1) else { return true };
        let origin = self.origins.get(&dot.node);
        origin.is_some_and(|origin| origin.updates.get(index).is_some_and(Option::is_some))
    }

    /// Of each leader, everything up to here is here.
    #[must_use]
    pub const fn seen(&self) -> &VersionVector {
        &self.seen
    }

    /// How many are here.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The highest number of a leader's updates.
    #[must_use]
    pub fn highest(&self, node: NodeId) -> u32 {
        let length = self.origins.get(&node).map_or(0, |origin| origin.updates.len());
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Takes an update in.
    pub fn insert(&mut self, dot: Dot, update: Update, at: SimTime) {
        let Dot { node, counter } = dot;
        let origin = self.origins.entry(node).or_default();
        while origin.updates.len() < counter as usize {
            origin.updates.push(None);
        }
        self.count += 1;
        let place = self.count;
        if let Some(known) = origin.updates.get_mut((counter as usize).saturating_sub(1)) {
            *known = Some(Taken { update, at, place });
        }
        while origin.updates.get(origin.complete as usize).is_some_and(Option::is_some) {
            origin.complete += 1;
        }
        self.seen.see(Dot { node, counter: origin.complete });
    }

    /// What somebody misses who has seen so much, of what was taken in by `before`: the first of
    /// it, in an order in which it can be taken in, and whether there is more. Of one leader's no
    /// more than so many.
    ///
    /// Of each leader's updates the first is surely missing there, the others perhaps not; and what
    /// depends on another cannot be taken in before it. The order in which they came here says
    /// neither: some came late, some a second time. If none of what is sent at once were of use, the
    /// same would be asked for and sent for ever.
    #[must_use]
    pub fn missing(
        &self,
        theirs: &VersionVector,
        before: SimTime,
        (one, most): (NodeId, u32),
    ) -> (Vec<Update>, bool) {
        let mut rows = Vec::new();
        for (node, origin) in &self.origins {
            let first = theirs.of(*node);
            let most = if *node == one { most } else { u32::MAX };
            let counted = (first + 1..=most).zip(origin.updates.iter_from(first as usize));
            let held = counted.filter_map(|(counter, taken)| Some((counter, taken.as_ref()?)));
            let row: VecDeque<_> =
                held.filter(|(_, taken)| taken.at <= before).take(BATCH + 1).collect();
            rows.push((*node, row));
        }
        let (mut seen, mut found) = (theirs.clone(), Vec::new());
        while let Some(index) = next_of(&rows, &seen).filter(|_| found.len() <= BATCH) {
            let (node, row) = &mut rows[index];
            let Some((counter, taken)) = row.pop_front() else { break };
            seen.see(Dot { node: *node, counter });
            found.push(taken.update.clone());
        }
        let more = found.len() > BATCH;
        found.truncate(BATCH);
        (found, more)
    }

    /// An own update goes out only now.
    pub fn goes_out(&mut self, dot: Dot, at: SimTime) {
        let index = (dot.counter as usize).saturating_sub(1);
        let origin = self.origins.get_mut(&dot.node);
        if let Some(Some(taken)) = origin.and_then(|origin| origin.updates.get_mut(index)) {
            taken.at = at;
        }
    }

    /// Every update, leader by leader.
    pub fn iter(&self) -> impl Iterator<Item = &Update> {
        let all = self.origins.values().flat_map(|origin| origin.updates.iter());
        all.flatten().map(|taken| &taken.update)
    }

    /// Forgets what others wrote.
    pub fn keep_own(&mut self, me: NodeId) {
        self.origins.retain(|node, _| *node == me);
        self.seen = VersionVector::default();
        if let Some(own) = self.origins.get(&me) {
            self.seen.see(Dot { node: me, counter: own.complete });
        }
    }
}

/// In which row the next update stands: one that can be taken in by somebody who has seen so much,
/// of those the one that came here first.
fn next_of(rows: &[(NodeId, VecDeque<(u32, &Taken)>)], seen: &VersionVector) -> Option<usize> {
    let heads = rows.iter().enumerate().filter_map(|(index, (_, row))| {
        let (_, taken) = row.front()?;
        let after = taken.update.after.entries();
        let early = after.iter().any(|(node, counter)| seen.of(*node) < *counter);
        Some((early, taken.place, index))
    });
    heads.min().map(|(_, _, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(number: u32) -> Update {
        Update { record: RecordRef(number), after: Rc::default() }
    }

    fn dot(node: u8, counter: u32) -> Dot {
        Dot { node: NodeId(node), counter }
    }

    #[test]
    fn what_came_early_is_here_and_what_is_seen_has_no_gaps() {
        let mut updates = Updates::default();
        let now = SimTime::from_millis(5);
        updates.insert(dot(0, 1), update(10), now);
        updates.insert(dot(0, 3), update(30), now);
        assert!(updates.has(dot(0, 3)) && !updates.has(dot(0, 2)) && !updates.has(dot(1, 1)));
        assert_eq!(updates.seen().entries(), [(NodeId(0), 1)]);
        updates.insert(dot(0, 2), update(20), now);
        assert_eq!(updates.seen().entries(), [(NodeId(0), 3)]);
    }

    #[test]
    fn what_came_late_is_given_before_what_followed_it() {
        let mut updates = Updates::default();
        let most = u32::try_from(BATCH).expect("few") + 2;
        let now = SimTime::from_millis(5);
        for counter in (1..=most).filter(|counter| *counter != 2).chain([2]) {
            updates.insert(dot(0, counter), update(counter), now);
        }
        let mut theirs = VersionVector::default();
        theirs.see(dot(0, 1));
        let (found, more) = updates.missing(&theirs, now, (NodeId(2), 0));
        let expected: Vec<Update> = (2..).take(BATCH).map(update).collect();
        assert_eq!((found, more), (expected, true));
    }

    #[test]
    fn what_something_depends_on_is_given_before_it() {
        let mut updates = Updates::default();
        let mut seen = VersionVector::default();
        seen.see(dot(1, 1));
        let effect = Update { record: RecordRef(10), after: Rc::new(seen) };
        updates.insert(dot(0, 1), effect.clone(), SimTime::ZERO);
        updates.insert(dot(1, 1), update(20), SimTime::ZERO);
        let nothing = VersionVector::default();
        let (found, _) = updates.missing(&nothing, SimTime::ZERO, (NodeId(2), 0));
        assert_eq!(found, [update(20), effect]);
    }

    #[test]
    fn the_missing_suffix_of_every_leader_is_found_but_not_what_is_still_on_its_way() {
        let mut updates = Updates::default();
        for (number, (node, counter)) in (0..).zip([(0, 1), (1, 1), (0, 2), (1, 2)]) {
            updates.insert(dot(node, counter), update(number), SimTime::from_millis(number.into()));
        }
        let mut theirs = VersionVector::default();
        theirs.see(dot(0, 1));
        let (found, more) = updates.missing(&theirs, SimTime::from_millis(2), (NodeId(2), 0));
        assert_eq!((found, more), (vec![update(1), update(2)], false));
        let durable = (NodeId(0), 1);
        let (found, _) = updates.missing(&theirs, SimTime::from_millis(9), durable);
        assert_eq!(found, [update(1), update(3)], "what is not durable is not given away");
    }
}
