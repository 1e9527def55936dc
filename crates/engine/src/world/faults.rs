//! What scripts and readers do to a cluster, done.
//!
//! An action that cannot be done changes nothing and says why.

use crate::base::{EventId, NodeId, Span};
use crate::protocol::{Admin, Input, Protocol, RequestId};

use super::action::{Action, Scripted, Target};
use super::event::{Dropped, Refused, What};
use super::meddle::Meddling;
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
        let done = match *action {
            Action::Crash(target) => self.crash_target(target),
            Action::PowerOff(target) => self.power_off(target),
            Action::Pause(target) => self.pause(target),
            Action::Resume(target) => self.resume(target),
            Action::Restart(target) => self.restart(target),
            Action::Cut { from, to, both } => self.cut_between(from, to, both),
            Action::Heal { from, to } => self.heal_between(from, to),
            Action::Isolate { node, clients } => self.isolate(node, clients),
            Action::HealAll => self.heal_all(),
            Action::SlowDisk { node, factor } => self.slow_disk(node, factor),
            Action::FullDisk { node, full } => self.fill_disk(node, full),
            Action::Disturb { from, to, loss, duplicate, extra } => {
                self.disturb(from, to, loss, duplicate, extra)
            }
            Action::SkewClock { node, skew_us } => self.skew_clock(node, skew_us),
            Action::PauseApplying(target) => self.pause_applying(target, true),
            Action::ResumeApplying(target) => self.pause_applying(target, false),
            Action::Promote(target) => self.order(target, Admin::Promote),
            Action::CopyAfresh(target) => self.order(target, Admin::CopyAfresh),
            Action::AddFollower => self.add_follower(),
            Action::DropMessage(message) => self.meddle(message, Meddling::Drop),
            Action::DelayMessage(message, by) => self.meddle(message, Meddling::Delay(by)),
            Action::DuplicateMessage(message, by) => self.meddle(message, Meddling::Double(by)),
            Action::DeliverNow(message) => self.meddle(message, Meddling::DeliverNow),
            Action::QuietClients(quiet) => {
                self.clients.quiet = quiet;
                self.emit(What::ClientsQuiet { quiet }, EventId::NONE);
                Ok(())
            }
            Action::Prolong(by) => {
                self.prolong(by);
                Ok(())
            }
        };
        if let Err((node, why)) = done {
            let line = u32::try_from(self.next_action.saturating_sub(1)).unwrap_or(u32::MAX);
            self.emit(What::ActionRefused { node, why, line }, EventId::NONE);
        }
    }

    fn crash_target(&mut self, target: Target) -> Done {
        let node = self.target(target, &[NodeStatus::Up, NodeStatus::Paused])?;
        self.crash(node, EventId::NONE);
        Ok(())
    }

    /// The process of a node dies; its system closes its connections.
    pub(super) fn crash(&mut self, node: NodeId, cause: EventId) {
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

    fn power_off(&mut self, target: Target) -> Done {
        let running = [NodeStatus::Up, NodeStatus::Paused, NodeStatus::Crashed];
        let node = self.target(target, &running)?;
        let outage = self.cluster.node_mut(node).disk.power_lost();
        let (lost_bytes, torn) = (outage.lost_bytes, outage.torn);
        let event = self.emit(What::PoweredOff { node, lost_bytes, torn }, EventId::NONE);
        self.end_process(node, NodeStatus::PoweredOff, event);
        self.cluster.node_mut(node).torn = torn;
        for (_, pending) in self.queue.take_all(|pending| pending.sender() == Some(node)) {
            self.never_arrives(pending, Dropped::SenderLostPower, event);
        }
        Ok(())
    }

    /// What a process had in memory is gone.
    fn end_process(&mut self, node: NodeId, status: NodeStatus, event: EventId) {
        let applied = self.cluster.facts(node).map(|facts| facts.applied);
        let machine = self.cluster.node_mut(node);
        machine.applied = applied.unwrap_or(machine.applied);
        machine.process = None;
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

    fn pause(&mut self, target: Target) -> Done {
        let node = self.target(target, &[NodeStatus::Up])?;
        self.cluster.node_mut(node).status = NodeStatus::Paused;
        self.cluster.timers_changed(node);
        self.emit(What::Paused { node }, EventId::NONE);
        Ok(())
    }

    fn resume(&mut self, target: Target) -> Done {
        let node = self.target(target, &[NodeStatus::Paused])?;
        let machine = self.cluster.node_mut(node);
        machine.status = NodeStatus::Up;
        let inbox = std::mem::take(&mut machine.inbox);
        let joins = std::mem::take(&mut machine.joins);
        let waited = u32::try_from(inbox.len()).unwrap_or(u32::MAX);
        let event = self.emit(What::Resumed { node, waited }, EventId::NONE);
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
        Ok(())
    }

    fn restart(&mut self, target: Target) -> Done {
        let node = self.target(target, &[NodeStatus::Crashed, NodeStatus::PoweredOff])?;
        self.start(node, false, EventId::NONE);
        if std::mem::take(&mut self.cluster.node_mut(node).torn) {
            self.cluster.node_mut(node).disk.drop_torn_end();
        }
        Ok(())
    }

    fn pair(&self, from: Target, to: Target) -> Result<(NodeId, NodeId), Refusal> {
        let (from, to) = (self.named(from)?, self.named(to)?);
        if from == to { Err((Some(from), Refused::OneNode)) } else { Ok((from, to)) }
    }

    fn cut_between(&mut self, from: Target, to: Target, both: bool) -> Done {
        let (from, to) = self.pair(from, to)?;
        self.cut(from, to);
        if both {
            self.cut(to, from);
        }
        Ok(())
    }

    fn cut(&mut self, from: NodeId, to: NodeId) {
        let link = &mut self.links[from.index()][to.index()];
        if std::mem::replace(&mut link.cut, true) {
            return;
        }
        let event = self.emit(What::LinkCut { from, to }, EventId::NONE);
        let on_it = |pending: &Pending<P>| match pending {
            Pending::Message(flight) => (flight.from, flight.to) == (from, to),
            Pending::PeerClosed { from: a, to: b, .. } => (*a, *b) == (from, to),
            _ => false,
        };
        for (_, pending) in self.queue.take_all(on_it) {
            self.never_arrives(pending, Dropped::Cut, event);
        }
    }

    fn heal_between(&mut self, from: Target, to: Target) -> Done {
        let (from, to) = self.pair(from, to)?;
        self.heal(from, to);
        self.heal(to, from);
        Ok(())
    }

    fn heal(&mut self, from: NodeId, to: NodeId) {
        let link = &mut self.links[from.index()][to.index()];
        let disturbed = link.disturb_end(&self.setup.network, from, to);
        if std::mem::replace(&mut link.cut, false) || disturbed {
            self.emit(What::LinkHealed { from, to }, EventId::NONE);
        }
    }

    fn isolate(&mut self, node: Target, clients: bool) -> Done {
        let node = self.named(node)?;
        for other in self.cluster.ids().filter(|other| *other != node) {
            self.cut(node, other);
            self.cut(other, node);
        }
        if clients && !self.clients.cut_from.contains(&node) {
            self.clients.cut_from.push(node);
            self.emit(What::ClientsCut { node, cut: true }, EventId::NONE);
        }
        Ok(())
    }

    fn heal_all(&mut self) -> Done {
        for from in self.cluster.ids() {
            for to in self.cluster.ids().filter(|to| *to != from) {
                self.heal(from, to);
            }
        }
        for node in std::mem::take(&mut self.clients.cut_from) {
            self.emit(What::ClientsCut { node, cut: false }, EventId::NONE);
        }
        Ok(())
    }

    fn slow_disk(&mut self, node: Target, factor: u32) -> Done {
        let node = self.named(node)?;
        self.cluster.node_mut(node).disk.slow = factor.max(1);
        self.emit(What::DiskSlowed { node, factor: factor.max(1) }, EventId::NONE);
        Ok(())
    }

    fn fill_disk(&mut self, node: Target, full: bool) -> Done {
        let node = self.named(node)?;
        self.cluster.node_mut(node).disk.full = full;
        self.emit(What::DiskFull { node, full }, EventId::NONE);
        Ok(())
    }

    fn skew_clock(&mut self, node: Target, skew_us: i64) -> Done {
        let node = self.named(node)?;
        let now = self.now;
        self.cluster.node_mut(node).clock.set(now, skew_us);
        self.emit(What::ClockSet { node, skew_us }, EventId::NONE);
        Ok(())
    }

    fn disturb(
        &mut self,
        from: Target,
        to: Target,
        loss: f64,
        duplicate: f64,
        extra: Span,
    ) -> Done {
        let (from, to) = self.pair(from, to)?;
        self.links[from.index()][to.index()].disturb(loss, duplicate, extra);
        self.emit(What::LinkDisturbed { from, to, extra }, EventId::NONE);
        Ok(())
    }
}

/// Whom an action was for, and why it cannot be done.
pub(super) type Refusal = (Option<NodeId>, Refused);

/// Done, or refused.
pub(super) type Done = Result<(), Refusal>;
