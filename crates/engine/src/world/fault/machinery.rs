//! What a fault can lay hands on: the machines, links and clients of a running cluster.

use super::Target;
use crate::base::{EventId, NodeId, SimTime, Span};
use crate::protocol::Admin;
use crate::world::event::{Refused, What};
use crate::world::watch::NodeStatus;

/// Whom an action was for, and why it cannot be done.
pub type Refusal = (Option<NodeId>, Refused);

/// Done, or refused.
pub type Done = Result<(), Refusal>;

/// What is done to a message in flight.
#[derive(Clone, Copy, Debug)]
pub enum Meddling {
    /// Lose it.
    Drop,
    /// Let it arrive so much later.
    Delay(Span),
    /// Let it arrive a second time, so much after the first.
    Double(Span),
    /// Let it arrive now.
    DeliverNow,
}

/// A running cluster, as those see it who do something to it. Each call that changes something tells it as an event.
pub trait Machinery {
    /// The present.
    fn now(&self) -> SimTime;
    /// How many nodes there are, a configuration service included.
    fn nodes(&self) -> u8;
    /// The node that a target means now.
    ///
    /// # Errors
    /// Nobody is meant.
    fn named(&self, target: Target) -> Result<NodeId, Refusal>;
    /// The node that a target means, if it is in one of these states.
    ///
    /// # Errors
    /// Nobody is meant, or it is in another state.
    fn in_state(&self, target: Target, wanted: &[NodeStatus]) -> Result<NodeId, Refusal>;
    /// Tells that something happened, made by nothing that happened before.
    fn tell(&mut self, what: What) -> EventId;

    /// The process of a node dies; its system closes its connections.
    fn crash(&mut self, node: NodeId);
    /// The machine of a node loses power: what was not flushed is lost, and what it had in flight.
    fn power_off(&mut self, node: NodeId);
    /// The process of a node is stopped with its connections open.
    fn pause(&mut self, node: NodeId);
    /// A stopped process goes on: it reads what waited before it learns what time it is.
    fn resume(&mut self, node: NodeId);
    /// The process of a node that is down starts from what its disk holds.
    fn restart(&mut self, node: NodeId);

    /// Nothing passes from one node to another any more; what is under way is lost. Nothing if that was so.
    fn cut(&mut self, from: NodeId, to: NodeId);
    /// A link is what the setup says again, if it was cut or disturbed.
    fn heal(&mut self, from: NodeId, to: NodeId);
    /// A link loses, doubles and delays like this from now on.
    fn disturb(&mut self, from: NodeId, to: NodeId, loss: f64, duplicate: f64, extra: Span);
    /// No client elsewhere reaches a node any more. Nothing if that was so.
    fn cut_clients(&mut self, node: NodeId);
    /// Clients reach every node again.
    fn heal_clients(&mut self);

    /// Each flush of a node that begins from now on takes so many times as long as normal.
    fn slow_disk(&mut self, node: NodeId, factor: u32);
    /// The disk of a node takes no more bytes, or takes them again.
    fn fill_disk(&mut self, node: NodeId, full: bool);
    /// The clock of a node is ahead by so many microseconds from now on, and drifts as before.
    fn set_clock(&mut self, node: NodeId, ahead_us: i64);
    /// The applier of a node is paused, or goes on.
    ///
    /// # Errors
    /// It has none, or that is so already.
    fn pause_applying(&mut self, node: NodeId, paused: bool) -> Done;

    /// An administrator orders something.
    ///
    /// # Errors
    /// Nobody is promoted in this protocol, or it leads already.
    fn order(&mut self, node: NodeId, admin: Admin) -> Done;
    /// A new, empty node joins.
    ///
    /// # Errors
    /// A run has no more nodes.
    fn add_node(&mut self) -> Done;
    /// Changes the fate of a message in flight, named by the event of its sending.
    ///
    /// # Errors
    /// It is not in flight.
    fn meddle(&mut self, message: EventId, how: Meddling) -> Done;
    /// Clients begin no more operations, or begin them again.
    fn quiet_clients(&mut self, quiet: bool);
    /// The run ends so much later, and clients whose time was over go on.
    fn prolong(&mut self, by: Span);
}

impl dyn Machinery + '_ {
    /// Both ends of a link.
    ///
    /// # Errors
    /// Nobody is meant by one of them, or both are the same.
    pub fn ends(&self, from: Target, to: Target) -> Result<(NodeId, NodeId), Refusal> {
        let (from, to) = (self.named(from)?, self.named(to)?);
        if from == to { Err((Some(from), Refused::OneNode)) } else { Ok((from, to)) }
    }

    /// Every other node.
    pub fn others(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes()).map(NodeId).filter(move |other| *other != node)
    }
}
