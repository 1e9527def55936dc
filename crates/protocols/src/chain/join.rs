//! Joining: whoever stands before the future place feeds the new node, by a consistent snapshot where
//! its log does not reach back, then by the log; then it waits for it, and the service puts it behind
//! the tail.

use super::configuration::Place;
use super::link::{Feeding, Outgoing};
use super::message::Message;
use super::replica::{Incoming, Replica};
use super::{Chain, Mark, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::parts::frame::{self, Frame};
use engine::protocol::parts::{Data, Log};
use engine::protocol::{Effects, FrameRef, Note};

/// A node that joins is close when it lacks no more than so many records.
const CLOSE: u32 = 64;

impl Replica {
    /// Looks whether the node that joins may become the tail. First it must be close; then nothing is
    /// committed any more that it has not; and when it has all that was committed before, the service
    /// is told, again and again until the chain changes.
    pub(super) fn look_whether_ready(&mut self, out: &mut Effects<'_, Chain>) {
        let (last, committed) = (self.log.last(), self.committed);
        let Some(node) = self.chain.joining else { return };
        let epoch = self.chain.epoch;
        let Some(link) = self.link(node).filter(|link| link.feeding == Feeding::Log) else {
            return;
        };
        if !link.counts {
            if link.acked < link.goal {
                return;
            }
            if last.since(link.acked) > CLOSE {
                link.goal = last;
                return;
            }
            link.counts = true;
        }
        if link.acked < committed || self.announced {
            return;
        }
        self.announced = true;
        out.note(Note::CaughtUp { node, position: committed });
        out.send(self.service, Message::Ready { epoch });
    }

    /// A successor lacks what the log no longer has.
    pub(super) fn copy_to(&mut self, node: NodeId, needs: Position, out: &mut Effects<'_, Chain>) {
        let first = self.log.base().next();
        if needs > Position(1) {
            out.note(Note::LogTruncatedMeanwhile { node, needs, first });
        }
        let data = &self.data;
        let frame = frame::write_snapshot(out.records, |bytes| data.write(bytes));
        let position = self.data.applied();
        let Some(link) = self.link(node) else { return };
        link.feeding = Feeding::Snapshot(Outgoing {
            position,
            frame,
            sent: 0,
            confirmed: 0,
            since: SimTime::ZERO,
        });
        out.note(Note::CatchUpFromSnapshot { node, position, bytes: frame.len });
        if !std::mem::replace(&mut self.piece_armed, true) {
            out.set_timer(Timer::Piece, Span::ZERO);
        }
    }

    /// Time for the next piece of every snapshot under way.
    pub(super) fn on_piece_due(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let (epoch, catch_up) = (self.chain.epoch, self.knobs.catch_up);
        self.piece_armed = false;
        let mut busy = false;
        for link in &mut self.links {
            let Feeding::Snapshot(outgoing) = &mut link.feeding else { continue };
            if outgoing.sent < outgoing.frame.len {
                let (position, offset) = (outgoing.position, outgoing.sent);
                let (attempt, total) = (link.attempt, outgoing.frame.len);
                let bytes = outgoing.frame.piece(offset, catch_up.piece_bytes.max(1));
                if outgoing.sent == outgoing.confirmed {
                    outgoing.since = now;
                }
                outgoing.sent += bytes.len;
                let sent = now;
                let piece = Message::Piece { epoch, attempt, position, bytes, offset, total, sent };
                out.send(link.node, piece);
            }
            busy |= outgoing.confirmed < outgoing.frame.len;
        }
        if busy {
            self.piece_armed = true;
            let pause = u64::from(catch_up.piece_bytes) * 1_000_000 / catch_up.bandwidth.max(1);
            out.set_timer(Timer::Piece, Span::from_micros(pause.max(1)));
        }
    }

    /// A piece of a snapshot arrives.
    pub(super) fn on_piece(
        &mut self,
        now: SimTime,
        (from, attempt): (NodeId, SimTime),
        (position, total): (Position, u32),
        (bytes, offset, sent): (FrameRef, u32, SimTime),
        out: &mut Effects<'_, Chain>,
    ) {
        let epoch = self.chain.epoch;
        let mine = self.predecessor() == Some(from) && attempt == self.attempt && !self.attached;
        if !mine {
            return;
        }
        let incoming = self.incoming.get_or_insert_with(|| Incoming {
            position,
            total,
            ..Incoming::default()
        });
        if incoming.position != position || incoming.total != total {
            return;
        }
        if offset == incoming.got && bytes.len > 0 {
            incoming.got += bytes.len;
            incoming.pieces.push(bytes);
            out.note(Note::SnapshotArrived { bytes: incoming.got, of: total });
        }
        let upto = incoming.got;
        let echo = sent;
        out.send(from, Message::PieceConfirm { epoch, attempt, position, upto, echo });
        if upto == total {
            self.install(now, out);
        }
    }

    /// All pieces are here: open the snapshot and continue from its position.
    fn install(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let Some(incoming) = self.incoming.take() else { return };
        self.detach(now);
        let mut whole = Vec::with_capacity(incoming.total as usize);
        for piece in incoming.pieces {
            whole.extend_from_slice(out.records.bytes(piece));
        }
        let Ok(Frame::Snapshot(image)) = frame::read(&whole) else { return };
        let Ok(mut data) = Data::read(image) else { return };
        let position = data.applied();
        data.ends_with(out.records.find(position, data.end().chain));
        self.log = Log::after(data.end());
        self.base_data = data.clone();
        self.data = data;
        if self.backlog.cut(Position::ZERO) {
            out.stop_applying();
        }
        self.committed = position;
        self.stable = position;
        self.sent.clear();
        self.flushed = Position::ZERO;
        self.era += 1;
        let first_extent = self.extents;
        let frame = out.records.store(|bytes| bytes.extend_from_slice(&whole));
        self.write(frame, out);
        out.note(Note::SnapshotInstalled { position });
        out.flush(Mark::Snapshot { position, era: self.era });
        out.flush(Mark::Front { first_extent });
    }

    /// A successor confirms a part of a snapshot.
    pub(super) fn on_piece_confirm(
        &mut self,
        now: SimTime,
        (from, attempt): (NodeId, SimTime),
        position: Position,
        (upto, echo): (u32, SimTime),
    ) {
        let beat = self.knobs.detect.heartbeat;
        let Some(link) = self.link(from).filter(|link| link.attempt == attempt) else { return };
        if matches!(link.feeding, Feeding::Snapshot(outgoing) if outgoing.position == position) {
            link.piece_heard(now, upto, echo, beat);
        }
    }

    /// Nothing of a snapshot was confirmed for so long that the successor is asked what it has.
    pub(super) fn ask_for_piece(&mut self, now: SimTime, at: usize, out: &mut Effects<'_, Chain>) {
        let (epoch, beat) = (self.chain.epoch, self.knobs.detect.heartbeat);
        let link = &mut self.links[at];
        let (to, attempt) = (link.node, link.attempt);
        let Some(outgoing) = link.asks_for_piece(now, beat) else { return };
        let Outgoing { position, frame, sent: offset, .. } = outgoing;
        let (bytes, total, sent) = (frame.piece(offset, 0), frame.len, now);
        out.send(to, Message::Piece { epoch, attempt, position, bytes, offset, total, sent });
    }

    /// Throws everything away. What it had acknowledged it has no part in any more: it is not in the
    /// chain, or what it holds has parted from what the chain has.
    pub(super) fn start_over(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        self.log = Log::default();
        (self.data, self.base_data) = (Data::default(), Data::default());
        (self.flushed, self.committed, self.stable) =
            (Position::ZERO, Position::ZERO, Position::ZERO);
        self.sent.clear();
        if self.backlog.cut(Position::ZERO) {
            out.stop_applying();
        }
        self.era += 1;
        let frame = frame::write_rewind(out.records, Position::ZERO);
        self.write(frame, out);
        out.flush(Mark::Log { position: Position::ZERO, era: self.era });
        self.detach(now);
    }

    /// An administrator orders a full copy: first the chain must go on without this node.
    pub(super) fn on_ordered_to_copy(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let epoch = self.chain.epoch;
        match self.place() {
            // The chain cannot go on without it.
            Place::Sole => {}
            // It knows that the chain goes on without it.
            Place::Outside if epoch > Epoch(0) => self.start_over(now, out),
            Place::Outside | Place::Joining | Place::Head | Place::Middle | Place::Tail => {
                self.leaving = true;
                out.send(self.service, Message::Leave { epoch });
            }
        }
    }
}
