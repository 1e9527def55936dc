//! Every key, in one table: what the page listens to is what the list shows.

use super::intent::Intent::{self, Sharing, Stage, Time};
use super::intent::Sheet;
use super::player::Wish;
use super::{share, stage, words};
use engine::world::fault;
use yew::prelude::*;

/// One key and what it does.
pub struct Key {
    /// As the browser names it.
    pub key: &'static str,
    /// As readers see it.
    pub shown: &'static str,
    /// What it does, in words.
    pub does: &'static str,
    /// What it does.
    pub intent: fn() -> Intent,
}

const fn key(
    key: &'static str,
    shown: &'static str,
    does: &'static str,
    intent: fn() -> Intent,
) -> Key {
    Key { key, shown, does, intent }
}

/// The keys of the whole page.
pub const KEYS: [Key; 17] = [
    key(" ", "Space", "play or pause", || Time(Wish::TogglePlay)),
    key(".", ".", "step to the next event", || Time(Wish::Step)),
    key(",", ",", "step back", || Time(Wish::StepBack)),
    key("+", "+", "faster", || Time(Wish::Faster(1))),
    key("-", "−", "slower", || Time(Wish::Faster(-1))),
    key("p", "p", "automatic pace on or off", || Time(Wish::ToggleAutomatic)),
    key("0", "0", "to the start", || Time(Wish::ToStart)),
    key("9", "9", "to the end of what is known", || Time(Wish::ToEnd)),
    key("x", "x", "the one large action: power off the leader", || Stage(stage::Wish::Deed)),
    key("a", "a", "add a follower", || Stage(stage::Wish::Act(fault::add_follower()))),
    key("[", "[", "look closer at the timeline", || Time(Wish::Zoom(-1))),
    key("]", "]", "look at more of the timeline", || Time(Wish::Zoom(1))),
    key("e", "e", "edit the scenario", || Intent::Sheet(Some(Sheet::Editor))),
    key("s", "s", "share this run", || Sharing(share::Wish::Open)),
    key("t", "t", "light or dark", || Intent::Theme),
    key("?", "?", "this list", || Intent::Sheet(Some(Sheet::Keys))),
    key("Escape", "Esc", "close, deselect", || Intent::Escape),
];

/// Keys that belong to one panel: shown in the list, handled there.
const LOCAL: [(&str, &str); 5] = [
    ("Tab", "from panel to panel"),
    ("← → ↑ ↓", "on the stage and in the choice of three: from one to the next"),
    ("Enter", "on the stage: what can be done here; its letters work at once"),
    ("← →", "on the scrubber: back and forth, with Shift finer"),
    ("Home End", "on the scrubber: start and end"),
];

/// What a key means, if the page listens to it.
#[must_use]
pub fn intent(key: &str) -> Option<Intent> {
    KEYS.iter()
        .find(|entry| entry.key == key || entry.key == "+" && key == "=")
        .map(|entry| (entry.intent)())
}

/// The list of keys, and whether single ones are listened to.
pub fn key_list(listening: bool, send: &Callback<Intent>) -> Html {
    let row = |shown: &str, does: &str| {
        html! { <tr><th scope="row"><kbd>{ shown }</kbd></th>
        <td>{ does }</td></tr> }
    };
    html! {
        <>
            <h2 id="sheet-title">{ words::KEYS }</h2>
            <table>
                <tbody>
                    { for KEYS.iter().map(|key| row(key.shown, key.does)) }
                    { for LOCAL.iter().map(|(shown, does)| row(shown, does)) }
                </tbody>
            </table>
            <div class="actions">
                <button type="button" class="button" aria-pressed={listening.to_string()}
                    onclick={send.reform(|_: MouseEvent| Intent::ToggleKeys)}>{
                        words::SINGLE_KEYS }</button>
            </div>
        </>
    }
}
