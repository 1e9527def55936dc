//! The milestones of a run: faults, starts, promotions, time-outs. They are few, so all are kept
//! even where the trace forgets. And what of the cluster is whole at this moment.
//!
//! Notes of nodes are among them, for readers; audits use only what the world did to the cluster.

use super::ledger::{Death, DeathKind, NodeSet};
use crate::base::{Chunked, Epoch, EventId, NodeId, SimTime};
use crate::protocol::{Note, TimerKind};
use crate::world::{Event, What};

/// What happened to nodes and links.
#[derive(Clone, Default, Debug)]
pub struct Milestones {
    events: Chunked<Event>,
    down: NodeSet,
    paused: NodeSet,
    applying_paused: NodeSet,
    cut: Vec<(NodeId, NodeId)>,
    last_trouble: Option<SimTime>,
    faults: u32,
    refused: Vec<Event>,
    limits: Vec<Event>,
}

impl Milestones {
    /// Whether an event is a milestone. Everything that happens all the time is not.
    #[must_use]
    #[inline]
    pub const fn is_one(what: &What) -> bool {
        match what {
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
            | What::Applied { .. } => false,
            What::TimerFired { timer, .. } => !matches!(
                timer,
                TimerKind::Heartbeat
                    | TimerKind::Piece
                    | TimerKind::Patience
                    | TimerKind::Compare
                    | TimerKind::Knock
                    | TimerKind::Sweep
                    | TimerKind::Resync
            ),
            What::Noted { note, .. } => !matches!(
                note,
                Note::Appended { .. }
                    | Note::Committed { .. }
                    | Note::SnapshotArrived { .. }
                    | Note::Resent { .. }
                    | Note::Fenced { .. }
                    | Note::LogTruncated { .. }
                    | Note::Coordinated { .. }
                    | Note::Repaired { .. }
                    | Note::HintKept { .. }
                    | Note::TombstoneDropped { .. }
                    | Note::LoopCut { .. }
            ),
            _ => true,
        }
    }

    /// Keeps a milestone.
    pub fn push(&mut self, event: &Event) {
        self.events.push(*event);
        let mut trouble = true;
        match event.what {
            What::Crashed { node } | What::PoweredOff { node, .. } => {
                self.down.insert(node);
                self.paused.remove(node);
                self.applying_paused.remove(node);
            }
            What::ApplyingPaused { node, paused: true } => self.applying_paused.insert(node),
            What::ApplyingPaused { node, paused: false } => self.applying_paused.remove(node),
            What::Paused { node } => self.paused.insert(node),
            What::Resumed { node, .. } => self.paused.remove(node),
            What::Started { node } => {
                self.down.remove(node);
                trouble = event.at > SimTime::ZERO;
            }
            What::LinkCut { from, to } => self.cut.push((from, to)),
            What::LinkHealed { from, to } => self.cut.retain(|link| *link != (from, to)),
            What::LinkDisturbed { .. }
            | What::DiskSlowed { .. }
            | What::DiskFull { .. }
            | What::ClockSet { .. }
            | What::Ordered { .. }
            | What::Meddled { .. }
            | What::Added { .. } => {}
            What::ActionRefused { .. } => {
                self.refused.push(*event);
                trouble = false;
            }
            What::LimitReached(_) => {
                self.limits.push(*event);
                trouble = false;
            }
            _ => trouble = false,
        }
        if trouble {
            self.last_trouble = Some(event.at);
            self.faults += 1;
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter()
    }

    /// Actions that were refused, in order.
    #[must_use]
    pub fn refused(&self) -> &[Event] {
        &self.refused
    }

    /// The limits of the run that were reached, in order.
    #[must_use]
    pub fn limits(&self) -> &[Event] {
        &self.limits
    }

    /// Nodes whose process does not run.
    #[must_use]
    pub const fn down(&self) -> NodeSet {
        self.down
    }

    /// Nodes that are paused.
    #[must_use]
    pub const fn paused(&self) -> NodeSet {
        self.paused
    }

    /// Nodes whose appliers are paused.
    #[must_use]
    pub const fn applying_paused(&self) -> NodeSet {
        self.applying_paused
    }

    /// Links that are cut now, from and to.
    #[must_use]
    pub fn cut_links(&self) -> &[(NodeId, NodeId)] {
        &self.cut
    }

    /// When something was last broken or mended.
    #[must_use]
    pub const fn last_trouble(&self) -> Option<SimTime> {
        self.last_trouble
    }

    /// How many times something was broken, mended or ordered.
    #[must_use]
    pub const fn faults(&self) -> u32 {
        self.faults
    }

    /// What stopped the node after one event and kept it stopped until another, or until somebody
    /// took it for dead in between: its crash, its loss of power or its pause.
    #[must_use]
    pub fn death(&self, node: NodeId, after: EventId, until: EventId) -> Option<Death> {
        let (mut stands, mut noticed) = (None, None);
        let within = self.between(after, until);
        for event in within {
            match event.what {
                What::Crashed { node: n } if n == node => {
                    stands = Some(died(DeathKind::Crash, event, stands));
                }
                What::PoweredOff { node: n, .. } if n == node => {
                    stands = Some(died(DeathKind::PowerLoss, event, stands));
                }
                What::Paused { node: n } if n == node => {
                    stands = Some(died(DeathKind::Pause, event, stands));
                }
                What::Resumed { node: n, .. } | What::Started { node: n } if n == node => {
                    stands = None;
                }
                What::Noted { note: Note::Suspected { leader, .. }, .. } if leader == node => {
                    noticed = stands.or(noticed);
                }
                _ => {}
            }
        }
        stands.or(noticed)
    }

    /// The milestones after one event and before another, in order.
    pub fn between(&self, after: EventId, until: EventId) -> impl Iterator<Item = &Event> {
        let first = self.events.partition_point(|event| event.id <= after);
        self.events.iter_from(first).take_while(move |event| event.id < until)
    }

    /// The event that cut a link, if it was cut when an event happened.
    #[must_use]
    pub fn cut_at(&self, from: NodeId, to: NodeId, event: EventId) -> Option<&Event> {
        let (cut, healed) = (What::LinkCut { from, to }, What::LinkHealed { from, to });
        let changed =
            |known: &&Event| known.id <= event && (known.what == cut || known.what == healed);
        let last = self.events.iter().rev().find(changed)?;
        (last.what == cut).then_some(last)
    }

    /// When a node became the leader in an epoch, as it said.
    #[must_use]
    pub fn promoted(&self, leader: NodeId, reign: Epoch) -> Option<&Event> {
        self.events.iter().rev().find(|event| {
            matches!(event.what, What::Noted { node, ref note }
                if node == leader && note.promotion().is_some_and(|(epoch, _)| epoch == reign))
        })
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.events.heap_bytes()
    }
}

fn died(kind: DeathKind, event: &Event, stands: Option<Death>) -> Death {
    let first = |death: Death| death.before.unwrap_or((death.kind, death.at, death.event));
    Death { kind, at: event.at, event: event.id, before: stands.map(first) }
}
