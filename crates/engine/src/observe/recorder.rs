//! The recorder: watches a run and keeps everything that readers, audits and reports ask for.
//!
//! It is shown each event once. What happens all the time is appended to lists; nodes and logs are
//! looked at only at rare events and once every [`LOOK_EVERY`] events, so that it does not slow
//! the run down. Copying it is cheap: all that grows lies in shared chunks.

mod parts;

use super::audit::{Agreement, Reigns, Totals};
use super::history::{End, History, Operation, Taken};
use super::ledger::{Evidence, Ledger};
use super::lineage;
use super::lines::Lines;
use super::metric::{Availability, CatchUps, Failovers, Lag};
use super::milestones::Milestones;
use super::parting::Parting;
use super::remains::Graveyard;
use super::sessions::{Known, Sessions};
use super::settling::{Settling, carried};
use super::tally::Tally;
use super::trace::Trace;
use crate::base::{ClientId, EventId, NodeId, OpId, SimTime};
use crate::protocol::note::Resolution;
use crate::protocol::parts::Conflicts;
use crate::protocol::{Command, Note, Outcome, RecordRef, Shape};
use crate::world::{Event, Limits, Observer, What, WorldView};

/// Nodes and logs are looked at once in so many events.
pub const LOOK_EVERY: u32 = 8_192;

/// Stores are small, and what is overwritten unseen leaves no other trace: it shall be told of soon.
/// Once in as many events as there are versions, if those are more.
const LOOK_AT_STORES_EVERY: u32 = 64;

/// Everything recorded of a run.
#[derive(Clone, Debug)]
pub struct Recorder {
    trace: Trace,
    history: History,
    milestones: Milestones,
    ledger: Ledger,
    reigns: Reigns,
    agreement: Agreement,
    writes: Availability,
    reads: Availability,
    failovers: Failovers,
    catch_ups: CatchUps,
    lag: Lag,
    graveyard: Graveyard,
    lines: Lines,
    sessions: Sessions,
    totals: Totals,
    settling: Settling,
    parting: Parting,
    tally: Tally,
    // Where data are versions per key: the event from which on they are looked at again.
    next_look: u32,
    // Who forgot a tombstone last, and when.
    forgot: (NodeId, EventId),
    // Who leads may be another one from the next instant on than at this one.
    changed: Option<SimTime>,
}

impl Recorder {
    /// A recorder for a run with these bounds.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            trace: Trace::new(limits.trace_events),
            history: History::default(),
            milestones: Milestones::default(),
            ledger: Ledger::default(),
            reigns: Reigns::default(),
            agreement: Agreement::default(),
            writes: Availability::default(),
            reads: Availability::default(),
            failovers: Failovers::default(),
            catch_ups: CatchUps::default(),
            lag: Lag::default(),
            graveyard: Graveyard::default(),
            lines: Lines::default(),
            sessions: Sessions::default(),
            totals: Totals::default(),
            settling: Settling::default(),
            parting: Parting::default(),
            tally: Tally::default(),
            next_look: LOOK_AT_STORES_EVERY,
            forgot: (NodeId(0), EventId::NONE),
            changed: None,
        }
    }

    #[inline(never)]
    fn look_at_all(&mut self, at: SimTime, event: EventId, world: &WorldView<'_>) {
        let nodes = lineage::sample(world);
        self.agreement.look(&nodes, world, at, event);
        self.totals.look(&nodes, at, event);
        if world.shape == Shape::Line {
            self.lines.follow(world.records);
            let open = self.agreement.broken().is_none();
            self.parting.look(&nodes, world, &self.lines, open);
        }
        self.judge_with(&nodes, (at, event), world);
    }

    fn judge_with(
        &mut self,
        nodes: &[lineage::Sample],
        (at, event): (SimTime, EventId),
        world: &WorldView<'_>,
    ) {
        self.ledger.judge(&Evidence {
            nodes,
            world,
            history: &self.history,
            trace: &self.trace,
            milestones: &self.milestones,
            at,
            event,
        });
    }

    /// A log may part from another with a record that is called committed at once.
    fn look_if_a_log_parts(&mut self, event: &Event, world: &WorldView<'_>) {
        if world.shape == Shape::Line {
            self.lines.follow(world.records);
            if self.parting.is_news(&self.lines) {
                self.look_at_all(event.at, event.id, world);
            }
        }
    }

    /// What two nodes call committed is compared as soon as one of them says more, where logs part:
    /// one that is cut back later leaves no trace of it.
    fn look_where_logs_part(&mut self, event: &Event, world: &WorldView<'_>) {
        if self.parting.says_more(&event.what, world) {
            let nodes = lineage::sample(world);
            self.agreement.look(&nodes, world, event.at, event.id);
            // What was written last belongs to a log that it must know.
            self.lines.follow(world.records);
            let open = self.agreement.broken().is_none();
            self.parting.look(&nodes, world, &self.lines, open);
        }
    }

    fn wrote(&mut self, op: OpId, at: SimTime) {
        if self.history.get(op).is_some_and(Operation::is_write) {
            self.settling.wrote(at);
        }
    }

    #[inline]
    fn ended(&mut self, ended: bool, op: OpId, event: &Event, world: &WorldView<'_>) {
        self.look_if_a_log_parts(event, world);
        let Some(operation) = self.history.get(op).filter(|_| ended) else { return };
        let conflicts = match world.shape {
            Shape::Line => Conflicts::default(),
            Shape::Store => self.ledger.conflicts(world),
        };
        let exact = match event.what {
            What::Told { op, attempt, .. } => self.lines.arrived((op, attempt)),
            _ => None,
        };
        let (history, records, lines) = (&self.history, world.records, &self.lines);
        let known = Known { history, records, lines, exact, shape: world.shape, conflicts };
        if let Some(spot) = self.sessions.ended(op, operation, &known) {
            self.lines.told(spot);
        }
        let (end, writes, invoked) = (operation.end, operation.is_write(), operation.invoked);
        let operation_key = operation.key();
        let served = matches!(end, End::Written { .. } | End::Value { .. });
        let served = served.then(|| event.at.since(invoked));
        if !writes {
            return self.reads.ended((event.at, event.id), served);
        }
        self.writes.ended((event.at, event.id), served);
        self.ledger.ended(op, end);
        if self.ledger.is_suspect(op, end) {
            self.judge_with(&lineage::sample(world), (event.at, event.id), world);
        }
        if let (End::Written { position, .. }, Shape::Store) = (end, world.shape) {
            // What nobody shows when its client is told may be lost from the first: it is lost then,
            // and not when somebody looks.
            let (at, key) = (RecordRef::named(position), operation_key);
            let mut nodes = (0..world.nodes.count()).map(NodeId);
            if !nodes.any(|node| world.nodes.stored(node, key).contains(&at)) {
                self.judge_with(&lineage::sample(world), (event.at, event.id), world);
            }
        }
    }

    /// With the last tombstone of a key its deletion may be lost: at that moment. A node forgets all
    /// that are old enough in one step.
    fn forgot(&mut self, node: NodeId, event: &Event, world: &WorldView<'_>) {
        let before = EventId(event.id.0.saturating_sub(1));
        if self.forgot != (node, before) {
            self.judge_with(&lineage::sample(world), (event.at, event.id), world);
        }
        self.forgot = (node, event.id);
    }

    fn noted(&mut self, node: NodeId, note: &Note, event: &Event, world: &WorldView<'_>) {
        let when = (event.at, event.id);
        self.failovers.noted(node, note, event, (&self.milestones, &self.trace));
        if note.promotion().is_some() || matches!(note, Note::SteppedDown { .. }) {
            self.history.begins_anew(node, event.id);
        }
        self.catch_ups.noted(node, note, when, world);
    }

    fn milestone(&mut self, event: &Event, world: &WorldView<'_>) {
        self.milestones.push(event);
        match event.what {
            What::Crashed { node } => self.graveyard.bury(node, false, world),
            What::PoweredOff { node, .. } => self.graveyard.bury(node, true, world),
            _ => {}
        }
        match event.what {
            What::Crashed { node } | What::PoweredOff { node, .. } => {
                self.reigns.interrupted(node, event.id);
                self.history.begins_anew(node, event.id);
            }
            What::Paused { node } => self.reigns.interrupted(node, event.id),
            What::Noted { node, ref note } => self.noted(node, note, event, world),
            // A node that is told to copy its data afresh throws away what it has, in a step that
            // comes next.
            What::Ordered { .. } => self.next_look = event.id.0 + 1,
            _ => {}
        }
        if changes_logs(&event.what) {
            self.look_at_all(event.at, event.id, world);
            self.changed = Some(event.at);
        }
    }

    /// What an event means for histories, ledger and audits.
    fn heed(&mut self, event: &Event, world: &WorldView<'_>) {
        match event.what {
            What::Noted { note: Note::Committed { .. }, .. } => {
                self.look_if_a_log_parts(event, world);
            }
            What::Noted { ref note, node } => {
                self.tally.noted(note, event.id);
                self.lag.look(world);
                if matches!(note, Note::TombstoneDropped { .. }) {
                    self.forgot(node, event, world);
                }
            }
            What::Started { .. } => self.lag.look(world),
            _ => {}
        }
        let (at, id) = (event.at, event.id);
        match event.what {
            What::Invoked { op, .. } => {
                self.history.invoked(op, id);
                self.wrote(op, at);
            }
            What::Asked { op, attempt, .. } => {
                self.history.asked(op, attempt);
                self.wrote(op, at);
            }
            What::Requested { node, op, attempt, .. } => {
                self.wrote(op, at);
                self.history.taken(op, Taken { at, event: id, node, attempt });
            }
            What::Answered { op, attempt, outcome: Outcome::Written { epoch, .. }, .. } => {
                // Where data are versions per key, nobody leads. In a chain the first node takes a
                // write and the last one answers.
                let line = world.shape == Shape::Line;
                let taken = self.history.taken_first(op, attempt).filter(|_| line);
                if let Some(taken) = taken {
                    self.reigns.accepted(taken, epoch, op, id);
                }
            }
            What::Answered { node, op, attempt, outcome, .. } if world.shape == Shape::Line => {
                self.history.turned_away(op, node);
                if let Outcome::Value { version, .. } = outcome
                    && !self.lines.is_one()
                    && let Some(shown) = world.nodes.record_at(node, version)
                {
                    self.lines.answered((op, attempt), shown);
                }
            }
            What::Told { node, op, outcome, ends: true, .. } => {
                self.wrote(op, at);
                let ended = self.history.told(op, node, outcome, (at, id));
                self.ended(ended, op, event, world);
            }
            What::Told { node, op, ends: false, .. } => {
                self.history.asks_again(op, node);
            }
            What::TalkLost { op, attempt, .. } => self.history.talk_lost(op, attempt),
            What::TimedOut { op, gave_up, .. } => {
                self.wrote(op, at);
                let ended = self.history.timed_out(op, at, id, gave_up);
                self.ended(ended, op, event, world);
            }
            ref what if Milestones::is_one(what) => self.milestone(event, world),
            _ => {}
        }
    }
}

/// Whether after this event the logs may look different from before, beyond growing.
const fn changes_logs(what: &What) -> bool {
    match what {
        What::Crashed { .. } | What::PoweredOff { .. } | What::Paused { .. } => true,
        What::Started { .. } | What::Resumed { .. } => true,
        What::Noted { note, .. } => matches!(
            note,
            Note::Promoted { .. }
                | Note::BecameHead { .. }
                | Note::BecameTail { .. }
                | Note::Outside { .. }
                | Note::SteppedDown { .. }
                | Note::Rewound { .. }
                | Note::Discarded { .. }
                | Note::Stranded { .. }
                | Note::SnapshotInstalled { .. }
                | Note::FilesOpened { .. }
                | Note::Conflict { by: Resolution::LaterStamp | Resolution::WrongClock, .. }
        ),
        _ => false,
    }
}

impl Observer for Recorder {
    fn on_operation(&mut self, op: OpId, client: ClientId, command: Command, at: SimTime) {
        self.history.begin(op, client, command, at);
        // The next event tells that it was begun.
        let event = EventId(self.trace.len() + 1);
        match command {
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => {
                self.writes.invoked(at, event);
                self.ledger.invoked();
            }
            Command::Read { .. } => self.reads.invoked(at, event),
        }
    }

    fn look(&mut self, now: SimTime, world: &WorldView<'_>) {
        let event = EventId(self.trace.len());
        self.settling.catch_up(now, event, world, &self.milestones);
        self.look_at_all(now, event, world);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn on_event(&mut self, event: &Event, world: &WorldView<'_>) {
        if self.settling.is_due(event.at) {
            self.settling.catch_up(event.at, event.id, world, &self.milestones);
        }
        self.trace.push(event);
        // Most of all events, and they are kept in the trace alone.
        if !matches!(event.what, What::Sent { .. } | What::Delivered { .. }) {
            self.heed(event, world);
        }
        if self.ledger.awaits_messages() {
            self.ledger.message_ended(event);
        }
        if let Some(moved) = carried(event) {
            self.settling.moves(moved);
        }
        if self.parting.is_open() {
            self.look_where_logs_part(event, world);
        }
        let due = match world.shape {
            Shape::Line => {
                event.id.0 % LOOK_EVERY == 0 || self.changed.is_some_and(|since| event.at > since)
            }
            Shape::Store => event.id.0 >= self.next_look,
        };
        if due {
            self.changed = None;
            self.look_at_all(event.at, event.id, world);
            // A look takes as long as there are versions.
            let held = self.ledger.versions().held();
            self.next_look = event.id.0.saturating_add(held.max(LOOK_AT_STORES_EVERY));
        }
    }
}
