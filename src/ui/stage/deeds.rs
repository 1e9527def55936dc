//! The row below the stage: the one large action, and what follows from it.

use super::Wish;
use crate::ui::intent::{Intent, Sheet};
use crate::ui::session::{LONGER, Rest};
use crate::ui::shared::Shared;
use crate::ui::words;
use engine::world::fault;
use yew::prelude::*;

/// What the row shows.
#[derive(PartialEq)]
pub struct Props {
    /// The cluster: what the one large button does, and what adding a node is called.
    pub stage: Shared<view::Stage>,
    /// What is left of the scenario.
    pub rest: Shared<Rest>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The row of actions.
pub fn deeds(props: &Props) -> Html {
    let send = &props.send;
    html! {
        <div class="stage-actions" role="group" aria-label={words::ACTIONS}>
            if let Some(view::Deed { label, breaks, .. }) = &props.stage.deed {
                <button type="button" id="deed" class={deed_class(*breaks)}
                    onclick={send.reform(|_: MouseEvent| Intent::Stage(Wish::Deed))}>{ label }</button>
            }
            <button type="button" class="button follow-up" data-testid="add-follower"
                onclick={send.reform(|_: MouseEvent| Intent::Stage(Wish::Act(fault::add_follower())))}>{
                    props.stage.adds }</button>
            if props.rest.over {
                <button type="button" class="button follow-up" id="go-on"
                    onclick={send.reform(|_: MouseEvent| Intent::Stage(Wish::Act(fault::prolong(LONGER))))}>{
                        words::go_on(LONGER.as_millis_f64()) }</button>
            }
            <span class="hint">{ words::HINT }<button type="button" class="button"
                onclick={send.reform(|_: MouseEvent| Intent::Sheet(Some(Sheet::Keys)))}>{
                    words::KEYS_BUTTON }</button></span>
            if !props.rest.left_out.is_empty() {
                <p class="left-out" data-testid="left-out">
                    { words::script_left_out(&props.rest.left_out) }{ " " }
                    <button type="button" class="button" id="keep-script"
                        onclick={send.reform(|_: MouseEvent| Intent::Stage(Wish::KeepScript))}>{
                            words::KEEP_SCRIPT }</button>
                </p>
            }
        </div>
    }
}

fn deed_class(breaks: bool) -> &'static str {
    if breaks { "deed" } else { "button filled follow-up" }
}
