//! The automatic pace: how fast simulated time passes while somebody watches.
//!
//! A run lasts a minute, but what matters in it takes milliseconds: a message, a vote. So time is
//! slow around what matters, as fast as the eye follows where something is under way, and idle
//! stretches are skipped, saying so. Pure: it knows when things happen, not what watching is.

use super::number::span;
use engine::base::{SimTime, Span};

/// A run's story is told in about this time of watching.
pub const BUDGET: Span = Span::from_millis(18_000);
/// Each moment beyond so many gives the story more time …
const MOMENTS_IN_BUDGET: usize = 8;
/// … by so much.
const FOR_EACH_MORE: Span = Span::from_millis(1_200);
/// The beginning of a run: writes come in, are shipped and acknowledged.
const OPENING: Span = Span::from_millis(2_500);
/// How long a stretch without anything special is watched at most, and with something under way.
const ROUTINE: Span = Span::from_millis(1_400);
const UNDER_WAY: Span = Span::from_millis(3_000);
/// The fastest that anybody can follow, in simulated time per time of watching.
const FASTEST: u64 = 2;
/// Nothing shorter is skipped.
const WORTH_SKIPPING: Span = Span::from_millis(1_500);

/// How much a moment matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Something is mended, somebody has caught up.
    Small,
    /// A time-out fires, somebody is promoted, the first write succeeds again.
    Turn,
    /// Something breaks.
    Fault,
}

/// A moment that matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// When.
    pub at: SimTime,
    /// How much it matters.
    pub weight: Weight,
    /// Whether something is under way from here on, until the next moment.
    pub opens: bool,
}

/// How a stretch of the run is watched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// From.
    pub from: SimTime,
    /// To.
    pub to: SimTime,
    /// How long it is watched; zero: skipped.
    pub watched: Span,
    /// Whether something is under way in it.
    pub under_way: bool,
}

/// The pace of a whole run, as far as it is known.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Plan {
    // In order, without gaps, from zero.
    stretches: Vec<Stretch>,
}

/// Where the playhead goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// To here.
    pub now: SimTime,
    /// What was skipped on the way.
    pub skipped: Option<Skip>,
}

/// A stretch that nobody watches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skip {
    /// From.
    pub from: SimTime,
    /// To.
    pub to: SimTime,
    /// Whether something was under way: a silence, a wait.
    pub under_way: bool,
}

impl Skip {
    /// "Skipped 24.0 s: still waiting".
    #[must_use]
    pub fn label(&self) -> String {
        let why = if self.under_way { "nothing changes" } else { "nothing but routine" };
        format!("Skipped {}: {why}", span(self.to.since(self.from)))
    }
}

/// The pace of a run known up to `known`, whose messages take about `hop`. `moments` in order.
#[must_use]
pub fn plan(moments: &[Moment], known: SimTime, hop: Span) -> Plan {
    let hop = hop.micros().clamp(200, 200_000);
    let windows = windows(moments, known, hop);
    let mut stretches = Vec::new();
    let mut at = SimTime::ZERO;
    for window in &windows {
        let from = window.from.max(at);
        if from > at {
            between(at, from, opened_before(moments, at), &mut stretches);
        }
        if window.to > from {
            let share = window.to.since(from).micros() * window.watched.micros()
                / window.to.since(window.from).micros().max(1);
            let watched = Span::from_micros(share);
            stretches.push(Stretch { from, to: window.to, watched, under_way: true });
            at = window.to;
        }
    }
    if known > at {
        between(at, known, opened_before(moments, at), &mut stretches);
    }
    fit(&mut stretches, moments.len());
    Plan { stretches }
}

/// A moment with what surrounds it.
struct Window {
    from: SimTime,
    to: SimTime,
    watched: Span,
}

fn windows(moments: &[Moment], known: SimTime, hop: u64) -> Vec<Window> {
    let mut windows = vec![Window {
        from: SimTime::ZERO,
        to: SimTime::from_micros(hop * 24).min(known),
        watched: OPENING,
    }];
    for moment in moments.iter().filter(|moment| moment.at <= known) {
        // Hops before and after, and milliseconds of watching.
        let (before, after, millis) = match moment.weight {
            Weight::Small => (1, 5, 700),
            Weight::Turn => (3, 6, 1_700),
            Weight::Fault => (10, 8, 3_000),
        };
        let at = moment.at.micros();
        windows.push(Window {
            from: SimTime::from_micros(at.saturating_sub(hop * before)),
            to: SimTime::from_micros(at + hop * after).min(known),
            watched: Span::from_millis(millis),
        });
    }
    windows
}

/// Whether the last moment before `at` left something under way.
fn opened_before(moments: &[Moment], at: SimTime) -> bool {
    moments.iter().take_while(|moment| moment.at <= at).last().is_some_and(|moment| moment.opens)
}

fn between(from: SimTime, to: SimTime, under_way: bool, stretches: &mut Vec<Stretch>) {
    let length = to.since(from);
    let longest = if under_way { UNDER_WAY } else { ROUTINE };
    let visible = longest.times(FASTEST);
    if length <= visible + WORTH_SKIPPING {
        let watched = length.min(longest);
        stretches.push(Stretch { from, to, watched, under_way });
        return;
    }
    let half = Span::from_micros(visible.micros() / 2);
    let watched = Span::from_micros(longest.micros() / 2);
    let (leave, back) = (from + half, SimTime::from_micros(to.micros() - half.micros()));
    stretches.push(Stretch { from, to: leave, watched, under_way });
    stretches.push(Stretch { from: leave, to: back, watched: Span::ZERO, under_way });
    stretches.push(Stretch { from: back, to, watched, under_way });
}

/// Shortens the watching where the whole would take too long.
fn fit(stretches: &mut [Stretch], moments: usize) {
    let more = moments.saturating_sub(MOMENTS_IN_BUDGET) as u64;
    let budget = BUDGET.micros() + FOR_EACH_MORE.times(more).micros();
    let total: u64 = stretches.iter().map(|stretch| stretch.watched.micros()).sum();
    if total <= budget {
        return;
    }
    for stretch in stretches.iter_mut().filter(|stretch| stretch.watched > Span::ZERO) {
        let watched = u128::from(stretch.watched.micros()) * u128::from(budget) / u128::from(total);
        stretch.watched = Span::from_micros(u64::try_from(watched).unwrap_or(u64::MAX).max(1));
    }
}

impl Plan {
    /// Where the playhead is after watching for so long from `now`. Where nothing is known yet, time
    /// passes as fast as anybody can follow, and nothing is skipped.
    #[must_use]
    pub fn advance(&self, now: SimTime, watched: Span) -> Progress {
        let (mut now, mut left) = (now, watched.micros());
        let mut skipped: Option<Skip> = None;
        let mut index = self.stretches.partition_point(|stretch| stretch.to <= now);
        while let Some(stretch) = self.stretches.get(index) {
            if stretch.watched == Span::ZERO {
                let Stretch { to, under_way, .. } = *stretch;
                skipped = Some(Skip { from: now, to, under_way });
                now = to;
            } else {
                let length = stretch.to.since(stretch.from).micros();
                let time = stretch.watched.micros();
                let rest = stretch.to.since(now).micros();
                let takes = (rest * time).div_ceil(length.max(1));
                if takes > left {
                    return Progress {
                        now: now + Span::from_micros(left * length / time),
                        skipped,
                    };
                }
                now = stretch.to;
                left -= takes;
            }
            index += 1;
        }
        Progress { now: now + Span::from_micros(left * FASTEST), skipped }
    }

    /// Simulated time per time of watching at `now`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "for display only")]
    pub fn speed(&self, now: SimTime) -> f64 {
        let index = self.stretches.partition_point(|stretch| stretch.to <= now);
        self.stretches.get(index).map_or(FASTEST as f64, |stretch| {
            let length = stretch.to.since(stretch.from).micros() as f64;
            length / stretch.watched.micros().max(1) as f64
        })
    }

    /// The stretches, in order, from the beginning of the run to where it is known.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// How long the whole takes to watch.
    #[must_use]
    pub fn watched(&self) -> Span {
        self.stretches.iter().fold(Span::ZERO, |total, stretch| total + stretch.watched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOP: Span = Span::from_millis(1);

    fn at(millis: u64) -> SimTime {
        SimTime::from_millis(millis)
    }

    fn moment(millis: u64, weight: Weight, opens: bool) -> Moment {
        Moment { at: at(millis), weight, opens }
    }

    /// A leader dies after ten seconds, is replaced after three, and returns after ten more.
    fn leader_dies() -> Vec<Moment> {
        vec![
            moment(10_000, Weight::Fault, true),
            moment(13_000, Weight::Turn, true),
            moment(13_004, Weight::Turn, true),
            moment(13_600, Weight::Turn, false),
            moment(20_000, Weight::Small, true),
            moment(20_010, Weight::Small, false),
        ]
    }

    #[test]
    fn the_story_of_a_dying_leader_takes_less_than_twenty_seconds() {
        let plan = plan(&leader_dies(), at(60_000), HOP);
        assert!(plan.watched() < Span::from_millis(20_000), "{}", span(plan.watched()));
        assert!(plan.watched() > Span::from_millis(12_000), "{}", span(plan.watched()));
    }

    #[test]
    fn messages_are_slow_enough_to_be_seen_when_the_leader_dies() {
        let plan = plan(&leader_dies(), at(60_000), HOP);
        assert!(plan.speed(at(10_000)) < 1.0 / 100.0, "a hop of 1 ms takes a tenth of a second");
        assert!(plan.speed(at(11_500)) > 0.5, "silence passes");
    }

    #[test]
    fn stretches_follow_each_other_without_gaps_up_to_where_the_run_is_known() {
        let plan = plan(&leader_dies(), at(60_000), HOP);
        let mut end = SimTime::ZERO;
        for stretch in plan.stretches() {
            assert_eq!(stretch.from, end);
            assert!(stretch.to > stretch.from);
            end = stretch.to;
        }
        assert_eq!(end, at(60_000));
    }

    #[test]
    fn watching_in_many_small_steps_leads_to_the_same_place_and_ends_at_the_end() {
        let plan = plan(&leader_dies(), at(60_000), HOP);
        let (mut now, mut skipped) = (SimTime::ZERO, Vec::new());
        let mut frames = 0;
        while now < at(60_000) {
            let progress = plan.advance(now, Span::from_millis(16));
            assert!(progress.now > now, "time stands still at {now:?}");
            now = progress.now;
            skipped.extend(progress.skipped.map(|skip| skip.label()));
            frames += 1;
        }
        assert!(frames * 16 < 20_000, "{frames} frames");
        let routine = "nothing but routine";
        assert_eq!(skipped.len(), 3, "{skipped:?}");
        assert!(skipped.iter().all(|label| label.ends_with(routine)), "{skipped:?}");
    }

    #[test]
    fn a_long_silence_is_shown_at_both_ends_and_skipped_between() {
        let silence = [moment(10_000, Weight::Fault, true), moment(40_000, Weight::Turn, false)];
        let plan = plan(&silence, at(45_000), HOP);
        let skips: Vec<_> = plan.stretches().iter().filter(|s| s.watched == Span::ZERO).collect();
        assert!(
            skips
                .iter()
                .any(|skip| skip.under_way && skip.to.since(skip.from) > Span::from_millis(20_000))
        );
    }
}
