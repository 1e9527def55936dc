//! The timeline: pace, the space-time diagram, the whole run, and the branches of what was done in
//! the past.

pub mod axis;
mod canvas;
pub mod ink;
pub mod overview;
pub mod pace_bar;
pub mod paint;
mod pointer;

use super::browser::UNMEASURED;
use super::intent::Intent;
use super::player::Wish;
use super::session::BranchView;
use super::shared::Shared;
use super::words;
use axis::Window;
use lab::SimTime;
use overview::overview;
use pace_bar::pace_bar;
use view::number::clock_ms;
use view::pace::Skip;
use view::picture::diagram::axis as diagram_axis;
use yew::prelude::*;

/// The timeline's own state.
pub struct State {
    /// Paints it.
    pub painter: paint::Painter,
    /// Width of the panel.
    pub width: f64,
    /// The one instant that panels, diagram and clock show, and the pace and the window with which they show it.
    pub shown: (SimTime, f64, Window),
}

impl Default for State {
    fn default() -> Self {
        let shown = (SimTime::ZERO, 1.0, Window::default());
        Self { painter: paint::Painter::default(), width: UNMEASURED, shown }
    }
}

impl State {
    /// Shows an instant. Tells whether anything about it is new.
    pub fn show(&mut self, now: SimTime, speed: f64, window: Window) -> bool {
        let shown = (now, speed, window);
        std::mem::replace(&mut self.shown, shown) != shown
    }
}

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
    let wish = |wish: Wish| send.reform(move |_: MouseEvent| Intent::Time(wish));
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
                <button type="button" class="button" onclick={wish(Wish::Zoom(-1))}>{
                    words::CLOSER }</button>
                <button type="button" class="button" onclick={wish(Wish::Zoom(1))}>{ words::WIDER
                    }</button>
                <button type="button" class="button"
                    aria-pressed={props.window.fixed.is_none().to_string()}
                    onclick={wish(Wish::Zoom(0))}>{ words::FOLLOW_PACE }</button>
                if props.branches.len() > 1 {
                    <span>{ words::FUTURES }</span>
                    { for props.branches.iter().map(|branch| html! {
                        <button type="button" class="button"
                            data-branch={branch.number.to_string()}
                                aria-pressed={branch.shown.to_string()}
                            onclick={wish(Wish::Branch(branch.number))}>{ &branch.label }</button>
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
