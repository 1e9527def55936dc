//! What the clients asked and were told, as `replicarium check` and other checkers read it: one JSON
//! record a line, in the order of the events.
//!
//! Beside what a checker needs (`process`, `type`, `f`, `key`, `value`) each line has what an observer
//! beside the clients can write down; checkers pass over it:
//! - `time`: when, in microseconds since the run began. `op`: the operation's number. `client`: whose.
//! - at an end: `node`, who answered, in which `epoch`; `position`, where the write stands in the log,
//!   or the write whose value a read was given (where data are versions per key: the number of the
//!   version; 0: never written); `error`, why it was refused.
//!
//! Lines of process `nemesis` are marks, which checkers pass over, too:
//! - what was done to the cluster: `crash`, `power-off`, `pause`, `resume`, `start`, `add`, `cut`,
//!   `heal`, `fault` (any other), with the node or link as `value`; `leads` and `steps-down`, as a node
//!   says it, with its epoch and where its log ended;
//! - what a write met on its way: `asked` (again), `taken` by a node, `answered` by a node;
//! - where data are versions per key: `made`, a node makes a version of a write. `position` is its
//!   number, and `given` has the numbers of what its writer had been given of the key: the context that
//!   its client sent with the request or, where the server keeps contexts, what the node held;
//! - operations that no register explains, because money moves between their keys or because keys are
//!   counters or sets: `f` is then the type and the function, `ok-transfer`.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::Lab;
use engine::base::{Key, NodeId, OpId};
use engine::observe::Recorder;
use engine::observe::history::{End, Operation, Row};
use engine::protocol::client::Refusal;
use engine::protocol::parts::Conflicts;
use engine::protocol::{Command, Note, Outcome, RecordRef};
use engine::world::{Event, Run, What};
use view::number::things;

/// The history up to the playhead.
pub fn history(lab: &Lab) -> String {
    history_of(lab.run())
}

/// The history of a run until now.
#[must_use]
pub fn history_of(run: &dyn Run<Recorder>) -> String {
    let recorder = run.observer();
    let apart = Apart::of(run);
    let mut text = String::new();
    let mut rows = recorder.history().rows().into_iter().peekable();
    for event in recorder.trace().iter() {
        while let Some(row) = rows.next_if(|row| row.event <= event.id) {
            operation_line(&mut text, run, &row, &apart);
        }
        mark_line(&mut text, run, &event);
    }
    rows.for_each(|row| operation_line(&mut text, run, &row, &apart));
    text
}

/// What the lines do not tell.
pub fn left_out(lab: &Lab) -> Option<String> {
    let apart = Apart::of(lab.run());
    let moved = u32::try_from(apart.moved.len()).unwrap_or(u32::MAX);
    if apart.merged {
        Some("operations on keys that are counters or sets are left out".to_owned())
    } else {
        let named = things(moved, "key");
        (moved > 0).then(|| format!("operations on {named} that money moves between are left out"))
    }
}

/// Keys that are no registers: their operations are marks.
struct Apart {
    moved: BTreeSet<Key>,
    merged: bool,
}

impl Apart {
    fn of(run: &dyn Run<Recorder>) -> Self {
        let operations = run.observer().history().iter();
        let moved = operations.flat_map(|(_, operation)| accounts(operation.command)).collect();
        let nodes = run.view().nodes;
        let mut stores = (0..nodes.count()).filter_map(|node| nodes.facts(NodeId(node))?.store);
        let adds = |conflicts| matches!(conflicts, Conflicts::Counter | Conflicts::AddWins);
        Self { moved, merged: stores.any(|store| adds(store.conflicts)) }
    }

    fn holds(&self, key: Key) -> bool {
        self.merged || self.moved.contains(&key)
    }
}

/// The keys that a transfer is about.
fn accounts(command: Command) -> Vec<Key> {
    match command {
        Command::Transfer { from, to, .. } => vec![from, to],
        Command::Write { .. } | Command::Swap { .. } | Command::Read { .. } => Vec::new(),
    }
}

fn operation_line(text: &mut String, run: &dyn Run<Recorder>, row: &Row, apart: &Apart) {
    let Some(operation) = run.observer().history().get(row.op) else { return };
    let (kind, f) = (row.kind, row.f);
    let _ = if apart.holds(operation.key()) {
        write!(text, r#"{{"process":"nemesis","type":"info","f":"{kind}-{f}""#)
    } else {
        write!(text, r#"{{"process":{},"type":"{kind}","f":"{f}""#, row.process)
    };
    let _ = write!(text, r#","key":"{}","value":"#, row.key);
    let number = |value: Option<u64>| value.map_or("null".to_owned(), |value| value.to_string());
    let _ = match f {
        "cas" => write!(text, "[{},{}]", number(row.expected), number(row.value)),
        _ => write!(text, "{}", number(row.value)),
    };
    if let Some(applied) = row.applied {
        let _ = write!(text, r#","applied":{applied}"#);
    }
    let ends = row.event == operation.ended_event && row.event != operation.invoked_event;
    let at = if ends { operation.ended } else { operation.invoked };
    let (at, op, client) = (at.micros(), row.op.0, operation.client);
    let _ = write!(text, r#","time":{at},"op":{op},"client":"{client}""#);
    if ends {
        answer(text, operation);
    }
    text.push_str("}\n");
}

/// Who ended an operation, and how.
fn answer(text: &mut String, operation: &Operation) {
    if let Some(node) = operation.node {
        let _ = write!(text, r#","node":"{node}""#);
    }
    let _ = match operation.end {
        End::Written { position, epoch } | End::Value { version: position, epoch, .. } => {
            write!(text, r#","epoch":{epoch},"position":{position}"#)
        }
        End::Refused { why } => write!(text, r#","error":"{}""#, refusal(why)),
        End::Unknown => write!(text, r#","error":"timeout""#),
        End::Pending => Ok(()),
    };
}

/// Why a node refused, in lower case with hyphens; `None`: it does not lead.
fn refusal(why: Option<Refusal>) -> String {
    let Some(why) = why else { return "not-leader".to_owned() };
    let mut word = String::new();
    for letter in format!("{why:?}").chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// An event that is no operation's begin or end, if an observer beside the clients would write it
/// down.
fn mark_line(text: &mut String, run: &dyn Run<Recorder>, event: &Event) {
    let writes = |op: OpId| run.observer().history().get(op).is_some_and(Operation::is_write);
    match event.what {
        What::Crashed { node } => mark(text, event, "crash", node),
        What::PoweredOff { node, .. } => mark(text, event, "power-off", node),
        What::Paused { node } => mark(text, event, "pause", node),
        What::Resumed { node, .. } => mark(text, event, "resume", node),
        What::Started { node } => mark(text, event, "start", node),
        What::Added { node } => mark(text, event, "add", node),
        What::LinkCut { from, to } => mark(text, event, "cut", format_args!("{from}-{to}")),
        What::LinkHealed { from, to } => mark(text, event, "heal", format_args!("{from}-{to}")),
        What::LinkDisturbed { from, to, .. } => {
            mark(text, event, "fault", format_args!("{from}-{to}"));
        }
        What::DiskSlowed { node, .. }
        | What::DiskFull { node, .. }
        | What::ClockSet { node, .. }
        | What::Ordered { node, .. } => mark(text, event, "fault", node),
        What::Meddled { .. } => mark(text, event, "fault", "message"),
        What::Asked { node, op, attempt, .. } if attempt > 1 && writes(op) => {
            mark(text, event, "asked", node);
            request(text, op, attempt);
        }
        What::Requested { node, op, attempt, .. } if writes(op) => {
            mark(text, event, "taken", node);
            request(text, op, attempt);
        }
        What::Answered { node, op, attempt, outcome, .. } if writes(op) => {
            mark(text, event, "answered", node);
            request(text, op, attempt);
            outcome_of(text, outcome);
        }
        What::Noted { node, note: Note::Coordinated { op, version } } => {
            mark(text, event, "made", node);
            let given = run.view().records.given(RecordRef::named(version));
            let given: Vec<String> = given.iter().map(|at| at.name().to_string()).collect();
            let given = given.join(" ");
            let _ = write!(text, r#","op":{},"position":{version},"given":"{given}""#, op.0);
        }
        What::Noted { node, note: Note::SteppedDown { epoch, .. } } => {
            mark(text, event, "steps-down", node);
            let _ = write!(text, r#","epoch":{epoch}"#);
        }
        What::Noted { node, ref note } => {
            let Some((epoch, position)) = note.promotion() else { return };
            mark(text, event, "leads", node);
            let _ = write!(text, r#","epoch":{epoch},"position":{position}"#);
        }
        _ => return,
    }
    text.push_str("}\n");
}

fn mark(text: &mut String, event: &Event, f: &str, value: impl core::fmt::Display) {
    let at = event.at.micros();
    let _ = write!(
        text,
        r#"{{"process":"nemesis","type":"info","f":"{f}","value":"{value}","time":{at}"#
    );
}

fn request(text: &mut String, op: OpId, attempt: u16) {
    let _ = write!(text, r#","op":{},"attempt":{attempt}"#, op.0);
}

fn outcome_of(text: &mut String, outcome: Outcome) {
    let _ = match outcome {
        Outcome::Written { position, epoch } | Outcome::Value { version: position, epoch, .. } => {
            write!(text, r#","epoch":{epoch},"position":{position}"#)
        }
        Outcome::NotLeader { epoch, .. } => {
            write!(text, r#","epoch":{epoch},"error":"not-leader""#)
        }
        Outcome::Unavailable { why, epoch } => {
            write!(text, r#","epoch":{epoch},"error":"{}""#, refusal(Some(why)))
        }
    };
}
