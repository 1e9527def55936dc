//! # Chain replication
//!
//! **The problem.** Several machines shall hold the same data, and readers shall never see anything
//! older than what was acknowledged, without a vote for every write.
//!
//! **The idea.** The nodes stand in a row. Writes enter at the first, the *head*; each node passes
//! them to the next in order; the last, the *tail*, acknowledges them and answers all reads. What a
//! node has, every node before it has as well: the update propagation invariant. So what the tail has
//! acknowledged is everywhere, and what it answers is the truth. A *configuration service* hears from
//! every node and repairs the chain:
//!
//! - **The head fails**: its successor takes over. What the old head alone had was never acknowledged.
//! - **The tail fails**: its predecessor becomes the tail, and has all that the old one had.
//! - **A middle fails**: its successor reports how far its log reaches, and its predecessor sends what
//!   is missing. For that each node holds what it has sent on and what is not yet acknowledged: `Sent`.
//! - **A node joins**: the tail feeds it, by a snapshot and the log, and lets it become the tail.
//!
//! **What it gives up.** The latency of a write grows with every node. While the service has not
//! noticed a failure, writes wait (and reads, if it was the tail). Somebody else must decide who is in
//! the chain: here one service, which the papers take for replicated itself.
//!
//! **Variants that the papers compare.** *CRAQ*: every node answers reads, the clean ones at once, the
//! dirty ones after asking the tail which version is committed. *Primary/backup*: the first node sends
//! to all others in parallel, and answers when all have it. *Weak*: every node answers reads with what
//! it has.
//!
//! **Sources.** van Renesse and Schneider, *Chain Replication for Supporting High Throughput and
//! Availability*, OSDI 2004; Terrace and Freedman, *Object Storage on CRAQ*, USENIX ATC 2009.
//! Windows Azure Storage (Calder et al., SOSP 2011) is related to chain replication: its primary sends
//! to two secondaries in parallel.
//!
//! **Where we depart.** The paper's nodes stop when they fail. Here a node that is only paused or cut
//! off may be left out: all talk carries the epoch of a configuration and is turned away in another
//! (so that no old head gets anything acknowledged), and a node answers reads only while the service
//! has heard it lately (so that no old tail answers with old data).

mod applying;
mod boot;
pub mod configuration;
mod controls;
mod describe;
mod fields;
mod join;
pub mod knobs;
mod link;
mod message;
pub mod presets;
mod read;
mod repair;
mod replica;
mod service;
#[cfg(test)]
mod step_tests;
mod update;

pub use message::{Batch, Message, Passed};
pub use replica::Replica;
pub use service::Service;

use engine::base::{Epoch, NodeId, Position, SimTime};
use engine::protocol::facts::Extent;
use engine::protocol::{
    Admin, Boot, Card, Directions, Effects, FaultModel, Input, MessageFacts, NodeFacts, Policy,
    Post, Promise, Protocol, RecordRef, Records, Request, Shape, TimerKind, TimerName,
};
use knobs::Knobs;

/// One machine of a chain: a node, or the configuration service.
#[derive(Clone, Debug)]
pub enum Chain {
    /// Holds a copy of the data.
    Replica(Box<Replica>),
    /// Says who is in the chain.
    Service(Box<Service>),
}

/// Timers of a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// A node's next sign of life.
    Beat,
    /// Some node was silent for too long.
    Silence,
    /// The next piece of a snapshot may go out.
    Piece,
}

/// What a flush is remembered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The log up to here, if nothing was cut off since.
    Log {
        /// Where the log ended when the flush was asked for.
        position: Position,
        /// How often records had left the log's end by then; if more did since, the mark is void.
        era: u32,
    },
    /// A received snapshot.
    Snapshot {
        /// The snapshot holds the data as of this position.
        position: Position,
        /// How often records had left the log's end by then; if more did since, the mark is void.
        era: u32,
    },
    /// A snapshot that stands for the front of the log.
    Front {
        /// The first disk extent that is still needed, as this process counts them from 0.
        first_extent: u32,
    },
    /// The chain of this epoch.
    Chain(Epoch),
}

impl scenario::Offered for Chain {
    const KNOBS: &'static [scenario::knobs::Entry] = controls::KNOBS;
    const PRESETS: &'static [scenario::Preset] = presets::PRESETS;
}

impl Protocol for Chain {
    const CARD: Card = Card {
        id: "chain",
        title: "Chain replication",
        sentence: "Writes enter at the head of a row of nodes; its tail acknowledges them and answers \
                   reads.",
        source: "van Renesse and Schneider, OSDI 2004; Terrace and Freedman, USENIX ATC 2009",
        data: Shape::Line,
        promises: &[
            (Promise::AcknowledgedWritesSurvive, FaultModel::Any),
            (Promise::OneLeader, FaultModel::Any),
            (Promise::ReplicasAgree, FaultModel::Any),
            (Promise::ReplicasConverge, FaultModel::Any),
            (Promise::NothingAppliedTwice, FaultModel::Any),
        ],
        service: true,
        red: ("Power off the head", Post::Head),
        adds: "Add a node at the tail",
        promotes: false,
    };
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        if boot.service == Some(boot.me) {
            Self::Service(Box::new(Service::start(boot, out)))
        } else {
            Self::Replica(Box::new(boot::start(boot, out)))
        }
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        match self {
            Self::Replica(replica) => replica.step(now, input, out),
            Self::Service(service) => match input {
                Input::Message { from, message } => service.on_message(now, from, &message, out),
                Input::Timer(_) => service.on_silence(now, out),
                Input::Flushed(Mark::Chain(epoch)) => service.on_flushed(epoch, out),
                Input::Admin(Admin::Join(node)) => service.on_join(now, node),
                Input::Flushed(_)
                | Input::Applied(_)
                | Input::Request(_)
                | Input::PeerClosed(_)
                | Input::Admin(Admin::Promote | Admin::CopyAfresh) => {}
            },
        }
    }

    fn first_asked(knobs: &Knobs, nodes: u8) -> Directions {
        let last = NodeId(nodes.saturating_sub(1));
        let reads = if knobs.is_star() { NodeId(0) } else { last };
        Directions { writes: NodeId(0), reads, joint: false, anywhere: false, epoch: Epoch(1) }
    }

    fn policy(knobs: &Knobs) -> Policy {
        Policy::Row(knobs.policy())
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        message.facts(records)
    }

    fn serves(&self, request: &Request) -> bool {
        match self {
            Self::Replica(replica) => replica.serves(&request.command),
            Self::Service(_) => false,
        }
    }

    fn facts(&self) -> NodeFacts {
        match self {
            Self::Replica(replica) => replica.describe(),
            Self::Service(service) => service.describe(),
        }
    }

    fn leads(&self) -> bool {
        match self {
            Self::Replica(replica) => replica.place().is_first(),
            Self::Service(_) => false,
        }
    }

    fn extent(&self) -> Extent {
        match self {
            Self::Replica(replica) => replica.extent(),
            Self::Service(service) => Extent::of(&service.describe()),
        }
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        match self {
            Self::Replica(replica) => replica.log.get(position),
            Self::Service(_) => None,
        }
    }

    fn state_digest(&self) -> u64 {
        match self {
            Self::Replica(replica) => replica.data.digest(),
            Self::Service(_) => 0,
        }
    }
}

impl TimerName for Timer {
    const COUNT: usize = 3;

    fn slot(self) -> usize {
        self as usize
    }

    fn from_slot(slot: usize) -> Self {
        [Self::Beat, Self::Silence, Self::Piece][slot]
    }

    fn kind(self) -> TimerKind {
        match self {
            Self::Beat => TimerKind::Heartbeat,
            Self::Silence => TimerKind::NoSign,
            Self::Piece => TimerKind::Piece,
        }
    }
}
