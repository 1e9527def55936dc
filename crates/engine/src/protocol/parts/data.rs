//! The data that a log describes: values by key, and what each client session has written.
//!
//! Applying the same records gives the same data. A snapshot of it is bytes.

use std::collections::VecDeque;
use std::rc::Rc;

use super::frame::{Reader, Torn, write_value};
use super::log::End;
use crate::base::{Chunked, ClientId, Digest, Epoch, Key, Position};
use crate::protocol::facts::{Accounts, OPENING};
use crate::protocol::{Record, RecordRef};

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
    // Whether any row is an account's, so that others need not be looked through.
    has_accounts: bool,
}

impl Slot {
    fn is_account(&self) -> bool {
        self.version.0 > 0 && self.bytes == 0
    }
}

impl Default for Data {
    fn default() -> Self {
        let (slots, sessions) = (Chunked::default(), Vec::new());
        Self { slots, sessions, end: End::START, has_accounts: false }
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
        if let Some((to, amount)) = record.transferred() {
            self.transfer(record.key, to, amount.into(), position);
        } else {
            let slot = Slot { value: record.value, bytes: record.value_bytes, version: position };
            self.put(record.key, slot);
        }
        if record.number > 0 {
            self.remember(record.client, record.number, position);
        }
    }

    /// Moves what is there, at most `amount`. An account that was never written holds what it is
    /// opened with; its row takes no more than the balance.
    fn transfer(&mut self, from: Key, to: Key, amount: u64, version: Position) {
        let balance = |slot: Slot| if slot.version.0 == 0 { OPENING } else { slot.value };
        let (gives, gets) = (balance(self.get(from)), balance(self.get(to)));
        if from != to {
            let amount = amount.min(gives);
            self.put(from, Slot { value: gives - amount, bytes: 0, version });
            self.put(to, Slot { value: gets + amount, bytes: 0, version });
        }
    }

    /// All accounts together; `None` if there are none.
    #[must_use]
    pub fn accounts(&self) -> Option<Accounts> {
        if !self.has_accounts {
            return None;
        }
        let rows = self.slots.iter().filter(|slot| slot.is_account());
        Some(rows.fold(Accounts::default(), |sum, slot| Accounts {
            rows: sum.rows + 1,
            total: sum.total + slot.value,
        }))
    }

    fn put(&mut self, key: Key, slot: Slot) {
        self.has_accounts |= slot.is_account();
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
        self.write_with(bytes, self.slots.len());
    }

    /// Writes what a database keeps beside its pages.
    pub fn write_control(&self, bytes: &mut Vec<u8>) {
        self.write_with(bytes, 0);
    }

    /// How many pages of so many keys there are.
    #[must_use]
    pub fn pages(&self, page_keys: u32) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX).div_ceil(page_keys.max(1))
    }

    /// Writes one page of so many keys, as it is now.
    pub fn write_page(&self, bytes: &mut Vec<u8>, page: u32, page_keys: u32) {
        let from = (page * page_keys) as usize;
        write_slots(bytes, self.slots.iter_from(from).take(page_keys as usize));
    }

    /// Reads a page back to where its first key is.
    ///
    /// # Errors
    /// [`Torn`] if the bytes are not whole.
    pub fn read_page(&mut self, bytes: &[u8], first: Key) -> Result<(), Torn> {
        let mut reader = Reader(bytes);
        let mut key = first;
        while !reader.0.is_empty() {
            let slot = read_slot(&mut reader)?;
            self.put(key, slot);
            key = Key(key.0 + 1);
        }
        Ok(())
    }

    fn write_with(&self, bytes: &mut Vec<u8>, slots: usize) {
        bytes.extend_from_slice(&self.end.position.0.to_le_bytes());
        bytes.extend_from_slice(&self.end.epoch.0.to_le_bytes());
        bytes.extend_from_slice(&self.end.chain.to_le_bytes());
        bytes.extend_from_slice(&count(slots));
        write_slots(bytes, self.slots.iter().take(slots));
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
            let slot = read_slot(&mut reader)?;
            data.put(Key(key), slot);
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

fn write_slots<'a>(bytes: &mut Vec<u8>, slots: impl Iterator<Item = &'a Slot>) {
    for slot in slots {
        bytes.extend_from_slice(&slot.version.0.to_le_bytes());
        bytes.extend_from_slice(&slot.bytes.to_le_bytes());
        write_value(bytes, slot.value, slot.bytes);
    }
}

fn read_slot(reader: &mut Reader<'_>) -> Result<Slot, Torn> {
    let (version, bytes) = (Position(reader.u32()?), reader.u32()?);
    let value = reader.u64()?;
    reader.skip((bytes as usize).saturating_sub(8))?;
    Ok(Slot { value, bytes, version })
}

fn count(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::OpId;
    use crate::protocol::FrameRef;

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

    fn transfer(position: u32, from: u32, to: u32, amount: u32) -> Record {
        let value = crate::protocol::record::transfer(Key(to), amount);
        Record { value, value_bytes: 0, ..write(position, from, position) }
    }

    #[test]
    fn a_transfer_changes_two_accounts_and_no_total() {
        let mut data = Data::default();
        assert_eq!(data.accounts(), None);
        for (position, (from, to, amount)) in (1..).zip([(0, 1, 30), (2, 0, 5), (0, 2, 500)]) {
            data.apply(RecordRef(position), &transfer(position, from, to, amount));
            assert!(data.accounts().unwrap().add_up());
        }
        let balances = [0, 1, 2].map(|key| data.get(Key(key)).value);
        assert_eq!(balances, [0, 130, 170], "nobody gives more than he has");
    }

    #[test]
    fn pages_of_different_moments_do_not_add_up() {
        let mut data = Data::default();
        (1..=4).for_each(|p| data.apply(RecordRef(p), &transfer(p, p % 4, (p + 1) % 4, 9)));
        let (mut early, mut late, mut control) = (Vec::new(), Vec::new(), Vec::new());
        assert_eq!(data.pages(2), 2);
        data.write_page(&mut early, 0, 2);
        data.apply(RecordRef(5), &transfer(5, 0, 3, 20));
        data.write_page(&mut late, 1, 2);
        data.write_control(&mut control);
        let mut copy = Data::read(&control).unwrap();
        copy.read_page(&early, Key(0)).unwrap();
        copy.read_page(&late, Key(2)).unwrap();
        assert_eq!(copy.applied(), Position(5));
        assert_eq!(copy.accounts(), Some(Accounts { rows: 4, total: 420 }));
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
