//! Gathers from a run what its sentence is told from. O(nodes + losses), never O(run).

use super::losses::sound_alike;
use super::{
    Absence, AbsenceKind, Behind, BehindHow, Blocked, Losses, NotFed, Outages, RefusedPromotion,
    Situation,
};
use crate::lacks::lacks;
use engine::base::sort_by_key;
use engine::base::{Epoch, EventId, NodeId, Position, SimTime};
use engine::observe::audit::wrong_total;
use engine::observe::{End, Reason, Recorder, Why};
use engine::protocol::facts::{Feeding, WaitingFacts};
use engine::protocol::policy::{Copies, Leads};
use engine::protocol::{NodeFacts, Note, Policy, Role};
use engine::world::{NodeStatus, Run, What};

/// At most so many of the newest losses are looked at for their story.
const LOSSES: usize = 2_000;
/// At most so many of the newest acknowledged writes are looked at for whether others have them.
const AT_RISK: usize = 1_024;

/// Fewer records behind than these are ordinary.
const ORDINARY_LAG: u32 = 100;

/// A node and, if its process runs, its facts.
struct Seen {
    node: NodeId,
    status: NodeStatus,
    facts: Option<NodeFacts>,
}

impl Seen {
    fn is_up(&self) -> bool {
        self.status == NodeStatus::Up
    }

    fn leads(&self) -> Option<&NodeFacts> {
        self.facts.as_ref().filter(|facts| facts.role.leads())
    }
}

/// The situation at the playhead.
#[must_use]
pub fn gather(run: &dyn Run<Recorder>) -> Situation {
    let nodes = look(run);
    let recorder = run.observer();
    let now = run.now();
    let mut leaders: Vec<(NodeId, Epoch)> = nodes
        .iter()
        .filter(|seen| seen.is_up())
        .filter_map(|seen| Some((seen.node, seen.leads().filter(|f| f.accepts_writes)?.epoch)))
        .collect();
    sort_by_key(&mut leaders, |(node, epoch)| (std::cmp::Reverse(*epoch), *node));
    let top = newest(&nodes);
    let top_facts = top.and_then(Seen::leads);
    let refuses = top.filter(|seen| seen.is_up() && top_facts.is_some_and(|f| !f.accepts_writes));
    let refuses = refuses.map(|seen| seen.node);
    let first = top.zip(top_facts).map(|(seen, facts)| (seen.node, facts.applies_first));
    let applies_first = first.filter(|(node, records)| refuses == Some(*node) && *records > 0);
    let facts = nodes.iter().filter_map(|seen| Some((seen.node, seen.facts.as_ref()?)));
    let lead: Vec<NodeId> = leaders.iter().map(|(node, _)| *node).collect();
    let too_few = top.zip(top_facts).and_then(|(seen, facts)| too_few(run, seen.node, facts));
    let full = refuses.filter(|node| run.disk(*node).full);
    Situation {
        now,
        writes: recorder.ledger().counts(),
        followers: nodes
            .iter()
            .filter(|s| s.is_up() && s.leads().is_none())
            .map(|s| s.node)
            .collect(),
        absence: absence(run, &nodes),
        failover: recorder.failovers().promotions().next_back().copied(),
        outages: Outages::of(run),
        refused: refused(run),
        losses: losses(recorder),
        blocked: top.zip(top_facts).and_then(|(seen, facts)| blocked(seen.node, facts)),
        degraded: top.filter(|_| top_facts.is_some_and(|f| f.degraded)).map(|seen| seen.node),
        behind: behind(run, &nodes, top_facts),
        wrong_total: wrong_total(facts)
            .map(|(node, accounts)| (node, accounts.total, accounts.opened_with())),
        full,
        stopped: stopped(&nodes, &leaders),
        lapsed: refuses.filter(|_| full.is_none() && applies_first.is_none() && too_few.is_none()),
        applies_first,
        too_few,
        stories: super::story::stories(run),
        unserved: recorder.write_availability().lasting(now).map(|outage| outage.length()),
        rivals: recorder.reigns().rivals(&lead),
        unasked: lead
            .iter()
            .copied()
            .filter(|node| !recorder.reigns().has_accepted(*node))
            .collect(),
        leaders,
    }
}

/// The leader, if fewer nodes are in step with it than a write needs, and how many are.
fn too_few(run: &dyn Run<Recorder>, leader: NodeId, facts: &NodeFacts) -> Option<(NodeId, u8)> {
    let Policy::Leads(Leads { copies: Copies::InSync { least, .. }, .. }) = run.policy() else {
        return None;
    };
    let followers = facts.followers.iter().filter(|follower| follower.synchronous).count();
    let in_step = u8::try_from(followers + 1).unwrap_or(u8::MAX);
    (in_step < least).then_some((leader, in_step))
}

fn look(run: &dyn Run<Recorder>) -> Vec<Seen> {
    let view = run.view();
    (0..view.nodes.count())
        .map(NodeId)
        .map(|node| Seen { node, status: view.nodes.status(node), facts: view.nodes.facts(node) })
        .collect()
}

/// Nodes that lead an older epoch still but accept nothing.
fn stopped(nodes: &[Seen], leaders: &[(NodeId, Epoch)]) -> Vec<NodeId> {
    let leads = nodes.iter().filter(|seen| seen.is_up() && seen.leads().is_some());
    let accepts = |seen: &&Seen| leaders.iter().any(|(node, _)| *node == seen.node);
    let others = leads.filter(|seen| !accepts(seen) && !leaders.is_empty());
    others.map(|seen| seen.node).collect()
}

/// The leader of the newest epoch, paused ones included.
fn newest(nodes: &[Seen]) -> Option<&Seen> {
    let leads = nodes.iter().filter(|seen| seen.leads().is_some());
    leads.max_by_key(|seen| seen.leads().map(|facts| (facts.epoch, std::cmp::Reverse(seen.node))))
}

fn absence(run: &dyn Run<Recorder>, nodes: &[Seen]) -> Option<Absence> {
    let recorder = run.observer();
    let (leader, kind) = match newest(nodes) {
        Some(seen) if !seen.is_up() => (seen.node, AbsenceKind::Paused),
        Some(seen) if is_cut_off(run, seen.node, nodes) => (seen.node, AbsenceKind::CutOff),
        Some(_) => return None,
        None if run.now() == SimTime::ZERO => return None,
        None => {
            let last = recorder.failovers().promotions().next_back().map_or(NodeId(0), |f| f.new);
            let kind = match nodes.get(last.index())?.status {
                NodeStatus::Up => AbsenceKind::NotLeading,
                NodeStatus::Paused => AbsenceKind::Paused,
                NodeStatus::Crashed => AbsenceKind::Crashed,
                NodeStatus::PoweredOff => AbsenceKind::LostPower,
            };
            (last, kind)
        }
    };
    let others = || nodes.iter().filter(|seen| seen.is_up() && seen.node != leader);
    let suspects = |seen: &&Seen| seen.facts.as_ref().is_some_and(|f| f.suspects_since.is_some());
    let wants = |seen: &&Seen| seen.facts.as_ref().is_some_and(|f| f.role == Role::Candidate);
    Some(Absence {
        leader,
        kind,
        at_risk: if kind == AbsenceKind::NotLeading { 0 } else { at_risk(run, leader, nodes) },
        suspected_by: others().filter(suspects).map(|seen| seen.node).collect(),
        candidates: others().filter(wants).map(|seen| seen.node).collect(),
    })
}

/// Whether nothing that the leader sends reaches any other running node.
fn is_cut_off(run: &dyn Run<Recorder>, leader: NodeId, nodes: &[Seen]) -> bool {
    let mut others = nodes.iter().filter(|seen| seen.is_up() && seen.node != leader).peekable();
    others.peek().is_some() && others.all(|seen| run.link(leader, seen.node).0)
}

/// Acknowledged writes of the leader's own reign that no other running node has in its log; zero
/// where the logs part, since then positions say nothing.
fn at_risk(run: &dyn Run<Recorder>, leader: NodeId, nodes: &[Seen]) -> u32 {
    let recorder = run.observer();
    let view = run.view();
    let others = nodes.iter().filter(|seen| seen.is_up() && seen.node != leader);
    let furthest = others.filter_map(|seen| Some((seen.facts.as_ref()?.last, seen.node))).max();
    let Some((reached, node)) = furthest else { return 0 };
    let (tip, epoch) = match (recorder.remains(leader), nodes.get(leader.index())) {
        (_, Some(Seen { facts: Some(facts), .. })) => {
            (view.nodes.record_at(leader, facts.last), facts.epoch)
        }
        (Some(remains), _) => (Some(remains.tip), remains.facts.epoch),
        (None, _) => return 0,
    };
    let theirs = view.nodes.record_at(node, reached);
    if reached > Position::ZERO
        && tip.and_then(|tip| view.records.ancestor(tip, reached)).is_none_or(|r| Some(r) != theirs)
    {
        return 0;
    }
    let list = recorder.ledger().acknowledged();
    let recent = list.iter_from(list.len().saturating_sub(AT_RISK));
    let beyond = recent.filter_map(|op| recorder.history().get(*op)).filter(|operation| {
        matches!(operation.end, End::Written { position, epoch: e } if position > reached && e == epoch)
    });
    u32::try_from(beyond.count()).unwrap_or(u32::MAX)
}

/// The last order to promote a node, if it was refused and nobody was promoted since.
fn refused(run: &dyn Run<Recorder>) -> Option<RefusedPromotion> {
    let recorder = run.observer();
    let led_since =
        recorder.failovers().promotions().next_back().map_or(EventId::NONE, |f| f.event);
    let newest = recorder.milestones().refused().iter().rev();
    let mut orders = newest.take_while(|event| event.id > led_since).filter_map(|event| {
        let What::ActionRefused { node, why, line } = event.what else { return None };
        let promotes = run.script().get(line as usize).map(|line| line.action.is("promote"));
        promotes?.then_some(RefusedPromotion { at: event.at, node, why, event: event.id })
    });
    orders.next()
}

fn losses(recorder: &Recorder) -> Vec<Losses> {
    let mut groups: Vec<Losses> = Vec::new();
    for lost in recorder.ledger().lost().rev().take(LOSSES) {
        let why = lost.why;
        let before = why.death.filter(|death| death.at >= why.acknowledged);
        let closest = before.map(|death| death.at.since(why.acknowledged));
        match groups.iter_mut().find(|group| alike(&group.why, &why)) {
            Some(group) => {
                group.count += 1;
                group.closest = closest.into_iter().chain(group.closest).min();
            }
            None => groups.push(Losses { count: 1, why, closest }),
        }
    }
    let mut told: Vec<Losses> = Vec::new();
    for group in groups {
        match told.iter_mut().find(|known| sound_alike(known, &group)) {
            Some(known) => {
                known.count += group.count;
                known.closest = known.closest.into_iter().chain(group.closest).min();
            }
            None => told.push(group),
        }
    }
    sort_by_key(&mut told, |group| std::cmp::Reverse(group.count));
    told
}

/// Whether two losses are told in one clause.
fn alike(a: &Why, b: &Why) -> bool {
    let parties = |why: &Why| (why.by, why.chosen, why.death.is_some());
    let reason = |why: &Why| match (why.reason, why.death) {
        // Not sent, or died on its way: to a reader both mean that the leader died too early.
        (
            Reason::OnItsWay { .. } | Reason::NeverSent { .. } | Reason::DiedOnItsWay { .. },
            Some(_),
        ) => None,
        (reason, _) => Some(core::mem::discriminant(&reason)),
    };
    // Links that were cut are named.
    let cut = |why: &Why| match why.reason {
        Reason::LinkCut { to, .. } | Reason::NotDelivered { to, .. } => Some(to),
        _ => None,
    };
    parties(a) == parties(b) && reason(a) == reason(b) && cut(a) == cut(b)
}

fn blocked(leader: NodeId, facts: &NodeFacts) -> Option<Blocked> {
    let waiting = facts.waiting.as_ref()?;
    Some(Blocked {
        leader,
        nodes: awaited(facts, waiting),
        needed: waiting.needed,
        since: waiting.since,
    })
}

/// The synchronous ones among those that have not confirmed.
#[must_use]
pub fn awaited(facts: &NodeFacts, waiting: &WaitingFacts) -> Vec<NodeId> {
    let counts = |node: &NodeId| {
        facts.followers.iter().any(|follower| follower.node == *node && follower.synchronous)
    };
    waiting.nodes.iter().filter(|node| counts(node)).copied().collect()
}

fn behind(run: &dyn Run<Recorder>, nodes: &[Seen], leader: Option<&NodeFacts>) -> Vec<Behind> {
    let followers = nodes.iter().filter(|seen| seen.is_up() && seen.leads().is_none());
    let leads = newest(nodes).map(|seen| seen.node);
    let how = |seen: &Seen| {
        let facts = seen.facts.as_ref()?;
        if let Some(pages) = facts.pages.as_ref().filter(|pages| !pages.opened) {
            let got = u32::try_from(pages.read_at.len()).unwrap_or(u32::MAX);
            return Some(BehindHow::Files(got, pages.of));
        }
        let feeding = leader.and_then(|l| l.followers.iter().find(|f| f.node == seen.node));
        let from_log = || {
            let missing = lacks(run, seen.node, leads?);
            truncated(run, seen.node).or(Some(BehindHow::FromLog(missing)))
        };
        match (facts.role, facts.snapshot, feeding.map(|f| f.feeding)) {
            (Role::Stranded, _, _) => Some(BehindHow::Stranded),
            (_, Some((got, of)), _) => Some(BehindHow::Snapshot(got, of)),
            (_, None, Some(Feeding::Snapshot { sent, of })) => Some(BehindHow::Snapshot(sent, of)),
            (_, None, Some(Feeding::Files { sent, of })) => Some(BehindHow::Files(sent, of)),
            (Role::CatchingUp, None, feeding) if feeding != Some(Feeding::CatchingUp) => {
                Some(truncated(run, seen.node).unwrap_or(BehindHow::Waiting))
            }
            (_, None, feeding) => match not_fed(run, seen.node, leads?, feeding) {
                Some(why) => Some(BehindHow::NotFed(why)),
                None if feeding == Some(Feeding::CatchingUp) => from_log(),
                None => {
                    let missing = lacks(run, seen.node, leads?);
                    (missing > ORDINARY_LAG).then_some(BehindHow::FromLog(missing))
                }
            },
        }
    };
    followers.filter_map(|seen| Some(Behind { node: seen.node, how: how(seen)? })).collect()
}

/// Why nothing comes to a follower from the leader, if so: a link is cut, or the leader gave it up, or has
/// not heard from it. Of a leader that nobody hears, and of one that does not run, another sentence tells.
fn not_fed(
    run: &dyn Run<Recorder>,
    node: NodeId,
    leader: NodeId,
    feeding: Option<Feeding>,
) -> Option<NotFed> {
    let nodes = run.view().nodes;
    let others = (0..nodes.count()).map(NodeId).filter(|other| *other != leader);
    let mut others = others.filter(|other| nodes.status(*other) == NodeStatus::Up);
    if nodes.status(leader) != NodeStatus::Up || others.all(|other| run.link(leader, other).0) {
        return None;
    }
    let goes_out = matches!(feeding, Some(Feeding::Streaming | Feeding::CatchingUp));
    let ways = [(leader, node), (node, leader)];
    // What goes out already needs no word from the follower.
    let cut = ways.into_iter().take(if goes_out { 1 } else { 2 }).find(|(a, b)| run.link(*a, *b).0);
    let missing = lacks(run, node, leader);
    let gave_up = feeding == Some(Feeding::GivenUp);
    if cut.is_none() && !gave_up && (goes_out || missing <= ORDINARY_LAG) {
        return None;
    }
    let since = cut.and_then(|(from, to)| {
        let milestones = run.observer().milestones();
        Some(milestones.cut_at(from, to, EventId(u32::MAX))?.at)
    });
    Some(NotFed { missing, leader, cut, since, gave_up })
}

/// Whether what the follower needs next was dropped from the leader's log, as was said last.
fn truncated(run: &dyn Run<Recorder>, follower: NodeId) -> Option<BehindHow> {
    let said = run.observer().milestones().iter().rev().find_map(|event| match event.what {
        What::Noted { note: Note::CaughtUp { node, .. }, .. } if node == follower => Some(None),
        What::Noted { note: Note::CatchUpFromSnapshot { node, .. }, .. } if node == follower => {
            Some(None)
        }
        What::Noted { note: Note::LogTruncatedMeanwhile { node, first, .. }, .. }
            if node == follower =>
        {
            Some(Some(first))
        }
        _ => None,
    });
    said.flatten().map(BehindHow::Truncated)
}
