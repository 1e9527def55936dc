//! A node of a chain: what it holds, and which rule handles what it is told.

use std::collections::VecDeque;
use std::rc::Rc;

use super::configuration::{Configuration, Place};
use super::knobs::Knobs;
use super::link::Link;
use super::message::{Message, Passed};
use super::{Chain, Mark, Timer};
use engine::base::{Key, NodeId, Position, SimTime};
use engine::protocol::parts::backlog::Backlog;
use engine::protocol::parts::{Data, Log, Reorder};
use engine::protocol::{
    Admin, Command, Effects, FrameRef, Input, Note, RecordRef, Request, RequestId,
};

/// A node that holds a copy of the data.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) me: NodeId,
    pub(super) service: NodeId,
    pub(super) knobs: Rc<Knobs>,
    // When this life of the node began: its process started, or it threw its data away.
    pub(super) since: SimTime,
    pub(super) chain: Rc<Configuration>,
    pub(super) log: Log,
    // Durable up to here.
    pub(super) flushed: Position,
    // At the end of the chain up to here, as far as this node knows. Invariant: committed <= flushed.
    pub(super) committed: Position,
    // The same as a backup or a node that joins is told it.
    pub(super) stable: Position,
    // The data of the committed records, as far as they are applied.
    pub(super) data: Data,
    // Received, and waiting for the applier.
    pub(super) backlog: Backlog,
    // The data as of the log's base.
    pub(super) base_data: Data,
    // `Sent` of the paper: what is in the log and not known to be at the end of the chain. Invariant:
    // one for each position from `committed` + 1 to the log's last.
    pub(super) sent: VecDeque<Sent>,
    // Whom it sends records to; the one that joins comes last.
    pub(super) links: Vec<Link>,
    // The predecessor has agreed on where the log continues.
    pub(super) attached: bool,
    // When it began its present attempt to attach itself.
    pub(super) attempt: SimTime,
    pub(super) early: Reorder<Passed>,
    // When the latest message was sent that the predecessor sent in this attempt.
    pub(super) echo: SimTime,
    pub(super) incoming: Option<Incoming>,
    // A tail that has just joined may not speak for the chain before its predecessor knows.
    pub(super) ready: bool,
    // A new primary may not answer reads before it has committed what it found in its log.
    pub(super) settled: Position,
    // It has told the service that the node that joins is ready.
    pub(super) announced: bool,
    // When the latest sign of life that the service answered was sent.
    pub(super) heard: SimTime,
    // It has said that it no longer hears the service.
    pub(super) unsure: bool,
    // It has asked to be left out, to be copied afresh.
    pub(super) leaving: bool,
    // Compare-and-sets that found another value in the log up to here, as the head: told when that
    // is at the end of the chain.
    pub(super) not_equal: VecDeque<(Position, RequestId)>,
    // Reads that wait for the tail's word.
    pub(super) queries: Vec<(RequestId, Key)>,
    // Grows whenever records leave the log's end: marks of earlier flushes mean nothing then.
    pub(super) era: u32,
    // Disk extents written since the disk was new.
    pub(super) extents: u32,
    pub(super) piece_armed: bool,
}

/// A record that is on its way to the end of the chain.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// Which.
    pub record: RecordRef,
    /// The sending of its operation that is to be answered; 0: none that this node knows of.
    pub attempt: u16,
    /// Since when this node has it.
    pub since: SimTime,
}

/// A snapshot on its way in.
#[derive(Clone, Default, Debug)]
pub struct Incoming {
    /// The data as of here.
    pub position: Position,
    /// Bytes in all.
    pub total: u32,
    /// Bytes here.
    pub got: u32,
    /// The pieces.
    pub pieces: Vec<FrameRef>,
}

impl Replica {
    pub(super) fn step(&mut self, now: SimTime, input: Input<Chain>, out: &mut Effects<'_, Chain>) {
        match input {
            Input::Message { from, message } => self.on_message(now, from, message, out),
            Input::Timer(Timer::Beat) => self.on_beat(now, out),
            Input::Timer(Timer::Piece) => self.on_piece_due(now, out),
            Input::Timer(Timer::Silence) | Input::PeerClosed(_) => {}
            Input::Request(request) => self.on_request(now, request, out),
            Input::Applied(position) => self.on_applied(position, out),
            Input::Flushed(mark) => self.on_flushed(now, mark, out),
            Input::Admin(Admin::CopyAfresh) => self.on_ordered_to_copy(now, out),
            Input::Admin(Admin::Promote | Admin::Join(_)) => {}
        }
    }

    fn on_request(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Chain>) {
        match request.command {
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => {
                self.on_write(now, request, out);
            }
            Command::Read { key, at_leader } => self.on_read(now, request.id, key, at_leader, out),
        }
    }

    fn on_message(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: Message,
        out: &mut Effects<'_, Chain>,
    ) {
        match message {
            Message::AliveHeard { chain, sent } => return self.on_heard(now, chain, sent, out),
            Message::Configure { chain } => return self.on_configuration(now, chain, out),
            _ => {}
        }
        let epoch = message.epoch();
        if epoch != self.chain.epoch {
            if epoch < self.chain.epoch && matches!(message, Message::Forward { .. }) {
                out.note(Note::Fenced { from, epoch });
            }
            return;
        }
        match message {
            Message::Forward { prev, records, stable, sent, .. } => {
                self.on_forward(now, (from, sent), prev, &records, stable, out);
            }
            Message::Ack { attempt, position, receipt, .. } => {
                self.on_ack(now, (from, attempt), position, receipt, out);
            }
            Message::Again { id, position, .. } => self.on_again(from, id, position, out),
            Message::Report { attempt, last, committed, .. } => {
                self.on_report(now, (from, attempt), (last, committed), out);
            }
            Message::Welcome { attempt, at, chain, stable, sent, .. } => {
                self.on_welcome(now, (from, attempt, sent), (at, chain, stable), out);
            }
            Message::Piece { attempt, position, bytes, offset, total, sent, .. } => {
                let piece = (bytes, offset, sent);
                self.on_piece(now, (from, attempt), (position, total), piece, out);
            }
            Message::PieceConfirm { attempt, position, upto, echo, .. } => {
                self.on_piece_confirm(now, (from, attempt), position, (upto, echo));
            }
            Message::VersionQuery { id, key, .. } => {
                self.on_version_query(now, from, id, key, out);
            }
            Message::VersionAnswer { id, version, .. } => self.on_version_answer(id, version, out),
            Message::Alive { .. }
            | Message::AliveHeard { .. }
            | Message::Configure { .. }
            | Message::Ready { .. }
            | Message::Leave { .. } => {}
        }
    }

    /// Something became durable.
    fn on_flushed(&mut self, now: SimTime, mark: Mark, out: &mut Effects<'_, Chain>) {
        match mark {
            Mark::Log { position, era } if era == self.era && position > self.flushed => {
                self.flushed = position;
                self.on_log_flushed(now, out);
            }
            Mark::Snapshot { position, era } if era == self.era => {
                self.flushed = self.flushed.max(position);
                self.report(out);
            }
            Mark::Front { first_extent } => out.discard(self.extents - first_extent),
            Mark::Log { .. } | Mark::Snapshot { .. } | Mark::Chain(_) => {}
        }
    }

    pub(super) fn write(&mut self, frame: FrameRef, out: &mut Effects<'_, Chain>) {
        self.extents += 1;
        out.write(frame);
    }

    pub(super) fn place(&self) -> Place {
        self.chain.place(self.me)
    }

    pub(super) fn predecessor(&self) -> Option<NodeId> {
        self.chain.predecessor(self.me, self.knobs.is_star())
    }

    pub(super) fn link(&mut self, node: NodeId) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.node == node)
    }

    /// Whether the service cannot have replaced this node yet: it heard a sign of life that was sent
    /// less than a time-out ago, and waits that long from when it heard it.
    pub(super) fn is_sure(&self, now: SimTime) -> bool {
        let heard = now.since(self.heard) < self.knobs.detect.timeout;
        !self.leaving && (heard || !self.knobs.fencing)
    }

    /// Whether it is the one that answers writes.
    pub(super) fn answers(&self) -> bool {
        let place = self.place();
        if self.knobs.is_star() { place.is_first() } else { place.is_last() && self.ready }
    }
}
