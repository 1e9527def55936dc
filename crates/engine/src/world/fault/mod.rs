//! Everything that a script or a reader does to a cluster: a fault, its mending, an order, a hand on a message.
//!
//! Each is one file with all that is its own, and one line in [`FAULTS`]: the word that documents have for it, what
//! it needs to know, what it does, the order in words, and when readers are offered it. A click is an action with a
//! time, appended to the script: it is in the replay, in the link and in the test.

mod add_follower;
mod copy_afresh;
mod crash;
mod cut;
mod disturb;
mod full_disk;
mod heal;
mod heal_all;
mod isolate;
mod machinery;
mod message;
mod offer;
mod pause;
mod pause_applying;
mod power_off;
mod prolong;
mod promote;
mod quiet_clients;
mod restart;
mod skew_clock;
mod slow_disk;

pub use add_follower::add_follower;
pub use copy_afresh::copy_afresh;
pub use crash::crash;
pub use cut::cut;
pub use disturb::disturb;
pub use full_disk::full_disk;
pub use heal::heal;
pub use heal_all::heal_all;
pub use isolate::isolate;
pub use machinery::{Done, Machinery, Meddling, Refusal};
pub use message::{delay_message, deliver_now, drop_message, duplicate_message};
pub use offer::{ClusterState, LinkState, NodeState, Offer, Seen, offers};
pub use pause::{pause, resume};
pub use pause_applying::{pause_applying, resume_applying};
pub use power_off::power_off;
pub use prolong::prolong;
pub use promote::promote;
pub use quiet_clients::quiet_clients;
pub use restart::restart;
pub use skew_clock::{skew_clock, wrong_by};
pub use slow_disk::slow_disk;

use super::action::Target;
use crate::base::{EventId, NodeId, Span};

/// A list of faults, in the order in which documents and readers are told of them.
pub type Faults = &'static [&'static Fault];

/// Every fault of the engine's own.
pub const FAULTS: Faults = &[
    &power_off::POWER_OFF,
    &crash::CRASH,
    &pause::PAUSE,
    &pause::RESUME,
    &restart::RESTART,
    &promote::PROMOTE,
    &copy_afresh::COPY_AFRESH,
    &isolate::ISOLATE,
    &cut::CUT,
    &heal::HEAL,
    &add_follower::ADD_FOLLOWER,
    &quiet_clients::QUIET_CLIENTS,
    &heal_all::HEAL_ALL,
    &slow_disk::SLOW_DISK,
    &full_disk::FULL_DISK,
    &disturb::DISTURB,
    &skew_clock::SKEW_CLOCK,
    &pause_applying::PAUSE_APPLYING,
    &pause_applying::RESUME_APPLYING,
    &prolong::PROLONG,
    &message::DROP_MESSAGE,
    &message::DELAY_MESSAGE,
    &message::DUPLICATE_MESSAGE,
    &message::DELIVER_NOW,
];

/// Something that can be done to a cluster.
#[derive(Debug)]
pub struct Fault {
    /// Its word in documents, in kebab-case; no two have the same.
    pub word: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// What it needs to know, in the order in which a document says it.
    pub takes: &'static [Takes],
    /// What it knows where a document leaves something out.
    pub usual: Arguments,
    /// Does it now. What cannot be done changes nothing.
    ///
    /// # Errors
    /// Whom it was for, and why it cannot be done.
    pub perform: fn(&Arguments, &mut dyn Machinery) -> Done,
    /// The order in words: "crash the process of the leader".
    pub order: fn(&Arguments) -> String,
    /// What of it readers are offered for what they look at.
    pub offers: fn(&Seen) -> Vec<Offer>,
    /// Whether it brings back what is down, stopped or cut: offered first.
    pub brings_back: bool,
}

/// Two are the same if documents call them the same.
impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

/// One thing that a fault needs to know.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Takes {
    /// `node`: which one. Must be said.
    Node,
    /// `from` and `to`: the two ends of a link, in [`Arguments::node`] and [`Arguments::to`]. Must be said.
    Link,
    /// `message`: one in flight. Must be said.
    Message,
    /// Yes or no, under this name, with a sentence.
    Switch(&'static str, &'static str),
    /// A whole number under this name, with a sentence, its least and most, and its unit.
    Count(&'static str, &'static str, u32, u32, &'static str),
    /// [`Arguments::loss`]: a probability under this name, with a sentence.
    Loss(&'static str, &'static str),
    /// [`Arguments::duplicate`]: a probability under this name, with a sentence.
    Duplicate(&'static str, &'static str),
    /// A length of time in milliseconds under this name, with a sentence.
    Span(&'static str, &'static str),
    /// How far a clock is ahead, in milliseconds, under this name, with a sentence; negative: behind.
    Ahead(&'static str, &'static str),
}

/// What a fault may know. Each uses those that it takes; the others are as in [`Arguments::NONE`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Arguments {
    /// Which node, or from which one.
    pub node: Target,
    /// To which one.
    pub to: Target,
    /// A message in flight, named by the event of its sending.
    pub message: EventId,
    /// Yes or no.
    pub yes: bool,
    /// How many, or how many times.
    pub count: u32,
    /// Probability that a message is lost, from 0 to 1.
    pub loss: f64,
    /// Probability that a message arrives twice, from 0 to 1.
    pub duplicate: f64,
    /// How long, or how much later.
    pub span: Span,
    /// How far a clock is ahead, in microseconds; negative: behind.
    pub ahead_us: i64,
}

impl Arguments {
    /// Nothing but the first node.
    pub const NONE: Self = Self {
        node: Target::Node(NodeId(0)),
        to: Target::Node(NodeId(0)),
        message: EventId::NONE,
        yes: false,
        count: 0,
        loss: 0.0,
        duplicate: 0.0,
        span: Span::ZERO,
        ahead_us: 0,
    };
}

/// Something that is done: which fault, and what it knows.
#[derive(Clone, Copy, PartialEq)]
pub struct Action {
    /// What is done.
    pub fault: &'static Fault,
    /// To what, and how.
    pub with: Arguments,
}

impl Action {
    /// The fault with what it usually knows.
    #[must_use]
    pub const fn usual(fault: &'static Fault) -> Self {
        Self { fault, with: fault.usual }
    }

    /// The fault on this node, the rest as usual.
    #[must_use]
    const fn on(fault: &'static Fault, node: Target) -> Self {
        Self { fault, with: Arguments { node, ..fault.usual } }
    }

    /// The order in words: "crash the process of the leader".
    #[must_use]
    pub fn order(&self) -> String {
        (self.fault.order)(&self.with)
    }

    /// Whether documents call it so.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.fault.word == word
    }
}

/// Its word and what it knows, as tests print it.
impl core::fmt::Debug for Action {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {:?}", self.fault.word, self.with)
    }
}

/// Of what is never offered.
const fn nothing(_: &Seen) -> Vec<Offer> {
    Vec::new()
}
