//! Single values of attributes: numbers, times, words, and how an address spells them.

use crate::fields::LONGEST_MS;
use crate::{Json, Mistake, parse};

/// What is wrong is quoted up to so many characters.
const QUOTED: usize = 40;

/// A text short enough to be quoted.
pub(super) fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// An attribute and its value, as a reader finds it again.
pub(super) fn place(name: &str, text: &str) -> String {
    format!("{}=\"{}\"", cut(name), cut(text))
}

/// The place of a word among the known ones.
pub(super) fn one_of(text: &str, known: &[&'static str]) -> Result<usize, Mistake> {
    let found = known.iter().position(|word| *word == text);
    let known = || known.iter().copied().filter(|word| !word.is_empty()).collect();
    found.ok_or_else(|| Mistake::UnknownWord { found: cut(text), known: known() })
}

/// A plain number between two others.
pub(super) fn number(
    text: &str,
    (min, max): (f64, f64),
    unit: &'static str,
) -> Result<f64, Mistake> {
    let wanted = || "a number such as 2 or 0.5".to_owned();
    let found =
        plain(text).ok_or_else(|| Mistake::WrongType { found: "a text", wanted: wanted() })?;
    in_range(found, min, max, unit)
}

/// A time: `5s`, `250ms`, `1.5min`; a number alone means seconds.
pub(super) fn time_ms(text: &str) -> Result<f64, Mistake> {
    let units = [("ms", 1.0), ("min", 60_000.0), ("s", 1_000.0), ("", 1_000.0)];
    let found = units.into_iter().find_map(|(unit, factor)| {
        let number = text.strip_suffix(unit).and_then(|digits| plain(digits.trim_end()))?;
        Some(number * factor)
    });
    let wanted = || "a time such as 5s, 250ms or 1.5min".to_owned();
    let found = found.ok_or_else(|| Mistake::WrongType { found: "a text", wanted: wanted() })?;
    in_range(found, 0.0, LONGEST_MS, "ms")
}

/// A seed: a whole number of 32 bits.
pub(super) fn seed(text: &str) -> Result<u32, Mistake> {
    let wanted = || "a whole number".to_owned();
    let found =
        plain(text).ok_or_else(|| Mistake::WrongType { found: "a text", wanted: wanted() })?;
    whole(found)
}

/// A number as a seed.
pub(super) fn whole(found: f64) -> Result<u32, Mistake> {
    let found = in_range(found, 0.0, f64::from(u32::MAX), "")?;
    if libm::floor(found) < found {
        return Err(Mistake::NotWhole { found });
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "its range was just checked"
    )]
    Ok(found as u32)
}

pub(super) fn in_range(found: f64, min: f64, max: f64, unit: &'static str) -> Result<f64, Mistake> {
    if (min..=max).contains(&found) {
        Ok(found)
    } else {
        Err(Mistake::OutOfRange { found, min, max, unit })
    }
}

/// A number as scenarios write it. The standard library's reader of numbers would weigh kilobytes in the page.
fn plain(text: &str) -> Option<f64> {
    match parse(text) {
        Ok(Json::Number(number)) if number.is_finite() => Some(number),
        _ => None,
    }
}

/// A name and its value as a query spells them.
pub(super) fn pair(part: &str) -> (String, String) {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    (decoded(name), decoded(value))
}

/// Takes back what an address may not hold as it is. What is not UTF-8 afterwards becomes a sign that says so.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = |at: usize| more.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = &more[2..];
            }
            (byte, ..) => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
