//! Lets time pass: takes what happens next, makes it happen, goes on.

use crate::base::{EventId, NodeId, SimTime, Span};
use crate::protocol::{Command, Input, MessageFacts, Protocol, Request};

use super::event::{Dropped, What};
use super::node::Asked;
use super::pending::{InFlight, Pending};
use super::queue::Moment;
use super::state::World;
use super::watch::{NodeStatus, Observer};

/// Which source the next happening comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    Queue,
    Timer(NodeId),
    Timeout,
    Script,
}

impl<P: Protocol, O: Observer> World<P, O> {
    /// Lets everything up to and including `until` happen, but at most `budget` happenings.
    /// Says how many happened; fewer than the budget means that `until` was reached.
    pub fn advance(&mut self, until: SimTime, budget: u32) -> u32 {
        let end = Moment::end_of(until);
        for done in 0..budget {
            if !self.happen_before(end) {
                self.now = self.now.max(until);
                return done;
            }
        }
        budget
    }

    /// Lets the next thing happen, if it does by `until`. Says whether it did.
    pub fn step(&mut self, until: SimTime) -> bool {
        self.happen_before(Moment::end_of(until))
    }

    /// When the next thing happens.
    #[must_use]
    pub fn next_at(&mut self) -> Option<SimTime> {
        let (moment, _) = self.next();
        (moment != Moment::NEVER).then(|| moment.time().max(self.now))
    }

    #[inline]
    fn next(&mut self) -> (Moment, Next) {
        let mut next = (self.queue.peek(), Next::Queue);
        let (soonest, node) = self.cluster.next_timer();
        if soonest < next.0 {
            next = (soonest, Next::Timer(node));
        }
        let timeout = self.clients.soonest_before(next.0);
        if timeout < next.0 {
            next = (timeout, Next::Timeout);
        }
        if let Some(scripted) = self.script.get(self.next_action) {
            let moment = Moment::end_of(scripted.at);
            if moment < next.0 {
                next = (moment, Next::Script);
            }
        }
        next
    }

    #[inline]
    fn happen_before(&mut self, end: Moment) -> bool {
        let (moment, next) = self.next();
        if moment > end || moment == Moment::NEVER {
            return false;
        }
        // A timer that fell due while its process was paused fires late, not in the past.
        self.now = self.now.max(moment.time());
        match next {
            Next::Queue => {
                if let Some(pending) = self.queue.pop() {
                    self.happen(pending);
                }
            }
            Next::Timer(node) => self.fire(node),
            Next::Timeout => {
                if let Some((op, attempt)) = self.clients.time_out(moment) {
                    self.attempt_timed_out(op, attempt);
                }
            }
            Next::Script => {
                let script = std::rc::Rc::clone(&self.script);
                self.next_action += 1;
                self.perform(&script[self.next_action - 1].action);
            }
        }
        true
    }

    #[inline]
    fn happen(&mut self, pending: Pending<P>) {
        match pending {
            Pending::Message(flight) => self.arrive(flight),
            Pending::PeerClosed { from, to, cause } => {
                if self.cluster.node(to).status == NodeStatus::Paused {
                    let pending = Pending::PeerClosed { from, to, cause };
                    self.cluster.node_mut(to).inbox.push_back(pending);
                } else {
                    self.input(to, Input::PeerClosed(from), cause);
                }
            }
            Pending::Request { node, request, sent, cause, served } => {
                self.request_arrives(node, request, sent, cause, served);
            }
            Pending::Answer { node, client, id, outcome, cause, .. } => {
                self.counts.talk += 1;
                self.told(node, client, id, outcome, cause);
            }
            Pending::Directions { node, client, directions, cause, .. } => {
                self.directed(node, client, directions, cause);
            }
            Pending::Closed { node, client, id, cause } => self.closed(node, client, id, cause),
            Pending::Flushed { node, incarnation, cause } => {
                self.flush_done(node, incarnation, cause)
            }
            Pending::Applied { node, incarnation, turn } => {
                self.apply_done(node, incarnation, turn);
            }
            Pending::Arrival { client } => self.arrival(client),
            Pending::Again { op, attempt, cause } => self.ask_again(op, attempt, cause),
            Pending::Thought { client, cause } => self.begin(client, cause),
        }
    }

    fn fire(&mut self, node: NodeId) {
        let fired = self.cluster.node_mut(node).fire();
        self.cluster.timers_changed(node);
        if let Some((timer, armed_by)) = fired {
            self.counts.timers += 1;
            let kind = crate::protocol::TimerName::kind(timer);
            let event = self.emit(What::TimerFired { node, timer: kind }, armed_by);
            self.input(node, Input::Timer(timer), event);
        }
    }

    #[inline]
    fn arrive(&mut self, flight: InFlight<P>) {
        let (from, to) = (flight.from, flight.to);
        let machine = self.cluster.node(to);
        let why = match machine.status {
            NodeStatus::Crashed | NodeStatus::PoweredOff => Some(Dropped::ReceiverDown),
            NodeStatus::Up | NodeStatus::Paused if machine.incarnation != flight.incarnation => {
                Some(Dropped::ReceiverRestarted)
            }
            NodeStatus::Up | NodeStatus::Paused => None,
        };
        if why.is_none() && machine.status == NodeStatus::Paused {
            self.cluster.node_mut(to).inbox.push_back(Pending::Message(flight));
            return;
        }
        let message = P::describe(&flight.message, &self.records);
        if let Some(why) = why {
            self.links[from.index()][to.index()].release(message.bytes);
            self.emit(What::Lost { from, to, message, why }, flight.sent_by);
            return;
        }
        if !flight.served {
            let work = self.work_of(&message);
            if let Some(done) = self.occupy(to, work) {
                let moment = self.sequence.at(done);
                self.queue.push(moment, Pending::Message(InFlight { served: true, ..flight }));
                return;
            }
        }
        self.links[from.index()][to.index()].release(message.bytes);
        self.counts.deliveries += 1;
        let event = self.emit_often(What::Delivered { from, to, message }, flight.sent_by);
        self.input(to, Input::Message { from, message: flight.message }, event);
    }

    /// What a message takes of its receiver's processor: only records do, each the same.
    #[inline]
    fn work_of(&self, message: &MessageFacts) -> Span {
        if !message.kind.carries_records() || message.first.0 == 0 {
            return Span::ZERO;
        }
        let records = message.last.since(message.first) + 1;
        self.setup.service.replicate.times(records.into())
    }

    /// Puts work on a node's one processor. `None`: it is done at once.
    #[inline]
    fn occupy(&mut self, node: NodeId, work: Span) -> Option<SimTime> {
        let machine = self.cluster.node_mut(node);
        if work == Span::ZERO && machine.busy_until <= self.now {
            return None;
        }
        machine.busy_until = machine.busy_until.max(self.now) + work;
        Some(machine.busy_until)
    }

    /// Puts a request's work on a node's processor. What the node turns away is none, and a write
    /// with a key that its process was asked for before is found and not taken again.
    fn occupy_for(&mut self, node: NodeId, request: &Request) -> Option<SimTime> {
        let machine = self.cluster.node_mut(node);
        let serves = machine.process.as_ref().is_some_and(|process| process.serves(request));
        let work = match request.command {
            _ if !serves => Span::ZERO,
            Command::Read { .. } => self.setup.service.read,
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. }
                if request.idempotent =>
            {
                let client = request.client.index();
                if machine.asked.len() <= client {
                    machine.asked.resize(client + 1, Asked::default());
                }
                let again = machine.asked[client].again(request.number);
                if again { Span::ZERO } else { self.setup.service.write }
            }
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => {
                self.setup.service.write
            }
        };
        self.occupy(node, work)
    }

    fn request_arrives(
        &mut self,
        node: NodeId,
        request: Request,
        sent: SimTime,
        cause: EventId,
        served: bool,
    ) {
        let machine = self.cluster.node(node);
        match machine.status {
            NodeStatus::Up => {}
            NodeStatus::Paused => {
                let pending = Pending::Request { node, request, sent, cause, served };
                self.cluster.node_mut(node).inbox.push_back(pending);
                return;
            }
            NodeStatus::Crashed => return self.refuse_connection(node, request, cause),
            NodeStatus::PoweredOff => {
                return self.talk_lost(
                    node,
                    request.client,
                    request.id,
                    Dropped::ReceiverDown,
                    cause,
                );
            }
        }
        if let Some(done) = (!served).then(|| self.occupy_for(node, &request)).flatten() {
            let moment = self.sequence.at(done);
            self.queue.push(moment, Pending::Request { node, request, sent, cause, served: true });
            return;
        }
        self.counts.talk += 1;
        self.requested(node, request, cause);
    }
}
