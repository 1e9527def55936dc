//! A cluster made of paper for the observers' tests: nodes whose logs and facts are written down
//! by hand, and events that are told one by one.

use super::recorder::Recorder;
use crate::base::NodeSet;
use crate::base::{ClientId, Epoch, EventId, Key, NodeId, OpId, Position, SimTime, Span};
use crate::protocol::facts::Extent;
use crate::protocol::facts::StoreFacts;
use crate::protocol::parts::version::{Version, VersionVector};
use crate::protocol::parts::{Conflicts, Ring};
use crate::protocol::{
    Command, MessageFacts, MessageKind, NodeFacts, Note, Outcome, Record, RecordRef, Records, Role,
    Shape, TimerKind,
};
use crate::world::{Event, Limits, NodeStatus, Nodes, Observer, What, WorldView};

/// A node on paper.
#[derive(Clone)]
pub struct PaperNode {
    pub status: NodeStatus,
    pub role: Role,
    pub epoch: u32,
    pub log: Vec<RecordRef>,
    pub committed: u32,
    // As far as it is committed, unless it says otherwise.
    pub applied: Option<u32>,
    pub digest: u64,
    // Versions held, if the data are a store; they stay on the disk of a node that stops.
    pub held: Vec<RecordRef>,
    pub conflicts: Option<Conflicts>,
}

/// A cluster on paper and its recorder.
#[derive(Clone)]
pub struct Paper {
    pub nodes: Vec<PaperNode>,
    pub records: Records,
    pub recorder: Recorder,
    pub now: SimTime,
    pub shape: Shape,
    events: u32,
    ops: u32,
}

struct Cluster<'a>(&'a [PaperNode]);

impl PaperNode {
    fn facts(&self) -> NodeFacts {
        let last = Position(u32::try_from(self.log.len()).unwrap());
        NodeFacts {
            role: self.role,
            epoch: Epoch(self.epoch),
            leader: None,
            accepts_writes: self.role == Role::Leader,
            authority: self.role == Role::Leader,
            row: Vec::new(),
            base: Position::ZERO,
            last,
            flushed: last,
            committed: Position(self.committed),
            applied: Position(self.applied.unwrap_or(self.committed)),
            snapshot: None,
            followers: Vec::new(),
            waiting: None,
            degraded: false,
            suspects_since: None,
            store: self.conflicts.map(|conflicts| {
                let (copies, ring) = (3, Ring::new(3, 8));
                let (hints, unresponsive, compared) = (Vec::new(), NodeSet::default(), None);
                Box::new(StoreFacts {
                    conflicts,
                    copies,
                    ring,
                    hints,
                    unresponsive,
                    compared,
                    unapplied: 0,
                    held_back: 0,
                })
            }),
            accrual: None,
            pages: None,
            accounts: None,
            applies_first: 0,
        }
    }

    fn runs(&self) -> bool {
        matches!(self.status, NodeStatus::Up | NodeStatus::Paused)
    }
}

impl Nodes for Cluster<'_> {
    fn count(&self) -> u8 {
        u8::try_from(self.0.len()).unwrap()
    }

    fn status(&self, node: NodeId) -> NodeStatus {
        self.0[node.index()].status
    }

    fn facts(&self, node: NodeId) -> Option<NodeFacts> {
        Some(&self.0[node.index()]).filter(|node| node.runs()).map(PaperNode::facts)
    }

    fn extent(&self, node: NodeId) -> Option<Extent> {
        self.facts(node).as_ref().map(Extent::of)
    }

    fn record_at(&self, node: NodeId, position: Position) -> Option<RecordRef> {
        let node = &self.0[node.index()];
        node.log.get((position.0 as usize).checked_sub(1)?).copied().filter(|_| node.runs())
    }

    fn state_digest(&self, node: NodeId) -> Option<u64> {
        Some(&self.0[node.index()]).filter(|node| node.runs()).map(|node| node.digest)
    }

    fn stored(&self, node: NodeId, _: Key) -> Vec<RecordRef> {
        Some(&self.0[node.index()]).filter(|n| n.runs()).map_or_else(Vec::new, |n| n.held.clone())
    }

    fn holdings(&self, node: NodeId, _: &Records) -> Vec<RecordRef> {
        self.0[node.index()].held.clone()
    }

    fn flushing(&self, _: NodeId) -> bool {
        false
    }

    fn repair_period(&self) -> Span {
        Span::ZERO
    }

    fn clock_wrong_by(&self, _: NodeId, _: SimTime) -> i64 {
        0
    }
}

impl Paper {
    /// n1 leads `count - 1` followers in epoch 1.
    pub fn of(count: usize) -> Self {
        let node = PaperNode {
            status: NodeStatus::Up,
            role: Role::Follower,
            epoch: 1,
            log: Vec::new(),
            committed: 0,
            applied: None,
            digest: 0,
            held: Vec::new(),
            conflicts: None,
        };
        let mut nodes = vec![node; count];
        nodes[0].role = Role::Leader;
        let recorder = Recorder::new(&Limits::default());
        let records = Records::default();
        Self { nodes, records, recorder, now: SimTime::ZERO, shape: Shape::Line, events: 0, ops: 0 }
    }

    /// It is so many milliseconds later.
    pub fn wait(&mut self, millis: u64) {
        self.now = SimTime::from_micros(self.now.micros() + millis * 1_000);
    }

    /// Something happens.
    pub fn event(&mut self, what: What) -> EventId {
        self.event_of(EventId::NONE, what)
    }

    /// Something happens because of an event.
    pub fn event_of(&mut self, cause: EventId, what: What) -> EventId {
        self.events += 1;
        let event = Event { id: EventId(self.events), at: self.now, cause, what };
        let view = WorldView {
            records: &self.records,
            nodes: &Cluster(&self.nodes),
            shape: self.shape,
            clients: &[],
        };
        self.recorder.on_event(&event, &view);
        event.id
    }

    /// Time passes, and nothing happens but a heartbeat now and then.
    pub fn idle(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.wait(1_000);
            self.event(What::TimerFired { node: NodeId(0), timer: TimerKind::Heartbeat });
        }
    }

    pub fn note(&mut self, node: u8, note: Note) -> EventId {
        self.event(What::Noted { node: NodeId(node), note })
    }

    /// A client asks `node` to write, and it takes the request.
    pub fn ask(&mut self, node: u8) -> OpId {
        let op = OpId(self.ops);
        self.ops += 1;
        let (client, node, attempt) = (ClientId(0), NodeId(node), 1);
        let command = Command::Write { key: Key(op.0), value: 100 + u64::from(op.0), bytes: 8 };
        self.recorder.on_operation(op, client, command, self.now);
        self.event(What::Invoked { client, op });
        self.event(What::Requested { client, node, op, attempt });
        op
    }

    /// Three nodes whose data are versions per key.
    pub fn of_stores(conflicts: Conflicts) -> Self {
        let mut paper = Self::of(3);
        paper.shape = Shape::Store;
        for node in &mut paper.nodes {
            (node.role, node.conflicts) = (Role::Replica, Some(conflicts));
        }
        paper
    }

    /// `node` makes the operation a version of key 0 that has seen others, with this stamp; the
    /// nodes named hold it instead of what it has seen.
    pub fn version(
        &mut self,
        node: u8,
        op: OpId,
        seen: &[RecordRef],
        stamp: i64,
        at: &[usize],
    ) -> RecordRef {
        let mut vector = VersionVector::default();
        for version in seen.iter().filter_map(|record| self.records.version(*record)) {
            vector.merge(&version.context());
        }
        let (writer, counter) = (NodeId(node), op.0 + 1);
        let version = Version { vector, writer, counter, stamp, deleted: false };
        let value = 100 + u64::from(op.0);
        let record = Record { op, key: Key(0), value, ..Record::default() };
        let record = self.records.add_versioned(record, version, seen.to_vec());
        for holder in at {
            self.nodes[*holder].held.retain(|held| !seen.contains(held));
            self.nodes[*holder].held.push(record);
        }
        record
    }

    /// `node` answers about an operation, and its client hears it at once.
    pub fn answer(&mut self, node: u8, op: OpId, outcome: Outcome) {
        let (client, node, attempt) = (ClientId(0), NodeId(node), 1);
        self.event(What::Answered { node, client, op, attempt, outcome });
        self.event(What::Told { node, client, op, attempt, outcome, ends: true });
    }

    /// A client reads key 0 at `node` and is shown a version.
    pub fn read_version(&mut self, node: u8, shown: RecordRef) -> OpId {
        let op = OpId(self.ops);
        self.ops += 1;
        let command = Command::Read { key: Key(0), at_leader: false };
        self.recorder.on_operation(op, ClientId(0), command, self.now);
        self.event(What::Invoked { client: ClientId(0), op });
        let value = self.records.get(shown).map_or(0, |record| record.value);
        let (version, applied, epoch) = (shown.name(), Position::ZERO, Epoch(0));
        self.answer(node, op, Outcome::Value { value, version, applied, epoch });
        op
    }

    /// `node` appends the operation to its log.
    pub fn append(&mut self, node: u8, op: OpId) -> RecordRef {
        let log = &self.nodes[usize::from(node)].log;
        let parent = log.last().copied().unwrap_or(RecordRef::NONE);
        let mut record = Record {
            position: Position(u32::try_from(log.len() + 1).unwrap()),
            epoch: Epoch(self.nodes[usize::from(node)].epoch),
            op,
            client: ClientId(0),
            number: 0,
            key: Key(op.0),
            value: 100 + u64::from(op.0),
            value_bytes: 8,
            parent,
            chain: 0,
            frame: self.records.store(|bytes| bytes.push(0)),
        };
        record.chain =
            record.chain_after(self.records.get(parent).map_or(0, |parent| parent.chain));
        let record = self.records.add(record);
        self.nodes[usize::from(node)].log.push(record);
        record
    }

    /// `node` answers "written" and the client hears it at once.
    pub fn acknowledge(&mut self, node: u8, op: OpId) {
        let paper = &self.nodes[usize::from(node)];
        let position = Position(u32::try_from(paper.log.len()).unwrap());
        let outcome = Outcome::Written { position, epoch: Epoch(paper.epoch) };
        let (client, node, attempt) = (ClientId(0), NodeId(node), 1);
        self.event(What::Answered { node, client, op, attempt, outcome });
        self.event(What::Told { node, client, op, attempt, outcome, ends: true });
    }

    /// One acknowledged write at `node`.
    pub fn write(&mut self, node: u8) -> OpId {
        let op = self.ask(node);
        self.append(node, op);
        self.acknowledge(node, op);
        op
    }

    /// A client asks `node` for what the write `op` wrote and is told `value`.
    pub fn read(&mut self, node: u8, op: OpId, value: u64) -> OpId {
        let read = OpId(self.ops);
        self.ops += 1;
        let (client, node, attempt) = (ClientId(1), NodeId(node), 1);
        let command = Command::Read { key: Key(op.0), at_leader: false };
        self.recorder.on_operation(read, client, command, self.now);
        self.event(What::Invoked { client, op: read });
        let log = &self.nodes[node.index()].log;
        let wrote = |at: &RecordRef| self.records.get(*at).is_some_and(|record| record.op == op);
        let place = log.iter().position(wrote).filter(|_| value > 0);
        let version = Position(place.map_or(0, |index| u32::try_from(index + 1).unwrap()));
        let (applied, epoch) = (Position(1), Epoch(1));
        let outcome = Outcome::Value { value, version, applied, epoch };
        self.event(What::Told { node, client, op: read, attempt, outcome, ends: true });
        read
    }

    /// The facts of a message with the last record of `from`'s log.
    pub fn last_of(&self, from: u8) -> MessageFacts {
        let paper = &self.nodes[usize::from(from)];
        let last = Position(u32::try_from(paper.log.len()).unwrap());
        let epoch = Epoch(paper.epoch);
        MessageFacts { kind: MessageKind::Append, first: last, last, epoch, bytes: 100 }
    }

    /// `to` has the same log as `from`.
    pub fn copy(&mut self, from: u8, to: u8) {
        self.nodes[usize::from(to)].log = self.nodes[usize::from(from)].log.clone();
    }

    pub fn power_off(&mut self, node: u8) {
        let lost = What::PoweredOff { node: NodeId(node), lost_bytes: 0, torn: false };
        self.event(lost);
        self.nodes[usize::from(node)].status = NodeStatus::PoweredOff;
    }

    pub fn start(&mut self, node: u8, role: Role) {
        self.nodes[usize::from(node)].status = NodeStatus::Up;
        self.nodes[usize::from(node)].role = role;
        self.event(What::Started { node: NodeId(node) });
    }

    pub fn promote(&mut self, node: u8, epoch: u32) -> EventId {
        let paper = &mut self.nodes[usize::from(node)];
        (paper.role, paper.epoch) = (Role::Leader, epoch);
        let position = Position(u32::try_from(paper.log.len()).unwrap());
        self.note(node, Note::Promoted { epoch: Epoch(epoch), position })
    }

    /// Looks at everything now.
    pub fn judged<T>(&self, look: impl FnOnce(&super::Case<'_>) -> T) -> T {
        let cluster = Cluster(&self.nodes);
        let view =
            WorldView { records: &self.records, nodes: &cluster, shape: self.shape, clients: &[] };
        look(&super::Case::new(&self.recorder, view, self.now))
    }
}
