//! The recorded history of a run as the checker wants it: key by key, from the clients' word alone.
//!
//! A write's value is given to no other write, so a read says exactly what it saw; 0: nothing was
//! ever written. Events give the order; a client that gave up, or still waits, leaves its write
//! open. What was refused did not happen.

use super::{Action, Operation};
use crate::engine::base::{EventId, Key, OpId, sort};
use crate::engine::observe::{End, History};
use crate::engine::protocol::Command;

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

/// All keys of which somebody was told a value, in order. Without such an answer every order works.
#[must_use]
pub fn by_key(history: &History) -> Vec<OnKey> {
    let told = history.iter().filter(|(_, op)| matches!(op.end, End::Value { .. }));
    let mut read: Vec<Key> = told.map(|(_, operation)| operation.key()).collect();
    sort(&mut read);
    read.dedup();
    let mut order: Vec<(Key, OpId)> = Vec::new();
    if !read.is_empty() {
        order.extend(history.iter().map(|(id, operation)| (operation.key(), id)));
        sort(&mut order);
    }
    let mut all: Vec<OnKey> = Vec::new();
    for (key, id) in order.into_iter().filter(|(key, _)| read.binary_search(key).is_ok()) {
        let Some(operation) = operation(history, id) else { continue };
        if all.last().is_none_or(|last| last.key != key) {
            all.push(OnKey { key, operations: Vec::new(), names: Vec::new() });
        }
        if let Some(last) = all.last_mut() {
            last.operations.push(operation);
            last.names.push(id);
        }
    }
    all
}

fn operation(history: &History, id: OpId) -> Option<Operation> {
    let operation = history.get(id)?;
    let (action, known) = match (operation.command, operation.end) {
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
