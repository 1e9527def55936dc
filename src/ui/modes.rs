//! The one large choice, and the offer to replay the same run under another one.

use super::intent::Intent;
use super::parts::roving;
use super::session::KnobValue;
use super::shared::Shared;
use super::words;
use scenario::knobs::{Control, Knob};
use yew::prelude::*;

/// What the choice shows.
#[derive(PartialEq)]
pub struct Props {
    /// All knobs; the first is the mode.
    pub knobs: Shared<Vec<Knob>>,
    /// What was set but not replayed yet: a path, a value, and both in words.
    pub draft: Option<(&'static str, KnobValue, String)>,
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
        draft.is_some_and(|(path, value, _)| {
            *path == knob.path && *value == KnobValue::Choice(index)
        })
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
                    let wish = Intent::Draft(knob.path, KnobValue::Choice(index));
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
            if let Some((_, _, text)) = draft {
                <div class="replay" role="group" aria-label={words::REPLAY} data-testid="replay">
                    <p>{ text }</p>
                    <button type="button" class="button filled" id="replay"
                        onclick={send.reform(|_: MouseEvent| Intent::Replay)}>
                        { words::REPLAY }
                    </button>
                    <button type="button" class="button"
                        onclick={send.reform(|_: MouseEvent| Intent::Forget)}>
                        { words::KEEP }
                    </button>
                </div>
            }
        </div>
    }
}
