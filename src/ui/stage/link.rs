//! A link between two nodes: its two directions with their own faults, and a knob that cuts both.

use crate::ui::figures::px;
use crate::ui::layout::{Lane, Plan};
use crate::ui::words;
use view::{End, LinkView, Stage};
use yew::prelude::*;

/// Draws both directions of a link.
pub fn ways(link: &LinkView, stage: &Stage, plan: &Plan) -> Html {
    let (a, b) = (End::Node(link.a), End::Node(link.b));
    let faint = stage.steps_back(link);
    html! {
        <>
            { way(plan.lane(a, b), link, (link.a, link.b), faint, stage) }
            { way(plan.lane(b, a), link, (link.b, link.a), faint, stage) }
        </>
    }
}

fn way(
    lane: Option<Lane>,
    link: &LinkView,
    (from, to): (u8, u8),
    faint: bool,
    stage: &Stage,
) -> Html {
    let Some(lane) = lane else { return Html::default() };
    let cut = if from == link.a { link.cut_ab } else { link.cut_ba };
    let next = stage.is_next(from, to);
    let (x1, y1, x2, y2) = (px(lane.from.x), px(lane.from.y), px(lane.to.x), px(lane.to.y));
    let corners = lane.tip().map(|corner| format!("{} {}", px(corner.x), px(corner.y)));
    html! {
        <g class="way" data-way={format!("{from}-{to}")} data-cut={cut.to_string()}
            data-disturbed={link.disturbed.to_string()} data-faint={faint.to_string()}
            data-next={next.to_string()}>
            <title>{ words::way_title(from, to, cut) }</title>
            <line class="grip" x1={x1.clone()} y1={y1.clone()} x2={x2.clone()} y2={y2.clone()} />
            <line class="rail" {x1} {y1} x2={x2.clone()} y2={y2.clone()} />
            <path class="tip" d={format!("M{}z", corners.join("L"))} />
        </g>
    }
}

/// Draws the knob in the middle of a link.
pub fn knob(link: &LinkView, stage: &Stage, plan: &Plan) -> Html {
    let (a, b) = (End::Node(link.a), End::Node(link.b));
    let (Some(there), Some(back)) = (plan.lane(a, b), plan.lane(b, a)) else {
        return Html::default();
    };
    let (p, q) = (there.at(0.5), back.at(0.5));
    let cut = link.cut_ab || link.cut_ba;
    html! {
        <g class="link" key={format!("{}-{}", link.a, link.b)}
            role="button" tabindex="-1" data-stop=""
            data-link={format!("{}-{}", link.a, link.b)}
            data-faint={stage.steps_back(link).to_string()} data-cut={cut.to_string()}
                aria-label={words::link_label(link)}
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
