//! Whom a node that is cut off from the clients is still reached by: clients that live on its machine.

use crate::number::names;
use engine::base::{ClientId, EventId, NodeId, OpId};
use engine::observe::{Operation, Recorder};
use engine::world::{Client, Run};

/// Operations looked at, from the event on backwards, for where a client lives.
const LOOKED_AT: u32 = 2_000;

/// The clients that lose their way to a node when it is cut off from them.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CutOff {
    /// There is no way to these any more.
    pub from: Vec<ClientId>,
    /// These are on the machine itself.
    pub reached_by: Vec<ClientId>,
}

impl CutOff {
    /// Who is cut off from a node by an event.
    #[must_use]
    pub fn by(run: &dyn Run<Recorder>, node: NodeId, event: EventId) -> Self {
        let mut all = Self::default();
        for (id, client) in (0..).map(ClientId).zip(run.clients()) {
            let side = if lives_on(run, id, client, node, event) {
                &mut all.reached_by
            } else {
                &mut all.from
            };
            side.push(id);
        }
        all
    }

    /// A few words for its lane: "no way to c1 and c2".
    #[must_use]
    pub fn label(&self) -> String {
        match self.reached_by.as_slice() {
            [] => "no way to the clients".to_owned(),
            _ if self.from.is_empty() => "no way to clients elsewhere".to_owned(),
            _ => format!("no way to {}", names(&self.from)),
        }
    }

    /// "n1 is cut off from c1 and c2; c3 and c4, on its machine, still reach it"
    #[must_use]
    pub fn clause(&self, node: NodeId) -> String {
        let reach = if self.reached_by.len() == 1 { "reaches" } else { "reach" };
        let still = format!("{}, on its machine, still {reach} it", names(&self.reached_by));
        match (self.from.as_slice(), self.reached_by.as_slice()) {
            (_, []) => format!("{node} is cut off from the clients"),
            ([], _) => format!("{node} is cut off from clients elsewhere; {still}"),
            (from, _) => format!("{node} is cut off from {}; {still}", names(from)),
        }
    }
}

/// Whether a client lived on the machine of a node when this happened: it lives with the node that it
/// asks, and that is recorded of what it asked last before.
fn lives_on(
    run: &dyn Run<Recorder>,
    id: ClientId,
    client: &Client,
    node: NodeId,
    event: EventId,
) -> bool {
    let setup = run.view().clients.get(usize::from(client.group));
    let Some(setup) = setup.filter(|setup| setup.at_leader) else { return false };
    if let Some(own) = setup.node {
        return own == node;
    }
    let history = run.observer().history();
    let before = |op: &&Operation| op.taken.event <= event && op.taken.event > EventId::NONE;
    let end = history.begun_before(event);
    let mut last = (end.saturating_sub(LOOKED_AT)..end).rev();
    let asked = last.find_map(|op| {
        let op = history.get(OpId(op))?;
        Some(op).filter(|op| op.client == id).filter(before)
    });
    asked.is_some_and(|op| op.taken.node == node)
}
