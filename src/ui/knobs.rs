//! The other settings, in the order in which people need them, each with a sentence.

use super::browser::{chosen_place, target};
use super::figures::decimals;
use super::intent::Intent;
use super::modes::Wish;
use super::session::KnobValue;
use super::shared::Shared;
use super::words;
use scenario::knobs::{Control, Knob};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the panel shows.
#[derive(PartialEq)]
pub struct Props {
    /// All knobs; the first, the mode, stands elsewhere.
    pub knobs: Shared<Vec<Knob>>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The settings behind a disclosure.
pub fn knobs(props: &Props) -> Html {
    html! {
        <details class="panel knobs" id="knobs">
            <summary><b>{ words::KNOBS }</b><span>{ words::KNOBS_SAY }</span></summary>
            { for props.knobs.iter().skip(1).map(|one| knob(one, &props.send)) }
        </details>
    }
}

fn knob(knob: &Knob, send: &Callback<Intent>) -> Html {
    let id = format!("knob-{}", knob.path.replace('.', "-"));
    html! {
        <div class="knob" key={knob.path} data-knob={knob.path}>
            <label for={id.clone()}>{ knob.label }</label>
            <span class="field">{ field(knob, id, send) }</span>
            <p>{ knob.help }</p>
        </div>
    }
}

fn field(knob: &Knob, id: String, send: &Callback<Intent>) -> Html {
    let (send, path) = (send.clone(), knob.path);
    match &knob.control {
        Control::Choice { options, chosen } => {
            let onchange = Callback::from(move |event: Event| {
                if let Some(place) = chosen_place(&event) {
                    send.emit(drafted(path, KnobValue::Choice(place)));
                }
            });
            html! {
                <select {id} {onchange}>
                    { for options.iter().enumerate().map(|(index, (_, label))| html! {
                        <option value={index.to_string()} selected={index == *chosen}>{ label
                            }</option>
                    }) }
                </select>
            }
        }
        Control::Number { value, unit, min, max, step } => {
            let onchange = Callback::from(move |event: Event| {
                let value = target::<HtmlInputElement>(&event)
                    .map(|input| input.value_as_number())
                    .filter(|value| !value.is_nan());
                if let Some(value) = value {
                    send.emit(drafted(path, KnobValue::Number(value)));
                }
            });
            html! {
                <>
                    <input {id} type="number" value={decimals(*value, 3)} min={decimals(*min, 3)}
                        max={decimals(*max, 3)}
                        step={decimals(*step, 3)} {onchange} />
                    { unit }
                </>
            }
        }
        Control::Switch { on } => {
            let onchange = Callback::from(move |event: Event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    send.emit(drafted(path, KnobValue::On(input.checked())));
                }
            });
            html! { <input {id} type="checkbox" checked={*on} {onchange} /> }
        }
    }
}

fn drafted(path: &'static str, value: KnobValue) -> Intent {
    Intent::Setting(Wish::Draft(path, value))
}
