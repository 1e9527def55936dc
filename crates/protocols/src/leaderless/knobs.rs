//! The settings of leaderless replication, in the order in which readers need them.

use engine::base::{Delay, NodeId, Span};
use engine::protocol::parts::{Conflicts, Context};
use engine::protocol::policy::Quorums;

/// All settings. The same on every node.
#[derive(Clone, PartialEq, Debug)]
pub struct Knobs {
    /// How many nodes hold each key.
    pub n: u8,
    /// How many must answer a read.
    pub r: u8,
    /// How many must confirm a write.
    pub w: u8,
    /// What is kept where two versions of a key are concurrent.
    pub versions: Conflicts,
    /// Whose knowledge a write carries.
    pub context: Context,
    /// What becomes of a replica that answers a read with an older version.
    pub read_repair: ReadRepair,
    /// Whether a version is kept for a replica that does not confirm it, and handed over later.
    pub hinted_handoff: bool,
    /// Whether nodes outside of the preference list stand in for silent ones and count.
    pub sloppy: bool,
    /// How often a node compares its data with another's; `None`: never.
    pub anti_entropy: Option<Span>,
    /// How long a tombstone is kept; `None`: for ever.
    pub tombstones: Option<Span>,
    /// After so long a coordinator answers that too few replicas took part.
    pub timeout: Span,
    /// After so long a silent replica is done without; `None`: never.
    pub suspect_after: Option<Span>,
    /// Whom a coordinator asks.
    pub ask: Ask,
    /// At how many points of the ring each node stands.
    pub points: u8,
    /// The ways of requests and answers between coordinator and replicas, if not those of links.
    pub legs: Option<Legs>,
}

/// What becomes of a replica that answers a read with an older version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadRepair {
    /// Nothing.
    Off,
    /// It is sent the newer one, and the client is answered meanwhile.
    Asynchronous,
    /// It is sent the newer one, and the client is answered when enough replicas have it.
    Blocking,
}

/// Whom a coordinator asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// All replicas; the fastest count.
    All,
    /// Only as many as must answer, drawn by the number of the operation: the quorums do not grow,
    /// as in the closed forms of Bailis et al., section 3.1.
    Quorum,
}

/// The four ways of Bailis et al.: of a write, its acknowledgement, a read and its response.
///
/// With these the coordinator is a process of its own: it reaches the replica on its own node
/// over them too.
#[derive(Clone, PartialEq, Debug)]
pub struct Legs {
    /// From the coordinator to a replica, by replica; one for all, or one each.
    pub write: Vec<Delay>,
    /// Back.
    pub ack: Vec<Delay>,
    /// From the coordinator to a replica.
    pub read: Vec<Delay>,
    /// Back.
    pub response: Vec<Delay>,
    /// Added to each between two nodes.
    pub remote: Span,
}

impl Legs {
    /// The delay of a leg to or from a replica.
    #[must_use]
    pub fn of(leg: &[Delay], replica: NodeId) -> Option<&Delay> {
        leg.get(replica.index()).or(leg.last())
    }
}

impl Knobs {
    /// What these settings guarantee.
    #[must_use]
    pub fn policy(&self) -> Quorums {
        Quorums {
            copies: self.n,
            reads: self.r,
            writes: self.w,
            sloppy: self.sloppy,
            conflicts: self.versions,
            repairs: self.read_repair != ReadRepair::Off || self.anti_entropy.is_some(),
        }
    }
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            n: 3,
            r: 2,
            w: 2,
            versions: Conflicts::Siblings,
            context: Context::Client,
            read_repair: ReadRepair::Asynchronous,
            hinted_handoff: true,
            sloppy: false,
            anti_entropy: Some(Span::from_millis(2_000)),
            tombstones: None,
            timeout: Span::from_millis(500),
            suspect_after: Some(Span::from_millis(100)),
            ask: Ask::All,
            points: 8,
            legs: None,
        }
    }
}
