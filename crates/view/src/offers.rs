//! What a reader can do to a node, a link, a message or the cluster in its present state.
//!
//! Each fault knows when it is offered (`engine::world::fault`); here the run says which faults there are.

pub use engine::world::fault::{ClusterState, LinkState, NodeState, Offer, Seen};

use engine::observe::Recorder;
use engine::protocol::{Card, Post};
use engine::world::fault::{offers, power_off};
use engine::world::{Run, Target};

/// What can be done now to what a reader looks at, in order of use.
#[must_use]
pub fn of(run: &dyn Run<Recorder>, seen: Seen) -> Vec<Offer> {
    offers(run.faults(), &seen)
}

/// The one large red action: a machine is lost, with everything it had in flight.
#[must_use]
pub fn headline(card: &Card) -> Offer {
    let help = "Its machine loses power: what it had not flushed or had in flight is gone.";
    let (label, post) = card.red;
    let target = match post {
        Post::Leader => Target::Leader,
        Post::Head => Target::Head,
        Post::Tail => Target::Tail,
    };
    Offer::breaks(label, help, 'x', power_off(target))
}
