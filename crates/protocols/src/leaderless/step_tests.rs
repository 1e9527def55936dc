//! Step tests: arrange a node, give it one input, compare everything that it asks for.

mod applying;
mod handing_off;
mod mending;
mod reading;
mod starting;
mod writing;

use super::knobs::Knobs;
use super::{Leaderless, Mark, Message, Timer};
use engine::base::{ClientId, Epoch, Key, NodeId, OpId, Position, SimTime, Span};
use engine::protocol::parts::Siblings;
use engine::protocol::parts::frame::{self, Frame};
use engine::protocol::parts::version::{Version, VersionVector};
use engine::protocol::{
    Applying, Boot, Command, Effect, Effects, FrameRef, Input, Protocol, Record, RecordRef,
    Records, Request, RequestId,
};

pub const N1: NodeId = NodeId(0);
pub const N2: NodeId = NodeId(1);
pub const N3: NodeId = NodeId(2);
pub const K: Key = Key(0);

/// One node on a bench: its disk, its clock, and the records of everybody.
pub struct Bench {
    pub node: Leaderless,
    pub records: Records,
    pub clock: i64,
    pub applying: Applying,
    disk: Vec<FrameRef>,
    knobs: Knobs,
    nodes: u8,
}

/// The usual knobs without comparisons, with one change.
pub fn knobs(change: impl FnOnce(&mut Knobs)) -> Knobs {
    let mut knobs = Knobs { anti_entropy: None, ..Knobs::default() };
    change(&mut knobs);
    knobs
}

impl Bench {
    /// A node of a new cluster of three.
    pub fn new(me: NodeId, knobs: Knobs) -> Self {
        Self::of(me, 3, knobs)
    }

    /// A node of a new cluster of so many.
    pub fn of(me: NodeId, nodes: u8, knobs: Knobs) -> Self {
        Self::start(me, nodes, knobs, Vec::new(), Records::default(), (0, false)).0
    }

    /// What a node that is added to a running cluster does first.
    pub fn added(me: NodeId, knobs: Knobs) -> (Self, Vec<String>) {
        Self::start(me, me.0 + 1, knobs, Vec::new(), Records::default(), (0, true))
    }

    fn start(
        me: NodeId,
        nodes: u8,
        knobs: Knobs,
        disk: Vec<FrameRef>,
        mut records: Records,
        (ms, added): (u64, bool),
    ) -> (Self, Vec<String>) {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let boot = Boot {
            me,
            nodes,
            now,
            knobs: &knobs,
            disk: &disk,
            added,
            applied: Position::ZERO,
            service: None,
        };
        let node = Leaderless::boot(&boot, &mut Effects::new(&mut list, &mut records));
        let applying = Applying::AtOnce;
        let mut bench = Self { node, records, clock: 0, applying, disk, knobs, nodes };
        let told = bench.carry_out(list);
        (bench, told)
    }

    /// The power goes: of the disk only the first `frames` frames are left; it starts again.
    pub fn lose_power(mut self, ms: u64, frames: usize) -> (Self, Vec<String>) {
        self.disk.truncate(frames);
        let Self { node, records, disk, knobs, nodes, .. } = self;
        Self::start(node.me, nodes, knobs, disk, records, (ms, false))
    }

    /// The process dies and starts again from its disk; all that was written is there.
    pub fn restart(self, ms: u64) -> (Self, Vec<String>) {
        let frames = self.disk.len();
        self.lose_power(ms, frames)
    }

    fn carry_out(&mut self, list: Vec<Effect<Leaderless>>) -> Vec<String> {
        let told = list.iter().map(|effect| tell(effect, &self.records)).collect();
        for effect in list {
            match effect {
                Effect::Write(frame) => self.disk.push(frame),
                Effect::Discard { keep } => {
                    self.disk.drain(..self.disk.len() - keep as usize);
                }
                _ => {}
            }
        }
        told
    }

    /// Gives the node an input; says what it asks for.
    pub fn effects(&mut self, ms: u64, input: Input<Leaderless>) -> Vec<String> {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let mut out =
            Effects::new(&mut list, &mut self.records).at(self.clock).applying(self.applying);
        self.node.step(now, input, &mut out);
        self.carry_out(list)
    }

    pub fn hears(&mut self, ms: u64, from: NodeId, message: Message) -> Vec<String> {
        self.effects(ms, Input::Message { from, message })
    }

    pub fn timer(&mut self, ms: u64, timer: Timer) -> Vec<String> {
        self.effects(ms, Input::Timer(timer))
    }

    pub fn flushed(&mut self, ms: u64, number: u32) -> Vec<String> {
        self.effects(ms, Input::Flushed(Mark::Flush(number)))
    }

    /// The first attempt of a write of key 0 by client 0.
    pub fn write(&mut self, ms: u64, op: u32) -> Vec<String> {
        self.effects(ms, Input::Request(write(op, K)))
    }

    pub fn read(&mut self, ms: u64, op: u32) -> Vec<String> {
        self.effects(ms, Input::Request(read(op, K)))
    }

    /// A version that another node made, having seen others.
    pub fn version(&mut self, writer: NodeId, counter: u32, seen: &[RecordRef]) -> RecordRef {
        let mut vector = VersionVector::default();
        for version in seen.iter().filter_map(|record| self.records.version(*record)) {
            vector.merge(&version.context());
        }
        let stamp = i64::from(counter) * 1_000;
        let version = Version { vector, writer, counter, stamp, deleted: false };
        let op = OpId(100 + u32::try_from(self.records.len()).unwrap());
        let value = u64::from(op.0) * 10;
        let record = Record { op, key: K, value, value_bytes: 8, ..Record::default() };
        let chain = record.chain_after(u64::from(counter));
        frame::write_version(&mut self.records, Record { chain, ..record }, version, seen.to_vec())
    }

    /// A version that this node holds on its disk.
    pub fn holds(&mut self, writer: NodeId, counter: u32, seen: &[RecordRef]) -> RecordRef {
        let record = self.version(writer, counter, seen);
        self.hears(0, writer, Message::Repair { call: 0, key: K, versions: one(record) });
        let flushes = self.node.flushes;
        self.flushed(0, flushes);
        record
    }
}

pub fn one(record: RecordRef) -> Siblings {
    Siblings::One(record)
}

pub fn put(call: u32, record: RecordRef) -> Message {
    Message::Put { call, key: K, versions: one(record) }
}

pub fn versions(call: u32, records: &[RecordRef]) -> Message {
    Message::Versions { call, key: K, versions: Siblings::of(records) }
}

/// The first attempt of a write by client 0.
pub fn write(op: u32, key: Key) -> Request {
    Request {
        id: RequestId { op: OpId(op), attempt: 1 },
        client: ClientId(0),
        number: op,
        idempotent: true,
        epoch: Epoch(0),
        seen: Position::ZERO,
        context: Position::ZERO,
        command: Command::Write { key, value: u64::from(op) * 10, bytes: 8 },
    }
}

/// A read by client 0.
pub fn read(op: u32, key: Key) -> Request {
    Request { command: Command::Read { key, at_leader: false }, ..write(op, key) }
}

/// Compares the whole list.
#[track_caller]
pub fn check(effects: Vec<String>, expected: &[&str]) {
    assert_eq!(effects, expected, "{effects:#?}");
}

/// An effect in a line.
fn tell(effect: &Effect<Leaderless>, records: &Records) -> String {
    let line = match effect {
        Effect::Send { to, message } => format!("{to:?} <- {message:?}"),
        Effect::SetTimer { timer, from, to } if from == to => format!("set {timer:?} {from:?}"),
        Effect::SetTimer { timer, from, to } => format!("set {timer:?} {from:?} to {to:?}"),
        Effect::CancelTimer(timer) => format!("cancel {timer:?}"),
        Effect::Write(frame) => match frame::read(records.bytes(*frame)) {
            Ok(Frame::Version(version)) => {
                let Version { vector, writer, counter, .. } = &version.1;
                format!("write version {writer:?}/{counter} that saw {:?}", vector.entries())
            }
            Ok(Frame::Own(kind, _)) => format!("write own {kind}"),
            other => format!("write {other:?}"),
        },
        Effect::StopApplying => "stop applying".to_owned(),
        Effect::Apply { position, .. } => format!("apply {position:?}"),
        Effect::Flush(mark) => format!("flush {mark:?}"),
        Effect::Discard { keep } => format!("discard all but {keep}"),
        Effect::Reply { id, outcome } => {
            format!("reply to {:?}/{}: {outcome:?}", id.op, id.attempt)
        }
        Effect::Direct(directions) => format!("direct {directions:?}"),
        Effect::Note(note) => format!("note {note:?}"),
    };
    shorten(&line)
}

/// Takes the wrappers off numbers: `NodeId(0)` is n1, `Span(500000)` is 500ms.
fn shorten(line: &str) -> String {
    let mut short = line.replace(": false", ": no").replace(": true", ": yes");
    for name in ["NodeId", "Position", "Epoch", "OpId", "RecordRef", "Span", "ClientId", "Key"] {
        let open = format!("{name}(");
        while let Some(start) = short.find(&open) {
            let from = start + open.len();
            let Some(end) = short[from..].find(')').map(|length| from + length) else { break };
            let number: u64 = short[from..end].parse().unwrap();
            let told = match name {
                "NodeId" => format!("n{}", number + 1),
                "RecordRef" => format!("r{number}"),
                "Span" => format!("{}ms", number as f64 / 1_000.0),
                _ => number.to_string(),
            };
            short.replace_range(start..=end, &told);
        }
    }
    short
}

/// A span in milliseconds.
pub fn ms(millis: u64) -> Span {
    Span::from_millis(millis)
}
