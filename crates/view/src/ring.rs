//! A countdown on a card, or suspicion that accumulates there.

use super::number::micros;
use engine::base::SimTime;
use engine::protocol::parts::phi::Accrual;

/// A countdown, or a suspicion that accumulates.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ring {
    /// When it was armed.
    pub armed_ms: f64,
    /// When it fires.
    pub fires_ms: f64,
    /// What fires: "silence", "election", …
    pub word: &'static str,
    /// When it fired, if that was a moment ago.
    pub fired_ms: Option<f64>,
    /// How suspicion grows, where it does: then the ring fills instead of emptying.
    pub accrual: Option<Accrual>,
}

/// The last quarter is drawn as a warning.
const LOW: f64 = 0.25;

impl Ring {
    /// The suspicion at a time, where it accumulates.
    #[must_use]
    pub fn phi(&self, now_ms: f64) -> Option<f64> {
        let now = SimTime::from_micros(micros(now_ms));
        self.accrual.map(|accrual| accrual.phi(now))
    }

    /// Which share of the circle is drawn at a time, and whether it fires soon.
    #[must_use]
    pub fn share(&self, now_ms: f64) -> (f64, bool) {
        if let (Some(phi), Some(accrual)) = (self.phi(now_ms), self.accrual) {
            let share = (phi / accrual.threshold).min(1.0);
            return (share, share > 1.0 - LOW);
        }
        let left = (self.fires_ms - now_ms).max(0.0);
        let share = (left / (self.fires_ms - self.armed_ms).max(1.0)).min(1.0);
        (share, share < LOW)
    }
}
