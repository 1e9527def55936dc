//! A machine of the cluster: its process, disk, timers, and what waits in its socket.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::base::random::StreamName;
use crate::base::{EventId, Key, NodeId, Position, SimTime, Span, Stream};
use crate::protocol::facts::Extent;
use crate::protocol::{NodeFacts, Protocol, RecordRef, Records, TimerKind, TimerName};

use super::applier::Applier;
use super::clock::Clock;
use super::disk::Disk;
use super::pending::Pending;
use super::queue::Moment;
use super::watch::{NodeStatus, Nodes};

/// One machine.
#[derive(Clone, Debug)]
pub struct Node<P: Protocol> {
    /// The process; `None` while it does not run.
    pub process: Option<P>,
    /// Whether it runs.
    pub status: NodeStatus,
    /// Whether its process took the cluster's writes after its last step.
    pub leads: bool,
    /// How often the process was started: what was meant for an earlier one does not reach it.
    pub incarnation: u32,
    /// Its disk.
    pub disk: Disk<P::Mark>,
    /// Draws within timer ranges.
    pub stream: Stream,
    /// What arrived while the process was paused, in order.
    pub inbox: VecDeque<Pending<P>>,
    /// Its one processor is busy until then.
    pub busy_until: SimTime,
    /// Its disk's end was torn by the last power outage.
    pub torn: bool,
    /// The writes of each client that its process was asked for and has taken, or will.
    pub asked: Vec<Asked>,
    /// What it takes for the time.
    pub clock: Clock,
    /// Makes what was received visible.
    pub applier: Applier,
    /// How far its data were applied when its process ended.
    pub applied: Position,
    /// Nodes that joined while the process was paused; it is told when it goes on.
    pub joins: Vec<NodeId>,
    timers: Vec<Timer>,
    soonest: Moment,
}

/// A timer of a node.
#[derive(Clone, Copy, Debug)]
struct Timer {
    fires: Moment,
    armed_at: SimTime,
    armed_by: EventId,
}

const DISARMED: Timer =
    Timer { fires: Moment::NEVER, armed_at: SimTime::ZERO, armed_by: EventId::NONE };

/// A countdown that a reader can watch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Countdown {
    /// What it is for.
    pub kind: TimerKind,
    /// When it was armed.
    pub armed: SimTime,
    /// When it fires.
    pub fires: SimTime,
}

/// The latest writes of a client that a process was asked for: one that comes again costs it nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct Asked {
    // The highest number, and the 64 up to it, one bit each; the lowest bit is the highest number.
    highest: u32,
    latest: u64,
}

impl Asked {
    /// Takes note of a number. Returns whether it was there already.
    pub fn again(&mut self, number: u32) -> bool {
        if number > self.highest {
            let ahead = number - self.highest;
            self.latest = self.latest.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = number;
            return false;
        }
        let bit = 1_u64.checked_shl(self.highest - number).unwrap_or(0);
        let again = self.latest & bit != 0;
        self.latest |= bit;
        again
    }
}

impl<P: Protocol> Node<P> {
    /// A machine without a process.
    #[must_use]
    pub fn new(seed: u64, node: NodeId, clock: Clock, applier: Applier) -> Self {
        Self {
            process: None,
            leads: false,
            status: NodeStatus::Crashed,
            incarnation: 0,
            disk: Disk::new(seed, node),
            stream: Stream::new(seed, StreamName::Timers(node.0)),
            inbox: VecDeque::new(),
            busy_until: SimTime::ZERO,
            torn: false,
            asked: Vec::new(),
            clock,
            applier,
            applied: Position::ZERO,
            joins: Vec::new(),
            timers: vec![DISARMED; P::Timer::COUNT],
            soonest: Moment::NEVER,
        }
    }

    /// Whether it takes inputs now.
    #[inline]
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.status == NodeStatus::Up
    }

    /// (Re)arms a timer.
    #[inline]
    pub fn arm(&mut self, timer: P::Timer, fires: Moment, armed_at: SimTime, armed_by: EventId) {
        let slot = timer.slot();
        let was = std::mem::replace(&mut self.timers[slot], Timer { fires, armed_at, armed_by });
        if fires < self.soonest {
            self.soonest = fires;
        } else if was.fires == self.soonest {
            self.find_soonest();
        }
    }

    /// Disarms a timer.
    pub fn disarm(&mut self, timer: P::Timer) {
        self.timers[timer.slot()] = DISARMED;
        self.find_soonest();
    }

    /// Disarms all.
    pub fn disarm_all(&mut self) {
        self.timers.fill(DISARMED);
        self.soonest = Moment::NEVER;
    }

    /// When the next timer fires. Those of a paused process fire when it goes on.
    #[inline]
    #[must_use]
    pub fn soonest(&self) -> Moment {
        if self.is_up() { self.soonest } else { Moment::NEVER }
    }

    /// Takes the timer that fires next, with the event that armed it.
    pub fn fire(&mut self) -> Option<(P::Timer, EventId)> {
        let slot = self.timers.iter().position(|timer| timer.fires == self.soonest)?;
        let armed_by = std::mem::replace(&mut self.timers[slot], DISARMED).armed_by;
        self.find_soonest();
        Some((P::Timer::from_slot(slot), armed_by))
    }

    /// Timers that fell due before `late` fire then, in the order of their moments' slots.
    pub fn postpone_due(&mut self, late: Moment) {
        for timer in self.timers.iter_mut().filter(|timer| timer.fires < late) {
            timer.fires = late;
        }
        self.find_soonest();
    }

    fn find_soonest(&mut self) {
        self.soonest = self.timers.iter().map(|timer| timer.fires).min().unwrap_or(Moment::NEVER);
    }

    /// The running countdowns.
    pub fn countdowns(&self) -> impl Iterator<Item = Countdown> + '_ {
        let running = self.timers.iter().enumerate().filter(|(_, t)| t.fires != Moment::NEVER);
        running.map(|(slot, timer)| Countdown {
            kind: P::Timer::from_slot(slot).kind(),
            armed: timer.armed_at,
            fires: timer.fires.time(),
        })
    }
}

/// All machines.
#[derive(Clone, Debug)]
pub struct Cluster<P: Protocol> {
    /// In order of their names.
    pub nodes: Vec<Node<P>>,
    // Which node's timer fires next, and when: asked before everything that happens, and seldom
    // another.
    next: (Moment, NodeId),
    // What a disk means depends on the settings.
    knobs: Rc<P::Knobs>,
}

impl<P: Protocol> Cluster<P> {
    /// These machines.
    #[must_use]
    pub fn new(nodes: Vec<Node<P>>, knobs: Rc<P::Knobs>) -> Self {
        Self { nodes, next: (Moment::NEVER, NodeId(0)), knobs }
    }

    /// One more machine.
    pub fn push(&mut self, node: Node<P>) {
        self.nodes.push(node);
    }

    /// Which node's timer fires next, and when.
    #[inline]
    #[must_use]
    pub fn next_timer(&self) -> (Moment, NodeId) {
        self.next
    }

    /// A node's timers or its status changed.
    pub fn timers_changed(&mut self, node: NodeId) {
        let soonest = self.nodes[node.index()].soonest();
        if soonest < self.next.0 {
            self.next = (soonest, node);
        } else if node == self.next.1 {
            let all = (0_u8..).map(NodeId).zip(self.nodes.iter().map(Node::soonest));
            let later = |a: &(NodeId, Moment), b: &(NodeId, Moment)| a.1.cmp(&b.1);
            self.next = all.min_by(later).map_or(self.next, |(node, moment)| (moment, node));
        }
    }

    /// The machine of a node.
    #[inline]
    #[must_use]
    pub fn node(&self, node: NodeId) -> &Node<P> {
        &self.nodes[node.index()]
    }

    /// The machine of a node, to be changed.
    #[inline]
    pub fn node_mut(&mut self, node: NodeId) -> &mut Node<P> {
        &mut self.nodes[node.index()]
    }

    /// All names.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<P> {
        (0..Nodes::count(self)).map(NodeId)
    }
}

impl<P: Protocol> Nodes for Cluster<P> {
    fn count(&self) -> u8 {
        u8::try_from(self.nodes.len()).unwrap_or(u8::MAX)
    }

    fn status(&self, node: NodeId) -> NodeStatus {
        self.nodes.get(node.index()).map_or(NodeStatus::PoweredOff, |node| node.status)
    }

    fn facts(&self, node: NodeId) -> Option<NodeFacts> {
        let node = self.nodes.get(node.index())?;
        let facts = node.process.as_ref()?.facts();
        let clock = node.clock;
        Some(if clock.drifts() {
            facts.retimed(|at| clock.instant(at), |micros| clock.really(micros))
        } else {
            facts
        })
    }

    fn extent(&self, node: NodeId) -> Option<Extent> {
        Some(self.nodes.get(node.index())?.process.as_ref()?.extent())
    }

    fn record_at(&self, node: NodeId, position: Position) -> Option<RecordRef> {
        self.nodes.get(node.index())?.process.as_ref()?.record_at(position)
    }

    fn state_digest(&self, node: NodeId) -> Option<u64> {
        Some(self.nodes.get(node.index())?.process.as_ref()?.state_digest())
    }

    fn stored(&self, node: NodeId, key: Key) -> Vec<RecordRef> {
        let process = self.nodes.get(node.index()).and_then(|node| node.process.as_ref());
        process.map_or_else(Vec::new, |process| process.stored(key))
    }

    fn holdings(&self, node: NodeId, records: &Records) -> Vec<RecordRef> {
        let Some(node) = self.nodes.get(node.index()) else { return Vec::new() };
        match &node.process {
            Some(process) => process.holdings(),
            None => P::holdings_on_disk(&self.knobs, &node.disk.extents(), records),
        }
    }

    fn flushing(&self, node: NodeId) -> bool {
        self.nodes.get(node.index()).is_some_and(|node| node.disk.is_flushing())
    }

    fn repair_period(&self) -> Span {
        P::repair_period(&self.knobs)
    }

    fn clock_wrong_by(&self, node: NodeId, now: SimTime) -> i64 {
        self.nodes.get(node.index()).map_or(0, |node| node.clock.wrong_by(now))
    }
}
