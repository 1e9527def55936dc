//! Numbers as readers see them: `12 ms`, `3.0 s`, `14.212 s`, `1,204 writes`, `n2 and n3`.
//!
//! Whole-number arithmetic only: what is rounded is rounded the same way everywhere.

use core::fmt::Display;

use super::{NodeId, Position, SimTime, Span, node_set};

/// A length of time, to two digits or so: `40 µs`, `1.4 ms`, `12 ms`, `3.0 s`, `2 min 5 s`, `4 h 22 min`.
#[must_use]
pub fn span(span: Span) -> String {
    let micros = span.micros();
    match micros {
        0 => "0 ms".to_owned(),
        1..1_000 => format!("{micros} µs"),
        1_000..9_950 => tenths(rounded(micros, 100), "ms"),
        9_950..999_500 => format!("{} ms", rounded(micros, 1_000)),
        999_500..59_950_000 => tenths(rounded(micros, 100_000), "s"),
        _ => minutes(rounded(micros, 1_000_000)),
    }
}

fn tenths(tenths: u64, unit: &str) -> String {
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

fn minutes(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (60.., _) => hours((seconds + 30) / 60),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

fn hours(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn rounded(value: u64, to: u64) -> u64 {
    (value + to / 2) / to
}

/// A small number with one decimal: `3.1`.
#[must_use]
pub fn one_decimal(value: f64) -> String {
    let tenths = micros(value / 100.0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A point in time, to the millisecond: `14.212 s`; from an hour on `4:22:52.641`.
#[must_use]
pub fn clock(at: SimTime) -> String {
    let millis = at.micros() / 1_000;
    if millis >= 3_600_000 {
        let (minutes, rest) = (millis / 60_000, millis % 60_000);
        let (seconds, rest) = (rest / 1_000, rest % 1_000);
        return format!("{}:{:02}:{seconds:02}.{rest:03}", minutes / 60, minutes % 60);
    }
    format!("{}.{:03} s", millis / 1_000, millis % 1_000)
}

/// [`span`] of milliseconds, as the structs of the page carry them; negative ones count as none.
#[must_use]
pub fn span_ms(ms: f64) -> String {
    span(Span::from_micros(micros(ms)))
}

/// [`clock`] of milliseconds, as the structs of the page carry them.
#[must_use]
pub fn clock_ms(ms: f64) -> String {
    clock(SimTime::from_micros(micros(ms)))
}

/// Milliseconds, as the structs of the page carry them, in microseconds.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped below 2^53")]
pub fn micros(ms: f64) -> u64 {
    (ms * 1_000.0 + 0.5).clamp(0.0, 9e15) as u64
}

/// A whole number, its thousands set apart: `1,204`.
#[must_use]
pub fn count(number: u64) -> String {
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

/// A number of things: `1 write`, `1,204 writes`.
#[must_use]
pub fn things(number: u32, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", count(u64::from(number)))
}

/// A number of bytes: `512 bytes`, `16 KB`, `4.2 MB`.
#[must_use]
pub fn bytes(number: u64) -> String {
    match number {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{number} bytes"),
        1_000..9_950 => tenths(rounded(number, 100), "KB"),
        9_950..999_500 => format!("{} KB", rounded(number, 1_000)),
        _ => tenths(rounded(number, 100_000), "MB"),
    }
}

/// Positions from one to another, both included: `86`, `86–88`.
#[must_use]
pub fn range(first: Position, last: Position) -> String {
    if first >= last { last.to_string() } else { format!("{first}–{last}") }
}

/// Names one after another: `n2`, `n2 and n3`, `n2, n3, n4, n5 and 123 more`; `nobody` if there are
/// none.
#[must_use]
pub fn names<T: Display>(all: &[T]) -> String {
    node_set::names(all, "and")
}

/// The form of a verb that goes with so many: `agree(1, "is", "are")`. Nobody goes with the first.
#[must_use]
pub const fn agree(number: u32, one: &'static str, many: &'static str) -> &'static str {
    if number > 1 { many } else { one }
}

/// Names with a verb that agrees: `n2 gets`, `n2 and n3 get`, `nobody gets`.
#[must_use]
pub fn who(nodes: &[NodeId], one: &'static str, many: &'static str) -> String {
    let number = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    format!("{} {}", names(nodes), agree(number, one, many))
}

/// A number of things with a verb that agrees: `1 write waits`, `12 writes wait`.
#[must_use]
pub fn things_do(number: u32, thing: &str, one: &'static str, many: &'static str) -> String {
    let verb = if number == 1 { one } else { many };
    format!("{} {verb}", things(number, thing))
}

/// Like [`names`], for a choice: `n2 or n3`.
#[must_use]
pub fn any_name(nodes: &[NodeId]) -> String {
    node_set::names(nodes, "or")
}

/// A clause with a large first letter.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    // Our sentences begin with plain letters; the tables for all others would weigh kilobytes.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_carry_two_digits_and_the_unit_that_fits() {
        let text = |micros| span(Span::from_micros(micros));
        assert_eq!(
            [0, 40, 999, 1_000, 1_449, 9_949, 9_950, 12_400, 999_499].map(text),
            ["0 ms", "40 µs", "999 µs", "1.0 ms", "1.4 ms", "9.9 ms", "10 ms", "12 ms", "999 ms"]
        );
        assert_eq!(
            [999_500, 3_000_000, 3_049_999, 59_949_999, 59_950_000, 125_000_000].map(text),
            ["1.0 s", "3.0 s", "3.0 s", "59.9 s", "1 min", "2 min 5 s"]
        );
    }

    #[test]
    fn clocks_show_milliseconds_and_never_round_up_into_the_future() {
        assert_eq!(clock(SimTime::from_micros(14_212_999)), "14.212 s");
        assert_eq!(clock(SimTime::ZERO), "0.000 s");
        assert_eq!(clock_ms(15_772_641.0), "4:22:52.641");
        assert_eq!([3_600e3, 10_000e3].map(span_ms), ["1 h", "2 h 47 min"]);
        assert_eq!((clock_ms(14_212.0), span_ms(-3.0)), ("14.212 s".into(), "0 ms".into()));
    }

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 7, 999, 1_000, 1_204, 1_234_567].map(count);
        assert_eq!(texts, ["0", "7", "999", "1,000", "1,204", "1,234,567"]);
        assert_eq!((things(1, "write"), things(0, "write")), ("1 write".into(), "0 writes".into()));
    }

    #[test]
    fn lists_read_as_people_say_them() {
        let nodes = [NodeId(1), NodeId(2), NodeId(3)];
        assert_eq!(names(&nodes), "n2, n3 and n4");
        assert_eq!(
            (names(&nodes[..2]), any_name(&nodes[..2])),
            ("n2 and n3".into(), "n2 or n3".into())
        );
        assert_eq!((names(&nodes[..1]), names(&nodes[..0])), ("n2".into(), "nobody".into()));
        let many: Vec<NodeId> = (1..=127).map(NodeId).collect();
        assert_eq!(names(&many), "n2, n3, n4, n5 and 123 more");
        let texts = [&many[..], &nodes[..2], &nodes[..1], &[]].map(|all| who(all, "gets", "get"));
        let right = ["n2, n3, n4, n5 and 123 more get", "n2 and n3 get", "n2 gets", "nobody gets"];
        assert_eq!(texts, right);
        let waits = [0, 1, 1_204].map(|n| things_do(n, "write", "waits", "wait"));
        assert_eq!(waits, ["0 writes wait", "1 write waits", "1,204 writes wait"]);
        assert_eq!(range(Position(86), Position(88)), "86–88");
        assert_eq!(range(Position(86), Position(86)), "86");
        assert_eq!(
            [1, 512, 16_384, 4_194_304].map(bytes),
            ["1 byte", "512 bytes", "16 KB", "4.2 MB"]
        );
    }
}
