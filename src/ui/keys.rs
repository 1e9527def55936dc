//! Every key, in one table: what the page listens to is what the list shows.

use super::intent::{Intent, Sheet};
use super::share::Wish;
use super::words;
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

/// The keys of the whole page.
pub const KEYS: [Key; 17] = [
    Key { key: " ", shown: "Space", does: "play or pause", intent: || Intent::TogglePlay },
    Key { key: ".", shown: ".", does: "step to the next event", intent: || Intent::Step },
    Key { key: ",", shown: ",", does: "step back", intent: || Intent::StepBack },
    Key { key: "+", shown: "+", does: "faster", intent: || Intent::Faster(1) },
    Key { key: "-", shown: "−", does: "slower", intent: || Intent::Faster(-1) },
    Key {
        key: "p",
        shown: "p",
        does: "automatic pace on or off",
        intent: || Intent::ToggleAutomatic,
    },
    Key { key: "0", shown: "0", does: "to the start", intent: || Intent::ToStart },
    Key { key: "9", shown: "9", does: "to the end of what is known", intent: || Intent::ToEnd },
    Key {
        key: "x",
        shown: "x",
        does: "the one large action: power off the leader",
        intent: || Intent::Deed,
    },
    Key {
        key: "a",
        shown: "a",
        does: "add a follower",
        intent: || Intent::Act(fault::add_follower()),
    },
    Key { key: "[", shown: "[", does: "look closer at the timeline", intent: || Intent::Zoom(-1) },
    Key { key: "]", shown: "]", does: "look at more of the timeline", intent: || Intent::Zoom(1) },
    Key {
        key: "e",
        shown: "e",
        does: "edit the scenario",
        intent: || Intent::Sheet(Some(Sheet::Editor)),
    },
    Key { key: "s", shown: "s", does: "share this run", intent: || Intent::Sharing(Wish::Open) },
    Key { key: "t", shown: "t", does: "light or dark", intent: || Intent::Theme },
    Key { key: "?", shown: "?", does: "this list", intent: || Intent::Sheet(Some(Sheet::Keys)) },
    Key { key: "Escape", shown: "Esc", does: "close, deselect", intent: || Intent::Escape },
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

/// What the list shows.
#[derive(PartialEq)]
pub struct Props {
    /// Whether single keys are listened to.
    pub listening: bool,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The list of keys.
pub fn key_list(props: &Props) -> Html {
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
                <button type="button" class="button" aria-pressed={props.listening.to_string()}
                    onclick={props.send.reform(|_: MouseEvent| Intent::ToggleKeys)}>{
                        words::SINGLE_KEYS }</button>
            </div>
        </>
    }
}
