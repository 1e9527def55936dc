//! How the panels lie on the page.

use super::app::App;
use super::header::Header;
use super::inspector::Inspector;
use super::intent::Intent;
use super::knobs::Knobs;
use super::ledger::Ledger;
use super::log::Log;
use super::modes::Modes;
use super::sentence::Sentence;
use super::sheet::{Problems, SheetView};
use super::stage::Stage;
use super::timeline::TimelinePanel;
use super::verdicts::Verdicts;
use super::{keys, words};
use crate::view::NodeLook;
use crate::view::pace::Skip;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The whole page.
pub fn page(app: &App) -> Html {
    let send = &app.send;
    html! {
        <div class="page" onkeydown={on_key(app)}>
            <a class="skip-link" href="#stage">{ words::SKIP_LINK }</a>
            <Header scenario={app.session.scenario().to_owned()} scenarios={app.scenarios.clone()}
                seed={app.session.seed()} send={send.clone()} />
            <main>
                <Problems problems={app.problems.clone()} send={send.clone()} />
                <div class="promise">
                    <Sentence sentence={app.views.sentence.clone()} />
                    <Modes knobs={app.views.knobs.clone()} draft={app.draft.clone()}
                        send={send.clone()} />
                </div>
                <div class="columns">
                    <Stage stage={app.views.stage.clone()} plan={app.plan.clone()}
                        selected={app.selected} menu={menu(app)}
                        deed={deed(app)} send={send.clone()} />
                    <Ledger ledger={app.views.ledger.clone()} selected={app.selected}
                        send={send.clone()} />
                </div>
                { timeline(app) }
                <div class="below">
                    <Inspector inspector={app.views.inspector.clone()} send={send.clone()} />
                    <Verdicts verdicts={app.views.verdicts.clone()} send={send.clone()} />
                    <div class="stack">
                        <Knobs knobs={app.views.knobs.clone()} send={send.clone()} />
                        <Log lines={app.views.log.clone()} send={send.clone()} />
                    </div>
                </div>
            </main>
            <div class="hidden-text" role="status" aria-live="polite"
                id="voice">{ &app.voice.text }</div>
            if let Some(sheet) = app.sheet {
                <SheetView {sheet} link={super::browser::full_link(&app.session.link())} listening={app.listening}
                    send={send.clone()} />
            }
        </div>
    }
}

fn timeline(app: &App) -> Html {
    let now_ms = app.session.now_ms();
    let skipped = app.pace.last_skip(app.session.now()).map(Skip::label);
    html! {
        <TimelinePanel overview={app.views.overview.clone()} window={app.window}
            width={super::browser::width_of("timeline")}
            {now_ms} playing={app.pace.playing} automatic={app.pace.automatic}
                speed={app.pace.speed}
            skips={app.pace.skips.clone()} skipped={skipped}
            branches={app.views.branches.clone()} send={app.send.clone()} />
    }
}

fn menu(app: &App) -> Option<(super::layout::Place, super::shared::Shared<super::views::Offered>)> {
    let (_, spot) = app.menu?;
    Some((spot, app.views.menu.clone()?))
}

/// The words of the one large button, and whether it breaks something.
fn deed(app: &App) -> Option<(String, bool)> {
    let nodes = &app.views.stage.nodes;
    if nodes.iter().any(|node| node.look == NodeLook::Leader) {
        return Some((words::POWER_OFF_LEADER.to_owned(), true));
    }
    app.deed_action()?;
    let down = nodes.iter().find(|node| super::session::revival(node).is_some())?;
    let text = if down.look == NodeLook::Paused {
        words::go_on(&down.name)
    } else {
        words::restart(&down.name)
    };
    Some((text, false))
}

/// Single keys, unless somebody types.
fn on_key(app: &App) -> Callback<KeyboardEvent> {
    let (send, listening, sheet) = (app.send.clone(), app.listening, app.sheet.is_some());
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

/// Whether the focused thing needs the key itself.
fn wants_key(event: &KeyboardEvent, key: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| match target.tag_name().as_str() {
        "INPUT" | "SELECT" | "TEXTAREA" => true,
        "BUTTON" | "SUMMARY" | "A" => key == " " || key == "Enter",
        _ => false,
    })
}
