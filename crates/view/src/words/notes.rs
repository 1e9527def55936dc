//! What nodes say of themselves, as clauses.

use super::events::Commands;
use super::operation;
use crate::number::{bytes, span};
use engine::base::{Epoch, NodeId, Position, Span};
use engine::protocol::Note;
use engine::protocol::note::{NodeLimit, PreVoteRefusal, Resolution, StepDown};

/// What `n` said of itself: "n2 takes n1 for dead".
#[must_use]
pub fn note(n: NodeId, note: &Note, commands: Commands<'_>) -> String {
    match *note {
        Note::Appended { op, position } => appended(n, &operation(op, commands), position),
        Note::Committed { position } => {
            format!("{n} counts everything up to {position} as committed")
        }
        Note::CatchUpFromLog { node, from } => {
            format!("{n} sends {node} what it missed, from {from} on")
        }
        Note::CatchUpFromSnapshot { node, position, bytes: size } => {
            let size = bytes(u64::from(size));
            format!("{n} begins to copy its data to {node}, as it is at {position} ({size})")
        }
        Note::SnapshotArrived { bytes: got, of } => {
            format!("{n} has {} of {} of the snapshot", bytes(got.into()), bytes(of.into()))
        }
        Note::SnapshotInstalled { position } => {
            format!("{n} has the whole snapshot and continues from the log after {position}")
        }
        Note::CopyFiles { node, pages } => {
            format!(
                "{n} begins to copy its data files to {node}, {pages} pages, one after the other"
            )
        }
        Note::PageCopied { page, at } => format!("{n} has page {page}, as it was at {at}"),
        Note::FilesOpened { position } => {
            format!(
                "{n} opens the copied pages as if all were of {position}, and nothing complains"
            )
        }
        Note::LogTruncatedMeanwhile { node, needs, first } => {
            format!("{n} no longer has {needs}, which {node} needs: its log begins at {first}")
        }
        Note::CaughtUp { node, position } => format!("{node} has caught up at {position}"),
        Note::LogTruncated { first } => format!("{n} drops its log in front of {first}"),
        Note::AppliesFirst { from, to } if from == to => {
            format!("{n} applies record {to} first, and serves when it has")
        }
        Note::AppliesFirst { from, to } => {
            format!("{n} applies records {from} to {to} first, and serves when it has")
        }
        Note::Discarded { from, to } if from == to => {
            format!("{n} throws record {to} away, which it had received and not applied")
        }
        Note::Discarded { from, to } => {
            format!("{n} throws records {from} to {to} away, which it had received and not applied")
        }
        Note::Rewound { from, to } => format!("{n} cuts its log back from {from} to {to}"),
        Note::Stranded { at } => {
            format!("{n} is stranded: its log parts from the leader's after {at}")
        }
        Note::DiskRead { records, torn } => disk_read(n, records, torn),
        Note::GaveUp { node, silent: Span::ZERO } => {
            format!("{n} gives {node} up: its process closed the connection")
        }
        Note::GaveUp { node, silent } => {
            format!("{n} gives {node} up after {} of silence", span(silent))
        }
        Note::MadeSynchronous { node } => format!("{n} waits for {node} from now on"),
        Note::Degraded { after } => {
            format!("{n} waited {} and now answers without confirmations", span(after))
        }
        Note::Rearmed => format!("{n} waits for confirmations again"),
        Note::Resent { to, from } => {
            format!("{n} sends {to} again what was lost on the way, from {from} on")
        }
        Note::Fenced { from, epoch } => format!("{n} turns {from} away: epoch {epoch} is over"),
        Note::Limit(limit) => limited(n, limit),
        ref other => of_election(n, other, commands),
    }
}

/// Who leads, who would, and why not.
fn of_election(n: NodeId, note: &Note, commands: Commands<'_>) -> String {
    match *note {
        Note::Suspected { leader, .. } => format!("{n} takes {leader} for dead"),
        Note::TrustedAgain { leader } => format!("{n} hears {leader} again: it is alive"),
        Note::AskedForVotes { epoch } => format!("{n} asks for votes to lead epoch {epoch}"),
        Note::Voted { candidate, epoch } => voted(n, candidate, epoch.0),
        Note::Surveyed { .. } => format!("{n} asks the others how far their logs reach"),
        Note::Promoted { epoch, position } => {
            format!("{n} becomes the leader of epoch {epoch}; its log ends at {position}")
        }
        Note::AskedForPreVotes { epoch } => {
            format!("{n} asks whether a majority would vote for it in epoch {epoch}")
        }
        Note::RefusedPreVote { candidate, why } => refused_pre_vote(n, candidate, why),
        Note::SteppedDown { epoch, later, why } => stepped_down(n, epoch, later, why),
        Note::Follows { leader, epoch } => format!("{n} follows {leader} in epoch {epoch}"),
        Note::LeaseEnded => format!("{n} cannot reach a majority and accepts no more writes"),
        Note::LeaseRenewed => format!("{n} reaches a majority and accepts writes again"),
        ref other => of_chain(n, other, commands),
    }
}

/// Notes of nodes that stand in a chain, and of its service.
fn of_chain(n: NodeId, note: &Note, commands: Commands<'_>) -> String {
    match *note {
        Note::LeftOut { node, epoch } => {
            format!("{n} takes {node} out of the chain: epoch {epoch} begins")
        }
        Note::TakenIn { node, epoch } => {
            format!("{n} puts {node} at the end of the chain: epoch {epoch} begins")
        }
        Note::Admitted { node } => format!("{n} has {node} fed, to put it at the end of the chain"),
        Note::BecameHead { epoch, position } => {
            format!("{n} is the head of the chain in epoch {epoch}; its log ends at {position}")
        }
        Note::BecameTail { epoch, position } => {
            format!("{n} is the tail of the chain in epoch {epoch}; its log ends at {position}")
        }
        Note::Outside { epoch } => format!("{n} learns that epoch {epoch} goes on without it"),
        Note::Joined { to, missing: 0, .. } => {
            format!("{n} is joined to {to}, which misses nothing")
        }
        Note::Joined { to, from, missing } => {
            let missing = crate::number::things(missing, "record");
            format!("{n} is joined to {to} and sends it {missing} again, from {from} on")
        }
        Note::ServiceSilent => {
            format!("{n} no longer hears the configuration service and answers no reads")
        }
        Note::ServiceHeard => {
            format!("{n} hears the configuration service again")
        }
        ref version => of_version(n, version, commands),
    }
}

/// Notes of nodes that keep versions per key.
fn of_version(n: NodeId, note: &Note, commands: Commands<'_>) -> String {
    let versions = |count: u32| crate::number::things(count, "version");
    match *note {
        Note::Coordinated { op, .. } => {
            format!("{n} makes {} a new version", operation(op, commands))
        }
        Note::QuorumMissed { op, got, needed } => {
            let what = operation(op, commands);
            format!("{n} heard from {got} of the {needed} replicas that {what} needs, and gives up")
        }
        Note::Repaired { node, .. } => format!("{n} found {node} behind and repairs it"),
        Note::Unresponsive { node } => format!("{n} does without {node}: it does not answer"),
        Note::Responsive { node } => format!("{n} hears {node} again"),
        Note::HintKept { node, .. } => format!("{n} keeps a version for {node}"),
        Note::HandedOff { node, versions: count } => {
            format!("{n} hands {node} {} that it kept for it", versions(count))
        }
        Note::RangesDiffer { node, ranges } => {
            let ranges = crate::number::things(ranges, "range");
            format!("{n} and {node} differ in {ranges} of their keys")
        }
        Note::Filled { node, versions: count } => {
            format!("{n} gets {} from {node} that it lacked", versions(count))
        }
        Note::TombstoneDropped { .. } => format!("{n} forgets an old tombstone"),
        Note::HasItsData { versions: count } => {
            format!("{n} has {} and answers reads from now on", versions(count))
        }
        ref update => of_update(n, update, commands),
    }
}

/// Notes of nodes that hear of each other's writes.
fn of_update(n: NodeId, note: &Note, commands: Commands<'_>) -> String {
    let named = |op| operation(op, commands);
    match *note {
        Note::Conflict { won, lost, by } => conflict(n, &named(won), &named(lost), by),
        Note::HeldBack { op, missing } => {
            format!("{n} holds {} back: it follows a write of {missing} not here yet", named(op))
        }
        Note::TakenEarly { op, missing } => {
            format!("{n} shows {}, which follows a write of {missing} not here yet", named(op))
        }
        Note::Released { op } => format!("{n} shows {}: what it follows is here", named(op)),
        Note::LoopCut { op } => {
            format!("{n} hears its own {} again and lets it go no further", named(op))
        }
        _ => String::new(),
    }
}

/// Two writes of which neither had seen the other, and what becomes of them.
fn conflict(n: NodeId, won: &str, lost: &str, by: Resolution) -> String {
    match by {
        Resolution::LaterStamp => {
            format!("{n} drops {lost} for {won}: neither had seen the other, its stamp is later")
        }
        Resolution::WrongClock => {
            format!("{n} drops {lost} for {won}, which it had replaced: its stamp is earlier")
        }
        Resolution::KeptBoth => {
            format!("{n} keeps {lost} beside {won}: neither had seen the other")
        }
        Resolution::Merged => format!("{n} counts {won} and {lost}: neither had seen the other"),
        Resolution::AddWins => format!("{n} keeps {won}: {lost} had not seen it"),
        Resolution::FirstSite => {
            format!("{n} shows {won} and keeps {lost} behind it: neither had seen the other")
        }
    }
}

fn appended(node: NodeId, what: &str, position: Position) -> String {
    format!("{node} writes {what} into its log at {position}")
}

fn voted(node: NodeId, candidate: NodeId, epoch: u32) -> String {
    if candidate == node {
        format!("{node} votes for itself in epoch {epoch}")
    } else {
        format!("{node} votes for {candidate} in epoch {epoch}")
    }
}

fn disk_read(node: NodeId, records: u32, torn: bool) -> String {
    let records = crate::number::things(records, "record");
    let torn = if torn { "; the end was torn and is dropped" } else { "" };
    format!("{node} reads {records} from its disk{torn}")
}

fn limited(node: NodeId, limit: NodeLimit) -> String {
    match limit {
        NodeLimit::Waiting => format!("{node} holds too many waiting requests and refuses more"),
        NodeLimit::Early => format!("{node} has no room for records that arrive ahead of a gap"),
    }
}

fn stepped_down(n: NodeId, epoch: Epoch, later: Epoch, why: StepDown) -> String {
    let why = match why {
        StepDown::TurnedAway { by, leader: Some(leader) } if leader != by => {
            format!("{by} turned it away, as {leader} leads epoch {later}")
        }
        StepDown::TurnedAway { by, leader: Some(_) } => {
            format!("{by}, which leads epoch {later}, turned it away")
        }
        StepDown::TurnedAway { by, leader: None } => {
            format!("{by} turned it away with epoch {later}, in which nobody leads yet")
        }
        StepDown::Replaced { by } => format!("{by} leads epoch {later}"),
        StepDown::AskedForVote { by } => format!("{by} asks for votes to lead epoch {later}"),
        StepDown::LaterEpoch { by } => format!("{by} has heard of epoch {later}"),
        StepDown::ToldByClient => format!("a client has heard of epoch {later}"),
        StepDown::SameEpoch { by } => format!("{by} leads the same epoch and goes first"),
        StepDown::Ordered => "it was ordered to copy everything afresh".to_owned(),
    };
    format!("{n} stops leading epoch {epoch}: {why}")
}

fn refused_pre_vote(n: NodeId, candidate: NodeId, why: PreVoteRefusal) -> String {
    let why = match why {
        PreVoteRefusal::HearsLeader(leader) if leader == n => "it leads itself".to_owned(),
        PreVoteRefusal::HearsLeader(leader) => format!("it hears its leader {leader}"),
        PreVoteRefusal::Bound => "what it promised lately still binds it".to_owned(),
        PreVoteRefusal::LaterEpoch => "it is in that epoch or a later one".to_owned(),
        PreVoteRefusal::Emptied => "it has thrown away what it had confirmed".to_owned(),
        PreVoteRefusal::LogBehind => format!("its own log has more than {candidate}'s"),
    };
    format!("{n} would not vote for {candidate}: {why}")
}
