//! A node as a card: role, epoch, the end of its log, its positions, its countdown.

use super::hands::Hands;
use crate::ui::figures::px;
use crate::ui::layout::{Detail, Place, bar_and_words};
use crate::ui::shape::{CELL_PITCH, PAGE_PITCH, cell_look, node_look, node_path};
use crate::ui::words;
use lab::{NodeId, Selection};
use view::{Cell, CellLook, NodeCard, NodeLook, PageView, Positions};
use yew::prelude::*;

/// How a card is drawn.
#[derive(Clone, Copy, Default)]
pub struct Ways {
    /// It is selected.
    pub chosen: bool,
    /// It takes the stage's one tab stop.
    pub first: bool,
    /// Time passes so fast that nobody could read the records' numbers: they are left out.
    pub hurried: bool,
}

/// Draws a card at its place.
pub fn card(node: &NodeCard, place: &Place, hands: &Hands, ways: Ways) -> Html {
    let what = Selection::Node(NodeId(node.node));
    let Ways { chosen, first, hurried } = ways;
    let down = matches!(node.look, NodeLook::Crashed | NodeLook::PoweredOff);
    let full = hands.plan.detail == Detail::Full;
    let shown = if full { node.cells.len() } else { node.cells.len().min(8) };
    html! {
        <g class="node" key={node.node} role="button"
            tabindex={if first { "0" } else { "-1" }} data-stop=""
            data-node={node.name.clone()} data-index={node.node.to_string()}
            data-role={node.word} data-look={node_look(node.look)} data-down={down.to_string()}
            data-chosen={chosen.to_string()} aria-haspopup="menu" aria-expanded={chosen.to_string()}
            aria-label={words::node_label(node)}
            onclick={hands.opens(what)} onkeydown={hands.on_key(Some((what, &node.offers)))}
            transform={format!("translate({} {})", px(place.x), px(place.y))}>
            <rect class="halo" x="-5" y="-5" width={px(place.w + 10.0)} height={px(place.h + 10.0)}
                rx="16" />
            <g aria-hidden="true">
                <rect class="box" width={px(place.w)} height={px(place.h)} rx="12" />
                <path class="shape" d={node_path(node.look)} transform="translate(13 10)" />
                <text class="name" x="40" y="27">{ &node.name }</text>
                <text class={if full { "word" } else { "word short" }}
                    x={if node.name.len() > 2 { "82" } else { "71" }} y="27">
                    { words::role_and_epoch(node, full) }
                </text>
                { ring(node, place) }
                <g transform={if full { "translate(13 38)" } else { "translate(12 38)" }}>
                    { for node.cells[node.cells.len() - shown..].iter().enumerate().map(|(index,
                        cell)|
                        log_cell(cell, index, hurried)) }
                </g>
                if full { { below(node, place) } } else { { below_compact(node, place) } }
            </g>
        </g>
    }
}

fn ring(node: &NodeCard, place: &Place) -> Html {
    if node.ring.is_none() {
        return Html::default();
    }
    html! {
        <g class="ring" data-ring={node.node.to_string()}
            data-accrues={node.suspicion.is_some().to_string()}
            transform={format!("translate({} 22)", px(place.w - 26.0))}>
            <circle class="fired" r="13" />
            <circle class="track" r="12.5" />
            <circle class="left" r="12.5" pathLength="100" stroke-dasharray="100 100"
                transform="rotate(-90)" />
            <text y="3.7"></text>
        </g>
    }
}

fn log_cell(cell: &Cell, index: usize, hurried: bool) -> Html {
    let number = || if hurried { String::new() } else { (cell.position % 100).to_string() };
    html! {
        <g class="cell" data-look={cell_look(cell.look)}
            data-position={cell.position.to_string()}
            data-op={cell.op.map(|op| op.to_string())}
            transform={format!("translate({} 0)", px(CELL_PITCH * index_of(index)))}>
            if !hurried {
                <title>{ &cell.text }</title>
            }
            if cell.look == CellLook::EpochMark {
                <path d="M7.7 1 14 11 7.7 21 1.4 11z" />
                <text x="7.7" y="14.3">{ number() }</text>
            } else {
                <rect width="15.4" height="22" rx="2.5" />
                if cell.look == CellLook::Lost {
                    <path d="M3.2 5l9 12m0-12-9 12" />
                } else {
                    <text x="7.7" y="14.3">{ number() }</text>
                }
            }
        </g>
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most a dozen cells")]
fn index_of(index: usize) -> f64 {
    index as f64
}

fn below(node: &NodeCard, place: &Place) -> Html {
    let second = px(place.w / 2.0 + 4.0);
    html! {
        <>
            if !node.pages.is_empty() {
                { pages(&node.pages) }
            } else if let Some(Positions { last, flushed, committed, applied, .. }) = node.positions {
                <text class="pos" x="14" y="76">{ words::position(words::LAST, last) }</text>
                <text class="pos" x={second.clone()} y="76">{
                    words::position(words::FLUSHED, flushed) }</text>
                <text class="pos" x="14" y="90">{ words::position(words::COMMITTED, committed)
                    }</text>
                <text class="pos" x={second} y="90">{ words::position(words::APPLIED, applied)
                    }</text>
            }
            if let Some(tree) = &node.tree { { super::store::tree(tree, place) } }
            { remark(node, place, if node.positions.is_some() || node.tree.is_some() {
                "106" } else { "82" }) }
        </>
    }
}

/// The pages of a copy: which, the moment that each is of, and its age by colour.
fn pages(pages: &[PageView]) -> Html {
    html! {
        <g transform="translate(13 66)">
            { for pages.iter().enumerate().map(|(index, page)| html! {
                <g class="leaf" data-page={page.label.clone()} data-age={page.age.to_string()}
                    transform={format!("translate({} 0)", px(PAGE_PITCH * index_of(index)))}>
                    <title>{ &page.label }</title>
                    <rect width="26" height="28" rx="2.5" />
                    <text x="13" y="12">{ &page.name }</text>
                    <text class="at" x="13" y="23">{ words::page_at(page.at) }</text>
                </g>
            }) }
        </g>
    }
}

fn below_compact(node: &NodeCard, place: &Place) -> Html {
    if let Some(received) = node.snapshot {
        return fill(received, place, 68.0);
    }
    html! {
        if let Some(positions) = node.positions {
            <text class="pos" x="12" y="77">{
                words::two_positions(positions.last, positions.committed) }</text>
        }
    }
}

/// One line of words, or the bar of a snapshot that is being received.
fn remark(node: &NodeCard, place: &Place, y: &'static str) -> Html {
    if let Some(received) = node.snapshot {
        return fill(received, place, 97.0);
    }
    let said = node.remark.as_ref().or(node.suspicion.as_ref()).or(node.awaited.as_ref());
    let Some(text) = said.cloned() else { return Html::default() };
    html! { <text class={if node.remark.is_some() { "remark" } else { "synchronous" }} x="14"
    y={y}>{ words::shortened(&text, 38) }<title>{ text }</title></text> }
}

/// How much of a snapshot has arrived, in bytes.
fn fill((done, of): (u32, u32), place: &Place, y: f64) -> Html {
    let told = words::bytes_of(done, of);
    let (whole, right) = bar_and_words(place.w, &told);
    let part = whole * f64::from(done) / f64::from(of.max(1));
    html! {
        <g class="fill" data-snapshot={done.to_string()} data-of={of.to_string()}>
            <rect class="track" x="14" y={px(y)} width={px(whole)} height="10" rx="3" />
            <rect class="done" x="14" y={px(y)} width={px(part)} height="10" rx="3" />
            <text x={px(right)} y={px(y + 9.0)} text-anchor="end">{ told }</text>
        </g>
    }
}
