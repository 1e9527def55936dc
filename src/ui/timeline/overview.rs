//! The whole run on one line: the scrubber.

use super::axis::Axis;
use crate::ui::figures::px;
use crate::ui::intent::Intent;
use crate::ui::shape::tone;
use crate::ui::shared::Shared;
use crate::ui::words;
use crate::view;
use crate::view::number::{clock_ms, span_ms};
use crate::view::pace::Skip;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// What the strip shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The run.
    pub overview: Shared<view::Overview>,
    /// Stretches that were hurried through.
    pub skips: Vec<Skip>,
    /// The playhead, for those who cannot see it move.
    pub now_ms: f64,
    /// Width of the drawing.
    pub width: f64,
    /// Told every wish.
    pub send: Callback<Intent>,
}

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
    Axis { from_ms: 0.0, to_ms: until_ms, left: 16.0, right: width - 16.0 }
}

/// The strip; a slider for the keyboard.
#[component]
pub fn Overview(props: &Props) -> Html {
    let axis = axis(props.overview.until_ms, props.width);
    let held = use_mut_ref(|| false);
    let seek = {
        let send = props.send.clone();
        move |event: &PointerEvent| {
            let strip = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(strip) = strip {
                let x = f64::from(event.client_x()) - strip.get_bounding_client_rect().left();
                send.emit(Intent::Seek(axis.ms(x)));
            }
        }
    };
    let down = {
        let (held, seek) = (held.clone(), seek.clone());
        Callback::from(move |event: PointerEvent| {
            *held.borrow_mut() = true;
            if let Some(strip) =
                event.current_target().and_then(|target| target.dyn_into::<Element>().ok())
            {
                let _ = strip.set_pointer_capture(event.pointer_id());
            }
            seek(&event);
        })
    };
    let moved = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            if *held.borrow() {
                seek(&event);
            }
        })
    };
    let up = Callback::from(move |_: PointerEvent| *held.borrow_mut() = false);
    html! {
        <div class="scrub" role="slider" tabindex="0" id="scrubber" aria-label={words::SCRUBBER}
            aria-valuemin="0" aria-valuemax={px(props.overview.until_ms)}
                aria-valuenow={px(props.now_ms)}
            aria-valuetext={clock_ms(props.now_ms)} aria-orientation="horizontal"
                onkeydown={keys(&props.send)}
            onpointerdown={down} onpointermove={moved} onpointerup={up.clone()}
                onpointercancel={up}>
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
            "ArrowRight" | "ArrowUp" => Intent::SeekBy(fine),
            "ArrowLeft" | "ArrowDown" => Intent::SeekBy(-fine),
            "PageUp" => Intent::SeekBy(1_000),
            "PageDown" => Intent::SeekBy(-1_000),
            "Home" => Intent::ToStart,
            "End" => Intent::ToEnd,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        send.emit(wish);
    })
}
