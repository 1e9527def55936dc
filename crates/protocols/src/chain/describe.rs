//! What readers may see of a node.

use super::configuration::Place;
use super::link::{Feeding, Link};
use super::replica::Replica;
use engine::base::NodeId;
use engine::protocol::facts::{Extent, Feeding as FeedingFacts, FollowerFacts, WaitingFacts};
use engine::protocol::{NodeFacts, Role};

impl Replica {
    pub(super) fn describe(&self) -> NodeFacts {
        let place = self.place();
        let unapplied = self.committed.since(self.data.applied());
        NodeFacts {
            role: self.role(place),
            epoch: self.chain.epoch,
            leader: self.chain.head(),
            accepts_writes: place.is_first(),
            authority: place.is_first(),
            row: self.chain.chain.clone(),
            base: self.log.base(),
            last: self.log.last(),
            flushed: self.flushed,
            committed: self.committed,
            applied: self.data.applied(),
            snapshot: self.incoming.as_ref().map(|incoming| (incoming.got, incoming.total)),
            followers: self.describe_successors(place),
            waiting: self.describe_waiting(place),
            degraded: self.unsure && place.is_member(),
            suspects_since: None,
            store: None,
            accrual: None,
            pages: None,
            accounts: self.data.accounts(),
            applies_first: if self.answers() { unapplied } else { 0 },
        }
    }

    pub(super) fn extent(&self) -> Extent {
        let authority = self.place().is_first();
        Extent {
            epoch: self.chain.epoch,
            authority,
            alone: authority && self.chain.chain.is_empty(),
            copy: true,
            last: self.log.last(),
            applied: self.data.applied(),
        }
    }

    fn role(&self, place: Place) -> Role {
        match place {
            Place::Head if self.knobs.is_star() => Role::Leader,
            Place::Middle | Place::Tail if self.knobs.is_star() => Role::Follower,
            Place::Head => Role::Head,
            Place::Middle => Role::Middle,
            Place::Tail => Role::Tail,
            Place::Sole => Role::HeadAndTail,
            Place::Joining => Role::CatchingUp,
            Place::Outside => Role::Outside,
        }
    }

    /// The head waits for all that stand behind it; the others know their own successor.
    fn describe_successors(&self, place: Place) -> Vec<FollowerFacts> {
        let behind = |node: NodeId| {
            let link = self.links.iter().find(|link| link.node == node);
            let feeding = link.map_or(FeedingFacts::Streaming, feeding);
            let acked = link.map_or(self.committed, |link| link.acked);
            FollowerFacts {
                node,
                feeding,
                synchronous: self.chain.place(node).is_member(),
                received: acked,
                flushed: acked,
                applied: self.committed,
                heard: self.heard,
            }
        };
        if place.is_first() {
            let all = self.chain.chain.iter().copied().chain(self.chain.joining);
            return all.filter(|node| *node != self.me).map(behind).collect();
        }
        self.links.iter().map(|link| behind(link.node)).collect()
    }

    fn describe_waiting(&self, place: Place) -> Option<WaitingFacts> {
        let oldest = self.sent.front().filter(|_| place.is_first())?;
        let members = self.chain.chain.iter().copied().filter(|node| *node != self.me);
        let nodes: Vec<NodeId> = members.collect();
        Some(WaitingFacts {
            needed: u8::try_from(nodes.len()).unwrap_or(u8::MAX),
            nodes,
            since: oldest.since,
            writes: u32::try_from(self.sent.len()).unwrap_or(u32::MAX),
        })
    }
}

fn feeding(link: &Link) -> FeedingFacts {
    match link.feeding {
        Feeding::Unknown => FeedingFacts::Unknown,
        Feeding::Log if link.counts => FeedingFacts::Streaming,
        Feeding::Log => FeedingFacts::CatchingUp,
        Feeding::Snapshot(outgoing) => {
            FeedingFacts::Snapshot { sent: outgoing.confirmed, of: outgoing.frame.len }
        }
    }
}
