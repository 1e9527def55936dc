//! The ledger: what every client was told, and what became of it.

use super::intent::Intent;
use super::shape::{sign_of_write, tone};
use super::shared::Shared;
use super::stage::Wish;
use super::words;
use lab::{OpId, Selection};
use view::number::{clock_ms, count, span_ms};
use view::{self, LedgerRow, Tally};
use yew::prelude::*;

/// What the ledger shows.
#[derive(PartialEq)]
pub struct Props {
    /// The writes.
    pub ledger: Shared<view::Ledger>,
    /// What is selected.
    pub selected: Option<Selection>,
    /// Time passes too fast for more than a glance: only as many rows as are in sight.
    pub hurried: bool,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// As many rows as there is room for without scrolling.
const IN_SIGHT: usize = 16;

/// The ledger.
pub fn ledger(props: &Props) -> Html {
    let ledger = &props.ledger;
    let chosen = |entry: &LedgerRow| props.selected == Some(Selection::Write(OpId(entry.op)));
    let rows = ledger
        .rows
        .iter()
        .enumerate()
        .filter(|(place, entry)| !props.hurried || *place < IN_SIGHT || chosen(entry));
    html! {
        <section class="panel ledger" id="ledger" aria-labelledby="ledger-title">
            <div class="panel-head"><h2 id="ledger-title">{ words::LEDGER }</h2>
                <span>{ words::LEDGER_SAYS }</span></div>
            { tally(&ledger.tally) }
            <div class="rows" role="group" tabindex="0" aria-label={words::WRITES}>
                { for rows.map(|(_, entry)| row(entry, chosen(entry), &props.send)) }
                if ledger.rows.is_empty() { <p class="empty">{ words::NO_WRITES }</p> }
            </div>
            if ledger.more_lost > 0 { <p class="more">{ words::more_lost(ledger.more_lost, &ledger.tally) }</p> }
        </section>
    }
}

fn tally(tally: &Tally) -> Html {
    let entry = |name: &'static str, value: String, tone: &'static str| {
        html! { <div data-tally={name}><dt>{ name }</dt><dd class={tone}>{ value }</dd></div> }
    };
    let number = |value: u32| count(u64::from(value));
    html! {
        <dl class="tally">
            { entry(words::ACKNOWLEDGED, number(tally.acknowledged), "tone-plain") }
            { entry(words::LOST, number(tally.lost), toned(tally.lost, "tone-lost")) }
            if tally.overwritten > 0 {
                { entry(words::OVERWRITTEN, number(tally.overwritten), "tone-lost") }
            }
            if tally.unknown > 0 {
                { entry(words::UNKNOWN, number(tally.unknown), "tone-wait") }
            }
            if tally.waiting > 0 || tally.unknown == 0 {
                { entry(words::WAITING, number(tally.waiting), toned(tally.waiting, "tone-wait")) }
            }
            { entry(words::BLOCKED, span_ms(tally.blocked_ms), "tone-plain") }
        </dl>
    }
}

/// A count has its tone only when it counts something.
fn toned(count: u32, tone: &'static str) -> &'static str {
    if count > 0 { tone } else { "tone-plain" }
}

fn row(entry: &LedgerRow, chosen: bool, send: &Callback<Intent>) -> Html {
    let wish = Intent::Stage(Wish::Select(Some(Selection::Write(OpId(entry.op)))));
    let colour = format!("tone-{}", tone(entry.tone));
    html! {
        <button type="button" class="row" data-op={entry.op.to_string()}
            data-fate={tone(entry.tone)}
            aria-pressed={chosen.to_string()}
            onclick={send.reform(move |_: MouseEvent| wish.clone())}>
            <span class={classes!("sign", colour.clone())} aria-hidden="true">{ sign_of_write(entry)
                }</span>
            <span><code>{ &entry.what }</code>{ " " }<span class={classes!("fate", colour)}>{
                &entry.fate }</span></span>
            <time>{ clock_ms(entry.at_ms) }</time>
            if let Some(why) = &entry.why { <small>{ why }</small> }
        </button>
    }
}
