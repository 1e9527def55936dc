//! Why a write was lost: the facts, the events that they are taken from, and the sentence that a
//! reader is told.

use core::fmt;

use super::death::{Death, DeathKind, Length};
use crate::base::{Epoch, EventId, NodeId, NodeSet, SimTime, Span};
use crate::world::Dropped;

/// Why an acknowledged write is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Why {
    /// The node that acknowledged it.
    pub by: NodeId,
    /// The node that took it: another one where writes pass through a row of nodes.
    pub took: NodeId,
    /// The event of its taking.
    pub taken: EventId,
    /// When its client was told.
    pub acknowledged: SimTime,
    /// When the node said so.
    pub answered: SimTime,
    /// The event of that.
    pub told: EventId,
    /// What stopped the acknowledging node after the write was taken, and kept it stopped until the
    /// leader was chosen or until somebody took it for dead.
    pub death: Option<Death>,
    /// The leader in whose log it is missing.
    pub chosen: NodeId,
    /// The event with which that began to lead; none where data are versions per key.
    pub promoted: EventId,
    /// The reason.
    pub reason: Reason,
}

/// The reason proper. Whatever is said of messages is said up to the moment at which the leader
/// began to lead, unless it is said to have come later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// No log ever held it.
    NeverWritten,
    /// The node that acknowledged it leads, and its own log no longer holds it.
    OwnLog,
    /// The node that acknowledged it leads, and had cut it off its log or replaced its log.
    CutBack {
        /// The last event with which it did so.
        event: EventId,
    },
    /// Every leader of its epoch and of later ones is gone; the only leader left does not have it.
    OlderLeader {
        /// The epoch that this one still leads, older than the write's.
        epoch: Epoch,
        /// The event at which that was found.
        event: EventId,
    },
    /// The node took it after another had become the leader.
    TooLate {
        /// How long after that.
        late: Span,
    },
    /// A node had received it and not applied it, and threw it away when it became the leader.
    Discarded {
        /// The node that threw it away.
        node: NodeId,
        /// The event with which it did so.
        event: EventId,
    },
    /// Some nodes had it, but another one was chosen.
    NotChosen {
        /// The nodes that had it then, besides the one that took it.
        holders: NodeSet,
    },
    /// Some nodes had received it, but did not run when the leader was chosen.
    HoldersDown {
        /// These nodes; the one that took it is not among them.
        holders: NodeSet,
        /// Whether it had reached none but these then, besides the node that took it.
        only: bool,
    },
    /// It had arrived at some nodes, but none of them still had it when the leader was chosen.
    NotKept {
        /// The nodes at which it had arrived by then, besides the one that took it.
        holders: NodeSet,
    },
    /// It had been sent then, and is still on its way.
    OnItsWay {
        /// The nodes that it is on its way to; who lost a message with it meanwhile is left out.
        to: NodeSet,
        /// When the last of these messages was sent, lost ones included.
        sent: SimTime,
        /// The event of that sending.
        event: EventId,
    },
    /// It had been sent, but arrived only after the leader had been chosen.
    ArrivedLate {
        /// The node that it reached first.
        to: NodeId,
        /// When it arrived there.
        at: SimTime,
        /// The event of its arrival.
        event: EventId,
    },
    /// It had been sent, and died on its way with its sender's machine.
    DiedOnItsWay {
        /// The nodes that it was on its way to.
        to: NodeSet,
        /// When it was last sent before the leader was chosen, to whomever.
        sent: SimTime,
        /// The event of the last of these losses.
        event: EventId,
    },
    /// Links from the node that took it had been cut before it did.
    LinkCut {
        /// The nodes at the other ends of these links.
        to: NodeSet,
        /// When the last of these links was cut.
        since: SimTime,
        /// The event that cut that link.
        event: EventId,
    },
    /// It was sent and dropped.
    NotDelivered {
        /// The nodes that it was sent to and dropped for this reason.
        to: NodeSet,
        /// How the last of these messages got lost.
        why: Dropped,
        /// The event of the last of these losses.
        event: EventId,
    },
    /// It was sent to nobody.
    NeverSent {
        /// All nodes but the one that took it and the one that acknowledged it.
        to: NodeSet,
    },
    /// No node holds it any more.
    NoReplica {
        /// The nodes that held it at the last look that found any; empty if none ever did.
        holders: NodeSet,
    },
    /// It took a value away, and everybody forgot it while the value was still there.
    Undeleted {
        /// The nodes that held the value when the last one forgot.
        holders: NodeSet,
    },
}

impl Reason {
    /// Its stable name.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NeverWritten => "never-written",
            Self::OwnLog => "own-log",
            Self::CutBack { .. } => "cut-back",
            Self::OlderLeader { .. } => "older-leader",
            Self::TooLate { .. } => "taken-too-late",
            Self::Discarded { .. } => "discarded",
            Self::NotChosen { .. } => "not-chosen",
            Self::HoldersDown { .. } => "holders-down",
            Self::NotKept { .. } => "not-kept",
            Self::OnItsWay { .. } => "on-its-way",
            Self::ArrivedLate { .. } => "arrived-late",
            Self::DiedOnItsWay { .. } => "died-on-its-way",
            Self::LinkCut { .. } => "link-cut",
            Self::NotDelivered { .. } => "not-delivered",
            Self::NeverSent { .. } => "never-sent",
            Self::NoReplica { .. } => "no-replica",
            Self::Undeleted { .. } => "undeleted",
        }
    }

    /// The event that is its proof, or [`EventId::NONE`] where it is told from what did not happen
    /// or from the logs.
    #[must_use]
    pub const fn event(&self) -> EventId {
        match *self {
            Self::CutBack { event }
            | Self::OlderLeader { event, .. }
            | Self::Discarded { event, .. }
            | Self::OnItsWay { event, .. }
            | Self::ArrivedLate { event, .. }
            | Self::DiedOnItsWay { event, .. }
            | Self::LinkCut { event, .. }
            | Self::NotDelivered { event, .. } => event,
            _ => EventId::NONE,
        }
    }
}

impl Why {
    /// The events that the sentence tells, in order: the taking of the write, its acknowledgement,
    /// what stopped the node, what became of the messages, who led next.
    #[must_use]
    pub fn events(&self) -> Vec<EventId> {
        let death = self.death.filter(|_| self.tells_of_the_death());
        let before = death.and_then(|death| death.before).map(|(_, _, event)| event);
        let death = death.map(|death| death.event);
        let some = [Some(self.taken), Some(self.told), before, death];
        let rest = [Some(self.reason.event()), Some(self.promoted)];
        let mut events: Vec<EventId> = some.into_iter().chain(rest).flatten().collect();
        events.retain(|event| *event != EventId::NONE);
        crate::base::sort(&mut events);
        events.dedup();
        events
    }

    const fn tells_of_the_death(&self) -> bool {
        matches!(
            self.reason,
            Reason::OwnLog
                | Reason::NeverSent { .. }
                | Reason::OnItsWay { .. }
                | Reason::ArrivedLate { .. }
                | Reason::DiedOnItsWay { .. }
                | Reason::NotDelivered { .. }
        )
    }

    /// The reason in plain English, without a full stop: "n1 lost power 1.2 ms after acknowledging
    /// it, before it was sent to n2 or n3".
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { by, took, chosen, .. } = self;
        match self.reason {
            Reason::NeverWritten => format!("{by} acknowledged it, but no log ever held it"),
            Reason::OwnLog => self.own_log(),
            Reason::CutBack { .. } => {
                format!("{by} acknowledged it, cut it from its log later, and leads without it")
            }
            Reason::OlderLeader { epoch, .. } => format!(
                "the only leader that runs is {chosen}, which still leads epoch {epoch} and does not have it"
            ),
            Reason::TooLate { late } => {
                format!("{took} took it {} after {chosen} had become the leader", Length(late))
            }
            Reason::Discarded { node, .. } => format!(
                "{node} had received it and not applied it, and threw it away to lead at once"
            ),
            Reason::NotChosen { holders } => {
                format!(
                    "{} had it, but {chosen} became the leader without it",
                    holders.names("and")
                )
            }
            Reason::HoldersDown { holders, only: true } => format!(
                "only {} had received it besides {took}, and did not run when {chosen} became the leader",
                holders.names("and"),
            ),
            Reason::HoldersDown { holders, only: false } => format!(
                "{} had received it, but did not run when {chosen} became the leader",
                holders.names("and"),
            ),
            Reason::NotKept { holders } => format!(
                "it had arrived at {}, but nobody kept it until {chosen} became the leader",
                holders.names("and"),
            ),
            Reason::OnItsWay { to, .. } => format!(
                "{}{took} had sent it to {}, but it had not arrived when {chosen} became the leader",
                self.stopped_first(),
                to.names("and"),
            ),
            Reason::ArrivedLate { to, at, .. } => format!(
                "{}{took} had sent it to {to}, but it arrived at {}, after {chosen} had become the leader",
                self.stopped_first(),
                Clock(at),
            ),
            Reason::DiedOnItsWay { to, sent, .. } => self.died_on_its_way(to, sent),
            Reason::LinkCut { to, since, .. } => format!(
                "{by} acknowledged it, but the {} from {took} to {} had been cut since {}",
                links(to),
                to.names("and"),
                Clock(since),
            ),
            Reason::NotDelivered { to, why, .. } => self.not_delivered(to, why),
            Reason::NoReplica { holders } => no_replica(holders),
            Reason::Undeleted { holders } => format!(
                "the last node that remembered the deletion forgot it while {} still had the value",
                holders.names("and")
            ),
            Reason::NeverSent { to } => match self.death {
                Some(death) => format!(
                    "{by} {} {}, before it was sent to {}",
                    death.verb(),
                    self.distance(death.at),
                    to.names("or"),
                ),
                None => format!(
                    "{by} acknowledged it, but had not sent it to {} when {chosen} became the leader",
                    to.names("or")
                ),
            },
        }
    }

    fn own_log(&self) -> String {
        let by = self.by;
        match self.death {
            Some(death) if death.kind == DeathKind::PowerLoss => format!(
                "{by} acknowledged it but had not flushed it when it {} {}; {by} leads without it",
                death.verb(),
                self.distance(death.at),
            ),
            _ => format!("{by} acknowledged it, leads, and its log no longer has it"),
        }
    }

    /// "n1 crashed 95 ms after acknowledging it; ", if it stopped.
    fn stopped_first(&self) -> String {
        self.death.map_or_else(String::new, |death| {
            format!("{} {} {}; ", self.by, death.verb(), self.distance(death.at))
        })
    }

    fn died_on_its_way(&self, to: NodeSet, sent: SimTime) -> String {
        let (took, to) = (self.took, to.names("and"));
        match self.death.filter(|_| self.by == self.took) {
            Some(death) => format!(
                "{took} {} {} after sending it to {to}, and it never arrived",
                death.verb(),
                Length(death.at.since(sent)),
            ),
            None => format!("what was on its way to {to} died with {took}"),
        }
    }

    fn not_delivered(&self, to: NodeSet, why: Dropped) -> String {
        let (links, were) = (links(to), if to.len() == 1 { "was" } else { "were" });
        let (by, took, to) = (self.by, self.took, to.names("and"));
        let how = match why {
            Dropped::Loss => format!("the {links} to {to} lost it"),
            Dropped::Cut => format!("the {links} to {to} {were} cut"),
            Dropped::BufferFull => {
                format!("the {links} to {to} {were} full, so it stayed at {took}")
            }
            Dropped::SenderLostPower => format!("what was on its way to {to} died with {took}"),
            Dropped::ReceiverDown => format!("{to} did not run"),
            Dropped::ReceiverRestarted => format!("{to} died before reading it"),
            Dropped::ByHand => format!("a reader dropped it on its way to {to}"),
            Dropped::Limit => format!("too much was in flight for it to reach {to}"),
        };
        match self.death {
            Some(death) => format!("{how}, and {by} {}", death.verb()),
            None => format!("{by} acknowledged it, but {how}"),
        }
    }

    /// "1.2 ms after acknowledging it", or before.
    fn distance(&self, at: SimTime) -> String {
        if at >= self.answered {
            format!("{} after acknowledging it", Length(at.since(self.answered)))
        } else {
            format!("{} before its client heard so", Length(self.acknowledged.since(at)))
        }
    }
}

const fn links(to: NodeSet) -> &'static str {
    if to.len() == 1 { "link" } else { "links" }
}

/// A moment as a reader says it: "8.800 s".
#[derive(Clone, Copy, Debug)]
struct Clock(SimTime);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.micros() / 1_000;
        write!(f, "{}.{:03} s", millis / 1_000, millis % 1_000)
    }
}

fn no_replica(holders: NodeSet) -> String {
    if holders.is_empty() {
        return "no node holds it".to_owned();
    }
    format!("{} had it, and no node holds it any more", holders.names("and"))
}

#[cfg(test)]
mod tests;
