//! What a reader can do to a node, a link or a message in its present state, in order of use.
//!
//! An offer is made only if the world would do it: nobody is offered to restart what runs.

use super::types::Offer;
use engine::base::{EventId, NodeId, Span};
use engine::protocol::{Card, Post, Role};
use engine::world::{Action, DiskFacts, NodeStatus, Target};

/// How many times slower "slow" makes a disk.
pub const SLOW: u32 = 50;
/// How long a reader's delay holds a message back.
pub const DELAY: Span = Span::from_millis(500);
/// How much later the second of a doubled message arrives.
pub const DOUBLE: Span = Span::from_millis(5);
/// Share of messages that a disturbed link loses.
pub const LOSS: f64 = 0.3;
/// How much longer a slowed link takes.
pub const LONGER: Span = Span::from_millis(100);

/// What is known of a node when its offers are made.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NodeState {
    /// Which.
    pub node: NodeId,
    /// Whether it runs.
    pub status: NodeStatus,
    /// What it is, if it runs.
    pub role: Option<Role>,
    /// Its disk.
    pub disk: DiskFacts,
    /// Whether some link of it, or the clients' way to it, is cut.
    pub cut_off: bool,
    /// Whether an administrator can promote nodes here.
    pub promotes: bool,
    /// Whether it holds a copy of the data.
    pub replica: bool,
    /// Whether it applies what it receives.
    pub applies: bool,
}

/// What can be done to a node.
#[must_use]
pub fn for_node(state: &NodeState) -> Vec<Offer> {
    let at = Target::Node(state.node);
    let mut offers = Vec::with_capacity(8);
    match state.status {
        NodeStatus::Up => {
            offers.push(power_off(at));
            offers.push(crash(at));
            offers.push(pause(at));
        }
        NodeStatus::Paused => {
            let help = "It reads what waited for it and only then learns what time it is.";
            offers.push(mends("Let it go on", help, 'r', Action::Resume(at)));
            offers.push(power_off(at));
            offers.push(crash(at));
        }
        NodeStatus::Crashed => {
            offers.push(restart(at));
            offers.push(power_off(at));
        }
        NodeStatus::PoweredOff => offers.push(restart(at)),
    }
    let other = state.role.is_some_and(|role| !role.leads());
    if state.status == NodeStatus::Up && state.replica && (other || !state.promotes) {
        if state.promotes {
            let help = "An administrator makes it the leader, whatever the others say.";
            offers.push(mends("Promote", help, 'l', Action::Promote(at)));
        }
        let help = "It throws its data away and copies everything from the others.";
        offers.push(mends("Copy afresh", help, 'y', Action::CopyAfresh(at)));
    }
    offers.push(isolate(at));
    if state.cut_off {
        offers.push(mends(
            "Mend all links",
            "Every cut and disturbed link is whole again.",
            'm',
            Action::HealAll,
        ));
    }
    offers.extend(for_disk(at, &state.disk));
    if state.replica && matches!(state.status, NodeStatus::Up | NodeStatus::Paused) {
        offers.push(for_applier(at, state.applies));
    }
    offers
}

fn for_applier(at: Target, applies: bool) -> Offer {
    if applies {
        let help = "It goes on receiving and confirming; its readers see nothing new.";
        breaks("Stop applying", help, 'a', Action::PauseApplying(at))
    } else {
        let help = "It applies what it has received meanwhile, and goes on.";
        mends("Apply again", help, 'a', Action::ResumeApplying(at))
    }
}

fn for_disk(at: Target, disk: &DiskFacts) -> [Offer; 2] {
    let slow = if disk.slow > 1 {
        let action = Action::SlowDisk { node: at, factor: 1 };
        mends("Normal disk", "Flushes take as long as they should.", 'd', action)
    } else {
        let action = Action::SlowDisk { node: at, factor: SLOW };
        breaks("Slow its disk", "Flushes take fifty times as long.", 'd', action)
    };
    let full = if disk.full {
        let action = Action::FullDisk { node: at, full: false };
        mends("Make room on its disk", "It can write again.", 'f', action)
    } else {
        let action = Action::FullDisk { node: at, full: true };
        breaks("Fill its disk", "It can no longer write anything down.", 'f', action)
    };
    [slow, full]
}

/// What can be done to the link between two nodes; `cut`: from a to b, and from b to a.
#[must_use]
pub fn for_link(a: NodeId, b: NodeId, cut: (bool, bool), disturbed: bool) -> Vec<Offer> {
    let (from, to) = (Target::Node(a), Target::Node(b));
    let mut offers = Vec::with_capacity(6);
    if cut.0 || cut.1 || disturbed {
        let action = Action::Heal { from, to };
        offers.push(mends("Mend the link", "Both directions are whole again.", 'm', action));
    }
    if !(cut.0 && cut.1) {
        let action = Action::Cut { from, to, both: true };
        offers.push(breaks(
            "Cut both ways",
            "Nothing gets through, and nobody is told.",
            'c',
            action,
        ));
    }
    if !cut.0 {
        let action = Action::Cut { from, to, both: false };
        let help = "The lower-numbered node is no longer heard by the other.";
        offers.push(breaks("Cut one way", help, 'o', action));
    }
    if !cut.1 {
        let action = Action::Cut { from: to, to: from, both: false };
        let help = "The higher-numbered node is no longer heard by the other.";
        offers.push(breaks("Cut the way back", help, 'b', action));
    }
    if !disturbed {
        let (loss, extra) = (LOSS, LONGER);
        let lose = Action::Disturb { from, to, loss, duplicate: 0.0, extra: Span::ZERO };
        offers.push(breaks("Lose messages", "Three of ten messages one way get lost.", 'l', lose));
        let slow = Action::Disturb { from, to, loss: 0.0, duplicate: 0.0, extra };
        offers.push(breaks("Slow it", "Each message one way takes 100 ms longer.", 's', slow));
    }
    offers
}

/// What can be done to a message in flight between two nodes.
#[must_use]
pub fn for_message(id: EventId) -> Vec<Offer> {
    vec![
        breaks("Drop it", "It never arrives.", 'x', Action::DropMessage(id)),
        breaks("Delay it", "It arrives half a second later.", 'z', Action::DelayMessage(id, DELAY)),
        breaks("Double it", "It arrives twice.", '2', Action::DuplicateMessage(id, DOUBLE)),
        mends("Deliver it now", "It arrives at once.", 'n', Action::DeliverNow(id)),
    ]
}

/// What can be done to the cluster as a whole.
#[must_use]
pub fn for_cluster(card: &Card, quiet: bool) -> Vec<Offer> {
    let add = "A new, empty node joins and copies the data from the others.";
    let (label, help) = if quiet {
        ("Let the clients go on", "They read and write again.")
    } else {
        ("Silence the clients", "They ask for nothing new.")
    };
    vec![
        mends(card.adds, add, 'a', Action::AddFollower),
        mends(label, help, 'q', Action::QuietClients(!quiet)),
        mends(
            "Mend all links",
            "Every cut and disturbed link is whole again.",
            'm',
            Action::HealAll,
        ),
    ]
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
    breaks(label, help, 'x', Action::PowerOff(target))
}

fn power_off(at: Target) -> Offer {
    let help = "The machine is gone: what was not flushed or was in flight is lost.";
    breaks("Cut its power", help, 'x', Action::PowerOff(at))
}

fn crash(at: Target) -> Offer {
    let help = "Its memory is gone; what it had sent still arrives, its disk is kept.";
    breaks("Crash the process", help, 'c', Action::Crash(at))
}

fn pause(at: Target) -> Offer {
    let help = "It stands still with its connections open, and does not know.";
    breaks("Pause", help, 'p', Action::Pause(at))
}

fn restart(at: Target) -> Offer {
    mends("Restart", "It starts again from what its disk holds.", 'r', Action::Restart(at))
}

fn isolate(at: Target) -> Offer {
    let action = Action::Isolate { node: at, clients: false };
    breaks("Cut it off", "Every link to other nodes is cut; clients still reach it.", 'i', action)
}

fn breaks(label: &'static str, help: &'static str, key: char, action: Action) -> Offer {
    Offer { label, help, key: Some(key), action, breaks: true }
}

fn mends(label: &'static str, help: &'static str, key: char, action: Action) -> Offer {
    Offer { label, help, key: Some(key), action, breaks: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(status: NodeStatus, role: Option<Role>, cut_off: bool) -> Vec<&'static str> {
        let disk = DiskFacts { slow: 1, full: false, bytes: 0, durable_bytes: 0, flushing: false };
        let (node, promotes, replica, applies) = (NodeId(1), true, true, true);
        let state = NodeState { node, status, role, disk, cut_off, promotes, replica, applies };
        let offers = for_node(&state);
        let mut keys: Vec<_> = offers.iter().filter_map(|offer| offer.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), offers.len(), "no two offers share a key");
        offers.into_iter().map(|offer| offer.label).collect()
    }

    #[test]
    fn only_what_the_world_would_do_is_offered() {
        assert_eq!(
            labels(NodeStatus::Up, Some(Role::Leader), false),
            [
                "Cut its power",
                "Crash the process",
                "Pause",
                "Cut it off",
                "Slow its disk",
                "Fill its disk",
                "Stop applying"
            ]
        );
        let follower = labels(NodeStatus::Up, Some(Role::Follower), true);
        assert!(follower.contains(&"Promote") && follower.contains(&"Mend all links"));
        assert_eq!(
            labels(NodeStatus::PoweredOff, None, false),
            ["Restart", "Cut it off", "Slow its disk", "Fill its disk"]
        );
        assert_eq!(labels(NodeStatus::Paused, Some(Role::Leader), false)[0], "Let it go on");
    }

    #[test]
    fn a_link_cut_both_ways_can_only_be_mended_or_disturbed() {
        let offers = for_link(NodeId(0), NodeId(1), (true, true), true);
        assert_eq!(offers.iter().map(|offer| offer.label).collect::<Vec<_>>(), ["Mend the link"]);
        assert_eq!(for_link(NodeId(0), NodeId(1), (false, true), false).len(), 5);
    }
}
