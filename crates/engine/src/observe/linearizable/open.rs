//! Lists that a search takes from and puts back into in the opposite order: the open operations,
//! and the order with which it came furthest.

use super::plan::number_of;

/// The open operations without a place, in the order of their calls: three rings through three
/// heads, whose numbers follow those of the operations.
///
/// What is taken out keeps its neighbours, so it can be put back at once when everything taken out
/// after it is back (Knuth, "Dancing links", 2000).
#[derive(Debug)]
pub struct Rings {
    after: Vec<u32>,
    before: Vec<u32>,
}

impl Rings {
    /// Empty ones for so many operations.
    pub fn new(count: usize) -> Self {
        let alone: Vec<u32> = (0..number_of(count + 3)).collect();
        Self { after: alone.clone(), before: alone }
    }

    /// Who comes after it.
    #[inline]
    pub fn after(&self, id: u32) -> u32 {
        self.after[id as usize]
    }

    /// Adds it at the end of the ring through `head`.
    pub fn push(&mut self, head: u32, id: u32) {
        self.before[id as usize] = self.before[head as usize];
        self.put_back(id);
    }

    /// Takes it out.
    pub fn take(&mut self, id: u32) {
        let (before, after) = (self.before[id as usize], self.after[id as usize]);
        (self.after[before as usize], self.before[after as usize]) = (after, before);
    }

    /// Puts it back after the one that it came after.
    pub fn put_back(&mut self, id: u32) {
        let before = self.before[id as usize];
        let after = self.after[before as usize];
        self.after[id as usize] = after;
        (self.after[before as usize], self.before[after as usize]) = (id, id);
    }
}

/// The order with which the furthest event was reached. It shares its beginning with the order at
/// hand, so that keeping it costs no more than the search.
#[derive(Default, Debug)]
pub struct Furthest {
    /// The event.
    pub at: usize,
    /// The order.
    pub order: Vec<u32>,
    shared: usize,
}

impl Furthest {
    /// Event `at` was reached with `order`.
    pub fn note(&mut self, at: usize, order: &[u32]) {
        self.order.truncate(self.shared);
        self.order.extend_from_slice(&order[self.shared..]);
        (self.at, self.shared) = (at, order.len());
    }

    /// The order at hand was taken back to this length.
    pub fn shrink(&mut self, length: usize) {
        self.shared = self.shared.min(length);
    }
}
