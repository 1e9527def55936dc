//! # Leaderless replication
//!
//! **The problem.** A leader is a bottleneck and a single point of waiting: while it is dead or cut
//! off, nobody writes. A shopping cart shall take an item whatever happens.
//!
//! **The idea.** Every key is held by N nodes, the first N on a ring of keys. Any node can coordinate
//! a client's operation: it sends a write to all N and answers when W have it on disk; it asks all
//! N for a read and answers when R have told what they hold. With R + W > N the two sets share a
//! node. Versions carry what their writers had seen, so that concurrent writes are told from later
//! ones: both are kept as siblings, or the later stamp wins. Three mechanisms bring replicas
//! together again: reads repair those that answer with less; a version for a node that does not
//! answer is kept by another and handed over later (hinted handoff); and pairs of nodes compare
//! hash trees and exchange what differs (anti-entropy).
//!
//! **What it gives up.** There is no order of all writes. R + W > N is not linearizable: a write
//! that reaches one replica before the others can be read by one client and then missed by the
//! next; a write that failed for want of W confirmations stays where it was stored and may come
//! back; a sloppy quorum counts nodes that no read will ask. Where the last write wins, a wrong
//! clock silently throws acknowledged writes away.
//!
//! **Sources.** DeCandia et al., *Dynamo: Amazon's Highly Available Key-value Store*, SOSP 2007;
//! Bailis et al., *Probabilistically Bounded Staleness for Practical Partial Quorums*, VLDB 2012
//! (the four legs); Kleppmann, *Designing Data-Intensive Applications*, chapter 5; the manuals of
//! Apache Cassandra (blocking read repair, tombstones and their grace) and Riak.
//!
//! A write has seen what its client was given last of the key (section 4.4, the context of `put`); by
//! setting, what its coordinator holds of it.
//!
//! The coordinator of a write holds the key itself, stores the version first and sends it then
//! (section 4.5 of DeCandia et al.): a count that it gave away is never given to another write,
//! whatever its disk forgets.

mod anti_entropy;
mod applying;
mod boot;
mod calls;
mod controls;
mod fields;
mod get;
mod handoff;
pub mod knobs;
mod message;
#[cfg(test)]
mod paper_tests;
pub mod presets;
mod put;
mod replica;
#[cfg(test)]
mod step_tests;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

pub use message::Message;

use applying::Unapplied;
use boot::Sessions;
use calls::Calls;
use engine::base::{Delay, Digest, Epoch, Key, NodeId, NodeSet, Position, SimTime, Span};
use engine::protocol::client::Refusal;
use engine::protocol::facts::{Comparison, StoreFacts};
use engine::protocol::parts::{Ring, Store};
use engine::protocol::{
    Admin, Boot, Card, Command, Directions, Effects, FaultModel, FrameRef, Input, MessageFacts,
    NodeFacts, Note, Outcome, Policy, Post, Promise, Protocol, RecordRef, Records, Request, Role,
    Shape, TimerKind, TimerName,
};
use handoff::{Handing, Hint};
use knobs::{Knobs, Legs};
use replica::Owed;

/// One node of a leaderless cluster.
#[derive(Clone, Debug)]
pub struct Leaderless {
    me: NodeId,
    nodes: u8,
    knobs: Rc<Knobs>,
    ring: Ring,
    store: Store,
    // Written down, and not shown yet.
    unapplied: Unapplied,
    // The last count that this node gave to a write.
    counter: u32,
    // What was done for the newest writes of each session, so that a retry finds them.
    sessions: Sessions,
    // Operations that this node coordinates.
    calls: Calls,
    // Owed to others when the flush with this number is done. In the order of the numbers.
    owed: VecDeque<(u32, Owed)>,
    flushes: u32,
    // Versions kept for nodes that did not answer.
    hints: Vec<Hint>,
    // Nodes that do not answer, as far as this one knows.
    unresponsive: NodeSet,
    // A node that has lost or never had its data answers no reads until these have given it theirs.
    fetching: NodeSet,
    // Whom it compared its data with last, and what was found.
    last_peer: NodeId,
    compared: Option<Rc<Comparison>>,
    // Versions that are being handed over to nodes.
    handing: BTreeMap<NodeId, Handing>,
    // Disk extents written since the last rewriting of the journal began.
    extents: u32,
    rewriting: bool,
}

/// Timers of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Some replica was silent for too long.
    Patience,
    /// The next comparison with another node.
    Compare,
    /// The next knock at nodes that do not answer.
    Knock,
    /// The next look for old tombstones.
    Sweep,
}

/// What a flush is remembered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Its number.
    Flush(u32),
    /// The journal was written anew; what stands in front of it may go.
    Rewritten,
}

/// How often a node knocks at nodes that do not answer.
const KNOCK_EVERY: Span = Span::from_millis(500);

impl scenario::Offered for Leaderless {
    const KNOBS: &'static [scenario::knobs::Entry] = controls::KNOBS;
    const PRESETS: &'static [scenario::Preset] = presets::PRESETS;
}

impl Protocol for Leaderless {
    const CARD: Card = Card {
        id: "leaderless",
        title: "Leaderless",
        sentence: "Any node takes a write; W of N must have it, R of N are asked for a read.",
        source: "DeCandia et al., SOSP 2007",
        data: Shape::Store,
        promises: &[
            (Promise::AcknowledgedWritesSurvive, FaultModel::Minority),
            (Promise::ReplicasConverge, FaultModel::Minority),
        ],
        service: false,
        red: ("Crash n1", Post::Leader),
        adds: "Add a node",
        promotes: false,
    };
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        boot::start(boot, out)
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        match input {
            Input::Message { from, message } => self.on_message(now, from, message, out),
            Input::Timer(Timer::Patience) => self.on_patience_over(now, out),
            Input::Timer(Timer::Compare) => self.on_compare_due(now, out),
            Input::Timer(Timer::Knock) => self.on_knock_due(now, out),
            Input::Timer(Timer::Sweep) => self.on_sweep_due(out),
            Input::Request(request) => self.on_request(now, request, out),
            Input::Flushed(Mark::Flush(number)) => self.on_flushed(now, number, out),
            Input::Flushed(Mark::Rewritten) => self.on_rewritten(out),
            Input::Applied(version) => self.on_applied(version, out),
            Input::PeerClosed(peer) => self.does_not_answer(peer, out),
            Input::Admin(Admin::Join(node)) => self.on_join(node),
            Input::Admin(Admin::CopyAfresh) => self.on_ordered_to_copy(out),
            // There is nobody to promote.
            Input::Admin(Admin::Promote) => {}
        }
    }

    fn first_asked(_: &Knobs, _: u8) -> Directions {
        Directions::ANYWHERE
    }

    fn repair_period(knobs: &Knobs) -> Span {
        knobs.anti_entropy.unwrap_or_default()
    }

    fn policy(knobs: &Knobs) -> Policy {
        Policy::Quorums(knobs.policy())
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        message.facts(records)
    }

    fn delay<'a>(
        knobs: &'a Knobs,
        from: NodeId,
        to: NodeId,
        message: &Message,
    ) -> Option<(&'a Delay, Span)> {
        let legs = knobs.legs.as_ref()?;
        let delay = match message {
            Message::Put { .. } => Legs::of(&legs.write, to),
            Message::Stored { .. } => Legs::of(&legs.ack, from),
            Message::Get { .. } => Legs::of(&legs.read, to),
            Message::Versions { .. } => Legs::of(&legs.response, from),
            _ => None,
        }?;
        Some((delay, if from == to { Span::ZERO } else { legs.remote }))
    }

    fn facts(&self) -> NodeFacts {
        self.describe_node()
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        let record = RecordRef::named(position);
        self.store.all().contains(&record).then_some(record)
    }

    fn state_digest(&self) -> u64 {
        let mut digest = Digest::default();
        for (key, siblings) in self.store.iter() {
            digest.fold(u64::from(key.0));
            siblings.as_slice().iter().for_each(|record| digest.fold(u64::from(record.0)));
        }
        digest.value()
    }

    fn stored(&self, key: Key) -> Vec<RecordRef> {
        self.store.get(key).as_slice().to_vec()
    }

    fn holdings(&self) -> Vec<RecordRef> {
        let mut all = self.store.all();
        all.extend(self.unapplied());
        all.extend(self.hints.iter().map(|hint| hint.record));
        all
    }

    fn holdings_on_disk(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
        boot::holdings(knobs, disk, records)
    }
}

impl TimerName for Timer {
    const COUNT: usize = 4;

    fn slot(self) -> usize {
        self as usize
    }

    fn from_slot(slot: usize) -> Self {
        [Self::Patience, Self::Compare, Self::Knock, Self::Sweep][slot]
    }

    fn kind(self) -> TimerKind {
        match self {
            Self::Patience => TimerKind::Patience,
            Self::Compare => TimerKind::Compare,
            Self::Knock => TimerKind::Knock,
            Self::Sweep => TimerKind::Sweep,
        }
    }
}

impl Leaderless {
    fn on_message(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: Message,
        out: &mut Effects<'_, Self>,
    ) {
        self.answers(now, from, out);
        match message {
            Message::Put { call, key, versions } => {
                self.on_put(now, from, call, key, &versions, out)
            }
            Message::Hint { call, owner, key, versions } => {
                self.on_hint(now, (from, call), owner, key, &versions, out);
            }
            Message::Stored { call } => self.on_stored(from, call, out),
            Message::Get { call, key } => self.on_get(from, call, key, out),
            Message::Versions { call, versions, .. } => {
                self.on_versions(now, from, call, &versions, out);
            }
            Message::Repair { call, key, versions } => {
                self.on_put(now, from, call, key, &versions, out);
            }
            Message::HandOff { versions } => self.on_hand_off(from, versions, out),
            Message::HandedOff { versions } => self.on_handed_off(now, from, &versions, out),
            Message::Forward { request } => self.on_request(now, request, out),
            Message::Knock => out.send(from, Message::Here),
            Message::Here => {}
            Message::Hashes { hashes } => self.on_hashes(now, from, &hashes, out),
            Message::Exchange { leaves, versions, answer } => {
                self.on_exchange(from, &leaves, &versions, answer, out);
            }
            Message::Fetch => self.on_fetch(from, out),
            Message::Fetched { versions } => self.on_fetched(from, &versions, out),
        }
    }

    fn on_request(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        match request.command {
            Command::Write { .. } => self.on_write(now, request, out),
            Command::Read { .. } => self.on_read(now, request, out),
            Command::Transfer { .. } => {
                let refused = Outcome::Unavailable { why: Refusal::TwoKeys, epoch: Epoch(0) };
                out.reply(request.id, refused);
            }
            Command::Swap { .. } => {
                let refused = Outcome::Unavailable { why: Refusal::NoCondition, epoch: Epoch(0) };
                out.reply(request.id, refused);
            }
        }
    }

    /// The nodes that shall hold a key.
    fn preference(&self, key: Key) -> Vec<NodeId> {
        self.ring.preference(key, self.knobs.n)
    }

    fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        (0..self.nodes).map(NodeId).filter(move |node| *node != me)
    }

    /// Whether the coordinator reaches the replica on its own node over a leg of its own.
    fn apart(&self) -> bool {
        self.knobs.legs.is_some()
    }

    fn on_join(&mut self, node: NodeId) {
        self.nodes = self.nodes.max(node.0 + 1);
        self.ring = Ring::new(self.nodes, self.knobs.points);
    }

    fn describe_node(&self) -> NodeFacts {
        let newest = self.store.all().into_iter().max();
        let last = newest.map_or(Position::ZERO, RecordRef::name);
        NodeFacts {
            role: if self.fetching.is_empty() { Role::Replica } else { Role::CatchingUp },
            epoch: Epoch(0),
            leader: None,
            accepts_writes: true,
            authority: false,
            row: Vec::new(),
            base: Position::ZERO,
            last,
            flushed: last,
            committed: Position::ZERO,
            applied: last,
            snapshot: None,
            followers: Vec::new(),
            waiting: None,
            degraded: false,
            suspects_since: None,
            accrual: None,
            pages: None,
            accounts: None,
            applies_first: 0,
            store: Some(Box::new(StoreFacts {
                conflicts: self.store.conflicts(),
                copies: self.knobs.n.min(self.nodes),
                ring: self.ring.clone(),
                hints: self.hints.iter().map(|hint| (hint.owner, hint.record)).collect(),
                unresponsive: self.unresponsive,
                compared: self.compared.clone(),
                unapplied: self.unapplied.count(),
                held_back: 0,
            })),
        }
    }

    fn note(out: &mut Effects<'_, Self>, note: Note) {
        out.note(note);
    }
}
