//! Whether replicas come together once nobody writes and nothing is broken any more: watched while
//! the run goes on, so that what was found stays found.
//!
//! It looks at the nodes only when clients have been silent for half the settling time, and then
//! twice: a replica that got on in between is not done yet.

use std::collections::VecDeque;

use super::ledger::NodeSet;
use super::lineage::{self, Sample};
use super::milestones::Milestones;
use crate::base::{Digest, EventId, Key, NodeId, OpId, Position, SimTime, Span, sort, sort_by_key};
use crate::protocol::{RecordRef, Shape};
use crate::world::{Event, What, WorldView};

/// So long after the last write and the last fault, replicas that differ have failed to come
/// together; longer where nodes compare what they hold by themselves, by two rounds of that.
pub const SETTLE: Span = Span::from_millis(10_000);

/// To find out that silent nodes differ it takes so many looks: when they may, twice, and once more.
const LOOKS: u32 = 4;

/// How soon is looked again while something is under way.
const AGAIN: Span = Span::from_millis(1_000);

/// Two replicas that hold different data.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// One, and how far it has applied a log.
    pub one: (NodeId, Position),
    /// The other.
    pub other: (NodeId, Position),
    /// Where data are versions per key: the first key that they differ in, and whose writes.
    pub key: Option<(Key, Vec<OpId>)>,
}

/// Replicas differed when they should not have any more.
#[derive(Clone, PartialEq, Debug)]
pub struct Unequal {
    /// When.
    pub at: SimTime,
    /// The last thing that happened to nodes and links before.
    pub event: EventId,
    /// Which.
    pub difference: Difference,
    /// How long nobody had written.
    pub silent: Span,
    /// How long nothing had been broken, mended or ordered, if anything ever was.
    pub whole: Option<Span>,
}

/// What is watched.
#[derive(Clone, Debug)]
pub struct Settling {
    // Messages that carry data, sent and neither arrived nor lost, by their sending, in order.
    in_flight: VecDeque<EventId>,
    wrote: SimTime,
    due: SimTime,
    // What the replicas held when it was last looked, and since when.
    seen: Option<(SimTime, u64)>,
    unequal: Option<Box<Unequal>>,
}

impl Default for Settling {
    fn default() -> Self {
        let (wrote, due) = (SimTime::ZERO, SimTime::NEVER);
        Self { in_flight: VecDeque::new(), wrote, due, seen: None, unequal: None }
    }
}

impl Settling {
    /// A write was asked for, sent again or answered.
    #[inline]
    pub fn wrote(&mut self, at: SimTime) {
        (self.wrote, self.due) = (at, at + AGAIN);
    }

    /// A message that carries data was sent, or it arrived or was lost.
    #[inline]
    pub fn moves(&mut self, moved: Moved) {
        match moved {
            Moved::Sent(event) => self.in_flight.push_back(event),
            // A link may deliver twice what was sent once: the first time counts.
            Moved::Ended(sent) => {
                if let Ok(place) = self.in_flight.binary_search(&sent) {
                    self.in_flight.remove(place);
                }
            }
        }
    }

    /// Whether it is time to look.
    #[must_use]
    #[inline]
    pub fn is_due(&self, at: SimTime) -> bool {
        at >= self.due
    }

    /// Looks at the nodes as often as was due until `now`. Nothing has happened since, so they are
    /// what they were then: to be called before anything is made of what happens now.
    pub fn catch_up(
        &mut self,
        now: SimTime,
        event: EventId,
        world: &WorldView<'_>,
        milestones: &Milestones,
    ) {
        for _ in 0..LOOKS {
            if !self.is_due(now) {
                return;
            }
            self.look(self.due, event, world, milestones);
        }
        // Without anything that happens it stays as it was found.
        self.due = self.due.max(now + AGAIN);
    }

    fn look(
        &mut self,
        at: SimTime,
        event: EventId,
        world: &WorldView<'_>,
        milestones: &Milestones,
    ) {
        let settle = settle(world);
        let half = Span::from_micros(settle.micros() / 2);
        let quiet_from = self.wrote.max(milestones.last_trouble().unwrap_or(SimTime::ZERO));
        self.due = at + AGAIN;
        if self.unequal.is_some() {
            self.due = SimTime::NEVER;
            return;
        }
        if at < quiet_from + half {
            (self.due, self.seen) = (quiet_from + half, None);
            return;
        }
        let nodes = lineage::sample(world);
        let found = difference(&nodes, world);
        let Some(difference) =
            found.filter(|_| under_way(self, &nodes, world, milestones).is_none())
        else {
            self.seen = None;
            return;
        };
        let held = digest(&nodes, world);
        let since = self.seen.filter(|(_, known)| *known == held).map_or(at, |(since, _)| since);
        self.seen = Some((since, held));
        let judged = (quiet_from + settle).max(since + half);
        if at < judged {
            self.due = judged;
            return;
        }
        self.unequal = Some(Box::new(Unequal {
            at,
            event: milestones.iter().next_back().map_or(event, |event| event.id),
            difference,
            silent: at.since(self.wrote),
            whole: milestones.last_trouble().map(|trouble| at.since(trouble)),
        }));
    }

    /// What was found, if anything ever was.
    #[must_use]
    pub fn unequal(&self) -> Option<&Unequal> {
        self.unequal.as_deref()
    }

    /// When a client last wrote, as far as anything was heard of it.
    #[must_use]
    pub const fn last_write(&self) -> SimTime {
        self.wrote
    }
}

/// What became of a message that carries data, with the event of its sending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moved {
    /// It was sent.
    Sent(EventId),
    /// It arrived, perhaps not for the first time, or was lost.
    Ended(EventId),
}

/// What an event tells of a message that carries data.
#[must_use]
#[inline]
pub const fn carried(event: &Event) -> Option<Moved> {
    match &event.what {
        What::Sent { message, .. } if message.kind.carries_data() => Some(Moved::Sent(event.id)),
        What::Delivered { message, .. } | What::Lost { message, .. }
            if message.kind.carries_data() =>
        {
            Some(Moved::Ended(event.cause))
        }
        _ => None,
    }
}

/// How long replicas have to come together.
#[must_use]
pub fn settle(world: &WorldView<'_>) -> Span {
    // A node compares with one other at a time.
    SETTLE + world.nodes.repair_period().times(2 * u64::from(world.nodes.count()) + 2)
}

/// Why the replicas cannot be judged: something is broken or still under way, as a clause.
#[must_use]
pub fn under_way(
    settling: &Settling,
    nodes: &[Sample],
    world: &WorldView<'_>,
    milestones: &Milestones,
) -> Option<String> {
    let down = milestones.down();
    if !down.is_empty() {
        return Some(format!("{} not running", down.names("and")));
    }
    if !milestones.paused().is_empty() {
        return Some(format!("{} paused", milestones.paused().names("and")));
    }
    if let Some((from, to)) = milestones.cut_links().first() {
        return Some(format!("the link from {from} to {to} is cut"));
    }
    if !settling.in_flight.is_empty() {
        return Some("data are still on their way between nodes".to_owned());
    }
    let mut flushing = NodeSet::default();
    (0..world.nodes.count()).map(NodeId).filter(|n| world.nodes.flushing(*n)).for_each(|node| {
        flushing.insert(node);
    });
    if !flushing.is_empty() {
        return Some(format!("{} still writing to disk", flushing.names("and")));
    }
    let paused = milestones.applying_paused();
    if !paused.is_empty() {
        return Some(format!("{} applying nothing", paused.names("and")));
    }
    nodes.iter().find_map(|sample| {
        let facts = &sample.facts;
        if let Some(store) = &facts.store {
            let waiting = store.unapplied;
            return (waiting > 0)
                .then(|| format!("{} has {waiting} versions to apply", sample.node));
        }
        let (applied, last) = (facts.applied, facts.last);
        (applied < facts.committed.min(last)).then(|| {
            format!("{} has applied {applied} of the {last} records that it received", sample.node)
        })
    })
}

/// Two replicas that hold different data.
#[must_use]
pub fn difference(nodes: &[Sample], world: &WorldView<'_>) -> Option<Difference> {
    if world.shape == Shape::Store {
        return in_versions(nodes, world);
    }
    let state = |node: &Sample| world.nodes.state_digest(node.node);
    let replicas = || nodes.iter().filter(|node| node.facts.role.is_replica());
    let first =
        replicas().max_by_key(|node| (node.facts.applied, core::cmp::Reverse(node.node)))?;
    let held = state(first);
    let other = replicas().find(|node| state(node) != held)?;
    let of = |node: &Sample| (node.node, node.facts.applied);
    Some(Difference { one: of(other), other: of(first), key: None })
}

/// Where data are versions per key, all nodes that shall hold a key must hold the same values of it;
/// whether one remembers a deletion that another has forgotten makes no difference to anybody.
fn in_versions(nodes: &[Sample], world: &WorldView<'_>) -> Option<Difference> {
    let held = |node: NodeId, key: Key| {
        let mut held = world.nodes.stored(node, key);
        held.retain(|at| world.records.version(*at).is_some_and(|version| !version.deleted));
        sort(&mut held);
        held
    };
    keys(nodes, world).into_iter().find_map(|key| {
        let shall = |sample: &&Sample| {
            let store = sample.facts.store.as_ref();
            store.is_some_and(|s| s.ring.preference(key, s.copies).contains(&sample.node))
        };
        let mut holders = nodes.iter().filter(shall).map(|sample| sample.node);
        let first = holders.next()?;
        let mine = held(first, key);
        let other = holders.find(|node| held(*node, key) != mine)?;
        let theirs = held(other, key);
        let writes = mine.iter().chain(&theirs).filter_map(|at| world.records.get(*at));
        let writes = writes.map(|record| record.op).collect();
        let at = |node| (node, Position::ZERO);
        Some(Difference { one: at(first), other: at(other), key: Some((key, writes)) })
    })
}

/// Every key of which a running node holds something.
fn keys(nodes: &[Sample], world: &WorldView<'_>) -> Vec<Key> {
    let held = nodes.iter().flat_map(|node| world.nodes.holdings(node.node, world.records));
    let mut keys: Vec<Key> =
        held.filter_map(|at| world.records.get(at)).map(|record| record.key).collect();
    sort(&mut keys);
    keys.dedup();
    keys
}

/// What all nodes hold, as one number: it stays the same while none of them gets on.
fn digest(nodes: &[Sample], world: &WorldView<'_>) -> u64 {
    let mut digest = Digest::default();
    for node in nodes {
        let NodeId(number) = node.node;
        digest.fold(u64::from(number));
        digest.fold(u64::from(node.facts.last.0) << 32 | u64::from(node.facts.applied.0));
        digest.fold(world.nodes.state_digest(node.node).unwrap_or_default());
        let mut held: Vec<RecordRef> = world.nodes.holdings(node.node, world.records);
        sort_by_key(&mut held, |at| *at);
        held.iter().for_each(|RecordRef(at)| digest.fold(u64::from(*at)));
    }
    digest.value()
}
