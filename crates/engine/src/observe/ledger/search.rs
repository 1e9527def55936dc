//! Finds out why writes were lost: one look at the newest records, one at the events since the
//! first of them began. It runs only when a loss was found.
//!
//! What is said of messages is taken from their own events: a message has arrived if it was
//! delivered, and never arrives if it was lost; until then it is on its way.

use std::collections::BTreeMap;

use super::Evidence;
use super::NodeSet;
use super::kept::{Then, then};
use super::why::{Reason, Why};
use crate::base::{Epoch, EventId, NodeId, OpId, Position, SimTime};
use crate::observe::history::{End, History, Operation, Taken};
use crate::observe::lineage::Lineage;
use crate::protocol::{MessageFacts, Note, Outcome, RecordRef, Records, Role};
use crate::world::{Dropped, Event, What};

/// Why a write was lost, and which of its messages are still on their way.
pub struct Found {
    /// The write.
    pub op: OpId,
    /// Why it is lost.
    pub why: Why,
    /// Messages with it that neither arrived nor got lost yet.
    pub on_way: Vec<Sent>,
}

/// A message that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// The event of its sending.
    pub event: EventId,
    /// To whom.
    pub to: NodeId,
    /// When.
    pub at: SimTime,
}

/// A lost write and what the messages did for it.
struct Track {
    op: OpId,
    by: NodeId,
    acknowledged: SimTime,
    answered: Option<SimTime>,
    told: EventId,
    taken: Taken,
    record: Option<RecordRef>,
    position: Position,
    on_way: Vec<Sent>,
    arrived: Vec<(NodeId, EventId, SimTime)>,
    // Got it only by what was sent after the leader was chosen.
    later: NodeSet,
    died: Vec<(NodeId, EventId)>,
    dropped: Vec<(NodeId, EventId, Dropped)>,
    sent_last: SimTime,
}

/// The leader in whose log writes are missing, and when it began.
#[derive(Clone, Copy)]
struct Chosen<'a> {
    node: NodeId,
    epoch: Epoch,
    promoted: Option<&'a Event>,
    // What happened before this event happened before the leader was chosen.
    until: EventId,
}

/// The reason for each of these lost writes, in their order.
pub fn reasons(missing: &[OpId], lineage: &Lineage, evidence: &Evidence<'_>) -> Vec<Found> {
    let Some((node, epoch)) = lineage.leader() else { return Vec::new() };
    let promoted = evidence.milestones.promoted(node, epoch);
    let until = promoted.map_or(evidence.event, |event| event.id);
    let chosen = Chosen { node, epoch, promoted, until };
    let mut begun = SimTime::NEVER;
    let mut tracks = Vec::new();
    for op in missing {
        if let Some(operation) = evidence.history.get(*op) {
            begun = begun.min(operation.invoked);
            tracks.push(Track::of(*op, operation, evidence.history));
        }
    }
    let places = find_records(&mut tracks, evidence);
    follow_messages(&mut tracks, &places, begun, &chosen, evidence);
    tracks.into_iter().map(|track| track.found(&chosen, evidence)).collect()
}

/// Where the lost writes' records stand: by position, their epoch and which track it is.
type Places = BTreeMap<Position, Vec<(Epoch, usize)>>;

fn find_records(tracks: &mut [Track], evidence: &Evidence<'_>) -> Places {
    let mut by_op: BTreeMap<OpId, usize> =
        tracks.iter().enumerate().map(|(index, track)| (track.op, index)).collect();
    let mut places = Places::new();
    for (at, op, epoch, position) in newest_first(evidence.world.records) {
        if by_op.is_empty() {
            break;
        }
        let Some(index) = by_op.get(&op).copied() else { continue };
        let told = evidence.history.get(op).map(|operation| operation.end);
        let exact = told == Some(End::Written { position, epoch });
        if exact || tracks[index].record.is_none() {
            // Asked again without a key it is several records: its client was told of one.
            if let Some(other) = places.get_mut(&tracks[index].position) {
                other.retain(|(_, known)| *known != index);
            }
            (tracks[index].record, tracks[index].position) = (Some(at), position);
            places.entry(position).or_default().push((epoch, index));
        }
        if exact {
            by_op.remove(&op);
        }
    }
    places
}

fn newest_first(
    records: &Records,
) -> impl Iterator<Item = (RecordRef, OpId, Epoch, Position)> + '_ {
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    (0..count).rev().map(RecordRef).filter_map(|at| {
        let record = records.get(at)?;
        Some((at, record.op, record.epoch, record.position))
    })
}

fn follow_messages(
    tracks: &mut [Track],
    places: &Places,
    begun: SimTime,
    chosen: &Chosen<'_>,
    evidence: &Evidence<'_>,
) {
    for event in evidence.trace.window(begun, SimTime::NEVER) {
        if let What::Answered { node, op, outcome: Outcome::Written { .. }, .. } = event.what {
            let it = |track: &&mut Track| track.op == op && track.by == node;
            if let Some(track) = tracks.iter_mut().find(it) {
                track.answered =
                    Some(event.at).filter(|at| *at <= track.acknowledged).or(track.answered);
            }
            continue;
        }
        let (What::Sent { from, ref message, .. }
        | What::Delivered { from, ref message, .. }
        | What::Lost { from, ref message, .. }) = event.what
        else {
            continue;
        };
        let carries = message.kind.carries_records() && message.first <= message.last;
        let of_it = carries.then(|| places.range(message.first..=message.last));
        for (epoch, index) in of_it.into_iter().flatten().flat_map(|(_, all)| all) {
            let track = &mut tracks[*index];
            if track.is_carried(from, message, *epoch, chosen) {
                track.message(&event, chosen);
            }
        }
    }
}

impl Track {
    fn of(op: OpId, operation: &Operation, history: &History) -> Self {
        let by = operation.node.unwrap_or(operation.taken.node);
        Self {
            op,
            by,
            acknowledged: operation.ended,
            answered: None,
            told: operation.ended_event,
            // Another one than who acknowledged it took it where writes pass through a row of nodes.
            taken: history.taken_by(op, by).unwrap_or(operation.taken),
            record: None,
            position: Position::ZERO,
            on_way: Vec::new(),
            arrived: Vec::new(),
            later: NodeSet::default(),
            died: Vec::new(),
            dropped: Vec::new(),
            sent_last: SimTime::ZERO,
        }
    }

    /// Whether a message about the record's position carries this record: it is of its own epoch,
    /// or of a later one of the same node's, which sends its old records again.
    fn is_carried(
        &self,
        from: NodeId,
        message: &MessageFacts,
        epoch: Epoch,
        chosen: &Chosen<'_>,
    ) -> bool {
        let own = from == self.by || from == self.taken.node;
        message.epoch == epoch || own && message.epoch > epoch && message.epoch < chosen.epoch
    }

    fn message(&mut self, event: &Event, chosen: &Chosen<'_>) {
        match event.what {
            What::Sent { to, .. } if event.id < chosen.until => {
                self.on_way.push(Sent { event: event.id, to, at: event.at });
                self.sent_last = event.at;
            }
            What::Delivered { to, .. } if self.takes_off(event.cause, to) => {
                self.arrived.push((to, event.id, event.at));
            }
            // What was sent only after the leader was chosen explains nothing.
            What::Delivered { to, .. } => self.later.insert(to),
            What::Lost { to, why, .. } if self.takes_off(event.cause, to) => match why {
                Dropped::SenderLostPower => self.died.push((to, event.id)),
                why => self.dropped.push((to, event.id, why)),
            },
            _ => {}
        }
    }

    /// The node that it had arrived at and that threw it away unapplied, and the event of that.
    fn discarded(&self, evidence: &Evidence<'_>) -> Option<Reason> {
        let since = evidence.milestones.between(self.taken.event, EventId(evidence.event.0 + 1));
        let mut discards = since.filter_map(|known| match known.what {
            What::Noted { node, note: Note::Discarded { from, to } } => {
                let it = (from..=to).contains(&self.position);
                it.then_some((node, known.id))
            }
            _ => None,
        });
        let arrived = |node: NodeId| self.arrived.iter().any(|(to, ..)| *to == node);
        let (node, event) = discards.find(|(node, _)| arrived(*node))?;
        Some(Reason::Discarded { node, event })
    }

    /// The message is no longer on its way. Says whether it was.
    fn takes_off(&mut self, sent: EventId, to: NodeId) -> bool {
        let before = self.on_way.len();
        self.on_way.retain(|known| known.event != sent || known.to != to);
        // A message may be delivered twice.
        before > self.on_way.len() || self.arrived.iter().any(|(node, ..)| *node == to)
    }

    fn found(self, chosen: &Chosen<'_>, evidence: &Evidence<'_>) -> Found {
        let reason = self.reason(chosen, evidence);
        let why = Why {
            by: self.by,
            took: self.taken.node,
            taken: self.taken.event,
            acknowledged: self.acknowledged,
            answered: self.answered.unwrap_or(self.acknowledged),
            told: self.told,
            death: evidence.milestones.death(self.by, self.taken.event, chosen.until),
            chosen: chosen.node,
            promoted: match reason {
                // It began to lead before the write was taken: that explains nothing.
                Reason::OlderLeader { .. } => EventId::NONE,
                _ => chosen.promoted.map_or(EventId::NONE, |event| event.id),
            },
            reason,
        };
        let waits = matches!(reason, Reason::OnItsWay { .. });
        Found { op: self.op, why, on_way: if waits { self.on_way } else { Vec::new() } }
    }

    fn reason(&self, chosen: &Chosen<'_>, evidence: &Evidence<'_>) -> Reason {
        let Some(record) = self.record else { return Reason::NeverWritten };
        if self.by == chosen.node {
            return self.own_log(evidence);
        }
        let written = evidence.world.records.get(record).map(|record| record.epoch);
        if written.is_some_and(|epoch| epoch > chosen.epoch) {
            return Reason::OlderLeader { epoch: chosen.epoch, event: evidence.event };
        }
        if let Some(promoted) = chosen.promoted.filter(|event| event.id < self.taken.event) {
            return Reason::TooLate { late: self.taken.at.since(promoted.at) };
        }
        if let Some(discarded) = self.discarded(evidence) {
            return discarded;
        }
        let took = self.taken.node;
        let others = evidence.nodes.iter().map(|node| node.node);
        // Who acknowledged it for another had it, too.
        let others = others.filter(|node| *node != took);
        let late = |node: &NodeId| {
            let mut arrivals = self.arrived.iter().filter(|(to, ..)| to == node).peekable();
            let ever = arrivals.peek().is_some() || self.later.contains(*node);
            ever && arrivals.all(|(_, event, _)| *event > chosen.until)
        };
        let early: Vec<(NodeId, Then)> = (self.arrived.iter())
            .filter(|(node, event, _)| *event < chosen.until && *node != took)
            .map(|(node, arrived, _)| {
                (*node, then((*node, *arrived), self.position, chosen.until, evidence))
            })
            .collect();
        let of =
            |wanted: Then| early.iter().filter(move |(_, then)| *then == wanted).map(|(n, _)| *n);
        let down: NodeSet = of(Then::Down).collect();
        let holds =
            |node: NodeId| evidence.world.nodes.record_at(node, self.position) == Some(record);
        // What has become of it since the leader began explains nothing.
        let holders: NodeSet = others
            .filter(|node| holds(*node) && !late(node) && !down.contains(*node))
            .chain(of(Then::Had))
            .collect();
        if !holders.is_empty() {
            return Reason::NotChosen { holders };
        }
        let early: NodeSet = early.iter().map(|(node, _)| *node).collect();
        if !down.is_empty() {
            return Reason::HoldersDown { holders: down, only: down == early };
        }
        if !early.is_empty() {
            return Reason::NotKept { holders: early };
        }
        self.undelivered(evidence)
    }

    /// The node leads that acknowledged it: it has cut it off, or its disk never had it.
    fn own_log(&self, evidence: &Evidence<'_>) -> Reason {
        let since = evidence.milestones.between(self.taken.event, evidence.event);
        let cut = since.filter(|event| match event.what {
            What::Noted { node, note: Note::Rewound { from, to } } => {
                node == self.by && to < self.position && self.position <= from
            }
            What::Noted { node, ref note } => {
                let afresh =
                    matches!(note, Note::SnapshotInstalled { .. } | Note::FilesOpened { .. });
                node == self.by && afresh
            }
            _ => false,
        });
        cut.last().map_or(Reason::OwnLog, |event| Reason::CutBack { event: event.id })
    }

    /// It had arrived nowhere when the leader was chosen.
    fn undelivered(&self, evidence: &Evidence<'_>) -> Reason {
        let took = self.taken.node;
        let mut others = self.arrived.iter().filter(|(node, ..)| *node != took);
        if let Some((to, event, at)) = others.next().copied() {
            return Reason::ArrivedLate { to, at, event };
        }
        if let Some(Sent { event, at, .. }) = self.on_way.last().copied() {
            let to = self.on_way.iter().map(|sent| sent.to).collect();
            return Reason::OnItsWay { to, sent: at, event };
        }
        if let Some((_, event)) = self.died.last().copied() {
            let to = self.died.iter().map(|(node, _)| *node).collect();
            return Reason::DiedOnItsWay { to, sent: self.sent_last, event };
        }
        let all = (0..evidence.world.nodes.count()).map(NodeId);
        // A service that keeps no data is nobody's replica.
        let keeps = |node: &NodeId| {
            let facts = evidence.world.nodes.facts(*node);
            facts.is_none_or(|facts| facts.role != Role::Service)
        };
        let others = all.filter(|node| *node != self.by && *node != took);
        let to: NodeSet = others.filter(keeps).collect();
        let cut = |node: &NodeId| evidence.milestones.cut_at(took, *node, self.taken.event);
        // From the last of these cuts on there was no way to any of them.
        if let Some(last) = to.iter().filter_map(|node| cut(&node)).max_by_key(|cut| cut.id) {
            let to = to.iter().filter(|node| cut(node).is_some()).collect();
            return Reason::LinkCut { to, since: last.at, event: last.id };
        }
        match self.dropped.last().copied() {
            Some((_, event, why)) => {
                let same = self.dropped.iter().filter(|(.., other)| *other == why);
                Reason::NotDelivered { to: same.map(|(node, ..)| *node).collect(), why, event }
            }
            None => Reason::NeverSent { to },
        }
    }
}
