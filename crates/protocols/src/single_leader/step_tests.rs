//! Step tests: arrange a node, give it one input, compare everything that it asks for.
//!
//! An effect is told in a line: who sends what to whom, which timer, which frame on the disk. The
//! lists are whole and in order, so that nothing is asked for unseen.

mod applying;
mod asking;
mod catching_up;
mod copying_files;
mod electing;
mod following;
mod leading;
mod pre_voting;
mod starting;
mod surveying;
mod suspecting;

use super::knobs::{Knobs, Mode, Promote};
use super::message::{Batch, Message};
use super::{Mark, SingleLeader, Timer};
use engine::base::{ClientId, Epoch, Key, NodeId, OpId, Position, SimTime, Span};
use engine::protocol::parts::frame;
use engine::protocol::told::tell;
use engine::protocol::{
    Admin, Applying, Boot, Command, Effect, Effects, FrameRef, Input, Protocol, Record, RecordRef,
    Records, Request, RequestId,
};

pub const N1: NodeId = NodeId(0);
pub const N2: NodeId = NodeId(1);
pub const N3: NodeId = NodeId(2);

/// Applying takes no time, and nothing was applied before.
const AT_ONCE: (Applying, Position) = (Applying::AtOnce, Position::ZERO);

/// One node on a bench: its disk, its clock, and the records of everybody.
pub struct Bench {
    pub node: SingleLeader,
    pub records: Records,
    pub applying: Applying,
    disk: Vec<FrameRef>,
    knobs: Knobs,
    nodes: u8,
}

/// The usual knobs, with one change.
pub fn knobs(change: impl FnOnce(&mut Knobs)) -> Knobs {
    let mut knobs = Knobs::default();
    change(&mut knobs);
    knobs
}

/// One confirmation of any follower is waited for.
pub fn any_one() -> Knobs {
    knobs(|k| k.acknowledge.mode = Mode::SemiSyncAny(1))
}

/// Votes are asked for at once, as in Raft without pre-vote.
pub fn at_once() -> Knobs {
    knobs(|k| k.failover.pre_vote = false)
}

/// First-to-notice promotion.
pub fn first_to_notice() -> Knobs {
    knobs(|k| k.failover.promote = Promote::FirstToNotice)
}

/// An effect without what an answered heartbeat says of the log.
fn essential(line: &str) -> String {
    match line.find(", since: ").filter(|_| line.contains("<- Alive {")) {
        Some(end) => format!("{} }}", &line[..end]),
        None => line.to_owned(),
    }
}

impl Bench {
    /// A node of a new cluster of three.
    pub fn new(me: NodeId, knobs: Knobs) -> Self {
        Self::start(me, 3, knobs, Vec::new(), Records::default(), (0, false), AT_ONCE).0
    }

    fn start(
        me: NodeId,
        nodes: u8,
        knobs: Knobs,
        disk: Vec<FrameRef>,
        mut records: Records,
        (ms, added): (u64, bool),
        (applying, applied): (Applying, Position),
    ) -> (Self, Vec<String>) {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let knobs_of = &knobs;
        let boot =
            Boot { me, nodes, now, knobs: knobs_of, disk: &disk, added, applied, service: None };
        let mut out = Effects::new(&mut list, &mut records).applying(applying);
        let node = SingleLeader::boot(&boot, &mut out);
        let mut bench = Self { node, records, applying, disk, knobs, nodes };
        let told = bench.carry_out(list);
        (bench, told)
    }

    /// What an empty node that is added to a running cluster does first.
    pub fn added(me: NodeId, ms: u64, knobs: Knobs) -> (Self, Vec<String>) {
        Self::start(me, me.0 + 1, knobs, Vec::new(), Records::default(), (ms, true), AT_ONCE)
    }

    /// The process dies and starts again from its disk; all that was written is there.
    pub fn restart(self, ms: u64) -> (Self, Vec<String>) {
        let (me, applied) = (self.node.me, (self.applying, self.node.data.applied()));
        Self::start(me, self.nodes, self.knobs, self.disk, self.records, (ms, false), applied)
    }

    /// The power goes: of the disk only the first `frames` frames are left.
    pub fn lose_power(mut self, ms: u64, frames: usize) -> (Self, Vec<String>) {
        self.disk.truncate(frames);
        self.restart(ms)
    }

    fn carry_out(&mut self, list: Vec<Effect<SingleLeader>>) -> Vec<String> {
        let told = list.iter().map(|effect| essential(&tell(effect, &self.records))).collect();
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
    pub fn effects(&mut self, ms: u64, input: Input<SingleLeader>) -> Vec<String> {
        let mut list = Vec::new();
        let now = SimTime::from_millis(ms);
        let mut out =
            Effects::new(&mut list, &mut self.records).at(time_of_day(ms)).applying(self.applying);
        self.node.step(now, input, &mut out);
        self.carry_out(list)
    }

    pub fn hears(&mut self, ms: u64, from: NodeId, message: Message) -> Vec<String> {
        self.effects(ms, Input::Message { from, message })
    }

    pub fn timer(&mut self, ms: u64, timer: Timer) -> Vec<String> {
        self.effects(ms, Input::Timer(timer))
    }

    pub fn flushed(&mut self, ms: u64, mark: Mark) -> Vec<String> {
        self.effects(ms, Input::Flushed(mark))
    }

    /// The log up to here is durable.
    pub fn log_flushed(&mut self, ms: u64, position: u32) -> Vec<String> {
        let era = self.node.era;
        self.flushed(ms, Mark::Log { position: Position(position), era })
    }

    pub fn ordered(&mut self, ms: u64, order: Admin) -> Vec<String> {
        self.effects(ms, Input::Admin(order))
    }

    /// The first attempt of a write of key 0 by client 0.
    pub fn write(&mut self, ms: u64, op: u32) -> Vec<String> {
        self.effects(ms, Input::Request(write(op)))
    }

    /// The leader's records `1..=to` of `epoch`, as this follower receives them, flushed.
    pub fn holds(&mut self, epoch: u32, to: u32) {
        for position in self.node.log.last().0 + 1..=to {
            let record = self.record(epoch, position);
            let append = append(epoch, position - 1, record, 0);
            self.hears(0, N1, append);
        }
        self.log_flushed(0, to);
    }

    /// A record that another node wrote after the end of this node's log.
    pub fn record(&mut self, epoch: u32, op: u32) -> RecordRef {
        let end = self.node.log.end();
        self.record_after(end.record, epoch, op)
    }

    /// A record that another node wrote after `parent`.
    pub fn record_after(&mut self, parent: RecordRef, epoch: u32, op: u32) -> RecordRef {
        let before = self.records.get(parent).map_or((0, 0), |r| (r.position.0, r.chain));
        let draft = Record {
            position: Position(before.0 + 1),
            epoch: Epoch(epoch),
            op: OpId(op),
            client: ClientId(0),
            number: op,
            key: Key(0),
            value: u64::from(op) * 10,
            value_bytes: 8,
            parent,
            chain: 0,
            frame: FrameRef::default(),
        };
        let record = Record { chain: draft.chain_after(before.1), ..draft };
        frame::write_record(&mut self.records, record)
    }
}

/// The first attempt of a write of key 0 by client 0.
pub fn write(op: u32) -> Request {
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

/// A read of key 0 by client 0.
pub fn read(op: u32, at_leader: bool) -> Request {
    Request { command: Command::Read { key: Key(0), at_leader }, ..write(op) }
}

/// One record that follows position `prev`.
pub fn append(epoch: u32, prev: u32, record: RecordRef, committed: u32) -> Message {
    Message::Append {
        epoch: Epoch(epoch),
        prev: Position(prev),
        records: Batch::One(record),
        committed: Position(committed),
    }
}

/// A heartbeat sent at this time.
pub fn heartbeat(epoch: u32, committed: u32, ms: u64, greet: bool) -> Message {
    let (epoch, committed) = (Epoch(epoch), Position(committed));
    let (sent, stamp) = (SimTime::from_millis(ms), time_of_day(ms));
    Message::Heartbeat { epoch, committed, sent, stamp, greet }
}

/// "I have everything up to here", said by a follower that never let go.
pub fn confirm(epoch: u32, received: u32, flushed: u32) -> Message {
    confirm_since(0, epoch, received, flushed)
}

/// The same of an attempt that began at this time.
pub fn confirm_since(ms: u64, epoch: u32, received: u32, flushed: u32) -> Message {
    Message::Confirm {
        epoch: Epoch(epoch),
        since: SimTime::from_millis(ms),
        received: Position(received),
        flushed: Position(flushed),
        applied: Position(flushed),
    }
}

/// "I heard your heartbeat."
pub fn alive(epoch: u32, sent: u64) -> Message {
    let (since, last) = (SimTime::NEVER, Position::ZERO);
    Message::Alive { epoch: Epoch(epoch), sent: SimTime::from_millis(sent), since, last }
}

/// "Vote for me."
pub fn vote_request(epoch: u32, last: u32, of: u32) -> Message {
    Message::VoteRequest { epoch: Epoch(epoch), last: Position(last), of: Epoch(of) }
}

/// Compares the whole list.
#[track_caller]
pub fn check(effects: Vec<String>, expected: &[&str]) {
    assert_eq!(effects, expected, "{effects:#?}");
}

/// What a right clock shows then.
fn time_of_day(ms: u64) -> i64 {
    i64::try_from(ms * 1_000).expect("within a run")
}

/// A span in milliseconds.
pub fn ms(millis: u64) -> Span {
    Span::from_millis(millis)
}
