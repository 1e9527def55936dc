//! A run in words, for failures and transcripts.

use std::fmt::Debug;

use replicarium::engine::base::OpId;
use replicarium::engine::observe::Recorder;
use replicarium::engine::world::{Event, Run};
use replicarium::view::number::clock;
use replicarium::view::words;

use crate::judge::tally;

/// One event as a line: time, number, clause.
pub fn line(run: &dyn Run<Recorder>, event: &Event) -> String {
    let history = run.observer().history();
    let command = |op: OpId| history.get(op).map(|operation| operation.command);
    let clause = words::clause(&event.what, &command);
    format!("{:>10} #{:<5} {clause}", clock(event.at), event.id.0)
}

/// The last `count` events, oldest first.
pub fn tail(run: &dyn Run<Recorder>, count: u32) -> String {
    let trace = run.observer().trace();
    let from = trace.len().saturating_sub(count).saturating_add(1);
    let events = trace.from_event(replicarium::engine::base::EventId(from));
    events.map(|event| line(run, &event)).collect::<Vec<_>>().join("\n")
}

/// The milestones, oldest first.
pub fn milestones(run: &dyn Run<Recorder>) -> String {
    let events = run.observer().milestones().iter();
    events.map(|event| line(run, event)).collect::<Vec<_>>().join("\n")
}

/// Every node with its positions, one a line.
pub fn nodes(run: &dyn Run<Recorder>) -> String {
    let nodes = run.view().nodes;
    let node = |node| {
        let status = words::status(nodes.status(node));
        let Some(facts) = nodes.facts(node) else { return format!("{node}: {status}") };
        let (role, epoch) = (words::role(facts.role), facts.epoch);
        let snapshot =
            facts.snapshot.map_or(String::new(), |(got, of)| format!(", copying {got}/{of}"));
        let leader = facts.leader.map_or("nobody".to_owned(), |leader| leader.to_string());
        let takes = if facts.accepts_writes { ", takes writes" } else { "" };
        let data = nodes.state_digest(node).unwrap_or_default() >> 48;
        let fed: String = facts
            .followers
            .iter()
            .map(|f| {
                format!(
                    "\n    {} {:?} received {} flushed {}",
                    f.node, f.feeding, f.received, f.flushed
                )
            })
            .collect();
        format!(
            "{node}: {status}, {role}, epoch {epoch}, follows {leader}{takes}, log {}..{}, flushed {}, \
             committed {}, applied {}, data {data:04x}{snapshot}{fed}",
            facts.base, facts.last, facts.flushed, facts.committed, facts.applied
        )
    };
    let all = (0..nodes.count()).map(replicarium::engine::base::NodeId);
    all.map(node).collect::<Vec<_>>().join("\n")
}

/// What became of a run of which something was demanded: its story if that is asked for, and what
/// led there if a demand was not met. What the run's reasons claim is recounted from its trace, and the
/// independent judge judges it, too.
pub fn outcome(
    run: &dyn Run<Recorder>,
    setup: &dyn Debug,
    story: bool,
    result: Result<(), String>,
) -> Result<(), String> {
    if story {
        let all = std::env::var("TRACE").is_ok();
        let events = if all { tail(run, u32::MAX) } else { milestones(run) };
        println!("{setup:#?}\n\n{events}");
    }
    let agreed = |()| tally::both(run).map_err(|why| format!("the judges disagree: {why}"));
    result.and_then(|()| super::recount::reasons(run)).and_then(agreed).map_err(|reason| {
        let (nodes, milestones, tail) = (nodes(run), milestones(run), tail(run, 30));
        format!("{reason}\n{nodes}\nmilestones:\n{milestones}\nthe last events:\n{tail}")
    })
}
