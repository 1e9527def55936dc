//! The space-time diagram on a canvas, drawn anew for the width: its words are never stretched.

use super::axis::{Axis, Window};
use super::ink::Ink;
use crate::view::number::clock_ms;
use crate::view::{ChipLook, MarkShape, TimeLine, TimeMark, Timeline, Tone};
use web_sys::CanvasRenderingContext2d as Canvas;

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
pub struct Picture<'a> {
    /// What happened.
    pub timeline: &'a Timeline,
    /// The window shown; the timeline may reach further.
    pub window: Window,
    /// The playhead.
    pub now_ms: f64,
    /// How far the run was known when the timeline was built.
    pub known_ms: f64,
    /// Width of the drawing.
    pub width: f64,
    /// Device pixels per pixel.
    pub ratio: f64,
}

/// Height of the drawing for so many lanes.
#[must_use]
pub fn height(lanes: usize) -> f64 {
    HEAD + LANE * lane(lanes) + 2.0
}

/// The axis of a drawing of this width.
#[must_use]
pub fn axis(window: Window, width: f64) -> Axis {
    Axis {
        from_ms: window.from_ms,
        to_ms: window.to_ms,
        left: NAMES,
        right: (width - 10.0).max(NAMES + 60.0),
    }
}

impl Picture<'_> {
    /// Draws everything.
    pub fn draw(&self, canvas: &Canvas, ink: &Ink) {
        let axis = axis(self.window, self.width);
        let bottom = height(self.timeline.lanes.len());
        let _ = canvas.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, self.width, bottom);
        ticks(canvas, ink, &axis, bottom);
        self.lanes(canvas, ink, &axis);
        canvas.save();
        canvas.begin_path();
        canvas.rect(NAMES, 0.0, self.width - NAMES, bottom);
        canvas.clip();
        self.bands(canvas, ink, &axis);
        self.lines(canvas, ink, &axis);
        self.veil(canvas, ink, &axis, bottom);
        playhead(canvas, ink, axis.x(self.now_ms), bottom);
        self.marks(canvas, ink, &axis);
        canvas.restore();
    }

    /// How far the drawing reaches.
    fn drawn_ms(&self) -> f64 {
        self.known_ms.max(self.now_ms)
    }

    /// What lies behind the playhead is known but not now: paler.
    fn veil(&self, canvas: &Canvas, ink: &Ink, axis: &Axis, bottom: f64) {
        if self.known_ms > self.now_ms {
            canvas.set_global_alpha(0.6);
            canvas.set_fill_style_str(&ink.panel);
            let x = axis.x(self.now_ms).max(NAMES);
            canvas.fill_rect(x, 18.0, self.width - x, bottom - 18.0);
            canvas.set_global_alpha(1.0);
        }
    }

    fn lanes(&self, canvas: &Canvas, ink: &Ink, axis: &Axis) {
        canvas.set_text_align("left");
        canvas.set_fill_style_str(&ink.soft);
        canvas.begin_path();
        for (index, name) in self.timeline.lanes.iter().enumerate() {
            let y = lane_y(index);
            let _ = canvas.fill_text(name, 14.0, y + 4.0);
            canvas.move_to(axis.left, y);
            canvas.line_to(axis.right, y);
        }
        stroke(canvas, &ink.line, 1.2);
    }

    fn bands(&self, canvas: &Canvas, ink: &Ink, axis: &Axis) {
        for band in &self.timeline.bands {
            // What still lasts reaches as far as the run does by now.
            let lasts = band.to_ms >= self.known_ms;
            let end = if lasts { self.drawn_ms() } else { band.to_ms };
            let (from, to) = (axis.x_inside(band.from_ms), axis.x_inside(end));
            if to - from < 0.5 {
                continue;
            }
            let y = lane_y(usize::from(band.lane)) - 8.0;
            canvas.set_fill_style_str(ink.wash(band.tone));
            canvas.fill_rect(from, y, to - from, 16.0);
            canvas.set_stroke_style_str(ink.tone(band.tone));
            canvas.set_line_width(0.8);
            let outline = || canvas.stroke_rect(from, y, to - from, 16.0);
            dashed(canvas, band.tone == Tone::Faint, outline);
            if fits(&band.label, to - from) {
                canvas.set_fill_style_str(&ink.soft);
                canvas.set_text_align("left");
                let _ = canvas.fill_text(&band.label, from + 8.0, y + 12.0);
            }
        }
    }

    /// Message lines, one path for each look.
    fn lines(&self, canvas: &Canvas, ink: &Ink, axis: &Axis) {
        let wide = self.window.width() > 900.0;
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
            canvas.begin_path();
            let mut lost: Vec<(f64, f64)> = Vec::new();
            let seen = |line: &&TimeLine| {
                line.look == look
                    && line.end_ms >= self.window.from_ms
                    && line.sent_ms <= self.window.to_ms
            };
            let count = self.timeline.lines.iter().filter(seen).count();
            if count == 0 {
                continue;
            }
            let every = count / if wide { LINES_FROM_AFAR } else { LINES } + 1;
            for message in self.timeline.lines.iter().filter(seen).step_by(every) {
                let end = self.trace(canvas, axis, message);
                if message.lost && message.end_ms <= self.drawn_ms() {
                    lost.push(end);
                }
            }
            let width = match look {
                ChipLook::Election => 2.0,
                _ if wide => 0.6,
                _ => 1.3,
            };
            canvas.set_global_alpha(if wide && look != ChipLook::Election { 0.45 } else { 1.0 });
            let draw = || stroke(canvas, ink.look(look), width);
            dashed(canvas, look == ChipLook::Beat, draw);
            canvas.set_global_alpha(1.0);
            if !lost.is_empty() {
                crosses(canvas, &ink.lost, &lost, if wide { 2.0 } else { 3.5 });
            }
        }
    }

    /// One message as far as it has come; returns where its line ends.
    fn trace(&self, canvas: &Canvas, axis: &Axis, message: &TimeLine) -> (f64, f64) {
        let (y1, y2) = (lane_y(usize::from(message.from)), lane_y(usize::from(message.to)));
        let whole = (message.end_ms - message.sent_ms).max(0.001);
        let mut share = ((self.drawn_ms() - message.sent_ms) / whole).clamp(0.0, 1.0);
        if message.lost {
            share *= 0.6;
        }
        let (x1, x2) = (axis.x(message.sent_ms), axis.x(message.end_ms));
        let end = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share);
        canvas.move_to(x1, y1);
        canvas.line_to(end.0, end.1);
        end
    }

    fn marks(&self, canvas: &Canvas, ink: &Ink, axis: &Axis) {
        let mut taken = Taken::new();
        let inside =
            |mark: &&TimeMark| mark.at_ms >= self.window.from_ms && mark.at_ms <= self.window.to_ms;
        for mark in self.timeline.marks.iter().filter(inside) {
            let (x, y) = (axis.x(mark.at_ms), lane_y(usize::from(mark.lane)));
            if mark.major || self.window.width() < 400.0 {
                sign(canvas, ink, mark, x, y);
            }
            if mark.major {
                label(canvas, ink, mark, (x, y), axis.right, &mut taken);
            }
        }
    }
}

fn sign(canvas: &Canvas, ink: &Ink, mark: &TimeMark, x: f64, y: f64) {
    let colour = ink.tone(mark.tone);
    match mark.shape {
        MarkShape::Cross => {
            line(canvas, colour, 3.0, (x - 6.0, y - 6.0), (x + 6.0, y + 6.0));
            line(canvas, colour, 3.0, (x - 6.0, y + 6.0), (x + 6.0, y - 6.0));
        }
        MarkShape::Bar => line(canvas, colour, 2.5, (x, y - 11.0), (x, y + 11.0)),
        MarkShape::Crown => {
            canvas.set_fill_style_str(colour);
            canvas.begin_path();
            for (dx, dy) in [
                (-8.0, 6.0),
                (-9.0, -6.0),
                (-4.0, 0.0),
                (0.0, -8.0),
                (4.0, 0.0),
                (9.0, -6.0),
                (8.0, 6.0),
            ] {
                canvas.line_to(x + dx, y + dy);
            }
            canvas.fill();
        }
        MarkShape::Dot => {
            canvas.set_fill_style_str(colour);
            canvas.begin_path();
            let _ = canvas.arc(x, y, 3.0, 0.0, core::f64::consts::TAU);
            canvas.fill();
        }
    }
}

/// A mark's words above its lane, or below it, unless other words stand in both places already.
fn label(
    canvas: &Canvas,
    ink: &Ink,
    mark: &TimeMark,
    at: (f64, f64),
    right: f64,
    taken: &mut Taken,
) {
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
    canvas.set_fill_style_str(&ink.panel);
    canvas.fill_rect(start - 3.0, top, long + 6.0, 14.0);
    canvas.set_fill_style_str(ink.tone(mark.tone));
    canvas.set_text_align("left");
    let _ = canvas.fill_text(&mark.label, start, top + 11.0);
}

/// Where words stand: lane, below it, from, to.
type Taken = Vec<(u8, bool, f64, f64)>;

fn ticks(canvas: &Canvas, ink: &Ink, axis: &Axis, bottom: f64) {
    canvas.set_text_align("center");
    canvas.set_fill_style_str(&ink.faint);
    canvas.begin_path();
    for tick in axis.ticks(96.0) {
        let x = axis.x(tick);
        canvas.move_to(x, 18.0);
        canvas.line_to(x, bottom);
        let _ = canvas.fill_text(&clock_ms(tick), x.clamp(NAMES + 24.0, axis.right - 24.0), 13.0);
    }
    stroke(canvas, &ink.hair, 1.0);
}

fn playhead(canvas: &Canvas, ink: &Ink, x: f64, bottom: f64) {
    line(canvas, &ink.ink, 1.6, (x, 16.0), (x, bottom));
    canvas.set_fill_style_str(&ink.ink);
    canvas.begin_path();
    let _ = canvas.arc(x, 20.0, 5.0, 0.0, core::f64::consts::TAU);
    canvas.fill();
}

fn crosses(canvas: &Canvas, colour: &str, at: &[(f64, f64)], size: f64) {
    canvas.begin_path();
    for (x, y) in at {
        canvas.move_to(x - size, y - size);
        canvas.line_to(x + size, y + size);
        canvas.move_to(x - size, y + size);
        canvas.line_to(x + size, y - size);
    }
    stroke(canvas, colour, 1.8);
}

fn line(canvas: &Canvas, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
    canvas.begin_path();
    canvas.move_to(from.0, from.1);
    canvas.line_to(to.0, to.1);
    stroke(canvas, colour, width);
}

/// Draws the path. What is alike is one path: each stroke of its own costs as much as many lines.
fn stroke(canvas: &Canvas, colour: &str, width: f64) {
    canvas.set_stroke_style_str(colour);
    canvas.set_line_width(width);
    canvas.stroke();
}

fn dashed(canvas: &Canvas, dashed: bool, draw: impl FnOnce()) {
    if dashed {
        let _ = canvas.set_line_dash(&js_sys::Array::of2(&3.0.into(), &3.0.into()));
    }
    draw();
    if dashed {
        let _ = canvas.set_line_dash(&js_sys::Array::new());
    }
}

fn fits(text: &str, room: f64) -> bool {
    letters(text) * LETTER + 14.0 < room
}

fn letters(text: &str) -> f64 {
    lane(text.chars().count())
}

fn lane_y(index: usize) -> f64 {
    HEAD + LANE * (lane(index) + 0.5)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lanes and letters")]
fn lane(count: usize) -> f64 {
    count as f64
}
