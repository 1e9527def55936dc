//! Time as a place on a line and back, and where its ticks stand.

/// A stretch of time laid on a stretch of pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Axis {
    /// The time at the left end, in milliseconds.
    pub from_ms: f64,
    /// The time at the right end.
    pub to_ms: f64,
    /// The left end in pixels.
    pub left: f64,
    /// The right end in pixels.
    pub right: f64,
}

impl Axis {
    /// Where a time is.
    #[must_use]
    pub fn x(&self, ms: f64) -> f64 {
        self.left + (ms - self.from_ms) / self.span() * (self.right - self.left)
    }

    /// Like [`Axis::x`], kept between the ends.
    #[must_use]
    pub fn x_inside(&self, ms: f64) -> f64 {
        self.x(ms).clamp(self.left, self.right)
    }

    /// The time at a place.
    #[must_use]
    pub fn ms(&self, x: f64) -> f64 {
        self.from_ms + (x - self.left) / (self.right - self.left).max(1.0) * self.span()
    }

    fn span(&self) -> f64 {
        (self.to_ms - self.from_ms).max(0.001)
    }

    /// Round times for ticks that stand at least so many pixels apart.
    #[must_use]
    pub fn ticks(&self, apart: f64) -> Vec<f64> {
        let least = apart / (self.right - self.left).max(1.0) * self.span();
        let step = step(least);
        let first = libm::ceil(self.from_ms / step);
        let ticks = (0..64).map(|index| (first + f64::from(index)) * step);
        ticks.take_while(|tick| *tick <= self.to_ms).collect()
    }
}

/// Steps of minutes and hours, in milliseconds: nobody reads 166 min 40 s.
const LONG_STEPS: [f64; 11] =
    [60e3, 120e3, 300e3, 600e3, 1_200e3, 1_800e3, 3_600e3, 7_200e3, 10_800e3, 21_600e3, 43_200e3];

/// The smallest round step, in milliseconds, that is no shorter than this.
fn step(least: f64) -> f64 {
    let mut step = 0.01;
    let mut factors = [2.0, 2.5, 2.0].into_iter().cycle();
    while step < least {
        step *= factors.next().unwrap_or(10.0);
    }
    if step < LONG_STEPS[0] {
        return step;
    }
    LONG_STEPS.into_iter().find(|long| *long >= least).unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_apart() {
        let axis = Axis { from_ms: 9_990.0, to_ms: 10_030.0, left: 80.0, right: 880.0 };
        assert_eq!(
            axis.ticks(100.0),
            vec![
                9_990.0, 9_995.0, 10_000.0, 10_005.0, 10_010.0, 10_015.0, 10_020.0, 10_025.0,
                10_030.0
            ]
        );
        assert!((axis.ms(axis.x(10_007.0)) - 10_007.0).abs() < 1e-6);
    }

    #[test]
    fn a_run_of_hours_has_ticks_at_whole_hours() {
        let axis = Axis { from_ms: 0.0, to_ms: 18.0 * 3_600e3, left: 0.0, right: 800.0 };
        assert_eq!(axis.ticks(90.0)[..3], [0.0, 3.0 * 3_600e3, 6.0 * 3_600e3]);
    }
}
