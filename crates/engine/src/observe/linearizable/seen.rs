//! The configurations that are known to lead nowhere, exactly: a fingerprint only finds where to
//! compare.
//!
//! A configuration is how far the events were passed, the state, and the bits of what is open and
//! has its place. Two that differ only in what they used of unknown outcomes can be compared: the
//! one that has used less can do whatever the other can.

use super::plan::NONE;

/// A set of configurations, each a key of words followed by the words of unknown outcomes.
#[derive(Debug)]
pub struct Seen {
    key: usize,
    stride: usize,
    // `stride` words of each, and one with the next of its bucket.
    entries: Vec<u64>,
    buckets: Vec<u32>,
    most_bytes: u64,
    /// No more room: what fails from now on is not remembered.
    pub full: bool,
}

impl Seen {
    /// For keys of `key` words in configurations of `stride` words.
    pub fn new(key: usize, stride: usize, most_bytes: u64) -> Self {
        let buckets = vec![NONE; 64];
        Self { key, stride, entries: Vec::new(), buckets, most_bytes, full: false }
    }

    /// Whether one that can do as much is there; if not, `configuration` is added. Counts the
    /// comparisons in `steps`.
    pub fn has_or_add(&mut self, configuration: &[u64], steps: &mut u64) -> bool {
        let (key, unknown) = configuration.split_at(self.key);
        let bucket = self.bucket(key);
        let mut at = self.buckets[bucket];
        while at != NONE {
            let start = at as usize * (self.stride + 1);
            let entry = &self.entries[start..=start + self.stride];
            *steps += 1;
            let used_less =
                || entry[self.key..self.stride].iter().zip(unknown).all(|(a, b)| a & !b == 0);
            if entry[..self.key] == *key && used_less() {
                return true;
            }
            at = next(entry[self.stride]);
        }
        self.add(configuration, bucket);
        false
    }

    fn add(&mut self, configuration: &[u64], bucket: usize) {
        let count = self.entries.len() / (self.stride + 1);
        if self.full || !self.has_room(count) {
            self.full = true;
            return;
        }
        self.entries.extend_from_slice(configuration);
        self.entries.push(u64::from(self.buckets[bucket]));
        self.buckets[bucket] = u32::try_from(count).unwrap_or(NONE);
        if count + 1 > self.buckets.len() {
            self.spread();
        }
    }

    /// While a list grows, the old and the new one are held.
    fn has_room(&self, count: usize) -> bool {
        let grows = self.entries.capacity() - self.entries.len() <= self.stride;
        let entries = self.entries.capacity() * if grows { 24 } else { 8 };
        let buckets = self.buckets.len() * if count >= self.buckets.len() { 12 } else { 4 };
        ((entries + buckets) as u64) < self.most_bytes && count < NONE as usize - 1
    }

    /// Twice as many buckets.
    fn spread(&mut self) {
        self.buckets = vec![NONE; 2 * self.buckets.len()];
        let mut start = 0;
        for number in 0.. {
            if start >= self.entries.len() {
                break;
            }
            let bucket = self.bucket(&self.entries[start..start + self.key]);
            self.entries[start + self.stride] = u64::from(self.buckets[bucket]);
            self.buckets[bucket] = number;
            start += self.stride + 1;
        }
    }

    fn bucket(&self, key: &[u64]) -> usize {
        let mixed = key.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |hash, word| {
            let mixed = (hash ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93);
            mixed ^ (mixed >> 32)
        });
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let low = mixed as usize;
        low & (self.buckets.len() - 1)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a number below 2^32 was put in")]
const fn next(word: u64) -> u32 {
    word as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_used_more_of_the_unknown_is_there_and_what_used_less_is_not() {
        let mut seen = Seen::new(2, 3, 1 << 20);
        let mut steps = 0;
        assert!(!seen.has_or_add(&[1, 2, 0b101], &mut steps));
        assert!(seen.has_or_add(&[1, 2, 0b111], &mut steps));
        assert!(!seen.has_or_add(&[1, 2, 0b100], &mut steps));
        assert!(!seen.has_or_add(&[1, 3, 0b111], &mut steps));
        assert!(steps >= 2);
    }

    #[test]
    fn it_stays_right_as_it_grows_and_stops_at_its_bound() {
        let mut seen = Seen::new(2, 2, 1 << 20);
        let mut steps = 0;
        for round in [false, true] {
            for word in 0..5_000 {
                assert_eq!(seen.has_or_add(&[word, word * word], &mut steps), round);
            }
        }
        let mut small = Seen::new(1, 1, 2_000);
        for word in 0..5_000 {
            assert!(!small.has_or_add(&[word], &mut steps));
        }
        assert!(small.full);
    }
}
