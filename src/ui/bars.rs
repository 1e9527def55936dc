//! The operations on one key as bars: drawn beneath the promise that one of their answers broke.

use super::figures::px;
use super::intent::Intent;
use super::parts::roving::walk;
use super::stage::Wish;
use lab::{OpId, Selection};
use view::{Bar, Bars, Part};
use yew::prelude::*;

/// The drawing's own units: it is as wide as its panel.
const WIDTH: f64 = 460.0;
const LEFT: f64 = 26.0;
const LANE: f64 = 17.0;
const BAR: f64 = 13.0;
/// Room for the words of a fault.
const FAULT: f64 = 13.0;
/// Faults that are named; more lie too close.
const NAMED: usize = 4;
/// A figure's width.
const FIGURE: f64 = 6.2;

/// The drawing.
#[expect(clippy::cast_precision_loss, reason = "some dozens of lanes")]
pub fn bars(bars: &Bars, send: &Callback<Intent>) -> Html {
    let named = bars.faults.len().min(NAMED) as f64;
    let top = named * FAULT + 4.0;
    let bottom = top + bars.lanes.len() as f64 * LANE;
    let scale = (WIDTH - LEFT - 4.0) / (bars.to_ms - bars.from_ms).max(0.001);
    let x = move |ms: f64| LEFT + (ms - bars.from_ms) * scale;
    let y = move |lane: usize| top + lane as f64 * LANE;
    html! {
        <div class="bars" data-walk="">
            <svg viewBox={format!("0 0 {} {}", px(WIDTH), px(bottom + 2.0))} role="group"
                aria-label={bars.title.clone()}>
                { for bars.faults.iter().enumerate().map(|(row, (at, label))|
                    fault(row, x(*at), label, bottom)) }
                { for bars.lanes.iter().enumerate().map(|(lane, name)| html! {
                    <text class="lane" x="0" y={px(y(lane) + BAR - 3.0)}>{ name }</text> }) }
                { for bars.bars.iter().enumerate().map(|(index, one)| {
                    let from = x(one.from_ms);
                    let width = (x(one.to_ms) - from).max(3.0);
                    bar(one, (from, y(one.lane), width), index == 0, send)
                }) }
            </svg>
            <span>{ caption(bars) }</span>
        </div>
    }
}

fn caption(bars: &Bars) -> String {
    let left_out = match bars.left_out {
        0 => String::new(),
        more => format!(" {more} more are not drawn."),
    };
    format!(
        "{}: filled bars write, hollow ones read, dotted ones have no answer.{left_out}",
        bars.title
    )
}

#[expect(clippy::cast_precision_loss, reason = "four at most")]
fn fault(row: usize, x: f64, label: &str, bottom: f64) -> Html {
    let y = row as f64 * FAULT + 10.0;
    let (anchor, text) = if x > WIDTH * 0.55 { ("end", x - 4.0) } else { ("start", x + 4.0) };
    html! {
        <g class="fault">
            <title>{ label }</title>
            <path d={format!("M{} {}V{}", px(x), px(y.min(NAMED as f64 * FAULT) - 8.0), px(bottom))} />
            if row < NAMED {
                <text x={px(text)} y={px(y)} text-anchor={anchor}>{ label }</text>
            }
        </g>
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few figures")]
fn bar(bar: &Bar, (x, y, width): (f64, f64, f64), first: bool, send: &Callback<Intent>) -> Html {
    let wish = Intent::Stage(Wish::Select(Some(Selection::Write(OpId(bar.op)))));
    let keyed = {
        let (send, wish) = (send.clone(), wish.clone());
        Callback::from(move |event: KeyboardEvent| {
            let chosen = matches!(event.key().as_str(), "Enter" | " ");
            if chosen || walk(&event) {
                event.prevent_default();
                event.stop_propagation();
            }
            if chosen {
                send.emit(wish.clone());
            }
        })
    };
    let needs = bar.label.chars().count() as f64 * FIGURE + 4.0;
    let inside = width >= needs;
    let (part, told) = match bar.part {
        Part::Bad => ("bad", true),
        Part::Named => ("named", true),
        Part::Other => ("other", false),
    };
    let text = if inside {
        (x + width / 2.0, "middle")
    } else if x + width + needs < WIDTH {
        (x + width + 2.0, "start")
    } else {
        (x - 2.0, "end")
    };
    html! {
        <g class="bar" role="button" data-stop="" tabindex={if first { "0" } else { "-1" }}
            data-part={part} data-writes={bar.writes.to_string()} data-open={bar.open.to_string()}
            aria-label={bar.text.clone()} onkeydown={keyed}
            onclick={send.reform(move |_: MouseEvent| wish.clone())}>
            <title>{ &bar.text }</title>
            <rect x={px(x)} y={px(y)} width={px(width)} height={px(BAR)} rx="2" />
            if bar.part == Part::Bad {
                <path d={format!("M{} {}l5 -5m-5 0l5 5", px(x + width / 2.0 - 2.5), px(y + BAR + 3.0))} />
            }
            if inside || told {
                <text class={if inside { "in" } else { "by" }} x={px(text.0)} y={px(y + BAR - 3.0)}
                    text-anchor={text.1}>{ &bar.label }</text>
            }
        </g>
    }
}
