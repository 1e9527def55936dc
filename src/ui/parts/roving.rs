//! One tab stop for a group of things, walked with the arrow keys.
//!
//! The group carries `data-walk` (an event names the root of the page as its current target, not
//! the element that listens). Members carry `data-stop`; one has `tabindex="0"`, the others `-1`.

use crate::ui::browser::target;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, SvgElement};

/// Walks to the neighbour that an arrow key, Home or End asks for. Tells whether it did.
pub fn walk(event: &KeyboardEvent) -> bool {
    let step = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => Step::By(1),
        "ArrowLeft" | "ArrowUp" => Step::By(-1),
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return false,
    };
    let Some(here) = target::<Element>(event) else { return false };
    let Ok(Some(group)) = here.closest("[data-walk]") else { return false };
    let stops = stops(&group);
    let Some(index) = stops.iter().position(|stop| stop == &here) else { return false };
    let next = match step {
        Step::By(1) => (index + 1) % stops.len(),
        Step::By(_) => (index + stops.len() - 1) % stops.len(),
        Step::First => 0,
        Step::Last => stops.len() - 1,
    };
    for stop in &stops {
        let _ = stop.set_attribute("tabindex", "-1");
    }
    let _ = stops[next].set_attribute("tabindex", "0");
    focus(&stops[next]);
    true
}

enum Step {
    By(i8),
    First,
    Last,
}

fn stops(group: &Element) -> Vec<Element> {
    let Ok(found) = group.query_selector_all("[data-stop]") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// Gives the focus to an element, be it of HTML or SVG.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    } else if let Some(element) = element.dyn_ref::<SvgElement>() {
        let _ = element.focus();
    }
}
