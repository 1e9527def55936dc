//! The stretch of time that the diagram shows, and how it follows the playhead.

pub use view::scale::Axis;

use lab::Looking;

/// The window of time that the diagram shows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Window {
    /// Its start in milliseconds.
    pub from_ms: f64,
    /// Its end.
    pub to_ms: f64,
    /// The width that a reader asked for; `None`: it follows the pace.
    pub fixed: Option<f64>,
}

/// Watched milliseconds that fit into a window that follows the pace.
const WATCHED_MS: f64 = 6_500.0;
const NARROWEST_MS: f64 = 24.0;
const WIDEST_MS: f64 = 16_000.0;
/// Where the playhead stands while time passes.
const HEAD: f64 = 0.72;
/// A window follows its aim by this share in each frame.
const GLIDE: f64 = 0.16;

impl Default for Window {
    fn default() -> Self {
        Self { from_ms: 0.0, to_ms: 2_000.0, fixed: None }
    }
}

impl Window {
    /// Where a link lets readers look.
    #[must_use]
    pub fn looking(looking: &Looking) -> Self {
        let chosen = |(from_ms, to_ms)| Self { from_ms, to_ms, fixed: Some(to_ms - from_ms) };
        looking.window_ms.map_or_else(Self::default, chosen)
    }

    /// Its width.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.to_ms - self.from_ms
    }

    /// So many ten-thousandths of its width, in whole microseconds: as far back as forth, although
    /// the width of a window that moved differs in its last bits.
    #[must_use]
    pub fn share(&self, ten_thousandths: i32) -> f64 {
        let micros = libm::round(self.width() * 1_000.0);
        libm::round(micros * f64::from(ten_thousandths) / 10_000.0) / 1_000.0
    }

    /// Follows the playhead: zoomed for the pace, unless a reader fixed the width. `still`: jumps
    /// instead of gliding.
    pub fn follow(&mut self, now_ms: f64, speed: f64, end_ms: f64, still: bool) {
        let aim = self.fixed.unwrap_or((speed * WATCHED_MS).clamp(NARROWEST_MS, WIDEST_MS));
        let width = if still { doubled(aim) } else { self.width() + (aim - self.width()) * GLIDE };
        let width = width.min(end_ms.max(NARROWEST_MS));
        self.from_ms = (now_ms - width * HEAD).clamp(0.0, (end_ms - width).max(0.0));
        self.to_ms = self.from_ms + width;
    }

    /// Brings a time into sight without moving more than needed.
    pub fn show(&mut self, now_ms: f64, end_ms: f64) {
        if now_ms < self.from_ms || now_ms > self.to_ms {
            let width = self.width();
            self.from_ms = (now_ms - width * HEAD).clamp(0.0, (end_ms - width).max(0.0));
            self.to_ms = self.from_ms + width;
        }
    }

    /// Closer or wider around the playhead; zero follows the pace again.
    pub fn zoom(&mut self, wider: i8, now_ms: f64, end_ms: f64) {
        if wider == 0 {
            self.fixed = None;
            return;
        }
        let factor = if wider > 0 { 2.0 } else { 0.5 };
        let width = (self.width() * factor).clamp(NARROWEST_MS / 8.0, end_ms.max(NARROWEST_MS));
        let share = ((now_ms - self.from_ms) / self.width().max(0.001)).clamp(0.0, 1.0);
        self.fixed = Some(width);
        self.from_ms = (now_ms - width * share).clamp(0.0, (end_ms - width).max(0.0));
        self.to_ms = self.from_ms + width;
    }
}

/// The next width of a doubling scale: for readers who want no gliding.
fn doubled(width: f64) -> f64 {
    let mut step = NARROWEST_MS;
    while step < width {
        step *= 4.0;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_back_is_as_long_as_a_step_forth_wherever_the_window_stands() {
        for from in [0.0, 0.1, 1_234.567_8, 9_999.999_9] {
            let window = Window { from_ms: from, to_ms: from + 777.777_7, fixed: None };
            assert_eq!(window.share(100).to_bits(), 7.778_f64.to_bits());
            assert_eq!(window.share(-100).to_bits(), (-7.778_f64).to_bits());
        }
    }

    #[test]
    fn a_window_stays_inside_the_run() {
        let mut window = Window::default();
        for _ in 0..200 {
            window.follow(29_990.0, 4.0, 30_000.0, false);
        }
        assert!(window.from_ms >= 0.0 && window.to_ms <= 30_000.01);
        window.zoom(-1, 29_990.0, 30_000.0);
        assert!(window.from_ms <= 29_990.0 && window.to_ms >= 29_990.0);
    }
}
