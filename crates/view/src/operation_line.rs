//! One operation of a client for tools that read histories: what was asked, when, and what the
//! client was told. Whether that was true is not said here.

use engine::base::OpId;
use engine::observe::{End, Operation};
use engine::protocol::Command;

/// An operation as a line of a history.
#[derive(Clone, PartialEq, Debug)]
pub struct OperationLine {
    /// Its number.
    pub operation: u32,
    /// Whose: "c2".
    pub client: String,
    /// What was asked for.
    pub sort: OperationSort,
    /// The key; of a transfer, the account that gives.
    pub key: String,
    /// What was written or read; of a transfer, the amount. Nothing: never told, or nothing there.
    pub value: Option<u64>,
    /// When the client began it.
    pub invoked_ms: f64,
    /// When it ended.
    pub ended_ms: Option<f64>,
    /// How it ended.
    pub outcome: OperationEnd,
    /// How often it was sent.
    pub attempts: u16,
    /// Who gave the answer that ended it: "n1".
    pub node: Option<String>,
    /// Its name: "k7 = 91", "read k7".
    pub text: String,
}

/// What a client asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperationSort {
    /// To set a key to a value.
    Write,
    /// To be told the value of a key.
    Read,
    /// To move an amount between two accounts.
    Transfer,
    /// To set a key to a value if it still has the one that was read.
    Cas,
}

/// How an operation ended for its client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperationEnd {
    /// It has not ended.
    Pending,
    /// Done: a write is called saved, a read was told a value.
    Ok,
    /// The client was told that it was not done.
    Refused,
    /// The client does not know.
    Unknown,
}

/// An operation as a line of a history.
#[must_use]
pub fn operation_line(op: OpId, operation: &Operation) -> OperationLine {
    OperationLine {
        operation: op.0,
        client: operation.client.to_string(),
        sort: match operation.command {
            Command::Write { .. } => OperationSort::Write,
            Command::Swap { .. } => OperationSort::Cas,
            Command::Read { .. } => OperationSort::Read,
            Command::Transfer { .. } => OperationSort::Transfer,
        },
        key: operation.key().to_string(),
        value: operation.value().filter(|value| *value != 0),
        invoked_ms: operation.invoked.as_millis_f64(),
        ended_ms: (operation.end != End::Pending).then(|| operation.ended.as_millis_f64()),
        outcome: match operation.end {
            End::Pending => OperationEnd::Pending,
            End::Written { .. } | End::Value { .. } => OperationEnd::Ok,
            End::Refused { .. } => OperationEnd::Refused,
            End::Unknown => OperationEnd::Unknown,
        },
        attempts: operation.attempts,
        node: operation.node.map(|node| node.to_string()),
        text: operation.name(),
    }
}
