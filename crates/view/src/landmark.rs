//! Which events are worth a mark on the time axis and a line in the log, and how they look there.
//!
//! Everything that happens all the time (messages, flushes, heartbeats) is worth none.

use super::number::range;
use super::types::{MarkShape, Tone};
use super::words;
use engine::base::{EventId, NodeId, SimTime};
use engine::protocol::note::Resolution;
use engine::protocol::{Note, TimerKind};
use engine::world::{Event, What};

/// An event worth a mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Landmark {
    /// On whose lane; `None`: the clients'.
    pub node: Option<NodeId>,
    /// How it is meant.
    pub tone: Tone,
    /// Its shape.
    pub shape: MarkShape,
    /// Whether it is worth a label where room is short, and a line in the log.
    pub major: bool,
    /// A few words.
    pub label: String,
}

/// The mark of an event, if it is worth one.
#[must_use]
pub fn landmark(event: &Event) -> Option<Landmark> {
    let mut mark = of_event(&event.what)?;
    // A node that is added starts at once, and one that cannot write ends at once: that is told already.
    let follows = matches!(event.what, What::Started { .. } | What::DiskFull { .. });
    let repeats = follows && event.cause != EventId::NONE;
    mark.major &= event.at > SimTime::ZERO && !repeats;
    Some(mark)
}

fn mark(node: NodeId, tone: Tone, shape: MarkShape, label: impl Into<String>) -> Landmark {
    Landmark { node: Some(node), tone, shape, major: true, label: label.into() }
}

fn minor(node: NodeId, tone: Tone, shape: MarkShape, label: impl Into<String>) -> Landmark {
    Landmark { major: false, ..mark(node, tone, shape, label) }
}

fn of_event(what: &What) -> Option<Landmark> {
    use MarkShape::{Cross, Dot};
    Some(match *what {
        What::Noted { node, ref note } => return of_note(node, note),
        What::TimerFired { node, timer } => return of_timer(node, timer),
        What::Crashed { node } => mark(node, Tone::Lost, Cross, format!("{node} crashes")),
        What::PoweredOff { node, .. } => {
            mark(node, Tone::Lost, Cross, format!("{node} loses power"))
        }
        What::Paused { node } => mark(node, Tone::Wait, Cross, format!("{node} is paused")),
        What::Resumed { node, .. } => mark(node, Tone::Plain, Dot, format!("{node} goes on")),
        What::Started { node } => mark(node, Tone::Plain, Dot, format!("{node} starts")),
        What::Added { node } => mark(node, Tone::Plain, Dot, format!("{node} is added")),
        What::DiskSlowed { node, factor: 0 | 1 } => mark(node, Tone::Plain, Dot, "disk is normal"),
        What::DiskSlowed { node, .. } => mark(node, Tone::Wait, Cross, "disk is slow"),
        What::DiskFull { node, full: true } => mark(node, Tone::Wait, Cross, "disk is full"),
        What::DiskFull { node, full: false } => mark(node, Tone::Plain, Dot, "disk has room"),
        What::ApplyingPaused { node, paused: true } => {
            mark(node, Tone::Wait, Cross, "applies nothing more")
        }
        What::ApplyingPaused { node, paused: false } => {
            mark(node, Tone::Plain, Dot, "applies again")
        }
        What::ClockSet { node, .. } => mark(node, Tone::Wait, Cross, "clock is set"),
        What::Ordered { node, promote: true } => mark(node, Tone::Leader, Dot, "ordered to lead"),
        What::Ordered { node, promote: false } => {
            mark(node, Tone::Plain, Dot, "ordered to copy afresh")
        }
        What::LinkCut { from, to } => mark(from, Tone::Lost, Cross, format!("no way to {to}")),
        What::LinkHealed { from, to } => {
            minor(from, Tone::Plain, Dot, format!("way to {to} is whole"))
        }
        What::LinkDisturbed { from, to, .. } => {
            mark(from, Tone::Wait, Cross, format!("way to {to} is disturbed"))
        }
        What::ClientsCut { node, cut: true } => {
            mark(node, Tone::Lost, Cross, "no way to the clients")
        }
        What::ClientsCut { node, cut: false } => {
            minor(node, Tone::Plain, Dot, "way to the clients is whole")
        }
        What::ClientsQuiet { quiet: true } => of_clients("clients fall silent"),
        What::ClientsQuiet { quiet: false } => of_clients("clients go on"),
        What::Meddled { .. } => of_clients("a message is tampered with"),
        What::LimitReached(limit) => of_clients(words::limit(limit)),
        What::Sent { .. }
        | What::Delivered { .. }
        | What::Lost { .. }
        | What::Invoked { .. }
        | What::Asked { .. }
        | What::Requested { .. }
        | What::Answered { .. }
        | What::Told { .. }
        | What::Directed { .. }
        | What::TalkLost { .. }
        | What::TimedOut { .. }
        | What::Flushed { .. }
        | What::Applied { .. } => return None,
        What::ActionRefused { node, why, .. } => {
            let label = format!("refused: {}", why.sentence(node));
            Landmark { node, tone: Tone::Wait, shape: Dot, major: true, label }
        }
    })
}

fn of_clients(label: &str) -> Landmark {
    let (node, tone, shape, major) = (None, Tone::Plain, MarkShape::Dot, true);
    Landmark { node, tone, shape, major, label: label.to_owned() }
}

fn of_timer(node: NodeId, timer: TimerKind) -> Option<Landmark> {
    let label = match timer {
        TimerKind::Silence | TimerKind::NoSign => "time-out fires",
        TimerKind::Degrade => "waited long enough",
        TimerKind::Election => "no more answers awaited",
        TimerKind::Heartbeat
        | TimerKind::Piece
        | TimerKind::Patience
        | TimerKind::Compare
        | TimerKind::Knock
        | TimerKind::Sweep
        | TimerKind::Resync => return None,
    };
    let major = matches!(timer, TimerKind::Silence | TimerKind::NoSign);
    Some(Landmark { major, ..mark(node, Tone::Wait, MarkShape::Bar, label) })
}

fn of_note(n: NodeId, note: &Note) -> Option<Landmark> {
    use MarkShape::{Bar, Cross, Crown, Dot};
    Some(match *note {
        Note::CatchUpFromLog { node, .. } => minor(n, Tone::Write, Dot, format!("log for {node}")),
        Note::CatchUpFromSnapshot { node, .. } => {
            mark(n, Tone::Write, Dot, format!("snapshot for {node}"))
        }
        Note::SnapshotInstalled { .. } => mark(n, Tone::Good, Dot, "snapshot complete"),
        Note::CopyFiles { node, .. } => mark(n, Tone::Write, Dot, format!("files for {node}")),
        Note::PageCopied { page, at } => minor(n, Tone::Write, Dot, format!("p{page} @ {at}")),
        Note::FilesOpened { .. } => mark(n, Tone::Wait, Dot, "files opened"),
        Note::LogTruncatedMeanwhile { node, .. } => {
            mark(n, Tone::Lost, Cross, format!("{node} needs what is gone"))
        }
        Note::CaughtUp { node, .. } => mark(node, Tone::Good, Dot, format!("{node} has caught up")),
        Note::AppliesFirst { to, .. } => {
            mark(n, Tone::Wait, Bar, format!("{n} applies first, up to {to}"))
        }
        Note::Discarded { from, to } => {
            mark(n, Tone::Lost, Cross, format!("{n} discards {from} to {to}"))
        }
        Note::Rewound { from, to } => {
            let cut = range(to.next(), from);
            mark(n, Tone::Lost, Cross, format!("{n} drops {cut}"))
        }
        Note::Stranded { .. } => mark(n, Tone::Lost, Cross, format!("{n} is stranded")),
        Note::DiskRead { torn: true, .. } => mark(n, Tone::Lost, Dot, "torn record dropped"),
        Note::GaveUp { node, .. } => mark(n, Tone::Wait, Bar, format!("gives {node} up")),
        Note::MadeSynchronous { node } => minor(n, Tone::Good, Dot, format!("waits for {node}")),
        Note::Degraded { .. } => mark(n, Tone::Wait, Bar, "stops waiting"),
        Note::Rearmed => mark(n, Tone::Good, Dot, "waits again"),
        Note::Limit(limit) => mark(n, Tone::Wait, Cross, words::node_limit(limit)),
        Note::LeftOut { node, epoch } => {
            mark(n, Tone::Wait, Bar, format!("leaves {node} out, epoch {epoch}"))
        }
        Note::TakenIn { node, epoch } => {
            mark(n, Tone::Good, Dot, format!("{node} joins the chain, epoch {epoch}"))
        }
        Note::Admitted { node } => minor(n, Tone::Plain, Dot, format!("has {node} fed")),
        Note::BecameHead { .. } => mark(n, Tone::Leader, Crown, format!("{n} is the head")),
        Note::BecameTail { .. } => mark(n, Tone::Leader, Crown, format!("{n} is the tail")),
        Note::Outside { .. } => minor(n, Tone::Wait, Dot, format!("{n} is not in the chain")),
        Note::Joined { to, missing: 0, .. } => minor(n, Tone::Good, Dot, format!("joined to {to}")),
        Note::Joined { to, missing, .. } => {
            mark(n, Tone::Good, Dot, format!("joined to {to}, {missing} resent"))
        }
        Note::ServiceSilent => mark(n, Tone::Wait, Bar, format!("{n} answers no more reads")),
        Note::ServiceHeard => mark(n, Tone::Good, Dot, format!("{n} answers reads again")),
        Note::Appended { .. }
        | Note::Committed { .. }
        | Note::SnapshotArrived { .. }
        | Note::LogTruncated { .. }
        | Note::DiskRead { torn: false, .. }
        | Note::Resent { .. }
        | Note::Fenced { .. } => return None,
        ref other => return of_election(n, other),
    })
}

/// Who leads, who would, and why not.
fn of_election(n: NodeId, note: &Note) -> Option<Landmark> {
    use MarkShape::{Bar, Crown, Dot};
    Some(match *note {
        Note::Promoted { epoch, .. } => {
            mark(n, Tone::Leader, Crown, format!("{n} leads, epoch {epoch}"))
        }
        Note::SteppedDown { .. } => mark(n, Tone::Wait, Dot, format!("{n} steps down")),
        Note::AskedForPreVotes { .. } => minor(n, Tone::Plain, Dot, "asks whether it may stand"),
        Note::RefusedPreVote { candidate, .. } => {
            minor(n, Tone::Plain, Dot, format!("would not vote for {candidate}"))
        }
        Note::AskedForVotes { .. } => minor(n, Tone::Leader, Dot, "asks for votes"),
        Note::Voted { candidate, .. } => {
            minor(n, Tone::Leader, Dot, format!("votes for {candidate}"))
        }
        Note::Surveyed { .. } => minor(n, Tone::Leader, Dot, "asks who has most"),
        Note::Suspected { leader, .. } => {
            minor(n, Tone::Wait, Dot, format!("takes {leader} for dead"))
        }
        Note::TrustedAgain { leader } => mark(n, Tone::Good, Dot, format!("{leader} is alive")),
        Note::Follows { leader, .. } => minor(n, Tone::Plain, Dot, format!("follows {leader}")),
        Note::LeaseEnded => mark(n, Tone::Wait, Bar, format!("{n} stops accepting writes")),
        Note::LeaseRenewed => mark(n, Tone::Good, Dot, format!("{n} accepts writes again")),
        ref version => return of_version(n, version),
    })
}

/// Notes of nodes that keep versions per key.
fn of_version(n: NodeId, note: &Note) -> Option<Landmark> {
    use MarkShape::{Bar, Cross, Dot};
    Some(match *note {
        Note::QuorumMissed { .. } => minor(n, Tone::Wait, Bar, "too few replicas"),
        Note::Unresponsive { node } => minor(n, Tone::Wait, Bar, format!("does without {node}")),
        Note::Responsive { node } => minor(n, Tone::Good, Dot, format!("hears {node} again")),
        Note::HandedOff { node, .. } => mark(n, Tone::Good, Dot, format!("hands over to {node}")),
        Note::RangesDiffer { node, .. } => {
            minor(n, Tone::Write, Dot, format!("differs from {node}"))
        }
        Note::Filled { node, .. } => mark(n, Tone::Good, Dot, format!("filled up from {node}")),
        Note::HasItsData { .. } => mark(n, Tone::Good, Dot, "has its data"),
        Note::Conflict { by, .. } => of_conflict(n, by),
        Note::HeldBack { .. } => minor(n, Tone::Wait, Bar, "holds an update back"),
        Note::TakenEarly { missing, .. } => {
            mark(n, Tone::Lost, Cross, format!("before its cause of {missing}"))
        }
        Note::Released { .. } => minor(n, Tone::Good, Dot, "lets an update in"),
        _ => return None,
    })
}

/// Two writes in conflict: what a reader must know is whether one of them is thrown away.
fn of_conflict(n: NodeId, by: Resolution) -> Landmark {
    use MarkShape::{Cross, Dot};
    match by {
        Resolution::LaterStamp => mark(n, Tone::Lost, Cross, "conflict: one write dropped"),
        Resolution::WrongClock => mark(n, Tone::Lost, Cross, "a wrong clock wins"),
        Resolution::KeptBoth => mark(n, Tone::Wait, Dot, "conflict: both kept"),
        Resolution::FirstSite => mark(n, Tone::Wait, Dot, "conflict: the first site is shown"),
        Resolution::AddWins => mark(n, Tone::Good, Dot, "conflict: the addition stays"),
        Resolution::Merged => minor(n, Tone::Good, Dot, "conflict: merged"),
    }
}
