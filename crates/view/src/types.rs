//! The structs of the page, panel by panel. Times are in milliseconds of simulated time.

pub use engine::world::fault::Offer;

pub use super::axis::{MarkShape, Overview, TimeBand, TimeLine, TimeMark, Timeline};
pub use super::bars::{Bar, Bars, Part};
pub use super::reason::{Reason, Sentence};
pub use super::ring::Ring;
pub use super::stage::store::{HashTree, KeyRing};

/// What something means to a reader; the page gives each tone a colour *and* a shape or word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// Leadership.
    Leader,
    /// A write on its way.
    Write,
    /// Acknowledged, confirmed.
    Good,
    /// Waiting, suspected, degraded.
    Wait,
    /// Lost, broken.
    Lost,
    /// Heartbeats, idle things, what is down.
    Faint,
}

/// The cluster at the playhead.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// Every node.
    pub nodes: Vec<NodeCard>,
    /// Links that are not simply whole, and all links between nodes that run.
    pub links: Vec<LinkView>,
    /// The ring of keys, where not every node holds every key.
    pub ring: Option<KeyRing>,
    /// Faces of the clients.
    pub clients: Vec<ClientFace>,
    /// Nodes in the order in which writes pass through them; empty where there is no such order.
    pub row: Vec<u8>,
    /// The machine that runs the configuration service.
    pub service: Option<u8>,
    /// What the one large button does.
    pub deed: Option<Deed>,
    /// What adding a node is called.
    pub adds: &'static str,
}

/// What the one large button does: it breaks the most important node, or brings a dead one back.
#[derive(Clone, PartialEq, Debug)]
pub struct Deed {
    /// What it says.
    pub label: String,
    /// What happens.
    pub action: engine::world::Action,
    /// Whether it breaks something.
    pub breaks: bool,
}

/// One node.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeCard {
    /// Its number, counted from zero.
    pub node: u8,
    /// `n1`.
    pub name: String,
    /// "leader", "follower", "crashed", …: the role in a word.
    pub word: &'static str,
    /// How the card looks.
    pub look: NodeLook,
    /// Its epoch (the last known one if it is down).
    pub epoch: u32,
    /// The end of its log as cells, oldest first; at most [`CELLS`].
    pub cells: Vec<Cell>,
    /// Positions; `None` while the process does not run.
    pub positions: Option<Positions>,
    /// One line under the log when there is something to say ("86–88 never left this node").
    pub remark: Option<String>,
    /// A countdown, drawn as an emptying ring; suspicion that accumulates, as a filling one.
    pub ring: Option<Ring>,
    /// The suspicion in words, where it accumulates.
    pub suspicion: Option<String>,
    /// A hash tree that it has just compared with another node's.
    pub tree: Option<HashTree>,
    /// A snapshot being received: bytes so far, and in all.
    pub snapshot: Option<(u32, u32)>,
    /// The pages that its data is being copied from, or was opened from.
    pub pages: Vec<PageView>,
    /// Whether a write is acknowledged only after this node's confirmation, or after one of several,
    /// of which this is one.
    pub synchronous: bool,
    /// For whom "saved" waits, if for this node among others: "“saved” waits for n2 or n3".
    pub awaited: Option<String>,
    /// What can be done to it now, in order of use.
    pub offers: Vec<Offer>,
}

/// How many log cells a card shows.
pub const CELLS: usize = 12;

/// How many pages a card shows.
pub const PAGES: usize = 8;

/// One page of a copy of data files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageView {
    /// "p3".
    pub name: String,
    /// "p3 @ 1,204": which, and the moment that it is of.
    pub label: String,
    /// How far the leader stood when it was read.
    pub at: u32,
    /// How old it is: from 0, as new as the newest, to 4, the oldest.
    pub age: u32,
}

/// How a node's card looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeLook {
    /// Leads.
    Leader,
    /// Follows.
    Follower,
    /// Asks for votes or surveys.
    Candidate,
    /// Copies data.
    CatchingUp,
    /// Its log has parted.
    Stranded,
    /// The last of a chain.
    Tail,
    /// Not in the chain.
    Outside,
    /// Runs the configuration service.
    Service,
    /// Paused.
    Paused,
    /// The process died.
    Crashed,
    /// The machine has no power.
    PoweredOff,
}

/// One log record on a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Its position.
    pub position: u32,
    /// What it is.
    pub look: CellLook,
    /// The operation that it carries out, to be inspected.
    pub op: Option<u32>,
    /// "86: k7 = 91, acknowledged, lost": for the tooltip and screen readers.
    pub text: String,
}

/// The state of a record on a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellLook {
    /// Committed.
    Committed,
    /// Flushed here, not yet committed.
    Replicating,
    /// In memory, waiting for the flush.
    Waiting,
    /// Acknowledged to a client and lost.
    Lost,
    /// Parts from the leader's log, never acknowledged.
    Parted,
    /// The mark that opens an epoch.
    EpochMark,
}

/// Positions of a node's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Positions {
    /// The log's end.
    pub last: u32,
    /// Durable up to here.
    pub flushed: u32,
    /// Committed up to here.
    pub committed: u32,
    /// Applied up to here.
    pub applied: u32,
    /// The log was dropped up to here.
    pub base: u32,
}

/// A link between two nodes: both directions.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkView {
    /// One end.
    pub a: u8,
    /// The other.
    pub b: u8,
    /// Whether the way from a to b is cut.
    pub cut_ab: bool,
    /// Whether the way from b to a is cut.
    pub cut_ba: bool,
    /// Whether it is disturbed (loses, delays).
    pub disturbed: bool,
    /// "n1 to n2: cut; n2 to n1: whole".
    pub text: String,
}

/// A group of clients' face: what they were told last.
#[derive(Clone, PartialEq, Debug)]
pub struct ClientFace {
    /// Its number, counted from zero.
    pub client: u16,
    /// `c1`.
    pub name: String,
    /// The node that it talks to.
    pub talks_to: u8,
    /// "saved k7 = 91", "no answer, asking n2".
    pub told: String,
    /// The same in few words and with whole numbers, for its face.
    pub brief: String,
    /// How it feels.
    pub tone: Tone,
}

/// A message in flight, as the page moves it: position is linear between the two times.
#[derive(Clone, PartialEq, Debug)]
pub struct Chip {
    /// Names the message for actions: the number of the event of its sending. Client talk has ids
    /// too, but cannot be meddled with.
    pub id: u64,
    /// Where it comes from.
    pub from: End,
    /// Where it goes.
    pub to: End,
    /// When it left.
    pub sent_ms: f64,
    /// When it arrives.
    pub arrives_ms: f64,
    /// What it is, for the look.
    pub look: ChipLook,
    /// Short text on it: "91", "✓90"; empty for heartbeats.
    pub label: String,
}

/// One end of a message's way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// A node.
    Node(u8),
    /// A client.
    Client(u16),
}

/// What a message is, for the look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChipLook {
    /// A client's write, or log records.
    Write,
    /// A confirmation, or a client being told "saved".
    Good,
    /// A refusal.
    Refused,
    /// A read or its answer.
    Read,
    /// A heartbeat or its answer.
    Beat,
    /// Votes, surveys, appointments, fences.
    Election,
    /// Pieces of a snapshot and their confirmations, hellos.
    Copy,
}

/// The fate of every write.
#[derive(Clone, PartialEq, Debug)]
pub struct Ledger {
    /// Counts.
    pub tally: Tally,
    /// The newest few, then the lost ones, then the rest, each newest first; at most [`LEDGER_ROWS`].
    pub rows: Vec<LedgerRow>,
    /// Lost or overwritten writes that are not among the rows.
    pub more_lost: u32,
}

/// How many rows the ledger shows.
pub const LEDGER_ROWS: usize = 40;

/// Counts of the ledger.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Tally {
    /// Acknowledged, lost ones included.
    pub acknowledged: u32,
    /// Acknowledged and lost.
    pub lost: u32,
    /// Acknowledged and overwritten unseen, where data are versions per key.
    pub overwritten: u32,
    /// Not yet answered.
    pub waiting: u32,
    /// Ended without an answer.
    pub unknown: u32,
    /// Refused for good.
    pub failed: u32,
    /// Time in which no write was acknowledged though one was asked for.
    pub blocked_ms: f64,
}

/// One write.
#[derive(Clone, PartialEq, Debug)]
pub struct LedgerRow {
    /// The operation.
    pub op: u32,
    /// "k7 = 91".
    pub what: String,
    /// "lost", "on n2, n3", "waiting for n2", "unknown".
    pub fate: String,
    /// Its tone; the page adds a mark.
    pub tone: Tone,
    /// The time to show.
    pub at_ms: f64,
    /// The reason, under a lost or unknown one.
    pub why: Option<String>,
    /// Its kind and the events that it tells, where it is told from events.
    pub reason: Option<Reason>,
}

/// One promise and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct VerdictView {
    /// The promise's stable name, as in reports: `acknowledged-writes-survive`.
    pub id: &'static str,
    /// "Acknowledged writes survive".
    pub promise: &'static str,
    /// "holds", "broken", "not exercised".
    pub word: &'static str,
    /// Good, Lost or Faint.
    pub tone: Tone,
    /// The reason in a sentence.
    pub why: String,
    /// An event to look at.
    pub witness: Option<u32>,
    /// The operations around an answer that fits no order.
    pub bars: Option<Bars>,
}

/// What is selected, explained.
#[derive(Clone, PartialEq, Debug)]
pub struct Inspector {
    /// "n2", "append 91 from n1 to n2", "write k7 = 91".
    pub title: String,
    /// Label and value.
    pub rows: Vec<(String, String)>,
    /// Why: the chain of causes, the newest first. Of a write that is lost: the events that its reason
    /// tells.
    pub causes: Vec<CauseStep>,
    /// The kind of its reason, and the events, where it has one that is told from events.
    pub reason: Option<Reason>,
    /// What can be done to it.
    pub offers: Vec<Offer>,
}

/// One step in a chain of causes.
#[derive(Clone, PartialEq, Debug)]
pub struct CauseStep {
    /// When.
    pub at_ms: f64,
    /// A sentence.
    pub text: String,
    /// The event, to seek to.
    pub event: u32,
}

/// A line for the live region and the text log: one state change.
#[derive(Clone, PartialEq, Debug)]
pub struct LogLine {
    /// When.
    pub at_ms: f64,
    /// A sentence.
    pub text: String,
    /// The event.
    pub event: u32,
    /// Its tone.
    pub tone: Tone,
}
