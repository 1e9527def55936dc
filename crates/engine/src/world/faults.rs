//! The world as faults lay hands on it. What each fault is stands in a file of its own (`fault`).
//!
//! An action that cannot be done changes nothing and says why.

use crate::base::{EventId, NodeId, SimTime, Span};
use crate::protocol::{Admin, Input, Protocol, RequestId};

use super::action::{Scripted, Target};
use super::event::{Dropped, Refused, What};
use super::fault::{Action, Done, Machinery, Meddling, Refusal};
use super::pending::Pending;
use super::state::World;
use super::watch::{NodeStatus, Nodes, Observer};

impl<P: Protocol, O: Observer> World<P, O> {
    /// Does `action` now, after everything else that happens at this time, and writes it into the
    /// script, so that a replay does it too.
    pub fn act(&mut self, action: Action) {
        self.advance(self.now, u32::MAX);
        let at = self.now;
        let script = std::rc::Rc::make_mut(&mut self.script);
        script.insert(self.next_action, Scripted { at, action });
        self.advance(at, u32::MAX);
    }

    /// Replaces the script. What was done already must stand unchanged at its front.
    pub fn set_script(&mut self, script: std::rc::Rc<Vec<Scripted>>) {
        self.script = script;
    }

    pub(super) fn perform(&mut self, action: &Action) {
        if let Err((node, why)) = (action.fault.perform)(&action.with, self) {
            let line = u32::try_from(self.next_action.saturating_sub(1)).unwrap_or(u32::MAX);
            self.emit(What::ActionRefused { node, why, line }, EventId::NONE);
        }
    }

    /// The process of a node dies; its system closes its connections.
    pub(super) fn process_dies(&mut self, node: NodeId, cause: EventId) {
        let event = self.emit(What::Crashed { node }, cause);
        self.end_process(node, NodeStatus::Crashed, event);
        self.cluster.node_mut(node).disk.process_died();
        for to in self.cluster.ids().filter(|to| *to != node) {
            let link = &self.links[node.index()][to.index()];
            if !link.cut && self.cluster.node(to).process.is_some() {
                let moment = self.sequence.at(link.at_once(self.now));
                self.queue.push(moment, Pending::PeerClosed { from: node, to, cause: event });
            }
        }
        let waiting: Vec<_> = (0_u32..)
            .zip(self.clients.ops.iter())
            .filter(|(_, o)| o.open && o.node == node && o.attempt > 0)
            .map(|(op, o)| (o.client, RequestId { op: crate::base::OpId(op), attempt: o.attempt }))
            .collect();
        for (client, id) in waiting {
            self.close_connection(node, client, id, event);
        }
    }

    /// What a process had in memory is gone.
    fn end_process(&mut self, node: NodeId, status: NodeStatus, event: EventId) {
        let applied = self.cluster.facts(node).map(|facts| facts.applied);
        let machine = self.cluster.node_mut(node);
        machine.applied = applied.unwrap_or(machine.applied);
        machine.process = None;
        machine.leads = false;
        machine.status = status;
        machine.asked.clear();
        machine.disarm_all();
        let inbox = std::mem::take(&mut machine.inbox);
        self.cluster.timers_changed(node);
        for pending in inbox {
            self.never_arrives(pending, Dropped::ReceiverRestarted, event);
        }
    }

    pub(super) fn never_arrives(&mut self, pending: Pending<P>, why: Dropped, cause: EventId) {
        match pending {
            Pending::Message(flight) => {
                let (from, to) = (flight.from, flight.to);
                let message = P::describe(&flight.message, &self.records);
                self.links[from.index()][to.index()].release(message.bytes);
                self.emit(What::Lost { from, to, message, why }, flight.sent_by);
            }
            Pending::Request { node, request, .. } => {
                self.talk_lost(node, request.client, request.id, why, cause);
            }
            Pending::Answer { node, client, id, .. } => {
                self.talk_lost(node, client, id, why, cause)
            }
            Pending::PeerClosed { .. }
            | Pending::Directions { .. }
            | Pending::Closed { .. }
            | Pending::Flushed { .. }
            | Pending::Applied { .. }
            | Pending::Arrival { .. }
            | Pending::Again { .. }
            | Pending::Thought { .. } => {}
        }
    }
}

impl<P: Protocol, O: Observer> Machinery for World<P, O> {
    fn now(&self) -> SimTime {
        self.now
    }

    fn nodes(&self) -> u8 {
        self.cluster_size()
    }

    fn named(&self, target: Target) -> Result<NodeId, Refusal> {
        self.resolve(target).ok_or((None, Refused::NoSuchNode))
    }

    fn in_state(&self, target: Target, wanted: &[NodeStatus]) -> Result<NodeId, Refusal> {
        let node = self.named(target)?;
        let status = self.cluster.status(node);
        if wanted.contains(&status) {
            return Ok(node);
        }
        let why = match status {
            NodeStatus::PoweredOff if wanted.contains(&NodeStatus::Crashed) => Refused::HasNoPower,
            NodeStatus::PoweredOff | NodeStatus::Crashed => Refused::DoesNotRun,
            NodeStatus::Paused => Refused::IsPaused,
            NodeStatus::Up if wanted.contains(&NodeStatus::Paused) => Refused::IsNotPaused,
            NodeStatus::Up => Refused::RunsAlready,
        };
        Err((Some(node), why))
    }

    fn tell(&mut self, what: What) -> EventId {
        self.emit(what, EventId::NONE)
    }

    fn crash(&mut self, node: NodeId) {
        self.process_dies(node, EventId::NONE);
    }

    fn power_off(&mut self, node: NodeId) {
        let outage = self.cluster.node_mut(node).disk.power_lost();
        let (lost_bytes, torn) = (outage.lost_bytes, outage.torn);
        let event = self.emit(What::PoweredOff { node, lost_bytes, torn }, EventId::NONE);
        self.end_process(node, NodeStatus::PoweredOff, event);
        self.cluster.node_mut(node).torn = torn;
        for (_, pending) in self.queue.take_all(|pending| pending.sender() == Some(node)) {
            self.never_arrives(pending, Dropped::SenderLostPower, event);
        }
    }

    fn pause(&mut self, node: NodeId) {
        self.cluster.node_mut(node).status = NodeStatus::Paused;
        self.cluster.timers_changed(node);
        self.tell(What::Paused { node });
    }

    fn resume(&mut self, node: NodeId) {
        let machine = self.cluster.node_mut(node);
        machine.status = NodeStatus::Up;
        let inbox = std::mem::take(&mut machine.inbox);
        let joins = std::mem::take(&mut machine.joins);
        let waited = u32::try_from(inbox.len()).unwrap_or(u32::MAX);
        let event = self.tell(What::Resumed { node, waited });
        for joined in joins {
            self.input(node, Input::Admin(Admin::Join(joined)), event);
        }
        for pending in inbox {
            self.queue.push(self.sequence.at(self.now), pending);
        }
        // Like a process that looks at its sockets first: what waited there is read before any
        // timer that fell due meanwhile fires.
        let late = self.sequence.at(self.now);
        self.cluster.node_mut(node).postpone_due(late);
        self.cluster.timers_changed(node);
    }

    fn restart(&mut self, node: NodeId) {
        self.start(node, false, EventId::NONE);
        if std::mem::take(&mut self.cluster.node_mut(node).torn) {
            self.cluster.node_mut(node).disk.drop_torn_end();
        }
    }

    fn cut(&mut self, from: NodeId, to: NodeId) {
        let link = &mut self.links[from.index()][to.index()];
        if std::mem::replace(&mut link.cut, true) {
            return;
        }
        let event = self.tell(What::LinkCut { from, to });
        let on_it = |pending: &Pending<P>| match pending {
            Pending::Message(flight) => (flight.from, flight.to) == (from, to),
            Pending::PeerClosed { from: a, to: b, .. } => (*a, *b) == (from, to),
            _ => false,
        };
        for (_, pending) in self.queue.take_all(on_it) {
            self.never_arrives(pending, Dropped::Cut, event);
        }
    }

    fn heal(&mut self, from: NodeId, to: NodeId) {
        let link = &mut self.links[from.index()][to.index()];
        let disturbed = link.disturb_end(&self.setup.network, from, to);
        if std::mem::replace(&mut link.cut, false) || disturbed {
            self.tell(What::LinkHealed { from, to });
        }
    }

    fn disturb(&mut self, from: NodeId, to: NodeId, loss: f64, duplicate: f64, extra: Span) {
        self.links[from.index()][to.index()].disturb(loss, duplicate, extra);
        self.tell(What::LinkDisturbed { from, to, extra });
    }

    fn cut_clients(&mut self, node: NodeId) {
        if !self.clients.cut_from.contains(&node) {
            self.clients.cut_from.push(node);
            self.tell(What::ClientsCut { node, cut: true });
        }
    }

    fn heal_clients(&mut self) {
        for node in std::mem::take(&mut self.clients.cut_from) {
            self.tell(What::ClientsCut { node, cut: false });
        }
    }

    fn slow_disk(&mut self, node: NodeId, factor: u32) {
        self.cluster.node_mut(node).disk.slow = factor;
        self.tell(What::DiskSlowed { node, factor });
    }

    fn fill_disk(&mut self, node: NodeId, full: bool) {
        self.cluster.node_mut(node).disk.full = full;
        self.tell(What::DiskFull { node, full });
    }

    fn set_clock(&mut self, node: NodeId, ahead_us: i64) {
        let now = self.now;
        self.cluster.node_mut(node).clock.set(now, ahead_us);
        self.tell(What::ClockSet { node, skew_us: ahead_us });
    }

    fn pause_applying(&mut self, node: NodeId, paused: bool) -> Done {
        self.set_applying(node, paused)
    }

    fn order(&mut self, node: NodeId, admin: Admin) -> Done {
        self.give_order(node, admin)
    }

    fn add_node(&mut self) -> Done {
        self.add_follower()
    }

    fn meddle(&mut self, message: EventId, how: Meddling) -> Done {
        self.change_fate(message, how)
    }

    fn quiet_clients(&mut self, quiet: bool) {
        self.clients.quiet = quiet;
        self.tell(What::ClientsQuiet { quiet });
    }

    fn prolong(&mut self, by: Span) {
        self.run_on(by);
    }
}
