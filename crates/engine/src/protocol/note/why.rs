//! What notes say of reasons and endings: why a leader stopped, why a vote was refused, how a conflict ended, which limit
//! was reached. Whether it is so is not known here.

use crate::base::NodeId;

/// Why a leader stopped leading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepDown {
    /// A node of the later epoch turned it away.
    TurnedAway {
        /// Who turned it away.
        by: NodeId,
        /// Who leads the later epoch, as far as that node knew.
        leader: Option<NodeId>,
    },
    /// The leader of the later epoch was heard.
    Replaced {
        /// The leader of the later epoch.
        by: NodeId,
    },
    /// A candidate asked for its vote in the later epoch.
    AskedForVote {
        /// The candidate of the later epoch.
        by: NodeId,
    },
    /// A node was heard that is in the later epoch.
    LaterEpoch {
        /// Who was heard.
        by: NodeId,
    },
    /// A client had heard of the later epoch.
    ToldByClient,
    /// Another node leads in the same epoch, and goes first.
    SameEpoch {
        /// The other leader; its name comes before this one's.
        by: NodeId,
    },
    /// An administrator ordered it to copy everything afresh.
    Ordered,
}

/// Why a node would not vote for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PreVoteRefusal {
    /// It heard this leader less than a lease ago, or leads itself.
    HearsLeader(NodeId),
    /// It voted or started less than a lease ago, and may have promised something; or it must not
    /// vote as long as its log has parted from the leader's.
    Bound,
    /// It is in that epoch or a later one.
    LaterEpoch,
    /// It has thrown away data that it had confirmed.
    Emptied,
    /// Its own log is more up to date.
    LogBehind,
}

/// How a conflict between two writes ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// Neither had seen the other; the later stamp wins.
    LaterStamp,
    /// The loser had even seen the winner, but has an earlier stamp.
    WrongClock,
    /// Neither had seen the other; both are kept.
    KeptBoth,
    /// Neither had seen the other; both count.
    Merged,
    /// The removal had not seen the addition, which stays.
    AddWins,
    /// Neither had seen the other; readers are shown that of the first site.
    FirstSite,
}

/// A limit inside a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeLimit {
    /// Waiting requests.
    Waiting,
    /// Records that arrived ahead of a gap.
    Early,
}
