//! Decimal numbers, read and written without the standard library's machinery.
//!
//! A decimal of at most 15 digits with a small exponent is a whole number below 2^53 times or over
//! an exact power of ten, so that one division rounds it correctly (Clinger, 1990). Longer ones
//! may be off in the last bit, the same bit on every target.

/// The text of a number as people write it: no exponent, at most nine decimals, fewer for numbers
/// of a million and more; `null` for what JSON cannot write.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be small")]
#[expect(clippy::cast_precision_loss, reason = "checked to be below 2^53")]
pub fn plain(number: f64) -> String {
    let size = number.abs();
    if size.is_nan() || size >= 1e18 {
        return if size.is_nan() || size.is_infinite() {
            "null".to_owned()
        } else {
            let sign = if number < 0.0 { "-" } else { "" };
            format!("{sign}{}", size as u128)
        };
    }
    let (scale, digits) = match size {
        s if s < 1e6 => (1_000_000_000_u64, 9_usize),
        s if s < 1e9 => (1_000_000, 6),
        s if s < 1e12 => (1_000, 3),
        _ => (1, 0),
    };
    let mut whole = size as u64;
    let mut rest = ((size - whole as f64) * scale as f64 + 0.5) as u64;
    if rest >= scale && digits > 0 {
        whole += 1;
        rest = 0;
    }
    let sign = if number < 0.0 && (whole, rest) != (0, 0) { "-" } else { "" };
    if rest == 0 || digits == 0 {
        return format!("{sign}{whole}");
    }
    let decimals = format!("{rest:0digits$}");
    format!("{sign}{whole}.{}", decimals.trim_end_matches('0'))
}

/// The number that these characters of a JSON number mean.
///
/// The caller has checked that it is written as JSON wants it.
#[expect(clippy::cast_precision_loss, reason = "see the file's header")]
pub(super) fn value_of(text: &str) -> f64 {
    let (mut digits, mut scale, mut exponent) = (0_u64, 0_i32, 0_i32);
    let (mut after_point, mut in_exponent, mut falling) = (false, false, false);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if in_exponent => {
                exponent = exponent.saturating_mul(10).saturating_add(i32::from(byte - b'0'));
            }
            b'0'..=b'9' if digits < 1 << 56 => {
                digits = digits * 10 + u64::from(byte - b'0');
                scale -= i32::from(after_point);
            }
            b'0'..=b'9' => scale += i32::from(!after_point),
            b'.' => after_point = true,
            b'e' | b'E' => in_exponent = true,
            b'-' if in_exponent => falling = true,
            _ => {}
        }
    }
    let shift = scale.saturating_add(if falling { -exponent } else { exponent });
    let size = shifted(digits as f64, shift);
    if text.starts_with('-') { -size } else { size }
}

/// `number` times ten to the `shift`.
fn shifted(number: f64, shift: i32) -> f64 {
    let power = |count: u32| (0..count).fold(1.0_f64, |product, _| product * 10.0);
    let steps = shift.unsigned_abs().min(400);
    let (exact, beyond) = (steps.min(22), steps.saturating_sub(22));
    if number == 0.0 {
        0.0
    } else if shift < 0 {
        number / power(exact) / power(beyond)
    } else {
        number * power(exact) * power(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        let texts = [
            "0",
            "-0.5",
            "0.2",
            "74.3",
            "1e3",
            "2.5E-3",
            "0.0878",
            "4194304",
            "9007199254740991",
            "1.0",
            "0.000001",
            "123456.789",
            "1e-9",
            "3.35",
            "60000",
            "1E+2",
        ];
        for text in texts {
            let expected: f64 = text.parse().expect("a number");
            assert_eq!(value_of(text).to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let cases = [
            (0.0, "0"),
            (-0.5, "-0.5"),
            (0.2, "0.2"),
            (74.3, "74.3"),
            (1e3, "1000"),
            (0.999_999_999_9, "1"),
            (1e-12, "0"),
            (-1e-12, "0"),
            (4_194_304.0, "4194304"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1_234_567.25, "1234567.25"),
            (f64::INFINITY, "null"),
            (1e20, "100000000000000000000"),
            (2.001, "2.001"),
        ];
        for (number, text) in cases {
            assert_eq!(plain(number), text);
        }
    }

    #[test]
    fn every_whole_number_of_microseconds_survives_writing_and_reading() {
        for micros in (0..2_000_000_u32).step_by(37) {
            let millis = f64::from(micros) / 1_000.0;
            assert_eq!(value_of(&plain(millis)).to_bits(), millis.to_bits(), "{micros}");
        }
    }
}
