//! The reader's hands on the stage: clicks, keys, and strokes drawn through links.

use super::Wish;
use super::menu::offered;
use crate::ui::browser::{document, target};
use crate::ui::figures::px;
use crate::ui::intent::Intent;
use crate::ui::layout::{Lane, Place, Plan, Point};
use crate::ui::parts::roving;
use crate::ui::shared::Shared;
use engine::world::fault;
use lab::{Action, NodeId, Selection, Target};
use std::cell::Cell;
use view::{End, LinkView, Offer, Stage};
use wasm_bindgen::JsCast;
use web_sys::{Element, SvgGraphicsElement};
use yew::prelude::*;

thread_local! {
    /// Where a stroke began, while one is drawn. There is one pointer.
    static STROKE: Cell<Option<Point>> = const { Cell::new(None) };
}

/// The id of the stroke's line.
pub const STRIKE: &str = "strike";

/// What the handlers need to know.
pub struct Hands<'a> {
    /// The cluster.
    pub stage: &'a Shared<Stage>,
    /// Where everything is.
    pub plan: &'a Shared<Plan>,
    /// Told every wish.
    pub send: &'a Callback<Intent>,
}

/// A stroke shorter than this is a click.
const CLICK: f64 = 12.0;

impl Hands<'_> {
    /// A click on what nothing drawn here has taken: a message, or nothing.
    pub fn on_click(&self) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(target) = target(&event) {
                send.emit(Intent::Stage(Wish::Touch(target)));
            }
        })
    }

    /// A click that opens the menu of a thing.
    pub fn opens(&self, what: Selection) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            open(&send, what, &event);
        })
    }

    /// A click that does something.
    pub fn acts(&self, action: Action) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            send.emit(Intent::Stage(Wish::Act(action)));
        })
    }

    /// Enter and space touch; arrows walk; letters do what the thing offers under them. `thing`: `None` for what is not
    /// drawn here.
    pub fn on_key(&self, thing: Option<(Selection, &[Offer])>) -> Callback<KeyboardEvent> {
        let send = self.send.clone();
        let thing = thing.map(|(what, offers)| (what, offers.to_vec()));
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            let offer = thing.as_ref().and_then(|(_, offers)| offered(offers, &key));
            let done = match (key.as_str(), &thing) {
                ("Enter" | " ", Some((what, _))) => {
                    open(&send, *what, &event);
                    true
                }
                ("Enter" | " ", None) => {
                    let touched = target(&event).map(Wish::Touch);
                    touched.into_iter().for_each(|wish| send.emit(Intent::Stage(wish)));
                    true
                }
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => false,
                _ => match offer {
                    Some(offer) => {
                        send.emit(Intent::Stage(Wish::Act(offer.action)));
                        true
                    }
                    None => roving::walk(&event),
                },
            };
            if done {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    }

    /// A stroke ends: every link that it crossed is cut.
    pub fn on_up(&self) -> Callback<PointerEvent> {
        let (stage, plan, send) = (self.stage.clone(), self.plan.clone(), self.send.clone());
        Callback::from(move |event: PointerEvent| {
            if let (Some(from), Some(to)) = (STROKE.take(), point(&event)) {
                draw_stroke(Point::default(), Point::default());
                if (from.x - to.x).abs() + (from.y - to.y).abs() > CLICK {
                    for action in struck(&stage, &plan, Lane { from, to }) {
                        send.emit(Intent::Stage(Wish::Act(action)));
                    }
                }
            }
        })
    }
}

fn struck(stage: &Stage, plan: &Plan, stroke: Lane) -> Vec<Action> {
    let crossed = |link: &&LinkView| {
        let lane = plan.lane(End::Node(link.a), End::Node(link.b));
        lane.is_some_and(|lane| lane.crosses(&stroke)) && !(link.cut_ab && link.cut_ba)
    };
    stage.links.iter().filter(crossed).map(|link| cut(link.a, link.b, true)).collect()
}

/// Cuts a link, one way or both.
pub fn cut(from: u8, to: u8, both: bool) -> Action {
    fault::cut(Target::Node(NodeId(from)), Target::Node(NodeId(to)), both)
}

/// Mends a link.
pub fn heal(from: u8, to: u8) -> Action {
    fault::heal(Target::Node(NodeId(from)), Target::Node(NodeId(to)))
}

/// A stroke begins on empty paper.
pub fn on_down() -> Callback<PointerEvent> {
    Callback::from(move |event: PointerEvent| {
        let empty = target::<Element>(&event).is_some_and(|target| target.tag_name() == "svg");
        if empty && event.pointer_type() == "mouse" {
            STROKE.set(point(&event));
        }
    })
}

/// A stroke goes on: its line is drawn in place.
pub fn on_move() -> Callback<PointerEvent> {
    Callback::from(move |event: PointerEvent| {
        if let (Some(from), Some(to)) = (STROKE.get(), point(&event)) {
            draw_stroke(from, to);
        }
    })
}

/// Opens the menu of a thing, beside the whole of it.
fn open(send: &Callback<Intent>, what: Selection, event: &web_sys::Event) {
    let thing =
        target::<Element>(event).and_then(|target| target.closest("[data-stop]").ok().flatten());
    if let Some(thing) = thing {
        send.emit(Intent::Stage(Wish::Menu(what, anchor(&thing))));
    }
}

/// The place of a thing, seen from the drawing that holds it.
pub fn anchor(target: &Element) -> Place {
    let rect = target.get_bounding_client_rect();
    match target.closest(".stage-drawing").ok().flatten() {
        Some(drawing) => {
            let around = drawing.get_bounding_client_rect();
            let (x, y) = (rect.left() - around.left(), rect.top() - around.top());
            Place { x, y, w: rect.width(), h: rect.height() }
        }
        None => Place::default(),
    }
}

fn point(event: &PointerEvent) -> Option<Point> {
    let target: Element = target(event)?;
    // A frame may show the drawing smaller than it is.
    let drawing = target.closest(".stage-drawing > svg").ok().flatten()?;
    let shown = drawing.dyn_into::<SvgGraphicsElement>().ok()?.get_screen_ctm()?;
    let (scale, left, top) = (f64::from(shown.a()), f64::from(shown.e()), f64::from(shown.f()));
    Some(Point {
        x: (f64::from(event.client_x()) - left) / scale,
        y: (f64::from(event.client_y()) - top) / scale,
    })
}

fn draw_stroke(from: Point, to: Point) {
    let line = document().and_then(|document| document.get_element_by_id(STRIKE));
    if let Some(line) = line {
        for (name, value) in [("x1", from.x), ("y1", from.y), ("x2", to.x), ("y2", to.y)] {
            let _ = line.set_attribute(name, &px(value));
        }
    }
}
