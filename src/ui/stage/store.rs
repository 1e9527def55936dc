//! The ring of keys in the middle of the stage, and the hash tree on a node's card.

use crate::ui::figures::px;
use crate::ui::layout::{Place, Point};
use crate::ui::shape::{RING_NAMED, RING_RADIUS};
use view::{HashTree, KeyRing};
use yew::prelude::*;

/// Room for a tree's rows.
const ROW: f64 = 7.0;

/// The tree as rows of ranges; those that differ are filled and wear a stroke.
pub fn tree(tree: &HashTree, place: &Place) -> Html {
    let width = place.w - 28.0;
    html! {
        <g class="hash-tree" data-with={tree.with.clone()} transform="translate(14 66)">
            <title>{ &tree.text }</title>
            { for tree.levels.iter().enumerate().map(|(row, ranges)| level(row, ranges, width)) }
        </g>
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most sixteen ranges in a row")]
fn level(row: usize, ranges: &[bool], width: f64) -> Html {
    let each = width / ranges.len().max(1) as f64;
    html! {
        { for ranges.iter().enumerate().map(|(index, differs)| html! {
            <rect x={px(each * index as f64 + 0.5)} y={px(ROW * row as f64)}
                width={px(each - 1.0)} height={if *differs { "6" } else { "3" }}
                data-differs={differs.to_string()} />
        }) }
    }
}

/// The ring with its stretches; where they are few, each wears the name of its node.
pub fn ring(ring: &KeyRing, Point { x, y }: Point) -> Html {
    let named = ring.arcs.len() <= RING_NAMED;
    html! {
        <g class="key-ring" role="img" aria-label={ring.text.clone()}
            transform={format!("translate({} {})", px(x), px(y))}>
            <title>{ &ring.text }</title>
            <circle r={px(RING_RADIUS)} class="track" />
            { for ring.arcs.iter().enumerate().map(|(index, (from, to, node))|
                arc(*from, *to, *node, index % 2 == 1, named)) }
        </g>
    }
}

fn arc(from: f64, to: f64, node: u8, odd: bool, named: bool) -> Html {
    let turn = |share: f64| px(share * 360.0 - 90.0);
    let length = px((to - from).max(0.002) * 100.0);
    let middle = (from + to) / 2.0 * 360.0;
    let place =
        format!("rotate({}) translate(0 -{}) rotate({})", px(middle), px(RING_RADIUS), px(-middle));
    html! {
        <>
            <circle class="arc" r={px(RING_RADIUS)} pathLength="100" data-odd={odd.to_string()}
                data-holder={node.to_string()} stroke-dasharray={format!("{length} 100")}
                transform={format!("rotate({})", turn(from))} />
            if named && to - from > 0.035 {
                <text y="3.5" transform={place}>{ format!("n{}", u16::from(node) + 1) }</text>
            }
        </>
    }
}
