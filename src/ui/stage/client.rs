//! A client's face: whom it asks, and what it was told last.

use crate::ui::figures::px;
use crate::ui::layout::{Place, Plan};
use crate::ui::shape::{sign, tone};
use crate::ui::words;
use view::{ClientFace, End};
use yew::prelude::*;

/// Draws a client's face.
pub fn face(client: &ClientFace, place: &Place) -> Html {
    html! {
        <g class="client" data-client={client.name.clone()} data-tone={tone(client.tone)} role="img"
            aria-label={words::client_label(client)}
            transform={format!("translate({} {})", px(place.x), px(place.y))}>
            <title>{ words::client_label(client) }</title>
            <rect class="box" width={px(place.w)} height={px(place.h)} rx="27" />
            <text class="name" x="17" y="23">{ &client.name }</text>
            <text class="asks" x="40" y="23">{ words::asks(client.talks_to) }</text>
            <text class={format!("told tone-{}", tone(client.tone))} x="17" y="40">
                { words::shortened(&format!("{} {}", sign(client.tone), client.brief), 25) }
            </text>
        </g>
    }
}

/// Draws the way between a client and the node that it asks.
pub fn talk(client: &ClientFace, plan: &Plan) -> Html {
    match plan.lane(End::Client(client.client), End::Node(client.talks_to)) {
        Some(lane) => html! {
            <line class="talk" x1={px(lane.from.x)} y1={px(lane.from.y)} x2={px(lane.to.x)}
                y2={px(lane.to.y)} />
        },
        None => Html::default(),
    }
}
