//! A window for records that arrive ahead of a gap, as they do where messages may overtake one
//! another. Bounded: what lies further ahead is dropped and comes again.

use std::collections::VecDeque;

use crate::base::Position;
use crate::protocol::RecordRef;

/// How far ahead of the log's end a record may arrive.
pub const WINDOW: u32 = 4_096;

/// Records that wait for those before them.
#[derive(Clone, Debug)]
pub struct Reorder<T = RecordRef> {
    // The record for `last + 1 + index`, if it is here.
    early: VecDeque<Option<T>>,
}

impl<T> Default for Reorder<T> {
    fn default() -> Self {
        Self { early: VecDeque::new() }
    }
}

impl<T: Copy> Reorder<T> {
    /// Keeps the record for `position`, the log's end being `last`. Says whether there was room.
    #[inline]
    pub fn keep(&mut self, last: Position, position: Position, record: T) -> bool {
        let ahead = position.since(last);
        if ahead == 0 || ahead > WINDOW {
            return false;
        }
        let index = ahead as usize - 1;
        if self.early.len() <= index {
            self.early.resize(index + 1, None);
        }
        self.early[index] = Some(record);
        true
    }

    /// Takes the record that continues the log, if it is here. Call again until `None`.
    #[inline]
    pub fn take_next(&mut self) -> Option<T> {
        let next = (*self.early.front()?)?;
        self.early.pop_front();
        Some(next)
    }

    /// The log grew by a record that did not come from here.
    #[inline]
    pub fn grew(&mut self) {
        self.early.pop_front();
    }

    /// How far ahead of the log's end the first record is that waits.
    #[must_use]
    pub fn first(&self) -> Option<u32> {
        let index = self.early.iter().position(Option::is_some)?;
        u32::try_from(index + 1).ok()
    }

    /// Whether nothing waits.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.early.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.early.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_out_in_order_once_the_gap_is_closed() {
        let mut window = Reorder::default();
        assert!(window.keep(Position(10), Position(13), RecordRef(3)));
        assert!(window.keep(Position(10), Position(12), RecordRef(2)));
        assert_eq!(window.take_next(), None);
        window.grew();
        assert_eq!(window.take_next(), Some(RecordRef(2)));
        assert_eq!(window.take_next(), Some(RecordRef(3)));
        assert!(window.is_empty());
    }

    #[test]
    fn what_is_too_far_ahead_or_already_here_is_not_kept() {
        let mut window = Reorder::default();
        assert!(!window.keep(Position(10), Position(10), RecordRef(0)));
        assert!(!window.keep(Position(10), Position(11 + WINDOW), RecordRef(0)));
        assert!(window.is_empty());
    }
}
