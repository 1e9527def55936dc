//! What scripts and readers do, in words.

use crate::number::span;
use engine::base::Span;
use engine::world::{Action, Target};

/// A target as the script names it: "n1", "the leader", "follower 2".
#[must_use]
pub fn target(target: Target) -> String {
    match target {
        Target::Node(node) => node.to_string(),
        Target::Leader => "the leader".to_owned(),
        Target::Follower(k) => format!("follower {k}"),
        Target::Head => "the head".to_owned(),
        Target::Middle(1) => "the middle of the chain".to_owned(),
        Target::Middle(k) => format!("node {} of the chain", u16::from(k) + 1),
        Target::Tail => "the tail".to_owned(),
        Target::Service => "the configuration service".to_owned(),
    }
}

/// An action as an order: "crash the process of the leader".
#[must_use]
pub fn action(action: &Action) -> String {
    match *action {
        Action::Crash(node) => format!("crash the process of {}", target(node)),
        Action::PowerOff(node) => format!("cut the power of {}", target(node)),
        Action::Pause(node) => format!("pause {}", target(node)),
        Action::Resume(node) => format!("let {} go on", target(node)),
        Action::Restart(node) => format!("restart {}", target(node)),
        Action::Cut { from, to, both: true } => {
            format!("cut the link between {} and {}", target(from), target(to))
        }
        Action::Cut { from, to, both: false } => {
            format!("cut the link from {} to {}", target(from), target(to))
        }
        Action::Heal { from, to } => {
            format!("mend the link between {} and {}", target(from), target(to))
        }
        Action::Isolate { node, clients: true } => {
            format!("cut {} off from the other nodes and the clients", target(node))
        }
        Action::Isolate { node, clients: false } => {
            format!("cut {} off from the other nodes", target(node))
        }
        Action::HealAll => "mend every link".to_owned(),
        Action::SlowDisk { node, factor: 0 | 1 } => {
            format!("let the disk of {} run at its normal speed", target(node))
        }
        Action::SlowDisk { node, factor } => {
            format!("make the disk of {} {factor} times slower", target(node))
        }
        Action::FullDisk { node, full: true } => format!("fill the disk of {}", target(node)),
        Action::FullDisk { node, full: false } => {
            format!("make room on the disk of {}", target(node))
        }
        Action::Disturb { from, to, loss, duplicate, extra } => {
            format!(
                "from {} to {}: {}",
                target(from),
                target(to),
                disturbance(loss, duplicate, extra)
            )
        }
        Action::SkewClock { node, skew_us } => {
            format!("set the clock of {} to be {}", target(node), super::wrong_by(skew_us))
        }
        Action::PauseApplying(node) => format!("have {} apply nothing more", target(node)),
        Action::ResumeApplying(node) => format!("have {} apply again", target(node)),
        Action::Promote(node) => format!("promote {}", target(node)),
        Action::CopyAfresh(node) => format!("have {} copy everything afresh", target(node)),
        Action::AddFollower => "add a node".to_owned(),
        Action::DropMessage(_) => "drop a message in flight".to_owned(),
        Action::DelayMessage(_, by) => format!("delay a message in flight by {}", span(by)),
        Action::DuplicateMessage(_, _) => "double a message in flight".to_owned(),
        Action::DeliverNow(_) => "deliver a message in flight at once".to_owned(),
        Action::Prolong(by) => format!("let the run go on for {}", span(by)),
        Action::QuietClients(true) => "silence the clients".to_owned(),
        Action::QuietClients(false) => "let the clients go on".to_owned(),
    }
}

fn disturbance(loss: f64, duplicate: f64, extra: Span) -> String {
    let mut parts = Vec::new();
    if loss > 0.0 {
        parts.push(format!("lose {}", percent(loss)));
    }
    if duplicate > 0.0 {
        parts.push(format!("double {}", percent(duplicate)));
    }
    if extra > Span::ZERO {
        parts.push(format!("delay by {}", span(extra)));
    }
    if parts.is_empty() { "disturb nothing".to_owned() } else { parts.join(", ") }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability")]
fn percent(share: f64) -> String {
    format!("{} %", (share.clamp(0.0, 1.0) * 100.0 + 0.5) as u32)
}
