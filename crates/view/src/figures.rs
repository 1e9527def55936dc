//! Numbers as readers see them. Whole-number arithmetic only: the general formatting of fractions
//! would add kilobytes to the page.

/// A number for an SVG attribute: at most one decimal.
#[must_use]
pub fn px(value: f64) -> String {
    decimals(value, 1)
}

/// A pace as simulated time per watched time: "1/250 ×", "4 ×".
#[must_use]
pub fn pace(speed: f64) -> String {
    if speed >= 9.5 {
        format!("{} ×", decimals(speed, 0))
    } else if speed >= 0.7 {
        format!("{} ×", decimals(speed, 1))
    } else if speed > 0.0 {
        format!("1/{} ×", two_digits(1.0 / speed))
    } else {
        "0 ×".to_owned()
    }
}

/// Rounded to two leading digits, so that a changing pace does not flicker.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small positive numbers"
)]
fn two_digits(value: f64) -> u32 {
    let mut unit = 1.0;
    while value / unit >= 100.0 {
        unit *= 10.0;
    }
    (libm::round(value / unit) * unit) as u32
}

/// A number with at most so many decimals, without trailing zeros.
#[must_use]
pub fn decimals(value: f64, places: u32) -> String {
    let one = 10_i64.pow(places);
    let units = whole(value.abs() * scale(places));
    let mut text = String::new();
    if value < 0.0 && units > 0 {
        text.push('-');
    }
    text.push_str(&(units / one).to_string());
    let rest = units % one;
    if rest > 0 {
        let digits = rest.to_string();
        text.push('.');
        for _ in digits.len()..places as usize {
            text.push('0');
        }
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

/// Ten to the power of `places`.
fn scale(places: u32) -> f64 {
    (0..places).fold(1.0, |power, _| power * 10.0)
}

#[expect(clippy::cast_possible_truncation, reason = "far smaller than 2^63")]
fn whole(value: f64) -> i64 {
    (value + 0.5) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_paces_read_as_people_write_them() {
        assert_eq!(pace(0.004), "1/250 ×");
        assert_eq!(pace(4.0), "4 ×");
        assert_eq!(px(-0.04), "0");
        assert_eq!(px(12.05), "12.1");
        assert_eq!(decimals(-3.0, 1), "-3");
    }
}
