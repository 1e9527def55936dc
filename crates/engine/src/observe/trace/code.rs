//! The numbers that stand for words in a recorded event. They are part of every run's digest:
//! a new word gets a new number, an old one keeps its own.

use crate::protocol::client::Refusal;
use crate::protocol::note::{NodeLimit, Resolution};
use crate::protocol::{MessageKind, Post, TimerKind};
use crate::world::{Dropped, Limit, Refused};

/// A word with a number.
pub trait Coded: Sized {
    /// Its number.
    fn code(self) -> u8;
    /// The word with this number.
    fn from_code(code: u8) -> Option<Self>;
}

macro_rules! coded {
    ($word:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        impl Coded for $word {
            #[inline]
            fn code(self) -> u8 {
                match self { $(Self::$variant => $code),* }
            }
            fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

coded!(MessageKind {
    Append = 0, Confirm = 1, Heartbeat = 2, HeartbeatAnswer = 3, Hello = 4, Welcome = 5,
    SnapshotPiece = 6, SnapshotConfirm = 7, VoteRequest = 8, Vote = 9, Survey = 10, Standing = 11,
    Appoint = 12, Fence = 13, Forward = 14, Ack = 15, Alive = 16, AliveHeard = 17, Configure = 18,
    Petition = 19, VersionQuery = 20, VersionAnswer = 21, Again = 22, PreVoteRequest = 23,
    PreVote = 24,
    Put = 40, Stored = 41, Get = 42, Versions = 43, Repair = 44, Hint = 45, HandOff = 46,
    HandedOff = 47, PassOn = 48, Knock = 49, Here = 50, Hashes = 51, Exchange = 52, Fetch = 53,
    Update = 60, Have = 61, Page = 62, PageConfirm = 63,
});
coded!(TimerKind {
    Heartbeat = 0, Silence = 1, Election = 2, Degrade = 4, Piece = 5, NoSign = 6,
    Patience = 20, Compare = 21, Knock = 22, Sweep = 23, Resync = 30,
});
coded!(Dropped {
    Loss = 0, Cut = 1, BufferFull = 2, SenderLostPower = 3, ReceiverDown = 4,
    ReceiverRestarted = 5, ByHand = 6, Limit = 7,
});
coded!(Refusal {
    LeaseOver = 1, Copying = 2, Busy = 3, TooOld = 4, Unsure = 5, QuorumMissed = 20,
    TooFewReplicas = 21, TooFewInStep = 6, Applying = 30, Behind = 40, TwoKeys = 41,
    NoCondition = 42, NotEqual = 43,
});
coded!(Post { Leader = 0, Head = 1, Tail = 2 });
coded!(Resolution {
    LaterStamp = 0, WrongClock = 1, KeptBoth = 2, Merged = 3, AddWins = 4, FirstSite = 5,
});
coded!(NodeLimit { Waiting = 0, Early = 1 });
coded!(Refused {
    NoSuchNode = 0, DoesNotRun = 1, HasNoPower = 2, IsPaused = 3, IsNotPaused = 4, RunsAlready = 5,
    LeadsAlready = 6, NobodyIsPromoted = 7, OneNode = 8, NotInFlight = 9, NoMoreNodes = 10,
    HasNoApplier = 11, AppliesNothing = 12, AppliesAlready = 13,
});
coded!(Limit { Trace = 0, Operations = 1, InFlight = 2, Nodes = 3 });
