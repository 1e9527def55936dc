//! How somebody watches a run: an observer sees each event and a read-only view of the world.
//! It cannot change anything.

use super::event::Event;
use super::setup::ClientSetup;
use crate::base::{ClientId, Key, NodeId, OpId, Position, SimTime, Span};
use crate::protocol::facts::Extent;
use crate::protocol::{Command, NodeFacts, RecordRef, Records, Shape};

/// Watches a run. Copied with every checkpoint: keep growing state in
/// [`Chunked`](crate::base::Chunked) lists.
pub trait Observer: Clone {
    /// A client began an operation; the `Invoked` event follows. Operations are numbered from 0 in
    /// order.
    fn on_operation(&mut self, op: OpId, client: ClientId, command: Command, at: SimTime);
    /// Something happened.
    fn on_event(&mut self, event: &Event, world: &WorldView<'_>);
    /// Somebody is about to read what was watched: what is judged now and then is to be judged as of `now`. The run
    /// itself goes on from a copy that was not looked at, so that looking changes nothing.
    fn look(&mut self, _now: SimTime, _world: &WorldView<'_>) {}
}

/// Watches nothing: for runs at full speed.
impl Observer for () {
    fn on_operation(&mut self, _: OpId, _: ClientId, _: Command, _: SimTime) {}
    fn on_event(&mut self, _: &Event, _: &WorldView<'_>) {}
}

/// What an observer can look at.
#[derive(Clone, Copy)]
pub struct WorldView<'a> {
    /// Every record ever written.
    pub records: &'a Records,
    /// The nodes. Asking costs time; ask at rare events only.
    pub nodes: &'a dyn Nodes,
    /// What the data of the protocol are.
    pub shape: Shape,
    /// Groups of clients.
    pub clients: &'a [ClientSetup],
}

/// The nodes of a run, for readers.
pub trait Nodes {
    /// How many there are.
    fn count(&self) -> u8;
    /// Whether its process runs.
    fn status(&self, node: NodeId) -> NodeStatus;
    /// Its facts, if its process runs (paused ones too).
    fn facts(&self, node: NodeId) -> Option<NodeFacts>;
    /// How far it is, if its process runs (paused ones too). Costs little.
    fn extent(&self, node: NodeId) -> Option<Extent>;
    /// The record at a position of its log, if its process runs and the log still has it.
    fn record_at(&self, node: NodeId, position: Position) -> Option<RecordRef>;
    /// A digest of the data that its readers see, if its process runs.
    fn state_digest(&self, node: NodeId) -> Option<u64>;
    /// The versions that it holds of a key, if its process runs.
    fn stored(&self, node: NodeId, key: Key) -> Vec<RecordRef>;
    /// Every version that it holds; of one whose process does not run, that lie on its disk.
    fn holdings(&self, node: NodeId, records: &Records) -> Vec<RecordRef>;
    /// Whether its disk completes a flush just now.
    fn flushing(&self, node: NodeId) -> bool;
    /// How often nodes compare what they hold by themselves; zero if they never do.
    fn repair_period(&self) -> Span;
    /// How far its clock is ahead, in microseconds; negative: behind.
    fn clock_wrong_by(&self, node: NodeId, now: SimTime) -> i64;
}

/// Whether a node's process runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NodeStatus {
    /// It runs.
    Up,
    /// It is stopped with its connections open.
    Paused,
    /// Its process died.
    Crashed,
    /// Its machine has no power.
    PoweredOff,
}
