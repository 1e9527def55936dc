//! Delays as readers write them: a sum of named parts, each a distribution.
//!
//! Samples use `libm` only, so that a native and a wasm run draw the same bits.

use super::random::Stream;
use super::time::Span;

/// One named part of a delay. All parameters are in microseconds.
#[derive(Clone, PartialEq, Debug)]
pub enum DelayPart {
    /// Always the same.
    Constant(f64),
    /// Uniform in [low, high].
    Uniform(f64, f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Log-normal.
    LogNormal {
        /// The median, in microseconds: half of the samples are shorter.
        median: f64,
        /// Standard deviation of the natural logarithm of the delay; 0: always the median.
        sigma: f64,
    },
    /// Pareto.
    Pareto {
        /// The smallest value, in microseconds.
        scale: f64,
        /// The exponent, above 0: the smaller, the longer the tail; the mean needs more than 1.
        shape: f64,
    },
    /// One of several delays, chosen with these weights.
    Mixture(Vec<(f64, Delay)>),
}

/// A sum of parts; none at all is no delay.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Delay {
    parts: Vec<DelayPart>,
}

impl Delay {
    /// The sum of `parts`.
    #[must_use]
    pub fn new(parts: Vec<DelayPart>) -> Self {
        Self { parts }
    }

    /// Always `span`.
    #[must_use]
    pub fn constant(span: Span) -> Self {
        Self::new(vec![DelayPart::Constant(micros(span))])
    }

    /// `base` plus an exponential with mean `mean`.
    #[must_use]
    pub fn base_exponential(base: Span, mean: Span) -> Self {
        Self::new(vec![DelayPart::Constant(micros(base)), DelayPart::Exponential(micros(mean))])
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[DelayPart] {
        &self.parts
    }

    /// Whether every sample is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, DelayPart::Constant(c) if *c == 0.0))
    }

    /// One sample, rounded to the nearest microsecond.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> Span {
        let total = self.draw(stream);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        Span::from_micros(total.clamp(0.0, MAX_MICROS) as i64 as u64)
    }

    #[inline]
    fn draw(&self, stream: &mut Stream) -> f64 {
        self.parts.iter().map(|part| part.draw(stream)).sum::<f64>() + 0.5
    }

    /// The mean in microseconds; infinite for a Pareto with shape 1 or less.
    #[must_use]
    pub fn mean_micros(&self) -> f64 {
        self.parts.iter().map(DelayPart::mean).sum()
    }
}

/// Ten hours: no single delay is longer.
const MAX_MICROS: f64 = 36_000_000_000.0;

#[expect(clippy::cast_precision_loss, reason = "spans of a run are below 2^53 microseconds")]
fn micros(span: Span) -> f64 {
    span.micros() as f64
}

impl DelayPart {
    #[inline]
    fn draw(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Constant(c) => *c,
            Self::Exponential(mean) => -mean * libm::log(stream.unit()),
            rarer => rarer.draw_rarer(stream),
        }
    }

    /// Apart, so that the usual parts are drawn without a jump through a table.
    #[inline(never)]
    fn draw_rarer(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Constant(_) | Self::Exponential(_) => self.draw(stream),
            Self::Uniform(low, high) => low + (high - low) * stream.unit(),
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * normal(stream)),
            Self::Pareto { scale, shape } => scale * libm::exp(-libm::log(stream.unit()) / shape),
            Self::Mixture(choices) => draw_mixture(choices, stream),
        }
    }

    fn mean(&self) -> f64 {
        match self {
            Self::Constant(c) => *c,
            Self::Uniform(low, high) => (low + high) / 2.0,
            Self::Exponential(mean) => *mean,
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
            Self::Pareto { scale, shape } if *shape > 1.0 => scale * shape / (shape - 1.0),
            Self::Pareto { .. } => f64::INFINITY,
            Self::Mixture(choices) => {
                let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
                choices.iter().map(|(weight, delay)| weight * delay.mean_micros()).sum::<f64>()
                    / total
            }
        }
    }
}

fn draw_mixture(choices: &[(f64, Delay)], stream: &mut Stream) -> f64 {
    let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
    let mut left = stream.unit() * total;
    for (weight, delay) in choices {
        left -= weight;
        if left <= 0.0 {
            return delay.draw(stream) - 0.5;
        }
    }
    choices.last().map_or(0.0, |(_, delay)| delay.draw(stream) - 0.5)
}

/// A standard normal by Marsaglia's polar method (1964), which needs no sine: that weighs.
fn normal(stream: &mut Stream) -> f64 {
    loop {
        let (a, b) = (2.0 * stream.unit() - 1.0, 2.0 * stream.unit() - 1.0);
        let square = a * a + b * b;
        if square < 1.0 && square > 0.0 {
            return a * libm::sqrt(-2.0 * libm::log(square) / square);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::StreamName;
    use super::*;

    #[track_caller]
    fn check_mean(part: DelayPart, tolerance: f64) {
        let delay = Delay::new(vec![part]);
        let mut stream = Stream::new(3, StreamName::Link(0, 1));
        let n = 200_000_u32;
        let sum: u64 = (0..n).map(|_| delay.sample(&mut stream).micros()).sum();
        #[expect(clippy::cast_precision_loss, reason = "small sums")]
        let mean = sum as f64 / f64::from(n);
        let expected = delay.mean_micros();
        assert!((mean - expected).abs() < tolerance * expected, "{delay:?}: {mean} for {expected}");
    }

    #[test]
    fn sampled_means_are_the_stated_means() {
        check_mean(DelayPart::Constant(1_500.0), 1e-9);
        check_mean(DelayPart::Uniform(5_000.0, 15_000.0), 0.01);
        check_mean(DelayPart::Exponential(10_000.0), 0.01);
        check_mean(DelayPart::LogNormal { median: 8_000.0, sigma: 0.5 }, 0.01);
        check_mean(DelayPart::Pareto { scale: 2_000.0, shape: 3.5 }, 0.01);
        let choices = vec![
            (1.0, Delay::constant(Span::from_millis(1))),
            (3.0, Delay::new(vec![DelayPart::Exponential(9_000.0)])),
        ];
        check_mean(DelayPart::Mixture(choices), 0.02);
    }
}
