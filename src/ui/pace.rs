//! How fast simulated time passes while somebody watches: by hand on a log scale, or by the view's
//! plan, which slows where something matters and skips idle stretches.

use lab::{SimTime, Span};
use view::pace::{Plan, Skip};
use view::{Chip, ChipLook};

/// The paces of the slower and faster buttons, in simulated per watched time.
pub const PACES: [f64; 17] = [
    0.001, 0.002, 0.004, 0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 1.0, 2.0, 4.0, 10.0, 20.0, 40.0, 70.0,
    100.0,
];

/// The place of the pace in [`PACES`] that comes nearest from above.
#[must_use]
pub fn nearest(speed: f64) -> usize {
    PACES.iter().position(|pace| *pace >= speed * 0.99).unwrap_or(PACES.len() - 1)
}

/// The slowest and fastest pace.
pub const RANGE: (f64, f64) = (0.001, 100.0);

/// A longer pause between frames was not watched.
const LONGEST_FRAME_MS: f64 = 100.0;
/// What passes in less watched time is not seen.
const SEEN_MS: f64 = 40.0;
/// Skips that are remembered.
const SKIPS: usize = 24;

/// The pace of the page.
#[derive(Clone, PartialEq, Debug)]
pub struct Pace {
    /// Whether time passes.
    pub playing: bool,
    /// Whether the pace finds itself.
    pub automatic: bool,
    /// Simulated milliseconds per watched one.
    pub speed: f64,
    /// What was skipped, oldest first.
    pub skips: Vec<Skip>,
    /// The plan of the automatic pace.
    pub plan: Plan,
    last_frame: Option<f64>,
    // Microseconds too few to be one.
    rest: f64,
}

impl Pace {
    /// The automatic pace, playing or not.
    #[must_use]
    pub fn starting(playing: bool) -> Self {
        Self {
            playing,
            automatic: true,
            speed: 1.0,
            skips: Vec::new(),
            plan: Plan::default(),
            last_frame: None,
            rest: 0.0,
        }
    }

    /// Where the playhead goes in the frame at this wall time. `going`: it is still on its way to
    /// where an earlier frame sent it.
    pub fn elapse(&mut self, wall_ms: f64, now: SimTime, going: bool) -> SimTime {
        let since = |last: f64| (wall_ms - last).clamp(0.0, LONGEST_FRAME_MS);
        let watched_ms = self.last_frame.map_or(0.0, since);
        self.last_frame = Some(wall_ms);
        if !self.playing || going {
            return now;
        }
        if !self.automatic {
            return now + self.whole(watched_ms * self.speed * 1_000.0);
        }
        let watched = self.whole(watched_ms * 1_000.0);
        let progress = self.plan.advance(now, watched);
        self.speed = self.plan.speed(progress.now).clamp(RANGE.0, RANGE.1);
        if let Some(skip) = progress.skipped {
            self.remember(skip);
        }
        progress.now
    }

    /// Forgets the last frame: time stood still since.
    pub fn stand_still(&mut self) {
        self.last_frame = None;
    }

    /// Sets a pace by hand.
    pub fn set(&mut self, speed: f64) {
        self.automatic = false;
        self.speed = speed.clamp(RANGE.0, RANGE.1);
    }

    /// The next slower or faster pace of [`PACES`].
    pub fn shift(&mut self, by: i8) {
        let next = if by > 0 {
            PACES.iter().find(|pace| **pace > self.speed * 1.01)
        } else {
            PACES.iter().rev().find(|pace| **pace < self.speed * 0.99)
        };
        self.set(next.copied().unwrap_or(self.speed));
    }

    /// Leaves out what would only flicker: messages that are under way for less than a few frames
    /// of watching. Elections and copies are few, and stay.
    pub fn keep_visible(&self, chips: &mut Vec<Chip>) {
        chips.retain(|chip| {
            let watched_ms = (chip.arrives_ms - chip.sent_ms) / self.speed;
            watched_ms >= SEEN_MS || matches!(chip.look, ChipLook::Election | ChipLook::Copy)
        });
    }

    /// The last skip before an instant.
    #[must_use]
    pub fn last_skip(&self, now: SimTime) -> Option<&Skip> {
        self.skips.iter().filter(|skip| skip.to <= now).max_by_key(|skip| skip.to)
    }

    fn remember(&mut self, skip: Skip) {
        self.skips.retain(|old| old.to <= skip.from || old.from >= skip.to);
        if self.skips.len() == SKIPS {
            self.skips.remove(0);
        }
        self.skips.push(skip);
    }

    /// Whole microseconds; what is left is kept for the next frame.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, positive")]
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    fn whole(&mut self, micros: f64) -> Span {
        let all = micros + self.rest;
        let whole = all as u64;
        self.rest = all - whole as f64;
        Span::from_micros(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::session::Begun;

    #[test]
    fn slower_and_faster_walk_the_scale() {
        let mut pace = Pace::starting(true);
        pace.set(1.0);
        pace.shift(1);
        assert!((pace.speed - 2.0).abs() < 1e-9 && !pace.automatic);
        for _ in 0..40 {
            pace.shift(-1);
        }
        assert!((pace.speed - RANGE.0).abs() < 1e-9);
    }

    #[test]
    fn the_slowest_pace_loses_no_microsecond() {
        let mut pace = Pace::starting(true);
        pace.set(0.001);
        let mut now = SimTime::ZERO;
        for frame in 0..=1_000_u32 {
            now = pace.elapse(f64::from(frame) * 16.7, now, false);
        }
        assert!(now.micros().abs_diff(16_700) <= 1, "{now:?}");
    }

    #[test]
    fn the_opening_scenario_tells_its_story_in_under_twenty_seconds_without_a_click() {
        let mut session = Begun::link("", protocols::PROTOCOLS).expect("built in").session;
        let mut pace = Pace::starting(true);
        let mut wall_ms = 0.0;
        while !session.lab().at_end() {
            if libm::fmod(wall_ms, 112.0) < 16.0 {
                pace.plan = session.plan();
            }
            let to = pace.elapse(wall_ms, session.lab().now(), session.is_going());
            session.go(to);
            wall_ms += 16.0;
            assert!(wall_ms < 20_000.0, "only at {:?} after twenty seconds", session.lab().now());
        }
        assert!(wall_ms > 10_000.0, "nobody can follow {wall_ms} ms");
        assert!(!pace.skips.is_empty());
    }
}
