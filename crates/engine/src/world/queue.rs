//! What is yet to happen, ordered by (time, sequence). It knows nothing of what it holds.
//!
//! The heap holds 16-byte entries and the payloads lie still beside it, so that a message in
//! flight can be looked at, taken out or moved by its slot.

use crate::base::sort_by_key;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::base::SimTime;

/// Time and sequence in one word, so that ordering is one comparison: 36 bits of microseconds
/// (19 hours) over 28 bits of sequence (268 million happenings in a run).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(u64);

const SEQUENCE_BITS: u32 = 28;
const SEQUENCE_MASK: u64 = (1 << SEQUENCE_BITS) - 1;

impl Moment {
    /// Later than everything.
    pub const NEVER: Self = Self(u64::MAX);

    /// The last moment at `time`: whatever else happens at that time happens before.
    #[must_use]
    pub fn end_of(time: SimTime) -> Self {
        Self(Self::shifted(time) | SEQUENCE_MASK)
    }

    /// When it is.
    #[must_use]
    pub fn time(self) -> SimTime {
        SimTime::from_micros(self.0 >> SEQUENCE_BITS)
    }

    fn shifted(time: SimTime) -> u64 {
        time.micros().min(u64::MAX >> SEQUENCE_BITS) << SEQUENCE_BITS
    }
}

/// Hands out moments, each later than any other of the same time.
#[derive(Clone, Default, Debug)]
pub struct Sequence(u64);

impl Sequence {
    /// A new moment at `time`.
    #[inline]
    pub fn at(&mut self, time: SimTime) -> Moment {
        self.0 = (self.0 + 1) & SEQUENCE_MASK;
        Moment(Moment::shifted(time) | self.0)
    }
}

/// When, and in which slot. Moments differ, so they alone order: one comparison without a branch.
#[derive(Clone, Copy, Debug)]
struct Entry {
    moment: Moment,
    slot: u32,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.moment == other.moment
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    // What the heap asks of every pair on the way through it.
    #[inline]
    fn le(&self, other: &Self) -> bool {
        other.moment <= self.moment
    }
}

impl Ord for Entry {
    /// The soonest is the greatest: it stands in front of a heap.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        other.moment.cmp(&self.moment)
    }
}

/// A priority queue of `T`.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Entry>,
    // Invariant: a slot is occupied from `push` until its heap entry goes, even when its payload
    // was taken out in between.
    slots: Vec<(Moment, Option<T>)>,
    free: Vec<u32>,
    // The front was popped and its entry still stands there: most things that happen make another
    // happen, which then takes its place in one move through the heap instead of two.
    popped: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), popped: false }
    }
}

impl<T> Queue<T> {
    /// Adds something to happen at `moment`.
    #[inline]
    pub fn push(&mut self, moment: Moment, item: T) {
        if std::mem::take(&mut self.popped)
            && let Some(mut front) = self.heap.peek_mut()
        {
            front.moment = moment;
            self.slots[front.slot as usize] = (moment, Some(item));
            return;
        }
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = (moment, Some(item));
            slot
        } else {
            self.slots.push((moment, Some(item)));
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        };
        self.heap.push(Entry { moment, slot });
    }

    /// When the next thing happens.
    #[inline]
    pub fn peek(&mut self) -> Moment {
        if self.popped {
            self.drop_front();
        }
        while let Some(Entry { moment, slot }) = self.heap.peek().copied() {
            if self.slots[slot as usize].1.is_some() {
                return moment;
            }
            self.drop_front();
        }
        Moment::NEVER
    }

    /// Takes the next thing.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.peek();
        let front = self.heap.peek()?;
        self.popped = true;
        self.slots[front.slot as usize].1.take()
    }

    fn drop_front(&mut self) {
        self.popped = false;
        if let Some(front) = self.heap.pop() {
            self.free.push(front.slot);
        }
    }

    /// How many things are yet to happen, those taken out included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len() - usize::from(self.popped)
    }

    /// Everything yet to happen, in no order that means anything but the same every time.
    pub fn iter(&self) -> impl Iterator<Item = (Moment, &T)> {
        self.slots.iter().filter_map(|(moment, item)| item.as_ref().map(|item| (*moment, item)))
    }

    /// Takes out everything that `which` picks, in order of time.
    pub fn take_all(&mut self, mut which: impl FnMut(&T) -> bool) -> Vec<(Moment, T)> {
        let mut taken: Vec<(Moment, T)> = self
            .slots
            .iter_mut()
            .filter_map(|(moment, item)| {
                item.take_if(|item| which(item)).map(|item| (*moment, item))
            })
            .collect();
        sort_by_key(&mut taken, |(moment, _)| *moment);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_happen_in_order_of_time_and_then_of_asking() {
        let (mut queue, mut sequence) = (Queue::default(), Sequence::default());
        for (millis, name) in [(5, 'd'), (1, 'a'), (3, 'b'), (3, 'c')] {
            queue.push(sequence.at(SimTime::from_millis(millis)), name);
        }
        assert_eq!(queue.peek().time(), SimTime::from_millis(1));
        let order: String = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, "abcd");
    }

    #[test]
    fn what_is_taken_out_does_not_happen() {
        let (mut queue, mut sequence) = (Queue::default(), Sequence::default());
        (0..10).for_each(|n| queue.push(sequence.at(SimTime::from_millis(n)), n));
        let taken = queue.take_all(|n| n % 2 == 0);
        assert_eq!(taken.into_iter().map(|(_, n)| n).collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
        assert_eq!(queue.peek().time(), SimTime::from_millis(1));
        queue.push(sequence.at(SimTime::from_millis(2)), 2);
        let rest: Vec<u64> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(rest, [1, 2, 3, 5, 7, 9]);
    }
}
