//! What a configuration promises whatever fails, and what only a careful administrator can keep.

use replicarium::engine::protocol::Promise;
use replicarium::engine::world::{Action, ClientSetup, ReadFrom, Setup};
use replicarium::protocols::single_leader::knobs::{
    Choose, ConfirmOn, Knobs, Mode, Promote, Returning, WhenSilent,
};

/// The promises that must be kept in a run of this set-up, faults and all.
pub fn promised(setup: &Setup<Knobs>) -> Vec<Promise> {
    let mut promises = Vec::new();
    let once = setup.clients.iter().all(|client| client.retry.is_none_or(|retry| retry.idempotent));
    if once {
        promises.push(Promise::NothingAppliedTwice);
    }
    let voted = one_leader_by_vote(&setup.knobs) && !overruled(setup);
    if voted && leases_hold(setup) {
        promises.push(Promise::OneLeader);
    }
    if voted && overlaps(&setup.knobs, setup.nodes) {
        promises.push(Promise::AcknowledgedWritesSurvive);
        promises.push(Promise::ReplicasAgree);
        let at_leader = |client: &ClientSetup| client.read_from == ReadFrom::Leader;
        if leases_hold(setup) && setup.clients.iter().all(at_leader) {
            if once {
                promises.push(Promise::Linearizable);
            }
            promises.push(Promise::FreshReads);
            promises.push(Promise::ReadYourWrites);
            promises.push(Promise::MonotonicReads);
            promises.push(Promise::ConsistentPrefix);
        }
    }
    promises
}

/// Whether the cluster must find together by itself, or with an administrator's help.
pub fn must_recover(knobs: &Knobs) -> bool {
    knobs.failover.fencing && knobs.failover.returning != Returning::Trust
}

/// A leader rules by votes of a majority, and nobody believes a former one.
fn one_leader_by_vote(knobs: &Knobs) -> bool {
    let failover = &knobs.failover;
    failover.promote == Promote::Majority
        && failover.fencing
        && failover.returning != Returning::Trust
}

/// A leader's lease is over before another can lead: clocks run at one pace, and who hears a leader
/// votes for nobody else.
fn leases_hold(setup: &Setup<Knobs>) -> bool {
    setup.knobs.failover.leader_stickiness && setup.clocks.iter().all(|clock| clock.drift_ppm == 0)
}

/// An administrator promoted somebody over the voters' heads, threw a copy away, or changed who
/// votes.
fn overruled(setup: &Setup<Knobs>) -> bool {
    let overrules =
        |action: &Action| ["promote", "copy-afresh", "add-follower"].contains(&action.fault.word);
    setup.script.iter().any(|scripted| overrules(&scripted.action))
}

/// Every majority of voters has a node with the acknowledged write on its disk, and only a node
/// with it can win.
fn overlaps(knobs: &Knobs, nodes: u8) -> bool {
    let acknowledge = &knobs.acknowledge;
    let copies = 1 + match acknowledge.mode {
        Mode::Asynchronous => 0,
        Mode::SemiSyncAny(k) | Mode::SemiSyncFirst(k, _) => k,
        Mode::Synchronous => nodes - 1,
        Mode::InSync(least) => least.saturating_sub(1),
    };
    let majority = nodes / 2 + 1;
    copies + majority > nodes
        && acknowledge.on != ConfirmOn::Received
        && acknowledge.when_silent == WhenSilent::Block
        && knobs.failover.choose == Choose::MostUpToDate
}
