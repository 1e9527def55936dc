//! When faults have stopped for long enough, all replicas hold the same data.
//!
//! **Meaning.** Broken if, with every node running and every link whole, replicas hold different data,
//! nobody has written and nothing was broken, mended or ordered for the settling time, no message that
//! carries data is under way, and no replica has got on for another settling time. The settling time is
//! 10 s. To write is to ask for a write, to send a request for it again, or to be answered. A replica
//! gets on when its log grows or when what its readers see changes. Where one log is followed all
//! replicas must show the same data; where data are versions per key, all nodes that shall hold a key
//! must hold the same versions of it. Holds if they do. Otherwise not exercised, with what is still
//! under way: nobody wrote, a node does not run, a link is cut, somebody wrote just now, data are on
//! their way, a replica still applies what it received.
//!
//! Evidence: a digest of the data that each node's readers see, or the versions that it holds; what the
//! world did, and messages sent and not yet delivered.

use super::{Audit, Case, Verdict, Witness};
use crate::engine::base::{EventId, NodeId, OpId, Position, SimTime, Span};
use crate::engine::observe::ledger::Length;
use crate::engine::observe::lineage::Sample;
use crate::engine::protocol::{Promise, Shape};

/// The audit.
pub struct Converge;

/// So long after the last fault was mended, replicas that differ have failed to converge.
pub const SETTLE: Span = Span::from_millis(10_000);

/// So long after the last answer to a client nothing is on its way any more.
pub const QUIET: Span = Span::from_millis(1_000);

impl Audit for Converge {
    fn promise(&self) -> Promise {
        Promise::ReplicasConverge
    }

    fn id(&self) -> &'static str {
        "replicas-converge"
    }

    fn title(&self) -> &'static str {
        "Replicas end up with the same data"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        if let Some(reason) = not_whole(case) {
            return Verdict::NotExercised(reason);
        }
        if case.world.shape == Shape::Store {
            return in_versions(case);
        }
        let replicas: Vec<(NodeId, Position, Option<u64>)> = case
            .nodes
            .iter()
            .filter(|n| n.facts.role.is_replica())
            .map(|n| (n.node, n.facts.applied, case.world.nodes.state_digest(n.node)))
            .collect();
        let Some((first, applied, digest)) = replicas.iter().max_by_key(|(_, a, _)| *a).copied()
        else {
            return Verdict::NotExercised("no node runs".to_owned());
        };
        let Some(other) = replicas.iter().find(|(_, _, other)| *other != digest) else {
            return Verdict::Holds;
        };
        let mended = case.recorder.milestones().last_trouble();
        let since = case.now.since(mended.unwrap_or(SimTime::ZERO));
        let silent = case.now.since(last_answer(case));
        let (node, behind) = (other.0, other.1);
        if since < SETTLE || silent < QUIET {
            return Verdict::NotExercised(format!(
                "{node} has applied {behind} of {applied}, and there was no quiet time to wait for",
            ));
        }
        let sentence = format!(
            "{node} (applied {behind}) and {first} (applied {applied}) hold different data {} \
             after the last write{}",
            Length(silent),
            mended.map_or_else(String::new, |_| format!(
                " and {} after the last fault",
                Length(since)
            )),
        );
        let events = case.recorder.milestones().iter().next_back().map(|event| event.id);
        Verdict::Broken(Witness {
            events: events.into_iter().collect::<Vec<EventId>>(),
            operations: Vec::new(),
            sentence,
        })
    }
}

/// Where data are versions per key, all nodes that shall hold a key must hold the same versions.
fn in_versions(case: &Case<'_>) -> Verdict {
    for key in case.ledger.versions().keys() {
        let shall = |sample: &&Sample| {
            let store = sample.facts.store.as_ref();
            store.is_some_and(|s| s.ring.preference(key, s.copies).contains(&sample.node))
        };
        let mut holders = case.nodes.iter().filter(shall).map(|sample| sample.node);
        let Some(first) = holders.next() else { continue };
        let held = case.world.nodes.stored(first, key);
        let Some(other) = holders.find(|node| case.world.nodes.stored(*node, key) != held) else {
            continue;
        };
        let mended = case.recorder.milestones().last_trouble();
        let since = case.now.since(mended.unwrap_or(SimTime::ZERO));
        let silent = case.now.since(last_answer(case));
        if since < SETTLE || silent < SETTLE {
            return Verdict::NotExercised(format!(
                "{first} and {other} differ in {key}, and there was no quiet time to wait for",
            ));
        }
        let theirs = case.world.nodes.stored(other, key);
        let operations = held.iter().chain(&theirs);
        let operations = operations.filter_map(|at| case.world.records.get(*at)).map(|r| r.op);
        let operations: Vec<OpId> = operations.collect();
        let sentence = format!(
            "{first} and {other} hold different versions of {key} {} after the last write{}",
            Length(silent),
            mended.map_or_else(String::new, |_| format!(
                " and {} after the last fault",
                Length(since)
            )),
        );
        let events = case.recorder.milestones().iter().next_back().map(|event| event.id);
        let events = events.into_iter().collect::<Vec<EventId>>();
        return Verdict::Broken(Witness { events, operations, sentence });
    }
    Verdict::Holds
}

/// Why the cluster is not whole, if it is not.
fn not_whole(case: &Case<'_>) -> Option<String> {
    let milestones = case.recorder.milestones();
    let down = milestones.down();
    if case.recorder.ledger().counts().invoked == 0 {
        return Some("nobody wrote".to_owned());
    }
    if !down.is_empty() {
        return Some(format!("{} not running", down.names("and")));
    }
    if !milestones.paused().is_empty() {
        return Some(format!("{} paused", milestones.paused().names("and")));
    }
    if let Some(reason) = still_applies(case) {
        return Some(reason);
    }
    let (from, to) = milestones.cut_links().first()?;
    Some(format!("the link from {from} to {to} is cut"))
}

/// Which node has not applied what it holds and knows to be committed, if any.
fn still_applies(case: &Case<'_>) -> Option<String> {
    let paused = case.recorder.milestones().applying_paused();
    if !paused.is_empty() {
        return Some(format!("{} applies nothing", paused.names("and")));
    }
    let applies = |sample: &&Sample| {
        let facts = &sample.facts;
        let behind = facts.store.is_none() && facts.applied < facts.committed.min(facts.flushed);
        behind || facts.store.as_ref().is_some_and(|store| store.unapplied > 0)
    };
    let sample = case.nodes.iter().find(applies)?;
    Some(format!("{} has not applied all that it received", sample.node))
}

fn last_answer(case: &Case<'_>) -> SimTime {
    let history = case.recorder.history();
    let acknowledged = case.ledger.acknowledged().last();
    let ended = acknowledged.and_then(|op| history.get(*op)).map(|operation| operation.ended);
    ended.unwrap_or(SimTime::ZERO)
}
