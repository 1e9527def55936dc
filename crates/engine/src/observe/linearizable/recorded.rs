//! The recorded history of a run as the checker wants it: key by key, from the clients' word alone.
//!
//! A write's value is given to no other write, so a read says exactly what it saw; 0: nothing was
//! ever written. So does the answer of a compare-and-set. Events give the order; a client that gave up, or still waits, leaves its write
//! open. What was refused did not happen.

use super::{Action, Operation};
use crate::base::{EventId, Key, OpId};
use crate::observe::{End, History, Operation as Recorded};
use crate::protocol::Command;
use crate::protocol::client::Refusal;

/// The operations on one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnKey {
    /// The key.
    pub key: Key,
    /// For the checker.
    pub operations: Vec<Operation>,
    /// Which each of them is in the history.
    pub names: Vec<OpId>,
}

/// Those of these keys, which are in order, of which somebody was told a value. Without such an
/// answer every order works.
#[must_use]
pub fn by_key(history: &History, keys: &[Key]) -> Vec<OnKey> {
    let on_key = |key: &Key| OnKey { key: *key, operations: Vec::new(), names: Vec::new() };
    let mut all: Vec<OnKey> = keys.iter().map(on_key).collect();
    for (id, recorded) in history.iter() {
        let Ok(place) = keys.binary_search(&recorded.key()) else { continue };
        if let Some(operation) = operation(recorded) {
            all[place].operations.push(operation);
            all[place].names.push(id);
        }
    }
    let tells = |op: &Operation| match op.action {
        Action::Read(_) => true,
        Action::Swap { .. } => op.answer.is_some(),
        Action::Write(_) | Action::Append(_) => false,
    };
    all.retain(|on_key| on_key.operations.iter().any(tells));
    all
}

fn operation(operation: &Recorded) -> Option<Operation> {
    let (action, known) = match (operation.command, operation.end) {
        // What it was told is an answer like another: the key was something else.
        (Command::Swap { expected, value: new, .. }, end) => {
            let (applied, differs) = (
                matches!(end, End::Written { .. }),
                matches!(end, End::Refused { why: Some(Refusal::NotEqual) }),
            );
            if matches!(end, End::Refused { .. }) && !differs {
                return None;
            }
            (Action::Swap { expected, new, applied }, applied || differs)
        }
        // A write that missed its quorum is where it did arrive, whatever its client was told.
        (_, End::Refused { .. }) if operation.is_known() => return None,
        (Command::Write { value, .. }, end) => {
            (Action::Write(value), matches!(end, End::Written { .. }))
        }
        (Command::Read { .. }, End::Value { value, .. }) => (Action::Read(value), true),
        // A transfer sets no register: the audit says so before it asks.
        (Command::Read { .. } | Command::Transfer { .. }, _) => return None,
    };
    let EventId(call) = operation.invoked_event;
    Some(Operation { call, answer: known.then_some(operation.ended_event.0), action })
}
