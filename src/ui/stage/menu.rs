//! What can be done to a thing, opened where the thing is.

use super::Wish;
use crate::ui::intent::Intent;
use crate::ui::parts::roving;
use crate::ui::shared::Shared;
use crate::ui::views::Offered;
use crate::ui::words;
use view::Offer;
use yew::prelude::*;

/// What the menu shows.
#[derive(PartialEq)]
pub struct Props {
    /// What it is about and what can be done.
    pub menu: Shared<Offered>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The id of the menu.
pub const MENU: &str = "menu";

/// A menu; its first line has the focus.
#[inline(never)]
pub fn menu(props: &Props) -> Html {
    let on_key = {
        let (send, offers) = (props.send.clone(), props.menu.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if event.key() == "Escape" || event.key() == "Tab" {
                send.emit(Intent::Stage(Wish::Close));
                event.prevent_default();
            } else if roving::walk(&event) {
                event.prevent_default();
            } else if let Some(offer) = offered(&offers.offers, &event.key()) {
                send.emit(Intent::Stage(Wish::Act(offer.action)));
                event.prevent_default();
            }
        })
    };
    let Offered { title, offers } = &*props.menu;
    html! {
        <div class="menu" id={MENU} onkeydown={on_key} data-testid="menu">
            <h2 id="menu-title">{ title }</h2>
            <div role="menu" data-walk="" aria-labelledby="menu-title">
                { for offers.iter().enumerate().map(|(index, offer)|
                    line(offer, index == 0, &props.send)) }
            </div>
            if offers.is_empty() { <p class="none">{ words::NOTHING_TO_DO }</p> }
        </div>
    }
}

/// The offer with this key.
pub fn offered<'a>(offers: &'a [Offer], key: &str) -> Option<&'a Offer> {
    let mut letters = key.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    offers.iter().find(|offer| offer.key == Some(letter))
}

fn line(offer: &Offer, first: bool, send: &Callback<Intent>) -> Html {
    let wish = Intent::Stage(Wish::Act(offer.action));
    html! {
        <button type="button" role="menuitem" data-stop="" tabindex={if first { "0" } else { "-1" }}
            data-breaks={offer.breaks.to_string()}
                onclick={send.reform(move |_: MouseEvent| wish.clone())}>
            <span>{ offer.label }</span>
            if let Some(key) = offer.key { <kbd>{ key }</kbd> }
            <small>{ offer.help }</small>
        </button>
    }
}
