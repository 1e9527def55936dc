//! The text area as a thing of the browser: where its caret is, and how a piece of its text is
//! replaced so that its own undo takes it back.

use crate::ui::browser::document;
use scenario::text::{Edit, byte_of, spot_at, unit_of};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Where the caret stands, in bytes of the text.
pub fn caret(area: &HtmlTextAreaElement, text: &str) -> usize {
    let unit = area.selection_start().ok().flatten().unwrap_or(0);
    byte_of(text, unit as usize)
}

/// Whether a stretch of text is chosen.
pub fn chooses(area: &HtmlTextAreaElement) -> bool {
    area.selection_start().ok() != area.selection_end().ok()
}

fn unit(text: &str, byte: usize) -> u32 {
    u32::try_from(unit_of(text, byte)).unwrap_or(u32::MAX)
}

/// Replaces a piece of the text as if it had been typed; the caret stands behind so many bytes of
/// what is new. The focus stays where it was.
pub fn replace(area: &HtmlTextAreaElement, text: &str, edit: &Edit, caret: usize) {
    let page = document();
    let before = page.as_ref().and_then(|page| page.active_element());
    let elsewhere = before.filter(|before| before != area.unchecked_ref::<web_sys::Element>());
    if elsewhere.is_some() {
        // No keyboard is to come up on a phone for the moment that the area has the focus.
        let _ = area.set_attribute("inputmode", "none");
    }
    let _ = area.focus();
    let (start, end) = (unit(text, edit.range.start), unit(text, edit.range.end));
    let _ = area.set_selection_range(start, end);
    let command = if edit.text.is_empty() { "delete" } else { "insertText" };
    let page = page.and_then(|page| page.dyn_into::<HtmlDocument>().ok());
    let done = page.is_some_and(|page| {
        start == end && edit.text.is_empty()
            || page.exec_command_with_show_ui_and_value(command, false, &edit.text) == Ok(true)
    });
    if !done {
        let _ = area.set_range_text_with_start_and_end(&edit.text, start, end);
    }
    let at = start + unit(&edit.text, caret);
    let _ = area.set_selection_range(at, at);
    if let Some(elsewhere) = elsewhere.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = elsewhere.focus();
        let _ = area.remove_attribute("inputmode");
    }
}

/// Puts the caret at a place and brings it into view.
pub fn show(area: &HtmlTextAreaElement, text: &str, offset: usize) {
    let at = unit(text, offset);
    let _ = area.focus();
    let _ = area.set_selection_range(at, at);
    let line = f64::from(spot_at(text, offset).line);
    let lines = text.matches('\n').count().max(1);
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a few lines")]
    let middle = (f64::from(area.scroll_height()) * line / lines as f64) as i32;
    area.set_scroll_top((middle - area.client_height() / 2).max(0));
}

/// Tells an element's sheet a number under a name.
pub fn tell(element: &HtmlElement, name: &str, number: usize) {
    let _ = element.style().set_property(name, &number.to_string());
}
