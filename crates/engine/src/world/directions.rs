//! Whom clients ask: what they are told, and which nodes there are for them.

use crate::base::{ClientId, EventId, NodeId};
use crate::protocol::{Command, Directions, Protocol};

use super::event::What;
use super::pending::Pending;
use super::setup::ReadFrom;
use super::state::World;
use super::watch::Observer;

impl<P: Protocol, O: Observer> World<P, O> {
    /// A node tells every client whom to ask from now on.
    pub(super) fn direct(&mut self, node: NodeId, directions: Directions, cause: EventId) {
        let count = u16::try_from(self.clients.list.len()).unwrap_or(u16::MAX);
        if self.clients.cut_from.contains(&node) {
            return;
        }
        for client in (0..count).map(ClientId) {
            let (at, sent) = (self.now + self.way(client, node), self.now);
            let pending = Pending::Directions { node, client, directions, sent, cause };
            self.queue.push(self.sequence.at(at), pending);
        }
    }

    /// A client learns whom to ask. What it waits for from somebody else it asks again there, if it
    /// tries again at all.
    pub(super) fn directed(
        &mut self,
        node: NodeId,
        client: ClientId,
        directions: Directions,
        cause: EventId,
    ) {
        let Directions { writes, reads, .. } = directions;
        let event = self.emit(What::Directed { node, client, writes, reads }, cause);
        let session = &mut self.clients.list[client.index()];
        if directions.epoch < session.epoch {
            return;
        }
        (session.asks, session.epoch) = (directions, directions.epoch);
        let group = self.group(client);
        let (retry, elsewhere) = (group.retry, group.at_leader);
        let Some(retry) = retry.filter(|_| !elsewhere) else { return };
        for op in self.clients.waiting(client) {
            let Some(operation) = self.clients.ops.get_mut(op.index()) else { continue };
            let to = directions.for_command(operation.command);
            let picked = matches!(operation.command, Command::Read { at_leader: false, .. });
            if operation.node != to && !picked && operation.attempt < retry.attempts {
                operation.uncertain = true;
                self.ask(op, to, event);
            }
        }
    }

    /// Whom a client asks, given what it wishes; may turn a read into one at the leader. `any`: a node
    /// drawn for this operation.
    pub(super) fn whom(&mut self, client: ClientId, command: &mut Command, any: NodeId) -> NodeId {
        let session = &self.clients.list[client.index()];
        let setup = &self.setup.clients[usize::from(session.group)];
        if let Some(own) = setup.node {
            return own;
        }
        let (asks, sticky) = (session.asks, setup.session.sticky);
        if let Command::Read { key, at_leader } = command
            && setup.session.own_writes_from_leader
            && session.written.binary_search(key).is_ok()
        {
            *at_leader = true;
        }
        match (*command, setup.read_from) {
            (
                Command::Write { .. }
                | Command::Swap { .. }
                | Command::Read { at_leader: true, .. },
                _,
            )
            | (_, ReadFrom::Leader) => {
                if asks.anywhere {
                    any
                } else {
                    asks.for_command(*command)
                }
            }
            (_, ReadFrom::Follower(k)) => self.nth_other(asks.writes, k),
            (_, ReadFrom::Any) if sticky => {
                *self.clients.list[client.index()].home.get_or_insert(any)
            }
            (_, ReadFrom::Any) => any,
        }
    }

    /// Nodes that clients can ask.
    pub(super) fn replicas(&self) -> u8 {
        self.cluster_size() - u8::from(self.service.is_some())
    }

    /// The node at this place among those that clients can ask.
    pub(super) fn replica(&self, place: u8) -> NodeId {
        let behind = self.service.is_some_and(|service| place >= service.0);
        NodeId(place + u8::from(behind))
    }

    /// The one after `node` among them, round and round.
    pub(super) fn next_node(&self, node: NodeId) -> NodeId {
        let nodes = self.cluster_size().max(1);
        let next = NodeId((node.0 + 1) % nodes);
        if Some(next) == self.service { NodeId((next.0 + 1) % nodes) } else { next }
    }

    /// The k-th of them, counted from 1, that is not `leader`; the last if there are fewer.
    pub(super) fn nth_other(&self, leader: NodeId, k: u8) -> NodeId {
        let others = (0..self.replicas()).map(|place| self.replica(place));
        let others = others.filter(|node| *node != leader);
        others.take(usize::from(k.max(1))).last().unwrap_or(leader)
    }
}
