//! The inspector: the selected node, message or write, and the chain of its causes.

use super::intent::Intent;
use super::shared::Shared;
use super::{player, stage, words};
use lab::EventId;
use view::number::clock_ms;
use view::{self, CauseStep, Offer};
use yew::prelude::*;

/// What the inspector shows.
#[derive(PartialEq)]
pub struct Props {
    /// What is selected, explained.
    pub inspector: Option<Shared<view::Inspector>>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The inspector.
pub fn inspector(props: &Props) -> Html {
    let send = &props.send;
    html! {
        <section class="panel inspector" id="inspector" aria-labelledby="inspector-title">
            <div class="panel-head"><h2 id="inspector-title">{ words::INSPECTOR }</h2>
                <span>{ words::INSPECTOR_SAYS }</span></div>
            <div class="body">
                if let Some(inspector) = &props.inspector {
                    <h3>{ &inspector.title }</h3>
                    <dl>{ for inspector.rows.iter().map(|(name, value)| html!
                        { <><dt>{ name }</dt><dd>{ value }</dd></> }) }</dl>
                    if !inspector.causes.is_empty() {
                        <h4>{ words::WHY }</h4>
                        <div class="causes" role="group" aria-label={words::CAUSES}>
                            { for inspector.causes.iter().map(|step| cause(step, send)) }
                        </div>
                    }
                    if !inspector.offers.is_empty() {
                        <div class="offers" role="group" aria-label={words::ACTIONS}>
                            { for inspector.offers.iter().map(|one| offer(one, send)) }
                        </div>
                    }
                } else {
                    <p class="empty">{ words::NOTHING_SELECTED }</p>
                }
            </div>
        </section>
    }
}

fn cause(step: &CauseStep, send: &Callback<Intent>) -> Html {
    let wish = Intent::Time(player::Wish::SeekEvent(EventId(step.event)));
    html! {
        <button type="button" data-event={step.event.to_string()} title={words::SEEK_HERE}
            onclick={send.reform(move |_: MouseEvent| wish.clone())}>
            <time>{ clock_ms(step.at_ms) }</time><span>{ &step.text }</span>
        </button>
    }
}

fn offer(offer: &Offer, send: &Callback<Intent>) -> Html {
    let wish = Intent::Stage(stage::Wish::Act(offer.action));
    html! {
        <button type="button" class={classes!("button", offer.breaks.then_some("tone-lost"))}
            title={offer.help}
            onclick={send.reform(move |_: MouseEvent| wish.clone())}>{ offer.label }</button>
    }
}
