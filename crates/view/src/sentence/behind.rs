//! What followers do that are not up to date: how they are brought up to date, or why nothing reaches them.

use super::{Behind, BehindHow, NotFed};
use crate::number::{bytes, clock, count, things};
use engine::base::NodeId;

/// "n3 catches up: 120 records to go."
#[inline(never)]
pub fn behind(behind: &Behind) -> String {
    let node = behind.node;
    match behind.how {
        BehindHow::FromLog(0) => String::new(),
        BehindHow::FromLog(1) => format!("{node} catches up: 1 record to go."),
        BehindHow::FromLog(missing) => {
            format!("{node} catches up: {} records to go.", count(missing.into()))
        }
        BehindHow::NotFed(why) => not_fed(node, &why),
        BehindHow::Snapshot(got, of) => {
            let (got, of) = (bytes(got.into()), bytes(of.into()));
            format!("{node} copies the data while writes go on: {got} of {of}.")
        }
        BehindHow::Files(got, of) => {
            format!("{node} copies the data files page by page while writes go on: {got} of {of}.")
        }
        BehindHow::Stranded => {
            format!(
                "{node}'s log parts from the leader's: it follows nobody until it is copied afresh."
            )
        }
        BehindHow::Waiting => format!("{node} waits for its copying to begin."),
        BehindHow::Truncated(first) => {
            format!("{node} needs records that the leader dropped: its log begins at {first}.")
        }
    }
}

/// "n2 gets nothing from n1: the link from n1 to n2 has been cut since 4.000 s, and n1 gave it up; it
/// lacks 3,360 records."
fn not_fed(node: NodeId, why: &NotFed) -> String {
    let NotFed { missing, leader, cut, since, gave_up } = *why;
    let cut = cut.map(|(from, to)| match since {
        Some(since) => format!("the link from {from} to {to} has been cut since {}", clock(since)),
        None => format!("the link from {from} to {to} is cut"),
    });
    let gave_up = gave_up.then(|| format!("{leader} gave it up"));
    let why: Vec<String> = cut.into_iter().chain(gave_up).collect();
    let why = if why.is_empty() { " yet".to_owned() } else { format!(": {}", why.join(", and ")) };
    let lacks = match missing {
        0 => String::new(),
        n => format!("; it lacks {}", things(n, "record")),
    };
    format!("{node} gets nothing from {leader}{why}{lacks}.")
}
