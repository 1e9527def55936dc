//! A growing list whose copy is cheap: the list of a checkpoint shares its chunks with the list
//! of the run, and a chunk is copied only when one of the two changes it.
//!
//! By hand, because the persistent vectors of crates.io weigh 10 KB and more in the page, and
//! because a plain index into a plain slice is what keeps a recorded event at a few nanoseconds.

use std::rc::Rc;

const BITS: usize = 8;
const CHUNK: usize = 1 << BITS;

/// A list of `T` in shared chunks of 256. The front can be forgotten; indices stay what they were.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    // Invariant: every chunk but the last holds exactly CHUNK items.
    chunks: Vec<Rc<Vec<T>>>,
    // Items forgotten at the front: a multiple of CHUNK.
    forgotten: usize,
    len: usize,
}

/// A chunk to be changed, copied first if a checkpoint shares it.
#[inline]
fn own<T: Clone>(chunk: &mut Rc<Vec<T>>) -> Option<&mut Vec<T>> {
    if Rc::get_mut(chunk).is_none() {
        copy(chunk);
    }
    Rc::get_mut(chunk)
}

/// Apart, since it happens once a checkpoint and the test for it all the time. The copy has room
/// for what the chunk will still take.
#[cold]
#[inline(never)]
fn copy<T: Clone>(chunk: &mut Rc<Vec<T>>) {
    let mut items = Vec::with_capacity(CHUNK);
    items.extend_from_slice(chunk);
    *chunk = Rc::new(items);
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), forgotten: 0, len: 0 }
    }
}

impl<T: Clone> Chunked<T> {
    /// Number of items ever pushed and not truncated, forgotten ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Index of the first item still held.
    #[must_use]
    pub fn first(&self) -> usize {
        self.forgotten.min(self.len)
    }

    /// Appends one item.
    #[inline]
    pub fn push(&mut self, item: T) {
        if (self.len - self.forgotten) & (CHUNK - 1) == 0 {
            self.chunks.push(Rc::new(Vec::with_capacity(CHUNK)));
        }
        self.len += 1;
        if let Some(chunk) = self.chunks.last_mut().and_then(own) {
            chunk.push(item);
        }
    }

    /// The item at `index`, unless forgotten or not there yet.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        let at = index.checked_sub(self.forgotten)?;
        self.chunks.get(at >> BITS)?.get(at & (CHUNK - 1))
    }

    /// The item at `index`, to be changed; its chunk is copied first if a checkpoint shares it.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let at = index.checked_sub(self.forgotten)?;
        own(self.chunks.get_mut(at >> BITS)?)?.get_mut(at & (CHUNK - 1))
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.len.checked_sub(1).and_then(|index| self.get(index))
    }

    /// Keeps the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let kept = len.saturating_sub(self.forgotten);
        self.chunks.truncate(kept.div_ceil(CHUNK));
        if let Some(chunk) = self.chunks.last_mut() {
            Rc::make_mut(chunk).truncate(kept - ((kept - 1) & !(CHUNK - 1)));
        }
        self.len = len;
        self.forgotten = self.forgotten.min(len);
    }

    /// Forgets whole chunks in front of `index`; a few items before it may stay.
    pub fn forget_before(&mut self, index: usize) {
        let whole = index.min(self.len).saturating_sub(self.forgotten) >> BITS;
        if whole > 0 {
            self.chunks.drain(..whole);
            self.forgotten += whole << BITS;
        }
    }

    /// Index of the first item still held of which something is not so; they are in such an order that it is so of
    /// none after that.
    #[must_use]
    pub fn partition_point(&self, so: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (self.first(), self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&so) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The items from `start` on that are still held, in order.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> + '_ {
        let at = start.saturating_sub(self.forgotten);
        self.chunks.iter().skip(at >> BITS).flat_map(|chunk| chunk.iter()).skip(at & (CHUNK - 1))
    }

    /// All items still held, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + '_ {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Bytes of heap held, shared chunks counted in full.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.chunks.len() * CHUNK * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_does_not_see_what_happens_afterwards() {
        let mut list = Chunked::default();
        (0..1_000).for_each(|n| list.push(n));
        let copy = list.clone();
        list.push(1_000);
        *list.get_mut(3).unwrap() = 77;
        assert_eq!((copy.len(), copy.get(3)), (1_000, Some(&3)));
        assert_eq!((list.len(), list.get(3)), (1_001, Some(&77)));
    }

    #[test]
    fn what_is_in_order_is_found_also_where_the_first_are_forgotten() {
        let mut list = Chunked::default();
        (0..1_000).for_each(|n| list.push(2 * n));
        list.forget_before(600);
        for (value, index) in [(0, list.first()), (1_300, 650), (1_301, 651), (5_000, 1_000)] {
            assert_eq!(list.partition_point(|n| *n < value), index, "{value}");
        }
    }

    #[test]
    fn truncating_and_growing_again_keeps_every_index() {
        for cut in [0, 1, 255, 256, 257, 512, 999] {
            let mut list = Chunked::default();
            (0..1_000).for_each(|n| list.push(n));
            list.truncate(cut);
            (cut..1_500).for_each(|n| list.push(n));
            assert!((0..1_500).all(|n| list.get(n) == Some(&n)), "cut at {cut}");
        }
    }

    #[test]
    fn forgetting_the_front_leaves_the_indices_of_the_rest() {
        let mut list = Chunked::default();
        (0..1_000).for_each(|n| list.push(n));
        list.forget_before(600);
        assert_eq!(list.first(), 512);
        assert_eq!((list.get(511), list.get(512), list.get(999)), (None, Some(&512), Some(&999)));
        assert_eq!(list.iter_from(700).next(), Some(&700));
        list.push(1_000);
        assert_eq!(list.last(), Some(&1_000));
    }
}
