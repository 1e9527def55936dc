//! Step tests: arrange a node, give it one input, compare everything that it asks for.

mod applying;
mod conflicting;
mod exchanging;
mod starting;
mod writing;

use std::rc::Rc;

use super::knobs::{Data, Knobs, Resolve};
use super::updates::Update;
use super::{Mark, Message, MultiLeader, Timer};
use engine::base::{ClientId, Epoch, Key, NodeId, OpId, Position, SimTime};
use engine::protocol::parts::frame::{self, Frame};
use engine::protocol::parts::{Dot, Version, VersionVector};
use engine::protocol::policy::Topology;
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
    pub node: MultiLeader,
    pub records: Records,
    pub clock: i64,
    pub applying: Applying,
    disk: Vec<FrameRef>,
    knobs: Knobs,
    nodes: u8,
}

/// Three leaders that keep siblings, with one change.
pub fn knobs(change: impl FnOnce(&mut Knobs)) -> Knobs {
    let mut knobs = Knobs { resolve: Resolve::Siblings, ..Knobs::default() };
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
        let node = MultiLeader::boot(&boot, &mut Effects::new(&mut list, &mut records));
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

    fn carry_out(&mut self, list: Vec<Effect<MultiLeader>>) -> Vec<String> {
        let told = list.iter().map(|effect| tell(effect, &self.records)).collect();
        for effect in list {
            if let Effect::Write(frame) = effect {
                self.disk.push(frame);
            }
        }
        told
    }

    /// Gives the node an input; says what it asks for.
    pub fn effects(&mut self, ms: u64, input: Input<MultiLeader>) -> Vec<String> {
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

    pub fn flushed(&mut self, ms: u64, number: u32) -> Vec<String> {
        self.effects(ms, Input::Flushed(Mark(number)))
    }

    /// The first attempt of a write of key 0 by client 0.
    pub fn write(&mut self, ms: u64, op: u32) -> Vec<String> {
        self.effects(ms, Input::Request(write(op, K)))
    }

    pub fn read(&mut self, ms: u64, op: u32) -> Vec<String> {
        let command = Command::Read { key: K, at_leader: true };
        self.effects(ms, Input::Request(Request { command, ..write(op, K) }))
    }

    /// A write of another leader, having seen others; all that its leader had taken in are they.
    pub fn update(&mut self, writer: NodeId, counter: u32, seen: &[&Update]) -> Update {
        self.changed(writer, counter, seen, false)
    }

    /// The same, taking the value away.
    pub fn removal(&mut self, writer: NodeId, counter: u32, seen: &[&Update]) -> Update {
        self.changed(writer, counter, seen, true)
    }

    fn changed(&mut self, writer: NodeId, counter: u32, seen: &[&Update], deleted: bool) -> Update {
        let mut vector = VersionVector::default();
        for version in seen.iter().filter_map(|update| self.records.version(update.record)) {
            vector.merge(&version.context());
        }
        let mut after = vector.clone();
        after.see(Dot { node: writer, counter: counter - 1 });
        let stamp = i64::from(counter) * 1_000;
        let version = Version { vector, writer, counter, stamp, deleted };
        let op = OpId(100 + u32::try_from(self.records.len()).unwrap());
        let value = if deleted { 0 } else { u64::from(op.0) * 10 };
        let record = Record { op, key: K, value, value_bytes: 8, ..Record::default() };
        let chain = record.chain_after(u64::from(writer.0) << 32 | u64::from(counter));
        let given = seen.iter().map(|update| update.record).collect();
        let record = Record { chain, ..record };
        let record = frame::write_version(&mut self.records, record, version, given);
        let after = if self.knobs.causality { after } else { VersionVector::default() };
        Update { record, after: Rc::new(after) }
    }

    /// What the node shows of key 0.
    pub fn shown(&self) -> Vec<RecordRef> {
        self.node.stored(K)
    }
}

/// Updates on their way for the first time.
pub fn news(list: &[&Update]) -> Message {
    Message::Updates { list: all(list), answers: false, more: false, sent: SimTime::ZERO }
}

/// Updates that were asked for.
pub fn answer(list: &[&Update], more: bool) -> Message {
    Message::Updates { list: all(list), answers: true, more, sent: SimTime::ZERO }
}

fn all(list: &[&Update]) -> Rc<[Update]> {
    list.iter().map(|update| (*update).clone()).collect()
}

/// "I have everything up to here."
pub fn have(seen: &[(NodeId, u32)], copying: bool) -> Message {
    let mut vector = VersionVector::default();
    seen.iter().for_each(|(node, counter)| vector.see(Dot { node: *node, counter: *counter }));
    // By then everything that was sent before has come, or was lost.
    Message::Have { seen: Rc::new(vector), copying, echo: SimTime::from_millis(1_000_000) }
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

/// Compares the whole list.
#[track_caller]
pub fn check(effects: Vec<String>, expected: &[&str]) {
    assert_eq!(effects, expected, "{effects:#?}");
}

/// An effect in a line.
fn tell(effect: &Effect<MultiLeader>, records: &Records) -> String {
    let line = match effect {
        Effect::Send { to, message } => format!("{to:?} <- {}", message_line(message)),
        Effect::SetTimer { timer, from, to } => format!("set {timer:?} {from:?} to {to:?}"),
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
        Effect::Flush(Mark(number)) => format!("flush {number}"),
        Effect::Reply { id, outcome } => {
            format!("reply to {:?}/{}: {outcome:?}", id.op, id.attempt)
        }
        Effect::Note(note) => format!("note {note:?}"),
        other => format!("{other:?}"),
    };
    shorten(&line)
}

fn message_line(message: &Message) -> String {
    match message {
        Message::Updates { list, answers, more, .. } => {
            let records: Vec<RecordRef> = list.iter().map(|update| update.record).collect();
            let kind = if *answers { "Answer" } else { "Updates" };
            format!("{kind} {records:?}{}", if *more { " and more" } else { "" })
        }
        Message::Have { seen, copying, .. } => {
            format!("Have {:?}{}", seen.entries(), if *copying { ", copying" } else { "" })
        }
        Message::Forward { request } => format!("Forward {:?}", request.id.op),
    }
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
