//! Step tests: arrange a machine, give it one input, compare everything that it asks for.

mod applying;
mod joining;
mod passing;
mod reading;
mod repairing;
mod serving;

use std::rc::Rc;

use super::configuration::Configuration;
use super::knobs::{Knobs, Variant};
use super::message::{Batch, Message, Passed, Receipt};
use super::{Chain, Mark, Replica, Timer};
use engine::base::{ClientId, Epoch, Key, NodeId, OpId, Position, SimTime};
use engine::protocol::parts::frame;
use engine::protocol::told::tell;
use engine::protocol::{
    Admin, Applying, Boot, Command, Effect, Effects, FrameRef, Input, Protocol, Record, RecordRef,
    Records, Request, RequestId,
};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
/// The configuration service.
const N4: NodeId = NodeId(3);

/// One machine on a bench: its disk, its clock, and the records of everybody.
struct Bench {
    machine: Chain,
    records: Records,
    applying: Applying,
    disk: Vec<FrameRef>,
    knobs: Knobs,
    me: NodeId,
}

fn variant(variant: Variant) -> Knobs {
    Knobs { variant, ..Knobs::default() }
}

impl Bench {
    /// A machine of a new chain of three and its service.
    fn new(me: NodeId, knobs: Knobs) -> Self {
        Self::start(me, knobs, Vec::new(), Records::default(), 0).0
    }

    fn start(
        me: NodeId,
        knobs: Knobs,
        disk: Vec<FrameRef>,
        mut records: Records,
        ms: u64,
    ) -> (Self, Vec<String>) {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let boot = Boot {
            me,
            nodes: 4,
            now,
            knobs: &knobs,
            disk: &disk,
            added: false,
            applied: Position::ZERO,
            service: Some(N4),
        };
        let machine = Chain::boot(&boot, &mut Effects::new(&mut list, &mut records));
        let applying = Applying::AtOnce;
        let mut bench = Self { machine, records, applying, disk, knobs, me };
        let told = bench.carry_out(list);
        (bench, told)
    }

    /// The process dies and starts again from its disk; all that was written is there.
    fn restart(self, ms: u64) -> (Self, Vec<String>) {
        Self::start(self.me, self.knobs, self.disk, self.records, ms)
    }

    fn carry_out(&mut self, list: Vec<Effect<Chain>>) -> Vec<String> {
        let told = list.iter().map(|effect| essential(&tell(effect, &self.records))).collect();
        for effect in list {
            if let Effect::Write(frame) = effect {
                self.disk.push(frame);
            }
        }
        told
    }

    /// Gives the machine an input; says what it asks for.
    fn effects(&mut self, ms: u64, input: Input<Chain>) -> Vec<String> {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let mut out = Effects::new(&mut list, &mut self.records).applying(self.applying);
        self.machine.step(now, input, &mut out);
        self.carry_out(list)
    }

    fn hears(&mut self, ms: u64, from: NodeId, message: Message) -> Vec<String> {
        self.effects(ms, Input::Message { from, message })
    }

    fn timer(&mut self, ms: u64, timer: Timer) -> Vec<String> {
        self.effects(ms, Input::Timer(timer))
    }

    fn flushed(&mut self, ms: u64, mark: Mark) -> Vec<String> {
        self.effects(ms, Input::Flushed(mark))
    }

    /// The log up to here is durable.
    fn log_flushed(&mut self, ms: u64, position: u32) -> Vec<String> {
        let era = self.node().era;
        self.flushed(ms, Mark::Log { position: Position(position), era })
    }

    fn asked(&mut self, ms: u64, request: Request) -> Vec<String> {
        self.effects(ms, Input::Request(request))
    }

    fn node(&self) -> &Replica {
        match &self.machine {
            Chain::Replica(replica) => replica,
            Chain::Service(_) => panic!("a service holds no data"),
        }
    }

    /// Records `1..=to` of epoch 1 as its predecessor passes them on, flushed.
    fn holds(&mut self, to: u32) {
        let from = self.node().predecessor().expect("a predecessor");
        for position in self.node().log.last().0 + 1..=to {
            let record = self.record(position);
            self.hears(0, from, forward(1, position - 1, record, 0));
        }
        self.log_flushed(0, to);
    }

    /// The record that another node wrote after the end of this node's log.
    fn record(&mut self, op: u32) -> RecordRef {
        let end = self.node().log.end();
        let draft = Record {
            position: end.position.next(),
            epoch: Epoch(1),
            op: OpId(op),
            client: ClientId(0),
            number: op,
            key: Key(0),
            value: u64::from(op) * 10,
            value_bytes: 8,
            parent: end.record,
            chain: 0,
            frame: FrameRef::default(),
        };
        let record = Record { chain: draft.chain_after(end.chain), ..draft };
        frame::write_record(&mut self.records, record)
    }

    /// The digest of the log up to here.
    fn digest(&self, position: u32) -> u64 {
        self.node().log.at(Position(position), &self.records).expect("in the log").chain
    }

    /// The log, the acknowledged and the unacknowledged part of it, and how many records it holds
    /// in `Sent`.
    fn stands(&self) -> (u32, u32, usize) {
        (self.node().log.last().0, self.node().committed.0, self.node().sent.len())
    }
}

/// An effect without what the link's bookkeeping adds to a message: when it was sent, what came.
fn essential(line: &str) -> String {
    let told = ["Forward {", "Ack {", "Welcome {", "Piece {", "PieceConfirm {"];
    let message = told.iter().any(|name| line.contains(&format!("<- {name}")));
    let added = [", sent: ", ", receipt: ", ", echo: "].iter().filter_map(|name| line.find(name));
    match added.min().filter(|_| message) {
        Some(end) => format!("{} }}", &line[..end]),
        None => line.to_owned(),
    }
}

/// The first sending of a write of key 0 by client 0.
fn write(op: u32) -> Request {
    Request {
        id: RequestId { op: OpId(op), attempt: 1 },
        client: ClientId(0),
        number: op,
        idempotent: true,
        epoch: Epoch(1),
        seen: Position::ZERO,
        context: Position::ZERO,
        command: Command::Write { key: Key(0), value: u64::from(op) * 10, bytes: 8 },
    }
}

/// The same write, sent again.
fn write_again(op: u32) -> Request {
    Request { id: RequestId { op: OpId(op), attempt: 2 }, ..write(op) }
}

/// A read of key 0 by client 0.
fn read(op: u32, at_leader: bool) -> Request {
    Request { command: Command::Read { key: Key(0), at_leader }, ..write(op) }
}

/// One record that follows position `prev`, which client 0 has sent once.
fn forward(epoch: u32, prev: u32, record: RecordRef, stable: u32) -> Message {
    let records = Batch::One(Passed { record, attempt: 1 });
    let (prev, stable) = (Position(prev), Position(stable));
    Message::Forward { epoch: Epoch(epoch), prev, records, stable, sent: SimTime::ZERO }
}

/// "The end has everything up to here", of the attempt that began at this time.
fn ack(epoch: u32, attempt: u64, position: u32) -> Message {
    let attempt = SimTime::from_millis(attempt);
    let position = Position(position);
    let receipt = Receipt { last: position, early: Position::ZERO, echo: SimTime::ZERO };
    Message::Ack { epoch: Epoch(epoch), attempt, position, end: true, receipt }
}

/// "My log ends here."
fn report(epoch: u32, attempt: u64, last: u32, committed: u32) -> Message {
    Message::Report {
        epoch: Epoch(epoch),
        attempt: SimTime::from_millis(attempt),
        last: Position(last),
        committed: Position(committed),
    }
}

/// A sign of life of a process that started at `since`.
fn alive(epoch: u32, since: u64, sent: u64) -> Message {
    let at = SimTime::from_millis;
    Message::Alive { epoch: Epoch(epoch), since: at(since), sent: at(sent) }
}

fn chain(epoch: u32, nodes: &[NodeId], joining: Option<NodeId>) -> Rc<Configuration> {
    Rc::new(Configuration { epoch: Epoch(epoch), chain: nodes.to_vec(), joining })
}

/// "This is the chain from now on."
fn configure(epoch: u32, nodes: &[NodeId], joining: Option<NodeId>) -> Message {
    Message::Configure { chain: chain(epoch, nodes, joining) }
}

/// "I heard what you sent at this time."
fn heard(epoch: u32, nodes: &[NodeId], sent: u64) -> Message {
    Message::AliveHeard { chain: chain(epoch, nodes, None), sent: SimTime::from_millis(sent) }
}

/// Compares the whole list.
#[track_caller]
fn check(effects: Vec<String>, expected: &[&str]) {
    assert_eq!(effects, expected, "{effects:#?}");
}
