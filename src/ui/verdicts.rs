//! The verdicts: each promise, whether it was kept, and what shows it.

use super::bars;
use super::intent::Intent;
use super::player::Wish;
use super::shape::{sign, tone};
use super::shared::Shared;
use super::words;
use lab::EventId;
use view::{Tone, VerdictView};
use yew::prelude::*;

/// What the panel shows.
#[derive(PartialEq)]
pub struct Props {
    /// The promises.
    pub verdicts: Shared<Vec<VerdictView>>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The verdicts.
pub fn verdicts(props: &Props) -> Html {
    let untested = props.verdicts.iter().filter(|one| one.tone == Tone::Faint).count();
    html! {
        <section class="panel verdicts" id="verdicts" aria-labelledby="verdicts-title">
            <div class="panel-head"><h2 id="verdicts-title">{ words::VERDICTS }</h2>
                <span>{ words::VERDICTS_SAY }</span></div>
            { list(props, |one| one.tone != Tone::Faint) }
            if untested > 0 {
                <details>
                    <summary>{ words::untested(untested) }</summary>
                    { list(props, |one| one.tone == Tone::Faint) }
                </details>
            }
        </section>
    }
}

fn list(props: &Props, belongs: fn(&&VerdictView) -> bool) -> Html {
    let chosen = props.verdicts.iter().filter(belongs);
    html! { <ul>{ for chosen.map(|one| verdict(one, &props.send)) }</ul> }
}

fn verdict(verdict: &VerdictView, send: &Callback<Intent>) -> Html {
    let colour = format!("tone-{}", tone(verdict.tone));
    html! {
        <li key={verdict.promise} data-verdict={verdict.word}>
            <span class={classes!("sign", colour.clone())} aria-hidden="true">{ sign(verdict.tone)
                }</span>
            <span>{ verdict.promise }</span>
            <span class={classes!("word", colour)}>{ verdict.word }</span>
            <span class="why">{ &verdict.why }
                if let Some(event) = verdict.witness {
                    { " " }
                    <button type="button"
                        onclick={send.reform(move |_: MouseEvent|
                            Intent::Time(Wish::SeekEvent(EventId(event))))}>{
                            words::SEE_WITNESS }</button>
                }
            </span>
            if let Some(operations) = &verdict.bars {
                { bars::bars(operations, send) }
            }
        </li>
    }
}
