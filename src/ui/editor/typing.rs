//! What typing does in the editor: the text is kept and read again, what may come next is offered,
//! walked and taken, and a new line begins where the one before began.

use super::{Editor, Happening, REST_MS, area};
use crate::ui::browser;
use gloo_timers::callback::Timeout;
use scenario::text::{Edit, complete};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The id of the list of what may come next.
pub const OFFERS: &str = "offers";

/// The id of one of what may come next.
pub fn offer_id(number: usize) -> String {
    format!("offer-{number}")
}

impl Editor {
    /// The text area has a new text.
    pub(super) fn typed(&mut self, context: &Context<Self>, letter: bool) {
        let Some(area) = self.area.cast::<HtmlTextAreaElement>() else { return };
        self.text = area.value();
        self.keep();
        let link = context.link().clone();
        self.resting = Some(Timeout::new(REST_MS, move || link.send_message(Happening::Rested)));
        if letter || self.offers.is_some() {
            self.complete(&area, false);
        }
    }

    /// Looks for what may come next; unless it was `asked` for, only within a word.
    fn complete(&mut self, area: &HtmlTextAreaElement, asked: bool) {
        let caret = area::caret(area, &self.text);
        let found = complete(&self.guide, &self.text, caret);
        let useful = found.filter(|found| {
            let typed = self.text.get(found.range.clone()).unwrap_or_default();
            let finished = matches!(&found.all[..], [one] if one.insert == typed);
            !found.all.is_empty() && !finished && (asked || !typed.is_empty())
        });
        (self.offers, self.chosen) = (useful, 0);
    }

    /// Opens, walks, takes or closes what may come next.
    pub(super) fn offer(&mut self, happening: Happening) {
        let count = self.offers.as_ref().map_or(0, |offers| offers.all.len());
        match happening {
            Happening::Complete => {
                if let Some(area) = self.area.cast::<HtmlTextAreaElement>() {
                    self.complete(&area, true);
                }
            }
            Happening::Walk(by) if count > 0 => {
                let step = if by < 0 { count - 1 } else { 1 };
                self.chosen = (self.chosen + step) % count;
            }
            Happening::Take(number) => {
                let Some(offers) = self.offers.take() else { return };
                if let Some(one) = offers.all.get(number) {
                    let edit = Edit { range: offers.range.clone(), text: one.insert.clone() };
                    self.replace(&edit, one.caret);
                }
            }
            Happening::Close => self.offers = None,
            _ => {}
        }
    }

    /// A key in the text area.
    pub(super) fn on_key(&self, context: &Context<Self>) -> Callback<KeyboardEvent> {
        let (link, open, chosen) = (context.link().clone(), self.offers.is_some(), self.chosen);
        let (area, text) = (self.area.clone(), self.text.clone());
        Callback::from(move |event: KeyboardEvent| {
            let control = event.ctrl_key() || event.meta_key();
            let wanted = match event.key().as_str() {
                "Enter" if control => Happening::Run,
                " " if control => Happening::Complete,
                "ArrowDown" if open => Happening::Walk(1),
                "ArrowUp" if open => Happening::Walk(-1),
                "Enter" | "Tab" if open && !event.shift_key() => Happening::Take(chosen),
                "Escape" if open => Happening::Close,
                "Enter" if !event.is_composing() => match new_line(&area, &text) {
                    Some(edit) => Happening::Write(edit.0, edit.1),
                    None => return,
                },
                "ArrowLeft" | "ArrowRight" | "Home" | "End" if open => {
                    // These move the caret away from what was offered.
                    link.send_message(Happening::Close);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            link.send_message(wanted);
        })
    }

    /// Puts marks and the list where they belong: a strict policy forbids style attributes.
    pub(super) fn place(&self) {
        let Some(code) = self.code.cast::<HtmlElement>() else { return };
        let Some(area) = self.area.cast::<HtmlTextAreaElement>() else { return };
        scroll(&code, &area);
        for (number, wrong) in self.wrongs.iter().enumerate() {
            if let Some(mark) = browser::html_of(&format!("mark-{number}")) {
                area::tell(&mark, "--line", wrong.spot.line as usize - 1);
                area::tell(&mark, "--column", wrong.length);
            }
        }
        let Some(offers) = &self.offers else { return };
        let at = scenario::text::spot_at(&self.text, offers.range.start);
        if let Some(list) = browser::html_of(OFFERS) {
            area::tell(&list, "--line", at.line as usize);
            area::tell(&list, "--column", at.column as usize - 1);
        }
        if let Some(chosen) = browser::html_of(&offer_id(self.chosen)) {
            let list = chosen.parent_element();
            if let Some(list) = list {
                let (top, room) = (chosen.offset_top(), list.client_height());
                if top < list.scroll_top()
                    || top + chosen.offset_height() > list.scroll_top() + room
                {
                    list.set_scroll_top(top - room / 2);
                }
            }
        }
    }
}

/// Line numbers and marks follow the text.
pub fn scroll(code: &HtmlElement, area: &HtmlTextAreaElement) {
    let style = code.style();
    let _ = style.set_property("--x", &format!("{}px", area.scroll_left()));
    let _ = style.set_property("--y", &format!("{}px", area.scroll_top()));
}

/// A line break and as many blanks as the line before begins with; two more behind a bracket.
fn new_line(area: &NodeRef, text: &str) -> Option<(Edit, usize)> {
    let area = area.cast::<HtmlTextAreaElement>().filter(|area| !area::chooses(area))?;
    let caret = area::caret(&area, text);
    let before = text.get(..caret)?;
    let line = before.rsplit('\n').next()?;
    let blanks = &line[..line.len() - line.trim_start_matches(' ').len()];
    let opens = line.trim_end().ends_with(['{', '[']);
    let closes = opens && text[caret..].trim_start_matches(' ').starts_with(['}', ']']);
    let deeper = if opens { "  " } else { "" };
    let start = format!("\n{blanks}{deeper}");
    let end = if closes { format!("\n{blanks}") } else { String::new() };
    let caret_behind = start.len();
    Some((Edit { range: caret..caret, text: start + &end }, caret_behind))
}
