//! Play and pause, steps, slower and faster, and what the automatic pace did.

use crate::ui::figures::pace;
use crate::ui::intent::Intent;
use crate::ui::pace::RANGE;
use crate::ui::words;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the bar shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether time passes.
    pub playing: bool,
    /// Whether the pace finds itself.
    pub automatic: bool,
    /// Simulated per watched time.
    pub speed: f64,
    /// What was skipped last, in words.
    pub skipped: Option<String>,
    /// The playhead in words, drawn over in every frame.
    pub clock: String,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The id of the clock.
pub const CLOCK: &str = "clock";

/// The bar.
#[component]
pub fn PaceBar(props: &Props) -> Html {
    let send = &props.send;
    let wish = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let slide = {
        let send = send.clone();
        Callback::from(move |event: InputEvent| {
            let value =
                event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(Ok(value)) = value.map(|input| input.value().parse()) {
                send.emit(Intent::PaceTo(value));
            }
        })
    };
    html! {
        <div class="pace" role="group" aria-label={words::PACE}
            data-playing={props.playing.to_string()} data-automatic={props.automatic.to_string()}>
            { glyph(words::TO_START, "M2 2h2v12H2zM14 2v12L5 8z", false, wish(Intent::ToStart)) }
            { glyph(words::STEP_BACK, "M13 2v12L4 8z", false, wish(Intent::StepBack)) }
            if props.playing {
                { glyph(words::PAUSE, "M3 2h4v12H3zM9 2h4v12H9z", true, wish(Intent::TogglePlay)) }
            } else {
                { glyph(words::PLAY, "M4 1.5v13L14 8z", true, wish(Intent::TogglePlay)) }
            }
            { glyph(words::STEP, "M3 2v12l9-6z", false, wish(Intent::Step)) }
            <button type="button" class="button square" aria-label={words::SLOWER}
                onclick={wish(Intent::Faster(-1))}>{ "−" }</button>
            <input type="range" id="pace" aria-label={words::PACE}
                aria-valuetext={pace(props.speed)} oninput={slide}
                min={hundredths(RANGE.0)} max={hundredths(RANGE.1)} step="5"
                    value={hundredths(props.speed)} />
            <button type="button" class="button square" aria-label={words::FASTER}
                onclick={wish(Intent::Faster(1))}>{ "+" }</button>
            <button type="button" class="button" aria-pressed={props.automatic.to_string()}
                onclick={wish(Intent::ToggleAutomatic)} title={words::AUTOMATIC_HELP}>{
                    words::AUTOMATIC }</button>
            <span class="speed">{ pace(props.speed) }</span>
            <span class="said">{ props.skipped.as_deref().unwrap_or_default() }</span>
            <b class="clock" id={CLOCK}>{ &props.clock }</b>
        </div>
    }
}

fn glyph(
    name: &'static str,
    path: &'static str,
    filled: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" class={classes!("button", "square", filled.then_some("filled"))}
            aria-label={name} title={name} {onclick}>
            <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
        </button>
    }
}

/// The decimal logarithm times 100, for the slider.
#[expect(clippy::cast_possible_truncation, reason = "between -300 and 200")]
fn hundredths(speed: f64) -> String {
    (libm::round(libm::log10(speed.max(RANGE.0 / 10.0)) * 100.0) as i32).to_string()
}

/// The pace that a slider's value means.
#[must_use]
pub fn from_hundredths(value: i32) -> f64 {
    libm::pow(10.0, f64::from(value) / 100.0)
}
