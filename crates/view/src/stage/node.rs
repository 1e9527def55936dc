//! One node's card.

use super::cells::Log;
use super::store::{differ, hash_tree};
use crate::lacks::lacks;
use crate::number::{any_name, bytes, count, names, span, things};
use crate::offers::{self, NodeState, Seen};
use crate::sentence::awaited;
use crate::types::{NodeCard, NodeLook, Offer, PAGES, PageView, Positions, Ring};
use crate::words;
use engine::base::{NodeId, Position, SimTime, Span};
use engine::observe::Recorder;
use engine::protocol::policy::{Copies, Leads};
use engine::protocol::{NodeFacts, Policy, Role, Shape, TimerKind};
use engine::world::{ApplierFacts, Countdown, DiskFacts, Event, NodeStatus, Run, What};

/// Fewer records behind than these are ordinary.
const ORDINARY_LAG: u32 = 50;
/// Waiting for so long is worth a remark, in microseconds.
const WORTH_A_REMARK: u64 = 250_000;
/// A difference that two nodes found is shown for so long, in microseconds.
const DIFFERENCE_SHOWN: u64 = 1_000_000;
/// A countdown that fired is shown as one that fires for so long, in microseconds: also on the card of
/// a node that leads by then, for an election takes less than a frame of a slow machine.
const FIRING: u64 = 600_000;

/// The node that leads, and its facts.
type Leader<'a> = (NodeId, &'a NodeFacts);

/// The cards of all nodes.
#[must_use]
pub fn cards(run: &dyn Run<Recorder>, all: &[NodeId]) -> Vec<NodeCard> {
    let logs: Vec<Option<Log>> = all.iter().map(|node| Log::of(run, *node)).collect();
    let leads = |(_, log): &(&NodeId, &Log)| log.runs && log.facts.role.leads();
    let known = all.iter().zip(&logs).filter_map(|(node, log)| Some((node, log.as_ref()?)));
    let leader = known.filter(leads).max_by_key(|(_, log)| log.facts.epoch);
    let leader = leader.map(|(node, log)| (*node, &log.facts));
    all.iter().zip(&logs).map(|(node, log)| card(run, *node, log.as_ref(), leader)).collect()
}

fn card(
    run: &dyn Run<Recorder>,
    node: NodeId,
    log: Option<&Log>,
    leader: Option<Leader<'_>>,
) -> NodeCard {
    let status = run.view().nodes.status(node);
    let facts = log.map(|log| &log.facts);
    let running = facts.filter(|_| log.is_some_and(|log| log.runs));
    let (cells, parted) = log.map_or_else(Default::default, |log| log.cells(run, node));
    let disk = run.disk(node);
    let awaited = leader.and_then(|(_, leader)| waited_for(run, leader, node));
    NodeCard {
        node: node.0,
        name: node.to_string(),
        word: word(status, running),
        look: look(status, running),
        epoch: facts.map_or(0, |facts| facts.epoch.0),
        cells,
        positions: running.filter(|f| f.role.is_replica() && f.store.is_none()).map(positions),
        tree: running.and_then(|facts| hash_tree(run, facts)),
        remark: remarks(run, (node, status), running, leader, &disk, parted),
        ring: running.filter(|_| status == NodeStatus::Up).and_then(|facts| ring(run, node, facts)),
        suspicion: running.and_then(|facts| suspicion(facts, run.now())),
        snapshot: running.and_then(|facts| facts.snapshot),
        pages: running.map_or_else(Vec::new, pages),
        synchronous: awaited.is_some(),
        awaited,
        offers: offers(run, node, status, running.map(|facts| facts.role), disk),
    }
}

/// For whom "saved" waits, if this node is one of them: it runs, follows and must confirm, or one of
/// it and its like must.
fn waited_for(run: &dyn Run<Recorder>, leader: &NodeFacts, node: NodeId) -> Option<String> {
    let nodes = run.view().nodes;
    let confirms = |node: NodeId| {
        let follows = nodes.facts(node).is_some_and(|facts| facts.role == Role::Follower);
        follows && nodes.status(node) == NodeStatus::Up
    };
    let synchronous = leader.followers.iter().filter(|follower| follower.synchronous);
    let of: Vec<NodeId> = synchronous.map(|f| f.node).filter(|node| confirms(*node)).collect();
    let needed = match run.policy() {
        Policy::Leads(Leads { copies: Copies::Any(needed), .. }) => usize::from(needed),
        _ => of.len(),
    };
    let waits = of.contains(&node) && !leader.degraded;
    waits.then(|| words::cards::waited_for(&of, needed))
}

fn word(status: NodeStatus, facts: Option<&NodeFacts>) -> &'static str {
    match (status, facts) {
        (NodeStatus::Up, Some(facts)) => words::role(facts.role),
        (NodeStatus::Paused, Some(NodeFacts { role: Role::Leader, .. })) => "leader, paused",
        (NodeStatus::Paused, Some(NodeFacts { role: Role::Head, .. })) => "head, paused",
        (status, _) => words::status(status),
    }
}

fn look(status: NodeStatus, facts: Option<&NodeFacts>) -> NodeLook {
    match (status, facts.map(|facts| facts.role)) {
        (NodeStatus::PoweredOff, _) => NodeLook::PoweredOff,
        (NodeStatus::Crashed, _) | (NodeStatus::Up, None) => NodeLook::Crashed,
        (NodeStatus::Paused, _) => NodeLook::Paused,
        (NodeStatus::Up, Some(Role::Leader)) => NodeLook::Leader,
        (NodeStatus::Up, Some(Role::Follower)) => NodeLook::Follower,
        (NodeStatus::Up, Some(Role::Candidate)) => NodeLook::Candidate,
        (NodeStatus::Up, Some(Role::CatchingUp)) => NodeLook::CatchingUp,
        (NodeStatus::Up, Some(Role::Stranded)) => NodeLook::Stranded,
        (NodeStatus::Up, Some(Role::Replica)) => NodeLook::Follower,
        (NodeStatus::Up, Some(Role::Head | Role::HeadAndTail)) => NodeLook::Leader,
        (NodeStatus::Up, Some(Role::Middle)) => NodeLook::Follower,
        (NodeStatus::Up, Some(Role::Tail)) => NodeLook::Tail,
        (NodeStatus::Up, Some(Role::Outside)) => NodeLook::Outside,
        (NodeStatus::Up, Some(Role::Service)) => NodeLook::Service,
    }
}

fn positions(facts: &NodeFacts) -> Positions {
    Positions {
        last: facts.last.0,
        flushed: facts.flushed.0,
        committed: facts.committed.0,
        applied: facts.applied.0,
        base: facts.base.0,
    }
}

/// What is wrong with a node comes before the siblings that it holds, and its parted log before all.
fn remarks(
    run: &dyn Run<Recorder>,
    at: (NodeId, NodeStatus),
    facts: Option<&NodeFacts>,
    leader: Option<Leader<'_>>,
    disk: &DiskFacts,
    parted: Option<String>,
) -> Option<String> {
    let said = remark(run, at, facts, leader, disk);
    if run.view().shape == Shape::Store { said.or(parted) } else { parted.or(said) }
}

/// One line when there is something to say.
fn remark(
    run: &dyn Run<Recorder>,
    (node, status): (NodeId, NodeStatus),
    facts: Option<&NodeFacts>,
    leader: Option<Leader<'_>>,
    disk: &DiskFacts,
) -> Option<String> {
    if status == NodeStatus::Paused {
        return Some("alive, but stands still".to_owned());
    }
    let facts = facts?;
    of_disk(disk)
        .or_else(|| of_applier(run.applier(node), facts))
        .or_else(|| of_store(run, node, facts))
        .or_else(|| of_member(facts))
        .or_else(|| of_leader(facts, run.now()))
        .or_else(|| broken_total(facts, leader.map(|(_, facts)| facts)))
        .or_else(|| of_follower(run, (node, facts), leader?.0))
        .or_else(|| Some(words::total(facts.accounts?.total)))
}

/// What a node keeps for others, or whom it does without.
fn of_store(run: &dyn Run<Recorder>, node: NodeId, facts: &NodeFacts) -> Option<String> {
    let store = facts.store.as_ref()?;
    if facts.role == Role::CatchingUp {
        return Some("asks the others for its data".to_owned());
    }
    if let Some((owner, _)) = store.hints.first() {
        let kept = u32::try_from(store.hints.len()).unwrap_or(u32::MAX);
        let one = store.hints.iter().all(|(other, _)| other == owner);
        let whom = if one { &owner.to_string() } else { "others" };
        return Some(format!("keeps {} for {whom}", things(kept, "version")));
    }
    if store.unapplied > 0 {
        return Some(format!("has {} to apply", things(store.unapplied, "write")));
    }
    if store.held_back > 0 {
        return Some(format!("holds {} back", things(store.held_back, "write")));
    }
    if !store.unresponsive.is_empty() {
        return Some(format!("does without {}", store.unresponsive.names("and")));
    }
    let compared = store.compared.as_ref()?;
    let recent = run.now().since(compared.at).micros() < DIFFERENCE_SHOWN;
    let differs = recent && !compared.differing.is_empty() && differ(run, node, compared.with);
    differs.then(|| format!("differs from {}", compared.with))
}

/// What was received and is not applied: on purpose, by order, or because it takes its time.
fn of_applier(applier: ApplierFacts, facts: &NodeFacts) -> Option<String> {
    if applier.paused {
        return Some("applies nothing".to_owned());
    }
    if facts.applies_first > 0 {
        return Some(format!("applies first: {}", things(facts.applies_first, "record")));
    }
    let waits = facts.flushed.since(facts.applied);
    if applier.at_once || facts.store.is_some() || waits == 0 {
        return None;
    }
    let waiting = things(waits, "record");
    if applier.delayed > Span::ZERO {
        return Some(format!("applies {} later: {waiting}", span(applier.delayed)));
    }
    (waits > ORDINARY_LAG).then(|| format!("{waiting} to apply"))
}

fn of_disk(disk: &DiskFacts) -> Option<String> {
    match (disk.full, disk.slow) {
        (true, _) => Some("disk is full".to_owned()),
        (false, 0 | 1) => None,
        (false, slow) => Some(format!("disk is {slow} times slower")),
    }
}

fn of_member(facts: &NodeFacts) -> Option<String> {
    let alone = facts.degraded && !facts.row.is_empty();
    alone.then(|| "does not hear the service".to_owned())
}

fn of_leader(facts: &NodeFacts, now: SimTime) -> Option<String> {
    if !facts.role.leads() {
        return None;
    }
    if facts.degraded {
        return Some("answers without confirmations".to_owned());
    }
    if !facts.accepts_writes {
        return Some("accepts no writes".to_owned());
    }
    let since = now.since(facts.waiting.as_ref()?.since);
    let long = since.micros() >= WORTH_A_REMARK;
    let whom = awaited_words(facts)?;
    long.then(|| format!("waiting for {whom} for {}", span(since)))
}

/// Whom a leader waits for: "n2 and n3", "n2 or n3".
#[must_use]
pub fn awaited_words(facts: &NodeFacts) -> Option<String> {
    let waiting = facts.waiting.as_ref()?;
    let nodes = awaited(facts, waiting);
    match nodes.len() {
        0 => None,
        all if usize::from(waiting.needed) >= all => Some(names(&nodes)),
        _ => Some(any_name(&nodes)),
    }
}

/// "total 1,958, not 2,000; 3 rows gone".
fn broken_total(facts: &NodeFacts, leader: Option<&NodeFacts>) -> Option<String> {
    let accounts = facts.accounts.filter(|accounts| !accounts.add_up())?;
    if facts.role == Role::CatchingUp {
        return None;
    }
    let right = leader.and_then(|leader| leader.accounts).unwrap_or(accounts);
    Some(words::wrong_total(accounts, right))
}

/// The pages of a copy, at most [`PAGES`] of them, evenly spread.
fn pages(facts: &NodeFacts) -> Vec<PageView> {
    let Some(pages) = &facts.pages else { return Vec::new() };
    let read_at = &pages.read_at;
    let (oldest, newest) = (read_at.first().copied(), read_at.last().copied());
    let whole = newest.unwrap_or_default().since(oldest.unwrap_or_default()).max(1);
    let page = |(index, at): (usize, &Position)| {
        let late = newest.unwrap_or_default().since(*at);
        let name = format!("p{}", index + 1);
        PageView {
            label: format!("{name} @ {}", count(at.0.into())),
            name,
            at: at.0,
            age: late * 4 / whole,
        }
    };
    let step = read_at.len().div_ceil(PAGES).max(1);
    read_at.iter().enumerate().step_by(step).map(page).collect()
}

fn of_follower(
    run: &dyn Run<Recorder>,
    (node, facts): (NodeId, &NodeFacts),
    leader: NodeId,
) -> Option<String> {
    if let Some(pages) = facts.pages.as_ref().filter(|pages| !pages.opened) {
        return Some(format!("copying files: page {} of {}", pages.read_at.len(), pages.of));
    }
    match (facts.role, facts.snapshot) {
        (Role::Leader | Role::Head | Role::HeadAndTail | Role::Service | Role::Replica, _) => None,
        (Role::Outside, None) => Some("not in the chain".to_owned()),
        (Role::Stranded, _) => Some("its log parts from the leader's".to_owned()),
        (_, Some((got, of))) => {
            Some(format!("copying: {} of {}", bytes(got.into()), bytes(of.into())))
        }
        (Role::Follower | Role::Candidate | Role::CatchingUp | Role::Middle | Role::Tail, None) => {
            let behind = lacks(run, node, leader);
            (behind > ORDINARY_LAG).then(|| format!("{} records behind", count(behind.into())))
        }
    }
}

/// "suspicion 3.1 of 8", where it accumulates.
fn suspicion(facts: &NodeFacts, now: SimTime) -> Option<String> {
    let accrual = facts.accrual?;
    Some(words::suspicion(accrual.phi(now), accrual.threshold))
}

/// The countdown that matters most to a reader: one that runs, or one that has just fired.
fn ring(run: &dyn Run<Recorder>, node: NodeId, facts: &NodeFacts) -> Option<Ring> {
    let kinds: &[TimerKind] = match facts.role {
        // A leader's own countdowns are only its habit of looking again now and then.
        Role::Leader | Role::Head | Role::Middle | Role::Tail | Role::HeadAndTail => &[],
        Role::Outside => &[],
        Role::Replica => &[TimerKind::Compare],
        Role::Service => &[TimerKind::NoSign],
        Role::Follower | Role::CatchingUp | Role::Stranded => &[TimerKind::Silence],
        Role::Candidate => &[TimerKind::Election, TimerKind::Silence],
    };
    let countdowns = run.countdowns(node);
    let running = kinds.iter().find_map(|kind| countdowns.iter().find(|c| c.kind == *kind));
    let fired = fired(run, node);
    let over = fired.map(|(at, kind)| Countdown { kind, armed: at, fires: at });
    let Countdown { kind, armed, fires } = running.copied().or(over)?;
    Some(Ring {
        armed_ms: armed.as_millis_f64(),
        fires_ms: fires.as_millis_f64(),
        word: word_of(kind),
        fired_ms: fired.map(|(at, _)| at.as_millis_f64()),
        accrual: facts.accrual.filter(|_| running.is_some() && kind == TimerKind::Silence),
    })
}

fn word_of(kind: TimerKind) -> &'static str {
    match kind {
        TimerKind::Silence | TimerKind::NoSign => "time-out",
        TimerKind::Election => "election",
        TimerKind::Degrade => "patience",
        TimerKind::Heartbeat => "heartbeat",
        TimerKind::Piece => "piece",
        TimerKind::Patience => "patience",
        TimerKind::Compare => "comparison",
        TimerKind::Knock => "knock",
        TimerKind::Sweep => "sweep",
        TimerKind::Resync => "question",
    }
}

/// When a countdown of a node fired, and which, as long as that is shown.
fn fired(run: &dyn Run<Recorder>, this: NodeId) -> Option<(SimTime, TimerKind)> {
    let shown = |event: &&Event| run.now() < event.at + Span::from_micros(FIRING);
    run.observer().milestones().iter().rev().take_while(shown).find_map(|event| match event.what {
        What::TimerFired { node, timer } if node == this && timer != TimerKind::Degrade => {
            Some((event.at, timer))
        }
        _ => None,
    })
}

fn offers(
    run: &dyn Run<Recorder>,
    node: NodeId,
    status: NodeStatus,
    role: Option<Role>,
    disk: DiskFacts,
) -> Vec<Offer> {
    let others = (0..run.view().nodes.count()).map(NodeId).filter(|other| *other != node);
    let mut cut = others.map(|other| run.link(node, other).0 || run.link(other, node).0);
    let cut_off = cut.any(|cut| cut) || !run.clients_reach(node);
    let promotes = run.card().promotes;
    let replica = run.service() != Some(node);
    let applies = !run.applier(node).paused;
    let leads = role.map(|role| role.leads());
    let state = NodeState { node, status, leads, disk, cut_off, promotes, replica, applies };
    offers::of(run, Seen::Node(state))
}
