//! Pictures of the run: what stands on them beside what they show.

use super::Options;
use crate::{Lab, SimTime, Span};
use view::number::{clock, micros};
use view::picture::{self, Caption, Scene, Stretch};

/// The stage at the playhead.
pub fn stage(lab: &Lab, options: &Options) -> String {
    let (stage, chips) = (lab.stage(), lab.chips());
    let scene = Scene { stage: &stage, chips: &chips, now_ms: lab.now().as_millis_f64() };
    picture::stage(&scene, options.theme, &caption(lab, options))
}

/// The time before the playhead, from the last things that matter on.
pub fn space_time(lab: &Lab, options: &Options) -> String {
    let now = lab.now();
    let from = beginning(lab);
    // A little room behind the playhead, so that it is seen to stand in time.
    let room = Span::from_micros(now.since(from).micros() / 30);
    let timeline = view::timeline(lab.run(), from, now + room);
    let now_ms = now.as_millis_f64();
    let stretch = Stretch { timeline: &timeline, now_ms, known_ms: now_ms };
    picture::space_time(&stretch, options.theme, &caption(lab, options))
}

/// A stretch without anything that matters is so long.
const QUIET: Span = Span::from_millis(400);
/// The longest stretch.
const LONGEST: Span = Span::from_millis(16_000);

/// A little before the first thing that matters of those that are not too long ago.
fn beginning(lab: &Lab) -> SimTime {
    let now = lab.now();
    let before = |span: Span| SimTime::from_micros(now.micros().saturating_sub(span.micros()));
    let earliest = before(LONGEST);
    let marks = view::timeline(lab.run(), earliest, now).marks;
    // The start of the cluster matters to nobody.
    let matters = |mark: &&view::TimeMark| mark.major && mark.at_ms > 1.0;
    let Some(first) = marks.iter().find(matters) else { return before(QUIET) };
    let since = Span::from_micros(now.micros().saturating_sub(micros(first.at_ms)));
    before(Span::from_micros(since.micros() / 10 * 11).max(QUIET))
}

fn caption(lab: &Lab, options: &Options) -> Caption {
    Caption {
        title: lab.heading().to_owned(),
        caption: options.caption.clone(),
        link: options.link.clone(),
        moment: format!("{} · seed {}", clock(lab.now()), lab.scenario().seed()),
        sentence: Some(lab.sentence()),
    }
}
