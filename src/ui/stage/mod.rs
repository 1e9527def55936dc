//! The stage: the cluster at the playhead. Nodes, links, clients, and the layer on which messages
//! move.
//!
//! Everything on it is found by what it says of itself (`data-node`, `data-link`, `data-chip`), so
//! one handler serves clicks and keys, on what is drawn here and on what moves.

mod client;
mod deeds;
mod hands;
mod link;
mod menu;
mod node;
pub mod paint;

use super::intent::Intent;
use super::layout::{Place, Plan};
use super::session::Selection;
use super::shared::Shared;
use super::views::Offered;
use super::{figures, words};
use crate::lab::NodeId;
use crate::view;
use deeds::Deeds;
use menu::Menu;
use yew::prelude::*;

/// What the stage draws.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The cluster.
    pub stage: Shared<view::Stage>,
    /// Where everything is.
    pub plan: Shared<Plan>,
    /// What is selected.
    pub selected: Option<Selection>,
    /// The open menu: where, a title, and what can be done.
    pub menu: Option<(Place, Shared<Offered>)>,
    /// What the one large button says, and whether it breaks something.
    pub deed: Option<(String, bool)>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The stage.
#[component]
pub fn Stage(props: &Props) -> Html {
    let Props { stage, plan, selected, menu, deed, send } = props;
    let hands = hands::Hands { stage: stage.clone(), plan: plan.clone(), send: send.clone() };
    let drawn = use_mut_ref(|| None);
    let strike = use_node_ref();
    let chosen = |node: u8| *selected == Some(Selection::Node(NodeId(node)));
    let (width, height) = (figures::px(plan.width), figures::px(plan.height));
    html! {
        <section class="panel stage" aria-label={words::STAGE}>
            <div class="stage-drawing" id="stage">
                <svg viewBox={format!("0 0 {width} {height}")} role="group"
                    aria-label={words::STAGE_HELP}
                    onclick={hands.on_click()} onkeydown={hands.on_key()}
                    onpointerdown={hands.on_down(&drawn)}
                        onpointermove={hands.on_move(&drawn, &strike)}
                    onpointerup={hands.on_up(&drawn, &strike)}>
                    { for stage.clients.iter().take(plan.clients.len()).map(|face|
                        client::talk(face, plan)) }
                    { for stage.links.iter().map(|link| link::ways(link, stage, plan)) }
                    { for stage.nodes.iter().zip(&plan.nodes).enumerate().map(|(index,
                        (card, place))| {
                        node::card(card, place, plan.detail, chosen(card.node), index == 0)
                    }) }
                    { for stage.links.iter().map(|link| link::knob(link, stage, plan)) }
                    { for stage.clients.iter().zip(&plan.clients).map(|(face, place)|
                        client::face(face, place)) }
                    <g id={paint::CHIP_LAYER}></g>
                    <line class="strike" ref={strike} />
                </svg>
                if let Some((spot, menu)) = menu {
                    <Menu menu={menu.clone()} spot={*spot} send={send.clone()} />
                }
            </div>
            <Deeds deed={deed.clone()} send={send.clone()} />
        </section>
    }
}
