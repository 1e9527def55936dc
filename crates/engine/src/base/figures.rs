//! Numbers in sentences, without the formatting of fractions, which weighs kilobytes in the page.

use super::SimTime;

/// A whole number with its thousands apart: `4,203`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A moment in seconds with three decimals: `12.345 s`.
#[must_use]
pub fn seconds(at: SimTime) -> String {
    let millis = at.micros() / 1_000;
    format!("{}.{:03} s", millis / 1_000, millis % 1_000)
}
