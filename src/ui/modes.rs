//! The one large choice, and the offer to replay the same run under another one.

use super::intent::Intent;
use super::parts::placed;
use super::parts::roving;
use super::session::{KnobValue, Session};
use super::shared::Shared;
use super::{figures, words};
use scenario::Problem;
use scenario::knobs::{Control, Knob};
use yew::prelude::*;

/// What a reader wants of the settings.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// A knob was set: offer to replay.
    Draft(&'static str, KnobValue),
    /// Replay with what was drafted.
    Replay,
    /// Forget what was drafted.
    Forget,
}

/// What was set but not replayed yet.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// The knob.
    path: &'static str,
    /// What it was set to.
    value: KnobValue,
    /// Both in words.
    text: String,
}

/// Where the focus goes when the offer to replay is gone.
const CHOICE: &str = "#modes [tabindex='0']";

/// Does what is wished of the settings. Tells what became of a run that was to begin again.
pub fn update(
    draft: &mut Option<Draft>,
    wish: Wish,
    knobs: &[Knob],
    session: &mut Session,
) -> Option<Result<(), Vec<Problem>>> {
    let knob_at = |path: &str| knobs.iter().find(|knob| knob.path == path);
    match wish {
        Wish::Draft(path, value) => {
            let text = knob_at(path).and_then(|knob| offer(knob, &value));
            *draft = text.map(|text| Draft { path, value, text });
            None
        }
        Wish::Replay => {
            placed::focus_on(CHOICE);
            let Draft { path, value, .. } = draft.take()?;
            Some(session.replay_with(knob_at(path)?, &value))
        }
        Wish::Forget => {
            placed::focus_on(CHOICE);
            *draft = None;
            None
        }
    }
}

/// The offer to replay with a knob set to this, if that is another value.
fn offer(knob: &Knob, value: &KnobValue) -> Option<String> {
    let said = match (&knob.control, value) {
        (Control::Choice { chosen, .. }, KnobValue::Choice(place)) if place == chosen => {
            return None;
        }
        (Control::Choice { options, .. }, KnobValue::Choice(place)) => {
            options.get(*place).map_or_else(String::new, |(_, word)| (*word).to_string())
        }
        (Control::Number { unit, .. }, KnobValue::Number(number)) => {
            format!("{} {unit}", figures::decimals(*number, 3))
        }
        (_, KnobValue::On(on)) => words::on_or_off(*on).to_owned(),
        _ => return None,
    };
    Some(words::replay_offer(knob.label, &said))
}

/// What the choice shows.
#[derive(PartialEq)]
pub struct Props {
    /// All knobs; the first is the mode.
    pub knobs: Shared<Vec<Knob>>,
    /// What was set but not replayed yet.
    pub draft: Option<Draft>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The choice of three.
pub fn modes(props: &Props) -> Html {
    let Some(knob) = props.knobs.first() else { return Html::default() };
    let Control::Choice { options, chosen } = &knob.control else { return Html::default() };
    let send = &props.send;
    let draft = props.draft.as_ref();
    let drafted = |index: usize| {
        draft
            .is_some_and(|draft| draft.path == knob.path && draft.value == KnobValue::Choice(index))
    };
    let keys = Callback::from(|event: KeyboardEvent| {
        if roving::walk(&event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    html! {
        <div class="modes-side">
            <div class="modes" role="radiogroup" id="modes" data-walk="" aria-label={knob.label}
                onkeydown={keys}>
                { for options.iter().enumerate().map(|(index, (value, label))| {
                    let wish = Intent::Setting(Wish::Draft(knob.path, KnobValue::Choice(index)));
                    html! {
                        <button type="button" role="radio" data-stop=""
                            data-mode={value.trim_matches('"')}
                            aria-checked={(index == *chosen).to_string()}
                            tabindex={if index == *chosen { "0" } else { "-1" }}
                            data-chosen={drafted(index).then_some("draft")}
                            onclick={send.reform(move |_: MouseEvent| wish.clone())}>
                            <strong>{ label }</strong>
                            <span>{ knob.says.get(index).copied().unwrap_or_default() }</span>
                        </button>
                    }
                }) }
            </div>
            if let Some(Draft { text, .. }) = draft {
                <div class="replay" role="group" aria-label={words::REPLAY} data-testid="replay">
                    <p>{ text }</p>
                    <button type="button" class="button filled" id="replay"
                        onclick={send.reform(|_: MouseEvent| Intent::Setting(Wish::Replay))}>
                        { words::REPLAY }
                    </button>
                    <button type="button" class="button"
                        onclick={send.reform(|_: MouseEvent| Intent::Setting(Wish::Forget))}>
                        { words::KEEP }
                    </button>
                </div>
            }
        </div>
    }
}
