//! The sentence: what became of the promises, and why, rewritten as the run goes on.

use super::shape::tone;
use super::shared::Shared;
use yew::prelude::*;

/// What it says.
#[derive(PartialEq)]
pub struct Props {
    /// The sentence.
    pub sentence: Shared<view::Sentence>,
}

/// The large line and the smaller one.
pub fn sentence(props: &Props) -> Html {
    html! {
        <div class="sentence" data-testid="sentence">
            <h1>
                { for props.sentence.parts.iter().map(|(tone_of_part, text)| html! {
                    <><span class={format!("tone-{}", tone(*tone_of_part))}>{ text }</span>{ " "
                        }</>
                }) }
            </h1>
            <p class="why">{ &props.sentence.why }</p>
        </div>
    }
}
