//! Recounts from the trace what reasons claim: that a message never arrived, or when it did; what
//! stopped a node; who was ordered, elected or chosen; how long after. Every run of every swarm ends
//! with it. It reads events, records and the clients' history, and shares no code with whoever found
//! the reasons.

use std::collections::{BTreeMap, BTreeSet};

use replicarium::engine::base::{Epoch, EventId, NodeId, OpId, Position, SimTime};
use replicarium::engine::observe::Recorder;
use replicarium::engine::observe::history::End;
use replicarium::engine::observe::ledger::DeathKind;
use replicarium::engine::observe::metric::{Began, Failover};
use replicarium::engine::protocol::note::StepDown;
use replicarium::engine::protocol::{Note, Outcome, RecordRef};
use replicarium::engine::world::{Event, Run, What};
use replicarium::view;

type Found = Result<(), String>;

/// Where a record stands.
type Place = (Epoch, Position);

mod losses;

struct Recount<'a> {
    run: &'a dyn Run<Recorder>,
    events: Vec<Event>,
    // Where the records of lost writes stand: those that their clients were told of.
    places: BTreeMap<OpId, Place>,
    // What became of messages with them.
    carried: BTreeMap<Place, Vec<usize>>,
}

fn message_epoch(event: &Event) -> Option<Epoch> {
    match event.what {
        What::Sent { ref message, .. }
        | What::Delivered { ref message, .. }
        | What::Lost { ref message, .. } => Some(message.epoch),
        _ => None,
    }
}

fn demand(holds: bool, claim: &str) -> Found {
    if holds { Ok(()) } else { Err(format!("untrue: {claim}")) }
}

/// Whether everything that reasons claim about this run is what its trace shows.
pub fn reasons(run: &dyn Run<Recorder>) -> Found {
    let recorder = run.observer();
    if recorder.trace().has_forgotten() {
        return Ok(());
    }
    let events = recorder.trace().iter().collect();
    let (places, carried) = (BTreeMap::new(), BTreeMap::new());
    let mut recount = Recount { run, events, places, carried };
    recount.gather();
    for lost in recorder.ledger().ever_lost() {
        let told = |wrong: String| format!("{:?}: {}: {wrong}", lost.op, lost.why.sentence());
        recount.lost(lost).map_err(told)?;
    }
    for failover in recorder.failovers().promotions() {
        // A leader that starts again leads on: its reign is told to begin then.
        let before = recount.between(EventId::NONE, failover.event);
        let since = before.iter().rev().find(|event| promoted_in(event).is_some());
        let since = since.map_or(EventId::NONE, |event| event.id);
        recount.failover(failover, since).map_err(|wrong| format!("{failover:?}: {wrong}"))?;
    }
    recount.outages()?;
    recount.refused()?;
    recount.told()
}

impl Recount<'_> {
    fn gather(&mut self) {
        let recorder = self.run.observer();
        let lost: BTreeSet<OpId> = recorder.ledger().ever_lost().map(|lost| lost.op).collect();
        let records = self.run.view().records;
        let all = (0..u32::try_from(records.len()).unwrap_or(u32::MAX)).map(RecordRef);
        for record in all.filter_map(|at| records.get(at)).filter(|r| lost.contains(&r.op)) {
            let told = recorder.history().get(record.op).map(|operation| operation.end);
            // A later leader answers for what an earlier one wrote.
            let it = matches!(told, Some(End::Written { position, epoch })
                if position == record.position && epoch >= record.epoch);
            let place = (record.epoch, record.position);
            if it {
                // Of several at one place the one of the latest epoch: it was there when the client was told.
                let known = self.places.entry(record.op).or_insert(place);
                *known = place.max(*known);
            }
        }
        self.carried = self.places.values().map(|place| (*place, Vec::new())).collect();
        if self.carried.is_empty() {
            return;
        }
        for (index, event) in self.events.iter().enumerate() {
            let (What::Sent { ref message, .. }
            | What::Delivered { ref message, .. }
            | What::Lost { ref message, .. }) = event.what
            else {
                continue;
            };
            if message.kind.carries_records() && message.first <= message.last {
                // In a later epoch a leader passes on what it has of earlier ones.
                let places = self.carried.range_mut(..=(message.epoch, message.last));
                let covered =
                    places.filter(|((_, at), _)| *at >= message.first && *at <= message.last);
                covered.for_each(|(_, all)| all.push(index));
            }
        }
    }

    /// Where the record of a lost write stands that its client was told of.
    fn place(&self, op: OpId) -> Option<Place> {
        self.places.get(&op).copied()
    }

    fn event(&self, id: EventId) -> Result<&Event, String> {
        let index = (id.0 as usize).checked_sub(1).ok_or("no event")?;
        self.events.get(index).ok_or_else(|| format!("no event {id:?}"))
    }

    fn between(&self, after: EventId, until: EventId) -> &[Event] {
        let until = (until.0 as usize).saturating_sub(1).min(self.events.len());
        self.events.get(after.0 as usize..until).unwrap_or_default()
    }

    /// Messages of a record's own epoch that carried it.
    fn messages(&self, op: OpId) -> impl Iterator<Item = &Event> {
        let epoch = self.place(op).map(|(epoch, _)| epoch);
        self.about(op).filter(move |event| message_epoch(event) == epoch)
    }

    /// Messages of its own epoch and of later ones with what stands at a record's place.
    fn about(&self, op: OpId) -> impl Iterator<Item = &Event> {
        let of_it = self.place(op).and_then(|place| self.carried.get(&place));
        of_it.into_iter().flatten().map(|index| &self.events[*index])
    }

    /// Who was given a record before an event: by whoever wrote it, or in a later epoch by somebody who
    /// had been given it.
    fn given(&self, op: OpId, took: NodeId, until: EventId) -> Vec<NodeId> {
        let epoch = self.place(op).map(|(epoch, _)| epoch);
        let wrote = |event: &Event| match event.what {
            What::Noted { node, note: Note::Appended { op: o, .. } } if o == op => Some(node),
            _ => None,
        };
        let before = self.between(EventId::NONE, until);
        let mut given: Vec<NodeId> = before.iter().filter_map(wrote).chain([took]).collect();
        for event in self.about(op).filter(|event| event.id < until) {
            let What::Delivered { from, to, .. } = event.what else { continue };
            if message_epoch(event) == epoch || given.contains(&from) {
                given.push(to);
            }
        }
        given
    }

    fn failover(&self, failover: &Failover, since: EventId) -> Found {
        let event = self.event(failover.event)?;
        demand(
            leads(event, failover.new) && event.at == failover.promoted,
            "it began to lead then",
        )?;
        let ordered = self.ordered(event);
        let said = match failover.began {
            Began::Ordered { event } => Some(event),
            _ => None,
        };
        demand(said == ordered, "it leads by an order exactly if there was one")?;
        let begun = self.event(failover.began.event()).map(|event| event.what);
        let epoch = failover.epoch;
        let so = match (failover.began, begun) {
            (Began::Ordered { .. }, Ok(What::Ordered { node, promote: true })) => {
                node == failover.new
            }
            (
                Began::Elected { .. },
                Ok(What::Noted { node, note: Note::AskedForVotes { epoch: e } }),
            ) => node == failover.new && e == epoch,
            (
                Began::Chosen { by, .. },
                Ok(What::Noted { node, note: Note::Surveyed { epoch: e } }),
            ) => node == by && e == epoch,
            (
                Began::Configured { .. },
                Ok(What::Noted {
                    note: Note::LeftOut { epoch: e, .. } | Note::TakenIn { epoch: e, .. },
                    ..
                }),
            ) => e == epoch,
            (Began::Restarted { .. }, Ok(What::Started { node })) => node == failover.new,
            (Began::Untold, _) => true,
            _ => false,
        };
        demand(so, "it came to lead so")?;
        if let Some(death) = failover.death {
            self.death(failover.old, &death, failover.event)?;
        }
        let suspected = self.between(since, failover.event).iter().find(|event| {
            matches!(event.what, What::Noted { note: Note::Suspected { leader, .. }, .. }
                if leader == failover.old)
        });
        demand(
            suspected.map(|event| event.at) == failover.suspected,
            "it was first suspected then",
        )?;
        if let Some((at, id)) = failover.noticed {
            let noticed = self.event(id)?;
            let so = matches!(noticed.what, What::Noted { note: Note::Suspected { leader, .. }, .. }
                if leader == failover.old);
            demand(so && noticed.at == at && id < failover.event, "it was noticed then")?;
        }
        self.deposed(failover)
    }

    /// That the old leader stopped leading, and who made it.
    fn deposed(&self, failover: &Failover) -> Found {
        let Some(deposed) = failover.deposed else { return Ok(()) };
        let stepped = self.event(deposed.event)?;
        let so = matches!(stepped.what, What::Noted { node, note: Note::SteppedDown { .. } } if node == failover.old);
        demand(so && stepped.at == deposed.at, "the old one stopped leading then")?;
        let Some((from, epoch, heard)) = deposed.heard else { return Ok(()) };
        let named = match stepped.what {
            What::Noted { note: Note::SteppedDown { why, .. }, .. } => match why {
                StepDown::TurnedAway { by, .. }
                | StepDown::Replaced { by }
                | StepDown::AskedForVote { by }
                | StepDown::LaterEpoch { by }
                | StepDown::SameEpoch { by } => by == from,
                StepDown::ToldByClient | StepDown::Ordered => false,
            },
            _ => false,
        };
        demand(named, "it says who made it stop leading")?;
        let so = matches!(self.event(heard)?.what, What::Delivered { from: f, to, message }
            if (f, to, message.epoch) == (from, failover.old, epoch));
        demand(so, "it had heard of that epoch from there")
    }

    /// The order that made a node lead, if no message and no timer stands in between.
    fn ordered(&self, promoted: &Event) -> Option<EventId> {
        let mut at = self.event(promoted.cause).ok()?;
        loop {
            match at.what {
                What::Ordered { promote: true, .. } => return Some(at.id),
                What::Flushed { .. } => at = self.event(at.cause).ok()?,
                _ => return None,
            }
        }
    }

    /// Between the ends of an outage of writes, nobody was told that a write is saved.
    fn outages(&self) -> Found {
        let recorder = self.run.observer();
        let is_write = |op: OpId| recorder.history().get(op).is_some_and(|op| op.is_write());
        let saved = |event: &Event| matches!(event.what, What::Told { op, outcome: Outcome::Written { .. }, ends: true, .. } if is_write(op));
        for outage in recorder.write_availability().outages(self.run.now()) {
            let began = self.event(outage.began)?;
            let asked = matches!(began.what, What::Invoked { op, .. } if is_write(op));
            demand((asked || saved(began)) && began.at == outage.from, "an outage began so")?;
            let until = match outage.ended {
                Some(id) => {
                    let ended = self.event(id)?;
                    demand(saved(ended) && ended.at == outage.to, "an outage ended so")?;
                    id
                }
                None => {
                    let after = self.events.partition_point(|event| event.at <= outage.to);
                    EventId(u32::try_from(after + 1).unwrap_or(u32::MAX))
                }
            };
            let served = self.between(outage.began, until).iter().any(saved);
            demand(!served, "nobody was told “saved” during an outage")?;
        }
        Ok(())
    }

    fn refused(&self) -> Found {
        let refused = |event: &&Event| matches!(event.what, What::ActionRefused { .. });
        let in_trace: Vec<EventId> =
            self.events.iter().filter(refused).map(|event| event.id).collect();
        let known: Vec<EventId> =
            self.run.observer().milestones().refused().iter().map(|event| event.id).collect();
        demand(in_trace == known, "every refused action is known")?;
        for id in known {
            let event = self.event(id)?;
            let What::ActionRefused { line, .. } = event.what else { continue };
            let scripted = self.run.script().get(line as usize);
            demand(
                scripted.is_some_and(|line| line.at <= event.at),
                "its line is that of the script",
            )?;
        }
        Ok(())
    }

    /// What the page says now names events that there are, in order, and orders only what was ordered.
    fn told(&self) -> Found {
        let sentence = view::sentence(self.run);
        let rows = view::ledger(self.run, None).rows;
        let in_rows = rows.iter().filter_map(|row| row.reason.as_ref());
        for reason in sentence.reasons.iter().chain(in_rows) {
            let known = reason.events.iter().all(|event| self.event(EventId(*event)).is_ok());
            demand(known, &format!("{reason:?} names events that there are"))?;
        }
        if sentence.why.contains("was ordered to lead") {
            let order = |event: &Event| matches!(event.what, What::Ordered { promote: true, .. });
            demand(self.events.iter().any(order), &sentence.why)?;
        }
        Ok(())
    }
}

fn leads(event: &Event, leader: NodeId) -> bool {
    matches!(event.what, What::Noted { node, note: Note::Promoted { .. } | Note::BecameHead { .. } }
        if node == leader)
}

/// The epoch that a node began to lead.
fn promoted_in(event: &Event) -> Option<Epoch> {
    match event.what {
        What::Noted {
            note: Note::Promoted { epoch, .. } | Note::BecameHead { epoch, .. }, ..
        } => Some(epoch),
        _ => None,
    }
}

fn stop(event: &Event) -> Option<(NodeId, DeathKind)> {
    match event.what {
        What::Crashed { node } => Some((node, DeathKind::Crash)),
        What::PoweredOff { node, .. } => Some((node, DeathKind::PowerLoss)),
        What::Paused { node } => Some((node, DeathKind::Pause)),
        _ => None,
    }
}

fn back(event: &Event, this: NodeId) -> bool {
    event.at > SimTime::ZERO
        && matches!(event.what, What::Resumed { node, .. } | What::Started { node } if node == this)
}
