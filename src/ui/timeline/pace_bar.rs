//! Play and pause, steps, slower and faster, and what the automatic pace did.

use super::Props;
use crate::ui::browser::target;
use crate::ui::figures::pace;
use crate::ui::intent::Intent;
use crate::ui::pace::{PACES, nearest};
use crate::ui::player::Wish;
use crate::ui::words;
use view::number::clock_ms;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The id of the clock.
pub const CLOCK: &str = "clock";

/// The bar.
pub fn pace_bar(props: &Props) -> Html {
    let send = &props.send;
    let wish = |wish: Wish| send.reform(move |_: MouseEvent| Intent::Time(wish));
    let slide = {
        let send = send.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = target::<HtmlInputElement>(&event) {
                send.emit(Intent::Time(Wish::PaceTo(input.value_as_number() as usize)));
            }
        })
    };
    html! {
        <div class="pace" role="group" aria-label={words::PACE}
            data-playing={props.playing.to_string()} data-automatic={props.automatic.to_string()}>
            { glyph(words::TO_START, "M2 2h2v12H2zM14 2v12L5 8z", false, wish(Wish::ToStart)) }
            { glyph(words::STEP_BACK, "M13 2v12L4 8z", false, wish(Wish::StepBack)) }
            if props.playing {
                { glyph(words::PAUSE, "M3 2h4v12H3zM9 2h4v12H9z", true, wish(Wish::TogglePlay)) }
            } else {
                { glyph(words::PLAY, "M4 1.5v13L14 8z", true, wish(Wish::TogglePlay)) }
            }
            { glyph(words::STEP, "M3 2v12l9-6z", false, wish(Wish::Step)) }
            <button type="button" class="button square" aria-label={words::SLOWER}
                onclick={wish(Wish::Faster(-1))}>{ "−" }</button>
            <input type="range" id="pace" aria-label={words::PACE}
                aria-valuetext={pace(props.speed)} oninput={slide}
                min="0" max={(PACES.len() - 1).to_string()} step="1"
                    value={nearest(props.speed).to_string()} />
            <button type="button" class="button square" aria-label={words::FASTER}
                onclick={wish(Wish::Faster(1))}>{ "+" }</button>
            <button type="button" class="button" aria-pressed={props.automatic.to_string()}
                onclick={wish(Wish::ToggleAutomatic)} title={words::AUTOMATIC_HELP}>{
                    words::AUTOMATIC }</button>
            <span class="speed">{ pace(props.speed) }</span>
            <span class="said">{ props.skipped.as_deref().unwrap_or_default() }</span>
            <b class="clock" id={CLOCK}>{ clock_ms(props.now_ms) }</b>
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
