//! A link between two nodes: its two directions with their own faults, and a knob that cuts both.

use super::hands::{Hands, cut, heal};
use crate::ui::figures::px;
use crate::ui::words;
use lab::{NodeId, Selection};
use view::{End, LinkView};
use yew::prelude::*;

/// Draws both directions of a link.
pub fn ways(link: &LinkView, hands: &Hands) -> Html {
    html! {
        <>
            { way(link, (link.a, link.b), link.cut_ab, hands) }
            { way(link, (link.b, link.a), link.cut_ba, hands) }
        </>
    }
}

/// A click on one way of a link cuts it; on a cut one, mends the link.
fn way(link: &LinkView, (from, to): (u8, u8), is_cut: bool, hands: &Hands) -> Html {
    let Some(lane) = hands.plan.lane(End::Node(from), End::Node(to)) else {
        return Html::default();
    };
    let (faint, next) = (hands.stage.steps_back(link), hands.stage.is_next(from, to));
    let action = if is_cut { heal(from, to) } else { cut(from, to, false) };
    let (x1, y1, x2, y2) = (px(lane.from.x), px(lane.from.y), px(lane.to.x), px(lane.to.y));
    let corners = lane.tip().map(|corner| format!("{} {}", px(corner.x), px(corner.y)));
    html! {
        <g class="way" data-way={format!("{from}-{to}")} data-cut={is_cut.to_string()}
            data-disturbed={link.disturbed.to_string()} data-faint={faint.to_string()}
            data-next={next.to_string()} onclick={hands.acts(action)}>
            <title>{ words::way_title(from, to, is_cut) }</title>
            <line class="grip" x1={x1.clone()} y1={y1.clone()} x2={x2.clone()} y2={y2.clone()} />
            <line class="rail" {x1} {y1} x2={x2.clone()} y2={y2.clone()} />
            <path class="tip" d={format!("M{}z", corners.join("L"))} />
        </g>
    }
}

/// Draws the knob in the middle of a link.
pub fn knob(link: &LinkView, hands: &Hands) -> Html {
    let (a, b) = (End::Node(link.a), End::Node(link.b));
    let lanes = (hands.plan.lane(a, b), hands.plan.lane(b, a));
    let (Some(there), Some(back)) = lanes else { return Html::default() };
    let what = Selection::Link(NodeId(link.a), NodeId(link.b));
    let (p, q) = (there.at(0.5), back.at(0.5));
    let cut = link.cut_ab || link.cut_ba;
    html! {
        <g class="link" key={format!("{}-{}", link.a, link.b)}
            role="button" tabindex="-1" data-stop=""
            data-link={format!("{}-{}", link.a, link.b)}
            data-faint={hands.stage.steps_back(link).to_string()} data-cut={cut.to_string()}
            aria-label={words::link_label(link)}
            onclick={hands.opens(what)} onkeydown={hands.on_key(Some((what, &[])))}
            transform={format!("translate({} {})", px(f64::midpoint(p.x, q.x)),
                px(f64::midpoint(p.y, q.y)))}>
            <title>{ words::link_label(link) }</title>
            <circle class="aim" r="12.5" />
            <circle class="knob" r="9.5" />
            if cut {
                <path class="cross" d="M-4-4 4 4M4-4-4 4" />
            } else {
                <path class="tied" d="M-6-4 0-4V-7L6-2.5 0 2V-1H-6zM6 4 0 4V1L-6 5.5 0 10V7H6z"
                    transform="scale(0.68) translate(0 -1.5)" />
            }
        </g>
    }
}
