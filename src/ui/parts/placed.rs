//! Puts an element at a place of its container. A strict content-security policy forbids style
//! attributes; properties set by script are allowed.

use super::roving::focus;
use crate::ui::browser::document;
use crate::ui::figures::px;
use crate::ui::layout::Place;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Space between the element and what it stands beside, and the edges.
const GAP: f64 = 8.0;

/// Moves an absolutely placed element beside a place of its container: to its right, else to its
/// left, else below; never beyond what is seen of the page.
pub fn beside(element: &HtmlElement, place: Place) {
    let Some(around) = element.offset_parent() else { return };
    let (width, height) = (f64::from(element.offset_width()), f64::from(element.offset_height()));
    let room = f64::from(around.client_width());
    let (right, left) = (place.x + place.w + GAP, place.x - width - GAP);
    let (x, y) = if right + width + GAP <= room {
        (right, place.y)
    } else if left >= GAP {
        (left, place.y)
    } else {
        (place.x.min(room - width - GAP).max(GAP), place.y + place.h + GAP)
    };
    let seen = web_sys::window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or(f64::INFINITY);
    let top = around.get_bounding_client_rect().top();
    let y = y.min(seen - GAP - height - top).max(GAP - top.max(0.0));
    let style = element.style();
    let _ = style.set_property("left", &format!("{}px", px(x)));
    let _ = style.set_property("top", &format!("{}px", px(y)));
}

/// Gives the focus to the first stop inside.
pub fn focus_first(body: &HtmlElement) {
    if let Some(stop) = body.query_selector("[data-stop]").ok().flatten() {
        focus(&stop);
    }
}

/// Gives the focus to the first element that a selector finds, else to the cluster's tab stop.
pub fn focus_on(selector: &str) {
    let Some(document) = document() else { return };
    let find = |selector: &str| document.query_selector(selector).ok().flatten();
    if let Some(found) = find(selector).or_else(|| find("#stage [tabindex='0']")) {
        focus(&found);
    }
}

/// Whether something inside the element of this id has the focus.
#[must_use]
pub fn has_focus(id: &str) -> bool {
    let active = document().and_then(|page| page.active_element());
    active.is_some_and(|active| active.closest(&format!("#{id}")).ok().flatten().is_some())
}

/// Keeps the tab key inside an element: after the last comes the first.
pub fn walk_inside(body: &web_sys::Element, event: &web_sys::KeyboardEvent) {
    let Ok(found) =
        body.query_selector_all("button, a[href], input, select, textarea, [tabindex='0']")
    else {
        return;
    };
    let all: Vec<web_sys::Element> =
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect();
    let active = document().and_then(|page| page.active_element());
    let index = active.and_then(|active| all.iter().position(|one| *one == active));
    let (last, edge) = (
        all.len().saturating_sub(1),
        if event.shift_key() { 0 } else { all.len().saturating_sub(1) },
    );
    if index.is_none_or(|index| index == edge) {
        event.prevent_default();
        if let Some(next) = all.get(if event.shift_key() { last } else { 0 }) {
            focus(next);
        }
    }
}
