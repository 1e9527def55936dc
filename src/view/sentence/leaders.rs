//! The sentence about several leaders: what became of the writes, who is missing and whom that keeps
//! apart, what a client's "saved" means and what becomes of conflicts.

use super::quorums::{absent, gone, saved, why_gone};
use crate::engine::base::NodeId;
use crate::engine::observe::Recorder;
use crate::engine::protocol::parts::Conflicts;
use crate::engine::protocol::policy::{Leaders, Topology};
use crate::engine::world::Run;
use crate::view::number::{names, things};
use crate::view::types::{Sentence, Tone};

/// The sentence at the playhead.
#[must_use]
pub fn sentence(run: &dyn Run<Recorder>, policy: &Leaders) -> Sentence {
    let counts = run.observer().ledger().counts();
    let mut parts = vec![saved(&counts)];
    parts.extend(gone(&counts));
    let out = absent(run);
    if !out.is_empty() {
        let verb = if out.len() == 1 { "takes" } else { "take" };
        parts.push((Tone::Wait, format!("{} {verb} no part.", names(&out))));
    }
    let why = why_gone(run, &counts)
        .or_else(|| apart(run, policy, &out))
        .or_else(|| held_back(run))
        .unwrap_or_else(|| guarantee(run, policy));
    Sentence { parts, why }
}

fn leaders(run: &dyn Run<Recorder>, policy: &Leaders) -> Vec<NodeId> {
    (0..policy.leaders.min(run.view().nodes.count())).map(NodeId).collect()
}

/// Leaders that no longer hear each other because another is away.
fn apart(run: &dyn Run<Recorder>, policy: &Leaders, out: &[NodeId]) -> Option<String> {
    let all = leaders(run, policy);
    let away = *out.iter().find(|node| all.contains(node))?;
    let rest: Vec<NodeId> = all.iter().copied().filter(|node| *node != away).collect();
    match policy.topology {
        Topology::AllToAll if rest.len() > 1 => {
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
        _ => Some(format!("The others go on, and {away} gets what it missed when it is back.")),
    }
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
