//! A disk: bytes in the order written, durable up to a watermark.
//!
//! It does not know what the bytes mean. Extents are shared with every other disk that holds the
//! same bytes; what is torn off is torn off here alone.

use crate::base::random::StreamName;
use crate::base::{Chunked, NodeId, SimTime, Stream};
use crate::protocol::FrameRef;

use super::setup::DiskSetup;

/// One node's disk. `M` is what flushes are remembered by.
#[derive(Clone, Debug)]
pub struct Disk<M> {
    extents: Chunked<FrameRef>,
    // Extents in front of this were discarded.
    first: usize,
    // Invariant: first <= durable <= extents.len().
    durable: usize,
    bytes: u64,
    durable_bytes: u64,
    // The flush under way makes so many extents and bytes durable, and then answers these marks.
    flushing: Option<(usize, u64)>,
    marks: Vec<M>,
    // Asked for while a flush is under way.
    next_marks: Vec<M>,
    stream: Stream,
    /// How many times slower than normal.
    pub slow: u32,
    /// Whether it takes no more bytes.
    pub full: bool,
}

/// What a power outage did to a disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    /// Bytes that are gone.
    pub lost_bytes: u64,
    /// Whether a part of an extent stayed.
    pub torn: bool,
}

impl<M> Disk<M> {
    /// An empty disk.
    #[must_use]
    pub fn new(seed: u64, node: NodeId) -> Self {
        Self {
            extents: Chunked::default(),
            first: 0,
            durable: 0,
            bytes: 0,
            durable_bytes: 0,
            flushing: None,
            marks: Vec::new(),
            next_marks: Vec::new(),
            stream: Stream::new(seed, StreamName::Disk(node.0)),
            slow: 1,
            full: false,
        }
    }

    /// Appends bytes; they are volatile. Says whether they fit.
    #[inline]
    pub fn write(&mut self, frame: FrameRef, setup: &DiskSetup) -> bool {
        let fits =
            setup.capacity_bytes.is_none_or(|most| self.bytes + u64::from(frame.len) <= most);
        if self.full || !fits {
            return false;
        }
        self.bytes += u64::from(frame.len);
        self.extents.push(frame);
        true
    }

    /// Asks for a flush that answers with `mark`. If it starts now, says when it is done; if
    /// another is under way, it waits for its turn.
    #[inline]
    pub fn flush(&mut self, mark: M, now: SimTime, setup: &DiskSetup) -> Option<SimTime> {
        if self.flushing.is_some() {
            self.next_marks.push(mark);
            return None;
        }
        self.marks.push(mark);
        Some(self.start(now, setup))
    }

    /// Flushes without a flush under way, if flushes take no time. Says whether it did.
    #[inline]
    pub fn flush_at_once(&mut self, setup: &DiskSetup) -> bool {
        let instant = self.flushing.is_none() && setup.flush.is_zero();
        if instant {
            (self.durable, self.durable_bytes) = (self.extents.len(), self.bytes);
        }
        instant
    }

    fn start(&mut self, now: SimTime, setup: &DiskSetup) -> SimTime {
        self.flushing = Some((self.extents.len(), self.bytes));
        now + setup.flush.sample(&mut self.stream).times(u64::from(self.slow))
    }

    /// The flush under way is done: its marks are moved to `done`. If others waited, their common
    /// flush starts and the time of its end is returned.
    pub fn flushed(
        &mut self,
        done: &mut Vec<M>,
        now: SimTime,
        setup: &DiskSetup,
    ) -> Option<SimTime> {
        (self.durable, self.durable_bytes) = self.flushing.take()?;
        done.append(&mut self.marks);
        std::mem::swap(&mut self.marks, &mut self.next_marks);
        (!self.marks.is_empty()).then(|| self.start(now, setup))
    }

    /// Forgets all but the last `keep` extents.
    pub fn discard(&mut self, keep: u32) {
        let first = self.extents.len().saturating_sub(keep as usize).min(self.durable);
        for index in self.first..first {
            let len = self.extents.get(index).map_or(0, |frame| u64::from(frame.len));
            self.bytes -= len;
            self.durable_bytes -= len;
            if let Some((_, bytes)) = &mut self.flushing {
                *bytes -= len;
            }
        }
        self.first = self.first.max(first);
        self.extents.forget_before(self.first);
    }

    /// The process died: flushes under way are forgotten, bytes stay with the operating system.
    pub fn process_died(&mut self) {
        self.flushing = None;
        self.marks.clear();
        self.next_marks.clear();
    }

    /// The power is gone. What was flushed stays; of what a flush under way was writing, a random
    /// stretch from the front, whose last extent may be torn; nothing else.
    pub fn power_lost(&mut self) -> Outage {
        let under_way = self.flushing.map_or(self.durable, |(extents, _)| extents);
        let being_written: u64 = self.extents_between(self.durable, under_way);
        let mut survives = self.stream.below(being_written + 1);
        let unflushed = self.bytes - self.durable_bytes;
        let mut outage = Outage { lost_bytes: unflushed - survives, torn: false };
        let mut end = self.durable;
        while let Some(frame) = self.extents.get(end).copied().filter(|_| survives > 0) {
            let len = u64::from(frame.len);
            if survives < len {
                outage.torn = true;
                #[expect(clippy::cast_possible_truncation, reason = "below a frame's u32 length")]
                let torn = frame.torn_to(survives as u32);
                self.extents.truncate(end);
                self.extents.push(torn);
                survives = 0;
            } else {
                survives -= len;
            }
            end += 1;
        }
        if outage.lost_bytes == 0 {
            outage.torn = false;
        }
        self.extents.truncate(end);
        self.settle();
        self.process_died();
        outage
    }

    fn extents_between(&self, from: usize, to: usize) -> u64 {
        (from..to).filter_map(|index| self.extents.get(index)).map(|f| u64::from(f.len)).sum()
    }

    fn settle(&mut self) {
        self.durable = self.extents.len();
        self.bytes = self.extents_between(self.first, self.durable);
        self.durable_bytes = self.bytes;
    }

    /// Everything on the disk, for a process that starts. Its first act is the recovery's flush:
    /// what it reads is durable from then on.
    pub fn read(&mut self) -> Vec<FrameRef> {
        self.settle();
        self.extents()
    }

    /// Everything on it.
    #[must_use]
    pub fn extents(&self) -> Vec<FrameRef> {
        (self.first..self.extents.len()).filter_map(|at| self.extents.get(at).copied()).collect()
    }

    /// Removes a torn end that a starting process has read and rejected.
    pub fn drop_torn_end(&mut self) {
        self.extents.truncate(self.extents.len().saturating_sub(1).max(self.first));
        self.settle();
    }

    /// Whether a flush is under way.
    #[must_use]
    pub fn is_flushing(&self) -> bool {
        self.flushing.is_some()
    }

    /// Bytes that survive a power outage.
    #[must_use]
    pub fn durable_bytes(&self) -> u64 {
        self.durable_bytes
    }

    /// Bytes written, durable or not.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Delay, Span};
    use crate::protocol::Records;

    fn setup() -> DiskSetup {
        DiskSetup { flush: Delay::constant(Span::from_millis(2)), capacity_bytes: Some(10_000) }
    }

    fn frame(records: &mut Records, len: usize) -> FrameRef {
        records.store(|bytes| bytes.extend(std::iter::repeat_n(7, len)))
    }

    #[test]
    fn flushes_asked_for_during_a_flush_are_done_as_one() {
        let (mut disk, mut records, setup) = (Disk::new(1, NodeId(0)), Records::default(), setup());
        assert!(disk.write(frame(&mut records, 100), &setup));
        assert_eq!(disk.flush('a', SimTime::ZERO, &setup), Some(SimTime::from_millis(2)));
        assert!(disk.write(frame(&mut records, 50), &setup));
        assert_eq!(disk.flush('b', SimTime::from_millis(1), &setup), None);
        assert_eq!(disk.flush('c', SimTime::from_millis(1), &setup), None);
        let mut done = Vec::new();
        let again = disk.flushed(&mut done, SimTime::from_millis(2), &setup);
        assert_eq!((again, disk.durable_bytes()), (Some(SimTime::from_millis(4)), 100));
        assert_eq!(disk.flushed(&mut done, SimTime::from_millis(4), &setup), None);
        assert_eq!((done, disk.durable_bytes()), (vec!['a', 'b', 'c'], 150));
    }

    #[test]
    fn a_power_outage_keeps_what_was_flushed_and_tears_at_most_the_last_extent() {
        let mut torn = 0;
        for seed in 0..200 {
            let (mut disk, mut records, setup) =
                (Disk::new(seed, NodeId(0)), Records::default(), setup());
            disk.write(frame(&mut records, 100), &setup);
            disk.flush((), SimTime::ZERO, &setup);
            disk.flushed(&mut Vec::new(), SimTime::from_millis(2), &setup);
            (0..3).for_each(|_| assert!(disk.write(frame(&mut records, 50), &setup)));
            disk.flush((), SimTime::from_millis(3), &setup);
            disk.write(frame(&mut records, 80), &setup);
            let outage = disk.power_lost();
            assert!(disk.durable_bytes() >= 100 && disk.durable_bytes() <= 250);
            assert_eq!(disk.durable_bytes() + outage.lost_bytes, 330);
            let left = disk.read();
            assert!(left[..left.len() - 1].iter().all(|f| f.len == 100 || f.len == 50));
            torn += u32::from(outage.torn);
        }
        assert!(torn > 150, "{torn} of 200 outages tore an extent");
    }

    #[test]
    fn a_full_disk_takes_nothing() {
        let (mut disk, mut records, setup) =
            (Disk::<()>::new(1, NodeId(0)), Records::default(), setup());
        assert!(disk.write(frame(&mut records, 9_999), &setup));
        assert!(!disk.write(frame(&mut records, 2), &setup));
        disk.full = true;
        assert!(!disk.write(frame(&mut records, 1), &setup));
    }
}
