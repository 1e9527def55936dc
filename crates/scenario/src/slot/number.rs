//! Numbers: whole ones, times in milliseconds, and plain ones.

use engine::base::{SimTime, Span};

use crate::form::{Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;

/// Bounds of a number, both included, and its unit.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    min: f64,
    max: f64,
    unit: &'static str,
}

impl Bounds {
    /// The number typed, if it is one and within the bounds.
    fn read(self, json: &Json, place: &mut Place) -> Option<f64> {
        let Self { min, max, unit } = self;
        match json.as_number() {
            None => place.wrong_type(json, self.wanted()),
            Some(found) if !(min..=max).contains(&found) => {
                place.report(Mistake::OutOfRange { found, min, max, unit });
            }
            Some(found) => return Some(found),
        }
        None
    }

    fn wanted(self) -> String {
        let (min, max) = (Json::Number(self.min), Json::Number(self.max));
        let unit = if self.unit.is_empty() { String::new() } else { format!(", in {}", self.unit) };
        format!("a number from {min} to {max}{unit}")
    }

    fn kind(self, whole: bool, open: bool) -> Kind {
        let Self { min, max, unit } = self;
        Kind::Number { min, max, unit, whole, open }
    }
}

/// A value that holds a whole number, or nothing where that is allowed.
pub trait WholeCell {
    /// Whether it may hold nothing, typed `null`.
    const OPEN: bool;
    /// What it holds.
    fn get(&self) -> Option<u64>;
    /// Holds this from now on; what it has no room for was refused before.
    fn put(&mut self, value: Option<u64>);
}

macro_rules! whole_cells {
    ($($cell:ty),*) => {$(
        impl WholeCell for $cell {
            const OPEN: bool = false;
            fn get(&self) -> Option<u64> {
                Some(u64::from(*self))
            }
            fn put(&mut self, value: Option<u64>) {
                *self = value.and_then(|value| value.try_into().ok()).unwrap_or(<$cell>::MAX);
            }
        }
        impl WholeCell for Option<$cell> {
            const OPEN: bool = true;
            fn get(&self) -> Option<u64> {
                self.map(u64::from)
            }
            fn put(&mut self, value: Option<u64>) {
                *self = value.and_then(|value| value.try_into().ok());
            }
        }
    )*};
}

whole_cells!(u8, u16, u32, u64);

/// A whole number.
pub struct Whole<'a, C>(pub &'a mut C, pub u64, pub u64, pub &'static str);

impl<C: WholeCell> Whole<'_, C> {
    #[expect(clippy::cast_precision_loss, reason = "ranges end below 2^53")]
    fn bounds(&self) -> Bounds {
        Bounds { min: self.1 as f64, max: self.2 as f64, unit: self.3 }
    }
}

impl<C: WholeCell> Slot for Whole<'_, C> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds")]
    fn read(&mut self, json: &Json, place: &mut Place) {
        if C::OPEN && *json == Json::Null {
            self.0.put(None);
        } else if let Some(found) = self.bounds().read(json, place) {
            if libm::trunc(found) == found {
                self.0.put(Some(found as u64));
            } else {
                place.report(Mistake::NotWhole { found });
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "ranges end below 2^53")]
    fn write(&mut self) -> Json {
        self.0.get().map_or(Json::Null, |value| Json::Number(value as f64))
    }

    fn kind(&mut self) -> Kind {
        self.bounds().kind(true, C::OPEN)
    }
}

/// A number with decimals.
pub struct Amount<'a>(pub &'a mut f64, pub f64, pub f64, pub &'static str);

impl Amount<'_> {
    fn bounds(&self) -> Bounds {
        Bounds { min: self.1, max: self.2, unit: self.3 }
    }
}

impl Slot for Amount<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if let Some(found) = self.bounds().read(json, place) {
            *self.0 = found;
        }
    }

    fn write(&mut self) -> Json {
        Json::Number(*self.0)
    }

    fn kind(&mut self) -> Kind {
        self.bounds().kind(false, false)
    }
}

/// A value that holds a time, or nothing where that is allowed.
pub trait TimeCell {
    /// Whether it may hold nothing, typed `null`.
    const OPEN: bool;
    /// Microseconds.
    fn get(&self) -> Option<u64>;
    /// Holds so many microseconds from now on.
    fn put(&mut self, micros: Option<u64>);
}

impl TimeCell for Span {
    const OPEN: bool = false;
    fn get(&self) -> Option<u64> {
        Some(self.micros())
    }
    fn put(&mut self, micros: Option<u64>) {
        *self = Self::from_micros(micros.unwrap_or(0));
    }
}

impl TimeCell for Option<Span> {
    const OPEN: bool = true;
    fn get(&self) -> Option<u64> {
        self.map(Span::micros)
    }
    fn put(&mut self, micros: Option<u64>) {
        *self = micros.map(Span::from_micros);
    }
}

/// [`SimTime::NEVER`] is typed `null`.
impl TimeCell for SimTime {
    const OPEN: bool = true;
    fn get(&self) -> Option<u64> {
        (*self != Self::NEVER).then_some(self.micros())
    }
    fn put(&mut self, micros: Option<u64>) {
        *self = micros.map_or(Self::NEVER, Self::from_micros);
    }
}

/// A point in time that is always there.
pub struct Moment<'a>(pub &'a mut SimTime);

impl TimeCell for Moment<'_> {
    const OPEN: bool = false;
    fn get(&self) -> Option<u64> {
        Some(self.0.micros())
    }
    fn put(&mut self, micros: Option<u64>) {
        *self.0 = SimTime::from_micros(micros.unwrap_or(0));
    }
}

/// A time in milliseconds, rounded to microseconds.
pub struct Millis<'a, C>(pub &'a mut C, pub f64, pub f64);

impl<C: TimeCell> Slot for Millis<'_, C> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let bounds = Bounds { min: self.1, max: self.2, unit: "ms" };
        if C::OPEN && *json == Json::Null {
            self.0.put(None);
        } else if let Some(found) = bounds.read(json, place) {
            self.0.put(Some(to_micros(found)));
        }
    }

    fn write(&mut self) -> Json {
        self.0.get().map_or(Json::Null, from_micros)
    }

    fn kind(&mut self) -> Kind {
        Bounds { min: self.1, max: self.2, unit: "ms" }.kind(false, C::OPEN)
    }
}

/// A span in milliseconds that may be negative, rounded to microseconds; at most so long.
pub struct SignedMillis<'a>(pub &'a mut i64, pub f64);

impl Slot for SignedMillis<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "within bounds")]
    fn read(&mut self, json: &Json, place: &mut Place) {
        let bounds = Bounds { min: -self.1, max: self.1, unit: "ms" };
        if let Some(found) = bounds.read(json, place) {
            *self.0 = libm::round(found * 1_000.0) as i64;
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "times of a run are below 2^53 microseconds")]
    fn write(&mut self) -> Json {
        Json::Number(*self.0 as f64 / 1_000.0)
    }

    fn kind(&mut self) -> Kind {
        Bounds { min: -self.1, max: self.1, unit: "ms" }.kind(false, false)
    }
}

/// A whole number that may be negative, at most so far from zero.
pub struct WholeSigned<'a>(pub &'a mut i32, pub i32, pub &'static str);

impl Slot for WholeSigned<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "within bounds")]
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Self(_, most, unit) = *self;
        let bounds = Bounds { min: f64::from(-most), max: f64::from(most), unit };
        if let Some(found) = bounds.read(json, place) {
            if libm::trunc(found) == found {
                *self.0 = found as i32;
            } else {
                place.report(Mistake::NotWhole { found });
            }
        }
    }

    fn write(&mut self) -> Json {
        Json::Number(f64::from(*self.0))
    }

    fn kind(&mut self) -> Kind {
        let Self(_, most, unit) = *self;
        Bounds { min: f64::from(-most), max: f64::from(most), unit }.kind(true, false)
    }
}

/// Two times in milliseconds, the second not before the first; nothing is typed `null`.
pub struct MillisRange<'a>(pub &'a mut Option<(Span, Span)>, pub f64, pub f64);

impl Slot for MillisRange<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let bounds = Bounds { min: self.1, max: self.2, unit: "ms" };
        let [low, high] = json.elements() else {
            if *json == Json::Null {
                *self.0 = None;
            } else {
                place.wrong_type(json, "a list of two numbers: [lowest, highest]");
            }
            return;
        };
        let low = place.in_element(0, |place| bounds.read(low, place));
        let high = place.in_element(1, |place| bounds.read(high, place));
        if let (Some(low), Some(high)) = (low, high) {
            if low > high {
                place.report(Mistake::EmptyRange { low, high });
            }
            *self.0 = Some((Span::from_micros(to_micros(low)), Span::from_micros(to_micros(high))));
        }
    }

    fn write(&mut self) -> Json {
        self.0.map_or(Json::Null, |(low, high)| {
            Json::List(vec![from_micros(low.micros()), from_micros(high.micros())])
        })
    }

    fn kind(&mut self) -> Kind {
        let bounds = Bounds { min: self.1, max: self.2, unit: "ms" };
        let pair = Kind::List { of: Box::new(bounds.kind(false, false)), least: 2, most: 2 };
        Kind::Either(vec![pair, Kind::Null])
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds")]
fn to_micros(millis: f64) -> u64 {
    libm::round(millis * 1_000.0) as u64
}

#[expect(clippy::cast_precision_loss, reason = "times of a run are below 2^53 microseconds")]
fn from_micros(micros: u64) -> Json {
    Json::Number(micros as f64 / 1_000.0)
}
