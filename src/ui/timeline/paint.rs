//! What is painted on the timeline: the diagram, and where the playhead stands on the whole run.
//!
//! It is painted when the panel is drawn, together with all other panels: whatever comes after that may come a moment
//! later, and would show another instant meanwhile.

use super::axis::Window;
use super::canvas::Brush;
use super::ink::Ink;
use super::{Props, overview};
use crate::ui::figures::px;
use std::cell::RefCell;
use std::rc::Rc;
use view::Timeline;
use view::picture::diagram::{Diagram, LANE, height};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement};

/// The id of the canvas.
pub const CANVAS: &str = "diagram";

/// The painter, in the hands of the panel and of the page.
#[derive(Clone, Default)]
pub struct Painter(Rc<RefCell<Elements>>);

impl PartialEq for Painter {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Painter {
    /// Finds the elements again after a rendering.
    pub fn find(&self, document: &Document) {
        self.0.borrow_mut().find(document);
    }

    /// The theme changed: colours are to be read again.
    pub fn forget_ink(&self) {
        self.0.borrow_mut().ink = None;
    }

    /// What is painted may not fit its elements any more: it is to be painted again.
    pub fn forget(&self) {
        self.0.borrow_mut().stale = true;
    }

    /// Whether something was not painted, because its element was not there yet.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.0.borrow().stale
    }

    /// Paints what the panel shows.
    pub fn paint(&self, props: &Props) {
        let mut elements = self.0.borrow_mut();
        let times = (props.now_ms, props.overview.known_ms);
        elements.diagram(&props.diagram, props.window, times, props.width);
        elements.head(props.window, props.now_ms, props.overview.until_ms, props.width);
        elements.stale = false;
    }
}

/// What is painted on, or moved.
#[derive(Default)]
struct Elements {
    canvas: Option<HtmlCanvasElement>,
    context: Option<CanvasRenderingContext2d>,
    ink: Option<Ink>,
    past: Option<Element>,
    head: Option<Element>,
    window: Option<Element>,
    stale: bool,
}

impl Elements {
    fn find(&mut self, document: &Document) {
        let canvas = document
            .get_element_by_id(CANVAS)
            .and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        if self.canvas != canvas {
            let context =
                canvas.as_ref().and_then(|canvas| canvas.get_context("2d").ok().flatten());
            self.context = context.and_then(|context| context.dyn_into().ok());
            self.canvas = canvas;
            self.stale = true;
        }
        if self.ink.is_none() {
            self.ink = document.document_element().and_then(|root| Ink::of_element(&root));
            self.stale = true;
        }
        let moved = [
            (&mut self.past, overview::PAST),
            (&mut self.head, overview::PLAYHEAD),
            (&mut self.window, overview::WINDOW),
        ];
        for (element, id) in moved {
            let found = document.get_element_by_id(id);
            if *element != found {
                *element = found;
                self.stale = true;
            }
        }
    }

    /// Draws the diagram for a width. `times`: the playhead, and how far the run was known when the
    /// timeline was built.
    fn diagram(&self, timeline: &Timeline, window: Window, times: (f64, f64), width: f64) {
        let (Some(canvas), Some(context), Some(ink)) = (&self.canvas, &self.context, &self.ink)
        else {
            return;
        };
        let ratio =
            web_sys::window().map_or(1.0, |window| window.device_pixel_ratio().clamp(1.0, 2.0));
        let height = height(timeline.lanes.len(), LANE);
        let (wide, high) = (pixels(width * ratio), pixels(height * ratio));
        if canvas.width() != wide || canvas.height() != high {
            canvas.set_width(wide);
            canvas.set_height(high);
            let _ = canvas.style().set_property("height", &format!("{}px", px(height)));
            // Parsing a font costs more than drawing a lane; a new size forgets it.
            context.set_font(&ink.font);
        }
        let (now_ms, known_ms) = times;
        let Window { from_ms, to_ms, .. } = window;
        let diagram = Diagram { timeline, from_ms, to_ms, now_ms, known_ms, width, lane: LANE };
        diagram.draw(&mut Brush::new(context, ink, (width, height), ratio));
    }

    /// Moves the playhead of the whole run.
    fn head(&self, window: Window, now_ms: f64, until_ms: f64, width: f64) {
        let axis = overview::axis(until_ms, width);
        let x = px(axis.x_inside(now_ms));
        if let Some(past) = &self.past {
            let _ = past.set_attribute("x2", &x);
        }
        if let Some(head) = &self.head {
            let _ = head.set_attribute("transform", &format!("translate({x} 0)"));
        }
        if let Some(frame) = &self.window {
            let (from, to) = (axis.x_inside(window.from_ms), axis.x_inside(window.to_ms));
            let _ = frame.set_attribute("x", &px(from - 1.0));
            let _ = frame.set_attribute("width", &px((to - from + 2.0).max(3.0)));
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a canvas")]
fn pixels(value: f64) -> u32 {
    libm::round(value) as u32
}
