//! The configuration service: who is in the chain, and in which order. The paper takes it for one
//! that never fails, being replicated itself; here it is one machine.
//!
//! It hears from every node in intervals. It tells nobody of a chain before that is on its disk, so
//! that a service that comes back knows at least what everybody knows, and goes on from there.

use std::rc::Rc;

use super::configuration::{Configuration, Place};
use super::knobs::Knobs;
use super::message::Message;
use super::{Chain, Mark, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime, Span, sort_by_key};
use engine::protocol::facts::{Feeding, FollowerFacts};
use engine::protocol::parts::frame::{self, Frame};
use engine::protocol::{Boot, Directions, Effects, NodeFacts, Note, Role};

/// The configuration service.
#[derive(Clone, Debug)]
pub struct Service {
    knobs: Rc<Knobs>,
    // The chain, perhaps not on the disk yet.
    chain: Rc<Configuration>,
    // What is on the disk and has been told.
    told: Rc<Configuration>,
    // By node: when it was last heard, and which life of it that was.
    heard: Vec<Heard>,
    me: NodeId,
}

#[derive(Clone, Copy, Debug)]
struct Heard {
    at: SimTime,
    // When its process started; `None`: not known.
    since: Option<SimTime>,
    suspected: bool,
}

impl Service {
    /// Starts from what its disk holds. What was told before the first flush can only have been the
    /// chain that every cluster begins with.
    pub(super) fn start(boot: &Boot<'_, Chain>, out: &mut Effects<'_, Chain>) -> Self {
        let first = Configuration::first(boot.me.0);
        let known =
            boot.disk.iter().map_while(|extent| match frame::read(out.records.bytes(*extent)) {
                Ok(Frame::Members { epoch, nodes }) => {
                    Some(Configuration { epoch, chain: nodes, joining: None })
                }
                _ => None,
            });
        let last = known.last().unwrap_or(first);
        let new = boot.now == SimTime::ZERO;
        // A service that comes back has everybody find together anew.
        let epoch = if new { last.epoch } else { last.epoch.next() };
        let chain = Rc::new(Configuration { epoch, ..last });
        let told = if new { Rc::clone(&chain) } else { Rc::default() };
        let quiet = Heard { at: boot.now, since: None, suspected: false };
        let heard = vec![quiet; usize::from(boot.nodes)];
        let service = Self { knobs: Rc::new(boot.knobs.clone()), chain, told, heard, me: boot.me };
        service.write_down(out);
        service.watch(boot.now, out);
        service
    }

    /// A change is told when it is durable.
    fn write_down(&self, out: &mut Effects<'_, Chain>) {
        let frame = frame::write_members(out.records, self.chain.epoch, &self.chain.chain);
        out.write(frame);
        out.flush(Mark::Chain(self.chain.epoch));
    }

    fn change(&mut self, to: Configuration, out: &mut Effects<'_, Chain>) {
        self.chain = Rc::new(to);
        self.write_down(out);
    }

    /// The chain of this epoch is on the disk.
    pub(super) fn on_flushed(&mut self, epoch: Epoch, out: &mut Effects<'_, Chain>) {
        if epoch == self.chain.epoch && self.told.epoch < epoch {
            let was = std::mem::replace(&mut self.told, Rc::clone(&self.chain));
            self.tell_everybody(&was, out);
        }
    }

    /// Tells the nodes, those left out too, and the clients.
    fn tell_everybody(&self, was: &Configuration, out: &mut Effects<'_, Chain>) {
        let nodes = u8::try_from(self.heard.len()).unwrap_or(u8::MAX);
        for node in (0..nodes).map(NodeId).filter(|node| *node != self.me) {
            out.send(node, Message::Configure { chain: Rc::clone(&self.told) });
        }
        let ends = |chain: &Configuration| Some((chain.head()?, chain.tail()?));
        if let Some((head, tail)) = ends(&self.told).filter(|now| ends(was) != Some(*now)) {
            let reads = if self.knobs.is_star() { head } else { tail };
            let epoch = self.told.epoch;
            out.direct(Directions { writes: head, reads, joint: false, anywhere: false, epoch });
        }
    }

    /// Hears from a node.
    pub(super) fn on_message(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: &Message,
        out: &mut Effects<'_, Chain>,
    ) {
        match *message {
            Message::Alive { since, sent, .. } => self.on_alive(now, from, since, sent, out),
            Message::Ready { epoch } => self.on_ready(from, epoch, out),
            Message::Leave { epoch } => self.on_leave(from, epoch, out),
            _ => {}
        }
    }

    /// A node is alive. A process that was started again holds no place any more.
    fn on_alive(
        &mut self,
        now: SimTime,
        from: NodeId,
        since: SimTime,
        sent: SimTime,
        out: &mut Effects<'_, Chain>,
    ) {
        self.make_room(from);
        let Some(heard) = self.heard.get_mut(from.index()) else { return };
        let known = heard.since.replace(since);
        // What was said by an earlier life arrives late.
        if known.is_some_and(|known| known > since) {
            heard.since = known;
            return;
        }
        heard.at = now;
        if std::mem::take(&mut heard.suspected) {
            out.note(Note::TrustedAgain { leader: from });
        }
        let reborn = known.is_some_and(|known| known < since);
        match self.chain.place(from) {
            Place::Sole if reborn => {
                let again =
                    Configuration { epoch: self.chain.epoch.next(), ..(*self.chain).clone() };
                self.change(again, out);
            }
            Place::Sole => {}
            Place::Head | Place::Middle | Place::Tail | Place::Joining if reborn => {
                self.leave_out(from, out);
            }
            Place::Head | Place::Middle | Place::Tail | Place::Joining => {}
            Place::Outside => self.admit(now, from, out),
        }
        // Whoever is being left out must not take itself for safe any longer.
        if self.told.epoch == self.chain.epoch || self.chain.place(from) != Place::Outside {
            out.send(from, Message::AliveHeard { chain: Rc::clone(&self.told), sent });
        }
        self.watch(now, out);
    }

    fn make_room(&mut self, node: NodeId) {
        let quiet = Heard { at: SimTime::ZERO, since: None, suspected: false };
        if self.heard.len() <= node.index() {
            self.heard.resize(node.index() + 1, quiet);
        }
    }

    /// A node asks for a place: it is fed first, one at a time.
    fn admit(&mut self, now: SimTime, node: NodeId, out: &mut Effects<'_, Chain>) {
        if self.chain.joining.is_some() || self.told.epoch != self.chain.epoch {
            return;
        }
        let heard = &mut self.heard[node.index()];
        heard.at = now;
        out.note(Note::Admitted { node });
        self.chain = Rc::new(Configuration { joining: Some(node), ..(*self.chain).clone() });
        self.told = Rc::clone(&self.chain);
        let feeder = self.told.feeder(self.knobs.is_star());
        for node in feeder.into_iter().chain([node]) {
            out.send(node, Message::Configure { chain: Rc::clone(&self.told) });
        }
    }

    /// The node that joins has everything: it becomes the tail.
    fn on_ready(&mut self, from: NodeId, epoch: Epoch, out: &mut Effects<'_, Chain>) {
        let feeds = self.chain.feeder(self.knobs.is_star()) == Some(from);
        let Some(node) = self.chain.joining.filter(|_| feeds && epoch == self.chain.epoch) else {
            return;
        };
        let mut chain = self.chain.chain.clone();
        chain.push(node);
        let epoch = epoch.next();
        out.note(Note::TakenIn { node, epoch });
        self.change(Configuration { epoch, chain, joining: None }, out);
    }

    /// An administrator has a node copied afresh.
    fn on_leave(&mut self, from: NodeId, epoch: Epoch, out: &mut Effects<'_, Chain>) {
        if epoch == self.chain.epoch && self.chain.place(from) != Place::Outside {
            self.leave_out(from, out);
        }
    }

    /// The chain goes on without this node, unless it is the last one: then all there is to do is
    /// to wait for it.
    fn leave_out(&mut self, node: NodeId, out: &mut Effects<'_, Chain>) {
        if let Some(chain) = self.chain.without(node) {
            if self.chain.place(node).is_member() {
                out.note(Note::LeftOut { node, epoch: chain.epoch });
            }
            self.change(chain, out);
        }
    }

    /// Who was silent for too long is taken for dead.
    pub(super) fn on_silence(&mut self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let timeout = self.knobs.detect.timeout;
        let late = |heard: &Heard| now.since(heard.at) >= timeout;
        let mut dead: Vec<NodeId> =
            self.watched().filter(|node| late(&self.heard[node.index()])).collect();
        // If all are silent, the one that was heard last is waited for.
        sort_by_key(&mut dead, |node| (self.heard[node.index()].at, std::cmp::Reverse(*node)));
        for node in dead {
            let heard = &mut self.heard[node.index()];
            if !std::mem::replace(&mut heard.suspected, true) {
                out.note(Note::Suspected { leader: node, epoch: self.chain.epoch });
            }
            if self.chain.without(node).is_none() {
                heard.at = now;
            }
            self.leave_out(node, out);
        }
        self.watch(now, out);
    }

    fn watched(&self) -> impl Iterator<Item = NodeId> + use<> {
        let chain = Rc::clone(&self.chain);
        (0..chain.chain.len()).map(move |at| chain.chain[at]).chain(self.chain.joining)
    }

    /// Arms the time-out for whoever was silent the longest.
    fn watch(&self, now: SimTime, out: &mut Effects<'_, Chain>) {
        let oldest = self.watched().map(|node| self.heard[node.index()].at).min();
        if let Some(oldest) = oldest {
            let left = self.knobs.detect.timeout - now.since(oldest);
            out.set_timer(Timer::Silence, left.max(Span::from_micros(1)));
        }
    }

    /// One more machine.
    pub(super) fn on_join(&mut self, now: SimTime, node: NodeId) {
        self.make_room(node);
        self.heard[node.index()].at = now;
    }

    pub(super) fn describe(&self) -> NodeFacts {
        let facts = |node: NodeId| FollowerFacts {
            node,
            feeding: match (self.told.place(node), self.heard[node.index()].suspected) {
                (_, true) => Feeding::GivenUp,
                (Place::Joining, _) => Feeding::CatchingUp,
                (Place::Outside, _) => Feeding::Unknown,
                _ => Feeding::Streaming,
            },
            synchronous: false,
            received: Position::ZERO,
            flushed: Position::ZERO,
            applied: Position::ZERO,
            heard: self.heard[node.index()].at,
        };
        let nodes = u8::try_from(self.heard.len()).unwrap_or(u8::MAX);
        NodeFacts {
            role: Role::Service,
            epoch: self.told.epoch,
            leader: self.told.head(),
            accepts_writes: false,
            authority: false,
            row: self.told.chain.clone(),
            base: Position::ZERO,
            last: Position::ZERO,
            flushed: Position::ZERO,
            committed: Position::ZERO,
            applied: Position::ZERO,
            snapshot: None,
            followers: (0..nodes).map(NodeId).filter(|n| *n != self.me).map(facts).collect(),
            waiting: None,
            degraded: false,
            suspects_since: None,
            store: None,
            accrual: None,
            pages: None,
            accounts: None,
            applies_first: 0,
        }
    }
}
