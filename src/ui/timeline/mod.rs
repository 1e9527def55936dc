//! The timeline: pace, the space-time diagram, the whole run, and the branches of what was done in
//! the past.

pub mod axis;
pub mod draw;
pub mod ink;
pub mod overview;
pub mod pace_bar;
pub mod paint;

use super::intent::Intent;
use super::session::BranchView;
use super::shared::Shared;
use super::words;
use crate::view;
use crate::view::number::clock_ms;
use crate::view::pace::Skip;
use axis::Window;
use overview::Overview;
use pace_bar::PaceBar;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The run.
    pub overview: Shared<view::Overview>,
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
#[component]
pub fn TimelinePanel(props: &Props) -> Html {
    let send = &props.send;
    let wish = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    html! {
        <section class="panel timeline full" id="timeline" aria-label={words::TIMELINE}
            data-now={clock_ms(props.now_ms)}>
            <div class="panel-head">
                <PaceBar playing={props.playing} automatic={props.automatic} speed={props.speed}
                    skipped={props.skipped.clone()} clock={clock_ms(props.now_ms)}
                        send={send.clone()} />
            </div>
            <Diagram window={props.window} width={props.width} send={send.clone()} />
            <Overview overview={props.overview.clone()} skips={props.skips.clone()}
                now_ms={props.now_ms}
                width={props.width} send={send.clone()} />
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

/// What the diagram needs for the pointer.
#[derive(Properties, PartialEq)]
struct DiagramProps {
    window: Window,
    width: f64,
    send: Callback<Intent>,
}

/// The canvas; dragging on it moves the playhead.
#[component]
fn Diagram(props: &DiagramProps) -> Html {
    // While a finger holds it, the window of that moment counts: the picture lies still below it.
    let held = use_mut_ref(|| None::<axis::Axis>);
    let seek = {
        let (send, held) = (props.send.clone(), held.clone());
        move |event: &PointerEvent| {
            let canvas =
                event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
            if let (Some(canvas), Some(axis)) = (canvas, *held.borrow()) {
                let x = f64::from(event.client_x()) - canvas.get_bounding_client_rect().left();
                send.emit(Intent::Seek(axis.ms(x.max(axis.left))));
            }
        }
    };
    let down = {
        let (held, seek, axis) =
            (held.clone(), seek.clone(), draw::axis(props.window, props.width));
        Callback::from(move |event: PointerEvent| {
            *held.borrow_mut() = Some(axis);
            if let Some(canvas) =
                event.current_target().and_then(|target| target.dyn_into::<Element>().ok())
            {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            seek(&event);
        })
    };
    let moved = Callback::from(move |event: PointerEvent| seek(&event));
    let up = Callback::from(move |_: PointerEvent| *held.borrow_mut() = None);
    html! {
        <div class="canvas">
            <canvas id={paint::CANVAS} role="img" aria-label={words::DIAGRAM} onpointerdown={down}
                onpointermove={moved} onpointerup={up.clone()} onpointercancel={up}></canvas>
        </div>
    }
}
