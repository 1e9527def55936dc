//! The stage: the cluster at the playhead. Nodes, links, clients, and the layer on which messages
//! move.
//!
//! What is drawn here knows what it stands for and says so when it is touched. Messages are made and moved by the
//! painter, in every frame and without a listener of their own: it knows which element is which.

mod client;
mod deeds;
mod hands;
mod link;
pub mod menu;
mod node;
pub mod paint;
mod state;
mod store;

pub use state::{State, Wish};

use super::intent::Intent;
use super::layout::Plan;
use super::session::Rest;
use super::shape::RING;
use super::shared::Shared;
use super::views::Offered;
use super::{figures, words};
use lab::{NodeId, Selection};
use yew::prelude::*;

/// What the stage draws.
#[derive(PartialEq)]
pub struct Props {
    /// The cluster.
    pub stage: Shared<view::Stage>,
    /// Where everything is.
    pub plan: Shared<Plan>,
    /// What is selected.
    pub selected: Option<Selection>,
    /// The open menu: a title, and what can be done.
    pub menu: Option<Shared<Offered>>,
    /// What is left of the scenario.
    pub rest: Shared<Rest>,
    /// Time passes too fast for numbers that change with every write.
    pub hurried: bool,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The stage. Each kind of thing has a group and each node and link a key, so that an element, and
/// the focus with it, stays with what it stands for when others come and go.
pub fn stage(props: &Props) -> Html {
    let Props { stage, plan, selected, menu, rest, hurried, send } = props;
    let hands = hands::Hands { stage, plan, send };
    let chosen = |node: u8| *selected == Some(Selection::Node(NodeId(node)));
    let (width, height) = (figures::px(plan.width), figures::px(plan.height));
    html! {
        <section class="panel stage" aria-label={words::STAGE}>
            <div class="stage-drawing" id="stage">
                <svg viewBox={format!("0 0 {width} {height}")} role="group" data-walk=""
                    aria-label={words::STAGE_HELP}
                    onclick={hands.on_click()} onkeydown={hands.on_key(None)}
                    onpointerdown={hands::on_down()} onpointermove={hands::on_move()}
                    onpointerup={hands.on_up()}>
                    <g>{ for stage.clients.iter().take(plan.clients.len()).map(|face|
                        client::talk(face, plan)) }</g>
                    <g>{ for stage.links.iter().map(|link| link::ways(link, &hands)) }</g>
                    if let Some(ring) = &stage.ring {
                        { store::ring(ring, plan.centre(RING)) }
                    }
                    <g>{ for stage.nodes.iter().zip(&plan.nodes).enumerate().map(|(index,
                        (card, place))| {
                        let chosen = chosen(card.node);
                        let ways = node::Ways { chosen, first: index == 0, hurried: *hurried };
                        node::card(card, place, &hands, ways)
                    }) }</g>
                    <g>{ for stage.clients.iter().zip(&plan.clients).map(|(face, place)|
                        client::face(face, place)) }</g>
                    <g id={paint::CHIP_LAYER}></g>
                    // Above the messages: a busy link can still be taken hold of.
                    <g>{ for stage.links.iter().map(|link| link::knob(link, &hands)) }</g>
                    <line class="strike" id={hands::STRIKE} />
                </svg>
                if let Some(menu) = menu {
                    { menu::menu(&menu::Props { menu: menu.clone(), send: send.clone() }) }
                }
            </div>
            { deeds::deeds(&deeds::Props { stage: stage.clone(), rest: rest.clone(), send: send.clone() }) }
        </section>
    }
}

/// Finds a thing on the stage again.
#[must_use]
pub fn selector(what: Selection) -> String {
    match what {
        Selection::Node(node) => format!("[data-node][data-index='{}']", node.0),
        Selection::Link(a, b) => format!("[data-link='{}-{}']", a.0, b.0),
        Selection::Message(event) => format!("[data-chip='{}']", event.0),
        Selection::Event(event) => format!("[data-event='{}']", event.0),
        Selection::Write(op) => format!("#ledger [data-op='{}']", op.0),
    }
}
