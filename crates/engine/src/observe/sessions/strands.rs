//! What clients were told, in strands: the answers that can be compared with each other, in the
//! order in which they were told, so that what a later answer lacks is found without looking at all
//! of them. It knows numbers, not what they mean.

use crate::base::{Chunked, ClientId, EventId, Key, OpId};

/// Something that was told.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// By which operation.
    pub op: OpId,
    /// The event of its being told.
    pub ended: EventId,
    /// Its place in its strand: a log position, or the place of a write among those of its key.
    pub place: u32,
    /// A time that goes with it: the event of the write's beginning, or its stamp.
    pub time: i64,
    /// The furthest place up to here.
    pub furthest: u32,
    /// The latest time up to here.
    pub latest: i64,
    // The entry before it in the strand, counted from 1; 0: none.
    before: u32,
}

/// The newest entry of a strand.
#[derive(Clone, Copy, Debug)]
struct Strand {
    name: u32,
    newest: u32,
    // Another strand of the same list, counted from 1; 0: none.
    next: u32,
}

/// A list of strands, by its first, counted from 1; 0: it has none.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct List(u32);

/// Every strand.
#[derive(Clone, Default, Debug)]
pub struct Strands {
    entries: Chunked<Entry>,
    strands: Chunked<Strand>,
}

/// What is told.
#[derive(Clone, Copy, Debug)]
pub struct Fresh {
    /// See [`Entry`].
    pub op: OpId,
    /// See [`Entry`].
    pub ended: EventId,
    /// See [`Entry`].
    pub place: u32,
    /// See [`Entry`].
    pub time: i64,
}

impl Strands {
    /// Adds to the strand of that name; `all`: even what is neither further nor later than what was
    /// told before.
    pub fn push(&mut self, list: &mut List, name: u32, fresh: Fresh, all: bool) {
        let strand = match self.named(*list, name) {
            Some(strand) => strand,
            None => {
                self.strands.push(Strand { name, newest: 0, next: list.0 });
                list.0 = u32::try_from(self.strands.len()).unwrap_or(u32::MAX);
                list.0
            }
        };
        let Some(newest) = self.strands.get(strand as usize - 1).map(|strand| strand.newest) else {
            return;
        };
        let (furthest, latest) =
            self.entry(newest).map_or((0, i64::MIN), |entry| (entry.furthest, entry.latest));
        let Fresh { op, ended, place, time } = fresh;
        if !all && newest > 0 && place <= furthest && time <= latest {
            return;
        }
        let (furthest, latest) = (furthest.max(place), latest.max(time));
        self.entries.push(Entry { op, ended, place, time, furthest, latest, before: newest });
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if let Some(strand) = self.strands.get_mut(strand as usize - 1) {
            strand.newest = number;
        }
    }

    /// The furthest place in a list that has one strand only; `None` if it has several.
    #[must_use]
    #[inline]
    pub fn furthest(&self, list: List) -> Option<u32> {
        let Some(index) = list.0.checked_sub(1) else { return Some(0) };
        let strand = self.strands.get(index as usize)?;
        (strand.next == 0).then(|| self.entry(strand.newest).map_or(0, |entry| entry.furthest))
    }

    /// The newest entry of a list that ended before `before` and is `wanted`; a strand is left where
    /// nothing up to an entry can be: `hopeless`. Both are told the strand's name.
    pub fn newest(
        &self,
        list: List,
        before: EventId,
        mut wanted: impl FnMut(u32, &Entry) -> bool,
        hopeless: impl Fn(u32, &Entry) -> bool,
    ) -> Option<&Entry> {
        let mut found: Option<(u32, &Entry)> = None;
        let mut at = list.0;
        while let Some(strand) = at.checked_sub(1).and_then(|i| self.strands.get(i as usize)) {
            let mut number = strand.newest;
            while let Some(entry) = self.entry(number) {
                if hopeless(strand.name, entry) || found.is_some_and(|(newer, _)| newer > number) {
                    break;
                }
                if entry.ended < before && wanted(strand.name, entry) {
                    found = Some((number, entry));
                    break;
                }
                number = entry.before;
            }
            at = strand.next;
        }
        found.map(|(_, entry)| entry)
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get((number as usize).checked_sub(1)?)
    }

    fn named(&self, list: List, name: u32) -> Option<u32> {
        let mut at = list.0;
        while let Some(strand) = at.checked_sub(1).and_then(|i| self.strands.get(i as usize)) {
            if strand.name == name {
                return Some(at);
            }
            at = strand.next;
        }
        None
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.entries.heap_bytes() + self.strands.heap_bytes()
    }
}

/// What one client was told of one key.
#[derive(Clone, Copy, Default, Debug)]
pub struct Own {
    client: ClientId,
    key: Key,
    /// Its writes that it was told are saved.
    pub wrote: List,
    /// The writes that it was shown.
    pub saw: List,
    /// Where data are versions per key: the last read that was answered.
    pub read: Option<OpId>,
}

/// What each client was told of each key, found by both: a table of open addresses, since there may
/// be a million keys and a thousand clients, and a copy must stay cheap.
#[derive(Clone, Default, Debug)]
pub struct Owns {
    all: Chunked<Own>,
    // Places in `all` + 1; 0: free. As long as a power of two, at most half full.
    slots: Chunked<u32>,
}

impl Owns {
    /// What a client was told of a key.
    #[inline]
    pub fn of(&mut self, client: ClientId, key: Key) -> Option<&mut Own> {
        if self.all.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(client, key)?;
        let mut place = self.slots.get(slot).copied()?;
        if place == 0 {
            self.all.push(Own { client, key, ..Own::default() });
            place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            *self.slots.get_mut(slot)? = place;
        }
        self.all.get_mut(place as usize - 1)
    }

    /// The same, without making room for it.
    #[must_use]
    #[inline]
    pub fn get(&self, client: ClientId, key: Key) -> Own {
        let place = self.slot(client, key).and_then(|slot| self.slots.get(slot)).copied();
        let own = place.and_then(|place| self.all.get((place as usize).checked_sub(1)?));
        own.copied().unwrap_or_default()
    }

    /// The slot of a pair, or the free one where it belongs.
    fn slot(&self, client: ClientId, key: Key) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mixed = (key.0 ^ u32::from(client.0).rotate_left(16)).wrapping_mul(0x9E37_79B1);
        let mut slot = (mixed >> 7) as usize & mask;
        loop {
            let place = *self.slots.get(slot)?;
            let Some(index) = (place as usize).checked_sub(1) else { return Some(slot) };
            if self.all.get(index).is_some_and(|own| own.client == client && own.key == key) {
                return Some(slot);
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(64);
        self.slots = Chunked::default();
        (0..len).for_each(|_| self.slots.push(0));
        for (number, own) in (1..).zip(self.all.iter()) {
            let slot = self.slot(own.client, own.key);
            if let Some(place) = slot.and_then(|slot| self.slots.get_mut(slot)) {
                *place = number;
            }
        }
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.all.heap_bytes() + self.slots.heap_bytes()
    }
}
