//! The space-time view as a picture: the page's diagram, drawn with a pen that writes SVG.

use super::diagram::{Anchor, Diagram, LANE, Pen, Stroke, height};
use super::ink::{Colour, Theme};
use super::sheet::{Caption, FOOT, SIDE, Sheet, WIDTH, count};
use crate::figures::{decimals, px};
use crate::layout::Place;
use crate::types::Timeline;
use core::fmt::Write as _;

/// What a picture of the space-time view shows.
pub struct Stretch<'a> {
    /// What happened.
    pub timeline: &'a Timeline,
    /// The playhead.
    pub now_ms: f64,
    /// How far the run is known.
    pub known_ms: f64,
}

/// Few lanes stand further apart than on the page, until they are so high.
const HIGHEST_LANE: f64 = 76.0;
/// The height that lanes fill together, if they can.
const LANES: f64 = 340.0;
/// Room between the panel's edge and the diagram.
const INSIDE: f64 = 8.0;

/// Draws the space-time view.
#[must_use]
pub fn space_time(stretch: &Stretch<'_>, theme: Theme, with: &Caption) -> String {
    let timeline = stretch.timeline;
    let lanes = timeline.lanes.len();
    let lane = (LANES / count(lanes.max(1))).clamp(LANE, HIGHEST_LANE);
    let panel = height(lanes, lane) + 2.0 * INSIDE;
    let (mut sheet, head) =
        Sheet::new(theme, |head| head + panel + FOOT, with, &told(timeline, with));
    let (fill, line) = (sheet.of(Colour::Panel), sheet.of(Colour::Line));
    let width = WIDTH - 2.0 * SIDE;
    let frame = sheet.svg.tag("rect").at(SIDE, head).size(width, panel).num("rx", 12.0);
    frame.ink(fill, line, 1.0).leaf();
    sheet.svg.group_at(SIDE, head + INSIDE);
    let diagram = Diagram {
        timeline,
        from_ms: timeline.from_ms,
        to_ms: timeline.to_ms,
        now_ms: stretch.now_ms,
        known_ms: stretch.known_ms,
        width,
        lane,
    };
    diagram.draw(&mut Written { sheet: &mut sheet, path: String::new() });
    sheet.svg.close();
    sheet.svg.finish()
}

/// The picture in words: its marks, as many as one would listen to.
fn told(timeline: &Timeline, with: &Caption) -> String {
    const MARKS: usize = 24;
    let mut told = with.told();
    for mark in timeline.marks.iter().filter(|mark| mark.major).take(MARKS) {
        let _ = write!(told, ". {}: {}", crate::number::clock_ms(mark.at_ms), mark.label);
    }
    if timeline.one_in > 1 {
        let _ = write!(told, ". One in {} messages is drawn", timeline.one_in);
    }
    told
}

/// A pen that writes SVG.
struct Written<'a> {
    sheet: &'a mut Sheet,
    path: String,
}

impl Written<'_> {
    fn point(&mut self, letter: char, x: f64, y: f64) {
        self.path.push(letter);
        self.path.push_str(&px(x));
        self.path.push(' ');
        self.path.push_str(&px(y));
    }
}

fn dashes(stroke: Stroke) -> &'static str {
    if stroke.dashed { "3 3" } else { "none" }
}

impl Pen for Written<'_> {
    fn begin(&mut self) {
        self.path.clear();
    }

    fn move_to(&mut self, x: f64, y: f64) {
        self.point('M', x, y);
    }

    fn line_to(&mut self, x: f64, y: f64) {
        self.point('L', x, y);
    }

    fn stroke(&mut self, stroke: Stroke) {
        let colour = self.sheet.of(stroke.colour);
        let path = self.sheet.svg.tag("path").put("d", &self.path);
        let path = path.ink("none", colour, stroke.width);
        let path = path.put("stroke-opacity", &decimals(stroke.alpha, 2));
        path.put("stroke-dasharray", dashes(stroke)).leaf();
    }

    fn fill(&mut self, colour: Colour) {
        let colour = self.sheet.of(colour);
        self.sheet.svg.tag("path").put("d", &self.path).put("fill", colour).leaf();
    }

    fn rect(&mut self, place: Place, colour: Colour, alpha: f64) {
        let colour = self.sheet.of(colour);
        let rect = self.sheet.svg.tag("rect").at(place.x, place.y).size(place.w, place.h);
        rect.put("fill", colour).put("fill-opacity", &decimals(alpha, 2)).leaf();
    }

    fn outline(&mut self, place: Place, stroke: Stroke) {
        let colour = self.sheet.of(stroke.colour);
        let rect = self.sheet.svg.tag("rect").at(place.x, place.y).size(place.w, place.h);
        let rect = rect.ink("none", colour, stroke.width);
        rect.put("stroke-dasharray", dashes(stroke)).leaf();
    }

    fn disc(&mut self, x: f64, y: f64, radius: f64, colour: Colour) {
        let colour = self.sheet.of(colour);
        let disc = self.sheet.svg.tag("circle").num("cx", x).num("cy", y).num("r", radius);
        disc.put("fill", colour).leaf();
    }

    fn text(&mut self, text: &str, x: f64, y: f64, anchor: Anchor, colour: Colour) {
        let fill = self.sheet.of(colour);
        let words = self.sheet.svg.tag("text").at(x, y).num("font-size", 11.5);
        let words = match anchor {
            Anchor::Start => words,
            Anchor::Middle => words.put("text-anchor", "middle"),
        };
        words.put("fill", fill).text(text);
    }

    // An inner drawing hides what lies outside of it, and needs no name that two pictures on one
    // page could share.
    fn clip(&mut self, place: Place) {
        let size = format!("{} {} {} {}", px(place.x), px(place.y), px(place.w), px(place.h));
        let inner = self.sheet.svg.tag("svg").at(place.x, place.y).size(place.w, place.h);
        inner.put("viewBox", &size).put("overflow", "hidden").open();
    }

    fn unclip(&mut self) {
        self.sheet.svg.close();
    }
}
