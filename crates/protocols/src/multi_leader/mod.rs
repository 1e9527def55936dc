//! # Multi-leader replication
//!
//! **The problem.** With one leader every write crosses the world to reach it, and nobody writes
//! while it is away. An office, a data centre, a telephone in a tunnel shall go on by itself.
//!
//! **The idea.** Several leaders take writes, each for those near it. A leader puts a write on its
//! own disk, tells its client "saved", and passes it on to the others afterwards: each to each, around
//! a ring, or through one in the middle. Every update has a number of its leader's, so that a node
//! knows what it misses, asks for it, and ignores what comes round again. Two leaders may change
//! the same key at the same time: each version says what its writer had seen, so that such a
//! conflict is found, and a rule that every node applies alike brings all to the same end: the later
//! stamp wins; or all versions stay until a client merges them; or the data type merges them itself.
//!
//! **What it gives up.** There is no order of all writes: a reader sees the others' writes later, and
//! not in the order in which they were made, unless version vectors hold back what comes too early.
//! Where the last write wins, of two concurrent writes one is thrown away though its client was told
//! that it is saved, and the leader with the fastest clock wins most. A retry that another leader takes
//! becomes a second version. With an idempotency key it counts as the same write where versions are
//! kept or merged; where the last write wins it has a later stamp, and may bring back a value that was
//! replaced meanwhile. In a ring or a star the death of one node can stop what others have to say.
//!
//! **Sources.** Kleppmann, *Designing Data-Intensive Applications*, chapter 5; Terry et al., *Managing
//! Update Conflicts in Bayou, a Weakly Connected Replicated Storage System*, SOSP 1995; Saito and
//! Shapiro, *Optimistic Replication*, 2005; Parker et al., *Detection of Mutual Inconsistency in
//! Distributed Systems*, 1983; Shapiro et al., *A comprehensive study of Convergent and Commutative
//! Replicated Data Types*, 2011.
//!
//! A write has seen what its client was given last of the key, by a read or an acknowledgement; by
//! setting, what its leader holds of it (`parts::Context` names systems that do the one or the other).
//!
//! Where we depart: updates are kept for ever instead of being dropped when everybody has them.

mod applying;
mod boot;
mod causality;
mod controls;
mod exchange;
mod fields;
pub mod knobs;
mod message;
pub mod presets;
mod requests;
mod resolve;
#[cfg(test)]
mod step_tests;
mod topology;
mod updates;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

pub use message::Message;
pub use updates::Update;

use applying::Unapplied;
use boot::Sessions;
use engine::base::{ClientId, Digest, Epoch, Key, NodeId, NodeSet, Position, SimTime, Span};
use engine::protocol::client::Refusal;
use engine::protocol::facts::StoreFacts;
use engine::protocol::parts::{Ring, Store, VersionVector};
use engine::protocol::{
    Admin, Boot, Card, Command, Directions, Effects, FaultModel, FrameRef, Input, MessageFacts,
    NodeFacts, Outcome, Policy, Post, Promise, Protocol, RecordRef, Records, Request, RequestId,
    Role, Shape, TimerKind, TimerName,
};
use exchange::Given;
use knobs::Knobs;
use topology::Layout;
use updates::Updates;

/// One node of a multi-leader cluster.
#[derive(Clone, Debug)]
pub struct MultiLeader {
    me: NodeId,
    layout: Layout,
    knobs: Rc<Knobs>,
    // What readers see.
    store: Store,
    // Everything that was taken in.
    updates: Updates,
    // What was done for the newest writes of each session, so that a retry finds them.
    sessions: Sessions,
    // Taken in, and not shown yet.
    unapplied: Unapplied,
    // Updates that depend on something that is not here yet, and who sent them.
    waiting: Vec<(NodeId, Update)>,
    // What it had seen when it last asked each of the others for what it missed.
    asked: BTreeMap<NodeId, Rc<VersionVector>>,
    // When the latest message that came from each of the others was sent.
    heard: BTreeMap<NodeId, SimTime>,
    // When it last gave each of the others what that missed, or asked it to say again what it has.
    given: BTreeMap<NodeId, Given>,
    // Owed to others when the flush with this number is done. In the order of the numbers.
    owed: VecDeque<(u32, Owed)>,
    flushes: u32,
    // Of its own writes these are on its disk; only they are given to others.
    durable: u32,
    // Others have not given their data yet: it shows nothing to readers.
    copying: bool,
}

/// Timers of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next question for what was missed.
    Resync,
}

/// The number of a flush.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark(pub u32);

/// What is owed when something is durable.
#[derive(Clone, PartialEq, Debug)]
enum Owed {
    /// The client of a write its answer, and the other leaders the update.
    Publish { id: RequestId, update: Update },
    /// The client of a retry the answer that its first attempt had.
    Answer { id: RequestId, record: RecordRef },
    /// Nothing.
    Nothing,
}

impl scenario::Offered for MultiLeader {
    const KNOBS: &'static [scenario::knobs::Entry] = controls::KNOBS;
    const PRESETS: &'static [scenario::Preset] = presets::PRESETS;
}

impl Protocol for MultiLeader {
    const CARD: Card = Card {
        id: "multi-leader",
        title: "Multi-leader",
        sentence: "Several leaders take writes and tell each other afterwards; conflicts are resolved.",
        source: "Kleppmann, DDIA, chapter 5; Terry et al., SOSP 1995",
        data: Shape::Store,
        promises: &[
            (Promise::AcknowledgedWritesSurvive, FaultModel::Minority),
            (Promise::ReplicasConverge, FaultModel::Minority),
        ],
        service: false,
        red: ("Power off a leader", Post::Leader),
        adds: "Add a follower",
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
            Input::Timer(Timer::Resync) => self.on_resync_due(out),
            Input::Request(request) => self.on_request(now, request, out),
            Input::Flushed(Mark(number)) => self.on_flushed(now, number, out),
            // Updates do not wait for anybody: who is away asks when it is back.
            Input::PeerClosed(_) => {}
            Input::Applied(version) => self.on_applied(version, out),
            Input::Admin(Admin::Join(node)) => {
                self.layout.nodes = self.layout.nodes.max(node.0 + 1);
            }
            Input::Admin(Admin::CopyAfresh) => self.on_ordered_to_copy(out),
            // Who leads is a setting.
            Input::Admin(Admin::Promote) => {}
        }
    }

    fn first_asked(_: &Knobs, _: u8) -> Directions {
        Directions::all_to(NodeId(0))
    }

    /// Each client has a leader near it and stays with it.
    fn asked_by(knobs: &Knobs, nodes: u8, client: ClientId) -> Directions {
        let leaders = u16::from(knobs.leaders.clamp(1, nodes.max(1)));
        #[expect(clippy::cast_possible_truncation, reason = "below the number of leaders")]
        let near = (client.0 % leaders) as u8;
        Directions::all_to(NodeId(near))
    }

    fn repair_period(knobs: &Knobs) -> Span {
        knobs.resync.unwrap_or_default()
    }

    fn policy(knobs: &Knobs) -> Policy {
        Policy::Leaders(knobs.policy())
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        message.facts(records)
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
        all.extend(self.unapplied.records());
        all.extend(self.waiting.iter().map(|(_, update)| update.record));
        all
    }

    fn holdings_on_disk(knobs: &Knobs, disk: &[FrameRef], records: &Records) -> Vec<RecordRef> {
        boot::holdings(knobs, disk, records)
    }
}

impl TimerName for Timer {
    const COUNT: usize = 1;

    fn slot(self) -> usize {
        self as usize
    }

    fn from_slot(_: usize) -> Self {
        Self::Resync
    }

    fn kind(self) -> TimerKind {
        TimerKind::Resync
    }
}

impl MultiLeader {
    fn on_message(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: Message,
        out: &mut Effects<'_, Self>,
    ) {
        match message {
            Message::Updates { list, answers, more, sent } => {
                let heard = self.heard.entry(from).or_default();
                *heard = sent.max(*heard);
                self.on_updates(now, from, (&list, answers, more), out);
            }
            Message::Have { seen, copying, echo } => {
                self.on_have(now, from, (&seen, copying, echo), out);
            }
            Message::Forward { request } => self.on_request(now, request, out),
        }
    }

    fn on_request(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        match request.command {
            Command::Write { .. } => self.on_write(now, request, out),
            Command::Read { .. } => self.on_read(request, out),
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

    /// Does what is owed when everything written so far is durable.
    fn when_durable(&mut self, owed: Owed, out: &mut Effects<'_, Self>) {
        self.flushes += 1;
        self.owed.push_back((self.flushes, owed));
        out.flush(Mark(self.flushes));
    }

    /// A flush is done: so are all before it.
    fn on_flushed(&mut self, now: SimTime, number: u32, out: &mut Effects<'_, Self>) {
        while self.owed.front().is_some_and(|(waits, _)| *waits <= number) {
            let Some((_, owed)) = self.owed.pop_front() else { return };
            match owed {
                Owed::Publish { id, update } => self.publish(now, id, &update, out),
                Owed::Answer { id, record } => Self::answer_written(id, record, out),
                Owed::Nothing => {}
            }
        }
    }

    fn describe_node(&self) -> NodeFacts {
        let newest = self.store.all().into_iter().max();
        let last = newest.map_or(Position::ZERO, RecordRef::name);
        let leads = self.layout.leads(self.me);
        let role = match (self.copying, leads) {
            (true, _) => Role::CatchingUp,
            (false, true) => Role::Leader,
            (false, false) => Role::Follower,
        };
        NodeFacts {
            role,
            epoch: Epoch(0),
            leader: Some(self.layout.leader_of(self.me)),
            accepts_writes: leads,
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
                copies: self.layout.nodes,
                ring: Ring::new(self.layout.nodes, 1),
                hints: Vec::new(),
                unresponsive: NodeSet::default(),
                compared: None,
                unapplied: self.unapplied.count(),
                held_back: u32::try_from(self.waiting.len()).unwrap_or(u32::MAX),
            })),
        }
    }
}
