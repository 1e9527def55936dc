//! The sentence about several leaders: what became of the writes, who is missing and whom that keeps
//! apart, what a client's "saved" means and what becomes of conflicts.

use super::Parted;
use super::quorums::{saved, second_line};
use crate::number::{agree, names, things, who};
use crate::types::{Sentence, Tone};
use engine::base::NodeId;
use engine::observe::Recorder;
use engine::protocol::parts::Conflicts;
use engine::protocol::policy::{Leaders, Topology};
use engine::world::Run;

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, policy: &Leaders) -> Sentence {
    let counts = run.observer().ledger().counts();
    let mut parts = saved(run.observer().ledger(), policy.conflicts);
    let parted = Parted::of(run);
    parts.extend(parted.sentences().into_iter().map(|line| (Tone::Wait, line)));
    let now = apart(&leaders(run, policy), policy, &parted).or_else(|| held_back(run));
    let (why, reasons) = second_line(run, &counts, now, guarantee(run, policy));
    Sentence { parts, why, reasons }
}

fn leaders(run: &dyn Run<Recorder>, policy: &Leaders) -> Vec<NodeId> {
    (0..policy.leaders.min(run.view().nodes.count())).map(NodeId).collect()
}

/// What goes on while a leader does not run, or leaders do not hear each other.
fn apart(all: &[NodeId], policy: &Leaders, parted: &Parted) -> Option<String> {
    let down = parted.down.iter().map(|(node, _)| *node).find(|node| all.contains(node));
    let Some(away) = down.or_else(|| parted.alone().filter(|node| all.contains(node))) else {
        let sides = parted.groups.iter().filter(|group| group.iter().any(|n| all.contains(n)));
        let apart =
            "Each side goes on taking writes, and tells the other when it reaches it again.";
        return (sides.count() > 1).then(|| apart.to_owned());
    };
    let runs = |node: &NodeId| parted.groups.iter().flatten().any(|up| up == node);
    let rest: Vec<NodeId> =
        all.iter().copied().filter(|node| *node != away && runs(node)).collect();
    match policy.topology {
        Topology::AllToAll if rest.len() > 1 && down.is_some() => {
            Some(format!("{} go on: each sends to each.", names(&rest)))
        }
        Topology::Ring if rest.len() > 1 => {
            let place = usize::from(away.0);
            let before = all.get((place + all.len() - 1) % all.len())?;
            let after = all.get((place + 1) % all.len())?;
            Some(format!(
                "The ring is broken: what {before} passes on ends at {away}, and {after} hears of \
                 no other's writes. Each goes on taking writes."
            ))
        }
        Topology::Star if away == NodeId(0) && rest.len() > 1 => Some(format!(
            "All that leaders tell each other goes through {away}: {} hear nothing of each other, \
             and go on taking writes.",
            names(&rest)
        )),
        _ if down.is_none() => Some(format!(
            "{away} goes on taking writes, and so {} {}; they exchange them when they hear each other again.",
            agree(count(&rest), "does", "do"),
            names(&rest)
        )),
        _ if rest.is_empty() => Some("No leader runs.".to_owned()),
        _ => Some(format!(
            "{} on, and {away} gets what it missed when it is back.",
            who(&rest, "goes", "go")
        )),
    }
}

fn count(nodes: &[NodeId]) -> u32 {
    u32::try_from(nodes.len()).unwrap_or(u32::MAX)
}

fn held_back(run: &dyn Run<Recorder>) -> Option<String> {
    let nodes = run.view().nodes;
    let (node, count) = (0..nodes.count()).map(NodeId).find_map(|node| {
        let held = nodes.facts(node)?.store.as_ref()?.held_back;
        (held > 0).then_some((node, held))
    })?;
    let writes = things(count, "write");
    Some(format!("{node} holds {writes} back until what the writer had seen is there too."))
}

fn guarantee(run: &dyn Run<Recorder>, policy: &Leaders) -> String {
    let others = match leaders(run, policy).len() {
        0 | 1 => "others",
        2 => "the other leader",
        _ => "the other leaders",
    };
    let verb = if others == "the other leader" { "hears" } else { "hear" };
    let mut text = format!(
        "Each write is on the disk of one leader when its client is told “saved”; {others} {verb} \
         of it later. "
    );
    text += match policy.conflicts {
        Conflicts::LastWriteWins => {
            "Of concurrent writes the one with the later stamp stays, and the other is dropped."
        }
        Conflicts::Siblings => {
            "Concurrent writes stay beside each other until a write has seen them."
        }
        Conflicts::Counter => "Each write adds one to a counter, so that concurrent writes add up.",
        Conflicts::AddWins => {
            "Writes add to a set; a deletion takes away what it had seen, and nothing else."
        }
        Conflicts::SitePriority => {
            "Of concurrent texts readers are shown that of the first leader; the other stays \
             behind it."
        }
    };
    if policy.home_leader {
        text += " All writes of a key go to one leader while that answers.";
    }
    text
}
