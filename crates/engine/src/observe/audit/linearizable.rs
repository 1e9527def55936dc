//! To the clients, the cluster looks like a single copy: every answer fits one order of all
//! operations on a key, each between its call and its answer.
//!
//! **Meaning.** Broken if for some key no order of its operations exists in which each read is answered
//! with what the last write before it wrote (nothing, if none did), each operation stands after all
//! that had ended before it began, a write that was acknowledged or read has its place, a write that
//! was refused has none, and a write with an unknown end may have one or none. Each key is judged
//! alone. Not exercised while no read was answered, where clients transfer between two keys, where keys
//! are counters or sets, and where the search within its bounds neither found an order nor that there
//! is none.
//!
//! Evidence: the history alone. It is asked for at the moment of judging. Mostly an order is seen at
//! once; else it is searched for within bounds, and what is not found out within them is not called
//! kept.

use super::reads::write;
use super::{Audit, Case, Verdict, Witness};
use crate::base::number;
use crate::base::{EventId, Key, OpId};
use crate::observe::history::Operation;
use crate::observe::linearizable::recorded::{OnKey, by_key};
use crate::observe::linearizable::zones::{Quick, quick};
use crate::observe::linearizable::{self, Bounds, NoTexts, check_within, rounds};
use crate::protocol::parts::Conflicts;
use crate::protocol::{Command, Promise};
use crate::world::{ClientSetup, Workload};

/// The audit.
pub struct Linearizable;

/// So much may be spent on one key, and so many steps on all of them: a reader waits for it.
const ONE_KEY: Bounds = Bounds { steps: 400_000, memory_bytes: 16 << 20 };
const ALL_KEYS: u64 = 4_000_000;

impl Audit for Linearizable {
    fn promise(&self) -> Promise {
        Promise::Linearizable
    }

    fn id(&self) -> &'static str {
        "linearizable"
    }

    fn title(&self) -> &'static str {
        "Reads and writes look like those of a single copy"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let history = case.recorder.history();
        let moves = |group: &ClientSetup| group.workload == Workload::Transfers;
        let moved = |(_, op): (OpId, &Operation)| matches!(op.command, Command::Transfer { .. });
        if case.world.clients.iter().any(moves) || history.iter().any(moved) {
            return Verdict::NotExercised("transfers change two keys at once".to_owned());
        }
        if let Some(what) = no_registers(case) {
            let reason = format!("its keys are {what}, and an order is searched for registers");
            return Verdict::NotExercised(reason);
        }
        let Quick { read, unclear } = quick(history);
        if !read {
            return Verdict::NotExercised("no read was answered".to_owned());
        }
        if unclear.is_empty() { Verdict::Holds } else { search(case, &unclear) }
    }
}

/// Searches for an order on each of these keys, in rounds, so that a hard key does not keep the others
/// waiting; where there is none, for the first answer that shows it.
fn search(case: &Case<'_>, unclear: &[Key]) -> Verdict {
    let keys = by_key(case.recorder.history(), unclear);
    let (mut first, mut left): (Option<Witness>, u64) = (None, ALL_KEYS);
    let mut waiting: Vec<&OnKey> = keys.iter().collect();
    for round in rounds(ONE_KEY) {
        waiting.retain(|on_key| {
            let now = Bounds { steps: round.steps.min(left), ..round };
            let checked = check_within(&on_key.operations, 0, &mut NoTexts, now, ONE_KEY);
            left = left.saturating_sub(checked.steps);
            if let linearizable::Verdict::NotLinearizable(proof) = &checked.verdict {
                let witness = witness(case, on_key, proof);
                if first.as_ref().is_none_or(|first| witness.events < first.events) {
                    first = Some(witness);
                }
            }
            matches!(checked.verdict, linearizable::Verdict::Undecided(_))
        });
    }
    match (first, waiting.first()) {
        (Some(witness), _) => Verdict::Broken(witness),
        (None, Some(on_key)) => Verdict::NotExercised(format!(
            "so much was asked for at once of {} that no order was found, nor shown to be \
             impossible",
            on_key.key
        )),
        (None, None) => Verdict::Holds,
    }
}

/// What the keys are, where an answer is not what some write wrote.
fn no_registers(case: &Case<'_>) -> Option<&'static str> {
    match case.recorder.ledger().versions().conflicts()? {
        Conflicts::Counter => Some("counters"),
        Conflicts::AddWins => Some("sets"),
        Conflicts::Siblings | Conflicts::LastWriteWins | Conflicts::SitePriority => None,
    }
}

/// The first answer that fits no order, with the writes of what it says and of what it should say.
fn witness(case: &Case<'_>, on_key: &OnKey, proof: &linearizable::Witness) -> Witness {
    let history = case.recorder.history();
    let name = |place: &u32| on_key.names.get(*place as usize).copied();
    let is_write = |op: &OpId| history.get(*op).is_some_and(|operation| operation.is_write());
    let last = proof.longest.iter().rev().filter_map(name).find(is_write);
    let read = proof.stuck.first().and_then(name);
    let (mut value, mut told, mut client) = (None, EventId::NONE, String::new());
    let mut at = case.now;
    if let Some(operation) = read.and_then(|read| history.get(read)) {
        (value, told, at) = (operation.value(), operation.ended_event, operation.ended);
        client = operation.client.to_string();
    }
    let mut writes = on_key.names.iter().copied().filter(is_write);
    let of_value = |op: &OpId| history.get(*op).is_some_and(|operation| operation.value() == value);
    let source = writes.find(of_value);
    let swap = read.and_then(|read| history.get(read)).and_then(|operation| {
        let Command::Swap { .. } = operation.command else { return None };
        let done = if operation.is_acknowledged() { "was done" } else { "changed nothing" };
        Some(format!("that “{}” {done}", operation.name()))
    });
    let says = match value {
        _ if swap.is_some() => swap.unwrap_or_default(),
        Some(value) if value > 0 => format!("{} = {value}", on_key.key),
        _ => format!("nothing at {}", on_key.key),
    };
    let ends = last.map_or_else(
        || ", which fits no order of what was asked and answered".to_owned(),
        |last| {
            let last = write(case, last);
            format!(
                ", but by the answers before it the last write was {last}: no single order explains \
                 both"
            )
        },
    );
    let sentence = format!("at {} {client} read {says}{ends}", number::clock(at));
    let ended = |op: OpId| history.get(op).map(|operation| operation.ended_event);
    let events = [Some(told), last.and_then(ended), source.and_then(ended)];
    Witness {
        events: events.into_iter().flatten().filter(|event| *event > EventId::NONE).collect(),
        operations: [read, source, last].into_iter().flatten().collect(),
        sentence,
    }
}
