//! The canvas as a pen for the space-time diagram.

use super::ink::Ink;
use view::layout::Place;
use view::picture::diagram::{Anchor, Pen, Stroke};
use view::picture::ink::Colour;
use web_sys::CanvasRenderingContext2d as Canvas;

/// A canvas and its colours.
pub struct Brush<'a> {
    canvas: &'a Canvas,
    ink: &'a Ink,
}

impl<'a> Brush<'a> {
    /// An empty canvas of this size; `ratio`: device pixels per pixel.
    #[must_use]
    pub fn new(canvas: &'a Canvas, ink: &'a Ink, (width, height): (f64, f64), ratio: f64) -> Self {
        let _ = canvas.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        canvas.clear_rect(0.0, 0.0, width, height);
        Self { canvas, ink }
    }

    fn drawn(&self, stroke: Stroke, draw: impl FnOnce()) {
        self.canvas.set_stroke_style_str(self.ink.of(stroke.colour));
        self.canvas.set_line_width(stroke.width);
        self.pale(stroke.alpha);
        if stroke.dashed {
            let _ = self.canvas.set_line_dash(&js_sys::Array::of2(&3.0.into(), &3.0.into()));
        }
        draw();
        if stroke.dashed {
            let _ = self.canvas.set_line_dash(&js_sys::Array::new());
        }
        self.whole(stroke.alpha);
    }

    fn pale(&self, alpha: f64) {
        if alpha < 1.0 {
            self.canvas.set_global_alpha(alpha);
        }
    }

    fn whole(&self, alpha: f64) {
        if alpha < 1.0 {
            self.canvas.set_global_alpha(1.0);
        }
    }
}

impl Pen for Brush<'_> {
    fn begin(&mut self) {
        self.canvas.begin_path();
    }

    fn move_to(&mut self, x: f64, y: f64) {
        self.canvas.move_to(x, y);
    }

    fn line_to(&mut self, x: f64, y: f64) {
        self.canvas.line_to(x, y);
    }

    fn stroke(&mut self, stroke: Stroke) {
        self.drawn(stroke, || self.canvas.stroke());
    }

    fn fill(&mut self, colour: Colour) {
        self.canvas.set_fill_style_str(self.ink.of(colour));
        self.canvas.fill();
    }

    fn rect(&mut self, place: Place, colour: Colour, alpha: f64) {
        self.pale(alpha);
        self.canvas.set_fill_style_str(self.ink.of(colour));
        self.canvas.fill_rect(place.x, place.y, place.w, place.h);
        self.whole(alpha);
    }

    fn outline(&mut self, place: Place, stroke: Stroke) {
        self.drawn(stroke, || self.canvas.stroke_rect(place.x, place.y, place.w, place.h));
    }

    fn disc(&mut self, x: f64, y: f64, radius: f64, colour: Colour) {
        self.canvas.begin_path();
        let _ = self.canvas.arc(x, y, radius, 0.0, core::f64::consts::TAU);
        self.fill(colour);
    }

    fn text(&mut self, text: &str, x: f64, y: f64, anchor: Anchor, colour: Colour) {
        self.canvas.set_text_align(match anchor {
            Anchor::Start => "left",
            Anchor::Middle => "center",
        });
        self.canvas.set_fill_style_str(self.ink.of(colour));
        let _ = self.canvas.fill_text(text, x, y);
    }

    fn clip(&mut self, place: Place) {
        self.canvas.save();
        self.canvas.begin_path();
        self.canvas.rect(place.x, place.y, place.w, place.h);
        self.canvas.clip();
    }

    fn unclip(&mut self) {
        self.canvas.restore();
    }
}
