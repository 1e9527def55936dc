//! The space-time diagram: lanes, bands, messages as slanted lines, marks, the playhead; drawn anew
//! for the width, so that its words are never stretched.
//!
//! It draws with any [`Pen`]: the page's canvas is one, an SVG text another.

use super::ink::{Colour, of_look, of_tone, wash};
use crate::layout::{Place, Point};
use crate::number::clock_ms;
use crate::scale::Axis;
use crate::types::{ChipLook, MarkShape, TimeLine, TimeMark, Timeline, Tone};

/// Where words stand at the place that is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// They begin there.
    Start,
    /// Their middle is there.
    Middle,
}

/// How a path is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stroke {
    /// In this colour.
    pub colour: Colour,
    /// So wide.
    pub width: f64,
    /// Interrupted.
    pub dashed: bool,
    /// From 0, not to be seen, to 1.
    pub alpha: f64,
}

/// What a diagram is drawn with. What is alike is one path: each stroke of its own costs as much as
/// many lines.
pub trait Pen {
    /// Begins a path.
    fn begin(&mut self);
    /// Goes on with the path elsewhere.
    fn move_to(&mut self, x: f64, y: f64);
    /// A line of the path.
    fn line_to(&mut self, x: f64, y: f64);
    /// Draws the path.
    fn stroke(&mut self, stroke: Stroke);
    /// Fills the path.
    fn fill(&mut self, colour: Colour);
    /// A filled rectangle.
    fn rect(&mut self, place: Place, colour: Colour, alpha: f64);
    /// The outline of a rectangle.
    fn outline(&mut self, place: Place, stroke: Stroke);
    /// A filled disc.
    fn disc(&mut self, x: f64, y: f64, radius: f64, colour: Colour);
    /// Words.
    fn text(&mut self, text: &str, x: f64, y: f64, anchor: Anchor, colour: Colour);
    /// From here on only what lies inside shows.
    fn clip(&mut self, place: Place);
    /// From here on everything shows again.
    fn unclip(&mut self);
}

/// Height of one lane.
pub const LANE: f64 = 31.0;
/// Room above the first lane, for the ticks.
pub const HEAD: f64 = 30.0;
/// Room for the names of the lanes.
pub const NAMES: f64 = 62.0;
/// The most message lines of one kind; more would be a grey block.
const LINES: usize = 700;
/// The same in a window so wide that lines are only a texture.
const LINES_FROM_AFAR: usize = 240;
/// An estimate of a letter's width, to keep labels apart.
const LETTER: f64 = 6.1;

/// Everything that is drawn.
pub struct Diagram<'a> {
    /// What happened.
    pub timeline: &'a Timeline,
    /// Start of the window shown; the timeline may reach further.
    pub from_ms: f64,
    /// Its end.
    pub to_ms: f64,
    /// The playhead.
    pub now_ms: f64,
    /// How far the run was known when the timeline was built.
    pub known_ms: f64,
    /// Width of the drawing.
    pub width: f64,
    /// Height of one lane, usually [`LANE`].
    pub lane: f64,
}

/// Height of the drawing for so many lanes of this height.
#[must_use]
pub fn height(lanes: usize, lane: f64) -> f64 {
    HEAD + lane * number(lanes) + 2.0
}

/// The axis of a drawing of this width.
#[must_use]
pub fn axis(from_ms: f64, to_ms: f64, width: f64) -> Axis {
    Axis { from_ms, to_ms, left: NAMES, right: (width - 10.0).max(NAMES + 60.0) }
}

impl Diagram<'_> {
    /// Draws everything.
    pub fn draw(&self, pen: &mut impl Pen) {
        let axis = axis(self.from_ms, self.to_ms, self.width);
        let bottom = height(self.timeline.lanes.len(), self.lane);
        ticks(pen, &axis, bottom);
        self.lanes(pen, &axis);
        pen.clip(Place { x: NAMES, y: 0.0, w: self.width - NAMES, h: bottom });
        self.bands(pen, &axis);
        self.lines(pen, &axis);
        self.veil(pen, &axis, bottom);
        playhead(pen, axis.x(self.now_ms), bottom);
        self.marks(pen, &axis);
        pen.unclip();
    }

    /// How far the drawing reaches.
    fn drawn_ms(&self) -> f64 {
        self.known_ms.max(self.now_ms)
    }

    fn span_ms(&self) -> f64 {
        self.to_ms - self.from_ms
    }

    fn lane_y(&self, index: usize) -> f64 {
        HEAD + self.lane * (number(index) + 0.5)
    }

    /// What lies behind the playhead is known but not now: paler.
    fn veil(&self, pen: &mut impl Pen, axis: &Axis, bottom: f64) {
        if self.known_ms > self.now_ms {
            let x = axis.x(self.now_ms).max(NAMES);
            let veiled = Place { x, y: 18.0, w: (self.width - x).max(0.0), h: bottom - 18.0 };
            pen.rect(veiled, Colour::Panel, 0.6);
        }
    }

    fn lanes(&self, pen: &mut impl Pen, axis: &Axis) {
        pen.begin();
        for (index, name) in self.timeline.lanes.iter().enumerate() {
            let y = self.lane_y(index);
            pen.text(name, 14.0, y + 4.0, Anchor::Start, Colour::Soft);
            pen.move_to(axis.left, y);
            pen.line_to(axis.right, y);
        }
        pen.stroke(solid(Colour::Line, 1.2));
    }

    fn bands(&self, pen: &mut impl Pen, axis: &Axis) {
        for band in &self.timeline.bands {
            // What still lasts reaches as far as the run does by now.
            let lasts = band.to_ms >= self.known_ms;
            let end = if lasts { self.drawn_ms() } else { band.to_ms };
            let (from, to) = (axis.x_inside(band.from_ms), axis.x_inside(end));
            if to - from < 0.5 {
                continue;
            }
            let y = self.lane_y(usize::from(band.lane)) - 8.0;
            let place = Place { x: from, y, w: to - from, h: 16.0 };
            pen.rect(place, wash(band.tone), 1.0);
            let dashed = band.tone == Tone::Faint;
            pen.outline(place, Stroke { dashed, ..solid(of_tone(band.tone), 0.8) });
            if fits(&band.label, to - from) {
                pen.text(&band.label, from + 8.0, y + 12.0, Anchor::Start, Colour::Soft);
            }
        }
    }

    /// Message lines, one path for each look.
    fn lines(&self, pen: &mut impl Pen, axis: &Axis) {
        let wide = self.span_ms() > 900.0;
        for look in [
            ChipLook::Beat,
            ChipLook::Read,
            ChipLook::Copy,
            ChipLook::Refused,
            ChipLook::Good,
            ChipLook::Write,
            ChipLook::Election,
        ] {
            if wide && matches!(look, ChipLook::Read) {
                continue;
            }
            let seen = |line: &&TimeLine| {
                line.look == look && line.end_ms >= self.from_ms && line.sent_ms <= self.to_ms
            };
            let count = self.timeline.lines.iter().filter(seen).count();
            if count == 0 {
                continue;
            }
            pen.begin();
            let mut lost: Vec<Point> = Vec::new();
            let every = count / if wide { LINES_FROM_AFAR } else { LINES } + 1;
            for message in self.timeline.lines.iter().filter(seen).step_by(every) {
                let end = self.trace(pen, axis, message);
                if message.lost && message.end_ms <= self.drawn_ms() {
                    lost.push(end);
                }
            }
            let width = match look {
                ChipLook::Election => 2.0,
                _ if wide => 0.6,
                _ => 1.3,
            };
            let alpha = if wide && look != ChipLook::Election { 0.45 } else { 1.0 };
            let dashed = look == ChipLook::Beat;
            pen.stroke(Stroke { colour: of_look(look), width, dashed, alpha });
            if !lost.is_empty() {
                crosses(pen, &lost, if wide { 2.0 } else { 3.5 });
            }
        }
    }

    /// One message as far as it has come; returns where its line ends.
    fn trace(&self, pen: &mut impl Pen, axis: &Axis, message: &TimeLine) -> Point {
        let (y1, y2) =
            (self.lane_y(usize::from(message.from)), self.lane_y(usize::from(message.to)));
        let whole = (message.end_ms - message.sent_ms).max(0.001);
        let mut share = ((self.drawn_ms() - message.sent_ms) / whole).clamp(0.0, 1.0);
        if message.lost {
            share *= 0.6;
        }
        let (x1, x2) = (axis.x(message.sent_ms), axis.x(message.end_ms));
        let end = Point { x: x1 + (x2 - x1) * share, y: y1 + (y2 - y1) * share };
        pen.move_to(x1, y1);
        pen.line_to(end.x, end.y);
        end
    }

    fn marks(&self, pen: &mut impl Pen, axis: &Axis) {
        let mut taken = Taken::new();
        let inside = |mark: &&TimeMark| mark.at_ms >= self.from_ms && mark.at_ms <= self.to_ms;
        for mark in self.timeline.marks.iter().filter(inside) {
            let (x, y) = (axis.x(mark.at_ms), self.lane_y(usize::from(mark.lane)));
            if mark.major || self.span_ms() < 400.0 {
                sign(pen, mark, x, y);
            }
            if mark.major {
                label(pen, mark, (x, y), axis.right, &mut taken);
            }
        }
    }
}

fn sign(pen: &mut impl Pen, mark: &TimeMark, x: f64, y: f64) {
    let colour = of_tone(mark.tone);
    match mark.shape {
        MarkShape::Cross => {
            line(pen, solid(colour, 3.0), (x - 6.0, y - 6.0), (x + 6.0, y + 6.0));
            line(pen, solid(colour, 3.0), (x - 6.0, y + 6.0), (x + 6.0, y - 6.0));
        }
        MarkShape::Bar => line(pen, solid(colour, 2.5), (x, y - 11.0), (x, y + 11.0)),
        MarkShape::Crown => {
            pen.begin();
            pen.move_to(x - 8.0, y + 6.0);
            for (dx, dy) in
                [(-9.0, -6.0), (-4.0, 0.0), (0.0, -8.0), (4.0, 0.0), (9.0, -6.0), (8.0, 6.0)]
            {
                pen.line_to(x + dx, y + dy);
            }
            pen.fill(colour);
        }
        MarkShape::Dot => pen.disc(x, y, 3.0, colour),
    }
}

/// A mark's words above its lane, or below it, unless other words stand in both places already.
fn label(pen: &mut impl Pen, mark: &TimeMark, at: (f64, f64), right: f64, taken: &mut Taken) {
    let (x, y) = at;
    let long = letters(&mark.label) * LETTER;
    let leftwards = x + 10.0 + long > right;
    let start = if leftwards { x - 10.0 - long } else { x + 10.0 };
    let free = |below: bool| {
        !taken.iter().any(|(lane, side, from, to)| {
            (*lane, *side) == (mark.lane, below) && *from < start + long && *to > start
        })
    };
    let Some(below) = [false, true].into_iter().find(|below| free(*below)) else { return };
    taken.push((mark.lane, below, start, start + long + 8.0));
    let top = if below { y + 5.0 } else { y - 22.0 };
    let behind = Place { x: start - 3.0, y: top, w: long + 6.0, h: 14.0 };
    pen.rect(behind, Colour::Panel, 1.0);
    pen.text(&mark.label, start, top + 11.0, Anchor::Start, of_tone(mark.tone));
}

/// Where words stand: lane, below it, from, to.
type Taken = Vec<(u8, bool, f64, f64)>;

fn ticks(pen: &mut impl Pen, axis: &Axis, bottom: f64) {
    pen.begin();
    for tick in axis.ticks(96.0) {
        let x = axis.x(tick);
        pen.move_to(x, 18.0);
        pen.line_to(x, bottom);
        let beside = x.clamp(NAMES + 24.0, axis.right - 24.0);
        pen.text(&clock_ms(tick), beside, 13.0, Anchor::Middle, Colour::Faint);
    }
    pen.stroke(solid(Colour::Hair, 1.0));
}

fn playhead(pen: &mut impl Pen, x: f64, bottom: f64) {
    line(pen, solid(Colour::Ink, 1.6), (x, 16.0), (x, bottom));
    pen.disc(x, 20.0, 5.0, Colour::Ink);
}

fn crosses(pen: &mut impl Pen, at: &[Point], size: f64) {
    pen.begin();
    for Point { x, y } in at {
        pen.move_to(x - size, y - size);
        pen.line_to(x + size, y + size);
        pen.move_to(x - size, y + size);
        pen.line_to(x + size, y - size);
    }
    pen.stroke(solid(Colour::Lost, 1.8));
}

fn line(pen: &mut impl Pen, stroke: Stroke, from: (f64, f64), to: (f64, f64)) {
    pen.begin();
    pen.move_to(from.0, from.1);
    pen.line_to(to.0, to.1);
    pen.stroke(stroke);
}

const fn solid(colour: Colour, width: f64) -> Stroke {
    Stroke { colour, width, dashed: false, alpha: 1.0 }
}

fn fits(text: &str, room: f64) -> bool {
    letters(text) * LETTER + 14.0 < room
}

fn letters(text: &str) -> f64 {
    number(text.chars().count())
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lanes and letters")]
fn number(count: usize) -> f64 {
    count as f64
}
