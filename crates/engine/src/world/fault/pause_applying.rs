//! A node applies nothing more of what it receives: MySQL's `STOP REPLICA SQL_THREAD`, PostgreSQL's
//! `pg_wal_replay_pause`. It goes on receiving, flushing and confirming.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::world::{NodeStatus, Target};

const RUNS: [NodeStatus; 2] = [NodeStatus::Up, NodeStatus::Paused];

pub(super) static PAUSE_APPLYING: Fault = Fault {
    word: "pause-applying",
    doc: "A node goes on receiving and confirming, and applies nothing.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &RUNS)?;
        machinery.pause_applying(node, true)
    },
    order: |with| format!("have {} apply nothing more", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.replica && node.applies && RUNS.contains(&node.status) => {
            let help = "It goes on receiving and confirming; its readers see nothing new.";
            vec![Offer::breaks("Stop applying", help, 'a', pause_applying(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

pub(super) static RESUME_APPLYING: Fault = Fault {
    word: "resume-applying",
    doc: "A node applies again.",
    takes: &[Takes::Node],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let node = machinery.in_state(with.node, &RUNS)?;
        machinery.pause_applying(node, false)
    },
    order: |with| format!("have {} apply again", with.node.words()),
    offers: |seen| match seen {
        Seen::Node(node) if node.replica && !node.applies && RUNS.contains(&node.status) => {
            let help = "It applies what it has received meanwhile, and goes on.";
            vec![Offer::mends("Apply again", help, 'a', resume_applying(node.target()))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

/// The node applies nothing more of what it receives.
#[must_use]
pub const fn pause_applying(node: Target) -> Action {
    Action::on(&PAUSE_APPLYING, node)
}

/// It applies again.
#[must_use]
pub const fn resume_applying(node: Target) -> Action {
    Action::on(&RESUME_APPLYING, node)
}
