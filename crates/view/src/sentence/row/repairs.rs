//! How the service changed the row of nodes, from what it and the nodes said.

use crate::number::span;
use crate::types::Reason;
use engine::base::{Epoch, EventId, NodeId, SimTime};
use engine::observe::Recorder;
use engine::observe::ledger::Death;
use engine::protocol::{Note, TimerKind};
use engine::world::{Event, What};

/// The service changed the row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Repair {
    /// When.
    pub at: SimTime,
    /// Who was taken out or put in.
    pub node: NodeId,
    /// Whether it was put in.
    pub added: bool,
    /// The new epoch.
    pub epoch: Epoch,
    /// What had stopped it, if anything had, and it was not back.
    pub death: Option<Death>,
    /// When it had stopped answering reads by itself, because it did not hear the service.
    pub unsure: Option<SimTime>,
    /// Whether it had asked for it, ordered to copy everything afresh, and the event of that order.
    pub ordered: Option<EventId>,
    /// The event of the change.
    pub event: EventId,
}

impl Repair {
    pub(super) fn reason(&self) -> Reason {
        let kind = if self.added { "taken-in" } else { "left-out" };
        let death = self.death.iter().flat_map(Death::events);
        Reason::of(kind, death.chain(self.ordered).chain([self.event]))
    }
}

/// The last change of the row.
pub(super) fn repair(recorder: &Recorder) -> Option<Repair> {
    repairs(recorder).next()
}

/// The last time before it was put in that the same node was taken out.
pub(super) fn taken_out(recorder: &Recorder, added: &Repair) -> Option<Repair> {
    repairs(recorder).find(|repair| !repair.added && repair.node == added.node)
}

/// Every change of the row, the last one first.
fn repairs(recorder: &Recorder) -> impl Iterator<Item = Repair> {
    let milestones = recorder.milestones();
    milestones.iter().rev().filter_map(|event| {
        let What::Noted { note, .. } = event.what else { return None };
        let (node, epoch, added) = match note {
            Note::LeftOut { node, epoch } => (node, epoch, false),
            Note::TakenIn { node, epoch } => (node, epoch, true),
            _ => return None,
        };
        let death = milestones.death(node, EventId::NONE, event.id);
        let unsure = if added { None } else { stopped_reads(recorder, node, event.id) };
        let ordered = if added { None } else { ordered(recorder, node, event) };
        Some(Repair { at: event.at, node, added, epoch, death, unsure, ordered, event: event.id })
    })
}

/// The order for which a node was taken out: it was the last thing asked of it, and it was no
/// countdown of the service that took it out.
fn ordered(recorder: &Recorder, node: NodeId, out: &Event) -> Option<EventId> {
    let milestones = recorder.milestones();
    let mut before = milestones.iter().rev().skip_while(|event| event.id >= out.id);
    let order = before.find(|event| match event.what {
        What::Noted { note: Note::TakenIn { node: of, .. }, .. } => of == node,
        What::Ordered { node: of, promote: false } => of == node,
        _ => false,
    })?;
    let silent = milestones.between(order.id, out.id).any(|event| {
        let fires = matches!(event.what, What::TimerFired { timer: TimerKind::NoSign, .. });
        fires && event.id == out.cause
    });
    (matches!(order.what, What::Ordered { .. }) && !silent).then_some(order.id)
}

/// When a node that ran stopped answering reads before an event, because it did not hear the service.
fn stopped_reads(recorder: &Recorder, node: NodeId, before: EventId) -> Option<SimTime> {
    let said = recorder.milestones().iter().rev().filter(|event| event.id < before);
    let mut said = said.filter_map(|event| match event.what {
        What::Noted { node: by, note: Note::ServiceSilent } if by == node => Some(Some(event.at)),
        What::Noted { node: by, note: Note::ServiceHeard } if by == node => Some(None),
        _ => None,
    });
    said.next().flatten()
}

/// Why a node was taken out: "n1 lost power; 1.3 s later the service took it out"
pub(super) fn taken(out: &Repair) -> String {
    let Repair { at, node, death, unsure, .. } = *out;
    if out.ordered.is_some() {
        return format!(
            "{node} was ordered to copy everything afresh, and the service took it out"
        );
    }
    match (death, unsure) {
        (Some(death), _) => {
            let later = span(at.since(death.at));
            format!("{node} {}; {later} later the service took it out", death.verb())
        }
        (None, Some(unsure)) => {
            let before = span(at.since(unsure));
            format!(
                "{node} lived, but the service heard nothing from it and took it out, {before} after \
                 it had stopped answering reads by itself"
            )
        }
        (None, None) => format!("The service heard nothing from {node} and took it out"),
    }
}
