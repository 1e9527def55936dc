//! A leader that went on without confirmations: for how long, and how many writes it told of alone.

use super::{Told, back_by, notes};
use crate::number::{clock, span, things_do};
use engine::base::{EventId, NodeId, OpId, SimTime, Span};
use engine::observe::Recorder;
use engine::protocol::Note;
use engine::world::Run;

/// A time in which a leader did not wait.
struct Alone {
    leader: NodeId,
    after: Span,
    from: (SimTime, EventId),
    to: Option<(SimTime, EventId)>,
}

/// "After 3.0 s without a confirmation n1 went on alone: …", told of the last time that is over.
pub fn went_on_alone(run: &dyn Run<Recorder>) -> Option<Told> {
    let recorder = run.observer();
    let mut all: Vec<Alone> = Vec::new();
    for (event, node, note) in notes(recorder.milestones()) {
        match note {
            Note::Degraded { after } => {
                all.push(Alone { leader: node, after, from: (event.at, event.id), to: None });
            }
            Note::Rearmed => {
                if let Some(open) = all.last_mut().filter(|open| open.leader == node) {
                    open.to.get_or_insert((event.at, event.id));
                }
            }
            _ => {}
        }
    }
    let last = all.iter().rfind(|alone| alone.to.is_some())?;
    let (until, ended) = last.to?;
    let told = acknowledged_between(recorder, last.from.1, ended);
    let writes = things_do(told, "write", "was", "were");
    let back = back_by(recorder.milestones(), (last.from.0, until));
    let back = back.map_or_else(
        || format!("a follower confirmed again at {}", clock(until)),
        |(node, _)| format!("{node} was back at {}", clock(until)),
    );
    let text = format!(
        "After {} without a confirmation {} went on alone: {writes} acknowledged with no second copy \
         confirmed until {back}.",
        span(last.after),
        last.leader,
    );
    Some(Told::new((95, "went-on-alone"), text, [last.from.1, ended]))
}

/// How many writes were acknowledged after one event and before another.
fn acknowledged_between(recorder: &Recorder, from: EventId, to: EventId) -> u32 {
    let list = recorder.ledger().acknowledged();
    let told = |op: &OpId| recorder.history().get(*op).map(|op| op.ended_event);
    let place =
        |event: EventId| list.partition_point(|op| told(op).is_some_and(|told| told < event));
    u32::try_from(place(to) - place(from)).unwrap_or(u32::MAX)
}
