//! The reader's hands on the stage: clicks, keys, and strokes drawn through links.

use super::menu::offered;
use crate::ui::browser::document;
use crate::ui::figures::px;
use crate::ui::intent::Intent;
use crate::ui::layout::{Lane, Place, Plan, Point};
use crate::ui::parts::roving;
use crate::ui::session::{Action, EventId, Selection, cut, heal};
use crate::ui::shared::Shared;
use lab::NodeId;
use std::cell::Cell;
use view::{End, LinkView, Stage};
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
#[derive(Clone)]
pub struct Hands {
    /// The cluster.
    pub stage: Shared<Stage>,
    /// Where everything is.
    pub plan: Shared<Plan>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// A stroke shorter than this is a click.
const CLICK: f64 = 12.0;

impl Hands {
    /// A click on whatever lies under the pointer.
    pub fn on_click(&self) -> Callback<MouseEvent> {
        let hands = self.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(target) =
                event.target().and_then(|target| target.dyn_into::<Element>().ok())
            {
                hands.touch(&target);
            }
        })
    }

    /// Enter and space touch; arrows walk; letters do what the thing offers under them.
    pub fn on_key(&self) -> Callback<KeyboardEvent> {
        let hands = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
            else {
                return;
            };
            let key = event.key();
            let done = match key.as_str() {
                "Enter" | " " => {
                    hands.touch(&target);
                    true
                }
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => false,
                _ => roving::walk(&event) || hands.offered(&target, &key),
            };
            if done {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    }

    /// The letter of an offer of the focused node.
    fn offered(&self, target: &Element, key: &str) -> bool {
        let node = number::<u8>(target, "data-index");
        let card = self.stage.nodes.iter().find(|card| Some(card.node) == node);
        let offer = card.and_then(|card| offered(&card.offers, key));
        if let Some(offer) = offer {
            self.send.emit(Intent::Act(offer.action.clone()));
        }
        offer.is_some()
    }

    fn touch(&self, target: &Element) {
        if let Some(chip) =
            above(target, "data-chip").and_then(|chip| number::<u32>(&chip, "data-chip"))
        {
            self.send.emit(Intent::Menu(Some((Selection::Message(EventId(chip)), anchor(target)))));
        } else if let Some(link) = above(target, "data-link") {
            if let Some((a, b)) = ends(&link, "data-link") {
                let what = Selection::Link(NodeId(a), NodeId(b));
                self.send.emit(Intent::Menu(Some((what, anchor(&link)))));
            }
        } else if let Some(way) = above(target, "data-way") {
            self.cut_or_heal(&way);
        } else if let Some(card) = above(target, "data-node") {
            if let Some(node) = number::<u8>(&card, "data-index") {
                self.send.emit(Intent::Menu(Some((Selection::Node(NodeId(node)), anchor(&card)))));
            }
        } else {
            self.send.emit(Intent::Menu(None));
        }
    }

    /// A click on one way of a link cuts it; on a cut one, mends the link.
    fn cut_or_heal(&self, way: &Element) {
        if let Some((from, to)) = ends(way, "data-way") {
            let is_cut = way.get_attribute("data-cut").as_deref() == Some("true");
            let action = if is_cut { heal(from, to) } else { cut(from, to, false) };
            self.send.emit(Intent::Act(action));
        }
    }

    /// A stroke ends: every link that it crossed is cut.
    pub fn on_up(&self) -> Callback<PointerEvent> {
        let hands = self.clone();
        Callback::from(move |event: PointerEvent| {
            if let (Some(from), Some(to)) = (STROKE.take(), point(&event)) {
                draw_stroke(Point::default(), Point::default());
                if (from.x - to.x).abs() + (from.y - to.y).abs() > CLICK {
                    for action in hands.struck(Lane { from, to }) {
                        hands.send.emit(Intent::Act(action));
                    }
                }
            }
        })
    }

    fn struck(&self, stroke: Lane) -> Vec<Action> {
        let crossed = |link: &&LinkView| {
            let lane = self.plan.lane(End::Node(link.a), End::Node(link.b));
            lane.is_some_and(|lane| lane.crosses(&stroke)) && !(link.cut_ab && link.cut_ba)
        };
        self.stage.links.iter().filter(crossed).map(|link| cut(link.a, link.b, true)).collect()
    }
}

/// A stroke begins on empty paper.
pub fn on_down() -> Callback<PointerEvent> {
    Callback::from(move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let empty = target.is_some_and(|target| target.tag_name() == "svg");
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

fn above(target: &Element, name: &str) -> Option<Element> {
    target.closest(&format!("[{name}]")).ok().flatten()
}

fn number<T: core::str::FromStr>(element: &Element, name: &str) -> Option<T> {
    element.get_attribute(name)?.parse().ok()
}

/// The two numbers of an attribute like "0-1".
fn ends(element: &Element, name: &str) -> Option<(u8, u8)> {
    let text = element.get_attribute(name)?;
    let (from, to) = text.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// The place of a thing, seen from the drawing that holds it.
fn anchor(target: &Element) -> Place {
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
    let target = event.target()?.dyn_into::<Element>().ok()?;
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
