//! The border: the only file of the judge that names the program. It takes the exported text and the
//! final states as they lie in the read-only view, and judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use replicarium::engine::base::{Key, NodeId, SimTime, Span};
use replicarium::engine::observe::Recorder;
use replicarium::engine::protocol::parts::Conflicts;
use replicarium::engine::protocol::policy::Policy;
use replicarium::engine::protocol::{MessageKind, NodeFacts, RecordRef, Role as Post, Shape};
use replicarium::engine::world::{Cargo, NodeStatus, Run, What};
use replicarium::lab::export::history_of;

use super::plain::{End, Node, Role, Rule, Version, Written};

/// The text that `trace --format history` prints.
pub fn exported(run: &dyn Run<Recorder>) -> String {
    history_of(run)
}

/// How a run was left.
pub fn end(run: &dyn Run<Recorder>) -> End {
    let nodes: Vec<Node> = ids(run).map(|id| node(run, id)).collect();
    let linked = |from: NodeId, to: NodeId| from != to && run.link(from, to).0;
    let mut end = End {
        now: run.now().micros(),
        rule: rule(run),
        row: matches!(run.policy(), Policy::Row(_)),
        nodes,
        cut: ids(run).any(|from| ids(run).any(|to| linked(from, to))),
        under_way: run.flights().iter().filter(|flight| carries(&flight.what)).count() as u32,
        arrived: None,
        archive: archive(run),
        holders: BTreeMap::new(),
    };
    let differ = |a: &Node, b: &Node| (a.data, &a.stored) != (b.data, &b.stored);
    if end.nodes.windows(2).any(|pair| differ(&pair[0], &pair[1])) {
        end.arrived = arrived(run);
    }
    if end.rule != Rule::Log {
        end.holders = holders(run, &end.archive);
    }
    end
}

fn ids(run: &dyn Run<Recorder>) -> impl Iterator<Item = NodeId> + use<> {
    (0..run.view().nodes.count()).map(NodeId)
}

fn index(at: RecordRef) -> Option<usize> {
    (at != RecordRef::NONE).then_some(at.0 as usize)
}

fn node(run: &dyn Run<Recorder>, id: NodeId) -> Node {
    let view = run.view();
    let status = view.nodes.status(id);
    let facts = view.nodes.facts(id);
    let record = |of: fn(&NodeFacts) -> replicarium::engine::base::Position| {
        view.nodes.record_at(id, of(facts.as_ref()?)).and_then(index)
    };
    let numbers = |list: Vec<RecordRef>| list.into_iter().filter_map(index).collect::<Vec<_>>();
    let store = view.shape == Shape::Store;
    let mut stored = BTreeMap::new();
    let keys = view.clients.iter().map(|group| group.keys).max().unwrap_or(0).max(1);
    for key in (0..keys).filter(|_| store) {
        let mut held = numbers(view.nodes.stored(id, Key(key)));
        held.sort_unstable();
        stored.insert(key, held);
    }
    let role = match facts.as_ref().map(|facts| facts.role) {
        Some(Post::Leader | Post::Head | Post::HeadAndTail) => Role::Leads,
        Some(Post::CatchingUp) => Role::Copies,
        Some(Post::Service) => Role::Service,
        Some(Post::Outside) => Role::Outside,
        _ => Role::Other,
    };
    Node {
        runs: matches!(status, NodeStatus::Up | NodeStatus::Paused),
        paused: status == NodeStatus::Paused,
        role,
        takes_writes: facts.as_ref().is_some_and(|facts| facts.accepts_writes),
        epoch: facts.as_ref().map_or(0, |facts| facts.epoch.0),
        end: record(|facts| facts.last),
        committed: record(|facts| facts.committed.min(facts.last)),
        data: view.nodes.state_digest(id),
        holds: if store { numbers(view.nodes.holdings(id, view.records)) } else { Vec::new() },
        stored,
        accounts: facts.and_then(|f| f.accounts).map(|a| (u64::from(a.rows), a.total)),
    }
}

fn rule(run: &dyn Run<Recorder>) -> Rule {
    let conflicts = match run.policy() {
        Policy::Leads(_) | Policy::Row(_) => return Rule::Log,
        Policy::Quorums(quorums) => quorums.conflicts,
        Policy::Leaders(leaders) => leaders.conflicts,
    };
    match conflicts {
        Conflicts::LastWriteWins => Rule::LastWins,
        Conflicts::Siblings | Conflicts::SitePriority => Rule::All,
        Conflicts::Counter => Rule::Counts,
        Conflicts::AddWins => Rule::Set,
    }
}

fn archive(run: &dyn Run<Recorder>) -> Vec<Written> {
    let records = run.view().records;
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let written = |at: RecordRef| {
        let record = records.get(at)?;
        let version = records.version(at).map(|version| Version {
            dot: (version.writer.0, version.counter),
            stamp: version.stamp,
            deleted: version.deleted,
        });
        Some(Written {
            position: record.position.0,
            epoch: record.epoch.0,
            operation: record.op.is_some().then_some(record.op.0),
            numbered: record.number > 0,
            key: record.key.0,
            value: record.value,
            to: record.transferred().map(|(to, _)| to.0),
            parent: index(record.parent),
            version,
            joins: records.joins(at).iter().filter_map(|at| index(*at)).collect(),
        })
    };
    (0..count).map(RecordRef).filter_map(written).collect()
}

/// Whether it brings data, or will.
fn carries(cargo: &Cargo) -> bool {
    match cargo {
        Cargo::Message(message) => brings(message.kind),
        Cargo::Request(request) => request.command.writes(),
        Cargo::Answer(..) | Cargo::Directions(_) => false,
    }
}

fn brings(kind: MessageKind) -> bool {
    matches!(
        kind,
        MessageKind::Append
            | MessageKind::SnapshotPiece
            | MessageKind::Page
            | MessageKind::Put
            | MessageKind::Versions
            | MessageKind::Repair
            | MessageKind::Hint
            | MessageKind::HandOff
            | MessageKind::PassOn
            | MessageKind::Exchange
            | MessageKind::Forward
            | MessageKind::Again
            | MessageKind::Update
    )
}

/// When data last arrived at a node that had not come to it before: what somebody who listens on the
/// links writes down. The same records of a log again bring nobody on.
fn arrived(run: &dyn Run<Recorder>) -> Option<u64> {
    const LISTENED: Span = Span::from_millis(45_000);
    let from = SimTime::from_micros(run.now().micros().saturating_sub(LISTENED.micros()));
    let events = run.observer().trace().window(from, SimTime::NEVER);
    let (mut had, mut last) = (BTreeSet::new(), None);
    for event in events {
        let What::Delivered { to, message, .. } = event.what else { continue };
        let log = message.kind == MessageKind::Append;
        let again = log && !had.insert((to, message.epoch, message.first, message.last));
        if brings(message.kind) && !again {
            last = Some(event.at.micros());
        }
    }
    last
}

fn holders(run: &dyn Run<Recorder>, archive: &[Written]) -> BTreeMap<u32, Vec<usize>> {
    let facts = ids(run).find_map(|id| run.view().nodes.facts(id)?.store);
    let Some(store) = facts else { return BTreeMap::new() };
    let of = |key| {
        let holders = store.ring.preference(Key(key), store.copies);
        holders.into_iter().map(NodeId::index).collect::<Vec<_>>()
    };
    archive.iter().map(|written| (written.key, of(written.key))).collect()
}
