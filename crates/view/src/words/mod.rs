//! Every word that a reader is told about roles, messages, faults, answers: in this folder and
//! nowhere else, so that it can be proof-read and translated.
//!
//! Clauses begin with a name and have no full stop: they stand in lists, labels and longer
//! sentences. No wildcard arms: what is new in the engine does not compile without its words.

pub mod cards;
mod events;
mod notes;
mod refusals;
mod slips;

pub use events::{Commands, clause, limit, limited, node_limit, whom_to_ask};
pub use notes::note;
pub use refusals::{brief_refusal, refusal};
pub use slips::{anomaly, brief_anomaly, slip};

use super::number::{count, one_decimal, range, things};
use engine::base::{OpId, Position};
use engine::protocol::facts::Accounts;
use engine::protocol::{
    Command, Directions, MessageFacts, MessageKind, Outcome, Post, Promise, Role, TimerKind,
};
use engine::world::{Dropped, NodeStatus};

/// A role in a word.
#[must_use]
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Leader => "leader",
        Role::Follower => "follower",
        Role::Candidate => "candidate",
        Role::CatchingUp => "catching up",
        Role::Stranded => "stranded",
        Role::Replica => "replica",
        Role::Head => "head",
        Role::Middle => "middle",
        Role::Tail => "tail",
        Role::HeadAndTail => "head and tail",
        Role::Outside => "outside",
        Role::Service => "service",
    }
}

/// The state of a process in a word.
#[must_use]
pub fn status(status: NodeStatus) -> &'static str {
    match status {
        NodeStatus::Up => "running",
        NodeStatus::Paused => "paused",
        NodeStatus::Crashed => "crashed",
        NodeStatus::PoweredOff => "powered off",
    }
}

/// What a countdown counts down to.
#[must_use]
pub fn timer(kind: TimerKind) -> &'static str {
    match kind {
        TimerKind::Heartbeat => "next heartbeat",
        TimerKind::Silence => "leader taken for dead",
        TimerKind::NoSign => "node taken for dead",
        TimerKind::Election => "end of the vote",
        TimerKind::Degrade => "answering without confirmations",
        TimerKind::Piece => "next piece of the snapshot",
        TimerKind::Patience => "end of the patience with silent replicas",
        TimerKind::Compare => "next comparison with another node",
        TimerKind::Knock => "next knock at silent nodes",
        TimerKind::Sweep => "next look for old tombstones",
        TimerKind::Resync => "next question for what it missed",
    }
}

/// How much a node suspects its leader: "suspicion 3.1 of 8".
#[must_use]
pub fn suspicion(phi: f64, threshold: f64) -> String {
    let of = one_decimal(threshold);
    format!("suspicion {} of {}", one_decimal(phi), of.trim_end_matches(".0"))
}

/// The total of a node's accounts.
#[must_use]
pub fn total(total: u64) -> String {
    format!("total {}", count(total))
}

/// A total that is wrong, and the rows that are missing.
#[must_use]
pub fn wrong_total(accounts: Accounts, right: Accounts) -> String {
    let (wrong, expected) = (count(accounts.total), count(right.opened_with()));
    let missing = match right.rows.saturating_sub(accounts.rows) {
        0 => String::new(),
        rows => format!("; {} gone", things(rows, "row")),
    };
    format!("total {wrong}, not {expected}{missing}")
}

/// A message as a thing: "log records 86–88", "a heartbeat".
#[must_use]
pub fn message(facts: &MessageFacts) -> String {
    let epoch = facts.epoch;
    match facts.kind {
        MessageKind::Append | MessageKind::Forward if facts.last == Position::ZERO => {
            "“how far are you?”".to_owned()
        }
        MessageKind::Append if facts.first >= facts.last => format!("log record {}", facts.last),
        MessageKind::Append => format!("log records {}", range(facts.first, facts.last)),
        MessageKind::Confirm => format!("“I have everything up to {}”", facts.last),
        MessageKind::Heartbeat => "a heartbeat".to_owned(),
        MessageKind::HeartbeatAnswer => "an answer to a heartbeat".to_owned(),
        MessageKind::Hello => format!("“my log ends at {}”", facts.last),
        MessageKind::Welcome => format!("“compare or continue at {}”", facts.first),
        MessageKind::SnapshotPiece => "a piece of a snapshot".to_owned(),
        MessageKind::SnapshotConfirm => "“I have this piece of the snapshot”".to_owned(),
        MessageKind::Page if facts.first == Position::ZERO => {
            format!("what is kept beside the pages, as of {}", facts.last)
        }
        MessageKind::Page => format!("page {} as of {}", facts.first, facts.last),
        MessageKind::PageConfirm => format!("“I have {} pages”", facts.last),
        MessageKind::PreVoteRequest => format!("“would you vote for me in epoch {epoch}?”"),
        MessageKind::PreVote => "an answer to the question before a vote".to_owned(),
        MessageKind::VoteRequest => format!("“vote for me in epoch {epoch}”"),
        MessageKind::Vote => format!("an answer to the vote for epoch {epoch}"),
        MessageKind::Survey => "“how far does your log reach?”".to_owned(),
        MessageKind::Standing => format!("“my log reaches {}”", facts.last),
        MessageKind::Appoint => "“lead”".to_owned(),
        MessageKind::Put => "a version to keep".to_owned(),
        MessageKind::Stored => "“I keep it”".to_owned(),
        MessageKind::Get => "“what do you have?”".to_owned(),
        MessageKind::Versions => "what it has".to_owned(),
        MessageKind::Repair => "a newer version".to_owned(),
        MessageKind::Hint => "a version to keep for another node".to_owned(),
        MessageKind::HandOff => "what was kept for it".to_owned(),
        MessageKind::HandedOff => "“I took it over”".to_owned(),
        MessageKind::PassOn => "a client's request".to_owned(),
        MessageKind::Knock => "“are you there?”".to_owned(),
        MessageKind::Here => "“I am here”".to_owned(),
        MessageKind::Hashes => "hashes of its data".to_owned(),
        MessageKind::Exchange => "versions of ranges that differ".to_owned(),
        MessageKind::Fetch => "“give me what I shall hold”".to_owned(),
        MessageKind::Fence => format!("“your epoch is over, this is epoch {epoch}”"),
        MessageKind::Forward if facts.first == facts.last => format!("log record {}", facts.last),
        MessageKind::Forward => format!("log records {}", range(facts.first, facts.last)),
        MessageKind::Ack => format!("“{} is at the end”", facts.last),
        MessageKind::Alive => "“I am alive”".to_owned(),
        MessageKind::AliveHeard => "“I heard you”".to_owned(),
        MessageKind::Configure => format!("the chain of epoch {epoch}"),
        MessageKind::Petition => "a petition about the chain".to_owned(),
        MessageKind::VersionQuery => "“which version is committed?”".to_owned(),
        MessageKind::VersionAnswer => format!("“version {} is committed”", facts.last),
        MessageKind::Update => "what a leader wrote".to_owned(),
        MessageKind::Have => "“send me what I miss”".to_owned(),
        MessageKind::Again => format!("a request whose write stands at {}", facts.last),
    }
}

/// The kind of a message, for a title: "Append", "Confirmation".
#[must_use]
pub fn message_kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Append => "Log records",
        MessageKind::Confirm => "Confirmation",
        MessageKind::Heartbeat => "Heartbeat",
        MessageKind::HeartbeatAnswer => "Answer to a heartbeat",
        MessageKind::Hello => "Hello",
        MessageKind::Welcome => "Welcome",
        MessageKind::SnapshotPiece => "Piece of a snapshot",
        MessageKind::SnapshotConfirm => "Confirmation of a snapshot piece",
        MessageKind::Page => "Page of the data files",
        MessageKind::PageConfirm => "Confirmation of a page",
        MessageKind::PreVoteRequest => "Request for a pre-vote",
        MessageKind::PreVote => "Pre-vote",
        MessageKind::VoteRequest => "Request for a vote",
        MessageKind::Vote => "Vote",
        MessageKind::Survey => "Survey",
        MessageKind::Standing => "Answer to a survey",
        MessageKind::Appoint => "Appointment",
        MessageKind::Fence => "Fence",
        MessageKind::Put => "Write",
        MessageKind::Stored => "Confirmation",
        MessageKind::Get => "Read",
        MessageKind::Versions => "Answer to a read",
        MessageKind::Repair => "Read repair",
        MessageKind::Hint => "Hinted write",
        MessageKind::HandOff => "Handoff",
        MessageKind::HandedOff => "Confirmation of a handoff",
        MessageKind::PassOn => "Forwarded request",
        MessageKind::Knock => "Knock",
        MessageKind::Here => "Answer to a knock",
        MessageKind::Hashes => "Hashes",
        MessageKind::Exchange => "Exchange of versions",
        MessageKind::Fetch => "Fetch",
        MessageKind::Forward => "Log records",
        MessageKind::Ack => "Acknowledgement",
        MessageKind::Alive => "Sign of life",
        MessageKind::AliveHeard => "Answer to a sign of life",
        MessageKind::Configure => "Configuration",
        MessageKind::Petition => "Petition",
        MessageKind::VersionQuery => "Version query",
        MessageKind::VersionAnswer => "Answer to a version query",
        MessageKind::Update => "Update",
        MessageKind::Have => "Question for what was missed",
        MessageKind::Again => "Repeated request",
    }
}

/// What a kind of message is for, in a sentence.
#[must_use]
pub fn message_help(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Append => "The leader ships what it wrote into its log.",
        MessageKind::Confirm => "A node tells the one that feeds it how far its copy reaches.",
        MessageKind::Heartbeat => "The leader says that it is alive; it refills the time-out.",
        MessageKind::HeartbeatAnswer => "A follower says that it heard the leader.",
        MessageKind::Hello => "A node tells the one that feeds it where its log ends.",
        MessageKind::Welcome => {
            "The one that feeds a node tells it where its log continues or parts."
        }
        MessageKind::SnapshotPiece => "A part of the whole data as it was at one log position.",
        MessageKind::SnapshotConfirm => "The copying node has this part.",
        MessageKind::Page => "A part of the data as it was when this page was read.",
        MessageKind::PageConfirm => "The copying node has the pages so far.",
        MessageKind::PreVoteRequest => {
            "A node that takes the leader for dead asks first whether it would be voted for."
        }
        MessageKind::PreVote => {
            "A node says whether it would vote; who hears a leader would not. It binds nobody."
        }
        MessageKind::VoteRequest => "A node that takes the leader for dead wants to lead.",
        MessageKind::Vote => "A node gives or refuses its vote; it has one in each epoch.",
        MessageKind::Survey => "A node that takes the leader for dead asks who has most.",
        MessageKind::Standing => "How far this node's log reaches.",
        MessageKind::Appoint => "The node that surveyed has chosen this one to lead.",
        MessageKind::Fence => "Turns away what comes from a leader whose time is over.",
        MessageKind::Put => "The coordinator of a write gives a replica the new version.",
        MessageKind::Stored => "The replica has the version on its disk.",
        MessageKind::Get => "The coordinator of a read asks a replica for its versions of a key.",
        MessageKind::Versions => "The versions of a key that this replica holds.",
        MessageKind::Repair => "A read found this replica behind and brings it up to date.",
        MessageKind::Hint => "A write for a node that does not answer, kept by another meanwhile.",
        MessageKind::HandOff => "The node answers again and is given what was kept for it.",
        MessageKind::HandedOff => "What was kept for this node is on its own disk now.",
        MessageKind::PassOn => "The node asked passes the request on: the key is another node's.",
        MessageKind::Knock => "Asks a node that did not answer whether it is back.",
        MessageKind::Here => "The node answers.",
        MessageKind::Hashes => "Two nodes compare hashes of ever smaller ranges of their keys.",
        MessageKind::Exchange => "What two nodes hold in the ranges whose hashes differ.",
        MessageKind::Fetch => "A node without data asks for what it shall hold.",
        MessageKind::Forward => "A node of the chain passes on what it has on its disk.",
        MessageKind::Ack => "The last of the chain has it; whoever held it back may let go.",
        MessageKind::Alive => "A node tells the configuration service that it is alive.",
        MessageKind::AliveHeard => {
            "The service heard it: for a time it will not replace this node."
        }
        MessageKind::Configure => "The service says who is in the chain, and in which order.",
        MessageKind::Petition => "A new end of the chain is ready, or a node wants to leave.",
        MessageKind::VersionQuery => "A node with a newer version asks the last which one counts.",
        MessageKind::VersionAnswer => "The last of the chain says which version readers may see.",
        MessageKind::Update => "A leader passes on what it wrote or heard of.",
        MessageKind::Have => "A node says up to where it has everything, and asks for the rest.",
        MessageKind::Again => "A client asked again; only the last of the chain may answer.",
    }
}

/// Why something never arrives: stands after a colon.
#[must_use]
pub fn dropped(why: Dropped, sender: &str, receiver: &str) -> String {
    match why {
        Dropped::Loss => "the link lost it".to_owned(),
        Dropped::Cut => "the link is cut".to_owned(),
        Dropped::BufferFull => format!("the buffer is full of what {receiver} has not read"),
        Dropped::SenderLostPower => format!("{sender} lost power while it was on its way"),
        Dropped::ReceiverDown => format!("{receiver} is down"),
        Dropped::ReceiverRestarted => format!("{receiver}'s process ended before reading it"),
        Dropped::ByHand => "it was dropped by hand".to_owned(),
        Dropped::Limit => "too much is in flight in the whole run".to_owned(),
    }
}

/// What a client wants: "k7 = 91", "read k7".
#[must_use]
pub fn command(command: Option<Command>) -> String {
    command.map_or_else(|| "something".to_owned(), |command| command.name())
}

/// A client's operation by name; a record of the database's own is "the mark of an epoch".
#[must_use]
pub fn operation(op: OpId, commands: Commands<'_>) -> String {
    if op.is_some() { command(commands(op)) } else { "the mark of an epoch".to_owned() }
}

/// What a node answers, in its own words.
#[must_use]
pub fn outcome(outcome: Outcome, wanted: Option<Command>) -> String {
    match outcome {
        Outcome::Written { .. } => match wanted {
            Some(Command::Write { key, value: 0, .. }) => format!("{key} is deleted"),
            _ => format!("{} is saved", command(wanted)),
        },
        Outcome::Value { value, .. } => read_value(wanted, value),
        Outcome::NotLeader { post, leader: Some(leader), .. } => {
            format!("I am not the {}, ask {leader}", self::post(post))
        }
        Outcome::NotLeader { post, leader: None, .. } => {
            format!("I am not the {}", self::post(post))
        }
        Outcome::Unavailable { why, .. } => refusal(why).to_owned(),
    }
}

/// An office in a word.
#[must_use]
pub fn post(post: Post) -> &'static str {
    match post {
        Post::Leader => "leader",
        Post::Head => "head",
        Post::Tail => "tail",
    }
}

/// That a node does not hold an office: stands after its name.
#[must_use]
pub fn is_not(post: Post) -> &'static str {
    match post {
        Post::Leader => "does not lead",
        Post::Head => "is not the head",
        Post::Tail => "is not the tail",
    }
}

/// What a client is told about whom to ask.
#[must_use]
pub fn directions(directions: Directions) -> String {
    whom_to_ask(directions.writes, directions.reads)
}

fn read_value(wanted: Option<Command>, value: u64) -> String {
    let key = wanted.map_or_else(|| "it".to_owned(), |wanted| wanted.key().to_string());
    if value == 0 { format!("{key} was never written") } else { format!("{key} is {value}") }
}

/// A promise as a headline, where whoever holds this post takes the writes.
#[must_use]
pub fn promise(promise: Promise, writes: Post) -> &'static str {
    match promise {
        Promise::OneLeader if writes == Post::Head => "Only one head accepts writes",
        Promise::AcknowledgedWritesSurvive => "Acknowledged writes survive",
        Promise::OneLeader => "Only one leader accepts writes",
        Promise::Linearizable => "Looks like a single copy (linearizable)",
        Promise::ReplicasAgree => "Replicas agree on what is committed",
        Promise::ReplicasConverge => "Replicas end up equal",
        Promise::NothingAppliedTwice => "No write happens twice",
        Promise::FailedWritesStayFailed => "Failed writes stay failed",
        Promise::FreshReads => "Reads show every acknowledged write",
        Promise::ReadYourWrites => "Clients read their own writes",
        Promise::MonotonicReads => "Reads never go back in time",
        Promise::ConsistentPrefix => "Nobody sees effects before their causes",
        Promise::TotalHolds => "The total of all accounts holds",
    }
}

/// Where a write stands, where whoever holds this post decides on the log.
#[must_use]
pub fn in_the_log(post: Post) -> &'static str {
    if post == Post::Leader { "In the leader's log at" } else { "In the log at" }
}

/// A promise that was kept so far, in a sentence.
#[must_use]
pub fn kept(promise: Promise) -> &'static str {
    match promise {
        Promise::AcknowledgedWritesSurvive => {
            "Every write that a client was told is saved is there."
        }
        Promise::OneLeader => "At no time did two nodes accept writes.",
        Promise::Linearizable => "Every answer fits one order of all reads and writes.",
        Promise::ReplicasAgree => "No two nodes differ in what they call committed.",
        Promise::ReplicasConverge => "All replicas hold the same data.",
        Promise::NothingAppliedTwice => "Every write took effect at most once.",
        Promise::FailedWritesStayFailed => "No write that was told to have failed was seen.",
        Promise::FreshReads => "No read lacked what was acknowledged before it began.",
        Promise::ReadYourWrites => "No client missed a write of its own.",
        Promise::MonotonicReads => "No client saw something older than before.",
        Promise::ConsistentPrefix => "Whoever saw a write saw all before it.",
        Promise::TotalHolds => "On every node the accounts added up.",
    }
}
