//! A running digest: the fingerprint of a run, of a log, of a state.
//!
//! By hand (FNV-1a's scheme over whole 64-bit words with a final mix): hashers of crates.io
//! change with the word size or between versions, and this value is compared between a native
//! and a wasm build.

/// A 64-bit digest of the words folded into it, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Continues from a value that `value` returned earlier.
    #[must_use]
    pub const fn from_value(value: u64) -> Self {
        Self(value)
    }

    /// Folds one word in.
    #[inline]
    pub fn fold(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    /// The same with one more word, for chains of digests.
    #[must_use]
    pub fn with(mut self, word: u64) -> Self {
        self.fold(word);
        self
    }

    /// The digest so far.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}
