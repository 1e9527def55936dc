//! The data that a log describes: values by key, and what each client session has written.
//!
//! Applying the same records gives the same data. A snapshot of it is bytes.

use std::collections::VecDeque;
use std::rc::Rc;

use super::frame::{Reader, Torn, write_value};
use super::log::End;
use crate::engine::base::{Chunked, ClientId, Digest, Epoch, Key, Position};
use crate::engine::protocol::{Record, RecordRef};

/// Writes of one session that are remembered, so that a retry finds its first attempt. Kafka's
/// idempotent producer remembers five batches for the same purpose.
pub const REMEMBERED: usize = 256;

/// One key's value.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Slot {
    /// The value; 0 if never written.
    pub value: u64,
    /// Its length in bytes.
    pub bytes: u32,
    /// The position of the write.
    pub version: Position,
}

type Session = VecDeque<(u32, Position)>;

/// The data after applying a log up to a position.
#[derive(Clone, Debug)]
pub struct Data {
    slots: Chunked<Slot>,
    sessions: Vec<Rc<Session>>,
    end: End,
}

impl Default for Data {
    fn default() -> Self {
        Self { slots: Chunked::default(), sessions: Vec::new(), end: End::START }
    }
}

impl Data {
    /// Applied up to here.
    #[must_use]
    #[inline]
    pub fn applied(&self) -> Position {
        self.end.position
    }

    /// What stands at the last applied position.
    #[must_use]
    pub fn end(&self) -> End {
        self.end
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: Key) -> Slot {
        self.slots.get(key.0 as usize).copied().unwrap_or_default()
    }

    /// Applies the record that follows.
    #[inline]
    pub fn apply(&mut self, reference: RecordRef, record: &Record) {
        let Record { position, chain, epoch, .. } = *record;
        self.end = End { position, record: reference, chain, epoch };
        if !record.op.is_some() {
            return;
        }
        let slot = Slot { value: record.value, bytes: record.value_bytes, version: position };
        self.put(record.key, slot);
        if record.number > 0 {
            self.remember(record.client, record.number, position);
        }
    }

    fn put(&mut self, key: Key, slot: Slot) {
        while self.slots.len() <= key.0 as usize {
            self.slots.push(Slot::default());
        }
        if let Some(old) = self.slots.get_mut(key.0 as usize) {
            *old = slot;
        }
    }

    fn remember(&mut self, client: ClientId, number: u32, position: Position) {
        if self.sessions.len() <= client.index() {
            self.sessions.resize(client.index() + 1, Rc::default());
        }
        let session = Rc::make_mut(&mut self.sessions[client.index()]);
        if session.len() == REMEMBERED {
            session.pop_front();
        }
        session.push_back((number, position));
    }

    /// Where the write with this number of a session was applied, if it is remembered.
    #[must_use]
    pub fn find(&self, client: ClientId, number: u32) -> Option<Position> {
        let session = self.sessions.get(client.index())?;
        session.iter().rev().find(|(n, _)| *n == number).map(|(_, position)| *position)
    }

    /// Whether a write with this number of a session, if it was ever applied, is no longer
    /// remembered.
    #[must_use]
    pub fn may_have_forgotten(&self, client: ClientId, number: u32) -> bool {
        let session = self.sessions.get(client.index());
        session.is_some_and(|s| s.len() == REMEMBERED && s.iter().all(|(n, _)| *n > number))
    }

    /// The highest number written per session.
    #[must_use]
    pub fn highest_numbers(&self) -> Vec<u32> {
        let highest = |session: &Rc<Session>| session.iter().map(|(n, _)| *n).max().unwrap_or(0);
        self.sessions.iter().map(highest).collect()
    }

    /// A digest of what readers see.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut digest = Digest::default();
        for (key, slot) in (0_u64..).zip(self.slots.iter()).filter(|(_, s)| s.version.0 > 0) {
            digest.fold(key << 32 | u64::from(slot.version.0));
            digest.fold(slot.value);
        }
        digest.value()
    }

    /// Writes the data as bytes, values at their full length.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.end.position.0.to_le_bytes());
        bytes.extend_from_slice(&self.end.epoch.0.to_le_bytes());
        bytes.extend_from_slice(&self.end.chain.to_le_bytes());
        bytes.extend_from_slice(&count(self.slots.len()));
        for slot in self.slots.iter() {
            bytes.extend_from_slice(&slot.version.0.to_le_bytes());
            bytes.extend_from_slice(&slot.bytes.to_le_bytes());
            write_value(bytes, slot.value, slot.bytes);
        }
        bytes.extend_from_slice(&count(self.sessions.len()));
        for session in &self.sessions {
            bytes.extend_from_slice(&count(session.len()));
            for (number, position) in session.iter() {
                bytes.extend_from_slice(&number.to_le_bytes());
                bytes.extend_from_slice(&position.0.to_le_bytes());
            }
        }
    }

    /// Reads what [`Self::write`] wrote. The record at its end must be looked up by the caller.
    ///
    /// # Errors
    /// [`Torn`] if the bytes are not whole.
    pub fn read(bytes: &[u8]) -> Result<Self, Torn> {
        let mut reader = Reader(bytes);
        let position = Position(reader.u32()?);
        let (epoch, chain) = (Epoch(reader.u32()?), reader.u64()?);
        let end = End { position, record: RecordRef::NONE, chain, epoch };
        let mut data = Self { end, ..Self::default() };
        for key in 0..reader.u32()? {
            let (version, bytes) = (Position(reader.u32()?), reader.u32()?);
            let value = reader.u64()?;
            reader.skip((bytes as usize).saturating_sub(8))?;
            data.put(Key(key), Slot { value, bytes, version });
        }
        for client in 0..reader.u32()? {
            let client = ClientId(u16::try_from(client).map_err(|_| Torn)?);
            for _ in 0..reader.u32()? {
                let (number, position) = (reader.u32()?, Position(reader.u32()?));
                data.remember(client, number, position);
            }
        }
        Ok(data)
    }

    /// The record at its end became known.
    pub fn ends_with(&mut self, record: Option<RecordRef>) {
        self.end.record = record.unwrap_or(RecordRef::NONE);
    }
}

fn count(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::base::OpId;
    use crate::engine::protocol::FrameRef;

    fn write(position: u32, key: u32, number: u32) -> Record {
        Record {
            position: Position(position),
            epoch: Epoch(1),
            op: OpId(position),
            client: ClientId(1),
            number,
            key: Key(key),
            value: u64::from(position) * 10,
            value_bytes: 64,
            parent: RecordRef::NONE,
            chain: u64::from(position),
            frame: FrameRef::default(),
        }
    }

    #[test]
    fn data_survives_its_way_through_bytes() {
        let mut data = Data::default();
        (1..=300).for_each(|p| data.apply(RecordRef(p), &write(p, p % 7, p)));
        let mut bytes = Vec::new();
        data.write(&mut bytes);
        let read = Data::read(&bytes).unwrap();
        assert_eq!(read.digest(), data.digest());
        assert_eq!((read.applied(), read.end().chain), (Position(300), 300));
        assert_eq!(read.find(ClientId(1), 300), Some(Position(300)));
        assert_eq!(read.find(ClientId(1), 300 - REMEMBERED as u32), None);
        assert!(read.may_have_forgotten(ClientId(1), 300 - REMEMBERED as u32));
        assert!(!read.may_have_forgotten(ClientId(1), 301 - REMEMBERED as u32));
        assert!((0..bytes.len()).all(|len| Data::read(&bytes[..len]).is_err()));
    }
}
