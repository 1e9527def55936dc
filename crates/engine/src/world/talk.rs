//! Clients and nodes talk: asking, being answered, being refused, hearing nothing.

use crate::base::{ClientId, EventId, NodeId, OpId, Position, SimTime, Span};
use crate::protocol::client::Refusal;
use crate::protocol::{Command, Input, Outcome, Protocol, Request, RequestId, Shape};

use super::client::{Operation, Told};
use super::event::{Dropped, Limit, What};
use super::pending::Pending;
use super::setup::{ClientSetup, Pace};
use super::state::World;
use super::watch::Observer;

/// Clients of a group with a closed loop start this far apart, so that they don't march in step.
const CLOSED_LOOP_STAGGER: Span = Span::from_micros(137);

impl<P: Protocol, O: Observer> World<P, O> {
    pub(super) fn group(&self, client: ClientId) -> &ClientSetup {
        &self.setup.clients[usize::from(self.clients.list[client.index()].group)]
    }

    /// Gives every client its first wish.
    pub(super) fn wake_clients(&mut self) {
        let count = u16::try_from(self.clients.list.len()).unwrap_or(u16::MAX);
        for client in (0..count).map(ClientId) {
            let group = self.group(client);
            if group.probe.is_some() {
                let pending = Pending::Thought { client, cause: EventId::NONE };
                self.queue.push(self.sequence.at(group.from), pending);
            } else if let Pace::Closed { .. } = group.pace {
                let at = group.from + CLOSED_LOOP_STAGGER.times(u64::from(client.0));
                let pending = Pending::Thought { client, cause: EventId::NONE };
                self.queue.push(self.sequence.at(at), pending);
            } else {
                self.plan_arrival(client);
            }
        }
    }

    #[inline]
    fn plan_arrival(&mut self, client: ClientId) {
        let session = &mut self.clients.list[client.index()];
        let setup = &self.setup.clients[usize::from(session.group)];
        let Some(at) = session.next_arrival(setup, self.now) else { return };
        if self.clients.asks_at(setup, at) {
            self.queue.push(self.sequence.at(at), Pending::Arrival { client });
        } else {
            self.clients.list[client.index()].over = true;
        }
    }

    /// The run ends later, and clients whose time was over ask again.
    pub(super) fn run_on(&mut self, by: Span) {
        self.until += by;
        self.clients.prolonged = true;
        let mut any = false;
        let count = u16::try_from(self.clients.list.len()).unwrap_or(u16::MAX);
        for client in (0..count).map(ClientId) {
            if !std::mem::take(&mut self.clients.list[client.index()].over) {
                continue;
            }
            any = true;
            if let Pace::Closed { .. } = self.group(client).pace {
                let at = self.now + CLOSED_LOOP_STAGGER.times(u64::from(client.0));
                let pending = Pending::Thought { client, cause: EventId::NONE };
                self.queue.push(self.sequence.at(at), pending);
            } else {
                self.plan_arrival(client);
            }
        }
        if any {
            self.emit(What::ClientsQuiet { quiet: false }, EventId::NONE);
        }
    }

    #[inline]
    pub(super) fn arrival(&mut self, client: ClientId) {
        self.begin(client, EventId::NONE);
        self.plan_arrival(client);
    }

    /// A client begins an operation.
    #[inline]
    pub(super) fn begin(&mut self, client: ClientId, cause: EventId) {
        let op = self.clients.next_op();
        let setup = &self.setup.clients[usize::from(self.clients.list[client.index()].group)];
        let over = !self.clients.asks_at(setup, self.now);
        let session = &mut self.clients.list[client.index()];
        if over {
            session.over = true;
            return;
        }
        let mut command = session.wish(setup, op);
        let nodes = self.replicas();
        let any = self.clients.list[client.index()].stream.below(u64::from(nodes));
        #[expect(clippy::cast_possible_truncation, reason = "below the number of nodes")]
        let any = self.replica(any as u8);
        let node = self.whom(client, &mut command, any);
        if self.clients.quiet {
            return self.rest(client, cause);
        }
        if op.0 >= self.setup.limits.operations {
            return self.reach(Limit::Operations);
        }
        self.counts.operations += 1;
        self.observer.on_operation(op, client, command, self.now);
        let invoked = self.emit(What::Invoked { client, op }, cause);
        self.clients.begin(client, command, invoked);
        self.ask(op, node, invoked);
    }

    /// Sends an operation to a node, the first time or again.
    pub(super) fn ask(&mut self, op: OpId, node: NodeId, cause: EventId) {
        let Some(operation) = self.clients.ops.get_mut(op.index()) else {
            return;
        };
        operation.attempt += 1;
        operation.node = node;
        let operation = *operation;
        let (client, attempt) = (operation.client, operation.attempt);
        let session = &self.clients.list[client.index()];
        let (group, epoch) = (session.group, session.epoch);
        let setup = &self.setup.clients[usize::from(group)];
        let (timeout, at_leader) = (setup.timeout, setup.at_leader);
        let request = Request {
            id: RequestId { op, attempt },
            client,
            number: operation.number,
            idempotent: setup.retry.is_some_and(|retry| retry.idempotent),
            epoch,
            seen: if setup.session.remember_position { session.seen } else { Position::ZERO },
            context: operation.context,
            command: operation.command,
        };
        let due = self.sequence.at(self.now + timeout);
        self.clients.await_answer(group, due, op, attempt);
        if at_leader {
            return self.request_at_hand(node, request, cause);
        }
        let asked = self.emit(What::Asked { client, node, op, attempt }, cause);
        let way = self.way(client, node);
        if self.clients.cut_from.contains(&node) {
            return self.talk_lost(node, client, request.id, Dropped::Cut, asked);
        }
        let sent = self.now;
        let pending = Pending::Request { node, request, sent, cause: asked, served: false };
        self.queue.push(self.sequence.at(self.now + way), pending);
    }

    /// The request of a client that lives on the machine itself.
    fn request_at_hand(&mut self, node: NodeId, request: Request, cause: EventId) {
        if self.cluster.node(node).is_up() {
            self.requested(node, request, cause);
        } else {
            self.talk_lost(node, request.client, request.id, Dropped::ReceiverDown, cause);
        }
    }

    /// One sample of the way between a client and a node.
    pub(super) fn way(&mut self, client: ClientId, node: NodeId) -> Span {
        let network = &self.setup.network;
        let delay = network.clients.as_ref().unwrap_or(&network.all.delay);
        delay.sample(&mut self.clients.list[client.index()].ways[node.index()])
    }

    /// A node reads a request.
    #[inline]
    pub(super) fn requested(&mut self, node: NodeId, request: Request, cause: EventId) {
        let Request { client, id: RequestId { op, attempt }, .. } = request;
        let event = self.emit(What::Requested { client, node, op, attempt }, cause);
        self.input(node, Input::Request(request), event);
    }

    /// A node answers.
    #[inline]
    pub(super) fn answer(&mut self, node: NodeId, id: RequestId, outcome: Outcome, cause: EventId) {
        let Some(operation) = self.clients.ops.get(id.op.index()) else {
            return;
        };
        let client = operation.client;
        let RequestId { op, attempt } = id;
        let event = self.emit(What::Answered { node, client, op, attempt, outcome }, cause);
        if self.group(client).at_leader {
            return self.told(node, client, id, outcome, event);
        }
        let way = self.way(client, node);
        if self.clients.cut_from.contains(&node) {
            return self.talk_lost(node, client, id, Dropped::Cut, event);
        }
        let sent = self.now;
        let pending = Pending::Answer { node, client, id, outcome, sent, cause: event };
        self.queue.push(self.sequence.at(self.now + way), pending);
    }

    /// A client reads an answer.
    pub(super) fn told(
        &mut self,
        node: NodeId,
        client: ClientId,
        id: RequestId,
        outcome: Outcome,
        cause: EventId,
    ) {
        let RequestId { op, attempt } = id;
        let Some(operation) = self.clients.ops.get(op.index()).copied() else {
            return;
        };
        let retry = self.group(client).retry;
        let (open, done) = (operation.open, outcome.is_final());
        let current = open && operation.attempt == attempt;
        let again = retry.is_some_and(|retry| attempt < retry.attempts);
        let ends = open && (done || (current && !again));
        let event = self.emit(What::Told { node, client, op, attempt, outcome, ends }, cause);
        let at = self.now;
        let session = &mut self.clients.list[client.index()];
        session.told = Some(Told { op, node, at, outcome: Some(outcome) });
        // Where directions are given, a node that is behind them has nothing to teach.
        let behind = !session.asks.joint && outcome.epoch() < session.epoch;
        session.epoch = session.epoch.max(outcome.epoch());
        let command = operation.command;
        let careful = self.setup.clients[usize::from(session.group)].session;
        session.learns(careful, command, outcome);
        if P::CARD.data == Shape::Store {
            session.is_given(command, outcome);
        }
        session.compares(op, command, outcome);
        let leader = if current && !done && !behind {
            self.learn(client, node, command, outcome)
        } else {
            None
        };
        if ends {
            if let Some(operation) = self.clients.ops.get_mut(op.index()) {
                operation.open = false;
            }
            self.probe_on(op, done, event);
            self.rest(client, event);
        } else if current {
            self.turned_away(op, leader, event);
        }
    }

    /// What a refusal teaches a client, whether or not it tries again: the leader that it names, or
    /// that it is not this node. Says whom it named.
    fn learn(
        &mut self,
        client: ClientId,
        node: NodeId,
        command: Command,
        outcome: Outcome,
    ) -> Option<NodeId> {
        let next = self.next_node(node);
        let leader = match outcome {
            Outcome::NotLeader { leader, .. } => leader.filter(|leader| *leader != node),
            // The leader has what this node lacks.
            Outcome::Unavailable { why: Refusal::Behind, .. } => {
                Some(self.clients.list[client.index()].asks.writes).filter(|leader| *leader != node)
            }
            Outcome::Written { .. } | Outcome::Value { .. } | Outcome::Unavailable { .. } => None,
        };
        let session = &mut self.clients.list[client.index()];
        let lacks = matches!(outcome, Outcome::Unavailable { why: Refusal::Behind, .. });
        if session.home == Some(node) && !lacks {
            session.home = None;
        }
        let asks = &mut session.asks;
        match leader {
            Some(leader) => asks.learn(command, leader),
            None if asks.for_command(command) == node => asks.learn(command, next),
            None => {}
        }
        leader
    }

    /// A node refused: nothing was done there. Ask the node that it names, or the next after a
    /// pause.
    fn turned_away(&mut self, op: OpId, leader: Option<NodeId>, cause: EventId) {
        let Some(Operation { client, attempt, .. }) = self.clients.ops.get(op.index()).copied()
        else {
            return;
        };
        let pause = match (leader, self.group(client).retry) {
            (None, Some(retry)) => retry.pause,
            _ => Span::ZERO,
        };
        let moment = self.sequence.at(self.now + pause);
        self.queue.push(moment, Pending::Again { op, attempt, cause });
    }

    /// An attempt was not answered in time.
    pub(super) fn attempt_timed_out(&mut self, op: OpId, attempt: u16) {
        let Some(operation) = self.clients.ops.get(op.index()).copied() else {
            return;
        };
        self.unanswered(op, attempt, operation.node, operation.invoked);
    }

    /// An attempt will not be answered: it may have had an effect. Ask another node, or give up.
    fn unanswered(&mut self, op: OpId, attempt: u16, node: NodeId, cause: EventId) {
        let (next, at) = (self.next_node(node), self.now);
        let Some(operation) = self.clients.ops.get_mut(op.index()) else {
            return;
        };
        if !operation.open || operation.attempt != attempt {
            return;
        }
        operation.uncertain = true;
        let (client, command) = (operation.client, operation.command);
        let session = &mut self.clients.list[client.index()];
        let retry = self.setup.clients[usize::from(session.group)].retry;
        let gave_up = retry.is_none_or(|retry| attempt >= retry.attempts);
        operation.open = !gave_up;
        session.told = Some(Told { op, node, at, outcome: None });
        if session.home == Some(node) {
            session.home = None;
        }
        if session.asks.for_command(command) == node {
            session.asks.learn(command, next);
        }
        let asked = if session.asks.anywhere { next } else { session.asks.for_command(command) };
        let event = self.emit(What::TimedOut { client, node, op, attempt, gave_up }, cause);
        if gave_up {
            self.probe_on(op, false, event);
            self.rest(client, event);
        } else {
            self.ask(op, asked, event);
        }
    }

    /// A client's pause after a refusal is over.
    pub(super) fn ask_again(&mut self, op: OpId, attempt: u16, cause: EventId) {
        let Some(operation) = self.clients.ops.get(op.index()).copied() else {
            return;
        };
        if operation.open && operation.attempt == attempt {
            let asks = self.clients.list[operation.client.index()].asks;
            let next = self.next_node(operation.node);
            let command = operation.command;
            let node = if asks.anywhere { next } else { asks.for_command(command) };
            self.ask(op, node, cause);
        }
    }

    /// A node's system closed or refused a client's connection.
    pub(super) fn closed(&mut self, node: NodeId, client: ClientId, id: RequestId, cause: EventId) {
        let Some(operation) = self.clients.ops.get(id.op.index()).copied() else {
            return;
        };
        if operation.open && operation.attempt == id.attempt && operation.client == client {
            self.unanswered(id.op, id.attempt, node, cause);
        }
    }

    /// The process does not run but its machine does: the system refuses the connection.
    pub(super) fn refuse_connection(&mut self, node: NodeId, request: Request, cause: EventId) {
        let (client, id) = (request.client, request.id);
        self.talk_lost(node, client, id, Dropped::ReceiverDown, cause);
        self.close_connection(node, client, id, cause);
    }

    /// A client learns, after the way back, that its connection is closed.
    pub(super) fn close_connection(
        &mut self,
        node: NodeId,
        client: ClientId,
        id: RequestId,
        cause: EventId,
    ) {
        let pause = self.group(client).retry.map_or(Span::ZERO, |retry| retry.pause);
        let at: SimTime = self.now + self.way(client, node) + pause;
        self.queue.push(self.sequence.at(at), Pending::Closed { node, client, id, cause });
    }

    pub(super) fn talk_lost(
        &mut self,
        node: NodeId,
        client: ClientId,
        id: RequestId,
        why: Dropped,
        cause: EventId,
    ) {
        let RequestId { op, attempt } = id;
        self.emit(What::TalkLost { client, node, op, attempt, why }, cause);
    }

    /// An operation ended: a closed-loop client thinks and then begins another.
    fn rest(&mut self, client: ClientId, cause: EventId) {
        if self.group(client).probe.is_some() {
            return;
        }
        if let Pace::Closed { think, .. } = self.group(client).pace {
            // A client that is told to be silent looks again now and then.
            let least = if self.clients.quiet { Span::from_millis(10) } else { Span::ZERO };
            let moment = self.sequence.at(self.now + think.max(least));
            self.queue.push(moment, Pending::Thought { client, cause });
        }
    }
}
