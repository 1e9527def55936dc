//! How the panels lie on the page.

use super::app::App;
use super::browser::target;
use super::editor::{self, Editor};
use super::intent::{Intent, Sheet};
use super::parts::panel::panel;
use super::{header, inspector, keys, knobs, ledger, log, modes, sentence, sheet, stage, timeline};
use super::{verdicts, words};
use view::pace::Skip;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// From this pace on, in simulated time for watched time, a log moves on by more than it shows between two looks.
const HURRIED: f64 = 0.5;

fn hurried(app: &App) -> bool {
    app.player.pace.playing && app.player.pace.speed >= HURRIED
}

/// The whole page.
pub fn page(app: &App) -> Html {
    let (send, views, files) = (&app.send, &app.views, &app.sheets.files);
    html! {
        <div class="page" onkeydown={on_key(app)} onclick={give_back_focus()}>
            <a class="skip-link" href="#stage">{ words::SKIP_LINK }</a>
            { panel(header::Props {
                scenario: app.player.session.name().to_owned().into(),
                scenarios: app.scenarios.clone(),
                seed: app.player.session.lab().scenario().seed(),
                send: send.clone(),
            }, header::header) }
            <main>
                { sheet::problems(&app.problems, send) }
                <div class="promise">
                    { panel(sentence::Props { sentence: views.sentence.clone() },
                        sentence::sentence) }
                    { panel(modes::Props {
                        knobs: views.knobs.clone(),
                        draft: app.draft.clone(),
                        send: send.clone(),
                    }, modes::modes) }
                </div>
                { columns(app) }
                { timeline_of(app) }
                { below(app) }
            </main>
            <div class="hidden-text" role="status" aria-live="polite"
                id="voice">{ &app.voice.text }</div>
            if files.dragging { { editor::code::drop_target(send) } }
            if app.sheets.open == Some(Sheet::Editor) {
                <Editor running={app.player.session.text()} arrived={files.arrived.clone()}
                    kept={files.kept.clone()} protocols={app.protocols()} send={send.clone()} />
            } else if app.sheets.open.is_some() {
                { sheet::sheet(&app.sheets, send) }
            }
        </div>
    }
}

/// The stage, and the ledger beside it.
fn columns(app: &App) -> Html {
    let (send, views) = (&app.send, &app.views);
    html! {
        <div class="columns">
            { panel(stage_props(app), stage::stage) }
            { panel(ledger::Props {
                ledger: views.ledger.clone(),
                selected: app.stage.selected,
                hurried: hurried(app),
                send: send.clone(),
            }, ledger::ledger) }
        </div>
    }
}

/// What the stage shows.
pub fn stage_props(app: &App) -> stage::Props {
    stage::Props {
        stage: app.views.stage.clone(),
        plan: app.stage.plan.clone(),
        selected: app.stage.selected,
        menu: app.stage.menu().and(app.views.menu.clone()),
        rest: app.views.rest.clone(),
        hurried: hurried(app),
        send: app.send.clone(),
    }
}

/// What explains the rest: the selected thing, the promises, settings, the log.
fn below(app: &App) -> Html {
    let (send, views) = (&app.send, &app.views);
    html! {
        <div class="below">
            { panel(inspector::Props {
                inspector: views.inspector.clone(),
                send: send.clone(),
            }, inspector::inspector) }
            { panel(verdicts::Props {
                verdicts: views.verdicts.clone(),
                send: send.clone(),
            }, verdicts::verdicts) }
            <div class="stack">
                { panel(knobs::Props {
                    knobs: views.knobs.clone(),
                    send: send.clone(),
                }, knobs::knobs) }
                { panel(log::Props { lines: views.log.clone(), send: send.clone() },
                    log::log) }
            </div>
        </div>
    }
}

fn timeline_of(app: &App) -> Html {
    panel(timeline_props(app), timeline::timeline)
}

/// What the timeline shows.
pub fn timeline_props(app: &App) -> timeline::Props {
    let (now, speed, window) = app.timeline.shown;
    let pace = &app.player.pace;
    timeline::Props {
        overview: app.views.overview.clone(),
        diagram: app.views.timeline.clone(),
        painter: app.timeline.painter.clone(),
        window,
        width: app.timeline.width,
        now_ms: now.as_millis_f64(),
        playing: pace.playing,
        automatic: pace.automatic,
        speed,
        skips: pace.skips.clone(),
        skipped: pace.last_skip(now).map(Skip::label),
        branches: app.views.branches.clone(),
        send: app.send.clone(),
    }
}

/// Single keys, unless somebody types.
pub fn on_key(app: &App) -> Callback<KeyboardEvent> {
    let (send, listening, sheet) =
        (app.send.clone(), app.sheets.listening, app.sheets.open.is_some());
    Callback::from(move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Escape" {
            send.emit(Intent::Escape);
        }
        if !listening
            || sheet
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || wants_key(&event, &key)
        {
            return;
        }
        if let Some(intent) = keys::intent(&key).filter(|intent| *intent != Intent::Escape) {
            event.prevent_default();
            send.emit(intent);
        }
    })
}

/// After a click by a pointer the keys are the page's again: a button that kept the focus would be pressed by Space.
pub fn give_back_focus() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        let by_pointer = event.detail() > 0;
        let button = target::<web_sys::Element>(&event)
            .and_then(|target| target.closest("button").ok().flatten());
        let inside =
            |button: &web_sys::Element| button.closest("[role=dialog]").ok().flatten().is_some();
        if let Some(button) = button.filter(|button| by_pointer && !inside(button))
            && let Some(button) = button.dyn_ref::<web_sys::HtmlElement>()
        {
            let _ = button.blur();
        }
    })
}

/// Whether the focused thing needs the key itself. A slider has no use for Space.
fn wants_key(event: &KeyboardEvent, key: &str) -> bool {
    let slides =
        |target: &web_sys::Element| target.get_attribute("type").as_deref() == Some("range");
    target::<web_sys::Element>(event).is_some_and(|target| match target.tag_name().as_str() {
        "INPUT" if slides(&target) => key != " ",
        "INPUT" | "SELECT" | "TEXTAREA" => true,
        "BUTTON" | "SUMMARY" | "A" => key == " " || key == "Enter",
        _ => false,
    })
}
