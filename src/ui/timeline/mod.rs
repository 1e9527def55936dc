//! The timeline: pace, the space-time diagram, the whole run, and the branches of what was done in
//! the past.

pub mod axis;
mod canvas;
pub mod ink;
pub mod overview;
pub mod pace_bar;
pub mod paint;
mod pointer;

use super::intent::Intent;
use super::session::BranchView;
use super::shared::Shared;
use super::words;
use axis::Window;
use overview::overview;
use pace_bar::pace_bar;
use view::number::clock_ms;
use view::pace::Skip;
use view::picture::diagram::axis as diagram_axis;
use yew::prelude::*;

/// What the panel shows.
#[derive(PartialEq)]
pub struct Props {
    /// The run.
    pub overview: Shared<view::Overview>,
    /// A stretch of it.
    pub diagram: Shared<view::Timeline>,
    /// Paints it.
    pub painter: paint::Painter,
    /// The window of the diagram.
    pub window: Window,
    /// Width of the panel.
    pub width: f64,
    /// The playhead.
    pub now_ms: f64,
    /// Whether time passes.
    pub playing: bool,
    /// Whether the pace finds itself.
    pub automatic: bool,
    /// Simulated per watched time.
    pub speed: f64,
    /// Stretches that were hurried through.
    pub skips: Vec<Skip>,
    /// What was skipped last, in words.
    pub skipped: Option<String>,
    /// The futures that were made.
    pub branches: Shared<Vec<BranchView>>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The panel.
pub fn timeline(props: &Props) -> Html {
    let send = &props.send;
    let wish = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    props.painter.paint(props);
    html! {
        <section class="panel timeline full" id="timeline" aria-label={words::TIMELINE}
            data-now={clock_ms(props.now_ms)}>
            <div class="panel-head">
                { pace_bar(props) }
            </div>
            { overview(props) }
            { diagram(props) }
            <div class="branches" role="group" aria-label={words::BRANCHES}>
                <button type="button" class="button" onclick={wish(Intent::Zoom(-1))}>{
                    words::CLOSER }</button>
                <button type="button" class="button" onclick={wish(Intent::Zoom(1))}>{ words::WIDER
                    }</button>
                <button type="button" class="button"
                    aria-pressed={props.window.fixed.is_none().to_string()}
                    onclick={wish(Intent::Zoom(0))}>{ words::FOLLOW_PACE }</button>
                if props.branches.len() > 1 {
                    <span>{ words::FUTURES }</span>
                    { for props.branches.iter().map(|branch| html! {
                        <button type="button" class="button"
                            data-branch={branch.number.to_string()}
                                aria-pressed={branch.shown.to_string()}
                            onclick={wish(Intent::Branch(branch.number))}>{ &branch.label }</button>
                    }) }
                } else {
                    <span>{ words::REWIND_HINT }</span>
                }
            </div>
        </section>
    }
}

/// The canvas; dragging on it moves the playhead.
fn diagram(props: &Props) -> Html {
    let axis = diagram_axis(props.window.from_ms, props.window.to_ms, props.width);
    let drag = pointer::dragged(&props.send, move |x| axis.ms(x.max(axis.left)));
    html! {
        <div class="canvas">
            <canvas id={paint::CANVAS} data-drag="" role="img" aria-label={words::DIAGRAM}
                onpointerdown={drag.clone()} onpointermove={drag}></canvas>
        </div>
    }
}
