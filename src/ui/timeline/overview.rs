//! The whole run on one line: the scrubber.

use super::axis::Axis;
use super::{Props, pointer};
use crate::ui::figures::px;
use crate::ui::intent::Intent;
use crate::ui::player::Wish;
use crate::ui::shape::tone;
use crate::ui::words;
use view::number::{clock_ms, span_ms};
use view::pace::Skip;
use yew::prelude::*;

/// The ids of what moves in every frame.
pub const PAST: &str = "overview-past";
/// The playhead.
pub const PLAYHEAD: &str = "overview-head";
/// The frame around what the diagram shows.
pub const WINDOW: &str = "overview-window";
/// Where the line lies.
const LINE: &str = "15";

/// The axis of the strip.
#[must_use]
pub fn axis(until_ms: f64, width: f64) -> Axis {
    Axis { from_ms: 0.0, to_ms: until_ms, left: 16.0, right: (width - 16.0).max(60.0) }
}

/// The strip; a slider for the keyboard.
pub fn overview(props: &Props) -> Html {
    let axis = axis(props.overview.until_ms, props.width);
    let drag = pointer::dragged(&props.send, move |x| axis.ms(x));
    html! {
        <div class="scrub" role="slider" tabindex="0" id="scrubber" data-drag=""
            aria-label={words::SCRUBBER}
            aria-valuemin="0" aria-valuemax={px(props.overview.until_ms)}
                aria-valuenow={px(props.now_ms)}
            aria-valuetext={clock_ms(props.now_ms)} aria-orientation="horizontal"
                onkeydown={keys(&props.send)}
            onpointerdown={drag.clone()} onpointermove={drag}>
            { drawing(props, axis) }
        </div>
    }
}

fn drawing(props: &Props, axis: Axis) -> Html {
    let known = axis.x_inside(props.overview.known_ms);
    html! {
        <svg class="overview" aria-hidden="true">
            <rect class="known" x={px(axis.left)} y="8" width={px(known - axis.left)} height="14"
                rx="3" />
            { for props.skips.iter().map(|skip| skipped(*skip, axis)) }
            <line class="axis" x1={px(axis.left)} x2={px(axis.right)} y1={LINE} y2={LINE} />
            <line class="past" id={PAST} x1={px(axis.left)} y1={LINE} y2={LINE} />
            { for axis.ticks(90.0).into_iter().map(|tick| html! {
                <text class="tick" x={px(axis.x(tick).clamp(24.0, axis.right - 8.0))}
                    y="34">{ span_ms(tick) }</text>
            }) }
            { for props.overview.marks.iter().map(|mark| html! {
                <path class={format!("mark tone-{}", tone(mark.tone))}
                    d={format!("M{} 6V24", px(axis.x(mark.at_ms)))}>
                    <title>{ &mark.label }</title>
                </path>
            }) }
            <rect class="window" id={WINDOW} y="3" height="24" rx="3" />
            <g class="head" id={PLAYHEAD}><line y1="2" y2="28" /><circle cy="5" r="4.5" /></g>
        </svg>
    }
}

fn skipped(skip: Skip, axis: Axis) -> Html {
    let (from, to) = (skip.from.as_millis_f64(), skip.to.as_millis_f64());
    let (left, right) = (axis.x_inside(from), axis.x_inside(to));
    html! {
        <g data-skipped={span_ms(to - from)}>
            <rect class="skip" x={px(left)} y="8" width={px(right - left)} height="14" />
            <path class="skip-sign" d={format!("M{} 11l4 4-4 4m5-8 4 4-4 4",
                px(f64::midpoint(left, right) - 5.0))} />
            <title>{ skip.label() }</title>
        </g>
    }
}

fn keys(send: &Callback<Intent>) -> Callback<KeyboardEvent> {
    let send = send.clone();
    Callback::from(move |event: KeyboardEvent| {
        let fine = if event.shift_key() { 10 } else { 100 };
        let wish = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Wish::SeekBy(fine),
            "ArrowLeft" | "ArrowDown" => Wish::SeekBy(-fine),
            "PageUp" => Wish::SeekBy(1_000),
            "PageDown" => Wish::SeekBy(-1_000),
            "Home" => Wish::ToStart,
            "End" => Wish::ToEnd,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        send.emit(Intent::Time(wish));
    })
}
