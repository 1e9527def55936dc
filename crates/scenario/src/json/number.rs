//! Numbers of JSON: each is written with the fewest digits that come back as the very same number, and read as the
//! nearest there is, both by the standard library.

/// The text of a number, without an exponent; `null` for what JSON cannot write.
#[must_use]
pub fn plain(number: f64) -> String {
    if number.is_finite() { number.to_string() } else { "null".to_owned() }
}

/// The number that these characters of a JSON number mean: infinite if it is beyond all.
///
/// The caller has checked that it is written as JSON wants it.
pub(super) fn value_of(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::base::random::{Stream, StreamName};

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let cases = [
            (0.0, "0"),
            (-0.5, "-0.5"),
            (0.2, "0.2"),
            (74.3, "74.3"),
            (1e3, "1000"),
            (0.999_999_999_9, "0.9999999999"),
            (1e-12, "0.000000000001"),
            (4_194_304.0, "4194304"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1_234_567.25, "1234567.25"),
            (1.234_567_890_123_456_7, "1.2345678901234567"),
            (f64::INFINITY, "null"),
            (1e20, "100000000000000000000"),
            (2.001, "2.001"),
        ];
        for (number, text) in cases {
            assert_eq!(plain(number), text);
        }
    }

    #[test]
    fn every_number_survives_writing_and_reading() {
        let mut stream = Stream::new(1, StreamName::Faults);
        for draw in 0..200_000 {
            let number = match draw % 3 {
                0 => f64::from_bits(stream.bits()),
                1 => stream.unit(),
                _ => stream.unit() * 1e6,
            };
            if number.is_finite() {
                let text = plain(number);
                assert_eq!(value_of(&text).to_bits(), number.to_bits(), "{text}");
            }
        }
    }
}
