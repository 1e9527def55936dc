//! A client that measures staleness: it writes, and reads what it wrote at given times after the
//! acknowledgement, once or many times over.

use crate::base::{EventId, OpId, Span};
use crate::protocol::{Command, Protocol};

use super::pending::Pending;
use super::state::World;
use super::watch::Observer;

impl<P: Protocol, O: Observer> World<P, O> {
    /// An operation of such a client ended: after its write come the reads, and then the next
    /// trial. A write that was not acknowledged has no reads.
    pub(super) fn probe_on(&mut self, op: OpId, written: bool, cause: EventId) {
        let Some(operation) = self.clients.ops.get(op.index()).copied() else { return };
        let (client, command) = (operation.client, operation.command);
        let Some(probe) = self.group(client).probe.clone() else { return };
        if !matches!(command, Command::Write { .. }) {
            return;
        }
        let reads = u32::try_from(probe.read_after.len()).unwrap_or(u32::MAX);
        let session = &mut self.clients.list[client.index()];
        let mut next = Span::ZERO;
        if written {
            for after in &probe.read_after {
                let moment = self.sequence.at(self.now + *after);
                self.queue.push(moment, Pending::Thought { client, cause });
                next = next.max(*after);
            }
        } else {
            session.number += reads;
        }
        let begun = operation.number.div_ceil(reads + 1);
        if begun < probe.trials {
            let moment = self.sequence.at(self.now + next + probe.pause);
            self.queue.push(moment, Pending::Thought { client, cause: EventId::NONE });
        }
    }
}
