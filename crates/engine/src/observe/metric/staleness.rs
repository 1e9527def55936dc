//! How fresh reads are so long after a write: what clients that measure it have found.

use crate::base::{ClientId, OpId, Span};
use crate::observe::history::{End, History};
use crate::world::ClientSetup;

/// Reads that began so long after the acknowledgement of the write that they look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Staleness {
    /// So long after.
    pub after: Span,
    /// Those that were told the value written.
    pub fresh: u32,
    /// Those that were answered.
    pub total: u32,
}

/// One row for each time at which reads were asked for.
#[must_use]
pub fn staleness(history: &History, groups: &[ClientSetup]) -> Vec<Staleness> {
    let mut rows: Vec<Staleness> = Vec::new();
    let mut written: Vec<Option<OpId>> = Vec::new();
    let mut first = 0_u16;
    for group in groups {
        let clients = first..first.saturating_add(group.count);
        first = clients.end;
        let Some(probe) = &group.probe else { continue };
        let row = |after: &Span| Staleness { after: *after, fresh: 0, total: 0 };
        let mut found: Vec<Staleness> = probe.read_after.iter().map(row).collect();
        found.dedup_by_key(|row| row.after);
        written.resize(usize::from(first), None);
        for (op, operation) in history.iter() {
            let ClientId(client) = operation.client;
            if !clients.contains(&client) {
                continue;
            }
            let last = &mut written[usize::from(client)];
            match operation.end {
                End::Written { .. } => *last = Some(op),
                End::Value { value, .. } => {
                    let Some(write) = last.and_then(|op| history.get(op)) else { continue };
                    let after = operation.invoked.since(write.ended);
                    if let Some(row) = found.iter_mut().find(|row| row.after == after) {
                        row.total += 1;
                        row.fresh += u32::from(write.value() == Some(value));
                    }
                }
                _ => {}
            }
        }
        rows.extend(found);
    }
    rows
}
