//! A document as somebody types it: where things stand in its text, what may come next, and how a
//! value is changed without touching the rest.
//!
//! Everything here takes any text, be it right, half typed or no JSON at all. Nothing here decides
//! whether a document is right: `Scenario::read` does.

pub mod complete;
pub mod edit;
pub mod form;
pub mod guide;
pub mod locate;
mod nodes;
pub mod outline;

pub use complete::{Completion, Completions, complete};
pub use edit::{Edit, put, take};
pub use guide::Guide;
pub use locate::{Spot, spot, spot_at};

/// Longer texts are not taken for documents.
pub const MOST_BYTES: usize = 1 << 20;

/// The place in bytes of a place that is counted in units of UTF-16, as browsers do.
#[must_use]
pub fn byte_of(text: &str, unit: usize) -> usize {
    let mut left = unit;
    for (at, character) in text.char_indices() {
        if left < character.len_utf16() {
            return at;
        }
        left -= character.len_utf16();
    }
    text.len()
}

/// The place in units of UTF-16 of a place in bytes.
#[must_use]
pub fn unit_of(text: &str, byte: usize) -> usize {
    let before = text.char_indices().take_while(|(at, _)| *at < byte);
    before.map(|(_, character)| character.len_utf16()).sum()
}
