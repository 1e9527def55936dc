//! Suspicions and promotions: who took whom for dead, rightly or not, who led next, and how that
//! came about. Each is told from recorded events and carries their numbers.

use crate::base::{Chunked, Epoch, EventId, NodeId, SimTime};
use crate::observe::ledger::Death;
use crate::observe::milestones::Milestones;
use crate::observe::trace::Trace;
use crate::protocol::Note;
use crate::world::{Event, What};

/// A node took its leader for dead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suspicion {
    /// When.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// The suspected.
    pub node: NodeId,
    /// Who suspected it.
    pub by: NodeId,
    /// Whether it was really down. A paused or cut-off leader is not.
    pub true_crash: bool,
    /// When the same node heard from it again, if it did.
    pub trusted_again: Option<SimTime>,
}

/// One leader followed another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failover {
    /// What stopped the old leader and kept it stopped until it was suspected or replaced.
    pub death: Option<Death>,
    /// When the old one was first suspected in its reign, by whomever; `None`: by nobody. A node
    /// that alone does not hear it suspects it long before anything happens to the others.
    pub suspected: Option<SimTime>,
    /// The last suspicion of the old one by the node that began the election or the choice.
    pub noticed: Option<(SimTime, EventId)>,
    /// That the old one stopped leading before the new one began.
    pub deposed: Option<Deposed>,
    /// How the new one came to lead.
    pub began: Began,
    /// When the new one began to lead.
    pub promoted: SimTime,
    /// The event.
    pub event: EventId,
    /// Who led before.
    pub old: NodeId,
    /// Who led then.
    pub new: NodeId,
    /// The new reign.
    pub epoch: Epoch,
}

/// That a leader stopped leading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deposed {
    /// When.
    pub at: SimTime,
    /// The event.
    pub event: EventId,
    /// The message after which it did: from whom, of which epoch, and the event of its arrival.
    pub heard: Option<(NodeId, Epoch, EventId)>,
}

/// How a node came to lead. Each carries the event that proves it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Began {
    /// An administrator ordered it.
    Ordered {
        /// The event of the order.
        event: EventId,
    },
    /// It asked for votes in the epoch that it leads.
    Elected {
        /// The event with which it asked, the last if it did so more than once.
        event: EventId,
    },
    /// A node asked the others how far their logs reach, and chose it.
    Chosen {
        /// The node that asked and chose; it may have chosen itself.
        by: NodeId,
        /// The event with which it began to ask.
        event: EventId,
    },
    /// The configuration service changed the row of nodes.
    Configured {
        /// The event with which it left a node out or took one in, for this epoch.
        event: EventId,
    },
    /// Its process started and leads on.
    Restarted {
        /// The event of its process's start.
        event: EventId,
    },
    /// No event tells.
    Untold,
}

impl Began {
    /// Its stable name.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ordered { .. } => "ordered",
            Self::Elected { .. } => "elected",
            Self::Chosen { .. } => "chosen",
            Self::Configured { .. } => "configured",
            Self::Restarted { .. } => "restarted",
            Self::Untold => "untold",
        }
    }

    /// The event that proves it, or [`EventId::NONE`].
    #[must_use]
    pub const fn event(&self) -> EventId {
        match *self {
            Self::Ordered { event }
            | Self::Elected { event }
            | Self::Chosen { event, .. }
            | Self::Configured { event }
            | Self::Restarted { event } => event,
            Self::Untold => EventId::NONE,
        }
    }
}

impl Failover {
    /// Whether the leader follows itself: it stopped leading and leads again.
    #[must_use]
    pub fn again(&self) -> bool {
        self.old == self.new
    }

    /// The events that it is told from, in order.
    #[must_use]
    pub fn events(&self) -> Vec<EventId> {
        let mut events: Vec<EventId> = self.death.iter().flat_map(Death::events).collect();
        events.extend(self.noticed.map(|(_, event)| event));
        if let Some(deposed) = self.deposed {
            events.extend(deposed.heard.map(|(.., event)| event));
            events.push(deposed.event);
        }
        events.extend([self.began.event(), self.event]);
        events.retain(|event| *event != EventId::NONE);
        crate::base::sort(&mut events);
        events.dedup();
        events
    }
}

/// The epoch in which n1 leads a new cluster.
const FIRST_EPOCH: Epoch = Epoch(1);

/// An order is carried out in the step that takes it, or once its record is durable.
const STEPS_OF_AN_ORDER: usize = 8;

/// All suspicions and promotions of a run.
#[derive(Clone, Default, Debug)]
pub struct Failovers {
    suspicions: Chunked<Suspicion>,
    promotions: Chunked<Failover>,
    // n1 is the first leader.
    leader: NodeId,
    // 0 until a leader has said its epoch.
    epoch: Epoch,
    led_since: EventId,
    deposed: Option<Deposed>,
}

impl Failovers {
    /// A node said something.
    pub fn noted(&mut self, by: NodeId, note: &Note, event: &Event, known: (&Milestones, &Trace)) {
        match *note {
            Note::Suspected { leader, .. } => self.suspicions.push(Suspicion {
                at: event.at,
                event: event.id,
                node: leader,
                by,
                true_crash: known.0.down().contains(leader),
                trusted_again: None,
            }),
            Note::TrustedAgain { leader } => self.trusted_again(by, leader, event.at),
            Note::SteppedDown { .. } if by == self.leader => {
                self.deposed = Some(deposed(event, known.1));
            }
            Note::Promoted { epoch, .. } | Note::BecameHead { epoch, .. } => {
                self.promoted(by, epoch, event, known);
            }
            _ => {}
        }
    }

    /// Suspicions, in order.
    pub fn suspicions(&self) -> impl DoubleEndedIterator<Item = &Suspicion> {
        self.suspicions.iter()
    }

    /// Promotions, in order; neither the first leader's is among them nor that of a restarted
    /// leader that leads on in its epoch.
    pub fn promotions(&self) -> impl DoubleEndedIterator<Item = &Failover> {
        self.promotions.iter()
    }

    fn trusted_again(&mut self, by: NodeId, leader: NodeId, at: SimTime) {
        for index in (self.suspicions.first()..self.suspicions.len()).rev() {
            let Some(suspicion) = self.suspicions.get_mut(index) else { return };
            if suspicion.by == by && suspicion.node == leader {
                suspicion.trusted_again.get_or_insert(at);
                return;
            }
        }
    }

    fn promoted(
        &mut self,
        new: NodeId,
        epoch: Epoch,
        event: &Event,
        (milestones, trace): (&Milestones, &Trace),
    ) {
        let (old, since) = (self.leader, self.led_since);
        let goes_on = new == old && epoch <= self.epoch.max(FIRST_EPOCH);
        let deposed = self.deposed.take();
        (self.leader, self.epoch, self.led_since) = (new, epoch, event.id);
        if goes_on {
            return;
        }
        let of_this_reign = || {
            let all = self.suspicions.iter().rev().take_while(|s| s.event > since);
            all.filter(|suspicion| suspicion.node == old)
        };
        let began = began(new, epoch, event, since, (milestones, trace));
        let starter = match began {
            Began::Elected { .. } => Some(new),
            Began::Chosen { by, .. } => Some(by),
            _ => None,
        };
        let noticed = of_this_reign().find(|suspicion| Some(suspicion.by) == starter);
        self.promotions.push(Failover {
            death: milestones.death(old, since, event.id),
            suspected: of_this_reign().last().map(|suspicion| suspicion.at),
            noticed: noticed.map(|suspicion| (suspicion.at, suspicion.event)),
            deposed,
            began,
            promoted: event.at,
            event: event.id,
            old,
            new,
            epoch,
        });
    }
}

/// How a node came to lead: by an order, if its promotion goes back to one directly; otherwise by
/// what was begun for the epoch that it leads.
fn began(
    new: NodeId,
    epoch: Epoch,
    event: &Event,
    since: EventId,
    (milestones, trace): (&Milestones, &Trace),
) -> Began {
    let mut started = Began::Untold;
    for cause in trace.causes(event.id).skip(1).take(STEPS_OF_AN_ORDER) {
        match cause.what {
            What::Ordered { node, promote: true } if node == new => {
                return Began::Ordered { event: cause.id };
            }
            What::Started { node } if node == new => started = Began::Restarted { event: cause.id },
            What::Flushed { .. } => {}
            // Whatever a message or a timer brought about was not ordered just now.
            _ => break,
        }
    }
    let begun = milestones.iter().rev().take_while(|known| known.id > since);
    let mut begun = begun.filter_map(|known| {
        let What::Noted { node: by, note } = known.what else { return None };
        let event = known.id;
        match note {
            Note::AskedForVotes { epoch: asked } if by == new && asked == epoch => {
                Some(Began::Elected { event })
            }
            Note::Surveyed { epoch: asked } if asked == epoch => Some(Began::Chosen { by, event }),
            Note::LeftOut { epoch: begun, .. } | Note::TakenIn { epoch: begun, .. }
                if begun == epoch =>
            {
                Some(Began::Configured { event })
            }
            _ => None,
        }
    });
    begun.next().unwrap_or(started)
}

/// After which message a leader stopped leading.
fn deposed(event: &Event, trace: &Trace) -> Deposed {
    let heard = match trace.get(event.cause).map(|cause| cause.what) {
        Some(What::Delivered { from, message, .. }) => Some((from, message.epoch, event.cause)),
        _ => None,
    };
    Deposed { at: event.at, event: event.id, heard }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Position;

    #[test]
    fn a_leader_that_leads_on_after_a_restart_has_followed_nobody() {
        let mut failovers = Failovers::default();
        let (milestones, trace) = (Milestones::default(), Trace::new(100));
        let mut promoted = |node, epoch, millis| {
            let note = Note::Promoted { epoch: Epoch(epoch), position: Position(9) };
            let (at, what) =
                (SimTime::from_millis(millis), What::Noted { node: NodeId(node), note });
            let event = Event { id: EventId(1), at, cause: EventId::NONE, what };
            failovers.noted(NodeId(node), &note, &event, (&milestones, &trace));
            failovers.promotions().count()
        };
        assert_eq!(promoted(0, 1, 5_000), 0, "n1 leads on in its first epoch");
        assert_eq!(promoted(1, 2, 9_000), 1);
        assert_eq!(promoted(1, 2, 12_000), 1);
        assert_eq!(promoted(1, 3, 15_000), 2, "elected anew");
    }
}
