//! Clients: whom they believe in, what they wait for, when they ask again.
//!
//! Their choices come from their own streams, so that the k-th wish of a client is the same under
//! every configuration. The world carries their requests; see `talk`.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::base::random::StreamName;
use crate::base::{
    Chunked, ClientId, Epoch, EventId, Key, NodeId, OpId, Position, SimTime, Span, Stream,
};
use crate::protocol::{Command, Directions, Outcome};

use super::queue::Moment;
use super::setup::{ClientSetup, Pace, Probe, ReadFrom, Session, Workload};

/// A transfer moves at most so much.
const MOST_MOVED: u64 = 40;

/// One client session.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its group in the setup.
    pub group: u16,
    /// Its wishes.
    pub stream: Stream,
    /// Delays to and from each node.
    pub ways: Vec<Stream>,
    /// Whom it asks.
    pub asks: Directions,
    /// The highest epoch that it has heard of.
    pub epoch: Epoch,
    /// Operations begun.
    pub number: u32,
    /// What it was told last, for its face.
    pub told: Option<Told>,
    /// The node that it stays with for reads, if it does.
    pub home: Option<NodeId>,
    /// How far it has seen.
    pub seen: Position,
    /// The keys that it has written, in order, if that matters to it.
    pub written: Rc<Vec<Key>>,
    /// Whether its group's time is over, and it asks for nothing more.
    pub over: bool,
    /// What it was given last of each key, by name, where data are versions per key.
    pub given: Rc<BTreeMap<Key, Position>>,
    /// The compare-and-set that it is about, if its operations are such.
    pub comparing: Comparing,
}

/// How far a client is with a compare-and-set: it reads the key first.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Comparing {
    /// It has not begun one.
    #[default]
    No,
    /// This operation reads the key.
    Reads(OpId),
    /// It was told that the key has this value.
    Knows(Key, u64),
}

/// What a client learnt last.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Told {
    /// About which operation.
    pub op: OpId,
    /// By whom.
    pub node: NodeId,
    /// When.
    pub at: SimTime,
    /// What; `None`: nothing, it stopped waiting.
    pub outcome: Option<Outcome>,
}

/// One operation, as its client keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Whose.
    pub client: ClientId,
    /// Its number in the session.
    pub number: u32,
    /// What is wanted.
    pub command: Command,
    /// What its client had been given of the key when it began, by name; 0: nothing.
    pub context: Position,
    /// Times asked.
    pub attempt: u16,
    /// Whom it asked last.
    pub node: NodeId,
    /// Whether the client still waits for an answer.
    pub open: bool,
    /// Whether some attempt may have had an effect without an answer.
    pub uncertain: bool,
    /// The event that began it.
    pub invoked: EventId,
}

/// All clients and what they wait for.
#[derive(Clone, Debug)]
pub struct Clients {
    /// The sessions.
    pub list: Vec<Client>,
    /// Every operation ever begun.
    pub ops: Chunked<Operation>,
    /// Whether they are told to be silent.
    pub quiet: bool,
    /// Whether the run was prolonged: then no group's time is over.
    pub prolonged: bool,
    /// Nodes that no client can reach.
    pub cut_from: Vec<NodeId>,
    // Attempts not yet answered, one queue per group: a group's time-outs fall due in the order
    // in which they were set, since its time-out is one constant.
    timeouts: Vec<VecDeque<(Moment, OpId, u16)>>,
}

impl Clients {
    /// The clients of a setup.
    #[must_use]
    pub fn new(
        groups: &[ClientSetup],
        seed: u64,
        nodes: u8,
        asks: impl Fn(ClientId) -> Directions,
    ) -> Self {
        let mut list = Vec::new();
        for (group, setup) in (0_u16..).zip(groups) {
            for _ in 0..setup.count {
                let client = u16::try_from(list.len()).unwrap_or(u16::MAX);
                let way = |node| Stream::new(seed, StreamName::ClientLink(client, node));
                list.push(Client {
                    group,
                    stream: Stream::new(seed, StreamName::Client(client)),
                    ways: (0..nodes).map(way).collect(),
                    asks: asks(ClientId(client)),
                    epoch: Epoch(0),
                    number: 0,
                    told: None,
                    home: None,
                    seen: Position::ZERO,
                    written: Rc::default(),
                    over: false,
                    given: Rc::default(),
                    comparing: Comparing::No,
                });
            }
        }
        Self {
            list,
            ops: Chunked::default(),
            quiet: false,
            prolonged: false,
            cut_from: Vec::new(),
            timeouts: vec![VecDeque::new(); groups.len()],
        }
    }

    /// Whether a client of this group asks for anything at `at`.
    #[must_use]
    pub fn asks_at(&self, setup: &ClientSetup, at: SimTime) -> bool {
        self.prolonged || at < setup.until
    }

    /// A node was added: every client can reach it.
    pub fn add_node(&mut self, seed: u64, node: NodeId) {
        for (client, session) in (0_u16..).zip(&mut self.list) {
            session.ways.push(Stream::new(seed, StreamName::ClientLink(client, node.0)));
        }
    }

    /// Begins an operation of `client` and says which.
    pub fn begin(&mut self, client: ClientId, command: Command, invoked: EventId) -> OpId {
        let op = self.next_op();
        let session = &mut self.list[client.index()];
        session.number += 1;
        let (number, node) = (session.number, session.asks.for_command(command));
        let context = session.given.get(&command.key()).copied().unwrap_or_default();
        let (open, uncertain) = (true, false);
        self.ops.push(Operation {
            client,
            number,
            command,
            context,
            attempt: 0,
            node,
            open,
            uncertain,
            invoked,
        });
        op
    }

    /// The name that the next operation will have.
    #[must_use]
    pub fn next_op(&self) -> OpId {
        OpId(u32::try_from(self.ops.len()).unwrap_or(u32::MAX))
    }

    /// Sets the time-out of an attempt.
    #[inline]
    pub fn await_answer(&mut self, group: u16, moment: Moment, op: OpId, attempt: u16) {
        let queue = &mut self.timeouts[usize::from(group)];
        forget_answered(queue, &self.ops);
        queue.push_back((moment, op, attempt));
    }

    /// What a client waits for: its latest attempts.
    #[must_use]
    pub fn waiting(&self, client: ClientId) -> Vec<OpId> {
        let group = self.list.get(client.index()).map_or(0, |session| usize::from(session.group));
        let waits = |(op, attempt): (OpId, u16)| {
            let operation = self.ops.get(op.index())?;
            (operation.open && operation.attempt == attempt && operation.client == client)
                .then_some(op)
        };
        let queue = self.timeouts.get(group);
        queue.into_iter().flatten().filter_map(|(_, op, attempt)| waits((*op, *attempt))).collect()
    }

    /// When the next time-out of an attempt that is still waited for falls due, if it does before
    /// `other`, and else `other`. Asked before everything that happens: what lies later is not
    /// looked at.
    #[inline]
    pub fn soonest_before(&mut self, other: Moment) -> Moment {
        let mut soonest = other;
        for queue in &mut self.timeouts {
            if queue.front().is_some_and(|front| front.0 < soonest) {
                forget_answered(queue, &self.ops);
                soonest = queue.front().map_or(soonest, |front| soonest.min(front.0));
            }
        }
        soonest
    }

    /// Takes the time-out that falls due at `moment`.
    pub fn time_out(&mut self, moment: Moment) -> Option<(OpId, u16)> {
        let queue = self.timeouts.iter_mut().find(|q| q.front().is_some_and(|f| f.0 == moment))?;
        queue.pop_front().map(|(_, op, attempt)| (op, attempt))
    }
}

/// Drops time-outs at the front whose attempts are not waited for any more.
fn forget_answered(queue: &mut VecDeque<(Moment, OpId, u16)>, ops: &Chunked<Operation>) {
    while let Some((_, op, attempt)) = queue.front().copied() {
        if ops.get(op.index()).is_some_and(|o| o.open && o.attempt == attempt) {
            return;
        }
        queue.pop_front();
    }
}

impl Client {
    /// It was answered: remembers what matters to it.
    pub fn learns(&mut self, session: Session, command: Command, outcome: Outcome) {
        match (outcome, command) {
            (Outcome::Written { position, .. }, command) => {
                self.seen = self.seen.max(position);
                let key = command.key();
                if let (true, Err(place)) =
                    (session.own_writes_from_leader, self.written.binary_search(&key))
                {
                    Rc::make_mut(&mut self.written).insert(place, key);
                }
            }
            (Outcome::Value { applied, .. }, _) => self.seen = self.seen.max(applied),
            _ => {}
        }
    }

    /// It was answered, where data are versions per key: what it was given now is the context of its
    /// next write of the key.
    pub fn is_given(&mut self, command: Command, outcome: Outcome) {
        if let Outcome::Written { position: name, .. } | Outcome::Value { version: name, .. } =
            outcome
        {
            Rc::make_mut(&mut self.given).insert(command.key(), name);
        }
    }

    /// It was answered: if that was the read of a compare-and-set, it knows what to compare with.
    pub fn compares(&mut self, op: OpId, command: Command, outcome: Outcome) {
        if let (true, Outcome::Value { value, .. }) =
            (self.comparing == Comparing::Reads(op), outcome)
        {
            self.comparing = Comparing::Knows(command.key(), value);
        }
    }

    /// When it asks next, in an open loop: exponential gaps.
    pub fn next_arrival(&mut self, setup: &ClientSetup, now: SimTime) -> Option<SimTime> {
        let Pace::Open { writes_per_s, reads_per_s } = setup.pace else {
            return None;
        };
        let rate = writes_per_s + reads_per_s;
        if rate <= 0.0 || setup.probe.is_some() {
            return None;
        }
        let gap = -libm::log(self.stream.unit()) * 1e6 / rate;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let gap = Span::from_micros((gap + 0.5).min(1e12) as u64);
        Some(now.max(setup.from) + gap)
    }

    /// What it wants next, measuring staleness: a write, then its reads.
    fn probe(&self, probe: &Probe, setup: &ClientSetup, op: OpId) -> Command {
        let trial = u32::try_from(probe.read_after.len()).unwrap_or(u32::MAX).saturating_add(1);
        if self.number % trial == 0 {
            Command::Write { key: Key(0), value: u64::from(op.0) + 1, bytes: setup.value_bytes }
        } else {
            Command::Read { key: Key(0), at_leader: false }
        }
    }

    /// What it wants next where writes are compare-and-sets: having read a key, to change it; else to
    /// read one, in order to change it if `writes`.
    fn compare(&mut self, setup: &ClientSetup, (op, key, writes): (OpId, Key, bool)) -> Command {
        if let Comparing::Knows(key, expected) = self.comparing {
            self.comparing = Comparing::No;
            let (value, bytes) = (u64::from(op.0) + 1, setup.value_bytes);
            return Command::Swap { key, expected, value, bytes };
        }
        if writes {
            self.comparing = Comparing::Reads(op);
        }
        Command::Read { key, at_leader: setup.read_from == ReadFrom::Leader }
    }

    /// What it wants next. Always two draws.
    pub fn wish(&mut self, setup: &ClientSetup, op: OpId) -> Command {
        if let Some(probe) = &setup.probe {
            return self.probe(probe, setup, op);
        }
        let writes = match setup.pace {
            Pace::Open { writes_per_s, reads_per_s } => writes_per_s / (writes_per_s + reads_per_s),
            Pace::Closed { update_fraction, .. } => update_fraction,
        };
        let writes = self.stream.chance(writes);
        #[expect(clippy::cast_possible_truncation, reason = "below a u32 bound")]
        let key = Key(self.stream.below(u64::from(setup.keys.max(1))) as u32);
        if setup.workload == Workload::Cas {
            self.compare(setup, (op, key, writes))
        } else if writes && setup.workload == Workload::Transfers {
            // To another account, whichever.
            let others = u64::from(setup.keys.max(2) - 1);
            #[expect(clippy::cast_possible_truncation, reason = "below u32 bounds")]
            let (step, amount) =
                (self.stream.below(others) as u32 + 1, self.stream.below(MOST_MOVED) as u32 + 1);
            let to = Key((key.0 + step) % setup.keys.max(1));
            Command::Transfer { from: key, to, amount }
        } else if writes && setup.deletes > 0.0 && self.stream.chance(setup.deletes) {
            Command::Write { key, value: 0, bytes: 0 }
        } else if writes {
            Command::Write { key, value: u64::from(op.0) + 1, bytes: setup.value_bytes }
        } else {
            Command::Read { key, at_leader: setup.read_from == ReadFrom::Leader }
        }
    }
}
